"""How far participants have come: each step with its day, who must consent again, the flow of those allocated here."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

import trialdesk.enrollment.actions as acts
from tests.support.acts import ON, a_colleague
from tests.support.desks import PASSWORD
from tests.support.statements import counted
from tests.support.trial import CONSENTED_ON, Trial, a_version, brought_in
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.enrollment.progress import consent_rows, due_consents, progress
from trialdesk.enrollment.queries import consort, participant, participants
from trialdesk.studies.actions import add_planned_visit

DAY = timedelta(days=1)


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


@pytest.fixture
def quick(sqlite_desk: Application) -> Trial:
    return Trial(sqlite_desk)


def ways(trial: Trial, **fields):
    rows = trial.desk.read(progress, study=trial.study, on=trial.desk.today, **fields)
    return {row.number: row for row in rows}


def test_a_way_has_its_days_and_an_earlier_day_knows_less(trial: Trial):
    trial.list("A", "P")
    first, second = trial.ready("001"), trial.ready("002")
    failed = trial.person("003")
    trial.desk.run(
        acts.fail_screening, study=trial.study, participant=failed, occurred_on="2026-03-03", failed_criteria="e1"
    )
    trial.allocate(first)
    trial.desk.clock.at += DAY  # type: ignore[attr-defined]
    trial.allocate(second)
    trial.desk.run(acts.complete, study=trial.study, participant=first, occurred_on="2026-03-05")
    rows = ways(trial)
    one = rows["001"]
    assert (one.consented_on, one.consent_label, one.eligible_on) == ("2026-03-02", "1", date(2026, 3, 3))
    assert (one.allocated_on, one.slot, one.eligibility_signed) == ("2026-03-04", "S001", True)
    assert (one.state, one.since, one.reason) == ("completed", "2026-03-05", None)
    assert (rows["002"].state, rows["002"].since) == ("in study", "2026-03-05")
    assert (rows["003"].state, rows["003"].reason) == ("screen failure", "SCREEN FAILURE")
    before = ways(trial, as_of=ON)
    assert {number: row.state for number, row in before.items()} == {
        "001": "in study",
        "002": "screening",
        "003": "screen failure",
    }
    assert before["002"].slot is None
    flow = trial.desk.read(consort, study=trial.study, on=trial.desk.today)
    assert (flow.randomised, [(arm.arm, arm.allocated) for arm in flow.arms]) == (2, [("Active", 1), ("Placebo", 1)])
    earlier = trial.desk.read(consort, study=trial.study, on=trial.desk.today, as_of=ON)
    assert [(arm.arm, arm.allocated) for arm in earlier.arms] == [("Active", 1), ("Placebo", 0)]


def test_received_is_the_first_exposure(quick: Trial):
    quick.list("A")
    who = quick.ready()
    quick.allocate(who)
    flow = quick.desk.read(consort, study=quick.study, on=ON)
    assert [arm.received for arm in flow.arms] == [0, 0]
    quick.desk.run(
        acts.record_exposure, study=quick.study, participant=who, started_on="2026-03-04", treatment="Active"
    )
    flow = quick.desk.read(consort, study=quick.study, on=ON)
    assert [arm.received for arm in flow.arms] == [1, 0]


def test_a_blinded_arm_is_opened_for_the_unblinded_alone(desk: Application):
    trial = Trial(desk, blinding="double")
    a_colleague(desk, trial.study, "pharmacist")
    who = trial.ready()
    desk.sign_in("bo", "another horse")
    trial.list("P", "A")
    desk.sign_in("ada", PASSWORD)
    desk.run(acts.allocate_blinded, study=trial.study, participant=who)
    (row,) = desk.read(participants, study=trial.study, on=ON)
    assert (row.state, row.arm) == ("in study", None)
    assert [arm.arm for arm in desk.read(consort, study=trial.study, on=ON).arms] == ["all"]
    desk.sign_in("bo", "another horse")
    (row,) = desk.read(participants, study=trial.study, on=ON)
    assert row.arm == "Placebo"


def test_who_must_consent_again(trial: Trial):
    desk, study = trial.desk, trial.study
    trial.list("A", "P")
    first, second, third = trial.ready("001"), trial.ready("002"), trial.ready("003")
    desk.run(acts.withdraw, study=study, participant=third, occurred_on="2026-03-04", why="WITHDRAWAL BY SUBJECT")
    again = a_version(desk, study, trial.decision, "2", effective_on=ON, mandatory_on=ON + 5 * DAY)
    due = desk.read(due_consents, study=study, on=ON)
    assert [(row.identifier, row.signed, row.needed, row.by, row.overdue) for row in due] == [
        ("01-001", "1", "2", ON + 5 * DAY, False),
        ("01-002", "1", "2", ON + 5 * DAY, False),
    ]
    trial.consented(first, version=again, on=ON)
    desk.clock.at += 6 * DAY  # type: ignore[attr-defined]
    (row,) = desk.read(due_consents, study=study, on=desk.today)
    assert (row.participant, row.overdue) == (second, True)


def test_a_consent_log_says_whether_consent_came_first(quick: Trial):
    who = quick.person()
    quick.consented(who, consented_at="09:30", copy_given=True)
    quick.consented(who, on=ON)
    quick.visit(who, "2026-03-03")
    old = brought_in(quick.desk, quick.study, quick.site)
    quick.visit(old, "2026-02-02")
    quick.consented(old)
    rows = quick.desk.read(consent_rows, study=quick.study, on=ON)
    assert [(row.identifier, row.again, row.before_procedures) for row in rows] == [
        ("01-001", False, True),
        ("01-001", True, None),
        ("I-1", False, False),
    ]
    assert [
        row.consented_on for row in quick.desk.read(consent_rows, study=quick.study, on=ON, as_of=CONSENTED_ON)
    ] == [
        CONSENTED_ON,
        CONSENTED_ON,
    ]


def test_visits_are_planned_from_allocation_once_there_is_one(quick: Trial):
    quick.list("A")
    for number, (anchor, days) in enumerate((("allocation", 7), ("day1", 8), ("consent", 3))):
        quick.desk.run(
            add_planned_visit,
            study=quick.study,
            number=Decimal(number),
            name=anchor,
            anchor=anchor,
            planned_day=days,
            window_before=1,
            window_after=1,
        )
    who = quick.ready()
    quick.allocate(who)
    rows = quick.desk.read(participant, study=quick.study, participant=who, on=ON).visits
    assert {row.name: row.planned_on for row in rows} == {
        "allocation": ON + 7 * DAY,
        "day1": ON + 7 * DAY,
        "consent": CONSENTED_ON + 3 * DAY,
    }


def test_how_participation_ends(quick: Trial):
    desk, study = quick.desk, quick.study
    quick.list("A")
    who = quick.ready()
    about = {"study": study, "participant": who}
    with pytest.raises(UserError, match="never allocated"):
        desk.run(acts.complete, occurred_on="2026-03-04", **about)
    quick.allocate(who)
    with pytest.raises(UserError, match="still to come"):
        desk.run(acts.withdraw, occurred_on="2026-03-05", why="OTHER", **about)
    with pytest.raises(UserError, match="none of the reasons"):
        desk.run(acts.withdraw, occurred_on="2026-03-04", why="TIRED", **about)
    ended = desk.run(acts.withdraw, occurred_on="2026-03-04", why="LOST TO FOLLOW-UP", **about).result
    with pytest.raises(UserError, match="recorded already"):
        desk.run(acts.complete, occurred_on="2026-03-04", **about)
    desk.run(acts.record_death, occurred_on="2026-03-04", **about)
    with pytest.raises(UserError, match="recorded already"):
        desk.run(acts.record_death, occurred_on="2026-03-04", **about)
    detail = desk.read(participant, study=study, participant=who, on=ON)
    assert (detail.died, detail.died_on, detail.row.state) == (True, "2026-03-04", "discontinued")
    change = {"study": study, "disposition": ended, "version": 1}
    with pytest.raises(UserError, match="reason"):
        desk.run(acts.correct_disposition, occurred_on="2026-03-03", **change)
    desk.run(acts.correct_disposition, occurred_on="2026-03-03", reason="misread", **change)
    desk.run(acts.void_disposition, study=study, disposition=ended, version=2, reason="came back")
    other = quick.person("002")
    with pytest.raises(UserError, match="Why did screening fail"):
        desk.run(acts.fail_screening, study=study, participant=other, occurred_on="2026-03-04")
    with pytest.raises(UserError, match="no criterion X1"):
        desk.run(
            acts.fail_screening, study=study, participant=other, occurred_on="2026-03-04", failed_criteria="E1, X1"
        )


@pytest.mark.parametrize("query", [progress, consent_rows, due_consents])
def test_twelve_cost_no_more_statements_than_two(quick: Trial, query):
    counts = []
    for people in (range(2), range(2, 12)):
        for number in people:
            quick.ready(f"{number:03}")
        with counted(quick.desk) as said:
            quick.desk.read(query, study=quick.study, on=ON)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 40

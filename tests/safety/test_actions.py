"""Adverse events, deviations, data queries and signatures under visits, as they are recorded."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

import trialdesk.enrollment.actions as enrollment
import trialdesk.safety.actions as acts
from tests.support.acts import ON, a_colleague
from tests.support.desks import OWNER, PASSWORD
from tests.support.trial import Trial
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.people.signing import signatures
from trialdesk.safety.logs import data_queries, deviations, serious_events, signed_visits
from trialdesk.safety.queries import adverse_events
from trialdesk.safety.records import AdverseEvent
from trialdesk.studies.actions import add_planned_visit

HOUR = timedelta(hours=1)


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


@pytest.fixture
def quick(sqlite_desk: Application) -> Trial:
    return Trial(sqlite_desk)


def an_event(trial: Trial, who: str, **fields):
    fields.setdefault("term", "Pneumonia")
    return trial.desk.run(acts.record_adverse_event, study=trial.study, participant=who, **fields).result


def serious(trial: Trial):
    now = trial.desk.clock.now()
    return trial.desk.read(serious_events, study=trial.study, on=trial.desk.today, now=now)


def found(trial: Trial):
    return trial.desk.read(deviations, study=trial.study, on=trial.desk.today)


# Adverse events


def test_a_serious_event_has_a_number_and_a_clock(trial: Trial):
    desk = trial.desk
    who = trial.person()
    with pytest.raises(UserError, match="become aware"):
        an_event(trial, who, hospitalised=True)
    an_event(trial, who, grade=1)
    aware = desk.clock.now()
    event = an_event(trial, who, grade=3, hospitalised=True, aware_at=aware, started_on="2026-03-03", related="yes")
    (row,) = serious(trial)
    assert (row.number, row.criteria, row.signed_by) == ("01-AE-002", ("hospitalised",), None)
    assert row.clock is not None
    assert row.clock.state == "running"
    desk.clock.at += 13 * HOUR  # type: ignore[attr-defined]
    assert serious(trial)[0].clock.state == "half"
    with pytest.raises(UserError, match="before the site knew"):
        desk.run(acts.report_adverse_event, study=trial.study, adverse_event=event, reported_at=aware - HOUR)
    with pytest.raises(UserError, match="still to come"):
        desk.run(acts.report_adverse_event, study=trial.study, adverse_event=event, reported_at=aware + 20 * HOUR)
    desk.run(acts.report_adverse_event, study=trial.study, adverse_event=event, reported_to="Sponsor")
    desk.clock.at += 50 * HOUR  # type: ignore[attr-defined]
    (row,) = serious(trial)
    assert (row.clock.state, row.clock.hours) == ("done", 14)
    with pytest.raises(UserError, match="reported already"):
        desk.run(acts.report_adverse_event, study=trial.study, adverse_event=event)
    desk.run(acts.sign_adverse_event, study=trial.study, adverse_event=event, signed_with=PASSWORD)
    with pytest.raises(UserError, match="signed already"):
        desk.run(acts.sign_adverse_event, study=trial.study, adverse_event=event, signed_with=PASSWORD)
    assert serious(trial)[0].signed_by == "Ada Lind"
    desk.run(
        acts.correct_adverse_event, study=trial.study, adverse_event=event, version=2, grade=4, reason="reassessed"
    )
    assert serious(trial)[0].signed_by is None
    (signed,) = desk.read(signatures, record=AdverseEvent, study=trial.study)[event]
    assert not signed.stands


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"grade": 6}, "from 1 to 5"),
        ({"grade": 0}, "from 1 to 5"),
        ({"grade": 5}, "Grade 5 is death"),
        ({"grade": 4, "fatal": True}, "Grade 5 is death"),
        ({"started_on": "2026-03-05"}, "still to come"),
        ({"started_on": "2026-03-03", "ended_on": "2026-03-02"}, "before it began"),
        ({"aware_zone": "Middle/Earth"}, "no time zone"),
    ],
)
def test_an_event_that_cannot_be_is_refused(quick: Trial, fields, words):
    with pytest.raises(UserError, match=words):
        an_event(quick, quick.person(), **fields)


def test_awareness_is_neither_before_the_event_nor_to_come(quick: Trial):
    now = quick.desk.clock.now()
    who = quick.person()
    with pytest.raises(UserError, match="still to come"):
        an_event(quick, who, fatal=True, grade=5, aware_at=now + HOUR)
    with pytest.raises(UserError, match="before it began"):
        an_event(quick, who, hospitalised=True, started_on="2026-03-04", aware_at=now - 20 * HOUR)
    # By the site's wall clock the event began the day before.
    early = now.replace(hour=0)
    an_event(quick, who, hospitalised=True, started_on="2026-03-04", aware_at=early, aware_zone="Asia/Shanghai")
    with pytest.raises(UserError, match="before it began"):
        an_event(quick, who, hospitalised=True, started_on="2026-03-04", aware_at=early, aware_zone="America/New_York")


def test_seriousness_follows_from_the_criteria(quick: Trial):
    who, desk = quick.person(), quick.desk
    with pytest.raises(TypeError):
        an_event(quick, who, serious=True)
    event = an_event(quick, who)
    (row,) = desk.read(adverse_events, study=quick.study)
    assert row.serious is False
    change = {"study": quick.study, "adverse_event": event, "version": 1, "reason": "admitted at night"}
    with pytest.raises(UserError, match="become aware"):
        desk.run(acts.correct_adverse_event, hospitalised=True, **change)
    desk.run(acts.correct_adverse_event, hospitalised=True, aware_at=desk.clock.now(), **change)
    (row,) = desk.read(adverse_events, study=quick.study)
    assert row.serious is True
    desk.run(acts.void_adverse_event, study=quick.study, adverse_event=event, version=2, reason="twice")
    assert an_event(quick, who)
    assert desk.read(serious_events, study=quick.study, on=ON, now=desk.clock.now()) == ()


def test_only_the_pi_signs_an_event(quick: Trial):
    who = quick.person()
    event = an_event(quick, who)
    a_colleague(quick.desk, quick.study, "sub_investigator")
    quick.desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed):
        quick.desk.run(acts.sign_adverse_event, study=quick.study, adverse_event=event, signed_with="another horse")


# Deviations


@pytest.fixture
def windowed(trial: Trial) -> Trial:
    trial.plan = trial.desk.run(  # type: ignore[attr-defined]
        add_planned_visit,
        study=trial.study,
        number=Decimal(1),
        name="Week 1",
        planned_day=8,
        window_before=1,
        window_after=2,
    ).result
    return trial


def test_a_visit_out_of_its_window_proposes_a_deviation(windowed: Trial):
    trial = windowed
    desk, plan = trial.desk, trial.plan  # type: ignore[attr-defined]
    who = trial.person(reference_start="2026-02-20")
    trial.consented(who, on=ON - timedelta(days=10))
    visit = trial.visit(who, "2026-03-02", planned_visit=plan, name=None)
    (row,) = found(trial)
    assert (row.number, row.category, row.proposed, row.visit) == ("01-DEV-001", "visit_window", True, visit)
    assert "after its window: planned for 27 Feb 2026" in row.description
    change = {"study": trial.study, "visit": visit, "reason": "misread"}
    desk.run(enrollment.correct_visit, version=1, started_on="2026-03-01", **change)
    assert found(trial) == ()
    desk.run(enrollment.correct_visit, version=2, started_on="2026-02-25", **change)
    (row,) = found(trial)
    assert (row.number, row.occurred_on.isoformat()) == ("01-DEV-002", "2026-02-25")
    desk.run(enrollment.correct_visit, version=3, started_on="2026-02-24", **change)
    assert [(each.number, each.occurred_on.isoformat()) for each in found(trial)] == [("01-DEV-002", "2026-02-24")]
    desk.run(enrollment.void_visit, version=4, **change)
    assert found(trial) == ()


def test_a_visit_taken_back_takes_its_proposal_along(windowed: Trial):
    trial = windowed
    desk, plan = trial.desk, trial.plan  # type: ignore[attr-defined]
    who = trial.person(reference_start="2026-02-20")
    trial.consented(who, on=ON - timedelta(days=10))
    about = {"study": trial.study, "participant": who, "planned_visit": plan, "started_on": "2026-03-02"}
    done = desk.run(enrollment.record_visit, **about)
    assert len(found(trial)) == 1
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert found(trial) == ()


def test_a_deviation_is_assessed_with_a_signature(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person()
    with pytest.raises(UserError, match="still to come"):
        desk.run(
            acts.record_deviation, study=study, category="consent", occurred_on=ON + timedelta(days=1), description="x"
        )
    with pytest.raises(UserError, match="before it occurred"):
        desk.run(
            acts.record_deviation,
            study=study,
            category="consent",
            occurred_on=ON,
            found_on=ON - timedelta(days=1),
            description="x",
        )
    made = desk.run(
        acts.record_deviation,
        study=study,
        participant=who,
        category="consent",
        occurred_on=ON,
        description="Old version used",
    ).result
    whole = desk.run(acts.record_deviation, study=study, category="privacy", occurred_on=ON, description="List").result
    assert whole
    assert [row.number for row in found(trial)] == ["01-DEV-001", "DEV-001"]
    assess = {"study": study, "deviation": made}
    with pytest.raises(NotAllowed, match="password"):
        desk.run(acts.assess_deviation, important=False, **assess)
    with pytest.raises(UserError, match="touch"):
        desk.run(acts.assess_deviation, important=True, signed_with=PASSWORD, **assess)
    desk.run(acts.assess_deviation, important=True, impact="Rights", signed_with=PASSWORD, **assess)
    row = found(trial)[0]
    assert (row.important, row.assessed_on, row.signed_by) == (True, ON, "Ada Lind")
    desk.run(acts.report_deviation, study=study, deviation=made)
    assert found(trial)[0].reported_on == ON


# Data


def test_a_query_goes_round(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person()
    a_colleague(desk, study, "monitor")
    desk.sign_in("bo", "another horse")
    query = desk.run(acts.raise_query, study=study, participant=who, text="Which unit?").result
    about = {"study": study, "query": query}
    with pytest.raises(UserError, match="not answered"):
        desk.run(acts.close_query, **about)
    with pytest.raises(NotAllowed):
        desk.run(acts.answer_query, answer="mg", **about)
    desk.sign_in("ada", PASSWORD)
    desk.run(acts.answer_query, answer="mg", **about)
    with pytest.raises(NotAllowed):
        desk.run(acts.close_query, **about)
    desk.sign_in("bo", "another horse")
    desk.run(acts.close_query, **about)
    with pytest.raises(UserError, match="closed"):
        desk.run(acts.close_query, **about)
    with pytest.raises(UserError, match="reason"):
        desk.run(acts.reopen_query, **about)
    assert [row.state for row in desk.read(data_queries, study=study, on=ON)] == ["closed"]
    desk.run(acts.reopen_query, reason="It is mL", **about)
    assert [row.state for row in desk.read(data_queries, study=study, on=ON)] == ["open"]


def test_a_case_report_form_is_signed_as_it_stands(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person()
    trial.consented(who)
    visit, missed = trial.visit(who, "2026-03-03"), trial.visit(who, None, happened=False)
    query = desk.run(acts.raise_query, study=study, participant=who, visit=visit, text="Which unit?").result
    sign = {"study": study, "signed_with": PASSWORD}
    with pytest.raises(UserError, match="did not happen"):
        desk.run(acts.sign_crf, visit=missed, **sign)
    with pytest.raises(UserError, match="query about this visit is open"):
        desk.run(acts.sign_crf, visit=visit, **sign)
    desk.run(acts.void_query, study=study, query=query, version=1, reason="asked by mistake")
    desk.run(acts.sign_crf, visit=visit, **sign)
    with pytest.raises(UserError, match="signed already"):
        desk.run(acts.sign_crf, visit=visit, **sign)
    assert desk.read(signed_visits, study=study) == {visit}
    desk.run(
        enrollment.correct_visit, study=study, visit=visit, version=1, unscheduled_reason="Fever", reason="forgotten"
    )
    assert desk.read(signed_visits, study=study) == frozenset()
    desk.run(acts.sign_crf, visit=visit, **sign)
    assert desk.verify().proven


@pytest.mark.parametrize(
    "change",
    [{"related": "no"}, {"expected": True}, {"life_threatening": False}, {"related": "no", "term": "Chill"}],
    ids=str,
)
def test_only_an_investigator_stops_a_clock_of_reporting(trial: Trial, change):
    desk = trial.desk
    given = {"life_threatening": True, "hospitalised": True, "related": "yes", "expected": False}
    event = an_event(trial, trial.person(), aware_at=desk.clock.now(), **given)
    a_colleague(desk, trial.study, "coordinator")
    named = {"study": trial.study, "adverse_event": event, "version": 1}
    desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed, match="would stop a clock"):
        desk.run(acts.correct_adverse_event, reason="not related", **named, **change)
    with pytest.raises(NotAllowed, match="would stop a clock"):
        desk.run(acts.void_adverse_event, reason="entered twice", **named)
    desk.run(acts.correct_adverse_event, reason="typed", **named, term="Anaphylaxis", grade=4)
    desk.sign_in(OWNER, PASSWORD)
    desk.run(acts.correct_adverse_event, reason="judged", **{**named, "version": 2}, **change)


def test_a_coordinator_corrects_what_sets_off_no_clock(trial: Trial):
    event = an_event(trial, trial.person(), related="yes", expected=False)
    a_colleague(trial.desk, trial.study, "coordinator")
    trial.desk.sign_in("bo", "another horse")
    named = {"study": trial.study, "adverse_event": event}
    trial.desk.run(acts.correct_adverse_event, reason="typed", **named, version=1, related="no")
    trial.desk.run(acts.void_adverse_event, reason="entered twice", **named, version=2)

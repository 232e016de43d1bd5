"""The story proves itself: lived through the actions alone, with all sums closing and every role able to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import Id, seeded_ids
from trialdesk.commandline.demonstration import PASSWORD, USER, story, team
from trialdesk.commandline.demonstration.cohort import NOW, cohort
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.contracts.queries import contracts, terms_versions
from trialdesk.enrollment.queries import consort
from trialdesk.ethics.queries import approval_in_force
from trialdesk.overview.clocks import today
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import disputes, invoices
from trialdesk.payments.sharing.queries import balances, distributions, shares
from trialdesk.payments.terms import reads_terms
from trialdesk.people.credentials import Cost
from trialdesk.safety.logs import deviations, serious_events
from trialdesk.studies.queries import studies

ON, AT = NOW.date(), NOW.replace(tzinfo=UTC) - timedelta(minutes=OFFSET)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, Id]]:
    """Live the story once."""
    folder = tmp_path_factory.mktemp("story")
    clock = SetClock(datetime(2025, 5, 12, tzinfo=UTC), step=timedelta(seconds=1), offset=OFFSET)
    desk = Application(
        str(folder / "story.desk"),
        clock=clock,
        new_id=seeded_ids(clock, 1),
        cost=Cost(1, 8, 1),
        marks=Path(folder / "marks"),
        entropy=Random(1).randbytes,
    )
    desk.make(name=team.PI_NAME, username=USER, password=PASSWORD)
    told = story.live(desk, clock, password=PASSWORD, progress=lambda _done, _total: None)
    desk.sign_in(USER, PASSWORD)
    yield desk, told.study
    desk.close()


def test_the_desk_is_proven_and_nothing_was_brought_in(lived: tuple[Application, Id]):
    desk, _study = lived
    assert desk.verify().proven
    (row,) = desk.read(studies)
    assert (row.short_name, row.blinding) == ("VELA", "open")
    assert desk.today == ON


def test_the_flow_adds_up(lived: tuple[Application, Id]):
    desk, study = lived
    flow = desk.read(consort, study=study, on=ON)
    people = cohort()
    assert flow.assessed == len(people) == 60
    assert flow.assessed == flow.excluded.total + flow.randomised
    assert flow.randomised == sum(arm.allocated for arm in flow.arms)
    assert all(arm.received == arm.allocated for arm in flow.arms)
    assert all(arm.completed + arm.discontinued.total <= arm.allocated for arm in flow.arms)
    assert min(arm.allocated - arm.completed - arm.discontinued.total for arm in flow.arms) > 0, "some are followed"
    assert {each.arm for each in people if each.allocated_on} == {"A", "B"}


def test_what_is_owed_closes_and_tells_all_its_states(lived: tuple[Application, Id]):
    desk, study = lived
    sums = desk.read(statement, study=study, as_of=ON, known_at=AT).assessment.totals
    assert sums.accrued == sums.earned + sums.pending
    assert sums.earned == sums.gated + sums.held + sums.payable
    assert min(sums.earned, sums.pending, sums.held, sums.payable) > 0
    issued = desk.read(invoices, study=study)
    assert {each.kind for each in issued} == {"invoice", "credit_note"}
    paid = [each for each in issued if each.kind == "invoice" and each.open == 0]
    overdue = [each for each in issued if each.open > 0 and each.due_on and each.due_on < ON]
    assert paid
    assert overdue
    assert {bool(each.resolved_on) for each in desk.read(disputes, study=study)} == {True, False}


def test_two_receipts_are_shared_out_and_one_follows_its_credit_note(lived: tuple[Application, Id]):
    desk, study = lived
    runs = desk.read(distributions, study=study)
    assert [(each.kind, each.posted_on is not None) for each in runs] == [
        ("share_out", True),
        ("share_out", True),
        ("credit", True),
    ]
    assert runs[2].amount < 0
    given = desk.read(shares, study=study)
    for run in runs:
        assert sum(each.amount for each in given if each.distribution == run.id) == run.amount
        assert run.prepared_by != run.posted_by
    assert {(each.suspended_for, each.waits) for each in given if each.suspended_for} == {("coi_valid", False)}
    assert min(each.due for each in desk.read(balances, study=study)) >= 0


def test_no_bright_line_is_crossed(lived: tuple[Application, Id]):
    desk, study = lived
    (contract,) = desk.read(contracts, study=study)
    for version in desk.read(terms_versions, contract=contract.id):
        found = reads_terms(version.text, file="terms")
        assert (found.unreadable, found.errors, found.warnings) == ((), (), ())
        assert version.drafted_by != version.activated_by


def test_the_approval_never_lapsed(lived: tuple[Application, Id]):
    desk, study = lived
    day = min(each.screened_on for each in cohort())
    while day <= ON:
        assert desk.read(approval_in_force, study=study, on=day) is not None, day
        day += timedelta(days=1)


def test_there_is_something_to_do_late_and_soon(lived: tuple[Application, Id]):
    desk, study = lived
    waiting = desk.read(today, on=ON, study=study, at=AT)
    late = {each.group for each in waiting if each.state == "late"}
    soon = {each.group for each in waiting if each.state != "late"}
    assert {"money", "visits"} <= late
    assert {"ethics", "safety", "team", "contracts"} <= soon
    assert len(waiting) < 60, "a day one can look through"
    found = desk.read(serious_events, study=study, on=ON, now=AT)
    assert len(found) == 4
    assert {each.clock.hours > 24 for each in found if each.clock} == {True, False}
    assert {each.assessed_on is None for each in desk.read(deviations, study=study, on=ON)} == {True, False}


@pytest.mark.parametrize("member", team.MEMBERS, ids=lambda member: member.user)
def test_everybody_can_sign_in(lived: tuple[Application, Id], member: team.Member):
    desk, _study = lived
    desk.sign_in(member.user, PASSWORD)
    assert desk.read(studies)
    desk.sign_in(USER, PASSWORD)

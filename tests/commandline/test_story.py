"""The story proves itself: lived through the actions alone, with all sums closing and every role able to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa

from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.commandline.demonstration import DESK, PASSWORD, USER, team
from trialdesk.commandline.demonstration.cohort import NOT_ELIGIBLE, NOW, cohort
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.contracts.queries import contracts, terms_versions
from trialdesk.enrollment.queries import consort, participants
from trialdesk.enrollment.records import Eligibility, Visit
from trialdesk.ethics.queries import approval_in_force
from trialdesk.overview.clocks import today
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import disputes, invoices
from trialdesk.payments.terms import reads_terms
from trialdesk.persistence.reading import Read
from trialdesk.safety.logs import deviations, serious_events
from trialdesk.studies.queries import studies

ON, AT = NOW.date(), NOW.replace(tzinfo=UTC) - timedelta(minutes=OFFSET)


@pytest.fixture(scope="module")
def lived(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, Id]]:
    """Open the desk on which the story was lived, long after it stopped."""
    folder = copytree(built_demonstration, tmp_path_factory.mktemp("story") / "here")
    desk = Application(str(folder / DESK), marks=folder / "marks").open()
    desk.sign_in(USER, PASSWORD)
    (row,) = desk.read(studies)
    yield desk, row.id
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
    failed = {each.id for each in desk.read(participants, study=study, on=ON) if each.state == "screen failure"}
    theirs = {record for record, who in desk.read(_whose) if who in failed}
    assert len(failed) == len(NOT_ELIGIBLE)
    assert theirs.isdisjoint(each.focus for each in waiting), "nothing waits of who failed screening"
    found = desk.read(serious_events, study=study, on=ON, now=AT)
    assert len(found) == 4
    assert {each.clock.hours > 24 for each in found if each.clock} == {True, False}
    assert {each.assessed_on is None for each in desk.read(deviations, study=study, on=ON)} == {True, False}


def _whose(read: Read) -> list[tuple[Id, Id]]:
    """Return the assessments and visits with their participants."""
    kinds = (Eligibility.TABLE.c, Visit.TABLE.c)
    return [(row.id, row.participant) for own in kinds for row in read.rows(sa.select(own.id, own.participant))]


@pytest.mark.parametrize("member", team.MEMBERS, ids=lambda member: member.user)
def test_everybody_can_sign_in(lived: tuple[Application, Id], member: team.Member):
    desk, _study = lived
    desk.sign_in(member.user, PASSWORD)
    assert desk.read(studies)
    desk.sign_in(USER, PASSWORD)

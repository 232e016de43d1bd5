"""The story proves itself: lived through the actions alone, with all sums closing and every role able to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa

from trialdesk.application import Application
from trialdesk.application.acts import ACTIONS
from trialdesk.application.stages import BEGIN, DEMONSTRATE
from trialdesk.base.ids import Id
from trialdesk.commandline.demonstration import DESK, PASSWORD, USER, team
from trialdesk.commandline.demonstration.cohort import NOT_ELIGIBLE, NOW, cohort
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.contracts.queries import contracts, terms_versions
from trialdesk.enrollment.queries import consort, dispositions, participants
from trialdesk.enrollment.records import Consent, Eligibility, Visit
from trialdesk.ethics.queries import approval_in_force, consent_versions, decisions, questions, submissions
from trialdesk.overview.clocks import today
from trialdesk.payments.books import reconciled
from trialdesk.payments.gates import gates
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import certificates, disputes, invoices
from trialdesk.payments.sharing.queries import balances, distributions, shares
from trialdesk.payments.terms import reads_terms
from trialdesk.payments.waterfall import steps
from trialdesk.persistence.reading import Read
from trialdesk.safety.logs import data_queries, deviations, serious_events
from trialdesk.studies.queries import protocol_versions, studies
from trialdesk.trail.history import change_sets

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
    assert flow.assessed == flow.excluded.total + flow.screening + flow.randomised
    assert flow.screening > 0
    assert set(flow.criteria) <= set(NOT_ELIGIBLE.values())
    assert flow.excluded.reasons == {"NOT ELIGIBLE": flow.excluded.total}
    assert sum(flow.criteria.values()) >= flow.excluded.total, "one participant may miss several"
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


def test_two_receipts_are_shared_out_and_each_follows_its_credit_note(lived: tuple[Application, Id]):
    desk, study = lived
    runs = desk.read(distributions, study=study)
    assert [(each.kind, each.posted_on is not None) for each in runs] == [
        ("share_out", True),
        ("share_out", True),
        ("credit", True),
        ("credit", True),
    ]
    assert max(runs[2].amount, runs[3].amount) < 0
    given = desk.read(shares, study=study)
    for run in runs:
        assert sum(each.amount for each in given if each.distribution == run.id) == run.amount
        assert run.prepared_by != run.posted_by
    assert {(each.suspended_for, each.waits) for each in given if each.suspended_for} == {("coi_valid", False)}
    assert min(each.due for each in desk.read(balances, study=study)) >= 0


def test_its_contract_has_all_that_money_goes_through(lived: tuple[Application, Id]):
    desk, study = lived
    (contract,) = desk.read(contracts, study=study)
    first, second = desk.read(terms_versions, contract=contract.id)
    assert (first.occasion, second.occasion) == (None, "protocol"), "an amendment that says what for"
    (gate,) = desk.read(gates, study=study, on=ON)
    passed = [verdict.passes for verdict in reversed(gate.verdicts) if verdict.denominator >= gate.min_n]
    assert passed == [True, False, False, True, True, True, True], "a gate that failed and recovered"
    waited = next(row for row in desk.read(certificates, study=study) if row.as_of == date(2026, 8, 31))
    months = {line.on.month for line in waited.lines if line.rule == "DONE" and line.on}
    assert months >= {6, 7, 8}, "what waited behind it is certified once it passes"
    assert any("Clawed back" in (each.grounds or "") for each in desk.read(invoices, study=study)), "a clawback"
    assert desk.read(disputes, study=study)
    assert desk.read(distributions, study=study)


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


def test_everything_in_it_was_done_by_an_act_of_the_catalogue(lived: tuple[Application, Id]):
    desk, study = lived
    steps = desk.read(change_sets, limit=100_000)
    names = {action.name for action in ACTIONS} - {"exchange:study:import"}
    assert {each.action for each in steps} <= names | {BEGIN, DEMONSTRATE}
    assert len(steps) > 1_000
    assert all(each.account for each in steps)
    assert len({each.account for each in desk.read(change_sets, study=study, limit=100_000)}) > 5


def test_it_tells_an_amendment_and_who_consented_again(lived: tuple[Application, Id]):
    desk, study = lived
    first, second = desk.read(protocol_versions, study=study)
    assert (second.amendment_of, second.substantial, second.signed) == (first.id, True, True)
    (sent,) = (each for each in desk.read(submissions, study=study) if each.kind == "amendment")
    assert sent.protocol_version == second.id
    (answered,) = (each for each in desk.read(questions, study=study) if each.submission == sent.id)
    assert answered.answered_on is not None
    (decided,) = (each for each in desk.read(decisions, study=study) if each.submission == sent.id)
    assert second.effective_on is not None
    assert sent.submitted_on < answered.answered_on < decided.decided_on <= second.effective_on
    new = [each for each in desk.read(consent_versions, study=study) if each.mandatory_on is not None]
    assert {each.language for each in new} == {"en", "zh"}
    assert all(each.decision == decided.id for each in new)
    with desk.reading() as read:
        own = Consent.TABLE.c
        signed = {row.participant for row in read.rows(sa.select(own.participant, own.consent_version))}
        again = read.rows(sa.select(own.participant).where(own.consent_version.in_([each.id for each in new])))
        earlier = own.consent_version.not_in([each.id for each in new])
        before = {row.participant for row in read.rows(sa.select(own.participant).where(earlier))}
    assert before & {row.participant for row in again}, "somebody in the study signed the new form"
    assert len(signed) >= len(before)


def test_it_tells_a_lapse_averted(lived: tuple[Application, Id]):
    desk, study = lived
    kinds = {each.id: each.kind for each in desk.read(submissions, study=study)}
    (until,) = (e.expires_on for e in desk.read(decisions, study=study) if kinds[e.submission] == "initial")
    (renewed,) = (e for e in desk.read(decisions, study=study) if kinds[e.submission] == "renewal")
    assert until is not None
    assert timedelta() < until - renewed.decided_on <= timedelta(days=7), "decided in the last week"
    assert until < ON


def test_it_tells_a_serious_event_a_withdrawal_and_a_late_answer(lived: tuple[Application, Id]):
    desk, study = lived
    serious = {each.identifier: each for each in desk.read(serious_events, study=study, on=ON, now=AT)}
    late = [
        each for each in serious.values() if each.reported_at and each.clock and each.reported_at > each.clock.due_at
    ]
    assert [each.identifier for each in late] == ["02-005"], "one was reported late, and a deviation says so"
    assert any(d.category == "safety_reporting" for d in desk.read(deviations, study=study, on=ON))
    assert "FATAL" in {each.outcome for each in serious.values()}
    ended = desk.read(dispositions, study=study, on=ON)
    assert sum(reasons.get("WITHDRAWAL BY SUBJECT", 0) for reasons in ended.values()) == 1
    asked = desk.read(data_queries, study=study, on=ON)
    days = [(each.answered_on - each.raised_on).days for each in asked if each.answered_on]
    assert max(days) > 14, "one was answered late"
    assert any(each.closed_on is None for each in asked)


def test_it_tells_a_disputed_invoice_and_what_became_of_it(lived: tuple[Application, Id]):
    desk, study = lived
    told = {each.outcome: each for each in desk.read(disputes, study=study)}
    upheld, part, waiting = told["upheld"], told["part"], told[None]
    (doubted,) = {
        row.number: row
        for row in desk.read(invoices, study=study)
        for line in row.lines
        if line.id in {upheld.line, part.line, waiting.line}
    }.values()
    (settled,) = (line for line in doubted.lines if line.id == part.line)
    assert (settled.open, settled.written_off) == (0, part.conceded)
    open_ = sum(line.open for line in doubted.lines if line.id == waiting.line)
    assert open_ == waiting.amount > 0
    notes = [row for row in desk.read(invoices, study=study) if row.kind == "credit_note"]
    assert len(notes) == 3
    assert max(note.net for note in notes) < 0


def test_the_waterfall_falls_from_level_to_level_without_a_gap(lived: tuple[Application, Id]):
    desk, study = lived
    books = desk.read(reconciled, study=study, as_of=desk.today, known_at=desk.clock.now())
    at = None
    for each in steps(books):
        if each.level:
            assert at in {None, each.amount}, each.words
            at = each.amount
        else:
            at = (at or 0) - each.amount
    assert books.written_off > 0, "the story writes something off"

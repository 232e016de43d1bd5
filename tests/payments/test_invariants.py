"""Whatever is recorded, corrected, voided, posted and certified in whatever order: I1, I2 and I9 hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, sums
from tests.support.desks import quick_desk
from trialdesk.base.errors import UserError
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.books import reconciled
from trialdesk.payments.queries import certificates, invoices
from trialdesk.reporting.making import facts
from trialdesk.reporting.reports.reconciliation import Reconciled, identities

NUMBERS = ("001", "002", "003")
acts = some.one_of(
    some.tuples(some.just("visit"), some.sampled_from(NUMBERS), some.integers(1, 28)),
    some.tuples(some.just("move"), some.integers(0, 9), some.integers(1, 28)),
    some.tuples(some.sampled_from(("void visit", "restore visit")), some.integers(0, 9), some.just(0)),
    some.tuples(some.sampled_from(("void", "restore")), some.sampled_from(NUMBERS), some.just(0)),
    some.tuples(some.sampled_from(("post", "certify", "invoice", "report")), some.just(""), some.just(0)),
)


@settings(max_examples=12, deadline=None)
@given(steps=some.lists(acts, min_size=3, max_size=14))
def test_the_ledger_says_what_is_earned_and_certificates_rest_on_facts_and_two_people(
    steps: list[tuple[str, object, int]],
):
    with tempfile.TemporaryDirectory() as folder:
        desk = quick_desk(Path(folder))
        try:
            _live(Trial(desk), steps)
        finally:
            desk.close()


def _live(trial: Trial, steps: list[tuple[str, object, int]]) -> None:
    at(trial.desk, on("2026-03-01"))
    trial.load(TERMS)
    visits: list[str] = []
    for what, which, day in steps:
        _act(trial, visits, what, which, day)
    run = {"study": trial.study, "contract": trial.contract}
    trial.desk.run(post_ledger, **run)
    told, owed = sums(trial)
    assert told == owed  # I1
    assert trial.desk.run(post_ledger, **run).transaction is None  # I2
    for certificate in trial.desk.read(certificates, study=trial.study):  # I9
        assert certificate.certified_by is None or certificate.certified_by != certificate.prepared_by
        assert all(line.facts for line in certificate.lines)
    known = {"as_of": trial.desk.today, "known_at": trial.desk.clock.now()}
    told = gather_books(trial)
    assert all(each.closes for each in identities(told)), [each.said for each in identities(told)]
    books = trial.desk.read(reconciled, study=trial.study, contract=trial.contract, **known)
    assert books.posted == books.totals.payable == told.posted
    assert books.held_out - books.held_in == books.totals.held >= 0  # I6
    for invoice in trial.desk.read(invoices, study=trial.study):
        assert sum(line.net for line in invoice.lines) == invoice.net
        assert sum(line.tax for line in invoice.lines) == invoice.tax == invoice.gross - invoice.net


def gather_books(trial: Trial) -> Reconciled:
    found: Reconciled = facts(trial.desk, "reconciliation", study="HARBOUR")
    return found


def _act(trial: Trial, visits: list[str], what: str, which: object, day: int) -> None:
    match what:
        case "visit":
            visits.append(trial.happened(str(which), "V2", f"2026-02-{day:02d}"))
        case "move" | "void visit" | "restore visit" if visits:
            assert isinstance(which, int)
            change: dict[str, Any] = {"voided": what == "void visit"}
            if what == "move":
                change = {"started_on": f"2026-02-{day:02d}"}
            edit(trial.desk, trial.study, enrollment.Visit, visits[which % len(visits)], **change)
        case "void" | "restore":
            who = trial.subject(str(which))
            edit(trial.desk, trial.study, enrollment.Participant, who, voided=what == "void")
        case "post":
            trial.desk.run(post_ledger, study=trial.study, contract=trial.contract)
        case "report":
            trial.tell_deliverable("report_signed", "2026-03-01", name="final")
        case "certify" | "invoice":
            try:
                trial.certify() if what == "certify" else trial.invoice()
            except UserError:
                trial.as_owner()

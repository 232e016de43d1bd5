"""Whatever is recorded, corrected, voided, posted, certified, invoiced, credited and paid in whatever order: I1, I2,
I6, I9 and I12 to I15 hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run, sums
from tests.support.desks import CHEAP, OWNER, PASSWORD, on_server, quick_desk
from tests.support.postgres import Server
from trialdesk.application import Application, restore_desk
from trialdesk.base.errors import UserError
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.invoicing import credit_invoice
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.books import reconciled
from trialdesk.payments.pack.archive import written
from trialdesk.payments.pack.packing import packed
from trialdesk.payments.queries import InvoiceRow, certificates, invoices, receipts
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports.reconciliation import Reconciled, identities
from trialdesk.studies.queries import studies

NUMBERS = ("001", "002", "003")
acts = some.one_of(
    some.tuples(some.just("visit"), some.sampled_from(NUMBERS), some.integers(1, 28)),
    some.tuples(some.just("move"), some.integers(0, 9), some.integers(1, 28)),
    some.tuples(some.sampled_from(("void visit", "restore visit")), some.integers(0, 9), some.just(0)),
    some.tuples(some.sampled_from(("void", "restore")), some.sampled_from(NUMBERS), some.just(0)),
    some.tuples(some.sampled_from(("post", "certify", "invoice", "report")), some.just(""), some.just(0)),
    some.tuples(some.sampled_from(("credit", "pay")), some.integers(0, 3), some.integers(1, 400_000)),
)
Step = tuple[str, object, int]
BEGINNING: list[Step] = [("visit", "001", 3), ("visit", "002", 5), ("certify", "", 0), ("invoice", "", 0)]
stories = some.lists(acts, min_size=3, max_size=14)


@settings(max_examples=12)
@given(steps=stories)
def test_the_books_close_and_rest_on_facts_and_two_people_whatever_happened(steps: list[Step]):
    with begun() as desk:
        trial = Trial(desk)
        live(trial, steps)
        run = {"study": trial.study, "contract": trial.contract}
        trial.desk.run(post_ledger, **run)
        told, owed = sums(trial)
        assert told == owed  # I1
        assert trial.desk.run(post_ledger, **run).transaction is None  # I2
        certified = _certified(trial)
        billed = _books(trial)
        _asked_once(trial, certified, billed)
        assert desk.verify().proven  # I13


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=stories)
def test_a_backup_and_a_server_give_the_same_pack_to_the_byte(
    steps: list[Step], postgres_server: Server, empty_databases: dict[Server, str]
):
    """I15: what is assessed, and all it rests on, depends on neither the database nor the way the desk came there."""
    with begun() as desk, ExitStack() as stack:
        live(Trial(desk), steps)
        folder = Path(desk.database.where).parent
        there = on_server(stack, postgres_server, empty_databases, folder / "there")
        live(Trial(there), steps)
        backup, again, marks = (folder / name for name in ("copy.desk", "again.desk", "marks"))
        desk.back_up(backup)
        restore_desk(backup, again, marks=marks)
        back = Application(str(again), clock=desk.clock, cost=CHEAP, marks=marks).open()
        stack.callback(back.close)
        back.sign_in(OWNER, PASSWORD)
        found = [_pack(each) for each in (desk, there, back)]
    assert found[1:] == [found[0], found[0]]


@settings(max_examples=4)
@given(steps=stories, sent=some.integers(1, 10**9), currency=some.sampled_from(("USD", "JPY", "KWD")))
def test_what_was_sent_in_another_currency_alters_nothing(steps: list[Step], sent: int, currency: str):
    """I14: it stands beside; books and statement are what they are without it."""
    beside = {"sent": sent, "sent_currency": currency, "exchange": "7.1, as the bank says"}
    found = []
    for more in ({}, beside):
        with begun() as desk:
            trial = Trial(desk)
            live(trial, [*steps, ("pay", 0, 90_000)], **more)
            told = desk.read(reconciled, study=trial.study, contract=trial.contract, as_of=desk.today,
                             known_at=desk.clock.now())  # fmt: skip
            kept = {row.sent for row in desk.read(receipts, study=trial.study)}
            found.append((told, desk.read(invoices, study=trial.study), facts_json(gather_books(trial))))
            assert kept == {more.get("sent")}
    assert found[0] == found[1]


@contextmanager
def begun() -> Iterator[Application]:
    """Give a new desk in a folder of its own: an example of a property shares nothing with the others."""
    with tempfile.TemporaryDirectory() as folder:
        desk = quick_desk(Path(folder))
        try:
            yield desk
        finally:
            desk.close()


def live(trial: Trial, steps: list[Step], **received: Any) -> None:
    """Let a story happen; what the desk refuses did not happen. Receipts are recorded with what is `received`."""
    at(trial.desk, on("2026-03-01"))
    trial.load(TERMS)
    visits: list[str] = []
    # Something is always asked for, so that what follows meets it: by chance alone stories seldom come that far.
    for what, which, day in [*BEGINNING, *steps]:
        _act(trial, visits, what, which, day, received)


def _pack(desk: Application) -> bytes:
    study = next(iter(desk.read(studies))).id
    return written(desk.read(packed, study=study, as_of=date(2026, 5, 31)))


def _certified(trial: Trial) -> dict[tuple[str, str], int]:
    """Check that every certificate rests on facts and two people (I9); return the most certified for each unit."""
    most: dict[tuple[str, str], int] = {}
    for certificate in trial.desk.read(certificates, study=trial.study):
        assert certificate.certified_by is None or certificate.certified_by != certificate.prepared_by
        assert all(line.facts for line in certificate.lines)
        if certificate.certified_by is not None:
            for line in certificate.lines:
                key = line.rule, line.unit
                most[key] = max(most.get(key, 0), line.line)
    return most


def _books(trial: Trial) -> list[InvoiceRow]:
    """Check that the identities close (I6 among them) and invoices add up; return the invoices."""
    told = gather_books(trial)
    assert all(each.closes for each in identities(told)), [each.said for each in identities(told)]
    known = {"as_of": trial.desk.today, "known_at": trial.desk.clock.now()}
    books = trial.desk.read(reconciled, study=trial.study, contract=trial.contract, **known)
    assert books.posted == books.totals.payable == told.posted
    assert books.held_out - books.held_in == books.totals.held >= 0  # I6
    billed: list[InvoiceRow] = trial.desk.read(invoices, study=trial.study)
    for invoice in billed:
        assert sum(line.net for line in invoice.lines) == invoice.net
        assert sum(line.tax for line in invoice.lines) == invoice.tax == invoice.gross - invoice.net
    return billed


def _asked_once(trial: Trial, certified: dict[tuple[str, str], int], billed: list[InvoiceRow]) -> None:
    """I12: nothing is asked for twice. Of a unit, invoices less credit notes ask for no more than was certified."""
    asked: dict[tuple[str, str], int] = {}
    for line in (line for invoice in billed for line in invoice.lines):
        asked[line.rule, line.unit] = asked.get((line.rule, line.unit), 0) + line.net
    assert all(0 <= amount <= certified[key] for key, amount in asked.items()), (asked, certified)


def gather_books(trial: Trial) -> Reconciled:
    found: Reconciled = facts(trial.desk, "reconciliation", study="HARBOUR")
    return found


def _act(trial: Trial, visits: list[str], what: str, which: object, day: int, received: Mapping[str, Any]) -> None:
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
        case "credit" | "pay":
            assert isinstance(which, int)
            _money_moves(trial, what, which, day, received)


def _money_moves(trial: Trial, what: str, which: int, amount: int, received: Mapping[str, Any]) -> None:
    """Credit an invoice as the facts now say, or receive something for it."""
    asked = [each for each in trial.desk.read(invoices, study=trial.study) if each.kind == "invoice"]
    if not asked:
        return
    invoice = asked[which % len(asked)].id
    money = {"contract": trial.contract, "amount": amount, "currency": "CNY", **received}
    with suppress(UserError):
        if what == "credit":
            run(trial, credit_invoice, invoice=invoice, grounds="as the facts say")
        else:
            number = len(trial.desk.read(receipts, study=trial.study))
            paid = run(trial, record_receipt, reference=f"B-{number}", value_on=trial.desk.today, **money)
            run(trial, settle_invoice, receipt=paid, invoice=invoice)

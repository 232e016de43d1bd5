"""Invoices, receipts and disputes in the window: how each stands, and what a receipt can still pay."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_asking import TERMS
from trialdesk.desktop.issued import LINES, Paying, Standing
from trialdesk.desktop.spot import Spot
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.collecting import write_off
from trialdesk.payments.actions.disputing import raise_dispute
from trialdesk.payments.actions.invoicing import credit_invoice
from trialdesk.payments.actions.receiving import allocate_receipt, record_receipt, settle_invoice
from trialdesk.payments.contested import disputable_lines, disputed, lines_to_write_off, written_off
from trialdesk.payments.standing import arrived, issued, paid_by, payable_invoices, payable_lines


@pytest.fixture
def trial(ward):
    """A contract under which one visit is invoiced."""
    made = Trial(ward)
    at(ward, on("2026-03-01"))
    made.load(TERMS)
    made.happened("001", "V2", "2026-02-20")
    made.certify()
    made.invoice()
    return made


def receive(trial: Trial, amount: int, reference: str = "B-1"):
    given: dict[str, Any] = {"reference": reference, "value_on": trial.desk.today, "amount": amount, "currency": "CNY"}
    return trial.desk.run(record_receipt, study=trial.study, contract=trial.contract, **given).result


def stands(trial: Trial):
    return {row.number: row for row in trial.desk.read(issued, study=trial.study, on=trial.desk.today)}


def choices(trial: Trial, receipt: str, query=payable_invoices):
    return [words for _id, words in trial.desk.read(query, study=trial.study, receipt=receipt)]


def test_an_invoice_says_how_it_stands_until_it_is_settled(trial):
    (row,) = stands(trial).values()
    assert (row.state, row.open, row.received) == ("open", 139919, 0)
    receipt = receive(trial, 139919)
    (line,) = trial.desk.read(payable_lines, study=trial.study, receipt=receipt)
    trial.desk.run(allocate_receipt, study=trial.study, receipt=receipt, line=line[0], amount=39919)
    (row,) = stands(trial).values()
    assert (row.state, row.open, row.received) == ("partly paid", 100000, 39919)
    at(trial.desk, on("2026-06-01"))
    assert stands(trial)["INV-0001"].state == "overdue"
    given = {"invoice_line": line[0], "raised_on": trial.desk.today, "grounds": "evidence", "amount": 100000}
    trial.desk.run(raise_dispute, study=trial.study, currency="CNY", words="Where is it?", **given)
    assert stands(trial)["INV-0001"].state == "disputed"
    (doubt,) = trial.desk.read(disputed, study=trial.study, on=trial.desk.today)
    assert (doubt.invoice, doubt.line, doubt.amount) == ("INV-0001", "V2 · 001 · V2", 100000)


def test_a_receipt_offers_what_is_open_of_its_contract_and_nothing_else(trial):
    receipt = receive(trial, 150000)
    assert choices(trial, receipt) == ["INV-0001 · CN¥1,399.19 open · due 15 Apr 2026"]
    assert choices(trial, receipt, payable_lines) == ["INV-0001 · V2 · 001 · V2 · CN¥1,399.19 open"]
    ((invoice, _words),) = trial.desk.read(payable_invoices, study=trial.study, receipt=receipt)
    trial.desk.run(settle_invoice, study=trial.study, receipt=receipt, invoice=invoice)
    assert choices(trial, receipt) == choices(trial, receipt, payable_lines) == []
    (row,) = stands(trial).values()
    assert (row.state, row.open) == ("settled", 0)
    assert trial.desk.read(paid_by, study=trial.study, receipt=receipt) == (("INV-0001", 139919),)
    (came,) = trial.desk.read(arrived, study=trial.study, on=trial.desk.today)
    assert came.unapplied == 150000 - 139919
    (visit,) = trial.desk.read(lambda read: read.rows(sa.select(enrollment.Visit.TABLE.c.id)))
    edit(trial.desk, trial.study, enrollment.Visit, visit.id, voided=True)
    trial.as_second()
    trial.desk.run(credit_invoice, study=trial.study, invoice=invoice, grounds="agreed")
    trial.as_owner()
    assert {row.number: (row.state, row.open) for row in stands(trial).values()} == {
        "CN-0001": ("credit note", 0),
        "INV-0001": ("to pay back", -139919),
    }
    assert choices(trial, receipt) == []


def test_what_was_written_off_is_told_and_no_longer_open(trial):
    (line,) = trial.desk.read(payable_lines, study=trial.study, receipt=None)
    trial.as_second()
    given = {"invoice_line": line[0], "grounds": "fees", "amount": 919, "written_off_on": trial.desk.today}
    trial.desk.run(write_off, study=trial.study, currency="CNY", words="the bank's", **given)
    (row,) = stands(trial).values()
    assert (row.written_off, row.open) == (919, 139000)


def test_the_lists_and_the_invoice_tell_it_in_the_window(trial, shell, settle):
    receipt = receive(trial, 150000)

    def opened(register: str, identity: str = ""):
        shell.go(Spot("studies", trial.study, "payments", f"{register}:{identity}"))
        settle()
        settle()
        view = shell.page.view
        if identity:
            view.show_record(identity)
            settle()
            settle()
        (row,) = view.table.rows()
        return view, {column.key: column.words(row) for column in view.table.model.columns}

    view, told = opened("payments-receipt", receipt)
    assert (told["amount"], told["unapplied"]) == ("CN¥1,500.00", "CN¥1,500.00")
    (paying,) = view.split.detail.findChildren(Paying)
    assert "Not allocated\nCN¥1,500.00" in said(paying)
    view.split.detail.wanted.emit(settle_invoice)
    settle()
    settle()
    assert "INV-0001 · CN¥1,399.19 open" in view.split.detail.form.editor("invoice").box.itemText(0)
    (row,) = stands(trial).values()
    view, told = opened("payments-invoice", row.id)
    assert (told["state"], told["open"], told["received"]) == ("Not due yet", "CN¥1,399.19", "CN¥0.00")
    (inside,) = view.split.detail.findChildren(Standing)
    assert "Open amount\nCN¥1,399.19" in said(inside)


def test_a_form_is_filled_in_with_what_leaves_no_choice(trial, shell, settle):
    shell.go(Spot("studies", trial.study, "payments", "payments-receipt:"))
    settle()
    shell.page.view.showing.ask(shell.page.view.register, record_receipt, None)
    settle()
    settle()
    form = shell.page.view.split.detail.form
    assert form.values()["contract"] == trial.contract
    assert form.values()["currency"] == "CNY"
    assert form.changes() == {}, "what the desk filled in is not what somebody typed"


def begun(shell, trial, settle, register: str, action):
    """Return the form of a dispute or a write-off begun in its own list."""
    shell.go(Spot("studies", trial.study, "payments", f"{register}:"))
    settle()
    shell.page.view.showing.ask(shell.page.view.register, action, None)
    settle()
    settle()
    return shell.page.view.split.detail.form


@pytest.mark.parametrize(
    ("register", "action", "words"),
    [
        ("payments-dispute", raise_dispute, "INV-0001 · V2 · 001 · V2 · CN¥1,399.19"),
        ("payments-write_off", write_off, "INV-0001 · V2 · 001 · V2 · CN¥1,399.19 open"),
    ],
)
def test_a_dispute_and_a_write_off_begin_in_their_own_lists(trial, shell, settle, register, action, words):
    form = begun(shell, trial, settle, register, action)
    assert form.editor("invoice_line").box.currentText() == words
    assert form.values()["currency"] == "CNY"


def test_begun_in_the_line_they_ask_for_all_that_is_open_of_it(trial, shell, settle):
    receipt = receive(trial, 39919)
    ((line, _words),) = trial.desk.read(payable_lines, study=trial.study, receipt=None)
    trial.desk.run(allocate_receipt, study=trial.study, receipt=receipt, line=line, amount=39919)
    shell.go(Spot("studies", trial.study, "payments", "payments-invoice:"))
    settle()
    view = shell.page.view
    view.showing.open(LINES, line)
    settle()
    settle()
    assert "Asked for with tax\nCN¥1,399.19" in said(view.split.detail)
    assert "Open amount\nCN¥1,000.00" in said(view.split.detail)
    view.split.detail.wanted.emit(raise_dispute)
    settle()
    settle()
    assert view.split.detail.form.values()["amount"] == 100000


def test_what_is_in_dispute_is_offered_to_neither(trial):
    ((line, _words),) = trial.desk.read(payable_lines, study=trial.study, receipt=None)
    given = {"invoice_line": line, "raised_on": trial.desk.today, "grounds": "evidence", "amount": 100000}
    trial.desk.run(raise_dispute, study=trial.study, currency="CNY", words="Where is it?", **given)
    assert trial.desk.read(disputable_lines, study=trial.study) == ()
    assert trial.desk.read(lines_to_write_off, study=trial.study) == ()


def test_the_list_of_what_was_written_off_names_invoice_and_line(trial):
    ((line, _words),) = trial.desk.read(lines_to_write_off, study=trial.study)
    trial.as_second()
    given = {"invoice_line": line, "grounds": "fees", "amount": 919, "written_off_on": trial.desk.today}
    trial.desk.run(write_off, study=trial.study, currency="CNY", words="the bank's", **given)
    (row,) = trial.desk.read(written_off, study=trial.study, on=trial.desk.today)
    assert (row.invoice, row.line, row.amount, row.words) == ("INV-0001", "V2 · 001 · V2", 919, "the bank's")


def test_the_record_of_a_dispute_names_invoice_and_line_as_the_list_does(trial, shell, settle):
    ((line, _words),) = trial.desk.read(payable_lines, study=trial.study, receipt=None)
    given = {"invoice_line": line, "raised_on": trial.desk.today, "grounds": "evidence", "amount": 100000}
    dispute = trial.desk.run(raise_dispute, study=trial.study, currency="CNY", words="Where is it?", **given).result
    shell.go(Spot("studies", trial.study, "payments", f"payments-dispute:{dispute}"))
    settle()
    settle()
    told = said(shell.page.view.split.detail)
    assert "INV-0001" in told
    assert "V2 · 001 · V2" in told
    assert "001/V2" not in told, "the key of a unit is no word"

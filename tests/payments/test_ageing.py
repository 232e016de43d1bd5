"""The ageing by contract: its figures are those of the invoices, on every day, and its paper says the same."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from trialdesk.application import Application
from trialdesk.contracts.actions.parties import add_organisation, merge_organisation
from trialdesk.contracts.queries import named_on
from trialdesk.contracts.records import Contract
from trialdesk.payments.actions.disputing import raise_dispute
from trialdesk.payments.actions.receiving import allocate_receipt, record_receipt
from trialdesk.payments.ageing import Ageing, ageing
from trialdesk.payments.queries import InvoiceRow, invoices
from trialdesk.reporting.reports.ageing import gather


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


def billed(trial: Trial) -> InvoiceRow:
    """Return an invoice of two visits, of which one is half paid and of the other a little in dispute."""
    at(trial.desk, on("2026-03-01"))
    trial.load(TERMS)
    edit(trial.desk, trial.study, Contract, trial.contract, net_days=30)
    for number in ("001", "002"):
        trial.happened(number, "V2", "2026-02-20")
    trial.certify()
    invoice = trial.invoice()
    first, second = invoice.lines
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=trial.desk.today,
                  amount=100_000, currency="CNY")  # fmt: skip
    run(trial, allocate_receipt, receipt=receipt, line=first.id, amount=80_000)
    run(trial, raise_dispute, invoice_line=second.id, raised_on=trial.desk.today, grounds="evidence", amount=1000,
        currency="CNY", words="Where is it?")  # fmt: skip
    return invoice


def aged(trial: Trial, day: date) -> Ageing:
    found: Ageing
    (found,) = trial.desk.read(ageing, study=trial.study, on=day)
    return found


def test_what_is_open_grows_old_and_what_is_disputed_waits(trial: Trial):
    invoice = billed(trial)
    due = invoice.due_on
    assert due is not None
    left = invoice.gross - 80_000
    found = aged(trial, due)
    assert (found.contract, found.not_due, found.late, found.disputed) == ("C-1", left - 1000, 0, 1000)
    assert (found.unapplied, found.open, found.oldest) == (20_000, left, 0)
    for days, field in ((1, "to_30"), (30, "to_30"), (31, "to_60"), (61, "to_90"), (91, "over_90")):
        found = aged(trial, due + timedelta(days))
        by_age = {name: getattr(found, name) for name in ("not_due", "to_30", "to_60", "to_90", "over_90")}
        assert {name for name, amount in by_age.items() if amount} == {field}, days
        assert (by_age[field], found.late, found.oldest, found.disputed) == (left - 1000, left - 1000, days, 1000)
    (owed,) = found.invoices
    assert (owed.number, owed.gross, owed.received, owed.open) == (invoice.number, invoice.gross, 80_000, left)
    assert sum(piece.amount for piece in found.parts) == found.open
    assert {(piece.rule, piece.unit) for piece in found.parts} == {("V2", "001/V2"), ("V2", "002/V2")}


def test_the_page_and_the_paper_tell_the_same(trial: Trial):
    invoice = billed(trial)
    assert invoice.due_on is not None
    day = invoice.due_on + timedelta(45)
    paper = trial.desk.read(gather, study=trial.study, on=day, as_of=day)
    assert paper is not None
    found = aged(trial, day)
    assert (found.to_60, found.disputed) == (paper.sums["31-60"], paper.sums["disputed"])
    assert (found.unapplied, found.interest) == (paper.unapplied, sum(each.interest for each in paper.invoices))


def test_a_contract_without_an_invoice_is_not_listed(trial: Trial):
    at(trial.desk, on("2026-03-01"))
    trial.load(TERMS)
    assert trial.desk.read(ageing, study=trial.study, on=trial.desk.today) == ()


def test_a_party_that_merged_owes_under_its_new_name_and_its_invoice_keeps_the_old_one(trial: Trial):
    billed(trial)
    desk = trial.desk
    contract = next(row for row in desk.read(_contracts, study=trial.study))
    other = run(trial, add_organisation, name="Tide Pharma Group")
    run(trial, merge_organisation, organisation=contract.supporter, merged_into=other, merged_on=desk.today)
    assert aged(trial, desk.today).party.startswith("Tide Pharma Group (")
    before = desk.read(named_on, on=desk.today - timedelta(1))
    assert not before[contract.supporter].startswith("Tide"), "before the merger it had its own name"
    trial.happened("003", "V2", "2026-02-25")
    trial.certify()
    trial.invoice()
    old, new = (json.loads(row.parties)["buyer"]["name"] for row in desk.read(invoices, study=trial.study))
    assert (old, new) == (before[contract.supporter], "Tide Pharma Group")


def _contracts(read, *, study):
    import sqlalchemy as sa

    own = Contract.TABLE.c
    return read.rows(sa.select(Contract.TABLE).where(own.study == study))

"""What contracts and payments set off: ends, insurance, certificates, invoices."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import ON, a_colleague, a_study
from tests.support.desks import OWNER
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract, Insurance, Organisation
from trialdesk.overview.clocks import clocks, today
from trialdesk.payments.records import Allocation, Certificate, Dispute, Entry, Invoice, InvoiceLine, Receipt, WriteOff
from trialdesk.people.queries import account_named

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def found(desk: Application, on: date, rule: str) -> list[tuple[str, date, str]]:
    return [(each.started.name, each.due, each.state) for each in desk.read(clocks, on=on) if each.rule.id == rule]


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def contract(desk: Application, study: Id) -> Id:
    company = keep(desk, Organisation, study, name="Tide Pharma")
    fields = {"kind": "support", "direction": "receivable", "currency": "CNY", "state": "active"}
    return keep(desk, Contract, study, number="C-1", supporter=company, ends_on=date(2026, 4, 1), **fields)


def an_invoice(desk: Application, study: Id, contract: Id) -> tuple[Id, Id]:
    money = {"currency": "CNY", "net": 10_000, "tax": 600}
    issued = {"series": "I", "place": 1, "kind": "invoice", "issued_on": date(2026, 2, 1), "known_at": AT}
    invoice = keep(
        desk,
        Invoice,
        study,
        contract=contract,
        number="I-1",
        due_on=date(2026, 3, 3),
        gross=10_600,
        parties="{}",
        **issued,
        **money,
    )
    return invoice, keep(desk, InvoiceLine, study, invoice=invoice, place=1, rule="visit", unit="001", **money)


def paid(desk: Application, study: Id, contract: Id, line: Id, amount: int, on: date) -> None:
    money = {"currency": "CNY", "amount": amount}
    receipt = keep(desk, Receipt, study, contract=contract, reference=f"B{amount}", value_on=on, **money)
    keep(desk, Allocation, study, receipt=receipt, line=line, **money)


def test_a_contract_ends(desk: Application, study: Id, contract: Id):
    assert found(desk, ON, "CONTRACT-END") == [("C-1", date(2026, 4, 1), "half")]
    change(desk, Contract, study, contract, state="closed", closed_on=date(2026, 3, 4))
    assert found(desk, ON, "CONTRACT-END") == [("C-1", date(2026, 4, 1), "done")]


def test_insurance_that_was_extended_ends_later(desk: Application, study: Id):
    for policy, until in (("P1", date(2026, 3, 31)), ("P2", date(2027, 3, 31))):
        keep(desk, Insurance, study, insurer="Sea", policy=policy, valid_from=date(2026, 1, 1), valid_to=until)
    assert found(desk, ON, "INSURANCE") == [("Sea P2", date(2027, 3, 31), "running")]


def test_an_invoice_is_done_once_it_is_paid_whole(desk: Application, study: Id, contract: Id):
    _invoice, line = an_invoice(desk, study, contract)
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "late")]
    (row,) = [each for each in desk.read(today, on=ON) if each.group == "money"]
    assert (row.what, row.whose, row.act_words) == ("Payment of invoice I-1", "C-1", "Record a receipt")
    paid(desk, study, contract, line, 10_000, date(2026, 3, 1))
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "late")]
    paid(desk, study, contract, line, 600, date(2026, 3, 4))
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "done late")]


def test_an_invoice_credited_whole_waits_for_nobody(desk: Application, study: Id, contract: Id):
    invoice, line = an_invoice(desk, study, contract)
    money = {"currency": "CNY", "net": -10_000, "tax": -600}
    note = keep(
        desk,
        Invoice,
        study,
        contract=contract,
        number="N-1",
        series="N",
        place=1,
        kind="credit_note",
        original=invoice,
        issued_on=ON,
        known_at=AT,
        gross=-10_600,
        parties="{}",
        **money,
    )
    keep(desk, InvoiceLine, study, invoice=note, place=1, rule="visit", unit="001", original=line, **money)
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "done")]


def test_an_invoice_open_for_its_dispute_alone_waits_for_it(desk: Application, study: Id, contract: Id):
    _invoice, line = an_invoice(desk, study, contract)
    fields = {"raised_on": ON, "grounds": "price", "currency": "CNY", "words": "dear"}
    dispute = keep(desk, Dispute, study, line=line, amount=600, **fields)
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "late")], "the rest of it stays due"
    paid(desk, study, contract, line, 10_000, date(2026, 3, 1))
    assert found(desk, ON, "INVOICE") == []
    change(desk, Dispute, study, dispute, resolved_on=ON, outcome="upheld")
    assert found(desk, ON, "INVOICE") == [("I-1", date(2026, 3, 3), "late")]


def test_what_a_dispute_gave_up_is_to_be_written_off(desk: Application, study: Id, contract: Id):
    _invoice, line = an_invoice(desk, study, contract)
    fields = {"raised_on": ON, "grounds": "price", "currency": "CNY", "words": "dear"}
    dispute = keep(desk, Dispute, study, line=line, amount=600, **fields)
    assert found(desk, ON, "GIVENUP") == []
    change(desk, Dispute, study, dispute, resolved_on=date(2026, 3, 2), outcome="part", conceded=400)
    assert found(desk, ON, "GIVENUP") == [("I-1", date(2026, 3, 16), "running")]
    off = {"written_off_on": ON, "grounds": "dispute", "currency": "CNY", "words": "settled"}
    keep(desk, WriteOff, study, line=line, amount=399, **off)
    assert found(desk, ON, "GIVENUP") == [("I-1", date(2026, 3, 16), "running")]
    keep(desk, WriteOff, study, line=line, amount=1, **off)
    assert found(desk, ON, "GIVENUP") == [("I-1", date(2026, 3, 16), "done")]


def test_what_was_given_up_and_paid_all_the_same_waits_for_nothing(desk: Application, study: Id, contract: Id):
    _invoice, line = an_invoice(desk, study, contract)
    fields = {"raised_on": ON, "grounds": "price", "currency": "CNY", "words": "dear"}
    keep(desk, Dispute, study, line=line, amount=600, resolved_on=ON, outcome="rejected", conceded=600, **fields)
    paid(desk, study, contract, line, 10_600, date(2026, 3, 1))
    assert [state for _name, _day, state in found(desk, ON, "GIVENUP")] == ["done"]


def test_what_was_posted_is_certified_and_what_was_prepared_is_signed(desk: Application, study: Id, contract: Id):
    entry = {"rule": "visit", "unit": "001", "component": "base", "amount": 100, "currency": "CNY", "engine": "1"}
    keep(desk, Entry, study, contract=contract, as_of=date(2026, 1, 20), known_at=AT, **entry)
    assert found(desk, ON, "EARNED") == [("C-1", date(2026, 2, 19), "late")]
    account = desk.read(account_named, username=OWNER).id
    a_colleague(desk, study, "finance")
    made = keep(
        desk,
        Certificate,
        study,
        contract=contract,
        number="Z-1",
        as_of=date(2026, 1, 31),
        known_at=datetime(2026, 2, 2, tzinfo=UTC),
        lines="[]",
        sha256="0",
        engine="1",
        prepared_by=account,
        prepared_on=date(2026, 3, 2),
    )
    assert found(desk, ON, "EARNED") == []
    assert found(desk, ON, "CERTIFY") == [("Z-1", date(2026, 3, 16), "running")]
    other = desk.read(account_named, username="bo")
    change(desk, Certificate, study, made, certified_by=other.id, certified_on=ON)
    assert found(desk, ON, "CERTIFY") == [("Z-1", date(2026, 3, 16), "done")]

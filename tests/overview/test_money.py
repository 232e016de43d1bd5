"""The totals of contracts agree with their documents one by one, and cost no more statements for more contracts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tests.overview.stages import change, keep
from tests.support.acts import ON, a_study
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.overview.money import Money, money
from trialdesk.payments.queries import invoices
from trialdesk.payments.records import Allocation, Dispute, Entry, Invoice, InvoiceLine, Receipt

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def a_contract(desk: Application, study: Id, number: str = "C-1", currency: str = "CNY") -> Id:
    company = keep(desk, Organisation, study, name="Tide Pharma")
    return keep(
        desk,
        Contract,
        study,
        number=number,
        supporter=company,
        kind="support",
        direction="receivable",
        currency=currency,
        state="active",
    )


def an_invoice(desk: Application, study: Id, contract: Id, number: str, net: int, **fields: Any) -> tuple[Id, Id]:
    original = fields.pop("of", None)
    given: dict[str, Any] = {"currency": "CNY", "net": net, "tax": net // 10}
    made = keep(
        desk,
        Invoice,
        study,
        contract=contract,
        number=number,
        series="I",
        place=1,
        issued_on=date(2026, 2, 1),
        known_at=AT,
        gross=given["net"] + given["tax"],
        parties="{}",
        **{"kind": "invoice", **fields},
        **given,
    )
    line = keep(desk, InvoiceLine, study, invoice=made, place=1, rule="visit", unit="001", original=original, **given)
    return made, line


def receive(desk: Application, study: Id, contract: Id, line: Id, amount: int) -> None:
    given = {"currency": "CNY", "amount": amount}
    receipt = keep(desk, Receipt, study, contract=contract, reference="B", value_on=ON, **given)
    keep(desk, Allocation, study, receipt=receipt, line=line, **given)


def test_totals_by_contract_agree_with_its_documents(desk: Application):
    study = a_study(desk, "ATLAS")
    contract = a_contract(desk, study)
    _first, line = an_invoice(desk, study, contract, "I-1", 10_000, due_on=date(2026, 3, 3))
    an_invoice(desk, study, contract, "I-2", 5_000, due_on=date(2026, 4, 3))
    an_invoice(desk, study, contract, "N-1", -1_000, kind="credit_note", of=line)
    receive(desk, study, contract, line, 4_000)
    keep(
        desk,
        Entry,
        study,
        contract=contract,
        rule="visit",
        unit="001",
        component="base",
        amount=15_000,
        currency="CNY",
        as_of=ON,
        known_at=AT,
        engine="1",
        terms=1,
    )
    dispute = keep(
        desk, Dispute, study, line=line, raised_on=ON, grounds="other", amount=700, currency="CNY", words="No"
    )
    (row,) = desk.read(money, on=ON)
    assert row == Money(
        id=contract,
        study=study,
        study_name="ATLAS",
        number="C-1",
        party="Tide Pharma",
        direction="receivable",
        state="active",
        currency="CNY",
        earned=15_000,
        certified=0,
        invoiced=15_400,
        received=4_000,
        disputed=700,
        open=11_400,
        overdue=5_200,
    )
    assert row.open == sum(each.open for each in desk.read(invoices, study=study))
    assert row.not_due == 11_400 - 5_200 - 700
    change(desk, Dispute, study, dispute, resolved_on=ON, outcome="upheld")
    assert desk.read(money, on=ON)[0].disputed == 0
    assert desk.read(money, on=date(2026, 3, 3))[0].overdue == 0, "it may be paid on the day itself"


def test_every_contract_of_every_study_in_as_few_statements(desk: Application):
    one = a_study(desk, "ATLAS")
    a_contract(desk, one)

    def cost() -> int:
        with counted(desk) as said:
            desk.read(money, on=ON)
        return len(said)

    few = cost()
    two = a_study(desk, "BREATHE")
    for number in range(5):
        contract = a_contract(desk, two, f"B-{number}", "EUR")
        an_invoice(desk, two, contract, f"I-{number}", 1_000)
    assert cost() == few
    assert [(row.study_name, row.number, row.currency) for row in desk.read(money, on=ON)][:2] == [
        ("ATLAS", "C-1", "CNY"),
        ("BREATHE", "B-0", "EUR"),
    ]

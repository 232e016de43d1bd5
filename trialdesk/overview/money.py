"""The money of all studies, contract by contract: what is earned, certified, invoiced, received, disputed and open."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.payments.records import Allocation, Certificate, Dispute, Entry, Invoice, InvoiceLine, Receipt, WriteOff
from trialdesk.payments.rules.certifying import lines_of
from trialdesk.payments.rules.receivables import DISPUTED, LATE, OVERPAID, Billed, Pause, open_parts
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import Study


@dataclass(frozen=True, slots=True)
class Money:
    """A contract's totals in minor units of its currency.

    `earned` is what is posted to the ledger, `certified` what certificates say to be paid, each line as it
    was certified last; both are net. `invoiced` (less credit notes), `received`, `disputed` and `open` are gross.
    Of `open`, `overdue` is late and not in dispute, and `overpaid` (negative) is to be paid back, as in the ageing;
    `not_due` is the rest.
    `direction` is "receivable" or "payable".
    """

    id: Id
    study: Id
    study_name: str
    number: str
    party: str
    direction: str
    state: str
    currency: str
    earned: int = 0
    certified: int = 0
    invoiced: int = 0
    received: int = 0
    disputed: int = 0
    open: int = 0
    overdue: int = 0
    overpaid: int = 0

    @property
    def not_due(self) -> int:
        """What is open, not in dispute and due on a later day: open = not due + overdue + disputed + overpaid."""
        return self.open - self.overdue - self.disputed - self.overpaid


def money(read: Read, *, on: date) -> tuple[Money, ...]:
    """Return the totals of every contract of all studies, by study and number. Nine statements, however many."""
    sums = {
        "earned": _by_contract(read, Entry, Entry.TABLE.c.amount),
        "certified": _certified(read),
        "invoiced": _by_contract(read, Invoice, Invoice.TABLE.c.gross),
        "received": _by_contract(read, Receipt, Receipt.TABLE.c.amount),
        **_standing(read, on),
    }
    return tuple(
        Money(
            row.id,
            row.study,
            row.short_name,
            row.number,
            row.party or "",
            row.direction,
            row.state,
            row.currency,
            **{name: known.get(row.id, 0) for name, known in sums.items()},
        )
        for row in _contracts(read)
    )


def _contracts(read: Read) -> list[Any]:
    own, of, party = Contract.TABLE.c, Study.TABLE.c, Organisation.TABLE.c
    query = (
        sa.select(
            own.id,
            own.study,
            of.short_name,
            own.number,
            party.name.label("party"),
            own.direction,
            own.state,
            own.currency,
        )
        .join(Study.TABLE, of.id == own.study)
        .outerjoin(Organisation.TABLE, party.id == own.supporter)
        .where(~own.voided, ~of.voided)
        .order_by(of.short_name, own.number, own.id)
    )
    return list(read.rows(query))


def _by_contract(read: Read, record: Any, amount: sa.ColumnElement[int]) -> dict[Id, int]:
    own = record.TABLE.c
    query = sa.select(own.contract, sa.func.sum(amount).label("total")).where(~own.voided).group_by(own.contract)
    return {row.contract: int(row.total) for row in read.rows(query)}


def _certified(read: Read) -> dict[Id, int]:
    own = Certificate.TABLE.c
    query = (
        sa.select(own.contract, own.lines)
        .where(own.certified_on.is_not(None), ~own.voided)
        .order_by(own.certified_at, own.id)
    )
    last = {(row.contract, line.key): line.pay for row in read.rows(query) for line in lines_of(row.lines)}
    found: dict[Id, int] = {}
    for (contract, _key), pay in last.items():
        found[contract] = found.get(contract, 0) + pay
    return found


def _standing(read: Read, on: date) -> dict[str, dict[Id, int]]:
    """Return what is open at the end of a day, and what of it is late or in dispute, by contract. Five statements."""
    own, line = Invoice.TABLE.c, InvoiceLine.TABLE.c
    paid, receipt, dispute = Allocation.TABLE.c, Receipt.TABLE.c, Dispute.TABLE.c
    issued = list(
        read.rows(
            sa.select(line.id, line.original, line.net, line.tax, own.contract, own.due_on, own.issued_on, own.number)
            .join(Invoice.TABLE, own.id == line.invoice)
            .where(~line.voided, ~own.voided, own.issued_on <= on)
            .order_by(own.issued_on, line.id)
        )
    )
    credits_: dict[Id, list[tuple[date, int]]] = {}
    for row in issued:
        if row.original:
            credits_.setdefault(row.original, []).append((row.issued_on, row.net + row.tax))
    arrived: dict[Id, list[tuple[date, int]]] = {}
    for row in read.rows(
        sa.select(paid.line, paid.amount, receipt.value_on)
        .join(Receipt.TABLE, receipt.id == paid.receipt)
        .where(~paid.voided, ~receipt.voided)
        .order_by(receipt.value_on, paid.id)
    ):
        arrived.setdefault(row.line, []).append((row.value_on, row.amount))
    raised: dict[Id, list[Pause]] = {}
    for row in read.rows(
        sa.select(dispute.line, dispute.raised_on, dispute.resolved_on, dispute.amount)
        .where(~dispute.voided)
        .order_by(dispute.raised_on, dispute.id)
    ):
        raised.setdefault(row.line, []).append(Pause(row.raised_on, row.resolved_on, row.amount))
    given_up: dict[Id, list[tuple[date, int]]] = {}
    gone = WriteOff.TABLE.c
    for row in read.rows(sa.select(gone.line, gone.written_off_on, gone.amount).where(~gone.voided)):
        given_up.setdefault(row.line, []).append((row.written_off_on, row.amount))
    contract_of = {row.id: row.contract for row in issued}
    sums: dict[str, dict[Id, int]] = {"open": {}, "overdue": {}, "disputed": {}, "overpaid": {}}
    billed = (
        Billed(
            row.number,
            row.id,
            row.net + row.tax,
            row.due_on,
            credits=tuple(credits_.get(row.id, ())),
            paid=tuple(arrived.get(row.id, ())),
            disputes=tuple(raised.get(row.id, ())),
            written_off=tuple(given_up.get(row.id, ())),
        )
        for row in issued
        if row.original is None
    )
    for part in open_parts(billed, on):
        names = ["open", *(name for name, ages in _AGES.items() if part.age in ages)]
        for name in names:
            of = sums[name]
            of[contract_of[part.line]] = of.get(contract_of[part.line], 0) + part.amount
    return sums


_AGES = {"overdue": LATE, "disputed": (DISPUTED,), "overpaid": (OVERPAID,)}

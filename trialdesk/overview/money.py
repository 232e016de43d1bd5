"""The money of all studies, contract by contract: what is earned, certified, invoiced, received, disputed and open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.payments.records import INVOICE, Allocation, Certificate, Dispute, Entry, Invoice, InvoiceLine, Receipt
from trialdesk.payments.rules.certifying import lines_of
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import Study


@dataclass(frozen=True, slots=True)
class Money:
    """A contract's totals in minor units of its currency.

    `earned` is what is posted to the ledger, `certified` what certificates say to be paid, each line as it
    was certified last; both are net. `invoiced` (less credit notes), `received`, `disputed` and `open` are gross;
    `overdue` is what of `open` was due before the day asked for. `direction` is "receivable" or "payable".
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


def money(read: Read, *, on: date) -> tuple[Money, ...]:
    """Return the totals of every contract of all studies, by study and number. Nine statements, however many."""
    sums = {
        "earned": _by_contract(read, Entry, Entry.TABLE.c.amount),
        "certified": _certified(read),
        "invoiced": _by_contract(read, Invoice, Invoice.TABLE.c.gross),
        "received": _by_contract(read, Receipt, Receipt.TABLE.c.amount),
        "disputed": _disputed(read),
    }
    open_: dict[Id, int] = {}
    overdue: dict[Id, int] = {}
    for contract, due_on, left in _unpaid(read):
        open_[contract] = open_.get(contract, 0) + left
        if due_on is not None and due_on < on:
            overdue[contract] = overdue.get(contract, 0) + left
    sums |= {"open": open_, "overdue": overdue}
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


def _disputed(read: Read) -> dict[Id, int]:
    own, line, of = Dispute.TABLE.c, InvoiceLine.TABLE.c, Invoice.TABLE.c
    query = (
        sa.select(of.contract, sa.func.sum(own.amount).label("total"))
        .join(InvoiceLine.TABLE, line.id == own.line)
        .join(Invoice.TABLE, of.id == line.invoice)
        .where(own.resolved_on.is_(None), ~own.voided, ~line.voided, ~of.voided)
        .group_by(of.contract)
    )
    return {row.contract: int(row.total) for row in read.rows(query)}


def _unpaid(read: Read) -> Iterator[tuple[Id, date | None, int]]:
    """Yield the contract and due day of every invoice, and what is left of it. Three statements."""
    own, line, paid = Invoice.TABLE.c, InvoiceLine.TABLE.c, Allocation.TABLE.c
    asked = InvoiceLine.TABLE.alias()
    credited = _sums(
        read,
        sa.select(asked.c.invoice, sa.func.sum(line.net + line.tax).label("total"))
        .join(asked, asked.c.id == line.original)
        .where(~line.voided)
        .group_by(asked.c.invoice),
    )
    received = _sums(
        read,
        sa.select(line.invoice, sa.func.sum(paid.amount).label("total"))
        .join(InvoiceLine.TABLE, line.id == paid.line)
        .where(~paid.voided)
        .group_by(line.invoice),
    )
    invoices = sa.select(own.id, own.contract, own.due_on, own.gross).where(own.kind == INVOICE, ~own.voided)
    for row in read.rows(invoices):
        yield row.contract, row.due_on, row.gross + credited.get(row.id, 0) - received.get(row.id, 0)


def _sums(read: Read, query: sa.Select[Any]) -> dict[Id, int]:
    return {row.invoice: int(row.total) for row in read.rows(query)}

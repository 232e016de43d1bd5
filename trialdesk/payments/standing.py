"""How what was issued and what arrived stands: which invoices are open, late or paid, which receipts pay what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import contracts
from trialdesk.payments.queries import InvoiceRow, invoices, receipts
from trialdesk.payments.records import CREDIT_NOTE, Allocation, Invoice, InvoiceLine
from trialdesk.payments.rules.wording import unit_words
from trialdesk.persistence.reading import Read

State = Literal["credit note", "to pay back", "settled", "disputed", "overdue", "partly paid", "open"]
"""How an invoice stands, the gravest first where several hold."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice or credit note and how it stands; amounts are minor units with tax, `credited` of an invoice negative.

    `open` is what is still owed of it, below zero where more was paid than is asked for by now.
    """

    id: Id
    version: int
    number: str
    kind: str
    contract: str
    currency: str
    issued_on: date
    due_on: date | None
    tax_rate: Decimal | None
    gross: int
    credited: int
    received: int
    written_off: int
    open: int
    state: State


@dataclass(frozen=True, slots=True)
class Arrived:
    """A receipt, in minor units; `unapplied` is what of it pays nothing yet."""

    id: Id
    version: int
    contract: str
    currency: str
    reference: str
    value_on: date
    amount: int
    fees: int | None
    unapplied: int


def issued(read: Read, *, study: Id, on: date) -> tuple[Issued, ...]:
    """Return a study's invoices and credit notes, the newest first. Six statements."""
    numbers = {row.id: row.number for row in contracts(read, study=study)}
    return tuple(
        Issued(
            id=row.id,
            version=row.version,
            number=row.number,
            kind=row.kind,
            contract=numbers.get(row.contract, ""),
            currency=row.currency,
            issued_on=row.issued_on,
            due_on=row.due_on,
            tax_rate=row.tax_rate,
            gross=row.gross,
            credited=sum(line.credited for line in row.lines),
            received=sum(line.paid for line in row.lines),
            written_off=sum(line.written_off for line in row.lines),
            open=row.open,
            state=_state(row, on),
        )
        for row in reversed(invoices(read, study=study))
    )


def arrived(read: Read, *, study: Id, on: date) -> tuple[Arrived, ...]:  # noqa: ARG001 - as every list is asked
    """Return a study's receipts, the newest first. Three statements."""
    numbers = {row.id: row.number for row in contracts(read, study=study)}
    rows = sorted(receipts(read, study=study), key=lambda row: (row.value_on, row.reference), reverse=True)
    return tuple(
        Arrived(
            id=row.id,
            version=row.version,
            contract=numbers.get(row.contract, ""),
            currency=row.currency,
            reference=row.reference,
            value_on=row.value_on,
            amount=row.amount,
            fees=row.fees,
            unapplied=row.unapplied,
        )
        for row in rows
    )


def payable_invoices(read: Read, *, study: Id, receipt: Id | None) -> tuple[tuple[Id, str], ...]:
    """Return the invoices that a receipt can pay, what is due first, each with what is open of it and until when."""
    words = _("{number} · {amount} open · due {day}")
    return tuple(
        (
            row.id,
            words.format(
                number=row.number,
                amount=money_text(row.open, row.currency),
                day=written_day(row.due_on) if row.due_on else _("not recorded"),
            ),
        )
        for row in _open(read, study, receipt)
    )


def payable_lines(read: Read, *, study: Id, receipt: Id | None) -> tuple[tuple[Id, str], ...]:
    """Return the invoice lines that a receipt can pay, what is due first, each with what is open of it."""
    words = _("{number} · {rule} · {unit} · {amount} open")
    return tuple(
        (
            line.id,
            words.format(
                number=row.number,
                rule=line.rule,
                unit=unit_words(line.unit),
                amount=money_text(line.open, row.currency),
            ),
        )
        for row in _open(read, study, receipt)
        for line in row.lines
        if line.open > 0
    )


def paid_by(read: Read, *, study: Id, receipt: Id) -> tuple[tuple[str, int], ...]:
    """Return the invoices a receipt pays, by number, with how much of each in minor units. One statement."""
    own, line, bill = Allocation.TABLE.c, InvoiceLine.TABLE.c, Invoice.TABLE.c
    rows = read.rows(
        sa.select(bill.number, sa.func.sum(own.amount).label("paid"))
        .select_from(Allocation.TABLE)
        .join(InvoiceLine.TABLE, line.id == own.line)
        .join(Invoice.TABLE, bill.id == line.invoice)
        .where(own.study == study, own.receipt == receipt, ~own.voided)
        .group_by(bill.number)
        .order_by(bill.number)
    )
    return tuple((row.number, int(row.paid)) for row in rows)


def _open(read: Read, study: Id, receipt: Id | None) -> list[InvoiceRow]:
    contract = next((row.contract for row in receipts(read, study=study) if row.id == receipt), None)
    rows = [row for row in invoices(read, study=study, contract=contract) if any(line.open > 0 for line in row.lines)]
    return sorted(
        (row for row in rows if row.kind != CREDIT_NOTE), key=lambda row: (row.due_on or date.max, row.number)
    )


def _state(row: InvoiceRow, on: date) -> State:
    if row.kind == CREDIT_NOTE:
        return "credit note"
    if row.open < 0:
        return "to pay back"
    if row.open == 0:
        return "settled"
    # What is in dispute has its clock stopped: the invoice is late for the rest of it only.
    clear = sum(line.open for line in row.lines if not line.disputed)
    if clear > 0 and row.due_on is not None and row.due_on < on:
        return "overdue"
    if any(line.disputed for line in row.lines):
        return "disputed"
    return "partly paid" if any(line.paid for line in row.lines) else "open"

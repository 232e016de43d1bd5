"""What is done until an invoice is paid, to look at: reminders, the tax office's papers, what was written off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.payments.records import Reminder, TaxInvoice, WriteOff
from trialdesk.people.records import Person
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """What is no longer asked for of an invoice line, gross."""

    id: Id
    version: int
    line: Id
    written_off_on: date
    grounds: str
    amount: int
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A word with the other party about an invoice, and what is to happen next by when in whose hands."""

    id: Id
    invoice: Id
    reminded_on: date
    whom: str | None
    said: str
    next_action: str | None
    next_on: date | None
    owner: str | None


def write_offs(read: Read, *, study: Id) -> dict[Id, tuple[WriteOffRow, ...]]:
    """Return what was written off of a study's invoice lines, line by line, oldest first. One statement."""
    own = WriteOff.TABLE.c
    found: dict[Id, tuple[WriteOffRow, ...]] = {}
    for row in read.shaped(WriteOffRow, WriteOff, own.study == study, ~own.voided, order=(own.written_off_on, own.id)):
        found[row.line] = (*found.get(row.line, ()), row)
    return found


def reminders(read: Read, *, study: Id, invoices: Iterable[Id]) -> tuple[ReminderRow, ...]:
    """Return the words with the other party about those invoices, the newest first. One statement."""
    own, person = Reminder.TABLE.c, Person.TABLE.c
    rows = read.rows(
        sa.select(Reminder.TABLE, person.name.label("owner_name"))
        .outerjoin(Person.TABLE, person.id == own.owner)
        .where(own.study == study, own.invoice.in_(list(invoices)), ~own.voided)
        .order_by(own.reminded_on.desc(), own.id.desc())
    )
    return tuple(
        ReminderRow(
            row.id, row.invoice, row.reminded_on, row.whom, row.said, row.next_action, row.next_on, row.owner_name
        )
        for row in rows
    )


def tax_invoices(read: Read, *, study: Id) -> dict[Id, tuple[str, ...]]:
    """Return the numbers of the tax office's papers by invoice, each with its code before it. One statement."""
    own = TaxInvoice.TABLE.c
    found: dict[Id, tuple[str, ...]] = {}
    for row in read.rows(
        sa.select(own.invoice, own.number, own.code)
        .where(own.study == study, ~own.voided)
        .order_by(own.issued_on, own.number)
    ):
        said = f"{row.code} {row.number}" if row.code else row.number
        found[row.invoice] = (*found.get(row.invoice, ()), said)
    return found

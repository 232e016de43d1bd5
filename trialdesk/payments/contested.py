"""What of an invoice is contested or given up, line by line, and of which lines either can still be said."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.payments.dunning import write_offs
from trialdesk.payments.queries import InvoiceRow, LineRow, disputes, invoices
from trialdesk.payments.records import INVOICE
from trialdesk.payments.rules.wording import unit_words
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute with the invoice and the line it is about; `amount` in minor units with tax."""

    id: Id
    version: int
    invoice: str
    line: str
    raised_on: date
    grounds: str
    amount: int
    currency: str
    words: str
    resolved_on: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """What is no longer asked for of an invoice line; `amount` in minor units with tax."""

    id: Id
    version: int
    invoice: str
    line: str
    written_off_on: date
    grounds: str
    amount: int
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invoice line asks for and what became of it, in minor units with tax; `credited` is negative."""

    gross: int
    credited: int
    received: int
    written_off: int
    open: int
    currency: str


def disputed(read: Read, *, study: Id, on: date) -> tuple[Disputed, ...]:  # noqa: ARG001 - as every list is asked
    """Return a study's disputes, what is not resolved first, then the newest. Six statements."""
    lines = _lines(read, study)
    found = [
        Disputed(
            id=each.id,
            version=each.version,
            invoice=lines[each.line][0].number,
            line=_line_words(lines[each.line][1]),
            raised_on=each.raised_on,
            grounds=each.grounds,
            amount=each.amount,
            currency=each.currency,
            words=each.words,
            resolved_on=each.resolved_on,
            outcome=each.outcome,
        )
        for each in disputes(read, study=study)
        if each.line in lines
    ]
    found.reverse()
    return tuple(sorted(found, key=lambda each: each.resolved_on is not None))


def written_off(read: Read, *, study: Id, on: date) -> tuple[WrittenOff, ...]:  # noqa: ARG001 - as every list is asked
    """Return what was written off of a study's invoices, the newest first. Five statements."""
    lines = _lines(read, study)
    found = [
        WrittenOff(
            id=each.id,
            version=each.version,
            invoice=lines[line][0].number,
            line=_line_words(lines[line][1]),
            written_off_on=each.written_off_on,
            grounds=each.grounds,
            amount=each.amount,
            currency=each.currency,
            words=each.words,
        )
        for line, some in write_offs(read, study=study).items()
        if line in lines
        for each in some
    ]
    return tuple(sorted(found, key=lambda each: (each.written_off_on, each.invoice, each.line), reverse=True))


def asked_of(read: Read, *, study: Id, line: Id) -> Asked | None:
    """Return what an invoice line asks for and what is open of it, None for none of the study's lines.

    A line of a credit note asks for nothing. Five statements.
    """
    row, each = _lines(read, study).get(line, (None, None))
    if row is None or each is None or row.kind != INVOICE:
        return None
    return Asked(each.net + each.tax, each.credited, each.paid, each.written_off, each.open, row.currency)


def disputable_lines(read: Read, *, study: Id) -> tuple[tuple[Id, str], ...]:
    """Return the invoice lines of which a dispute can be raised, the newest invoice first, each with what it asked for.

    A line in dispute already has to be resolved first; what was paid can be contested like what is open. Five
    statements.
    """
    return tuple(
        (each.id, _("{line} · {amount}").format(line=_named(row, each), amount=_money(each.net + each.tax, row)))
        for row, each in reversed(_lines(read, study).values())
        if row.kind == INVOICE and not each.disputed
    )


def lines_to_write_off(read: Read, *, study: Id) -> tuple[tuple[Id, str], ...]:
    """Return the invoice lines of which something can be written off, the newest invoice first, with what is open.

    Five statements.
    """
    return tuple(
        (each.id, _("{line} · {amount} open").format(line=_named(row, each), amount=_money(each.open, row)))
        for row, each in reversed(_lines(read, study).values())
        if row.kind == INVOICE and each.open > 0 and not each.disputed
    )


def _lines(read: Read, study: Id) -> dict[Id, tuple[InvoiceRow, LineRow]]:
    return {line.id: (row, line) for row in invoices(read, study=study) for line in row.lines}


def _line_words(line: LineRow) -> str:
    return f"{line.rule} · {unit_words(line.unit)}"


def _named(row: InvoiceRow, line: LineRow) -> str:
    return f"{row.number} · {_line_words(line)}"


def _money(amount: int, row: InvoiceRow) -> str:
    return money_text(amount, row.currency)

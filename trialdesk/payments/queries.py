"""The ledger, certificates, invoices, receipts and disputes to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.payments.dunning import write_offs
from trialdesk.payments.records import (
    CREDIT_NOTE,
    INVOICE,
    Allocation,
    Certificate,
    Dispute,
    Entry,
    Invoice,
    InvoiceLine,
    Receipt,
)
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.certifying import CertifiedLine, lines_of
from trialdesk.payments.rules.invoicing import Asked
from trialdesk.payments.rules.ledger import Posting
from trialdesk.people.queries import names_of_accounts
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A ledger entry."""

    id: Id
    rule: str
    unit: str
    component: str
    amount: int
    currency: str
    terms: int | None
    as_of: date
    known_at: datetime
    engine: str
    reverses: Id | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate with who stands behind it; `state` is prepared, verified, attested, certified or accepted."""

    id: Id
    version: int
    contract: Id
    number: str
    as_of: date
    known_at: datetime
    lines: tuple[CertifiedLine, ...]
    sha256: str
    needs_verification: bool
    needs_attestation: bool
    prepared_by: str
    prepared_on: date
    verified_by: str | None
    verified_on: date | None
    attested_by: str | None
    attested_on: date | None
    certified_by: str | None
    certified_on: date | None
    accepted_on: date | None

    @property
    def state(self) -> str:
        """How far it has come."""
        if self.accepted_on:
            return "accepted"
        if self.certified_on:
            return "certified"
        if self.attested_on:
            return "attested"
        return "verified" if self.verified_on else "prepared"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of an invoice: what it asks, what was credited, paid and written off of it, and what is in dispute.

    Amounts of a credit note's own lines are negative and owe nothing; `original` is the line it corrects.
    """

    id: Id
    invoice: Id
    place: int
    rule: str
    unit: str
    occurred_on: date | None
    terms: int | None
    net: int
    tax: int
    credited: int
    paid: int
    disputed: bool
    original: Id | None = None
    written_off: int = 0

    @property
    def open(self) -> int:
        """What is still owed, gross."""
        return self.net + self.tax + self.credited - self.paid - self.written_off


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice or credit note with its lines."""

    id: Id
    version: int
    contract: Id
    number: str
    kind: str
    original: Id | None
    original_number: str | None
    issued_on: date
    known_at: datetime
    due_on: date | None
    currency: str
    net: int
    tax: int
    gross: int
    tax_code: str | None
    tax_rate: Decimal | None
    grounds: str | None
    parties: str
    lines: tuple[LineRow, ...]

    @property
    def open(self) -> int:
        """What is still owed of it, gross; of a credit note nothing."""
        return sum(line.open for line in self.lines) if self.kind == INVOICE else 0


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Money that arrived, and how much of it pays nothing yet."""

    id: Id
    version: int
    contract: Id
    reference: str
    value_on: date
    amount: int
    currency: str
    fees: int | None
    remarks: str | None
    applied: int
    sent: int | None = None
    sent_currency: str | None = None
    exchange: str | None = None

    @property
    def unapplied(self) -> int:
        """What no invoice line has got of it."""
        return self.amount - self.applied


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute of one invoice line."""

    id: Id
    version: int
    line: Id
    raised_on: date
    grounds: str
    amount: int
    currency: str
    words: str
    resolved_on: date | None
    outcome: str | None
    conceded: int | None
    resolution: str | None


def posted(read: Read, *, contract: Id, name: str) -> tuple[Posting, ...]:
    """Return what was posted for a contract, as postings under the contract's name. One statement."""
    own = Entry.TABLE.c
    rows = read.rows(
        sa.select(own.rule, own.unit, own.component, own.amount).where(own.contract == contract, ~own.voided)
    )
    return tuple(Posting((name, row.rule, row.unit), row.component, row.amount) for row in rows)


def entries(read: Read, *, contract: Id) -> tuple[EntryRow, ...]:
    """Return the ledger of a contract, oldest first. One statement."""
    own = Entry.TABLE.c
    return read.shaped(
        EntryRow, Entry, own.contract == contract, ~own.voided, order=(own.known_at, own.rule, own.unit, own.id)
    )


def certificates(
    read: Read, *, study: Id, contract: Id | None = None, voided: bool = False
) -> tuple[CertificateRow, ...]:
    """Return a study's certificates, or one contract's, oldest first; `voided` adds the withdrawn. Two statements."""
    own = Certificate.TABLE.c
    where = [own.study == study]
    if contract is not None:
        where.append(own.contract == contract)
    if not voided:
        where.append(~own.voided)
    names = names_of_accounts(read)
    rows = read.rows(sa.select(Certificate.TABLE).where(*where).order_by(own.known_at, own.id))
    return tuple(
        CertificateRow(
            id=row.id,
            version=row.version,
            contract=row.contract,
            number=row.number,
            as_of=row.as_of,
            known_at=row.known_at,
            lines=lines_of(row.lines),
            sha256=row.sha256,
            needs_verification=bool(row.needs_verification),
            needs_attestation=bool(row.needs_attestation),
            prepared_by=names.get(row.prepared_by, ""),
            prepared_on=row.prepared_on,
            verified_by=names.get(row.verified_by) if row.verified_by else None,
            verified_on=row.verified_on,
            attested_by=names.get(row.attested_by) if row.attested_by else None,
            attested_on=row.attested_on,
            certified_by=names.get(row.certified_by) if row.certified_by else None,
            certified_on=row.certified_on,
            accepted_on=row.accepted_on,
        )
        for row in rows
    )


def certified_lines(read: Read, *, contract: Id) -> Mapping[LineKey, CertifiedLine]:
    """Return every line that was certified, as it was certified last. One statement."""
    own = Certificate.TABLE.c
    rows = read.rows(
        sa.select(own.lines)
        .where(own.contract == contract, own.certified_on.is_not(None), ~own.voided)
        .order_by(own.certified_at, own.id)
    )
    return {line.key: line for row in rows for line in lines_of(row.lines)}


def takes_back(kind: str) -> bool:
    """Say whether a bill of that kind takes back what an invoice asked for."""
    return kind == CREDIT_NOTE


def invoices(read: Read, *, study: Id, contract: Id | None = None) -> tuple[InvoiceRow, ...]:
    """Return a study's invoices and credit notes, or one contract's, in the order of their issue. Five statements."""
    own, line = Invoice.TABLE.c, InvoiceLine.TABLE.c
    where = [own.study == study, ~own.voided, *([own.contract == contract] if contract else [])]
    rows = read.rows(sa.select(Invoice.TABLE).where(*where).order_by(own.known_at, own.series, own.place))
    numbers = {row.id: row.number for row in rows}
    lines = read.rows(
        sa.select(InvoiceLine.TABLE).where(line.study == study, ~line.voided).order_by(line.invoice, line.place)
    )
    credited: dict[Id, int] = {}
    for each in lines:
        if each.original:
            credited[each.original] = credited.get(each.original, 0) + each.net + each.tax
    paid, disputed = _paid(read, study), _disputed(read, study)
    gone = {id_: sum(each.amount for each in some) for id_, some in write_offs(read, study=study).items()}
    by_invoice: dict[Id, list[LineRow]] = {}
    for each in lines:
        by_invoice.setdefault(each.invoice, []).append(
            LineRow(
                id=each.id,
                invoice=each.invoice,
                place=each.place,
                rule=each.rule,
                unit=each.unit,
                occurred_on=each.occurred_on,
                terms=each.terms,
                net=each.net,
                tax=each.tax,
                credited=credited.get(each.id, 0),
                paid=paid.get(each.id, 0),
                disputed=each.id in disputed,
                original=each.original,
                written_off=gone.get(each.id, 0),
            )
        )
    return tuple(
        InvoiceRow(
            id=row.id,
            version=row.version,
            contract=row.contract,
            number=row.number,
            kind=row.kind,
            original=row.original,
            original_number=numbers.get(row.original) if row.original else None,
            issued_on=row.issued_on,
            known_at=row.known_at,
            due_on=row.due_on,
            currency=row.currency,
            net=row.net,
            tax=row.tax,
            gross=row.gross,
            tax_code=row.tax_code,
            tax_rate=row.tax_rate,
            grounds=row.grounds,
            parties=row.parties,
            lines=tuple(by_invoice.get(row.id, ())),
        )
        for row in rows
    )


def the_invoice(read: Read, *, study: Id, number: str | None) -> InvoiceRow:
    """Return the invoice or credit note of that number. Raises UserError if there is none. Five statements."""
    here = invoices(read, study=study)
    for row in here:
        if number in {row.number, row.id}:
            return row
    raise UserError(
        _("The study has no invoice “{number}”.").format(number=number or ""),
        remedy=_("Its invoices: {numbers}.").format(numbers=", ".join(row.number for row in here) or _("none")),
    )


def asked_lines(read: Read, *, study: Id, contract: Id) -> tuple[Asked, ...]:
    """Return every invoice line with the net that is left of it after the credit notes so far. Two statements."""
    own, line = Invoice.TABLE.c, InvoiceLine.TABLE.c
    order = {
        row.id: place
        for place, row in enumerate(
            read.rows(
                sa.select(own.id)
                .where(own.study == study, own.contract == contract, ~own.voided)
                .order_by(own.known_at, own.series, own.place)
            )
        )
    }
    rows = [
        row
        for row in read.rows(sa.select(InvoiceLine.TABLE).where(line.study == study, ~line.voided))
        if row.invoice in order
    ]
    credited: dict[Id, int] = {}
    for row in rows:
        if row.original:
            credited[row.original] = credited.get(row.original, 0) + row.net
    return tuple(
        Asked(row.invoice, row.id, (row.rule, row.unit), row.occurred_on, row.net + credited.get(row.id, 0))
        for row in sorted(rows, key=lambda row: (order[row.invoice], row.place))
        if row.original is None
    )


def receipts(read: Read, *, study: Id, contract: Id | None = None) -> tuple[ReceiptRow, ...]:
    """Return a study's receipts, or one contract's, by value date. Two statements."""
    own, part = Receipt.TABLE.c, Allocation.TABLE.c
    where = [own.study == study, ~own.voided, *([own.contract == contract] if contract else [])]
    applied = {
        row.receipt: int(row.applied)
        for row in read.rows(
            sa.select(part.receipt, sa.func.sum(part.amount).label("applied"))
            .where(part.study == study, ~part.voided)
            .group_by(part.receipt)
        )
    }
    rows = read.rows(sa.select(Receipt.TABLE).where(*where).order_by(own.value_on, own.id))
    return tuple(
        ReceiptRow(
            row.id,
            row.version,
            row.contract,
            row.reference,
            row.value_on,
            row.amount,
            row.currency,
            row.fees,
            row.remarks,
            applied.get(row.id, 0),
            row.sent,
            row.sent_currency,
            row.exchange,
        )
        for row in rows
    )


def disputes(read: Read, *, study: Id) -> tuple[DisputeRow, ...]:
    """Return a study's disputes, oldest first. One statement."""
    own = Dispute.TABLE.c
    return read.shaped(DisputeRow, Dispute, own.study == study, ~own.voided, order=(own.raised_on, own.id))


def disputed_keys(read: Read, *, study: Id) -> frozenset[LineKey]:
    """Return the lines of which something is in dispute. Two statements."""
    line = InvoiceLine.TABLE.c
    open_ = _disputed(read, study)
    rows = read.rows(sa.select(line.rule, line.unit).where(line.id.in_(open_)))
    return frozenset((row.rule, row.unit) for row in rows)


def _paid(read: Read, study: Id) -> dict[Id, int]:
    own = Allocation.TABLE.c
    rows = read.rows(
        sa.select(own.line, sa.func.sum(own.amount).label("paid"))
        .where(own.study == study, ~own.voided)
        .group_by(own.line)
    )
    return {row.line: int(row.paid) for row in rows}


def _disputed(read: Read, study: Id) -> frozenset[Id]:
    own = Dispute.TABLE.c
    rows = read.rows(sa.select(own.line).where(own.study == study, own.resolved_on.is_(None), ~own.voided))
    return frozenset(row.line for row in rows)

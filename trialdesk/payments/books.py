"""A contract's books: what is earned, posted, invoiced and received, which must agree to the last minor unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, the_contract
from trialdesk.payments.cases import terms_of
from trialdesk.payments.dunning import write_offs
from trialdesk.payments.owed import Statement, certified_now, statement
from trialdesk.payments.queries import (
    EntryRow,
    InvoiceRow,
    asked_lines,
    disputed_keys,
    disputes,
    entries,
    invoices,
    receipts,
)
from trialdesk.payments.records import INVOICE, Allocation, Receipt
from trialdesk.payments.rules.assess import Totals
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.certifying import due_lines, due_of
from trialdesk.payments.rules.invoicing import Fall, Rise, differences
from trialdesk.payments.rules.ledger import HOLD_IN, HOLD_OUT, postings
from trialdesk.payments.rules.receivables import (
    Billed,
    Open,
    Pause,
    aged,
    days_outstanding,
    days_to_pay,
    interest,
    open_parts,
)
from trialdesk.payments.rules.terms import Terms
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Owing:
    """An invoice on a day, in minor units, gross: asked, credited, received, written off; what is open."""

    number: str
    issued_on: date
    due_on: date | None
    gross: int
    credited: int
    received: int
    written_off: int
    open: int
    interest: int


@dataclass(frozen=True, slots=True)
class Receivables:
    """What is open under a contract on a day. `sums` are by age; `days_to_pay` is this party's own average.

    `days_outstanding` are the days sales outstanding.
    """

    contract: ContractRow
    on: date
    invoices: tuple[Owing, ...]
    parts: tuple[Open, ...]
    sums: Mapping[str, int]
    unapplied: int
    days_to_pay: int | None
    days_outstanding: int | None


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line through the books, in minor units: payable by the facts, posted, asked for net of credits.

    `ready` is certified and can be invoiced, `uncertified` waits for a certificate, `to_credit` is asked for and not
    owed (negative).
    """

    rule: str
    unit: str
    payable: int
    posted: int
    invoiced: int
    ready: int
    uncertified: int
    to_credit: int
    late: bool = False
    """Whether it happened after the contract had ended, so that nobody can certify it."""

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be done about it."""
        return self.payable == self.posted == self.invoiced


@dataclass(frozen=True, slots=True)
class Books:
    """A contract's books as of a day, in minor units. What the sums must be stands in `reporting`'s reconciliation."""

    contract: ContractRow
    as_of: date
    known_at: datetime
    engine: str
    totals: Totals
    lines: tuple[BookLine, ...]
    held_out: int
    held_in: int
    posted: int
    net: int
    tax: int
    gross: int
    received: int
    written_off: int
    arrived: int
    fees: int
    unapplied: int
    receivables: Receivables


def receivables(read: Read, *, study: Id, contract: str | None = None, on: date) -> Receivables:
    """Return what is open of a contract's invoices at the end of a day, with the interest its terms ask for.

    Invoices and credit notes issued, money that arrived and disputes raised or resolved later are not seen. Some ten
    statements. Raises UserError where there is no such contract.
    """
    row = the_contract(read, study=study, number=contract)
    issued = [each for each in invoices(read, study=study, contract=row.id) if each.issued_on <= on]
    paid = _paid(read, study)
    lines = tuple(_billed(read, study, row, issued, paid))
    parts = open_parts(lines, on)
    late = interest(lines, on)
    arrived = [each for each in receipts(read, study=study, contract=row.id) if each.value_on <= on]
    day_of = {line.id: each.issued_on for each in issued for line in each.lines}
    applied = sum(amount for line in lines for day, amount in line.paid if day <= on)
    found = []
    for each in issued:
        if each.kind != INVOICE:
            continue
        own = [line for line in lines if line.invoice == each.number]
        found.append(
            Owing(
                number=each.number,
                issued_on=each.issued_on,
                due_on=each.due_on,
                gross=each.gross,
                credited=sum(amount for line in own for _day, amount in line.credits),
                received=sum(amount for line in own for day, amount in line.paid if day <= on),
                written_off=sum(amount for line in own for day, amount in line.written_off if day <= on),
                open=sum(part.amount for part in parts if part.invoice == each.number),
                interest=late.get(each.number, 0),
            )
        )
    return Receivables(
        contract=row,
        on=on,
        invoices=tuple(found),
        parts=parts,
        sums=aged(parts),
        unapplied=sum(each.amount for each in arrived) - applied,
        days_to_pay=days_to_pay((day_of[line.line], [each for each in line.paid if each[0] <= on]) for line in lines),
        days_outstanding=days_outstanding(
            [(each.issued_on, each.gross) for each in issued], sum(part.amount for part in parts), on
        ),
    )


def reconciled(read: Read, *, study: Id, contract: str | None = None, as_of: date, known_at: datetime) -> Books:
    """Return a contract's books. Some thirty statements. Raises UserError where there is no such contract."""
    row = the_contract(read, study=study, number=contract)
    found = statement(read, study=study, contract=row.id, as_of=as_of, known_at=known_at)
    issued = invoices(read, study=study, contract=row.id)
    ledger = entries(read, contract=row.id)
    arrived = receipts(read, study=study, contract=row.id)
    return Books(
        contract=row,
        as_of=as_of,
        known_at=known_at,
        engine=found.assessment.engine,
        totals=found.assessment.totals,
        lines=_lines(read, study, row, found, ledger),
        held_out=-sum(each.amount for each in ledger if each.component == HOLD_OUT),
        held_in=sum(each.amount for each in ledger if each.component == HOLD_IN),
        posted=sum(each.amount for each in ledger),
        net=sum(each.net for each in issued),
        tax=sum(each.tax for each in issued),
        gross=sum(each.gross for each in issued),
        received=sum(line.paid for each in issued for line in each.lines),
        written_off=sum(line.written_off for each in issued for line in each.lines),
        arrived=sum(each.amount for each in arrived),
        fees=sum(each.fees or 0 for each in arrived),
        unapplied=sum(each.unapplied for each in arrived),
        receivables=receivables(read, study=study, contract=row.id, on=as_of),
    )


Differences = tuple[tuple[Rise, ...], tuple[Fall, ...]]


def asking(read: Read, *, study: Id, found: Statement) -> Differences:
    """Return what an invoice could ask for now under a statement's contract and what credit notes are to take back.

    Three statements. A paper and the act that issues the invoice must not tell two things.
    """
    certified = certified_now(read, found)
    due = [due_of(line, certified.get(line.key)) for line in due_lines(found.assessment)]
    asked = asked_lines(read, study=study, contract=found.contract)
    return differences(due, asked, disputed_keys(read, study=study))


def _lines(
    read: Read, study: Id, row: ContractRow, found: Statement, ledger: Sequence[EntryRow]
) -> tuple[BookLine, ...]:
    posted: Counter[LineKey] = Counter()
    for entry in ledger:
        posted[entry.rule, entry.unit] += entry.amount
    owed: Counter[LineKey] = Counter()
    for posting in postings(found.assessment):
        owed[posting.key[1], posting.key[2]] += posting.amount
    invoiced: Counter[LineKey] = Counter()
    for line in asked_lines(read, study=study, contract=row.id):
        invoiced[line.key] += line.left
    rises, falls = asking(read, study=study, found=found)
    ready: Counter[LineKey] = Counter()
    for rise in rises:
        ready[rise.key] += rise.net
    to_credit: Counter[LineKey] = Counter()
    for fall in falls:
        to_credit[fall.key] += fall.net
    late = {line.unit.line for line in found.assessment.lines if found.is_late(line)}
    return tuple(
        BookLine(
            rule=key[0],
            unit=key[1],
            payable=owed[key],
            posted=posted[key],
            invoiced=invoiced[key],
            ready=ready[key],
            uncertified=owed[key] - invoiced[key] - to_credit[key] - ready[key],
            to_credit=to_credit[key],
            late=key in late,
        )
        for key in sorted({*posted, *owed, *invoiced})
    )


def _billed(
    read: Read,
    study: Id,
    contract: ContractRow,
    issued: Sequence[InvoiceRow],
    paid: Mapping[Id, Sequence[tuple[date, int]]],
) -> Iterator[Billed]:
    versions = terms_of(read, contract)
    raised: dict[Id, list[Pause]] = {}
    for each in disputes(read, study=study):
        raised.setdefault(each.line, []).append(Pause(each.raised_on, each.resolved_on, each.amount))
    given_up = write_offs(read, study=study)
    credits_: dict[Id, list[tuple[date, int]]] = {}
    for note in issued:
        for line in note.lines:
            if line.original:
                credits_.setdefault(line.original, []).append((note.issued_on, line.net + line.tax))
    for invoice in issued:
        rate = late_interest(versions, invoice.issued_on)
        for line in invoice.lines if invoice.kind == INVOICE else ():
            yield Billed(
                invoice=invoice.number,
                line=line.id,
                gross=line.net + line.tax,
                due_on=invoice.due_on,
                credits=tuple(credits_.get(line.id, ())),
                paid=tuple(paid.get(line.id, ())),
                disputes=tuple(raised.get(line.id, ())),
                interest=rate,
                written_off=tuple((each.written_off_on, each.amount) for each in given_up.get(line.id, ())),
            )


def late_interest(versions: Sequence[Terms], on: date) -> Fraction | None:
    """Return the daily rate of the version in force when an invoice was issued; guards ask about participants."""
    known = [terms for terms in versions if terms.effective_from <= on]
    latest = max(known, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)
    return latest.late_interest if latest else None


def _paid(read: Read, study: Id) -> dict[Id, list[tuple[date, int]]]:
    """Return what was paid of each line by value date. One statement."""
    own, receipt = Allocation.TABLE.c, Receipt.TABLE.c
    rows = read.rows(
        sa.select(own.line, own.amount, receipt.value_on)
        .join(Receipt.TABLE, receipt.id == own.receipt)
        .where(own.study == study, ~own.voided, ~receipt.voided)
        .order_by(receipt.value_on, own.id)
    )
    found: dict[Id, list[tuple[date, int]]] = {}
    for row in rows:
        found.setdefault(row.line, []).append((row.value_on, row.amount))
    return found

"""What an invoice or credit note says: who, for what, and how each line comes to its amount.

Reckoned as it was known when it was issued, whatever has become known since; the amounts asked for are the record's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import the_contract
from trialdesk.payments.achievement import worded
from trialdesk.payments.dunning import tax_invoices
from trialdesk.payments.owed import Statement, site_numbers, statement
from trialdesk.payments.queries import InvoiceRow, LineRow, certificates, invoices, the_invoice
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.lines import Line, price_of
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Corrected:
    """The invoice line that a credit note's line takes back, and what it asked for."""

    place: int
    issued_on: date
    net: int


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as it was issued, in minor units.

    Of an invoice, `price` times `factor` and `overhead` make the `line`; less what is `withheld` (held back or
    forfeited) and what was asked for `before`, it is `net`. An amount for the whole study has neither price nor factor.
    """

    place: int
    rule: str
    unit: str
    on: date | None
    terms: int | None
    net: int
    price: int | None = None
    factor: str | None = None
    overhead: int = 0
    line: int | None = None
    before: int = 0
    corrects: Corrected | None = None
    site: str | None = None
    """The number of the site, where it is paid for what a site did and not a participant."""

    @property
    def withheld(self) -> int:
        """What is held back or forfeited of the line, or not certified yet."""
        return 0 if self.line is None else self.line - self.before - self.net


@dataclass(frozen=True, slots=True)
class Deliverable:
    """What the terms say of a rule that is billed: pairs of a name and words by language, what is paid for first."""

    rule: str
    terms: int
    wording: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Bill:
    """The facts of an invoice or credit note. `late_interest` is the share of what is overdue, a day, as a text."""

    number: str
    kind: str
    corrects: str | None
    corrects_of: date | None
    grounds: str | None
    contract: str
    terms: tuple[int, ...]
    purchase_order: str | None
    certificates: tuple[str, ...]
    tax_invoices: tuple[str, ...]
    issued_on: date
    net_days: int | None
    due_on: date | None
    late_interest: str | None
    seller: dict[str, str]
    buyer: dict[str, str]
    currency: str
    lines: tuple[BilledLine, ...]
    deliverables: tuple[Deliverable, ...]
    net: int
    tax_code: str | None
    tax_rate: Decimal | None
    tax: int
    gross: int

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day on which something happened that is billed."""
        days = [line.on for line in self.lines if line.on]
        return (min(days), max(days)) if days else None


def bill(read: Read, *, study: Id, number: str | None = None) -> Bill | None:
    """Return the invoice of that number, else the one issued last; None if none was issued. Some fifteen statements.

    Raises UserError for a number that no invoice has.
    """
    issued = invoices(read, study=study)
    if number is None and not issued:
        return None
    row = the_invoice(read, study=study, number=number) if number else issued[-1]
    contract = the_contract(read, study=study, number=row.contract)
    known = statement(
        read, study=study, contract=row.contract, as_of=row.issued_on, known_at=row.known_at, certified_only=True
    )
    original = next((each for each in issued if each.id == row.original), None)
    numbers = site_numbers(read, study=study)
    lines = tuple(_lines(row, known, _before(row, issued), original, numbers))
    parties = json.loads(row.parties)
    rules = list(dict.fromkeys((line.rule, line.terms) for line in lines if line.terms is not None))
    terms = known.assessment.case.terms
    late = next((each.late_interest for each in terms if rules and each.no == max(no for _code, no in rules)), None)
    return Bill(
        number=row.number,
        kind=row.kind,
        corrects=row.original_number,
        corrects_of=original.issued_on if original else None,
        grounds=row.grounds,
        contract=contract.number,
        terms=tuple(sorted({no for _rule, no in rules})),
        purchase_order=contract.purchase_order,
        certificates=_certificates(read, study, row),
        tax_invoices=tax_invoices(read, study=study).get(row.id, ()),
        issued_on=row.issued_on,
        net_days=(row.due_on - row.issued_on).days if row.due_on else None,
        due_on=row.due_on,
        late_interest=str(late) if late is not None else None,
        seller=parties["seller"],
        buyer=parties["buyer"],
        currency=row.currency,
        lines=lines,
        deliverables=tuple(
            Deliverable(rule.code, each.no, worded(rule, row.currency))
            for each in terms
            for rule in each.rules
            if (rule.code, each.no) in rules
        ),
        net=row.net,
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
        tax=row.tax,
        gross=row.gross,
    )


def _before(row: InvoiceRow, issued: Sequence[InvoiceRow]) -> dict[LineKey, int]:
    """Return what invoices before this one, less what they were credited, had asked for each unit."""
    found: dict[LineKey, int] = {}
    for other in issued:
        if other.contract == row.contract and (other.known_at, other.id) < (row.known_at, row.id):
            for line in other.lines:
                found[line.rule, line.unit] = found.get((line.rule, line.unit), 0) + line.net
    return found


def _lines(
    row: InvoiceRow,
    known: Statement,
    before: Mapping[LineKey, int],
    original: InvoiceRow | None,
    numbers: Mapping[Id, str],
) -> Iterator[BilledLine]:
    reckoned: dict[LineKey, Line] = {line.unit.line: line for line in known.assessment.lines}
    of_study = {each.line: each.amount for each in known.assessment.study_level}
    corrected: dict[Id, LineRow] = {line.id: line for line in original.lines} if original else {}
    for each in row.lines:
        key = each.rule, each.unit
        if each.original:
            assert original is not None, "a credit note names an invoice"
            was = corrected[each.original]
            told = Corrected(was.place, original.issued_on, was.net)
            yield BilledLine(each.place, *key, each.occurred_on, was.terms, each.net, corrects=told)
        elif (line := reckoned.get(key)) is not None:
            yield BilledLine(
                each.place,
                *key,
                each.occurred_on,
                each.terms,
                each.net,
                price=price_of(line),
                factor=str(line.complete * line.window * line.grade),
                overhead=line.overhead,
                line=line.amount,
                before=before.get(key, 0),
                site=known.site_of(line, numbers),
            )
        else:
            yield BilledLine(
                each.place,
                *key,
                each.occurred_on,
                each.terms,
                each.net,
                line=of_study.get(key),
                before=before.get(key, 0),
            )


def _certificates(read: Read, study: Id, row: InvoiceRow) -> tuple[str, ...]:
    """Return the numbers of the certificates that the lines rest on: of each line, the one certified last by then."""
    wanted = {(line.rule, line.unit) for line in row.lines}
    by_line: dict[LineKey, str] = {}
    for each in certificates(read, study=study, contract=row.contract):
        if each.certified_on is not None and each.certified_on <= row.issued_on:
            by_line.update({line.key: each.number for line in each.lines if line.key in wanted})
    return tuple(sorted(set(by_line.values())))

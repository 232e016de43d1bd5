"""What could be invoiced now, and the credit notes on earlier invoices (step 14).

A rise goes to the document, a fall to credit notes of the invoices that asked for it, the latest first. The two are
never netted. An amount is known by its line: a rule's code and a unit's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from trialdesk.base.money import rounded
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.case import Case, Certificate, Credited, Invoice, LineKey, Tax

DAY = attrgetter("on")
INVOICE, CREDIT_NOTE, NOTHING = "invoice", "credit_note", "none"


class Asked(NamedTuple):
    """What a line comes to at some instant: its money, and the day of its trigger fact if it has one.

    `signed` tells a penalty, which may be negative and is corrected in the next document.
    """

    pay: int
    dated: date | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice that could be written now, or a credit note, whose amounts are negative. `lines` add up to `net`."""

    type: str
    net: int
    tax: int
    lines: Mapping[LineKey, int] = field(default_factory=dict)
    of: str | None = None

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax


@dataclass(slots=True)
class _Billed:
    """What an invoice still asks for of one line, and the day the line had then."""

    invoice: str
    line: LineKey
    rest: int
    dated: date | None
    signed: bool


_Bills = dict[LineKey, list[_Billed]]


def counting(case: Case, as_of: date, known_on: date) -> tuple[Invoice, ...]:
    """Return the invoices that count: of a day up to `as_of` and up to the day of knowledge, earliest first."""
    return tuple(sorted((each for each in case.invoiced if each.on <= min(as_of, known_on)), key=DAY))


def certified_on(case: Case, as_of: date, known_on: date) -> dict[LineKey, date]:
    """Return the day on which each line was certified first; an invoiced line counts as certified."""
    days: dict[LineKey, date] = {}
    certifying: list[Certificate | Invoice] = [*(case.certified or ()), *case.invoiced]
    for each in sorted(certifying, key=DAY):
        if each.on <= min(as_of, known_on):
            for line in each.lines:
                days.setdefault(line, each.on)
    return days


def documents(
    case: Case,
    as_of: date,
    known_on: date,
    now: Mapping[LineKey, Asked],
    then: Callable[[date], Mapping[LineKey, Asked]],
) -> tuple[Document, tuple[Document, ...]]:
    """Return what could be invoiced now, and the corrections of earlier invoices.

    `now` is what each line comes to; `then` gives the same at the end of an earlier day, on the knowledge of that day.
    """
    invoices = counting(case, as_of, known_on)
    billed = _history(case, invoices, min(as_of, known_on), then)
    allowed = None if case.certified is None else certified_on(case, as_of, known_on).keys()
    wanted = {}
    for line, asked in now.items():
        rise = asked.pay if line not in billed and asked.pay >= 0 else _rise(asked, billed.get(line, ()))
        if rise and (allowed is None or line in allowed):
            wanted[line] = rise
    of_invoice: dict[str, list[tuple[_Billed, int]]] = {invoice.no: [] for invoice in invoices}
    for each, rest in _after_credits(billed, now):
        of_invoice[each.invoice].append((each, rest))
    corrections = tuple(
        _correction(no, left, case.tax)
        for no, left in of_invoice.items()
        if any(each.rest != rest for each, rest in left)
    )
    return _document(wanted, case.tax), corrections


def tax_on(amounts: Iterable[int], tax: Tax | None) -> int:
    """Return the tax on the lines of a document, rounded once for the document or once for each line."""
    if tax is None:
        return 0
    if tax.per_line:
        return sum(rounded(amount * tax.rate, tax.rounding) for amount in amounts)
    return rounded(Fraction(sum(amounts)) * tax.rate, tax.rounding)


def _correction(invoice: str, left: Iterable[tuple[_Billed, int]], tax: Tax | None) -> Document:
    """Return the credit note that leaves so much of each line; its tax is the difference on the whole invoice."""
    left = list(left)
    falls = {each.line: rest - each.rest for each, rest in left if rest != each.rest}
    tax_less = tax_on([rest for _each, rest in left], tax) - tax_on([each.rest for each, _rest in left], tax)
    return Document(CREDIT_NOTE, sum(falls.values()), tax_less, falls, invoice)


def _document(lines: Mapping[LineKey, int], tax: Tax | None) -> Document:
    net = sum(lines.values())
    type_ = INVOICE if net > 0 else CREDIT_NOTE if net < 0 else NOTHING
    return Document(type_, net, tax_on(lines.values(), tax), lines)


def _history(
    case: Case, invoices: Iterable[Invoice], until: date, then: Callable[[date], Mapping[LineKey, Asked]]
) -> _Bills:
    """Return what each invoice still asks for, after the credit notes already issued."""
    billed: _Bills = {}
    notes = (each for each in case.credited if each.on <= until)
    events: list[Invoice | Credited] = [*invoices, *notes]
    for event in sorted(events, key=DAY):  # the sort is stable: of one day, invoices come first
        if isinstance(event, Credited):
            _take(billed, event, then)
            continue
        if event.asked is not None:
            for line, (net, dated) in event.asked.items():
                billed.setdefault(line, []).append(_Billed(event.no, line, net, dated, signed=net < 0))
            continue
        asked = then(event.on)
        for line in dict.fromkeys(event.lines):
            found = asked.get(line, Asked(0))
            rise = _rise(found, billed.get(line, ()))
            if rise:
                billed.setdefault(line, []).append(_Billed(event.no, line, rise, found.dated, found.signed))
    return billed


def _take(billed: _Bills, note: Credited, then: Callable[[date], Mapping[LineKey, Asked]]) -> None:
    """Take a credit note off what its invoice still asks for."""
    if note.taken is None:
        for each, rest in _after_credits(billed, then(note.on)):
            each.rest = rest if each.invoice == note.of else each.rest
        return
    for line, net in note.taken.items():
        for each in billed.get(line, ()):
            each.rest += net if each.invoice == note.of else 0


def _rise(asked: Asked, billed: Iterable[_Billed]) -> int:
    """Return what a line comes to beyond what was billed for its day."""
    rise = asked.pay
    for each in billed:
        if each.dated == asked.dated:
            rise -= each.rest
    return rise if asked.signed else max(rise, 0)


def _after_credits(billed: _Bills, asked: Mapping[LineKey, Asked]) -> list[tuple[_Billed, int]]:
    """Return, with each billed line, what is left of it once it is credited down to what it comes to.

    What was billed for another day is credited in full.
    """
    left: dict[LineKey, int] = {}
    after = []
    for each in chain.from_iterable(billed.values()):
        # Of a line the earliest comes first: what remains due covers it, so that the latest is credited first.
        if each.signed:
            after.append((each, each.rest))
            continue
        due = asked.get(each.line, Asked(0))
        still_due = left.get(each.line, due.pay)
        rest = min(each.rest, max(still_due, 0)) if due.dated == each.dated else 0
        left[each.line] = still_due - rest
        after.append((each, rest))
    return after

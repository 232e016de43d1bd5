"""Does every sum of a pack again and says what differs; where nothing does, every amount follows from the facts.

Each thing is recomputed as it was known when it was done: a posting at its own instant, a certificate at its
knowledge, an invoice on the day of its issue with the certificates and invoices before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from trialdesk.base.canonical import digest
from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.money import plain_money
from trialdesk.base.values import dataclass
from trialdesk.payments.cases import framed
from trialdesk.payments.pack.contents import CREDIT_NOTE, ORIGINAL, Bill, BillLine, Pack, Signed
from trialdesk.payments.projection import Told
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import ENGINE, Assessment, assess
from trialdesk.payments.rules.case import Case, Certificate, Credited, Invoice, LineKey, read_case, with_facts
from trialdesk.payments.rules.certifying import CertifiedLine, as_text, due_lines, due_of, to_certify, vouched
from trialdesk.payments.rules.documents import tax_on
from trialdesk.payments.rules.invoicing import Asked, Fall, Rise, differences
from trialdesk.payments.rules.ledger import postings
from trialdesk.payments.terms import visit_names

EVALUATORS: Mapping[str, Callable[[Case, date, datetime], Assessment]] = {ENGINE: assess}
"""By version, every evaluator that ever posted: a new one is added, none is taken away."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not follow: in which file, of what, what stands there and what is found instead."""

    file: str
    what: str
    said: str
    found: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What was done again, and what differs. `assessment` is what the facts come to as of the pack's day."""

    assessment: Assessment
    facts: int
    lines: int
    entries: int
    certificates: int
    invoices: int
    differences: tuple[Difference, ...]


def recompute(pack: Pack) -> Recomputed:
    """Recompute a pack. Raises UserError for terms or facts that cannot be read, and for an unknown evaluator."""
    for engine in sorted(
        {pack.head.engine, *(each.engine for each in pack.ledger), *(each.engine for each in pack.certificates)}
    ):
        if engine not in EVALUATORS:
            raise UserError(
                _("It was reckoned by evaluator {engine}, which this program does not have.").format(engine=engine),
                remedy=_("Recompute it with the version of the program that wrote it, or a newer one."),
            )
    books = _Books(pack)
    told = EVALUATORS[pack.head.engine](books.case(pack.head.known_at), pack.head.as_of, pack.head.known_at)
    found = [
        *_head(pack),
        *_evidence(books),
        *_told("assessment.json", pack.told, answer(told, ledger=True), pack.head.exponent),
        *_told("case.yaml", answer(_as_written(books), ledger=True), answer(told, ledger=True), pack.head.exponent),
        *_ledger(books),
        *_certificates(books),
        *_invoices(books),
        *_payments(books),
    ]
    return Recomputed(
        told,
        len(books.facts.facts),
        len(told.lines),
        len(pack.ledger),
        len(pack.certificates),
        len(pack.invoices),
        tuple(found),
    )


class _Books:
    """A pack with its case as it was known at any instant, and its documents by number."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.lines: dict[str, list[BillLine]] = {each.number: [] for each in pack.invoices}
        for line in pack.invoice_lines:
            if line.invoice not in self.lines:
                raise UserError(
                    _("There is no invoice {number}.").format(number=line.invoice), where="invoice_lines.csv"
                )
            self.lines[line.invoice].append(line)
        for bill in pack.invoices:
            if bill.kind not in {ORIGINAL, CREDIT_NOTE} or (bill.original or bill.number) not in self.lines:
                raise UserError(_("There is no invoice {number}.").format(number=bill.original), where="invoices.csv")

    @cached_property
    def whole(self) -> Case:
        """The case as it is written in the pack."""
        return read_case(self.pack.case, "case.yaml")

    @cached_property
    def facts(self) -> Told:
        """The facts, with planned visits by their ids: what terms call them depends on which terms were known."""
        planned = {each.fact: each.planned_visit for each in self.pack.evidence if each.planned_visit}
        names: dict[str, list[str]] = {}
        for each in self.pack.visits:
            names.setdefault(each.planned_visit, []).append(each.name)
        named = tuple(replace(fact, visit=planned.get(fact.id, fact.visit)) for fact in self.whole.facts)
        return Told(named, {}, (), {visit: tuple(each) for visit, each in names.items()})

    @cached_property
    def _records(self) -> Mapping[str, str]:
        return {each.fact: each.record for each in self.pack.evidence}

    def told_by(self, fact: str) -> str | None:
        """Return which record tells a fact."""
        return self._records.get(fact)

    def case(self, known_at: datetime, *, before: Sequence[Bill] | None = None, certified_only: bool = False) -> Case:
        """Return the case as known at an instant, as a desk has it; `before` are the documents there were by then."""
        head = self.pack.head
        versions = sorted(self.pack.terms, key=lambda each: each.number)
        known = [(each.number, self.pack.texts[each.number], each.recorded_at) for each in versions]
        frame = framed(head.contract, head.currency, [each for each in known if each[2] <= known_at])
        signed = tuple(
            Certificate(each.certified_on, tuple(line.key for line in each.lines))
            for each in self.signed(known_at)
            if each.certified_on
        )
        bills = [each for each in self.pack.invoices if each.known_at <= known_at] if before is None else before
        case = replace(
            frame,
            certified=signed if signed or certified_only else None,
            invoiced=tuple(self._invoice(each) for each in bills if each.kind == ORIGINAL),
            credited=tuple(self._credited(each) for each in bills if each.kind == CREDIT_NOTE),
        )
        facts = tuple(fact for fact in self.facts.facts if fact.recorded_at <= known_at)
        return with_facts(case, replace(self.facts, facts=facts).named(visit_names(case)))

    def signed(self, known_at: datetime) -> list[Signed]:
        """Return what was certified by an instant."""
        return [each for each in self.pack.certificates if each.certified_at and each.certified_at <= known_at]

    def certified_lines(self, known_at: datetime, *, but: str = "") -> dict[LineKey, CertifiedLine]:
        """Return every line that was certified by an instant, as it was certified last; `but` names one left out."""
        return {line.key: line for each in self.signed(known_at) if each.number != but for line in each.lines}

    def _invoice(self, bill: Bill) -> Invoice:
        asked = {(line.rule, line.unit): (line.net, line.occurred_on) for line in self.lines[bill.number]}
        return Invoice(bill.number, bill.issued_on, tuple(asked), asked)

    def _credited(self, bill: Bill) -> Credited:
        taken = {(line.rule, line.unit): line.net for line in self.lines[bill.number]}
        return Credited(bill.number, bill.original or "", bill.issued_on, taken)


def _as_written(books: _Books) -> Assessment:
    """Assess the case file of the pack as it is, with what the invoices asked for."""
    there = books.case(books.pack.head.known_at)
    own = replace(books.whole, invoiced=there.invoiced, credited=there.credited)
    return EVALUATORS[books.pack.head.engine](own, books.pack.head.as_of, books.pack.head.known_at)


def _head(pack: Pack) -> Iterator[Difference]:
    exponent = EXPONENTS.get(pack.head.currency)
    if exponent != pack.head.exponent:
        what = _("decimals of {currency}").format(currency=pack.head.currency)
        yield Difference("manifest.json", what, str(pack.head.exponent), str(exponent))
    for each in pack.terms:
        found = digest(pack.texts[each.number].encode())
        if found != each.sha256:
            what = _("text of version {number}").format(number=each.number)
            yield Difference("terms.csv", what, each.sha256, found)


def _evidence(books: _Books) -> Iterator[Difference]:
    facts = {fact.id for fact in books.whole.facts}
    shown = {each.fact for each in books.pack.evidence}
    for fact in sorted(facts - shown):
        yield Difference("evidence.csv", fact, _("no record"), _("a fact"))
    for fact in sorted(shown - facts):
        yield Difference("case.yaml", fact, _("no fact"), _("a record"))


_COMPARED = ("lines", "study_level", "corrections", "ledger")
_SILENT = frozenset({"why_not_more"})
"""Words explain amounts; they may be said better one day."""


def _told(file: str, said: Mapping[str, Any], found: Mapping[str, Any], exponent: int) -> Iterator[Difference]:
    """Compare two assessments, line by line and field by field."""
    for part in _COMPARED:
        before, after = (_named(each.get(part)) for each in (said, found))
        for name in sorted({*before, *after}):
            yield from _fields(file, f"{part} {name}", before.get(name), after.get(name), exponent)
    for part in ("totals", "document"):
        yield from _fields(file, part, said.get(part), found.get(part), exponent)


def _named(rows: Any) -> dict[str, Mapping[str, Any]]:
    named: dict[str, Mapping[str, Any]] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        own = row if isinstance(row, dict) else {}
        parts = [*own.get("key", ())] if isinstance(own.get("key"), list) else []
        parts += [own.get(key) for key in ("rule", "unit", "component", "of")]
        name = " ".join(str(each) for each in parts if each) or str(number)
        named[name] = {key: value for key, value in own.items() if key not in _SILENT}
    return named


_MONEY = frozenset({"base", "overhead", "line", "hold", "pay", "amount", "net", "tax", "gross"})


def _fields(file: str, what: str, said: Any, found: Any, exponent: int) -> Iterator[Difference]:
    if not isinstance(said, dict) or not isinstance(found, dict):
        if said != found:
            yield Difference(file, what, _("nothing") if said is None else "…", _("nothing") if found is None else "…")
        return
    for key in sorted({*said, *found}):
        pair = said.get(key), found.get(key)
        if pair[0] != pair[1]:
            cash = key in _MONEY or what == "totals"
            words = [
                plain_money(each, exponent) if cash and type(each) is int else "–" if each is None else str(each)
                for each in pair
            ]
            yield Difference(file, f"{what} {key}", words[0], words[1])


def _ledger(books: _Books) -> Iterator[Difference]:
    """Post again, at the instant of each posting, on top of what was posted before."""
    sums: Counter[tuple[str, str, str]] = Counter()
    exponent = books.pack.head.exponent
    yield from _posted_once(books)
    in_order = sorted(books.pack.ledger, key=lambda each: each.known_at)
    for (known_at, as_of, engine), group in groupby(in_order, lambda each: (each.known_at, each.as_of, each.engine)):
        for each in group:
            sums[each.rule, each.unit, each.component] += each.amount
            if each.currency != books.pack.head.currency:
                what = f"{each.rule} {each.unit} {each.component}"
                yield Difference("ledger.csv", what, each.currency, books.pack.head.currency)
        told = EVALUATORS[engine](books.case(known_at), as_of, known_at)
        owed: Counter[tuple[str, str, str]] = Counter()
        for posting in postings(told):
            owed[posting.key[1], posting.key[2], posting.component] += posting.amount
        for key in sorted({*sums, *owed}):
            if sums[key] != owed[key]:
                what = _("{line}, posted as of {day}").format(line=" ".join(key), day=as_of)
                yield Difference("ledger.csv", what, plain_money(sums[key], exponent), plain_money(owed[key], exponent))


def _posted_once(books: _Books) -> Iterator[Difference]:
    """See that no posting holds two entries of one key, or one of nothing: a desk posts each difference once."""
    exponent = books.pack.head.exponent
    seen: Counter[tuple[datetime, str, str, str]] = Counter()
    for each in books.pack.ledger:
        seen[each.known_at, each.rule, each.unit, each.component] += 1
        if not each.amount:
            yield Difference("ledger.csv", each.id, plain_money(0, exponent), _("no entry"))
    for (_known_at, *key), count in sorted(seen.items()):
        if count > 1:
            yield Difference("ledger.csv", " ".join(key), _("{count} entries").format(count=count), _("one"))


def _certificates(books: _Books) -> Iterator[Difference]:
    for each in books.pack.certificates:
        if digest(as_text(each.lines).encode()) != each.sha256:
            found = digest(as_text(each.lines).encode())
            yield Difference("certificates.json", each.number, each.sha256, found)
            continue
        if each.certified_at is None:
            continue
        if each.certified_by is None or each.certified_by == each.prepared_by:
            yield Difference("certificates.json", each.number, _("one person"), _("two people"))
        told = EVALUATORS[each.engine](books.case(each.known_at), each.as_of, each.known_at)
        before = books.certified_lines(each.certified_at, but=each.number)
        again = to_certify(told, vouched(before, due_lines(told), books.told_by))
        yield from _lines("certificates.json", each.number, each.lines, again, books.pack.head.exponent)


def _lines(
    file: str, what: str, said: Sequence[CertifiedLine], found: Sequence[CertifiedLine], exponent: int
) -> Iterator[Difference]:
    before, after = ({" ".join(line.key): line.as_data() for line in each} for each in (said, found))
    for name in sorted({*before, *after}):
        yield from _fields(file, f"{what} {name}", before.get(name), after.get(name), exponent)


def _invoices(books: _Books) -> Iterator[Difference]:
    """Issue every document again, on the day of its issue, with the certificates and documents before it."""
    before: list[Bill] = []
    for bill in books.pack.invoices:
        lines = books.lines[bill.number]
        sums = {
            _("net of its lines"): (bill.net, sum(line.net for line in lines)),
            _("tax of its lines"): (bill.tax, sum(line.tax for line in lines)),
            _("net and tax"): (bill.gross, bill.net + bill.tax),
        }
        yield from _unequal("invoices.csv", bill.number, sums, books.pack.head.exponent)
        case = books.case(bill.known_at, before=before, certified_only=True)
        told = EVALUATORS[books.pack.head.engine](case, bill.issued_on, bill.known_at)
        certified = vouched(books.certified_lines(bill.known_at), due_lines(told), books.told_by)
        asked = _asked(books, before)
        due = [due_of(line, certified.get(line.key)) for line in due_lines(told)]
        rises, falls = differences(due, asked)
        if bill.kind == ORIGINAL:
            yield from _issued(books, bill, rises, tax_on([line.net for line in lines], case.tax))
        else:
            mine = [each for each in falls if each.invoice == bill.original]
            left = {each.line: each.left for each in asked if each.invoice == bill.original}
            after = {line: rest + sum(each.net for each in mine if each.line == line) for line, rest in left.items()}
            less = tax_on(after.values(), case.tax) - tax_on(left.values(), case.tax)
            yield from _issued(books, bill, mine, less)
        before.append(bill)


def _issued(books: _Books, bill: Bill, owed: Sequence[Rise | Fall], tax: int) -> Iterator[Difference]:
    expected: Counter[LineKey] = Counter()
    for each in owed:
        expected[each.key] += each.net
    said: Counter[LineKey] = Counter()
    for line in books.lines[bill.number]:
        said[line.rule, line.unit] += line.net
    left_out = _disputed(books, bill.issued_on)
    sums = {
        " ".join(key): (said[key], expected[key])
        for key in sorted({*said, *expected})
        if key in said or key not in left_out
    }
    yield from _unequal("invoice_lines.csv", bill.number, sums, books.pack.head.exponent)
    yield from _unequal("invoices.csv", bill.number, {_("tax"): (bill.tax, tax)}, books.pack.head.exponent)


def _unequal(file: str, what: str, pairs: Mapping[str, tuple[int, int]], exponent: int) -> Iterator[Difference]:
    for words, (said, found) in pairs.items():
        if said != found:
            yield Difference(file, f"{what} {words}", plain_money(said, exponent), plain_money(found, exponent))


def _disputed(books: _Books, on: date) -> frozenset[LineKey]:
    """Return the lines that were, or on that very day may have been, in dispute: no invoice asks for them."""
    keys = {(line.invoice, line.place): (line.rule, line.unit) for line in books.pack.invoice_lines}
    return frozenset(
        keys[each.invoice, each.place]
        for each in books.pack.disputes
        if (each.invoice, each.place) in keys and each.raised_on <= on <= (each.resolved_on or date.max)
    )


def _asked(books: _Books, before: Sequence[Bill]) -> list[Asked]:
    """Return every line asked for so far with what is left of it after the credit notes so far."""
    credited: Counter[tuple[str, int | None]] = Counter()
    for bill in before:
        if bill.kind == CREDIT_NOTE:
            for line in books.lines[bill.number]:
                credited[bill.original or "", line.original] += line.net
    return [
        Asked(
            bill.number,
            f"{bill.number} {line.place}",
            (line.rule, line.unit),
            line.occurred_on,
            line.net + credited[bill.number, line.place],
        )
        for bill in before
        if bill.kind == ORIGINAL
        for line in books.lines[bill.number]
    ]


def _payments(books: _Books) -> Iterator[Difference]:
    """See that no receipt pays more than it brought, and no line is paid and written off more than it owes."""
    pack, exponent = books.pack, books.pack.head.exponent
    used: Counter[str] = Counter()
    paid: Counter[tuple[str, int]] = Counter()
    for each in pack.allocations:
        used[each.receipt] += each.amount
        paid[each.invoice, each.place] += each.amount
    for given_up in pack.write_offs:
        line = given_up.invoice, given_up.place
        if given_up.amount <= 0:
            words = plain_money(given_up.amount, exponent)
            yield Difference("write_offs.csv", " ".join(map(str, line)), words, _("no entry"))
        paid[line] += given_up.amount
    brought = {each.id: each.amount for each in pack.receipts}
    owing = {(line.invoice, line.place): line.net + line.tax for line in pack.invoice_lines}
    for receipt, amount in sorted(used.items()):
        if amount > brought.get(receipt, 0):
            said, found = plain_money(amount, exponent), plain_money(brought.get(receipt, 0), exponent)
            yield Difference("allocations.csv", receipt, said, found)
    for doubted in pack.disputes:
        owed = owing.get((doubted.invoice, doubted.place), 0)
        if not 0 < doubted.amount <= owed:
            what = f"{doubted.invoice} {doubted.place}"
            yield Difference("disputes.csv", what, plain_money(doubted.amount, exponent), plain_money(owed, exponent))
    for (invoice, place), amount in sorted(paid.items()):
        if amount > owing.get((invoice, place), 0):
            found = plain_money(owing.get((invoice, place), 0), exponent)
            yield Difference("allocations.csv", f"{invoice} {place}", plain_money(amount, exponent), found)

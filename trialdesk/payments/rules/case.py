"""A case: a contract's terms and the facts of a study, as one file that anyone can recompute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.money import Rounding, exponent_of
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.conditions import Calendar
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.rules.nodes import Node, Refused, Wrong, read_nodes
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.reading_amounts import GAPS
from trialdesk.payments.rules.reading_facts import fact_shape, faults
from trialdesk.payments.rules.reading_terms import ROUNDINGS, terms_shape
from trialdesk.payments.rules.shapes import (
    Key,
    Shape,
    day,
    entry,
    flag,
    many,
    maybe,
    money,
    natural,
    one_of,
    optional,
    pair,
    rate,
    record,
    share,
    table,
    text,
)
from trialdesk.payments.rules.terms import Terms

_WHOLE = Where("", 1)
LineKey = tuple[str, str]
"""A rule's code and a unit's key: what certificates and invoices name."""


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on a document: rounded once a document, or once a line where `per_line`."""

    code: str
    rate: Fraction
    rounding: Rounding
    per_line: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """Lines certified on a day."""

    on: date
    lines: tuple[LineKey, ...]
    where: Where = field(default=_WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Invoice:
    """Lines invoiced on a day under a number.

    `asked` is what it asked for each line, and the line's day then, where that is kept, as on a desk; otherwise it is
    reckoned again (decision 7).
    """

    no: str
    on: date
    lines: tuple[LineKey, ...]
    asked: Mapping[LineKey, tuple[int, date | None]] | None = None
    where: Where = field(default=_WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit note already issued on an invoice; `taken` is what it took back of each line, where that is kept."""

    no: str
    of: str
    on: date
    taken: Mapping[LineKey, int] | None = None
    where: Where = field(default=_WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What the contract says beside its rules; the bright lines ask for it, the assessment does not."""

    payee: str | None = None
    total: int | None = None
    fair_market_value: str | None = None
    advance: Fraction | None = None
    advance_limit: Fraction | None = None
    consent_names_support: bool | None = None
    where: Where = field(default=Where("", 1), compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """Terms and facts, with what was certified and invoiced. `certified` is None where the file does not say."""

    name: str
    currency: str
    exponent: int
    tax: Tax | None
    terms: tuple[Terms, ...]
    facts: tuple[Fact, ...] = ()
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    certified: tuple[Certificate, ...] | None = None
    invoiced: tuple[Invoice, ...] = ()
    credited: tuple[Credited, ...] = ()
    zone: str = "UTC"
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    contract: str = ""
    supporter: str = ""
    direction: str = ""
    exhibit: Exhibit = Exhibit()


class Unreadable(UserError):  # noqa: N818 - named as what happened, like its kin in base.errors
    """A case file was refused; nothing is assessed. `wrongs` say everything found wrong with it."""

    def __init__(self, file: str, wrongs: Sequence[Wrong]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__("\n".join(f"{place(file, each)}: {each.words}" for each in wrongs))


def place(file: str, wrong: Wrong) -> str:
    """Return where something is wrong: file, line and path."""
    return ":".join(filter(None, (file, str(wrong.where.line), wrong.where.path)))


def read_case(written: str, file: str = "", *, recorded_at: datetime | None = None) -> Case:
    """Return the case written as YAML. `file` is what messages call it.

    `recorded_at` is when versions of terms were recorded that do not say so, where somebody else knows: a desk's trail.
    Raises Unreadable, naming file, path and line of everything that is not as it must be: unknown keys, kinds and
    predicates, numbers where text is due, and whatever cannot be computed.
    """
    try:
        case = _case(read_nodes(written), recorded_at)
        wrongs = [*faults(case.facts), *_faults(case), *_misnamed(case)]
    except Refused as refused:
        raise Unreadable(file, refused.wrongs) from refused
    if wrongs:
        raise Unreadable(file, wrongs)
    return case


def with_facts(case: Case, facts: Sequence[Fact]) -> Case:
    """Return the case with other facts, such as a desk's own. Raises Unreadable where they cannot be told apart."""
    case = replace(case, facts=tuple(facts))
    wrongs = [*faults(case.facts), *_faults(case)]
    if wrongs:
        raise Unreadable(case.name, wrongs)
    return case


def _case(node: Node, recorded_at: datetime | None) -> Case:
    currency, exponent, unknown = _currency(entry(node, "currency"))
    calendars = maybe(table(_CALENDAR))(entry(node, "calendars")) or {}
    lines = many(pair(text, text))
    certificate = record(Certificate, Key("on", day), Key("lines", lines), placed=True)
    invoice = record(Invoice, Key("no", text), Key("on", day), Key("lines", lines), placed=True)
    credited = record(Credited, Key("no", text), Key("of", text), Key("on", day), placed=True)
    shape: Shape[Case] = record(
        _made(currency, exponent, calendars),
        optional("case", text, absent="", into="name"),
        Key("currency", text),
        optional("contract", text, absent=""),
        optional("supporter", text, absent=""),
        optional("direction", text, absent=""),
        optional("exhibit", maybe(_exhibit(exponent))),
        optional("tax", maybe(_TAX)),
        optional("weights", maybe(table(table(natural)))),
        Key("terms", many(terms_shape(exponent, calendars.keys(), recorded_at))),
        optional("facts", maybe(many(fact_shape(exponent)))),
        optional("certified", maybe(many(certificate))),
        optional("invoiced", maybe(many(invoice))),
        optional("credited", maybe(many(credited))),
        optional("zone", _zone, absent="UTC"),
        optional("calendars", maybe(table(_CALENDAR))),
    )
    try:
        case = shape(node)
    except Refused as refused:
        raise Refused(*unknown, *refused.wrongs) from refused
    if unknown:
        raise Refused(*unknown)
    return case


def _made(currency: str, exponent: int, calendars: Mapping[str, Calendar]) -> Callable[..., Case]:
    def make(**said: Any) -> Case:
        given = {key: value for key, value in said.items() if value is not None}
        given |= {"currency": currency, "calendars": calendars}
        return Case(**{"tax": None, **given}, exponent=exponent)

    return make


def _currency(node: Node) -> tuple[str, int, list[Wrong]]:
    """Return the currency and its decimals; for an unknown one, two decimals, and what is wrong."""
    try:
        return text(node), exponent_of(text(node)), []
    except KeyError:
        words = _("The currency {code} is not in ISO 4217.").format(code=text(node))
        return text(node), 2, [Wrong(node.where, words, GAPS)]


def _faults(case: Case) -> Iterator[Wrong]:
    first = min(case.terms, key=lambda terms: terms.no, default=None)
    for terms in case.terms:
        if sum(each.no == terms.no for each in case.terms) > 1:
            yield Wrong(terms.where, _("There are two versions with the number {no}.").format(no=terms.no))
        if first is not None and terms.effective_from < first.effective_from:
            yield Wrong(terms.where, _("This version is effective before the contract's first."))
    yield from _weighing(case)
    numbers = [invoice.no for invoice in case.invoiced]
    for place, invoice in enumerate(case.invoiced):
        if invoice.no in numbers[:place]:
            yield Wrong(invoice.where, _("There are two invoices with the number {no}.").format(no=invoice.no))
    for note in case.credited:
        if note.of not in numbers:
            yield Wrong(note.where, _("There is no invoice {no} to credit.").format(no=note.of))


def _misnamed(case: Case) -> Iterator[Wrong]:
    """Give the lines certified or invoiced that no rule of any version has, and those an invoice names twice.

    A unit may be gone, for its fact can be void by now; a rule is written in the terms, whatever became of them.
    """
    known = {rule.code for terms in case.terms for rule in terms.rules}
    listing: list[Certificate | Invoice] = [*(case.certified or ()), *case.invoiced]
    for listed in listing:
        for code in sorted({code for code, _unit in listed.lines} - known):
            yield Wrong(listed.where, _("There is no rule {code} in these terms.").format(code=code))
    for invoice in case.invoiced:
        for code, unit in sorted({line for line in invoice.lines if invoice.lines.count(line) > 1}):
            words = _("The invoice {no} names the line {line} twice.")
            yield Wrong(invoice.where, words.format(no=invoice.no, line=f"{code} {unit}"))


def _weighing(case: Case) -> Iterator[Wrong]:
    for terms in case.terms:
        for rule in terms.rules:
            visit = rule.trigger.equal.get("visit") if rule.complete and rule.trigger else None
            if visit is not None and not sum(case.weights.get(str(visit), {}).values()):
                words = _("The visit {visit} is graded by procedure and has no weights.")
                yield Wrong(rule.where, words.format(visit=visit))
    for fact in case.facts:
        weights = case.weights.get(fact.visit or "")
        if weights is None:
            continue
        for component in fact.get("components") or ():
            if component not in weights:
                words = _("The visit {visit} has no component “{name}”.")
                yield Wrong(fact.where, words.format(visit=fact.visit, name=component))


def _zone(node: Node) -> str:
    if text(node) not in available_timezones():
        raise node.wrong(_("There is no time zone {name}.").format(name=text(node)))
    return str(ZoneInfo(text(node)))


def _exhibit(exponent: int) -> Shape[Exhibit]:
    return record(
        Exhibit,
        optional("payee", one_of("institution", "person")),
        optional("total", money(exponent)),
        optional("fair_market_value", text),
        optional("advance", rate),
        optional("advance_limit", rate),
        optional("consent_names_support", flag),
        placed=True,
    )


def _weekday(node: Node) -> int:
    if not 1 <= natural(node) <= 7:
        raise node.wrong(_("A weekday is a number from 1, Monday, to 7."))
    return natural(node)


_CALENDAR = record(
    lambda weekend, holidays, workdays: Calendar(frozenset(weekend), frozenset(holidays), frozenset(workdays)),
    optional("weekend", many(_weekday), absent=(6, 7)),
    optional("holidays", many(day), absent=()),
    optional("workdays", many(day), absent=()),
)
_TAX = record(
    lambda code, rate, mode, rounding, scope: Tax(code, rate, rounding, scope == "line"),  # noqa: ARG005 - there is but one mode
    Key("code", text),
    Key("rate", share),
    optional("mode", one_of("on_top"), absent="on_top"),
    optional("rounding", one_of(*ROUNDINGS), absent="half_up"),
    optional("scope", one_of("document", "line"), absent="document"),
)

"""The shape of a contract's terms in a case file, and what is resolved while reading: short prices and defaults."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any as AnyValue

from trialdesk.base.i18n import _
from trialdesk.base.money import Rounding
from trialdesk.base.values import dataclass
from trialdesk.payments.rules import terms
from trialdesk.payments.rules.facts import COMMON, KINDS, VOID
from trialdesk.payments.rules.nodes import Node, Refused, Wrong
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.predicates import MEASURES, All, Any, Call, Not, Predicate, Test, parse, parse_measure
from trialdesk.payments.rules.predicates import parse_test as parsed_test
from trialdesk.payments.rules.reading_amounts import amount_shape, pools
from trialdesk.payments.rules.reading_facts import KEY_SHAPES
from trialdesk.payments.rules.shapes import (
    Key,
    Shape,
    as_it_is,
    day,
    flag,
    instant,
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
    whole,
)

ROUNDINGS = ("half_up", "half_even", "floor")
NONE = "none"
_WITHOUT_TRIGGER = (terms.MILESTONE, terms.SITE_FEE, terms.BONUS)
_PER = {terms.MILESTONE: "study", terms.SITE_FEE: "study", terms.BONUS: "study", terms.PENALTY: "occurrence"}


@dataclass(frozen=True, slots=True)
class _Held:
    """A holdback as written; what a rule's own does not say, the defaults say."""

    rate: Fraction
    on: tuple[str, ...] | None
    release: str | None


@dataclass(frozen=True, slots=True)
class _Defaults:
    overhead: Fraction = Fraction(0)
    holdback: _Held | None = None
    tax: str | None = None
    rounding: Rounding = "half_up"
    combine_grades: str = "min"
    late_interest: Fraction | None = None


def terms_shape(exponent: int, calendars: Collection[str], recorded_at: datetime | None = None) -> Shape[terms.Terms]:
    """Return the shape of one version of terms in a currency with so many decimals.

    `recorded_at` is when a version was recorded that does not say so; without it each must say.
    """
    recorded = optional("recorded_at", instant, absent=recorded_at) if recorded_at else Key("recorded_at", instant)
    cash = money(exponent)
    condition = predicate_shape(calendars)
    head = record(
        dict[str, AnyValue],
        Key("no", whole),
        Key("effective_from", day),
        recorded,
        optional("retroactive", flag, absent=False),
        optional("applies_if", maybe(condition)),
        optional("defaults", maybe(_DEFAULTS)),
        optional("prices", maybe(table(as_it_is))),
        optional("rules", as_it_is),
        optional("gates", maybe(many(_GATE))),
        optional("pools", maybe(pools(cash))),
        optional("ceiling", maybe(cash)),
        placed=True,
    )

    def read(node: Node) -> terms.Terms:
        said = head(node)
        defaults, gates = said["defaults"] or _Defaults(), said["gates"] or ()
        long_form = maybe(many(_rule_shape(cash, condition, calendars, defaults)))
        rules = (long_form(said["rules"]) if said["rules"] else None) or ()
        own = {rule.code for rule in rules}
        prices = [
            _price(code, cash(price), price.where, condition=condition, gates=gates, defaults=defaults)
            for code, price in (said["prices"] or {}).items()
            if code not in own
        ]
        bonus, penalty = said["pools"] or (None, None)
        version = terms.Terms(
            no=said["no"],
            effective_from=said["effective_from"],
            recorded_at=said["recorded_at"],
            retroactive=said["retroactive"],
            applies_if=said["applies_if"],
            tax=defaults.tax,
            rounding=defaults.rounding,
            rules=(*prices, *rules),
            gates=gates,
            bonus_pool=bonus,
            penalty_pool=penalty,
            ceiling=said["ceiling"],
            late_interest=defaults.late_interest,
            where=said["where"],
        )
        wrongs = _dangling(version, defaults)
        if wrongs:
            raise Refused(*wrongs)
        return version

    return read


def predicate_shape(calendars: Collection[str]) -> Shape[Predicate]:
    """Return the shape of a predicate: text, or a mapping of `all`, `any` or `not`."""

    def read(node: Node) -> Predicate:
        if not isinstance(node.value, dict):
            try:
                return parse(text(node), calendars)
            except ValueError as error:
                raise node.wrong(str(error)) from None
        if len(node.value) != 1:
            raise node.wrong(_("Here stands one of all, any, not."))
        ((word, within),) = node.value.items()
        if one_of("all", "any", "not")(Node(word, within.where)) == "not":
            return Not(read(within))
        return (All if word == "all" else Any)(many(read)(within))

    return read


def _price(
    code: str,
    amount: int,
    where: Where,
    *,
    condition: Shape[Predicate],
    gates: tuple[terms.Gate, ...],
    defaults: _Defaults,
) -> terms.Rule:
    """Return the rule a short price stands for: a visit done under valid consent by a subject not voided."""
    require = ("consent_valid(unit.date)", "not voided(subject)")
    return terms.Rule(
        code=code,
        kind=terms.VISIT,
        trigger=terms.Trigger("visit_done", {"visit": code}),
        per=terms.PER_SUBJECT,
        amount=terms.Fixed(amount),
        require=tuple(condition(Node(each, where)) for each in require),
        gates=tuple(gate.code for gate in gates),
        overhead=defaults.overhead,
        holdback=_holdback(terms.VISIT, None, defaults),
        evidence=("visit_record",),
        where=where,
    )


def _rule_shape(
    cash: Shape[int], condition: Shape[Predicate], calendars: Collection[str], defaults: _Defaults
) -> Shape[terms.Rule]:
    said = record(
        dict[str, AnyValue],
        Key("code", text),
        Key("kind", one_of(*terms.KINDS)),
        optional("trigger", maybe(_trigger)),
        optional("per", one_of(*terms.PERS)),
        Key("amount", amount_shape(cash)),
        optional("require", many(condition), absent=()),
        optional("window", maybe(_WINDOW)),
        optional("complete", maybe(_COMPLETE)),
        optional("grade", many(_grade_shape(calendars)), absent=(), into="grades"),
        optional("gates", many(text), absent=()),
        optional("overhead", _or_none(_OVERHEAD), absent=defaults.overhead),
        optional("holdback", _or_none(_HELD)),
        optional("ratio", maybe(_RATIO)),
        optional("cap", maybe(_only("per_subject", cash)), into="cap_per_subject"),
        optional("undo", one_of(terms.SUSPEND, terms.CLAW, terms.KEEP), absent=terms.SUSPEND),
        optional("min_n", natural, absent=0),
        optional("evidence", many(text), absent=()),
        optional("certify", maybe(table(many(text)))),
        placed=True,
    )

    def read(node: Node) -> terms.Rule:
        values = said(node)
        kind = values["kind"]
        del values["certify"]  # it has no effect on what is owed
        values["per"] = values["per"] or _PER.get(kind, terms.PER_SUBJECT)
        values["holdback"] = _holdback(kind, values["holdback"], defaults)
        if kind in terms.STUDY_LEVEL:
            values["holdback"] = None
        if kind in terms.STUDY_LEVEL or values["overhead"] == NONE:
            values["overhead"] = Fraction(0)
        rule = terms.Rule(**values, multiply_grades=defaults.combine_grades == "product")
        words = _misfit(rule)
        if words:
            raise node.wrong(words)
        return rule

    return read


def _misfit(rule: terms.Rule) -> str:
    """Say why the parts of a rule cannot be reckoned together; nothing where they can."""
    if rule.trigger is None and (rule.kind not in _WITHOUT_TRIGGER or rule.per != terms.PER_STUDY):
        return _("This kind of rule needs a trigger.")
    if rule.kind == terms.BONUS and rule.trigger is not None:
        return _("A bonus has no trigger: it is reckoned for the study.")
    if rule.kind in terms.STUDY_LEVEL and not isinstance(rule.amount, terms.Fixed | terms.Share):
        return _("A bonus or penalty is a fixed amount or a rate of the participants' lines.")
    if rule.kind not in terms.STUDY_LEVEL and isinstance(rule.amount, terms.Share):
        return _("Only a bonus or penalty is a rate of the participants' lines.")
    if isinstance(rule.amount, terms.Actual) and (rule.trigger is None or rule.trigger.fact != "procedure_done"):
        return _("Only a procedure has an actual cost.")
    return ""


def _dangling(version: terms.Terms, defaults: _Defaults) -> list[Wrong]:
    """Find codes given twice, and gates and release rules that are named and not there."""
    return [*_twice(version), *_not_there(version, defaults.holdback)]


def _twice(version: terms.Terms) -> Iterator[Wrong]:
    codes: set[str] = set()
    for rule in version.rules:
        if rule.code in codes:
            yield Wrong(rule.where, _("There are two rules with the code {code}.").format(code=rule.code))
        codes.add(rule.code)
    codes.clear()
    for gate in version.gates:
        if gate.code in codes:
            yield Wrong(gate.where, _("There are two gates with the code {code}.").format(code=gate.code))
        codes.add(gate.code)


def _not_there(version: terms.Terms, default: _Held | None) -> Iterator[Wrong]:
    gates = {gate.code for gate in version.gates}
    releases = {default.release: version.where} if default is not None else {}
    for rule in version.rules:
        for code in rule.gates:
            if code not in gates:
                yield Wrong(rule.where, _("There is no gate {code}.").format(code=code))
        if rule.holdback is not None:
            releases.setdefault(rule.holdback.release, rule.where)
    for release, where in releases.items():
        if release is not None and version.rule(release) is None:
            words = _("There is no rule {code} to release what is held.")
            yield Wrong(where, words.format(code=release))


def _holdback(kind: str, own: _Held | str | None, defaults: _Defaults) -> terms.Holdback | None:
    if isinstance(own, _Held):
        inherited = defaults.holdback.release if defaults.holdback else None
        return terms.Holdback(own.rate, own.release or inherited)
    if own == NONE or defaults.holdback is None:
        return None
    applies = defaults.holdback.on is None or kind in defaults.holdback.on
    return terms.Holdback(defaults.holdback.rate, defaults.holdback.release) if applies else None


def _only(name: str, shape: Shape[AnyValue]) -> Shape[AnyValue]:
    """Return the shape of a mapping with this one key."""
    return record(lambda value: value, Key(name, shape, into="value"))


def _or_none(shape: Shape[AnyValue]) -> Shape[AnyValue]:
    return lambda node: NONE if node.value == NONE else shape(node)


def _trigger(node: Node) -> terms.Trigger:
    found: dict[str, AnyValue] = dict(table(as_it_is)(node))
    if "fact" not in found:
        raise node.wrong(_("The key “{key}” is missing.").format(key="fact"))
    kind = one_of(*(each for each in KINDS if each != VOID))(found.pop("fact"))
    known = {*KINDS[kind].needed, *KINDS[kind].allowed, *COMMON} & KEY_SHAPES.keys() - {"supersedes"}
    for key, each in found.items():
        if key not in known:
            raise each.wrong(_("The key “{key}” is not known here.").format(key=key))
    return terms.Trigger(kind, {key: KEY_SHAPES[key](each) for key, each in found.items()})


def _grade_shape(calendars: Collection[str]) -> Shape[terms.Grade]:
    def measure(node: Node) -> Call:
        try:
            call = parse_measure(text(node), calendars)
        except ValueError as error:
            raise node.wrong(str(error)) from None
        if call.name not in MEASURES or call.test is not None:
            raise node.wrong(_("A grade is of a number of days: {names}.").format(names=", ".join(MEASURES)))
        return call

    return record(
        terms.Grade,
        Key("of", measure),
        Key("bands", _bands),
        Key("else", rate, into="otherwise"),
        optional("open_at_lock", maybe(rate)),
    )


def _bands(node: Node) -> tuple[tuple[int, Fraction], ...]:
    bands = many(pair(whole, rate))(node)
    limits = [limit for limit, _factor in bands]
    if limits != sorted(set(limits)):
        raise node.wrong(_("The bands' limits must rise."))
    return bands


def _days(node: Node) -> tuple[int, int]:
    first, last = pair(whole, whole)(node)
    if first > last:
        raise node.wrong(_("The window ends before it begins."))
    return first, last


def _window(days: tuple[int, int], outside: terms.Outside | None, beyond: Fraction) -> terms.Window:
    return terms.Window(*days, outside, beyond)


def _test(node: Node) -> Test:
    try:
        return parsed_test(text(node))
    except ValueError as error:
        raise node.wrong(str(error)) from None


def _positive(node: Node) -> int:
    if natural(node) < 1:
        raise node.wrong(_("Here stands a whole number from 1 on."))
    return natural(node)


def _counted(node: Node) -> str:
    return one_of(terms.RANDOMISED_VALID, *(kind for kind in KINDS if kind != VOID))(node)


def _gate(on_fail: tuple[frozenset[str], int | None, Fraction | None], evaluate: str, **said: AnyValue) -> terms.Gate:  # noqa: ARG001 - month ends are all there is
    defer, cure_periods, forfeit = on_fail
    return terms.Gate(**said, defer=defer, cure_periods=cure_periods, forfeit=forfeit)


_OVERHEAD = record(lambda rate, mode: rate, Key("rate", rate), optional("mode", one_of("on_top"), absent="on_top"))  # noqa: ARG005 - there is but one mode
_HELD = record(
    _Held, Key("rate", share), optional("on", many(one_of(*terms.KIND_WORDS))), optional("release", maybe(text))
)
_DEFAULTS = record(
    lambda rate_date, net_days, clock_start, **said: _Defaults(**said),  # noqa: ARG005 - a line's own date, and matters of collecting
    optional("rate_date", one_of("occurred_on")),
    optional("overhead", lambda node: Fraction(0) if node.value == NONE else _OVERHEAD(node), absent=Fraction(0)),
    optional("holdback", lambda node: None if node.value == NONE else _HELD(node)),
    optional("tax", maybe(text)),
    optional("round", one_of(*ROUNDINGS), absent="half_up", into="rounding"),
    optional("combine_grades", one_of("min", "product"), absent="min"),
    optional("net_days", natural),
    optional("clock_start", text),
    optional("late_interest", maybe(_only("per_day", rate))),
)
_WINDOW = record(
    _window,
    Key("days", _days),
    optional(
        "outside",
        maybe(record(terms.Outside, Key("factor", rate), Key("up_to", natural), optional("needs", maybe(text)))),
    ),
    optional("beyond", rate, absent=Fraction(0)),
)
_COMPLETE = record(
    lambda weights, below_min: terms.Complete(*(below_min or (None, Fraction(0)))),  # noqa: ARG005 - there is but one way of weighing
    optional("weights", one_of("by_procedure")),
    optional("below_min", maybe(record(lambda min, pay: (min, pay), Key("min", rate), Key("pay", rate)))),  # noqa: A006 - the file's word
)
_RATIO = record(
    terms.Ratio,
    Key("x", natural),
    Key("y", _positive),
    optional("of", _counted, absent=terms.RANDOMISED_VALID),
    optional("initial", natural, absent=0),
    optional("max", maybe(natural), into="most"),
    # 2 for each 3 of five is two in steps and three in proportion: the contract must say which.
    Key("mode", one_of(terms.STEP, terms.PROPORTIONAL)),
)
_GATE = record(
    _gate,
    Key("code", text),
    Key("metric", text),
    Key("test", _test),
    optional("min_n", natural, absent=0),
    optional("evaluate", one_of("month_end"), absent="month_end"),
    Key(
        "on_fail",
        record(
            lambda defer, cure_periods, then: (frozenset(defer), cure_periods, then),
            Key("defer", many(one_of(*terms.KIND_WORDS))),
            optional("cure_periods", maybe(natural)),
            optional("then", maybe(_only("forfeit", share))),
        ),
    ),
    placed=True,
)

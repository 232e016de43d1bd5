"""The shape of a distribution policy as it is written, alone or as a case with what is to be shared out.

A policy is YAML in the words of payments.md: `take` or `deduct`, then `to`, `split` with `then`, or `by`. A case adds
`received` (an amount for each category and `tax`), and what a run tells: `points`, `costs` and, by beneficiary, the
guards that do not hold (`findings`). Whatever is not known is refused with its path and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from fractions import Fraction
from typing import Any

from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.case import Unreadable
from trialdesk.payments.rules.nodes import Node, Refused, Wrong, read_nodes
from trialdesk.payments.rules.pools import COI, GUARDS, NET, RECEIVED, REMAINING, TAX
from trialdesk.payments.rules.shapes import (
    Key,
    Shape,
    as_it_is,
    day,
    entry,
    many,
    maybe,
    money,
    natural,
    one_of,
    optional,
    rate,
    record,
    table,
    text,
)
from trialdesk.payments.rules.sharing import IGNORE, SUSPENSE, WARN, By, Points, Policy, Split, Step, Target

REST = "rest"
_FORMS = ("to", "split", "by")


@dataclass(frozen=True, slots=True)
class Sharing:
    """A policy, and what a case shares out by it. Amounts are minor units."""

    name: str
    policy: Policy
    received: Mapping[str, int] = field(default_factory=dict)
    points: Points = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told: bool = False
    """Whether the text said more than the policy."""


def read_sharing(written: str, file: str = "") -> Sharing:
    """Return the policy written as YAML, with what its case shares out. `file` is what messages call it.

    Raises Unreadable, naming file, path and line of everything that is not as it must be.
    """
    try:
        return _sharing(read_nodes(written))
    except Refused as refused:
        raise Unreadable(file, refused.wrongs) from refused


def read_told(written: str, exponent: int, file: str = "") -> tuple[Points, Mapping[str, int]]:
    """Return the points and costs one run tells, written as YAML; both empty for an empty text. Raises Unreadable."""
    if not written.strip():
        return {}, {}
    shape = record(
        lambda points, costs: (points or {}, costs or {}),
        optional("points", maybe(_POINTS)),
        optional("costs", maybe(table(money(exponent)))),
    )
    try:
        return shape(read_nodes(written))
    except Refused as refused:
        raise Unreadable(file, refused.wrongs) from refused


def _sharing(node: Node) -> Sharing:
    currency = entry(node, "currency")
    exponent, unknown = EXPONENTS.get(str(currency.value), 2), []
    if currency.value is not None and str(currency.value) not in EXPONENTS:
        words = _("The currency {code} is not in ISO 4217.").format(code=currency.value)
        unknown = [Wrong(currency.where, words)]
    cash = money(exponent)
    shape = record(
        dict[str, Any],
        optional("case", text, absent=""),
        Key("policy", text),
        Key("no", natural),
        Key("effective_from", day),
        Key("currency", text),
        optional("categories", maybe(table(_rules))),
        optional("steps", maybe(many(_step_shape(cash)))),
        optional("licence_income", maybe(many(_step_shape(cash)))),
        optional("guards", maybe(table(one_of(SUSPENSE, WARN, IGNORE)))),
        optional("rounding", one_of("largest_remainder")),
        optional("points", maybe(_POINTS)),
        optional("received", maybe(table(cash))),
        optional("told", maybe(record(dict[str, Any], optional("points", maybe(_POINTS)),
                                      optional("costs", maybe(table(cash)))))),
        optional("findings", maybe(table(many(one_of(*GUARDS))))),
    )  # fmt: skip
    try:
        said = shape(node)
    except Refused as refused:
        raise Refused(*unknown, *refused.wrongs) from refused
    wrongs = [*unknown, *_faults(node, said)]
    if wrongs:
        raise Refused(*wrongs)
    policy = Policy(
        name=said["policy"],
        no=said["no"],
        effective_from=said["effective_from"],
        currency=said["currency"],
        exponent=exponent,
        steps=said["steps"] or said["licence_income"],
        categories=said["categories"] or {},
        guards={COI: SUSPENSE, **(said["guards"] or {})},
        points=said["points"] or {},
    )
    told = said["told"] or {}
    return Sharing(
        name=said["case"] or said["policy"],
        policy=policy,
        received=said["received"] or {},
        points=told.get("points") or {},
        costs=told.get("costs") or {},
        findings={name: frozenset(each) for name, each in (said["findings"] or {}).items()},
        told=any(said[name] is not None for name in ("received", "told", "findings")),
    )


def _faults(node: Node, said: Mapping[str, Any]) -> Iterator[Wrong]:
    """Find what is named and not there, and what can never be shared out."""
    if bool(said["steps"]) == bool(said["licence_income"]):
        yield Wrong(node.where, _("A policy has steps, or licence_income, and not both."))
    for guard in (said["guards"] or {}).keys() - set(GUARDS):
        at = entry(entry(node, "guards"), guard).where
        yield Wrong(at, _("The key “{key}” is not known here.").format(key=guard))
    categories = said["categories"] or {}
    for name in categories.keys() & {TAX, NET, REMAINING, RECEIVED}:
        at = entry(entry(node, "categories"), name).where
        yield Wrong(at, _("“{name}” cannot be a category.").format(name=name))
    yield from _twice(node, categories)
    merged = False
    for step in (*(said["steps"] or ()), *(said["licence_income"] or ())):
        merged = merged or step.pool == REMAINING
        if step.pool in {TAX, REMAINING}:
            continue
        if step.pool not in (categories or {NET: None}):
            yield Wrong(step.where, _("There is no category {name}.").format(name=step.pool))
        elif merged:
            yield Wrong(step.where, _("A category is taken before anything of all that remains."))
    for name in (said["received"] or {}).keys() - {TAX, *(categories or {NET: None})}:
        at = entry(entry(node, "received"), name).where
        yield Wrong(at, _("There is no category {name}.").format(name=name))


def _twice(node: Node, categories: Mapping[str, tuple[str, ...] | None]) -> Iterator[Wrong]:
    seen: set[str] = set()
    rest = False
    for name, rules in categories.items():
        at = entry(entry(node, "categories"), name).where
        if rules is None and rest:
            yield Wrong(at, _("Only one category holds the rest."))
        rest = rest or rules is None
        for code in rules or ():
            if code in seen:
                yield Wrong(at, _("The rule {code} is in two categories.").format(code=code))
            seen.add(code)


def _step_shape(cash: Shape[int]) -> Shape[Step]:
    said = record(
        dict[str, Any],
        optional("take", _pool),
        optional("deduct", as_it_is),
        optional("to", _name),
        optional("split", _WEIGHTS),
        optional("then", as_it_is),
        optional("caps", maybe(table(cash))),
        optional("by", text),
        optional("min_points", _weight, absent=Fraction(0)),
        optional("period", one_of("invoice")),
        optional("share", _part),
        optional("fixed", cash),
        optional("cap", cash),
        placed=True,
    )

    def read(node: Node) -> Step:
        values = said(node)
        if values["deduct"] is not None:
            return _deduction(node, values, cash)
        if values["share"] is not None and values["fixed"] is not None:
            raise node.wrong(_("A step takes a share or a fixed amount."))
        return Step(
            pool=values["take"] or REMAINING,
            to=_target(node, values, cash),
            share=Fraction(1) if values["share"] is None else values["share"],
            fixed=values["fixed"],
            cap=values["cap"],
            where=node.where,
        )

    return read


def _deduction(node: Node, values: Mapping[str, Any], cash: Shape[int]) -> Step:
    """Return a step that takes a cost, a fixed amount or a rate off all that remains."""
    if any(values[name] is not None for name in ("take", "share", "fixed")):
        raise node.wrong(_("What is deducted says itself how much."))
    deduct: Node = values["deduct"]
    if isinstance(deduct.value, str):
        cost = text(deduct)
        if all(values[name] is None for name in _FORMS):
            values = {**values, "to": cost}  # an account that bears the cost's name
        return Step(REMAINING, _target(node, values, cash), cost=cost, cap=values["cap"], where=node.where)
    if entry(deduct, "fixed").value is not None:
        fixed = record(lambda fixed: fixed, Key("fixed", cash))(deduct)
        return Step(REMAINING, _target(node, values, cash), fixed=fixed, cap=values["cap"], where=node.where)
    share, of = record(
        lambda rate, of: (rate, of), Key("rate", _part), optional("of", one_of(REMAINING, RECEIVED), absent=REMAINING)
    )(deduct)
    to = _target(node, values, cash)
    return Step(REMAINING, to, share, of_received=of == RECEIVED, cap=values["cap"], where=node.where)


def _target(node: Node, values: Mapping[str, Any], cash: Shape[int]) -> Target:
    forms = [name for name in _FORMS if values[name] is not None]
    if len(forms) != 1:
        raise node.wrong(_("Here stands one of to, split, by."))
    if forms != ["split"] and (values["then"] is not None or values["caps"] is not None):
        raise node.wrong(_("Only a split goes on, and has caps."))
    if forms != ["by"] and (values["min_points"] or values["period"] is not None):
        raise node.wrong(_("Only what is divided by a measure has min_points and period."))
    if forms == ["to"]:
        to: str = values["to"]
        return to
    if forms == ["by"]:
        return By(values["by"], values["min_points"])
    weights = values["split"]
    then = {} if values["then"] is None else table(_below(cash))(values["then"])
    caps = values["caps"] or {}
    for name in (*then, *caps):
        if name not in weights:
            raise node.wrong(_("The split has no branch {name}.").format(name=name))
    return Split(weights, then, caps)


def _below(cash: Shape[int]) -> Shape[By | Split]:
    """Return the shape of what divides a branch further: a measure, or another split."""
    said = record(
        dict[str, Any],
        optional("split", _WEIGHTS),
        optional("then", as_it_is),
        optional("caps", maybe(table(cash))),
        optional("by", text),
        optional("min_points", _weight, absent=Fraction(0)),
        optional("period", one_of("invoice")),
    )

    def read(node: Node) -> By | Split:
        found = _target(node, {**said(node), "to": None}, cash)
        assert not isinstance(found, str)
        return found

    return read


def _pool(node: Node) -> str:
    if isinstance(node.value, dict):
        said: Mapping[str, str] = record(dict[str, str], Key("category", text))(node)
        return said["category"]
    return one_of(TAX, NET, REMAINING)(node)


def _rules(node: Node) -> tuple[str, ...] | None:
    """Read the codes of a category's rules; `rest` stands for all that no other category names."""
    return None if node.value == REST else many(text)(node)


def _part(node: Node) -> Fraction:
    if rate(node) > 1:
        raise node.wrong(_("More than all of it cannot be taken."))
    return rate(node)


def _weight(node: Node) -> Fraction:
    """Read a weight: a whole number, or decimal text."""
    return Fraction(natural(node)) if type(node.value) is int else rate(node)


def _name(node: Node) -> str:
    """Read the name of a beneficiary; paths through splits are written with strokes between names."""
    if "/" in text(node):
        raise node.wrong(_("A name has no stroke in it."))
    return text(node)


def _weights(node: Node) -> Mapping[str, Fraction]:
    found = table(_weight)(node)
    for name in found:
        _name(Node(name, node.where))
    if not any(found.values()):
        raise node.wrong(_("No weight is more than nothing."))
    return found


_WEIGHTS: Shape[Mapping[str, Fraction]] = _weights
_POINTS: Shape[Points] = table(_weights)

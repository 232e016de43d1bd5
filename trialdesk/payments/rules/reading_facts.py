"""The shape of a fact in a case file, and what a set of facts must keep to be told apart and corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trialdesk.base.i18n import _
from trialdesk.payments.rules.facts import COMMON, KINDS, VOID, Fact
from trialdesk.payments.rules.nodes import Node, Wrong
from trialdesk.payments.rules.shapes import (
    Key,
    Shape,
    day,
    entry,
    flag,
    instant,
    many,
    maybe,
    money,
    natural,
    one_of,
    optional,
    record,
    text,
)

KEY_SHAPES: Mapping[str, Shape[object]] = {
    "subject": text,
    "visit": text,
    "reason": maybe(text),
    "supersedes": text,
    "person_key": text,
    "icf_version": natural,
    "target_on": day,
    "components": many(text),
    "query": text,
    "major": flag,
    "confirmed": flag,
    "hours": natural,
    "procedure": text,
    "report": text,
    "stage": text,
    "finding": text,
    "due_on": day,
    "critical": flag,
    "name": text,
    "metric": text,
    "numerator": natural,
    "denominator": natural,
}
"""What stands under each key of a fact, but for `cost`, whose decimals are the currency's."""

_OWN_FIELDS = ("id", "kind", "occurred_on", "recorded_at", "subject", "visit", "supersedes", "where")


def fact_shape(exponent: int) -> Shape[Fact]:
    """Return the shape of a fact; costs are in a currency with so many decimals."""
    shapes = {**KEY_SHAPES, "cost": money(exponent)}
    by_kind = {name: _kind_shape(name, shapes) for name in KINDS}

    def read(node: Node) -> Fact:
        kind = one_of(*KINDS)(entry(node, "kind"))
        return by_kind[kind](node)

    return read


def _kind_shape(name: str, shapes: Mapping[str, Shape[object]]) -> Shape[Fact]:
    kind = KINDS[name]
    needed = {*kind.needed, *(("subject",) if kind.subject else ())}
    keys = [Key(key, shapes[key]) for key in sorted(needed)]
    keys += [optional(key, shapes[key]) for key in sorted({*COMMON, *kind.allowed} - needed)]
    return record(
        _fact,
        Key("id", text),
        Key("kind", text),
        Key("occurred_on", day),
        Key("recorded_at", instant),
        *keys,
        placed=True,
    )


def _fact(**values: object) -> Fact:
    own = {key: value for key, value in values.items() if key in _OWN_FIELDS}
    more = {key: value for key, value in values.items() if key not in _OWN_FIELDS and value is not None}
    return Fact(**own, more=more)  # type: ignore[arg-type]  # the shapes above have made sure of each


def faults(facts: Iterable[Fact]) -> Iterator[Wrong]:
    """Find ids given twice, and corrections that correct nothing, the later, another kind, or what is corrected."""
    facts = list(facts)
    by_id: dict[str, Fact] = {}
    for fact in facts:
        if fact.id in by_id:
            yield Wrong(fact.where, _("There are two facts with the id {id}.").format(id=fact.id))
        by_id[fact.id] = fact
    corrected: set[str] = set()
    for fact in facts:
        if fact.supersedes is None:
            continue
        old = by_id.get(fact.supersedes)
        words = _fault(fact, old, corrected)
        if words:
            yield Wrong(fact.where, words.format(id=fact.supersedes))
        corrected.add(fact.supersedes)
    for fact in facts:
        if _corrects_itself(fact, by_id):
            yield Wrong(fact.where, _("The corrections of the fact {id} go round in a circle.").format(id=fact.id))


def _corrects_itself(fact: Fact, by_id: Mapping[str, Fact]) -> bool:
    """Say whether a fact stands in the chain of what it supersedes: possible where instants are equal."""
    seen: set[str] = set()
    old = by_id.get(fact.supersedes or "")
    while old is not None and old.id not in seen:
        if old.id == fact.id:
            return True
        seen.add(old.id)
        old = by_id.get(old.supersedes or "")
    return False


def _fault(fact: Fact, old: Fact | None, corrected: set[str]) -> str:
    if old is None:
        return _("No fact has the id {id}, which this one supersedes.")
    if old.recorded_at > fact.recorded_at:
        return _("This fact supersedes {id}, which was recorded later.")
    if fact.kind not in {VOID, old.kind}:
        return _("This fact supersedes {id}, which is of another kind.")
    return _("The fact {id} is already superseded by another one.") if old.id in corrected else ""

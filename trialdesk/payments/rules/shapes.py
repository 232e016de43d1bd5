"""What a node may be: shapes are declared from smaller shapes, and read a node into a typed value.

A shape is a function from a node to a value that raises Refused. The composed ones go on after a mistake, so that a
person sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Final, TypeVar

from trialdesk.base.amounts import LARGEST
from trialdesk.base.i18n import _
from trialdesk.base.money import exact, minor_units, plain_money
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.nodes import Node, Real, Refused, Wrong
from trialdesk.payments.rules.places import Where

T = TypeVar("T")
Shape = Callable[[Node], T]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|\+00:00)", re.ASCII)


def as_it_is(node: Node) -> Node:
    """Anything: its reading is put off until what it depends on is read."""
    return node


def text(node: Node) -> str:
    """Text. A number is none: a subject 001 is written "001"."""
    if not isinstance(node.value, str):
        number = _("Here stands text; a number is written in quotes.")
        raise node.wrong(number if _is_number(node) else _("Here stands text."))
    if not node.value:
        raise node.wrong(_("Here stands text, and it is empty."))
    return node.value


def whole(node: Node) -> int:
    """A whole number."""
    if type(node.value) is not int:
        raise node.wrong(_("Here stands a whole number, without quotes or decimals."))
    return node.value


def natural(node: Node) -> int:
    """A whole number from 0 on."""
    if whole(node) < 0:
        raise node.wrong(_("Here stands a whole number that is not negative."))
    return whole(node)


def flag(node: Node) -> bool:
    """Yes or no."""
    if not isinstance(node.value, bool):
        raise node.wrong(_("Here stands true or false."))
    return node.value


def day(node: Node) -> date:
    """A calendar date."""
    try:
        if isinstance(node.value, str) and _DAY.fullmatch(node.value):
            return date.fromisoformat(node.value)
    except ValueError:
        pass
    raise node.wrong(_("Here stands a calendar date such as 2026-03-31."))


def instant(node: Node) -> datetime:
    """An instant in UTC."""
    found = parse_instant(node.value) if isinstance(node.value, str) else None
    if found is None:
        raise node.wrong(_("Here stands an instant in UTC such as 2026-03-31T09:00:00Z."))
    return found


def parse_instant(written: str) -> datetime | None:
    """Return the instant in UTC that is written with seconds or minutes and Z; None for anything else."""
    if not _INSTANT.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return None


def rate(node: Node) -> Fraction:
    """A rate, factor or share: decimal text, not negative."""
    written = _decimal_text(node)
    try:
        return exact(written)
    except ValueError:
        if written.startswith("-"):
            raise node.wrong(_("“{written}” is negative: a rate is at least 0.").format(written=written)) from None
        raise node.wrong(_('Here stands a decimal number in quotes, such as "0.10".')) from None


def share(node: Node) -> Fraction:
    """A part of a whole: a rate of at most 1. More than all of a line cannot be held back, lost or added as tax."""
    found = rate(node)
    if found > 1:
        words = _("“{written}” is more than the whole; 10 % is written “0.10”.")
        raise node.wrong(words.format(written=node.value))
    return found


def money(exponent: int) -> Shape[int]:
    """Money in minor units of a currency with so many decimals."""

    def read(node: Node) -> int:
        written = _decimal_text(node)
        try:
            amount = minor_units(written, exponent)
        except ValueError:
            if written.startswith("-"):
                words = _("“{written}” is negative: an amount is at least 0.")
                raise node.wrong(words.format(written=written)) from None
            words = _("“{written}” is no amount with at most {exponent} decimals.")
            raise node.wrong(words.format(written=written, exponent=exponent)) from None
        if amount > LARGEST:
            words = _("“{written}” is more than can be recorded; the largest amount is {largest}.")
            raise node.wrong(words.format(written=written[:80], largest=plain_money(LARGEST, exponent)))
        return amount

    return read


def one_of(*names: str) -> Shape[str]:
    """One of the names."""

    def read(node: Node) -> str:
        if node.value not in names or not isinstance(node.value, str):
            known = ", ".join(names)
            said = node.value if isinstance(node.value, str) else "?"
            raise node.wrong(_("“{name}” is not known here; it can be: {known}.").format(name=said, known=known))
        return node.value

    return read


def many(shape: Shape[T]) -> Shape[tuple[T, ...]]:
    """A list of such values."""

    def read(node: Node) -> tuple[T, ...]:
        if not isinstance(node.value, tuple):
            raise node.wrong(_("Here stands a list."))
        return tuple(_all(shape, node.value))

    return read


def pair(first: Shape[Any], second: Shape[Any]) -> Shape[tuple[Any, Any]]:
    """A list of exactly two values."""

    def read(node: Node) -> tuple[Any, Any]:
        if not isinstance(node.value, tuple) or len(node.value) != 2:
            raise node.wrong(_("Here stands a list of two."))
        return first(node.value[0]), second(node.value[1])

    return read


def table(shape: Shape[T]) -> Shape[Mapping[str, T]]:
    """A mapping from any names to such values."""

    def read(node: Node) -> Mapping[str, T]:
        entries = _entries(node)
        return dict(zip(entries, _all(shape, tuple(entries.values())), strict=True))

    return read


def maybe(shape: Shape[T]) -> Shape[T | None]:
    """Such a value, or null."""
    return lambda node: None if node.value is None else shape(node)


_NEEDED: Final = object()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record, the shape of its value, the argument it becomes, and what stands for it where it is absent."""

    name: str
    shape: Shape[Any]
    into: str = ""
    absent: Any = _NEEDED


def optional(name: str, shape: Shape[Any], absent: Any = None, into: str = "") -> Key:
    """Return a key that may be left out."""
    return Key(name, shape, into, absent)


def record(make: Callable[..., T], *keys: Key, placed: bool = False) -> Shape[T]:
    """A mapping with exactly these keys, made into a value; `placed` hands it its place as `where`."""
    known = {key.name: key for key in keys}

    def read(node: Node) -> T:
        entries = _entries(node)
        wrongs = [
            Wrong(entry.where, _("The key “{key}” is not known here.").format(key=name))
            for name, entry in entries.items()
            if name not in known
        ]
        values: dict[str, Any] = {"where": node.where} if placed else {}
        for name, key in known.items():
            if name in entries:
                try:
                    values[key.into or name] = key.shape(entries[name])
                except Refused as refused:
                    wrongs += refused.wrongs
            elif key.absent is _NEEDED:
                wrongs.append(Wrong(node.where, _("The key “{key}” is missing.").format(key=name)))
            else:
                values[key.into or name] = key.absent
        if wrongs:
            raise Refused(*wrongs)
        return make(**values)

    return read


def entry(node: Node, name: str) -> Node:
    """Return a mapping's entry, null where it is absent: for what must be known before the rest can be read."""
    return _entries(node).get(name, Node(None, Where(name, node.where.line)))


def _entries(node: Node) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise node.wrong(_("Here stands a mapping of keys to values."))
    return node.value


def _all(shape: Shape[T], nodes: tuple[Node, ...]) -> list[T]:
    values: list[T] = []
    wrongs: list[Wrong] = []
    for each in nodes:
        try:
            values.append(shape(each))
        except Refused as refused:
            wrongs += refused.wrongs
    if wrongs:
        raise Refused(*wrongs)
    return values


def _decimal_text(node: Node) -> str:
    if isinstance(node.value, str):
        return node.value
    raise node.wrong(_('Money and rates are decimal numbers in quotes, such as "1500.00".'))


def _is_number(node: Node) -> bool:
    return type(node.value) is int or isinstance(node.value, Real)

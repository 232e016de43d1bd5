"""How two sets of facts differ: figure by figure, each under a path that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trialdesk.base.values import dataclass

_NAMED = ("arm", "identifier", "id", "number", "name")
"""Fields by which the items of a list are told apart, the first that tells them all apart."""
NAMES = frozenset(_NAMED)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that was and is; None on one side where there was or is nothing."""

    path: tuple[str, ...]
    then: Any
    now: Any


def differences(then: Any, now: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield what differs between two JSON values, in the order of the first and then of what is new.

    Items of lists are matched by what names them, so one row more is one difference and not a shift of all.
    """
    if isinstance(then, list) and isinstance(now, list):
        then, now = _named(then, now)
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from differences(then.get(key), now.get(key), (*path, key))
    elif then != now:
        yield Difference(path, then, now)


def _named(then: list[Any], now: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    for name in _NAMED:
        keyed = [{str(item.get(name)): item for item in items if isinstance(item, dict)} for items in (then, now)]
        if len(keyed[0]) == len(then) and len(keyed[1]) == len(now):
            return keyed[0], keyed[1]
    return _counted(then), _counted(now)


def _counted(items: list[Any]) -> dict[str, Any]:
    return {str(index): item for index, item in enumerate(items, 1)}

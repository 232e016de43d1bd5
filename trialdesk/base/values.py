"""Dataclasses whose equality, hash and words are shared, not compiled anew for each class.

Up to Python 3.12, compiling these methods is a third of what declaring a frozen dataclass costs, and a desk that opens
declares hundreds: with this, it opens a tenth sooner. What a class is and does stays what `dataclasses` says.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(declared: type | None = None, /, **how: bool) -> Any:
        """Make a dataclass as `dataclasses.dataclass` does, with the same words; a frozen one is declared faster."""
        if declared is None:
            return lambda each: dataclass(each, **how)
        if not (how.get("frozen") and how.get("eq", True) and how.get("repr", True)) or how.get("order"):
            return dataclasses.dataclass(declared, **how)
        own = vars(declared)
        shared = {"__eq__": _equal, "__hash__": _hash, "__repr__": _words}
        for name, method in shared.items():
            # A class that says itself when it equals has no hash of its own until it is given one.
            if own.get(name) is None:
                setattr(declared, name, method)
        return dataclasses.dataclass(declared, **{**how, "eq": False, "repr": False})


def _equal(mine: Any, other: Any) -> Any:
    if mine.__class__ is not other.__class__:
        return NotImplemented
    compared = _compared(mine.__class__)
    return compared(mine) == compared(other)


def _hash(value: Any) -> int:
    return hash((value.__class__, _compared(value.__class__)(value)))


@recursive_repr()
def _words(value: Any) -> str:
    shown = (each.name for each in dataclasses.fields(value) if each.repr)
    return f"{value.__class__.__qualname__}({', '.join(f'{name}={getattr(value, name)!r}' for name in shown)})"


@cache
def _compared(declared: Any) -> Callable[[Any], object]:
    """Return what reads the fields that make two values of a class equal."""
    names = [each.name for each in dataclasses.fields(declared) if each.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)

"""Functions named where they are declared and imported when they are first called: a desk opens sooner."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


def late(place: str) -> Callable[..., Any]:
    """Return a function that calls the one at `module:function`. Raises ImportError, AttributeError when called."""

    def call(*words: Any, **named: Any) -> Any:
        return _found(place)(*words, **named)

    call.__name__ = place
    return call


@cache
def _found(place: str) -> Callable[..., Any]:
    module, _colon, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found

"""Which of its facts a document prints: those that are read while it is composed, and no others.

A document is changed when what it prints is changed. Facts are gathered by rows that hold more than one page asks for;
what no block was made of must not make a paper out of date. So the facts are composed once while they note what is
asked of them, and the rest is left out of the digest and of what is compared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from trialdesk.base.canonical import canonical, digest
from trialdesk.base.i18n import speaking
from trialdesk.reporting.report import Report, facts_json


class _Asked:
    """Whether a value was asked for, and the same of each of its parts."""

    __slots__ = ("parts", "read")

    def __init__(self) -> None:
        self.read = False
        self.parts: dict[Any, _Asked] = {}


def printed_facts(report: Report, facts: Any, *, names: frozenset[str] = frozenset()) -> Any:
    """Return of the facts what the report prints, as what JSON can say. Raises as `facts_json` does.

    `names` are fields that stay with a row of which anything is printed, so that it can be told by its name.
    """
    root = _Asked()
    watched = _watched(facts, root)
    with speaking("en"):  # what is asked for is the same in every language
        report.compose(watched)
        report.title_of(watched)
    return _kept(facts, root, names)


def printed_digest(report: Report, facts: Any) -> str:
    """Return SHA-256 over the canonical bytes of what the report prints, as 64 hexadecimal digits."""
    return digest(canonical(printed_facts(report, facts)))


def _watched(value: Any, asked: _Asked) -> Any:
    """Return a value that equals and behaves as the one given, and notes which of its fields are asked for."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        declared = value.__class__
        copy: Any = object.__new__(_watching(declared))
        for field in dataclasses.fields(declared):
            part = asked.parts[field.name] = _Asked()
            object.__setattr__(copy, field.name, _watched(getattr(value, field.name), part))
        object.__getattribute__(copy, "__dict__")["_asked"] = asked.parts
        return copy
    if isinstance(value, Mapping):
        return {key: _watched(each, asked.parts.setdefault(key, _Asked())) for key, each in value.items()}
    if isinstance(value, list) or type(value) is tuple:
        return type(value)(_watched(each, asked.parts.setdefault(at, _Asked())) for at, each in enumerate(value))
    return value


@cache
def _watching(declared: type) -> type:
    """Return a class that passes for a dataclass, whose values note which of their fields are asked for."""

    def asked_for(self: Any, name: str) -> Any:
        if name == "__class__":
            return declared
        part = object.__getattribute__(self, "__dict__").get("_asked", {}).get(name)
        if part is not None:
            part.read = True
        return object.__getattribute__(self, name)

    return type(declared.__name__, (declared,), {"__getattribute__": asked_for, "__hash__": declared.__hash__})


def _kept(value: Any, asked: _Asked, names: frozenset[str]) -> Any:
    """Return what was asked for. Of rows that were counted alone it is how many there are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        read = {name for name, part in asked.parts.items() if part.read}
        kept = [each.name for each in dataclasses.fields(value) if each.name in (read and read | names)]
        return {name: _kept(getattr(value, name), asked.parts[name], names) for name in kept}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key of the facts is not text")
        return {key: _kept(each, asked.parts[key], names) for key, each in value.items()}
    if isinstance(value, list) or type(value) is tuple:
        return [_kept(each, asked.parts[at], names) for at, each in enumerate(value)]
    return facts_json(value)

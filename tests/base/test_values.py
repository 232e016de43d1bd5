"""A value made here is and does what the standard library's dataclass is and does."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Dose:
    """Ours."""

    name: str
    milligrams: int = 0
    seen: list[str] = field(default_factory=list, repr=False, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The library's."""

    name: str
    milligrams: int = 0
    seen: list[str] = field(default_factory=list, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class One:
    """A single field."""

    value: float


@dataclass(frozen=True)
class Nothing:
    """No field."""


@dataclass(frozen=True)
class Loud:
    """Says itself when it equals, and what it is."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loud) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())

    def __repr__(self) -> str:
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class Repeated(Dose):
    """With a field more than what it comes from."""

    times: int = 1


def test_equality_and_hash_are_those_of_the_compared_fields() -> None:
    assert Dose("a", 5, ["x"]) == Dose("a", 5, ["y"])
    assert hash(Dose("a", 5, ["x"])) == hash(Dose("a", 5, ["y"]))
    assert Dose("a", 5) != Dose("a", 6)
    other: object = Theirs("a", 5)
    assert Dose("a", 5) != other
    assert Dose("a") != Repeated("a")
    assert Repeated("a", times=2) != Repeated("a", times=3)
    assert len({Dose("a"), Dose("a"), Dose("b"), Nothing(), Nothing()}) == 3
    odd = float("nan")
    assert One(odd) == One(odd), "a value equals itself as a tuple of it does"


def test_it_reads_as_the_library_writes_it() -> None:
    assert repr(Dose("a", 5, ["x"])).replace("Dose", "Theirs") == repr(Theirs("a", 5, ["x"]))
    assert repr(Nothing()) == "Nothing()"
    held: list[Any] = []
    held.append(One(held))  # type: ignore[arg-type]  # a value that holds itself must not be read for ever
    assert repr(held[0]) == "One(value=[...])"


def test_what_a_class_says_itself_stays() -> None:
    assert Loud("a") == Loud("A")
    assert repr(Loud("a")) == "A"
    assert hash(Loud("a")) == hash(Loud("A"))


def test_it_is_frozen_copied_and_replaced_like_any_other() -> None:
    dose = Dose("a", 5)
    with pytest.raises(FrozenInstanceError):
        dose.name = "b"  # type: ignore[misc]  # what is refused
    assert replace(dose, milligrams=6) == Dose("a", 6)
    assert copy.deepcopy(dose) == dose
    assert pickle.loads(pickle.dumps(dose)) == dose
    assert [each.name for each in fields(Repeated)] == ["name", "milligrams", "seen", "times"]
    match dose:
        case Dose(name, amount):
            assert (name, amount) == ("a", 5)


def test_what_is_not_frozen_or_ordered_is_left_to_the_library() -> None:
    @dataclass(slots=True)
    class Open:
        value: int

    @dataclass(frozen=True, order=True)
    class Ordered:
        value: int

    opened = Open(1)
    opened.value = 2
    assert opened == Open(2)
    with pytest.raises(TypeError):
        hash(opened)
    assert Ordered(1) < Ordered(2)

"""How much of the study product there is, on plain values.

On hand is what was received and what participants returned, less what was given out, sent back, destroyed or lost
(ICH E6(R3) 2.10.3: the records are to reconcile all product received). Within a day what comes is counted before what
goes: the order of a day's deliveries is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass

MOVEMENTS = (
    ("received", N_("Received")),
    ("given", N_("Given to a participant")),
    ("returned", N_("Returned by a participant")),
    ("sent_back", N_("Sent back")),
    ("destroyed", N_("Destroyed")),
    ("lost", N_("Lost or damaged")),
)
"""What happens to the study product at a site (ICH E6(R3) 2.10.3)."""
CONDITIONS = (
    ("good", N_("In order")),
    ("excursion", N_("Temperature out of range")),
    ("damaged", N_("Damaged")),
)

COMES = frozenset({"received", "returned"})
BY_PARTICIPANT = frozenset({"given", "returned"})


class Moved(Protocol):
    """A movement, as far as stock goes."""

    @property
    def moved(self) -> str:
        """What happened: a code of MOVEMENTS."""
        ...

    @property
    def moved_on(self) -> date:
        """The day it happened."""
        ...

    @property
    def quantity(self) -> int:
        """How many, in the unit of the batch."""
        ...

    @property
    def participant(self) -> Id | None:
        """To or by whom."""
        ...


M = TypeVar("M", bound=Moved)


@dataclass(frozen=True, slots=True)
class Short:
    """The first day on which more had gone than there was, and how much was missing as it ended."""

    on: date
    missing: int


def on_hand(movements: Iterable[Moved]) -> int:
    """Return what is left of one batch at one site, in its unit."""
    return sum(_change(each) for each in movements)


def after_each(movements: Iterable[M]) -> Iterator[tuple[M, int]]:
    """Give one batch's movements at one site in their order, with what was on hand after each."""
    left = 0
    for each in sorted(movements, key=_order):
        left += _change(each)
        yield each, left


def short_on(movements: Iterable[Moved]) -> Short | None:
    """Return on which day one batch at one site first ended at less than nothing; None if it never did."""
    ends = {each.moved_on: left for each, left in after_each(movements)}
    return next((Short(day, -left) for day, left in ends.items() if left < 0), None)


def kept_by(movements: Iterable[Moved]) -> dict[Id, int]:
    """Return what each participant was given of one batch and has not returned, in its unit; less than 0 is amiss."""
    kept: dict[Id, int] = {}
    for each in movements:
        if each.participant is not None and each.moved in BY_PARTICIPANT:
            kept[each.participant] = kept.get(each.participant, 0) - _change(each)
    return kept


def _change(movement: Moved) -> int:
    return movement.quantity if movement.moved in COMES else -movement.quantity


def _order(movement: Moved) -> tuple[date, bool]:
    return movement.moved_on, movement.moved not in COMES

"""What an invoice may ask for and what a credit note takes back, on plain values in minor units.

An amount is asked for once: what is due now less what was asked for before. A rise goes to a new invoice, a fall to a
credit note of the invoice that asked for it, the latest first; the two are never netted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from trialdesk.base.money import shares
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.case import LineKey


@dataclass(frozen=True, slots=True)
class Due:
    """What a line is worth now and on which date's terms; `certified` is how much of it two people have certified."""

    key: LineKey
    on: date | None
    terms: int | None
    pay: int
    certified: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice line and what is left of it after the credit notes so far. In the order of their issue."""

    invoice: str
    line: str
    key: LineKey
    on: date | None
    left: int


@dataclass(frozen=True, slots=True)
class Rise:
    """What a new invoice asks for a line."""

    key: LineKey
    on: date | None
    terms: int | None
    net: int


@dataclass(frozen=True, slots=True)
class Fall:
    """What a credit note takes back of an invoice line; `net` is negative."""

    invoice: str
    line: str
    key: LineKey
    on: date | None
    net: int


def differences(
    due: Iterable[Due], asked: Sequence[Asked], disputed: frozenset[LineKey] = frozenset()
) -> tuple[tuple[Rise, ...], tuple[Fall, ...]]:
    """Return what can be asked for and what is to be credited.

    No more is asked for than is certified, and nothing for a line in dispute. What was asked for on another date than
    the line now has is credited in full and asked for anew; what is no longer there at all is credited.
    """
    now = {each.key: each for each in due}
    by_key: dict[LineKey, list[Asked]] = {key: [] for key in now}
    for line in asked:
        by_key.setdefault(line.key, []).append(line)
    rises: list[Rise] = []
    falls: list[Fall] = []
    for key, lines in by_key.items():
        due_now = now.get(key) or Due(key, None, None, 0, 0)
        kept = [line for line in lines if line.on == due_now.on]
        falls += [_fall(line, line.left) for line in lines if line.on != due_now.on and line.left]
        left = sum(line.left for line in kept)
        if due_now.pay < left:
            falls += _latest_first(kept, left - due_now.pay)
        elif key not in disputed:
            net = min(due_now.pay, due_now.certified) - left
            if net > 0 or (net < 0 and not kept):
                rises.append(Rise(key, due_now.on, due_now.terms, net))
    return tuple(rises), tuple(falls)


def _latest_first(lines: Sequence[Asked], amount: int) -> list[Fall]:
    found = []
    for line in reversed(lines):
        taken = min(line.left, amount)
        if taken > 0:
            found.append(_fall(line, taken))
            amount -= taken
    return found


def _fall(line: Asked, amount: int) -> Fall:
    return Fall(line.invoice, line.line, line.key, line.on, -amount)


def spread(total: int, nets: Sequence[int]) -> tuple[int, ...]:
    """Share a document's tax out over its lines by their nets, so that the shares add up to it."""
    weights = [abs(net) for net in nets]
    return shares(total, weights) if any(weights) else (0,) * len(nets)


def filled(amount: int, open_: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return how an amount fills open lines in their order, the last one perhaps in part. The rest is unapplied."""
    found = []
    for line, left in open_:
        taken = min(left, amount)
        if taken > 0:
            found.append((line, taken))
            amount -= taken
    return tuple(found)

"""What the next months may bring, on plain values in minor units. It is looked at and never posted.

Accrual is what visits to come would earn in full: those due of people in the study, weighed by how many stay, and those
of people yet to come, at a low, a middle and a high rate. Cash follows by this payer's own habit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from trialdesk.base.money import part_of, rounded, shares
from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to come, or with the last of them completing: its whole line and the part of it that will be held."""

    day: date
    line: int
    hold: int
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a new participant earns `months` after the month of coming in."""

    months: int
    line: int
    hold: int


@dataclass(frozen=True, slots=True)
class Rates:
    """The study's own rates: who stays, of all; and how many come in a month, low, middle and high."""

    retention: Fraction
    low: Fraction
    base: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day: accrual three ways, and of the middle one what is held and what can be invoiced."""

    month: date
    low: int
    base: int
    high: int
    hold: int
    net: int
    cash: int = 0


def month_of(day: date, later: int = 0) -> date:
    """Return the first day of a day's month, or of one so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Return how many months one day's month is after another's."""
    return (last.year - first.year) * 12 + last.month - first.month


def forecast(
    due: Iterable[Visit],
    newcomers: Sequence[Newcomer],
    rates: Rates,
    *,
    first: date,
    months: int,
    delays: Mapping[int, int],
    places: int | None = None,
    room: int | None = None,
) -> tuple[Month, ...]:
    """Return so many months from the month of `first` on.

    `delays` weighs by how many months after its accrual money arrived; without any, no cash is foretold. `places` is
    how many people may still come in, None for any number. `room` is what the contract's ceiling leaves: no rate
    foretells more, as the engine pays no more; None without a ceiling. Each sum is rounded once.
    """
    names = [month_of(first, n) for n in range(months)]
    line: Counter[date] = Counter()
    hold: Counter[date] = Counter()
    for visit in due:
        line[month_of(visit.day)] += visit.line
        hold[month_of(visit.day)] += visit.hold
    coming = [_coming(rate, places, months) for rate in (rates.low, rates.base, rates.high)]
    cash: Counter[date] = Counter()
    left = [room] * len(coming)
    found = []
    for number, name in enumerate(names):
        new = [(number - each.months, each) for each in newcomers if each.months <= number]
        staying = line[name] * rates.retention
        whole = [rounded(staying + sum(people[at] * each.line for at, each in new)) for people in coming]
        low, base, high = (_within(amount, rest) for amount, rest in zip(whole, left, strict=True))
        left = [_rest(rest, amount) for rest, amount in zip(left, (low, base, high), strict=True)]
        held = rounded(
            _share(base, whole[1]) * (hold[name] * rates.retention + sum(coming[1][at] * each.hold for at, each in new))
        )
        found.append(Month(name, low, base, high, held, base - held))
        for later, part in spread_over(base - held, delays).items():
            cash[month_of(name, later)] += part
    return tuple(
        Month(each.month, each.low, each.base, each.high, each.hold, each.net, cash[each.month]) for each in found
    )


def _within(amount: int, rest: int | None) -> int:
    """Return how much of an amount the rest of a ceiling takes; what is given back it takes wholly."""
    return amount if rest is None else min(amount, max(rest, 0))


def _rest(rest: int | None, amount: int) -> int | None:
    return None if rest is None else rest - amount


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(1)


def _coming(rate: Fraction, places: int | None, months: int) -> list[Fraction]:
    """Return how many come in each month while there are places."""
    if places is None:
        return [rate] * months
    return [min(rate, max(Fraction(places) - rate * number, Fraction(0))) for number in range(months)]


def spread_over(amount: int, delays: Mapping[int, int]) -> dict[int, int]:
    """Share an amount over months later by weight, so that the shares add up to it; nothing without weights."""
    if not any(delays.values()):
        return {}
    later = sorted(delays)
    return dict(zip(later, shares(amount, [delays[each] for each in later]), strict=True))


def line_of(amount: int, overhead: Fraction, holdback: Fraction) -> tuple[int, int]:
    """Return the whole line of an amount with its overhead, and what is held of it."""
    line = amount + part_of(amount, overhead)
    return line, part_of(line, holdback)


def reached(accrued: int, months: Iterable[Month], ceiling: int | None) -> date | None:
    """Return the month in which the middle accrual reaches the contract's ceiling; None where it does not."""
    if ceiling is None:
        return None
    for each in months:
        accrued += each.base
        if accrued >= ceiling:
            return each.month
    return None

"""Counting from a day: hours, calendar days, working days, months and years. Day 0 is the day of the trigger."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

Unit = Literal["h", "cd", "wd", "mo", "yr"]
"""Hours, calendar days, working days, months, years."""

IsWorkingDay = Callable[[date], bool]

_SATURDAY = 5


def weekday(day: date) -> bool:
    """Say whether a day is from Monday to Friday: a working day where no holidays are known."""
    return day.weekday() < _SATURDAY


def plus(start: date, n: int, unit: Unit, is_working_day: IsWorkingDay = weekday) -> date:
    """Return the day `n` units after `start`, or before it where `n` is negative.

    Calendar days skip nothing; working days skip what `is_working_day` says no to; months and years keep the day of
    the month, or end with the month where it is shorter. Hours count by the clock (`due_at` of a deadline); here 24 of
    them are a day, and a part of a day is one.
    """
    if unit == "wd":
        return _plus_working(start, n, is_working_day)
    if unit in ("mo", "yr"):
        return plus_months(start, n * 12 if unit == "yr" else n)
    return start + timedelta(days=-(-n // 24) if unit == "h" else n)


def plus_months(start: date, months: int) -> date:
    """Return the same day of another month, clamped to its end. Counted from `start`, so leap days come back."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _plus_working(start: date, n: int, is_working_day: IsWorkingDay) -> date:
    step = timedelta(days=1 if n >= 0 else -1)
    day, left = start, abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day

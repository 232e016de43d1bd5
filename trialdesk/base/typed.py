"""What a person types, read: dates, moments and numbers. Pure functions; none raises for a malformed text.

Dates may be typed as 2026-03-04, 20260304, 4.3.26, 4/3/2026, 4 Mar 2026, 2026年3月4日, today, +7 (days), +2w, -1m.
Year first where the first part has four figures; else day, month, year. Where month and day could change places the
reading says so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from trialdesk.base.clock import SystemClock
from trialdesk.base.dates import is_partial_date
from trialdesk.base.values import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = {
    "today": 0,
    "t": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "今天": 0,
    "昨天": -1,
    "前天": -2,
    "明天": 1,
    "后天": 2,
}
_SHIFT = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy天周月年])?")
_UNITS = {"天": "d", "周": "w", "月": "m", "年": "y"}
_YEARS_AHEAD = 20
"""A year of two figures is taken to lie at most so far ahead: 58 is 1958, 30 is 2030."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a typed date was read: the day, or None where it is no date; `doubtful` if it could mean another day too."""

    day: date | None
    doubtful: bool = False


def today_here() -> date:
    """Return today's date where this workstation stands."""
    return SystemClock().now().astimezone().date()


def read_day(text: str, today: date) -> Reading:
    """Return how `text` reads as a date; relative dates count from `today`."""
    text = text.strip().lower()
    if text in _NAMED:
        return Reading(today + timedelta(days=_NAMED[text]))
    if shift := _SHIFT.fullmatch(text):
        return Reading(_shifted(shift, today))
    if re.fullmatch(r"\d{8}", text):
        return Reading(_date(int(text[:4]), int(text[4:6]), int(text[6:])))
    return _read_parts(_numbers(text), text, today)


def is_doubtful(text: str, today: date) -> bool:
    """Say whether a typed date, with or without a time of day, could mean another day too: 3/4/2026."""
    text = text.strip()
    head, _space, moment = text.rpartition(" ")
    return read_day(head if head and ":" in moment else text, today).doubtful


def read_partial(text: str, today: date) -> str | None:
    """Return the partial date that `text` means, such as 2013-02 for Feb 2013, or None where it means none."""
    text = text.strip()
    head, _space, moment = text.partition("T") if "T" in text else text.rpartition(" ")
    if head and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", moment):
        day = read_day(head, today).day
        found = f"{day.isoformat()}T{moment.zfill(5)}" if day else ""
        return found if is_partial_date(found) else None
    if is_partial_date(text):
        return text
    parts = _numbers(text.lower())
    if len(parts) == 2 and max(parts) > 999:
        year, month = max(parts), min(parts)
        found = f"{year:04}-{month:02}"
        return found if is_partial_date(found) else None
    day = read_day(text, today).day
    return day.isoformat() if day else None


def read_instant(text: str, today: date) -> datetime | None:
    """Return the instant in UTC for a date and time of day typed in the workstation's zone, or None."""
    partial = read_partial(text, today)
    if partial is None or "T" not in partial:
        return None
    return datetime.fromisoformat(partial).astimezone().astimezone(UTC)


def read_whole(text: str) -> int | None:
    """Return the whole number typed, thousands set apart or not; None for anything else."""
    number = read_decimal(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def read_decimal(text: str) -> Decimal | None:
    """Return the exact decimal number typed; a comma sets thousands apart, a full stop begins the decimals."""
    plain = text.strip().replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").replace("，", ",")
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?", plain) or not re.search(r"\d", plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None


def _numbers(text: str) -> list[int]:
    """Return the numbers of a text, month names put as numbers; empty if anything else stands in it."""
    found: list[int] = []
    for part in re.findall(r"[a-z]+|\d+|[^\sa-z\d]", text):
        if part.isdecimal():
            found.append(int(part))
        elif part.isalpha() and part.isascii():
            if part[:3] not in _MONTHS:
                return []
            found.append(_MONTHS.index(part[:3]) + 1)
        elif part not in ".,/-年月日号":
            return []
    return found


def _read_parts(parts: list[int], text: str, today: date) -> Reading:
    named = re.search(r"[a-z]{3}", text) is not None
    if len(parts) == 2:
        year_first = "月" in text or (named and text[:1].isalpha())
        month, day = parts if year_first else parts[::-1]
        return Reading(_date(today.year, month, day))
    if len(parts) != 3:
        return Reading(None)
    first, second, third = parts
    if first > 999 or "年" in text:
        return Reading(_date(_full_year(first, today), second, third))
    year = _full_year(third, today)
    if named and text[:1].isalpha():
        return Reading(_date(year, first, second))
    day, month = first, second
    slashed = "/" in text or "-" in text
    if month > 12 and slashed:
        day, month = month, day
    doubtful = slashed and not named and day <= 12 and month <= 12 and day != month
    return Reading(_date(year, month, day), doubtful)


def _full_year(year: int, today: date) -> int:
    if year > 99:
        return year
    full = today.year - today.year % 100 + year
    return full - 100 if full > today.year + _YEARS_AHEAD else full


def _shifted(shift: re.Match[str], today: date) -> date | None:
    count = int(shift[2]) * (1 if shift[1] == "+" else -1)
    unit = _UNITS.get(shift[3] or "d", shift[3] or "d")
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

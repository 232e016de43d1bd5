"""Study dates: local calendar dates of the site, as precise as they were recorded.

A *partial date* is ISO 8601 text cut where knowledge ends: `2013`, `2013-02`, `2013-02-25`, `2013-02-25T11:00`
(CDISC SDTM Implementation Guide 3.4, section 4.4). It is kept as recorded; nothing is filled in.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

# A study says the same few hundred days over and over: each is read once. They are text and stay what they are.

PartialDate = str
"""ISO 8601 text of any precision from the year on."""

_SHAPE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2})(T(?P<hour>\d{2})(:(?P<minute>\d{2})(:(?P<second>\d{2}))?)?)?)?)?",
    re.ASCII,
)


@lru_cache(maxsize=4096)
def is_partial_date(text: str) -> bool:
    """Say whether `text` is a partial date whose parts exist in the calendar (2013-02-30 does not)."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return False
    part = {name: int(value) for name, value in match.groupdict().items() if value is not None}
    if part["year"] < 1 or not 1 <= part.get("month", 1) <= 12:
        return False
    if not 1 <= part.get("day", 1) <= monthrange(part["year"], part.get("month", 1))[1]:
        return False
    return part.get("hour", 0) <= 23 and part.get("minute", 0) <= 59 and part.get("second", 0) <= 59


@lru_cache(maxsize=4096)
def earliest(partial: PartialDate) -> date:
    """Return the first calendar day the partial date can mean."""
    year, month, day = _parts(partial)
    return date(year, month or 1, day or 1)


def latest(partial: PartialDate) -> date:
    """Return the last calendar day the partial date can mean."""
    year, month, day = _parts(partial)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def day_of(partial: PartialDate) -> date | None:
    """Return the day if the partial date names one, else None."""
    return earliest(partial) if len(partial) >= len("2013-02-25") else None


def study_day(on: date, reference: date) -> int:
    """Return the study day of `on`: the reference day is 1, the day before it -1; there is no day 0 (SDTM 4.4.4)."""
    days = (on - reference).days
    return days + 1 if days >= 0 else days


def on_study_day(day: int, reference: date) -> date:
    """Return the calendar date of a study day (see `study_day`; 0 is taken as the day before day 1)."""
    return reference + timedelta(days=day - 1 if day > 0 else day)


def _parts(partial: PartialDate) -> tuple[int, int | None, int | None]:
    if not is_partial_date(partial):
        raise ValueError(partial)
    bits = partial[:10].split("-")
    return int(bits[0]), int(bits[1]) if len(bits) > 1 else None, int(bits[2]) if len(bits) > 2 else None

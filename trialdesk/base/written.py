"""How study dates are written for people, in the language in force: 4 Mar 2026, Mar 2026, 2026年3月4日.

The commonest dates do without the library of all locales, which takes as long to load as a page to open.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from trialdesk.base.dates import PartialDate, is_partial_date
from trialdesk.base.i18n import LANGUAGES, _, language, speaking


def written_day(value: date) -> str:
    """Return a date, such as 4 Mar 2026 or 2026年3月4日."""
    return _day(value.year, value.month, value.day, language())


def day_written(text: str) -> date | None:
    """Return the date that `written_day` wrote in any of our languages, or that stands as 2026-03-04; else None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    for code in LANGUAGES:
        pattern, months = _as_written(code)
        if found := pattern.fullmatch(text):
            try:
                return date(int(found["year"]), months.index(found["month"]) + 1, int(found["day"]))
            except ValueError:
                return None
    return None


def written(value: PartialDate) -> str:
    """Return a partial date as precisely as it is known; a text that is none as it stands."""
    if not is_partial_date(value):
        return value
    moment = value[11:16]
    parts = [int(part) for part in value[:10].split("-")]
    if len(parts) == 3:
        shown = _day(parts[0], parts[1], parts[2], language())
        return f"{shown} {moment}" if moment else shown
    if len(parts) == 2:
        return _("{month} {year}").format(month=_month(parts[1]), year=parts[0])
    return str(parts[0])


@lru_cache(maxsize=20_000)
def _day(year: int, month: int, day: int, _language: str) -> str:
    return _("{day} {month} {year}").format(day=day, month=_month(month), year=year)


def _month(month: int) -> str:
    return _months()[month - 1]


def _months() -> list[str]:
    return _("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec").split()


@cache
def _as_written(code: str) -> tuple[re.Pattern[str], list[str]]:
    """Return how a day is written in a language, and its months."""
    with speaking(code):
        months, form = _months(), re.escape(_("{day} {month} {year}"))
    parts = {"day": "[0-9]{1,2}", "month": "|".join(map(re.escape, months)), "year": "[0-9]{4}"}
    for name, part in parts.items():
        form = form.replace(rf"\{{{name}\}}", f"(?P<{name}>{part})")
    return re.compile(form), months

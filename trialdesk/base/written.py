"""How study dates are written for people, in the language in force: 4 Mar 2026, Mar 2026, 2026年3月4日.

The commonest dates do without the library of all locales, which takes as long to load as a page to open.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from trialdesk.base.dates import PartialDate, is_partial_date
from trialdesk.base.i18n import _, language


def written_day(value: date) -> str:
    """Return a date, such as 4 Mar 2026 or 2026年3月4日."""
    return _day(value.year, value.month, value.day, language())


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
    return _("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec").split()[month - 1]

"""How values are written on the screen, in the language in force: no None, no ISO instant, no raw code."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from trialdesk.base.dates import is_partial_date
from trialdesk.base.i18n import _, babel_locale, language

EMPTY = ""


def day(value: date) -> str:
    """Return a date, such as 4 Mar 2026 or 2026年3月4日."""
    return _day(value.year, value.month, value.day, language())


def long_day(value: date) -> str:
    """Return a date with its day of the week."""
    from babel.dates import format_date

    return format_date(value, "full", locale=babel_locale())


def span(first: date, last: date) -> str:
    """Return the days from one to another, what they share said once: 23–30 Dec 2025."""
    from babel.dates import format_interval

    return str(format_interval(first, last, "yMMMd", locale=babel_locale()))


def partial(value: str) -> str:
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


def instant(value: datetime) -> str:
    """Return an instant in the workstation's own zone, to the minute."""
    local = value.astimezone()
    return f"{day(local.date())} {local:%H:%M}"


def number(value: float | Decimal) -> str:
    """Return a number with the thousands set apart, all its decimals kept; alike in both languages."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def money(minor: int, currency: str) -> str:
    """Return an amount given in the currency's minor units."""
    from babel.numbers import format_currency, get_currency_precision

    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=babel_locale())


def flag(value: object) -> str:
    """Return yes or no."""
    return _("Yes") if value else _("No")


def warm() -> None:
    """Load what long dates in the language in force need; to be called beside the window, for it takes a while."""
    first = date(2026, 1, 30)
    long_day(first), span(first, date(2026, 2, 2))


@lru_cache(maxsize=20_000)
def _day(year: int, month: int, day_of_month: int, _language: str) -> str:
    return _("{day} {month} {year}").format(day=day_of_month, month=_month(month), year=year)


def _month(month: int) -> str:
    # The commonest dates do without the library of all locales, which takes as long to load as a page to open.
    return _("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec").split()[month - 1]

"""How values are written on the screen, in the language in force: no None, no ISO instant, no raw code."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from trialdesk.base.i18n import _, babel_locale
from trialdesk.base.written import written, written_day

EMPTY = ""
_RECORDED = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])", re.ASCII)


def day(value: date) -> str:
    """Return a date, such as 4 Mar 2026 or 2026年3月4日."""
    return written_day(value)


def dated(words: str) -> str:
    """Return words told by the domain, which knows days as they are recorded, with every day written for people."""
    return _RECORDED.sub(lambda found: written(found[0]), words)


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
    return written(value)


def instant(value: datetime) -> str:
    """Return an instant in the workstation's own zone, to the minute."""
    local = value.astimezone()
    return f"{day(local.date())} {local:%H:%M}"


def zoned(value: datetime) -> str:
    """Return an instant in the workstation's own zone, which is said: 4 Mar 2026 14:05 (UTC+08:00)."""
    offset = f"{value.astimezone():%z}"
    zone = "UTC" if offset in {"+0000", "-0000"} else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{instant(value)} ({zone})"


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

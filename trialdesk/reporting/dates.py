"""Instants as a document prints them: in the document's language, with the zone, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from trialdesk.base.i18n import babel_locale


def moment(at: datetime, zone: str, *, seconds: bool = True) -> str:
    """Return an aware instant as local date and time: 4 Mar 2026, 14:05:10 (Asia/Shanghai, UTC+08:00).

    Raises ValueError for an instant without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be printed")
    if zone in {"", "UTC"} and not at.utcoffset():
        return f"{_day_and_time(at, seconds=seconds)} (UTC)"
    local = at.astimezone(ZoneInfo(zone)) if zone else at
    offset = local.strftime("%z")
    place = f"{zone}, " if zone else ""
    return f"{_day_and_time(local, seconds=seconds)} ({place}UTC{offset[:3]}:{offset[3:5]})"


def both(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """Return an aware instant as local and as universal time: 22 Nov 2026, 14:05 Asia/Shanghai (06:05 UTC)."""
    local, universal = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    if zone == "UTC":
        return f"{_day_and_time(universal, seconds=seconds)} UTC"
    clock = universal.strftime("%H:%M:%S" if seconds else "%H:%M")
    words = clock if local.date() == universal.date() else _day_and_time(universal, seconds=seconds)
    return f"{_day_and_time(local, seconds=seconds)} {zone} ({words} UTC)"


def day_words(day: date) -> str:
    """Return a calendar date as it is read in the language in force."""
    from babel.dates import format_date

    return str(format_date(day, format="long", locale=babel_locale()))


def _day_and_time(at: datetime, *, seconds: bool) -> str:
    from babel.dates import format_date

    clock = at.strftime("%H:%M:%S" if seconds else "%H:%M")
    day = format_date(at.date(), format="medium", locale=babel_locale())
    return f"{day}{' ' if day.endswith('日') else ', '}{clock}"

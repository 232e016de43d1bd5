"""Time as the program sees it. Instants are aware datetimes in UTC; nothing else asks the machine what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return this instant in UTC."""
        ...

    def offset(self) -> int:
        """Return the minutes by which the wall clock here is ahead of UTC."""
        ...


class SystemClock:
    """The machine's clock and zone."""

    def now(self) -> datetime:
        """Return this instant in UTC."""
        return datetime.now(UTC)

    def offset(self) -> int:
        """Return the minutes by which the wall clock here is ahead of UTC."""
        return _minutes(datetime.now().astimezone().tzinfo, datetime.now(UTC))


class SetClock:
    """A clock that stands where it is put and moves by `step` at every look. For tests and the demonstration."""

    def __init__(self, at: datetime, *, step: timedelta = timedelta(0), offset: int = 0) -> None:
        self.at = at.astimezone(UTC)
        self.step = step
        self._offset = offset

    def now(self) -> datetime:
        """Return the instant the clock stands at, then move it by its step."""
        at = self.at
        self.at = at + self.step
        return at

    def offset(self) -> int:
        """Return the minutes ahead of UTC that the clock was made with."""
        return self._offset


class ResumedClock:
    """A clock that goes on from an instant as if no time had passed since, at the machine's pace.

    For a desk whose days are told and not lived. `elapsed` counts seconds and never goes back.
    """

    def __init__(self, at: datetime, *, offset: int, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._at = at.astimezone(UTC)
        self._offset = offset
        self._elapsed = elapsed
        self._begun = elapsed()

    def now(self) -> datetime:
        """Return the instant the clock was resumed at, and the time that has passed since."""
        return self._at + timedelta(seconds=self._elapsed() - self._begun)

    def offset(self) -> int:
        """Return the minutes ahead of UTC that the clock was resumed with."""
        return self._offset


def instant_text(at: datetime) -> str:
    """Return an instant as ISO 8601 in UTC with microseconds and Z: it sorts as text as it does in time."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote. Raises ValueError for anything that names no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)


def is_zone(name: str) -> bool:
    """Say whether a name is a time zone's in the IANA database, such as Asia/Shanghai."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _minutes(zone: tzinfo | None, at: datetime) -> int:
    ahead = zone.utcoffset(at) if zone else None
    return int(ahead.total_seconds() // 60) if ahead else 0

"""The hybrid logical clock: text that sorts in the order things became known, close to the wall clock.

Kulkarni et al., Logical Physical Clocks, 2014: the larger of wall time and the last clock seen, with a counter. A
clock set back cannot reorder what one desk wrote; the event's own `at` still says what the machine believed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_DIGITS = 4

START = "0" * (13 + _COUNTER_DIGITS)


def next_clock(last: str, now: datetime) -> str:
    """Return the clock of an event written `now` after `last` was seen. 13 hex digits of microseconds, 4 of counter."""
    wall = f"{(now - _EPOCH) // timedelta(microseconds=1):013x}" + "0" * _COUNTER_DIGITS
    return wall if wall > last else f"{int(last, 16) + 1:0{len(last)}x}"

"""A clock that is resumed goes on from where it stood, at the machine's pace, and by the zone it had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trialdesk.base.clock import ResumedClock


def test_a_resumed_clock_goes_on_from_its_instant_whatever_day_the_machine_has():
    seconds = [100.0]
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    clock = ResumedClock(at, offset=480, elapsed=lambda: seconds[0])
    assert (clock.now(), clock.offset()) == (at, 480)
    seconds[0] += 90
    assert clock.now() == at + timedelta(seconds=90)

"""The clock of a serious event, seriousness and numbers, on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.base.clock import is_zone
from trialdesk.safety.rules import SERIOUSNESS, at_site, next_number, query_state, sae_clock, seriousness

AWARE = datetime(2026, 3, 28, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTES = st.integers(0, 3 * 24 * 60)


@pytest.mark.parametrize(
    ("after", "state", "hours"),
    [
        (0 * HOUR, "running", 0),
        (timedelta(minutes=1), "running", 1),
        (12 * HOUR - timedelta(seconds=1), "running", 12),
        (12 * HOUR, "half", 12),
        (21.5 * HOUR, "half", 22),
        (21.6 * HOUR, "almost", 22),
        (24 * HOUR, "almost", 24),
        (24 * HOUR + timedelta(seconds=1), "late", 25),
    ],
)
def test_a_running_clock(after: timedelta, state: str, hours: int):
    clock = sae_clock(AWARE, None, AWARE + after)
    assert (clock.state, clock.hours) == (state, hours)
    assert clock.due_at == AWARE + 24 * HOUR


@given(MINUTES, MINUTES)
def test_a_stopped_clock_does_not_look_at_the_time(reported: int, now: int):
    at = AWARE + timedelta(minutes=reported)
    clock = sae_clock(AWARE, at, AWARE + timedelta(minutes=now))
    assert clock.state == ("done" if reported <= 24 * 60 else "done late")
    assert clock == sae_clock(AWARE, at, at)


@given(MINUTES, MINUTES)
def test_a_running_clock_only_goes_on(first: int, second: int):
    order = ("running", "half", "almost", "late")
    earlier, later = sorted((first, second))
    states = [sae_clock(AWARE, None, AWARE + timedelta(minutes=each)).state for each in (earlier, later)]
    assert order.index(states[0]) <= order.index(states[1])


def test_hours_are_elapsed_hours_where_the_wall_clock_jumps():
    oslo = ZoneInfo("Europe/Oslo")
    aware = datetime(2026, 3, 28, 20, tzinfo=oslo)  # summer time begins that night
    due = at_site(sae_clock(aware, None, aware).due_at, "Europe/Oslo")
    assert (due.day, due.hour) == (29, 21)
    assert sae_clock(aware, datetime(2026, 3, 29, 21, tzinfo=oslo), aware).state == "done"
    assert sae_clock(aware, datetime(2026, 3, 29, 21, 1, tzinfo=oslo), aware).state == "done late"


def test_a_zone_nobody_knows_is_universal_time():
    assert at_site(AWARE, "Middle/Earth").utcoffset() == timedelta(0)
    assert at_site(AWARE, None).hour == 20
    assert (is_zone("Asia/Shanghai"), is_zone("Middle/Earth"), is_zone("../etc")) == (True, False, False)


@given(st.fixed_dictionaries(dict.fromkeys(SERIOUSNESS, st.sampled_from([True, False, None]))), st.booleans())
def test_serious_is_what_meets_a_criterion(criteria: dict[str, bool | None], said: bool):
    found = seriousness(criteria, said=said)
    if all(value is None for value in criteria.values()):
        assert found is said
    else:
        assert found is any(criteria.values())


def test_numbers_are_given_once():
    taken = ["01-AE-001", "01-AE-009", None, "02-AE-050", "01-AE-x", "AE-003"]
    assert next_number("01", "AE", taken) == "01-AE-010"
    assert next_number("03", "AE", taken) == "03-AE-001"
    assert next_number(None, "AE", taken) == "AE-004"


def test_a_query_is_open_answered_or_closed():
    assert [query_state(None, closed=False), query_state("Yes", closed=False), query_state("Yes", closed=True)] == [
        "open",
        "answered",
        "closed",
    ]

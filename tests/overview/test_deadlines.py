"""The clocks: what sets them off, when they are due, how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.overview.rulebook import rules, working_days
from trialdesk.overview.rules.deadlines import Deadline, Started, day_zero, deadlines

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALL = frozenset({"IND", "EU", "CN"})
FRIDAY = date(2026, 9, 25)


def started(trigger: str, day: date = FRIDAY, **more: object) -> Started:
    fields: dict[str, object] = {"trigger": trigger, "study": "s", "subject": "e", "name": "001", "day": day, **more}
    return Started(**fields)  # type: ignore[arg-type]


def clocks(*begun: Started, on: date, at: datetime | None = None) -> dict[str, Deadline]:
    return {each.rule.id: each for each in deadlines(rules(), begun, on=on, at=at, calendar=working_days)}


def test_awareness_late_on_friday_makes_friday_day_zero():
    aware = datetime(2026, 9, 25, 23, 50, tzinfo=SHANGHAI)
    assert day_zero(aware, SHANGHAI) == FRIDAY
    # It was Friday afternoon in UTC; an hour later it would have been Saturday at the site and Friday still in UTC.
    assert day_zero(aware + timedelta(hours=1), SHANGHAI) == date(2026, 9, 26)
    assert day_zero((aware + timedelta(hours=1)).astimezone(UTC), UTC) == FRIDAY


def test_seven_days_across_a_holiday_do_not_move():
    found = clocks(started("susar_received", date(2026, 9, 28), bases=ALL, marks=frozenset({"grave"})), on=FRIDAY)
    assert {found[name].due for name in ("US-IND-7", "EU-SUSAR7", "CN-SUSAR7")} == {date(2026, 10, 5)}


def test_fifteen_days_are_for_what_is_not_fatal():
    found = clocks(started("susar_received", bases=ALL), on=FRIDAY)
    assert {name: each.due for name, each in found.items()} == {
        "EU-SUSAR15": date(2026, 10, 10),
        "CN-SUSAR15": date(2026, 10, 10),
    }


def test_working_days_over_golden_week_move():
    found = clocks(started("deviation_found", date(2026, 9, 29), country="CN"), on=date(2026, 9, 29))
    assert found["DEV-ASSESS"].due == date(2026, 10, 12)
    assert clocks(started("deviation_found", date(2026, 9, 29)), on=FRIDAY)["DEV-ASSESS"].due == date(2026, 10, 6)


def test_a_later_determination_moves_the_fifteen_days_alone():
    received = started("susar_received", bases=ALL, marks=frozenset({"grave"}))
    determined = started("susar_determined", FRIDAY, bases=ALL, marks=frozenset({"grave"}))
    at_once = clocks(received, determined, on=FRIDAY)
    later = clocks(received, replace(determined, day=FRIDAY + timedelta(days=4)), on=FRIDAY)
    assert later["US-IND-7"].due == at_once["US-IND-7"].due == date(2026, 10, 2)
    assert (at_once["US-IND-15"].due, later["US-IND-15"].due) == (date(2026, 10, 10), date(2026, 10, 14))


def test_a_yearly_report_of_a_leap_day():
    found = [
        each
        for each in deadlines(rules(), [started("approval_given", date(2028, 2, 29), bases=ALL)], on=date(2032, 1, 1))
        if each.rule.id == "CN-IIT-ANN"
    ]
    assert [each.due for each in found] == [
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]
    assert [each.turn for each in found] == [1, 2, 3, 4]


def test_each_turn_is_done_by_what_was_done_in_its_time():
    begun = started(
        "approval_given",
        date(2024, 11, 1),
        bases=ALL,
        done=(date(2025, 10, 1), date(2025, 10, 20), date(2026, 12, 1)),
    )
    found = [each for each in deadlines(rules(), [begun], on=date(2027, 1, 1)) if each.rule.id == "CN-IIT-ANN"]
    assert [(each.due.year, each.done_on, each.state) for each in found] == [
        (2025, date(2025, 10, 1), "done"),
        (2026, date(2026, 12, 1), "done late"),
        (2027, None, "running"),
    ]


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "running"), (7, "running"), (8, "half"), (13, "half"), (14, "nearly"), (15, "due today"), (16, "late")],
)
def test_how_fifteen_days_pass(days: int, state: str):
    found = clocks(started("susar_received", bases=ALL), on=FRIDAY + timedelta(days=days))
    assert found["EU-SUSAR15"].state == state


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "running"), (11, "half"), (13, "due today"), (24, "due today"), (25, "late")]
)
def test_how_twenty_four_hours_pass(hours: int, state: str):
    aware = datetime(2026, 9, 25, 11, tzinfo=SHANGHAI)
    seen = aware + timedelta(hours=hours if hours != 11 else 12)
    begun = started("sae_aware", at=aware.astimezone(UTC), zone=SHANGHAI)
    found = clocks(begun, on=seen.date(), at=seen)["SAE-SITE"]
    assert (found.state, found.due, found.due_at) == (state, date(2026, 9, 26), aware + timedelta(hours=24))


def test_hours_are_counted_through_a_change_of_the_clock():
    berlin = ZoneInfo("Europe/Berlin")
    aware = datetime(2026, 10, 24, 20, tzinfo=berlin)
    found = clocks(started("sae_aware", aware.date(), at=aware.astimezone(UTC), zone=berlin), on=aware.date())
    due = found["SAE-SITE"].due_at
    assert due is not None
    assert due.astimezone(berlin).hour == 19, "the night has 25 hours"


def test_what_was_done_is_done_or_done_late():
    aware = datetime(2026, 9, 25, 11, tzinfo=UTC)
    for hours, state in ((23, "done"), (25, "done late")):
        begun = started("sae_aware", at=aware, done_at=aware + timedelta(hours=hours))
        assert clocks(begun, on=date(2026, 9, 30))["SAE-SITE"].state == state
    for day, state in ((date(2026, 10, 10), "done"), (date(2026, 10, 11), "done late")):
        found = clocks(started("susar_received", bases=ALL, done=(day,)), on=date(2026, 12, 1))["EU-SUSAR15"]
        assert (found.state, found.done_on) == (state, day)
    assert clocks(started("first_enrolled", bases=ALL, is_done=True), on=date(2027, 1, 1))["CTGOV-REG"].state == "done"


def test_what_is_done_later_is_not_done_yet():
    begun = started("susar_received", bases=ALL, done=(date(2026, 10, 9),))
    assert clocks(begun, on=date(2026, 10, 8))["EU-SUSAR15"].open


def test_the_last_day_to_submit_comes_before_the_end():
    begun = started("renewal_due", date(2026, 12, 1)), started("approval_ends", date(2026, 12, 31))
    found = clocks(*begun, on=date(2026, 11, 20))
    assert found["EC-RENEW"].waits(date(2026, 11, 20))
    assert not found["EC-EXPIRY"].waits(date(2026, 11, 20))
    assert found["EC-EXPIRY"].waits(date(2026, 12, 1))


def test_a_rule_of_one_law_holds_under_that_law():
    assert clocks(started("susar_received", bases=frozenset({"CN"})), on=FRIDAY).keys() == {"CN-SUSAR15"}
    assert clocks(started("susar_received"), on=FRIDAY) == {}


def test_a_rule_holds_from_its_first_day_to_its_last():
    rule = next(each for each in rules() if each.id == "EU-SUSAR15")
    one = replace(rule, valid_to=date(2026, 9, 30))
    two = replace(rule, n=10, valid_from=date(2026, 10, 1))
    for day, version, due in ((date(2026, 9, 30), one, 15), (date(2026, 10, 1), two, 10)):
        begun = started("susar_received", day, bases=ALL)
        (found,) = deadlines((one, two), [begun], on=day)
        assert (found.rule.version, found.due) == (version.version, day + timedelta(days=due))


def test_a_mistyped_year_sets_nothing_off():
    assert clocks(started("insurance_ends", date(9026, 1, 1)), on=FRIDAY) == {}


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    on=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    done=st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=4),
    trigger=st.sampled_from(sorted({rule.trigger for rule in rules()})),
    marks=st.frozensets(st.sampled_from(["grave"])),
)
def test_every_clock_tells_one_truth(day: date, on: date, done: list[date], trigger: str, marks: frozenset[str]):
    begun = started(trigger, day, bases=ALL, marks=marks, done=tuple(done))
    for found in deadlines(rules(), [begun], on=on):
        assert found.open == (found.done_on is None)
        assert found.done_on is None or (found.done_on in done and found.done_on <= on)
        assert (found.state == "late") == (found.open and on > found.due)
        assert (found.state == "done late") == (found.done_on is not None and found.done_on > found.due)
        assert found.rule.holds(begun)


@given(day=st.dates(date(2025, 1, 1), date(2030, 1, 1)), more=st.integers(0, 40))
def test_a_running_clock_never_runs_back(day: date, more: int):
    order = ["running", "half", "nearly", "due today", "late"]
    begun = started("susar_received", day, bases=ALL)
    seen = [clocks(begun, on=day + timedelta(days=n))["EU-SUSAR15"].state for n in (more, more + 1)]
    assert order.index(seen[0]) <= order.index(seen[1])

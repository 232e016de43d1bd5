"""Counting days: what is skipped, what is not, and where a month ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.overview.rulebook import working_days
from trialdesk.overview.rules.counting import plus, plus_months, weekday

DAYS = st.dates(date(2005, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "unit", "due"),
    [
        (date(2026, 9, 28), 7, "cd", date(2026, 10, 5)),  # across Golden Week nothing moves
        (date(2024, 2, 29), 1, "yr", date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "yr", date(2028, 2, 29)),
        (date(2026, 1, 31), 1, "mo", date(2026, 2, 28)),
        (date(2026, 8, 31), -6, "mo", date(2026, 2, 28)),
        (date(2026, 3, 6), 1, "wd", date(2026, 3, 9)),
        (date(2026, 3, 9), -1, "wd", date(2026, 3, 6)),
        (date(2026, 3, 9), 0, "wd", date(2026, 3, 9)),
        (date(2026, 3, 9), 24, "h", date(2026, 3, 10)),
        (date(2026, 3, 9), 25, "h", date(2026, 3, 11)),
        (date(2026, 12, 15), 1, "mo", date(2027, 1, 15)),
    ],
)
def test_a_day_so_much_later(start: date, n: int, unit: str, due: date):
    assert plus(start, n, unit) == due  # type: ignore[arg-type]


def test_five_working_days_over_golden_week_move():
    china = working_days("CN")
    # 1 to 7 October 2026 are days off; Saturday the 10th is worked for the 7th.
    counted = [day for day in (date(2026, 9, 29) + timedelta(days=n) for n in range(1, 20)) if china(day)]
    assert counted[:5] == [
        date(2026, 9, 30),
        date(2026, 10, 8),
        date(2026, 10, 9),
        date(2026, 10, 10),
        date(2026, 10, 12),
    ]
    assert plus(date(2026, 9, 29), 5, "wd", china) == date(2026, 10, 12)
    assert plus(date(2026, 9, 29), 5, "wd") == date(2026, 10, 6)


@pytest.mark.parametrize(
    ("country", "holiday"),
    [("US", date(2026, 11, 26)), ("DE", date(2026, 10, 3)), ("GB", date(2026, 12, 25)), ("CN", date(2026, 2, 17))],
)
def test_a_national_holiday_is_no_working_day(country: str, holiday: date):
    assert not working_days(country)(holiday)


@pytest.mark.parametrize("country", ["", "XX"])
def test_of_a_country_nobody_knows_weekends_alone_are_free(country: str):
    free = working_days(country)
    assert [free(date(2026, 3, 2) + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


@given(start=DAYS, n=st.integers(0, 60))
def test_working_days_are_as_many_as_asked_for_and_end_on_one(start: date, n: int):
    due = plus(start, n, "wd")
    between = [start + timedelta(days=k) for k in range(1, (due - start).days + 1)]
    assert sum(map(weekday, between)) == n
    assert n == 0 or weekday(due)


@given(start=DAYS, n=st.integers(-60, 60))
def test_calendar_days_come_back(start: date, n: int):
    assert plus(plus(start, n, "cd"), -n, "cd") == start


@given(start=DAYS, n=st.integers(-120, 120))
def test_months_keep_the_day_or_end_with_the_month(start: date, n: int):
    due = plus_months(start, n)
    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == n
    assert due.day == start.day or (due.day < start.day and (due + timedelta(days=1)).day == 1)


@given(start=DAYS, n=st.integers(0, 10))
def test_a_year_is_twelve_months(start: date, n: int):
    assert plus(start, n, "yr") == plus(start, 12 * n, "mo")


@given(start=DAYS, later=st.integers(0, 400), n=st.integers(0, 60), unit=st.sampled_from(["cd", "wd", "mo", "yr"]))
def test_what_begins_later_is_not_due_earlier(start: date, later: int, n: int, unit: str):
    assert plus(start, n, unit) <= plus(start + timedelta(days=later), n, unit)  # type: ignore[arg-type]

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.base import typed

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        (" 2026/3/4 ", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        ("4.3.26", date(2026, 3, 4)),
        ("4.3.2026", date(2026, 3, 4)),
        ("4.3.", date(2026, 3, 4)),
        ("31/12/2025", date(2025, 12, 31)),
        ("12/31/2025", date(2025, 12, 31)),
        ("4 Mar 2026", date(2026, 3, 4)),
        ("4 march 26", date(2026, 3, 4)),
        ("Mar 4, 2026", date(2026, 3, 4)),
        ("March 4", date(2026, 3, 4)),
        ("4-Mar-2026", date(2026, 3, 4)),
        ("2026年3月4日", date(2026, 3, 4)),
        ("26年3月4日", date(2026, 3, 4)),
        ("3月4日", date(2026, 3, 4)),
        ("today", TODAY),
        ("今天", TODAY),
        ("Yesterday", date(2026, 11, 21)),
        ("明天", date(2026, 11, 23)),
        ("+7", date(2026, 11, 29)),
        ("-3", date(2026, 11, 19)),
        ("+2w", date(2026, 12, 6)),
        ("+3m", date(2027, 2, 22)),
        ("-1 y", date(2025, 11, 22)),
        ("+2周", date(2026, 12, 6)),
        ("4.3.58", date(1958, 3, 4)),
        ("4.3.46", date(2046, 3, 4)),
        ("29.2.2024", date(2024, 2, 29)),
        ("29.2.2026", None),
        ("31.4.2026", None),
        ("4.3", date(2026, 3, 4)),
        ("", None),
        ("soon", None),
        ("12", None),
        ("2026-13-01", None),
        ("1.2.3.4", None),
        ("4 Mar 2026 x", None),
    ],
)
def test_dates_as_people_type_them(text, day):
    assert typed.read_day(text, TODAY).day == day


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [("4/3/2026", True), ("4-3-26", True), ("4.3.2026", False), ("2026-04-03", False), ("31/12/2025", False),
     ("12/31/2025", False), ("4/4/2026", False), ("4 Mar 2026", False)],
)  # fmt: skip
def test_a_date_that_could_mean_another_says_so(text, doubtful):
    assert typed.read_day(text, TODAY).doubtful is doubtful


def test_a_month_later_than_the_31st_is_the_months_last_day():
    assert typed.read_day("+1m", date(2026, 1, 31)).day == date(2026, 2, 28)


@given(st.text(max_size=24))
def test_no_text_raises(text):
    typed.read_day(text, TODAY)
    typed.read_partial(text, TODAY)
    typed.read_instant(text, TODAY)
    typed.read_decimal(text)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_written_plainly_is_that_date(day):
    assert typed.read_day(day.isoformat(), TODAY) == typed.Reading(day)
    assert typed.read_partial(day.isoformat(), TODAY) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "partial"),
    [
        ("2013", "2013"),
        ("2013-02", "2013-02"),
        ("Feb 2013", "2013-02"),
        ("02/2013", "2013-02"),
        ("2013年2月", "2013-02"),
        ("25.2.2013", "2013-02-25"),
        ("2013-02-25 11:00", "2013-02-25T11:00"),
        ("2013-02-25T11:00", "2013-02-25T11:00"),
        ("25 Feb 2013 9:05", "2013-02-25T09:05"),
        ("13/2013", None),
        ("2013-02-25 25:00", None),
        ("once", None),
    ],
)
def test_partial_dates_are_as_precise_as_typed(text, partial):
    assert typed.read_partial(text, TODAY) == partial


def test_an_instant_is_in_the_workstations_zone_and_kept_in_utc():
    read = typed.read_instant("2026-03-04 14:30", TODAY)
    assert read == datetime(2026, 3, 4, 14, 30).astimezone().astimezone(UTC)
    assert typed.read_instant("2026-03-04", TODAY) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", Decimal("12.5")),
        ("1,234.50", Decimal("1234.50")),
        ("1 234", Decimal(1234)),
        ("-0.5", Decimal("-0.5")),
        ("\u22123", Decimal(-3)),
        (".5", Decimal("0.5")),
        ("12,5", None),
        ("1,23,456", None),
        ("1e5", None),
        ("NaN", None),
        ("", None),
        ("-", None),
    ],
)
def test_numbers_are_exact_and_never_guessed(text, number):
    assert typed.read_decimal(text) == number


def test_a_whole_number_has_no_decimals():
    assert typed.read_whole("1,000") == 1000
    assert typed.read_whole("1.5") is None

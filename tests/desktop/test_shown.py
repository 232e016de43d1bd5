from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from trialdesk.base.i18n import set_language
from trialdesk.desktop import shown
from trialdesk.desktop.models.rows import words
from trialdesk.desktop.models.status import Status


def test_dates_are_in_the_language():
    assert shown.day(date(2026, 3, 4)) == "4 Mar 2026"
    assert shown.long_day(date(2026, 3, 4)) == "Wednesday, 4 March 2026"
    set_language("zh")
    assert shown.day(date(2026, 3, 4)) == "2026年3月4日"
    assert shown.long_day(date(2026, 3, 4)) == "2026年3月4日星期三"


@pytest.mark.parametrize(
    ("partial", "said"),
    [
        ("2013", "2013"),
        ("2013-02", "Feb 2013"),
        ("2013-02-25", "25 Feb 2013"),
        ("2013-02-25T11:00", "25 Feb 2013 11:00"),
    ],
)
def test_partial_dates_show_what_is_known(partial, said):
    assert shown.partial(partial) == said


def test_numbers_and_money_are_set_apart():
    assert shown.number(1234567) == "1,234,567"
    assert shown.number(Decimal("1234.50")) == "1,234.50"
    assert "1,234.50" in shown.money(123450, "CNY")
    assert "1,235" in shown.money(1235, "JPY")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("S01-001", "S01-001"),
        ("2013-02", "Feb 2013"),
        ("10-12", "10-12"),
        (True, "Yes"),
        (Status("Late", "warning"), "Late"),
        (date(2026, 3, 4), "4 Mar 2026"),
        (1200, "1,200"),
    ],
)
def test_a_cell_never_shows_none_or_a_code(value, said):
    assert words(value) == said


def test_an_instant_is_shown_in_the_zone_here():
    at = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
    assert shown.instant(at) == f"{shown.day(at.astimezone().date())} {at.astimezone():%H:%M}"

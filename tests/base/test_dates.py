"""Partial dates and study days."""

from __future__ import annotations

from datetime import date, datetime

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.base.dates import day_of, earliest, is_partial_date, latest, on_study_day, study_day


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_every_cut_of_a_date_is_partial_and_spans_it(day: date, length: int):
    partial = day.isoformat()[:length]
    assert is_partial_date(partial)
    assert earliest(partial) <= day <= latest(partial)
    assert (day_of(partial) == day) is (length == 10)


@given(st.datetimes(), st.sampled_from([13, 16, 19]))
def test_times_may_follow(at: datetime, length: int):
    partial = at.isoformat(timespec="seconds")[:length]
    assert is_partial_date(partial)
    assert day_of(partial) == at.date()


@pytest.mark.parametrize(
    "text",
    ["", "13", "2013-13", "2013-02-30", "2013-2-3", "0000", "2013-02-25 11:00", "2013-02-25T24", "2013-02-25T11:60",
     "２０１３", "2013-02-25T11:00Z", "2013-02-25\n", " 2013"],
)  # fmt: skip
def test_what_is_no_date(text: str):
    assert not is_partial_date(text)
    with pytest.raises(ValueError):
        earliest(text)


def test_leap_days_exist_in_leap_years():
    assert is_partial_date("2024-02-29")
    assert not is_partial_date("2023-02-29")
    assert latest("2024-02") == date(2024, 2, 29)
    assert latest("2024") == date(2024, 12, 31)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_there_is_no_day_nought_and_back_leads_there(on: date, reference: date):
    day = study_day(on, reference)
    assert day != 0
    assert on_study_day(day, reference) == on


def test_the_reference_day_is_day_one():
    assert study_day(date(2013, 1, 13), date(2013, 1, 13)) == 1
    assert study_day(date(2013, 1, 12), date(2013, 1, 13)) == -1

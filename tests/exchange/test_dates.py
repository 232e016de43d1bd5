from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trialdesk.base.dates import is_partial_date
from trialdesk.exchange import dates
from trialdesk.exchange.dates import Convention, Reading, convention, evidence, read_date, surely_after, surely_differ

DAYS = st.dates(date(1970, 1, 1), date(2060, 12, 31))


def column(*texts: str) -> list[Reading]:
    how, _remark = convention(evidence(texts))
    return [read_date(text, how) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013", "2013"),
        ("2013-02", "2013-02"),
        ("2013-02-03T11:00", "2013-02-03T11:00"),
        ("2013-2-3", "2013-02-03"),
        ("2013/2/3", "2013-02-03"),
        ("2013.02.03", "2013-02-03"),
        ("20130203", "2013-02-03"),
        ("2013-02-03 11:05:09", "2013-02-03T11:05:09"),
        ("2013/02", "2013-02"),
        ("2/2013", "2013-02"),
        ("2013年2月3日", "2013-02-03"),
        ("2013 年 02 月 03 日", "2013-02-03"),
        ("2013年2月", "2013-02"),
        ("2013年", "2013"),
        ("03FEB2013", "2013-02-03"),
        ("3feb2013:11:00", "2013-02-03T11:00"),
        ("3-Feb-2013", "2013-02-03"),
        ("3 February 2013", "2013-02-03"),
        ("Sept 3, 2013", "2013-09-03"),
        ("FEB2013", "2013-02"),
        ("13.02.2013", "2013-02-13"),
        ("13/2/2013 1:05 PM", "2013-02-13T13:05"),
        ("13/2/2013 12:05 AM", "2013-02-13T00:05"),
    ],
)
def test_read_without_a_word(text: str, expected: str):
    assert read_date(text, Convention()) == Reading(expected)


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("2013-02-30", None, dates.NOT_IN_CALENDAR),
        ("2013-02-30T10:00", None, dates.NOT_IN_CALENDAR),
        ("31/04/2013", None, dates.NOT_IN_CALENDAR),
        ("32/13/2013", None, dates.NOT_IN_CALENDAR),
        ("unknown", None, dates.NOT_A_DATE),
        ("3 Foo 2013", None, dates.NOT_A_DATE),
        ("41300", None, dates.NOT_A_DATE),
        ("03/02/13", None, dates.TWO_DIGIT_YEAR),
        ("3-Feb-13", None, dates.TWO_DIGIT_YEAR),
        ("2013---15", "2013", dates.CUT_TO_KNOWN),
        ("2003-12-15T-:15", "2003-12-15", dates.CUT_TO_KNOWN),
        ("2013-02-00", "2013-02", dates.CUT_TO_KNOWN),
        ("2013-00-00", "2013", dates.CUT_TO_KNOWN),
        ("UNFEB2013", "2013-02", dates.CUT_TO_KNOWN),
        ("UN-UNK-2013", "2013", dates.CUT_TO_KNOWN),
        ("2013-02-03T11:00:00Z", "2013-02-03T11:00:00", dates.ZONE_LEFT_OUT),
        ("2013-02-03T11:00:00.5+01:00", "2013-02-03T11:00:00", dates.ZONE_LEFT_OUT),
        ("2013-02-03/2013-02-05", "2013-02-03", dates.PERIOD),
    ],
)
def test_what_is_not_whole_is_said(text: str, expected: str | None, remark: str):
    assert read_date(text, Convention()) == Reading(expected, remark)


FORMS = {
    "%Y-%m-%d": None, "%Y/%m/%d": None, "%d/%m/%Y": True, "%m/%d/%Y": False, "%d.%m.%Y": True, "%d-%m-%Y": True,
    "%Y年%m月%d日": None, "%d%b%Y": None, "%d %B %Y": None, "%Y%m%d": None,
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(days=st.lists(DAYS, min_size=1, max_size=20))
def test_a_column_in_any_form_comes_back(form: str, days: list[date]):
    assume(FORMS[form] is None or any(day.day > 12 for day in days))
    assert [reading.date for reading in column(*(day.strftime(form) for day in days))] == [
        day.isoformat() for day in days
    ]


@given(days=st.lists(DAYS, min_size=1))
def test_a_column_of_nothing_but_excel_numbers(days: list[date]):
    assume(all(day.year < 2061 for day in days))
    numbers = [str((day - date(1899, 12, 30)).days) for day in days]
    assert [reading.date for reading in column(*numbers)] == [day.isoformat() for day in days]
    assert [reading.date for reading in column(*numbers, "2013-02-03")] == [None] * len(days) + ["2013-02-03"]


@given(text=st.text(max_size=20) | st.from_regex(r"[0-9/.\-T: 年月日A-Za-z]{1,18}", fullmatch=True))
def test_nothing_raises_and_nothing_but_partial_dates_comes_out(text: str):
    how, _remark = convention(evidence([text]))
    reading = read_date(text, how)
    assert reading.date is None or is_partial_date(reading.date)
    assert reading.date is not None or reading.remark


def test_the_whole_column_decides():
    assert [r.date for r in column("03/02/2013", "13/02/2013")] == ["2013-02-03", "2013-02-13"]
    assert [r.date for r in column("03/02/2013", "02/13/2013")] == ["2013-03-02", "2013-02-13"]


def test_an_undecided_column_follows_the_file_and_says_so():
    undecided = evidence(["03/02/2013"])
    months = evidence(["02/13/2013"])
    how, remark = convention(undecided, [months])
    assert (read_date("03/02/2013", how).date, "month first like" in remark) == ("2013-03-02", True)
    how, remark = convention(undecided, [evidence(["2013-02-03"])])
    assert (read_date("03/02/2013", how).date, "day/month/year" in remark) == ("2013-02-03", True)
    assert convention(evidence(["03.02.2013"]))[1] == ""


def test_a_column_that_proves_both_orders_keeps_the_year_of_what_may_be_either():
    assert column("03/02/2013", "13/02/2013", "02/13/2013", "04/04/2013") == [
        Reading("2013", dates.EITHER_ORDER),
        Reading("2013-02-13"),
        Reading("2013-02-13"),
        Reading("2013-04-04"),
    ]


def test_a_slip_of_the_pen_does_not_overturn_a_column():
    proofs = [f"{day}/01/2013" for day in range(13, 32)] + ["13/02/2013"]
    assert column("03/02/2013", "02/13/2013", *proofs)[0] == Reading("2013-02-03")


def test_midnight_in_every_cell_is_no_time():
    assert [r.date for r in column("2013-01-02 00:00:00", "2013-01-03 00:00:00")] == ["2013-01-02", "2013-01-03"]
    first, second = column("2013-01-02 00:00:00", "2013-01-03 10:00:00")
    assert (first.date, second.date) == ("2013-01-02T00:00:00", "2013-01-03T10:00:00")


@given(one=DAYS, other=DAYS, cuts=st.tuples(st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10])))
def test_surely_is_sure(one: date, other: date, cuts: tuple[int, int]):
    first, second = one.isoformat()[: cuts[0]], other.isoformat()[: cuts[1]]
    if surely_after(first, second):
        assert one > other
        assert surely_differ(first, second)
    if cuts == (10, 10):
        assert surely_after(first, second) == (one > other)

"""Dates as people read them: as precise as they are known, in the language in force, like the library of locales."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date, format_skeleton

from trialdesk.base.i18n import babel_locale, speaking
from trialdesk.base.written import written, written_day


@pytest.mark.parametrize(("language", "pattern"), [("en", "d MMM y"), ("zh", "y年M月d日")])
@pytest.mark.parametrize("month", range(1, 13))
def test_dates_are_written_as_the_locale_writes_them(language: str, pattern: str, month: int):
    day = date(2026, month, 9)
    with speaking(language):
        assert written_day(day) == written(day.isoformat()) == format_date(day, pattern, locale=babel_locale())
        assert written(f"2026-{month:02}") == format_skeleton("yMMM", day, locale=babel_locale())


@pytest.mark.parametrize(
    ("partial", "said"), [("2013", "2013"), ("2013-02-25T11:00", "25 Feb 2013 11:00"), ("10-12", "10-12")]
)
def test_nothing_is_said_that_is_not_known(partial: str, said: str):
    assert written(partial) == said

"""What is written on the command line for a field: read as the window reads it, or refused in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.commandline.words import value_of

TODAY = date(2026, 11, 22)


def read(kind: Any, words: str) -> Any:
    return value_of(
        cast("Any", None), Field(kind, "When", name="on"), words, study=None, today=TODAY, currency=lambda: "CNY"
    )


@pytest.mark.parametrize("kind", ["day", "partial"])
@pytest.mark.parametrize("words", ["03/04/2026", "3-4-2026"])
def test_a_date_that_could_be_two_days_is_refused(kind, words):
    with pytest.raises(UserError, match="could be two days"):
        read(kind, words)


@pytest.mark.parametrize("words", ["13/04/2026", "04/13/2026", "13.4.2026", "2026-04-13"])
def test_a_date_that_is_one_day_is_read(words):
    assert read("day", words) == date(2026, 4, 13)


def test_a_moment_is_by_the_clock_of_the_workstation_unless_it_names_its_zone():
    here = datetime(2026, 11, 20, 8, 30).astimezone().astimezone(UTC)
    assert read("instant", "2026-11-20 08:30") == here
    assert read("instant", "2026-11-20T08:30:00Z") == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    with pytest.raises(UserError, match="could be two days"):
        read("instant", "03/04/2026 08:30")
    with pytest.raises(UserError, match="cannot be read"):
        read("instant", "2026-11-20")

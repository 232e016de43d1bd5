"""What the program wrote of a visit outside its window is said again in any language; other texts are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from trialdesk.base.i18n import LANGUAGES, speaking
from trialdesk.base.written import day_written, written_day
from trialdesk.safety.retelling import EARLY, LATE, retold, told

FACTS = {"kept": date(2026, 9, 22), "planned": date(2026, 9, 14), "before": 4, "after": 5}


@pytest.mark.parametrize("template", [EARLY, LATE])
@pytest.mark.parametrize("recorded", LANGUAGES)
@pytest.mark.parametrize("read", LANGUAGES)
def test_it_is_said_in_the_readers_language(template: str, recorded: str, read: str):
    with speaking(recorded):
        words = told(template, **FACTS)
    with speaking(read):
        assert retold(words) == told(template, **FACTS)


def test_days_recorded_as_figures_are_read_too():
    words = LATE.format(**{**FACTS, "kept": "2026-09-22", "planned": "2026-09-14"})
    assert retold(words) == told(LATE, **FACTS)


@pytest.mark.parametrize(
    "words",
    [
        "The dose was given twice.",
        "Visit on some day, after its window: planned for 14 Sept 2026, 4 days before to 5 days after.",
        "Visit on 31 Feb 2026, after its window: planned for 14 Sept 2026, 4 days before to 5 days after.",
        told(EARLY, **FACTS) + " The patient was ill.",
    ],
)
def test_what_somebody_wrote_stays_as_it_stands(words: str):
    with speaking("zh"):
        assert retold(words) == words


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_read_as_it_was_written(code: str, month: int):
    day = date(2026, month, 9)
    with speaking(code):
        words = written_day(day)
    assert day_written(words) == day

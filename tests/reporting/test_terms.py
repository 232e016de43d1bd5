"""Coded terms in the reader's language."""

from __future__ import annotations

import pytest

from trialdesk.base.i18n import speaking
from trialdesk.reporting.terms import phase_words


@pytest.mark.parametrize(
    ("recorded", "english", "chinese"),
    [
        ("PHASE III TRIAL", "Phase III", "III 期"),
        ("Phase 2", "Phase 2", "2 期"),
        (" phase  1/2 ", "Phase 1/2", "1/2 期"),
        ("NOT APPLICABLE", "NOT APPLICABLE", "NOT APPLICABLE"),
        ("Phase 2, then 3", "Phase 2, then 3", "Phase 2, then 3"),
        (None, None, None),
    ],
)
def test_a_phase_is_said_as_people_write_it(recorded: str | None, english: str | None, chinese: str | None):
    with speaking("en"):
        assert phase_words(recorded) == english
    with speaking("zh"):
        assert phase_words(recorded) == chinese

"""A study's short name stands in lists, headers and names of files: it is short, and can be printed."""

from __future__ import annotations

import pytest

from tests.support.acts import a_study
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.studies.actions import LONGEST_NAME
from trialdesk.studies.queries import studies, study_named


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "A\x01B", "A\u202eB", "\udcff"])
def test_what_cannot_be_shown_is_no_short_name(desk: Application, name: str):
    with pytest.raises(UserError, match="at most 60"):
        a_study(desk, name)
    assert desk.read(studies) == ()


def test_lines_in_it_become_one_and_a_long_one_just_fits(desk: Application):
    a_study(desk, " 港湾\n 研究 ")
    a_study(desk, "x" * LONGEST_NAME)
    assert [row.short_name for row in desk.read(studies)] == ["x" * LONGEST_NAME, "港湾 研究"]


def test_no_study_is_called_what_is_no_text(desk: Application):
    assert desk.read(study_named, name="\udcff") == ()

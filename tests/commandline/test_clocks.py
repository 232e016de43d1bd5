"""`trialdesk deadlines`: every clock with its rule, inputs, due day and state."""

from __future__ import annotations

from pathlib import Path

from tests.support.acts import a_participant, a_study
from tests.support.commands import call
from tests.support.desks import quick_desk
from trialdesk.studies.actions import add_site


def a_desk(folder: Path) -> Path:
    desk = quick_desk(folder)
    study = a_study(desk)
    site = desk.run(add_site, study=study, number="01", country="US").result
    a_participant(desk, study, site, informed_consent_on="2026-03-02")
    desk.close()
    return folder / "study.desk"


def test_a_clock_with_its_rule_inputs_and_state(tmp_path: Path):
    path = a_desk(tmp_path)
    said = call("deadlines", "--desk", path, "--on", "2026-03-24", "--json")
    assert said.code == 0
    (clock,) = said.data
    assert (clock["rule"]["id"], clock["rule"]["version"], clock["rule"]["unit"]) == ("CTGOV-REG", "2017-01-18", "cd")
    assert (clock["inputs"]["day"], clock["inputs"]["zone"], clock["inputs"]["country"]) == (
        "2026-03-02",
        "America/New_York",
        "US",
    )
    assert (clock["due"], clock["state"], clock["done_on"]) == ("2026-03-23", "late", None)
    table = call("deadlines", "--desk", path, "--study", "harbour", "--on", "2026-03-23").out
    assert "Due today" in table
    assert "Register the study HARBOUR" in table


def test_what_cannot_be_asked_is_told(tmp_path: Path):
    path = a_desk(tmp_path)
    assert call("deadlines", "--desk", path, "--on", "tomorrow").code == 2
    assert call("deadlines", "--desk", path, "--study", "nobody").code == 2


def test_a_desk_without_clocks_says_so(tmp_path: Path):
    quick_desk(tmp_path).close()
    said = call("deadlines", "--desk", tmp_path / "study.desk")
    assert (said.code, said.out.strip()) == (0, "No clock is running.")

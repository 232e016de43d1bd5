"""What comes next in a study: what is late before what its numbers ask, a stage of its rails where no clock runs."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.acts import a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.overview.ahead import Ahead, look
from trialdesk.safety.actions.data import raise_query

ON = date(2026, 3, 4)


def _ahead(desk, study, on=ON):
    return desk.read(look, on=on).ahead[study]


def test_a_new_study_asks_for_its_site_then_for_its_first_participant(sqlite_desk):
    study = a_study(sqlite_desk)
    assert _ahead(sqlite_desk, study) == Ahead("Add the first site", "overview", "site")
    a_site(sqlite_desk, study)
    assert _ahead(sqlite_desk, study) == Ahead("Screen the first participant", "participants")


def test_where_no_clock_runs_the_next_stage_of_a_rail_is_named(sqlite_desk):
    study = a_study(sqlite_desk)
    a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    assert _ahead(sqlite_desk, study) == Ahead("Protocol", "design")


def test_a_clock_comes_before_the_rails_and_late_before_all_else(sqlite_desk):
    study = a_study(sqlite_desk)
    person = a_participant(sqlite_desk, study, a_site(sqlite_desk, study), "007")
    sqlite_desk.run(raise_query, study=study, participant=person, text="Which dose?")
    running = _ahead(sqlite_desk, study)
    assert running.words.startswith("Answer the data query: Which dose? · 01-007 · In ")
    assert not running.late
    late = _ahead(sqlite_desk, study, ON + timedelta(days=40))
    assert late.late
    assert late.words.endswith("days late")
    assert (late.section, late.focus) == (running.section, running.focus)


def test_studies_that_wait_for_something_cost_no_more_statements(sqlite_desk):
    def cost():
        with counted(sqlite_desk) as said:
            sqlite_desk.read(look, on=ON)
        return len(said)

    a_study(sqlite_desk, "S0")
    one = cost()
    for number in range(1, 4):
        a_study(sqlite_desk, f"S{number}")
    assert cost() == one

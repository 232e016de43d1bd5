"""What the window itself reads of a real desk, in few statements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.acts import a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.desktop.sources import MOST, DeskSources
from trialdesk.desktop.spot import Spot
from trialdesk.safety.actions.data import raise_query


@pytest.fixture
def sources(sqlite_desk):
    return DeskSources(sqlite_desk)


def test_studies_with_stage_leader_and_what_comes_next(sources, sqlite_desk):
    study = a_study(sqlite_desk, "ATLAS", title="Early mobilisation", blinding="double")
    (head,) = sources.studies()
    assert (head.acronym, head.title, head.pi) == ("ATLAS", "Early mobilisation", "Ada Lind")
    assert (head.stage.words, head.blinding.words) == ("Set-up", "Blinded")
    assert (head.next_action, head.next_spot) == ("Add the first site", Spot("studies", study, "overview", "site"))
    site = a_site(sqlite_desk, study)
    assert sources.studies()[0].next_spot == Spot("studies", study, "participants")
    a_participant(sqlite_desk, study, site)
    assert sources.studies()[0].next_spot.section == "design"


def test_what_is_late_comes_next_in_the_study_and_leads_to_it(sources, sqlite_desk):
    study, other = a_study(sqlite_desk, "ATLAS"), a_study(sqlite_desk, "BREATHE")
    site = a_site(sqlite_desk, study)
    a_site(sqlite_desk, other)
    person = a_participant(sqlite_desk, study, site, "007")
    sqlite_desk.run(raise_query, study=study, participant=person, text="Which dose was it?")
    sqlite_desk.clock.at += timedelta(days=40)
    (first, second), counts = sources.glance()
    late = next(row for row in sources.waiting() if row.state == "late")
    assert first.late
    assert first.next_action.startswith("Answer the data query: Which dose was it? · 01-007 · ")
    assert first.next_action.endswith(" days late")
    assert first.next_spot == Spot("studies", study, late.section, late.focus)
    assert (second.next_action, second.late) == ("Screen the first participant", False)
    assert counts == {"today": sum(row.pressing for row in sources.waiting())}


def test_each_question_costs_few_statements_however_much_there_is(sources, sqlite_desk):
    study = a_study(sqlite_desk)
    site = a_site(sqlite_desk, study)
    for number in range(30):
        a_participant(sqlite_desk, study, site, f"{number:03}")
    for ask, most in ((sources.studies, 90), (sources.waiting, 65), (lambda: sources.find("00"), 3)):
        with counted(sqlite_desk) as said:
            ask()
        assert len(said) <= most


def test_participants_and_reports_are_found(sources, sqlite_desk):
    study = a_study(sqlite_desk, "ATLAS")
    site = a_site(sqlite_desk, study)
    person = a_participant(sqlite_desk, study, site, "007")
    for number in range(20):
        a_participant(sqlite_desk, study, site, f"1{number:02}")
    assert [(found.title, found.detail, found.spot) for found in sources.find("007")] == [
        ("01-007", "Participant · ATLAS", Spot("studies", study, "participants", person))
    ]
    (flow,) = sources.find("flow atlas")
    assert flow.spot == Spot("studies", study, "reports", "consort")
    assert len(sources.find("1")) <= MOST
    assert sources.find("nothing has this") == ()

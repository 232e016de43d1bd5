"""What the window itself reads of a real desk, in few statements."""

from __future__ import annotations

import pytest

from tests.support.acts import a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.desktop.sources import MOST, DeskSources
from trialdesk.desktop.spot import Spot


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
    assert sources.studies()[0].next_action == "Make a report"


def test_each_question_costs_few_statements_however_much_there_is(sources, sqlite_desk):
    study = a_study(sqlite_desk)
    site = a_site(sqlite_desk, study)
    for number in range(30):
        a_participant(sqlite_desk, study, site, f"{number:03}")
    for ask, most in ((sources.studies, 8), (sources.counts, 50), (lambda: sources.find("00"), 3)):
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
        ("007", "Participant · ATLAS", Spot("studies", study, "participants", person))
    ]
    (flow,) = sources.find("flow atlas")
    assert flow.spot == Spot("studies", study, "reports", "consort")
    assert len(sources.find("1")) <= MOST
    assert sources.find("nothing has this") == ()

"""The clocks of one reaction towards each authority: the days of its rule, counted from the sponsor's first day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import ON, a_study
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant
from trialdesk.overview.clocks import clocks
from trialdesk.overview.reaction import ReactionClocks, authority_of, reaction_clocks
from trialdesk.safety.actions import sign_adverse_event
from trialdesk.safety.records import AdverseEvent
from trialdesk.safety.rules import AUTHORITIES
from trialdesk.studies.actions import add_site

AWARE = datetime(2026, 2, 20, 23, 50, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
"""Late on the 20th at the site; in universal time it is the afternoon."""


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def person(desk: Application, study: Id) -> Id:
    site = desk.run(add_site, study=study, number="01", country="CN").result
    return keep(desk, Participant, study, site=site, number="001", identifier="01-001", imported=True)


def an_event(desk: Application, study: Id, person: Id, **fields: Any) -> Id:
    said: dict[str, Any] = {"term": "Syncope", "serious": True, "aware_at": AWARE, "recorded_on": "2026-02-27"}
    said |= {"number": "01-AE-001", "expected": False, "related": "yes", "hospitalised": True}
    return keep(desk, AdverseEvent, study, participant=person, **{**said, **fields})


def told(desk: Application, study: Id, event: Id) -> ReactionClocks:
    found: ReactionClocks = desk.read(reaction_clocks, study=study, on=ON, event=event)
    return found


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({}, 15),
        ({"fatal": True}, 7),
        ({"life_threatening": True}, 7),
        ({"disabling": True, "congenital": True, "other_important": True}, 15),
    ],
)
def test_death_and_danger_to_life_give_seven_days_and_all_else_fifteen(
    desk: Application, study: Id, person: Id, said: dict[str, Any], days: int
):
    found = told(desk, study, an_event(desk, study, person, **said))
    assert found.received == date(2026, 2, 20)
    assert set(found.clocks) == set(AUTHORITIES), "wherever the site is"
    for each in found.clocks.values():
        assert (each.days, each.zero, each.due) == (days, date(2026, 2, 20), date(2026, 2, 20) + timedelta(days=days))


def test_the_sponsors_receipt_is_day_zero_once_it_is_recorded(desk: Application, study: Id, person: Id):
    event = an_event(desk, study, person, fatal=True)
    change(desk, AdverseEvent, study, event, reported_at=AWARE + timedelta(hours=20))
    found = told(desk, study, event)
    assert (found.received, found.clocks["FDA"].due) == (date(2026, 2, 21), date(2026, 2, 28))


def test_the_fifteen_days_of_the_ind_run_from_the_determination_and_those_of_others_do_not(
    desk: Application, study: Id, person: Id
):
    event = an_event(desk, study, person)
    desk.run(sign_adverse_event, study=study, adverse_event=event, signed_with=PASSWORD)
    found = told(desk, study, event)
    assert (found.received, found.clocks["FDA"].zero) == (date(2026, 2, 20), desk.today)
    assert found.clocks["CDE"].zero == date(2026, 2, 20)


@pytest.mark.parametrize("said", [{"expected": True}, {"expected": None}, {"related": "no"}])
def test_for_what_is_no_suspected_unexpected_reaction_no_clock_runs(
    desk: Application, study: Id, person: Id, said: dict[str, Any]
):
    found = told(desk, study, an_event(desk, study, person, **said))
    assert (found.received, dict(found.clocks)) == (date(2026, 2, 20), {})


def test_the_clocks_are_those_of_the_event_asked_about(desk: Application, study: Id, person: Id):
    event = an_event(desk, study, person)
    an_event(desk, study, person, number="01-AE-002", fatal=True, aware_at=AWARE - timedelta(days=9))
    found = told(desk, study, event)
    assert (found.received, found.clocks["FDA"].days) == (date(2026, 2, 20), 15)


def test_the_papers_and_the_list_of_deadlines_tell_one_day(desk: Application, study: Id, person: Id):
    for country in ("US", "DE"):
        desk.run(add_site, study=study, number=country, country=country)
    event = an_event(desk, study, person, life_threatening=True)
    listed = {each.rule.id: each.due for each in desk.read(clocks, on=ON)}
    for each in told(desk, study, event).clocks.values():
        assert listed[each.rule] == each.due


def test_the_authority_of_a_country_is_that_of_its_law():
    assert [authority_of(each) for each in ("US", "DEU", "China", "NO", None, "Atlantis")][:3] == [
        "FDA",
        "EudraVigilance",
        "CDE",
    ]
    assert authority_of(None) is authority_of("Atlantis") is None

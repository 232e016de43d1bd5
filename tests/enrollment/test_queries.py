"""Participants to look at: bounded statements, frozen rows, states derived and never typed."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from tests.support.acts import ON, a_participant, a_site, a_study
from tests.support.statements import counted
from tests.support.trial import brought_in
from tests.trail.test_trail import screen_many
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import correct_visit, record_visit
from trialdesk.enrollment.queries import consort, participant, participants
from trialdesk.safety.queries import safety_summary
from trialdesk.studies.actions import add_planned_visit


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def site(desk: Application, study: Id) -> Id:
    return a_site(desk, study)


@pytest.mark.parametrize("query", [participants, consort, safety_summary])
def test_five_hundred_cost_no_more_statements_than_five(desk: Application, study: Id, site: Id, query):
    large = a_study(desk, "LARGE")
    desk.run(screen_many, study=study, site=site, count=5)
    desk.run(screen_many, study=large, site=a_site(desk, large), count=500)
    counts = []
    for each in (study, large):
        with counted(desk) as said:
            desk.read(query, study=each, on=ON)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 22


def test_rows_are_frozen(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    (row,) = desk.read(participants, study=study, on=ON)
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.number = "2"


def test_visits_stand_against_their_plan(desk: Application, study: Id, site: Id):
    from decimal import Decimal

    for number, day in (("1", 1), ("2", 14), ("3", 28)):
        desk.run(
            add_planned_visit,
            study=study,
            number=Decimal(number),
            name=f"Week {day // 7}",
            planned_day=day,
            window_before=2,
            window_after=2,
        )
    who = brought_in(desk, study, site, reference_start="2026-02-01")
    plan = {row.name: row for row in desk.read(participant, study=study, participant=who, on=ON).visits}
    desk.run(record_visit, study=study, participant=who, planned_visit=plan["Week 0"].id, started_on="2026-02-01")
    late = desk.run(
        record_visit, study=study, participant=who, planned_visit=plan["Week 2"].id, started_on="2026-02-20"
    ).result
    desk.run(record_visit, study=study, participant=who, name="Extra", started_on="2026-02-03")
    states = {row.name: row.state for row in desk.read(participant, study=study, participant=who, on=ON).visits}
    assert states == {"Week 0": "in window", "Week 2": "late", "Week 4": "overdue", "Extra": "unscheduled"}
    desk.run(correct_visit, study=study, visit=late, version=1, started_on="2026-02-14", reason="misread")
    after = {row.name: row for row in desk.read(participant, study=study, participant=who, on=ON).visits}
    assert after["Week 2"].state == "in window"
    assert (after["Week 2"].opens_on, after["Week 2"].closes_on) == (date(2026, 2, 12), date(2026, 2, 16))
    with pytest.raises(UserError, match="before it begins"):
        desk.run(correct_visit, study=study, visit=late, version=2, ended_on="2026-02-01", reason="x")


def test_records_of_one_study_are_not_touched_through_another(desk: Application, study: Id, site: Id):
    other = a_study(desk, "OTHER")
    with pytest.raises(UserError, match="another study"):
        a_participant(desk, other, site)
    who = a_participant(desk, study, site)
    with pytest.raises(UserError, match="another study"):
        desk.run(record_visit, study=other, participant=who, name="Week 1")
    with pytest.raises(UserError, match="not in this study"):
        desk.read(participant, study=other, participant=who, on=ON)

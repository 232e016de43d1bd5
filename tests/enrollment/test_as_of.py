"""What is told of an earlier day: nothing that came later, and nobody excluded who was still being screened."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.acts import ON, a_participant, a_site, a_study
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.queries import consort
from trialdesk.enrollment.records import Disposition, Population
from trialdesk.people.acting import action
from trialdesk.people.rules import STAFF
from trialdesk.persistence.work import Work


@action("enrollment:disposition:note", "Noted", by=STAFF)
def note(work: Work, *, study: Id, participant: Id, category: str, coded: str, occurred_on: str) -> None:
    work.add(
        Disposition(study=study, participant=participant, category=category, reason=coded, occurred_on=occurred_on)
    )
    work.add(Population(study=study, participant=participant, code="COMPLETERS", included=True))


@pytest.fixture
def study(sqlite_desk: Application) -> Id:
    """Nobody knows the arms here: one was randomised and completed, one failed screening, one waits."""
    study = a_study(sqlite_desk, blinding="double")
    site = a_site(sqlite_desk, study)
    fields = {"screened_on": "2026-01-10"}
    entered = a_participant(sqlite_desk, study, site, "1", reference_start="2026-01-20", **fields)
    failed = a_participant(sqlite_desk, study, site, "2", **fields)
    a_participant(sqlite_desk, study, site, "3", reference_start="2026-02-20", **fields)
    for who, category, coded, on in (
        (entered, "milestone", "RANDOMIZED", "2026-01-20"),
        (entered, "event", "COMPLETED", "2026-02-28"),
        (failed, "event", "SCREEN FAILURE", "2026-01-12"),
    ):
        sqlite_desk.run(note, study=study, participant=who, category=category, coded=coded, occurred_on=on)
    return study


def test_who_passed_the_milestone_is_randomised_though_the_arm_is_not_known(sqlite_desk: Application, study: Id):
    found = sqlite_desk.read(consort, study=study, on=ON)
    assert (found.assessed, found.randomised, found.excluded.total, found.screening) == (3, 1, 1, 1)
    assert [(arm.arm, arm.allocated, arm.completed) for arm in found.arms] == [("all", 1, 1)]
    assert found.arms[0].analysed == {"COMPLETERS": 1}


@pytest.mark.parametrize(
    ("as_of", "assessed", "excluded", "randomised", "completed"),
    [
        (date(2026, 1, 9), 0, 0, 0, 0),
        (date(2026, 1, 11), 3, 0, 0, 0),
        (date(2026, 1, 15), 3, 1, 0, 0),
        (date(2026, 2, 1), 3, 1, 1, 0),
        (date(2026, 3, 1), 3, 1, 1, 1),
    ],
)
def test_an_earlier_day_knows_nothing_of_later_ones(
    sqlite_desk: Application, study: Id, as_of: date, assessed: int, excluded: int, randomised: int, completed: int
):
    found = sqlite_desk.read(consort, study=study, on=ON, as_of=as_of)
    assert (found.assessed, found.excluded.total, found.randomised) == (assessed, excluded, randomised)
    assert found.screening == assessed - excluded - randomised
    assert sum(found.excluded.reasons.values()) == excluded
    assert sum(arm.completed for arm in found.arms) == completed
    assert all(not arm.analysed for arm in found.arms)

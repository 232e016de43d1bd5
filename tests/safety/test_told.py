"""A serious event tells when its participant was treated: from the participant's record, else from the doses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.reporting.building import bring
from trialdesk.application import Application
from trialdesk.enrollment.actions import correct_participant, record_exposure
from trialdesk.enrollment.queries import participants
from trialdesk.safety.actions import record_adverse_event
from trialdesk.safety.told import EventTold, event_told


def told(desk: Application, study: str) -> EventTold:
    before = datetime(2030, 1, 1, tzinfo=UTC)
    found: Any = desk.read(event_told, study=study, on=desk.today, before=before, number=None)
    assert isinstance(found, EventTold)
    return found


def test_first_and_last_day_of_treatment_are_those_of_the_doses(sqlite_desk: Application):
    desk = sqlite_desk
    study = bring(desk)
    first, second, *_others = desk.read(participants, study=study, on=desk.today)
    given: dict[str, Any] = {"hospitalised": True, "aware_at": desk.clock.now(), "started_on": str(desk.today)}
    desk.run(record_adverse_event, study=study, participant=first.id, term="Syncope", **given)
    assert (told(desk, study).first_exposure, told(desk, study).last_exposure) == ("2025-01-20", None)
    for who, begun, ended in (
        (first, "2025-02-03", "2025-02-20"),
        (first, "2025-01-18", "2025-02-02"),
        (second, "2025-01-01", "2025-12-31"),
    ):
        desk.run(record_exposure, study=study, participant=who.id, started_on=begun, ended_on=ended)
    assert (told(desk, study).first_exposure, told(desk, study).last_exposure) == ("2025-01-20", "2025-02-20")
    row = next(each for each in desk.read(participants, study=study, on=desk.today) if each.id == first.id)
    desk.run(
        correct_participant,
        study=study,
        participant=first.id,
        version=row.version,
        reason="Not on the card",
        first_exposure=None,
    )
    assert told(desk, study).first_exposure == "2025-01-18"

"""Participants to look at: the list, one of them whole, and the flow through the study."""

from __future__ import annotations

from trialdesk.enrollment.queries.flows import consort, dispositions
from trialdesk.enrollment.queries.listing import STATES, ParticipantRow, consents, participants, population_labels
from trialdesk.enrollment.queries.one import (
    DispositionRow,
    ExposureRow,
    ParticipantDetail,
    VisitRow,
    participant,
    visit_rows,
)
from trialdesk.enrollment.queries.standing import Ground, ground_of

__all__ = [
    "STATES",
    "DispositionRow",
    "ExposureRow",
    "Ground",
    "ParticipantDetail",
    "ParticipantRow",
    "VisitRow",
    "consents",
    "consort",
    "dispositions",
    "ground_of",
    "participant",
    "participants",
    "population_labels",
    "visit_rows",
]

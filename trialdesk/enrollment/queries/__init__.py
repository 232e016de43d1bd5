"""Participants to look at: the list, one of them whole, and the flow through the study."""

from __future__ import annotations

from trialdesk.enrollment.queries.flows import actual_arms, consort, dispositions
from trialdesk.enrollment.queries.listing import STATES, ParticipantRow, consents, participants, population_labels
from trialdesk.enrollment.queries.one import (
    DispositionRow,
    ExposureRow,
    ParticipantDetail,
    VisitRow,
    participant,
    visit_rows,
)

__all__ = [
    "STATES",
    "DispositionRow",
    "ExposureRow",
    "ParticipantDetail",
    "ParticipantRow",
    "VisitRow",
    "actual_arms",
    "consents",
    "consort",
    "dispositions",
    "participant",
    "participants",
    "population_labels",
    "visit_rows",
]

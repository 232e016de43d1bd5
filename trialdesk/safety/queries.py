"""Adverse events to look at, and their counts by actual arm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import Ground, ParticipantRow, ground_of, participants
from trialdesk.enrollment.rules import NOT_ALLOCATED, SafetyCounts, happened_by
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent


@dataclass(frozen=True, slots=True)
class AdverseEventRow:
    """An adverse event of a participant."""

    id: Id
    version: int
    participant: Id
    term: str
    preferred_term: str | None
    system_organ_class: str | None
    severity: str | None
    grade: int | None
    serious: bool | None
    fatal: bool | None
    causality: str | None
    outcome: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


def adverse_events(read: Read, *, study: Id, participant: Id | None = None) -> tuple[AdverseEventRow, ...]:
    """Return a study's adverse events, or one participant's, by start. One statement."""
    own = AdverseEvent.TABLE.c
    where = [own.study == study, ~own.voided]
    if participant is not None:
        where.append(own.participant == participant)
    return read.shaped(AdverseEventRow, AdverseEvent, *where, order=(own.started_on, own.sequence, own.id))


def safety_summary(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,
    ground: Ground | None = None,
    known: Iterable[ParticipantRow] | None = None,
) -> Mapping[str, SafetyCounts]:
    """Return the counts of adverse events by actual arm, every arm also without any; the never allocated come last.

    Who has read the `ground` and the participants already gives them, the latter as `known`.
    """
    ground = ground or ground_of(read, study=study, on=on)
    if known is None:
        known = participants(read, study=study, on=on, site=site, ground=ground)
    people = {row.id: row.state for row in known}
    rows = [
        row
        for row in adverse_events(read, study=study)
        if row.participant in people and happened_by(row.started_on, as_of)
    ]
    by_arm: dict[str, list[AdverseEventRow]] = {arm: [] for arm in ground.shown}
    for row in rows:
        arm = ground.actual.get(row.participant) or NOT_ALLOCATED[people[row.participant] == "screen failure"]
        by_arm.setdefault(arm, []).append(row)
    return {arm: _counts(events) for arm, events in by_arm.items()}


def _counts(events: list[AdverseEventRow]) -> SafetyCounts:
    severities = [row.severity.upper() for row in events if row.severity]
    return SafetyCounts(
        events=len(events),
        participants=len({row.participant for row in events}),
        serious=sum(bool(row.serious) for row in events),
        fatal=sum(bool(row.fatal) for row in events),
        by_severity={name: severities.count(name) for name in ("MILD", "MODERATE", "SEVERE") if name in severities},
    )


def adverse_event_count(read: Read, *, study: Id) -> int:
    """Return how many adverse events a study has. One statement."""
    own = AdverseEvent.TABLE.c
    return int(
        read.value(sa.select(sa.func.count()).select_from(AdverseEvent.TABLE).where(own.study == study, ~own.voided))
    )

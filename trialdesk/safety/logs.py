"""Serious events, deviations and data queries to look at, each as its log keeps it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.records import Visit
from trialdesk.people.signing import signatures
from trialdesk.persistence.reading import Read
from trialdesk.safety.actions.adverse_events import CONFIRMED
from trialdesk.safety.actions.data import CRF_CONFIRMED
from trialdesk.safety.actions.deviations import ASSESSED
from trialdesk.safety.records import AdverseEvent, Deviation, Query
from trialdesk.safety.rules import SERIOUSNESS, Clock, QueryState, counts_by, query_state, sae_clock, told_on
from trialdesk.studies.queries import sites


@dataclass(frozen=True, slots=True)
class SeriousRow:
    """A serious adverse event with its clock; `clock` is None where nobody recorded when the site became aware.

    `criteria` are the fields of the criteria that make it serious. `signed_by` is who signed it as it stands.
    """

    id: Id
    version: int
    number: str | None
    participant: Id
    identifier: str
    site: Id
    term: str
    started_on: PartialDate | None
    ended_on: PartialDate | None
    criteria: tuple[str, ...]
    grade: int | None
    related: str | None
    causality: str | None
    expected: bool | None
    outcome: str | None
    aware_at: datetime | None
    aware_zone: str | None
    reported_at: datetime | None
    reported_to: str | None
    clock: Clock | None
    signed_by: str | None
    preferred_term: str | None = None
    system_organ_class: str | None = None
    action_taken: str | None = None


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A deviation. `signed_by` is who assessed it, as long as the signature stands."""

    id: Id
    version: int
    number: str
    participant: Id | None
    identifier: str | None
    site: Id | None
    site_number: str | None
    visit: Id | None
    visit_name: str | None
    category: str
    occurred_on: date
    found_on: date | None
    description: str
    proposed: bool
    important: bool | None
    impact: str | None
    corrective_action: str | None
    assessed_on: date | None
    reported_on: date | None
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A data query."""

    id: Id
    version: int
    participant: Id
    identifier: str
    visit: Id | None
    text: str
    raised_on: date
    answer: str | None
    answered_on: date | None
    closed_on: date | None
    state: QueryState


def serious_events(
    read: Read, *, study: Id, on: date, now: datetime, site: Id | None = None, as_of: date | None = None
) -> tuple[SeriousRow, ...]:
    """Return a study's serious events by site and number; clocks stand as at `now`. Bounded statements.

    With `as_of`, those begun by that day; what has no first day is told of if it was known by then.
    """
    people = {row.id: row for row in participants(read, study=study, on=on, site=site)}
    own = AdverseEvent.TABLE.c
    rows = read.rows(
        sa.select(AdverseEvent.TABLE)
        .where(own.study == study, own.serious, ~own.voided)
        .order_by(own.started_on, own.sequence, own.id)
    )
    signed = signatures(read, record=AdverseEvent, study=study)
    found = [
        SeriousRow(
            id=row.id,
            version=row.version,
            number=row.number,
            participant=row.participant,
            identifier=people[row.participant].identifier,
            site=people[row.participant].site,
            term=row.term,
            started_on=row.started_on,
            ended_on=row.ended_on,
            criteria=tuple(name for name in SERIOUSNESS if getattr(row, name)),
            grade=row.grade,
            related=row.related,
            causality=row.causality,
            expected=row.expected,
            outcome=row.outcome,
            aware_at=row.aware_at,
            aware_zone=row.aware_zone,
            reported_at=row.reported_at,
            reported_to=row.reported_to,
            clock=sae_clock(row.aware_at, row.reported_at, now) if row.aware_at else None,
            signed_by=next((s.name for s in signed.get(row.id, ()) if s.stands and s.meaning == CONFIRMED), None),
            preferred_term=row.preferred_term,
            system_organ_class=row.system_organ_class,
            action_taken=row.action_taken,
        )
        for row in rows
        if row.participant in people and counts_by(_told_on(row), as_of)
    ]
    return tuple(sorted(found, key=lambda row: (row.identifier, row.number or "", row.started_on or "", row.id)))


def _told_on(row: Any) -> PartialDate | None:
    return told_on(row.started_on, aware_at=row.aware_at, zone=row.aware_zone, recorded_on=row.recorded_on)


def deviations(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> tuple[DeviationRow, ...]:
    """Return a study's deviations by number; with `as_of`, those that had occurred by that day. Bounded statements."""
    people = {row.id: row.identifier for row in participants(read, study=study, on=on)}
    places = {row.id: row.number for row in sites(read, study=study)}
    own, visit = Deviation.TABLE.c, Visit.TABLE.c
    where = [own.study == study, ~own.voided]
    if site is not None:
        where.append(own.site == site)
    if as_of is not None:
        where.append(own.occurred_on <= as_of)
    rows = read.rows(
        sa.select(Deviation.TABLE, visit.name.label("visit_name"))
        .outerjoin(Visit.TABLE, visit.id == own.visit)
        .where(*where)
        .order_by(own.number, own.id)
    )
    signed = signatures(read, record=Deviation, study=study)
    return tuple(
        DeviationRow(
            id=row.id,
            version=row.version,
            number=row.number,
            participant=row.participant,
            identifier=people.get(row.participant),
            site=row.site,
            site_number=places.get(row.site),
            visit=row.visit,
            visit_name=row.visit_name,
            category=row.category,
            occurred_on=row.occurred_on,
            found_on=row.found_on,
            description=row.description,
            proposed=row.proposed,
            important=row.important,
            impact=row.impact,
            corrective_action=row.corrective_action,
            assessed_on=row.assessed_on,
            reported_on=row.reported_on,
            signed_by=next((s.name for s in signed.get(row.id, ()) if s.stands and s.meaning == ASSESSED), None),
        )
        for row in rows
    )


def data_queries(read: Read, *, study: Id, on: date, site: Id | None = None) -> tuple[QueryRow, ...]:
    """Return a study's data queries by day and participant. Bounded statements."""
    people = {row.id: row.identifier for row in participants(read, study=study, on=on, site=site)}
    own = Query.TABLE.c
    rows = read.rows(sa.select(Query.TABLE).where(own.study == study, ~own.voided).order_by(own.raised_on, own.id))
    return tuple(
        QueryRow(
            id=row.id,
            version=row.version,
            participant=row.participant,
            identifier=people[row.participant],
            visit=row.visit,
            text=row.text,
            raised_on=row.raised_on,
            answer=row.answer,
            answered_on=row.answered_on,
            closed_on=row.closed_on,
            state=query_state(row.answer, closed=row.closed_on is not None),
        )
        for row in rows
        if row.participant in people
    )


def signed_visits(read: Read, *, study: Id) -> frozenset[Id]:
    """Return the visits whose case report form is signed as it stands. Two statements."""
    return frozenset(
        visit
        for visit, signed in signatures(read, record=Visit, study=study).items()
        if any(each.stands and each.meaning == CRF_CONFIRMED for each in signed)
    )

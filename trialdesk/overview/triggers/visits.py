"""Windows of visits that close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import day_of
from trialdesk.base.ids import Id
from trialdesk.enrollment.cases import FULL_FORMS
from trialdesk.enrollment.plan import Anchors, planned_days
from trialdesk.enrollment.records import Allocation, Consent, Disposition, Participant, SlotUse, Treatment, Visit
from trialdesk.ethics.records import ConsentVersion
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import PlannedVisit


def visit_windows(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield every planned visit that has a day, of every participant who is in the study or was there for it.

    Nine statements.
    """
    plan, own = PlannedVisit.TABLE.c, Participant.TABLE.c
    plans: dict[Id, list[Any]] = {}
    for row in read.rows(sa.select(PlannedVisit.TABLE).where(scope.of(plan.study), ~plan.voided)):
        plans.setdefault(row.study, []).append(row)
    if not plans:
        return
    ended, kept = _ended(read, scope), _kept(read, scope)
    allocated, consented = allocation_days(read, scope), _consents(read, scope)
    people = sa.select(own.id, own.study, own.site, own.identifier, own.reference_start, own.informed_consent_on).where(
        scope.of(own.study), ~own.voided
    )
    for person in read.rows(people):
        visits = kept.get(person.id, {})
        allocation = allocated.get(person.id)
        anchors = Anchors(
            day1=_day(person.reference_start) or allocation,
            allocation=allocation,
            consent=consented.get(person.id) or _day(person.informed_consent_on),
        )
        happened = {visit: row.started_on for visit, row in visits.items() if row.happened}
        planned = planned_days(plans.get(person.study, ()), anchors, happened)
        for each in plans.get(person.study, ()):
            planned_on, found = planned[each.id], visits.get(each.id)
            if planned_on is None or (found is None and person.id in ended):
                continue  # who has left is not seen any more, whatever was left out before
            day = _day(found.started_on) if found is not None else None
            yield scope.started(
                "visit_closes",
                person.study,
                f"{person.id}{each.id}",
                name=each.name,
                day=planned_on + timedelta(days=each.window_after or 0),
                site=person.site,
                done=(day,) if day else (),
                is_done=found is not None and day is None,
                since=planned_on - timedelta(days=each.window_before or 0),
                whose=person.identifier,
                focus=person.id,
            )


def allocation_days(read: Read, scope: Scope) -> dict[Id, date]:
    """Return the day each participant was allocated here, as far as it is dated. Three statements."""
    found: dict[Id, date] = {}
    for record in (Treatment, Allocation, SlotUse):
        own = record.TABLE.c
        query = sa.select(own.participant, own.allocated_on).where(
            scope.of(own.study), ~own.voided, own.allocated_on.is_not(None)
        )
        found.update((row.participant, row.allocated_on) for row in read.rows(query))
    return found


def _ended(read: Read, scope: Scope) -> set[Id]:
    own = Disposition.TABLE.c
    query = sa.select(own.participant).where(
        scope.of(own.study), own.category == "event", own.reason.is_not(None), ~own.voided
    )
    return {row.participant for row in read.rows(query)}


def _kept(read: Read, scope: Scope) -> dict[Id, dict[Id, Any]]:
    own = Visit.TABLE.c
    query = sa.select(own.participant, own.planned_visit, own.happened, own.started_on).where(
        scope.of(own.study), ~own.voided, own.planned_visit.is_not(None)
    )
    found: dict[Id, dict[Id, Any]] = {}
    for row in read.rows(query):
        found.setdefault(row.participant, {})[row.planned_visit] = row
    return found


def _consents(read: Read, scope: Scope) -> dict[Id, date]:
    own, version = Consent.TABLE.c, ConsentVersion.TABLE.c
    query = (
        sa.select(own.participant, sa.func.min(own.consented_on).label("first"))
        .join(ConsentVersion.TABLE, version.id == own.consent_version)
        .where(scope.of(own.study), ~own.voided, version.form.in_(FULL_FORMS))
        .group_by(own.participant)
    )
    return {row.participant: row.first for row in read.rows(query)}


def _day(partial: str | None) -> date | None:
    return day_of(partial) if partial else None

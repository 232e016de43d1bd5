"""What adverse events, deviations and data queries set off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant
from trialdesk.overview.rulebook import zone_named
from trialdesk.overview.rules.deadlines import Started, day_zero
from trialdesk.overview.triggers.scope import Scope
from trialdesk.people.records import Signature
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent, Deviation, ExpeditedReport, Query
from trialdesk.safety.rules import is_suspected


def serious_events(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield serious events the site became aware of: for the sponsor, unexpected ones for authorities. 4 statements.

    The sponsor received it when it was reported; until
    then the site's awareness counts, which is never later. It was determined to be reportable when an investigator
    signed the event after that, and before then at receipt: a later determination moves the clocks from it alone.
    """
    own = AdverseEvent.TABLE.c
    people = _people(read, scope)
    told = _told(read, scope)
    signed = _signed(read, scope)
    query = sa.select(AdverseEvent.TABLE).where(
        scope.of(own.study), ~own.voided, own.serious, own.aware_at.is_not(None)
    )
    for row in read.rows(query):
        who = people.get(row.participant)
        zone = zone_named(row.aware_zone) if row.aware_zone else scope.place(who.site if who else None, row.study).zone
        about: dict[str, Any] = {
            "name": f"{row.number} {row.term}" if row.number else row.term,
            "site": who.site if who else None,
            "zone": zone,
            "whose": who.identifier if who else "",
            "focus": row.id,
        }
        yield scope.started(
            "sae_aware",
            row.study,
            row.id,
            day=day_zero(row.aware_at, zone),
            at=row.aware_at,
            done_at=row.reported_at,
            done=(day_zero(row.reported_at, zone),) if row.reported_at else (),
            **about,
        )
        if not is_suspected(row):
            continue
        grave = frozenset({"grave"}) if row.fatal or row.life_threatening else frozenset()
        received = row.reported_at or row.aware_at
        determined = max(received, signed.get(row.id, received))
        for trigger, at in (("susar_received", received), ("susar_determined", determined)):
            yield scope.started(
                trigger,
                row.study,
                row.id,
                day=day_zero(at, zone),
                at=at,
                marks=grave,
                done_for=told.get(row.id, {}),
                **about,
            )


def deviations(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield deviations, which an investigator assesses. Two statements."""
    own = Deviation.TABLE.c
    people = _people(read, scope)
    for row in read.rows(sa.select(Deviation.TABLE).where(scope.of(own.study), ~own.voided)):
        who = people.get(row.participant) if row.participant else None
        yield scope.started(
            "deviation_found",
            row.study,
            row.id,
            name=row.number,
            day=row.found_on or row.occurred_on,
            site=row.site,
            done=(row.assessed_on,) if row.assessed_on else (),
            whose=who.identifier if who else "",
            focus=row.id,
        )


def data_queries(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield queries about the data, which the site answers. Two statements."""
    own = Query.TABLE.c
    people = _people(read, scope)
    for row in read.rows(sa.select(Query.TABLE).where(scope.of(own.study), ~own.voided)):
        who = people.get(row.participant)
        done = row.answered_on or row.closed_on
        yield scope.started(
            "query_raised",
            row.study,
            row.id,
            name=row.text,
            day=row.raised_on,
            site=who.site if who else None,
            done=(done,) if done else (),
            whose=who.identifier if who else "",
            focus=row.id,
        )


def _people(read: Read, scope: Scope) -> dict[Id, Any]:
    own = Participant.TABLE.c
    return {row.id: row for row in read.rows(sa.select(own.id, own.site, own.identifier).where(scope.of(own.study)))}


def _told(read: Read, scope: Scope) -> dict[Id, dict[str, tuple[date, ...]]]:
    """Return by event and recipient when it was reported."""
    own = ExpeditedReport.TABLE.c
    found: dict[Id, dict[str, tuple[date, ...]]] = {}
    query = sa.select(own.adverse_event, own.recipient, own.submitted_on).where(scope.of(own.study), ~own.voided)
    for row in read.rows(query):
        event = found.setdefault(row.adverse_event, {})
        event[row.recipient] = (*event.get(row.recipient, ()), row.submitted_on)
    return found


def _signed(read: Read, scope: Scope) -> dict[Id, datetime]:
    own = Signature.TABLE.c
    query = (
        sa.select(own.of_record, sa.func.min(own.signed_at).label("first"))
        .where(scope.of(own.study), own.of_kind == AdverseEvent.KIND, ~own.voided)
        .group_by(own.of_record)
    )
    return {row.of_record: row.first for row in read.rows(query)}

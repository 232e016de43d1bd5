"""What the course of a study sets off: its first participant, its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import earliest
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Consent, Participant
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import Registration


def first_enrolled(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield each study's first participant: the first consent, else the first day 1. Three statements.

    Enrolled is who consented (42 CFR 11.10(a)). A study with a registry number has been registered.
    """
    signed = Consent.TABLE.c
    consents = {
        row.study: row.first.isoformat()
        for row in read.rows(
            sa.select(signed.study, sa.func.min(signed.consented_on).label("first"))
            .where(scope.of(signed.study), ~signed.voided)
            .group_by(signed.study)
        )
    }
    registered = _told(read, scope, "registration")
    own = Participant.TABLE.c
    query = (
        sa.select(
            own.study,
            sa.func.min(own.informed_consent_on).label("consented"),
            sa.func.min(own.reference_start).label("began"),
        )
        .where(scope.of(own.study), ~own.voided)
        .group_by(own.study)
    )
    for row in read.rows(query):
        first = min(filter(None, (row.consented, consents.get(row.study))), default=row.began)
        study = scope.studies.get(row.study)
        if first is None or study is None:
            continue
        yield scope.started(
            "first_enrolled",
            row.study,
            row.study,
            name=study.short_name,
            day=earliest(first),
            done=registered.get(row.study, ()),
            is_done=bool(study.registry_number),
        )


def studies_ended(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the studies that ended. One statement."""
    told = _told(read, scope, "results")
    for row in scope.studies.values():
        if row.id in scope.ended:
            ended = earliest(row.ended) if row.ended is not None else row.closed_on
            if ended is not None:
                done = told.get(row.id, ())
                yield scope.started("study_ended", row.id, row.id, name=row.short_name, day=ended, done=done)


def _told(read: Read, scope: Scope, purpose: str) -> dict[Id, tuple[date, ...]]:
    """Return when registries were told, by study."""
    own = Registration.TABLE.c
    query = sa.select(own.study, own.submitted_on).where(scope.of(own.study), own.purpose == purpose, ~own.voided)
    found: dict[Id, tuple[date, ...]] = {}
    for row in read.rows(query):
        found[row.study] = (*found.get(row.study, ()), row.submitted_on)
    return found

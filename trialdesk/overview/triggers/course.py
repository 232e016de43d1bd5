"""What the course of a study sets off: its first participant, its end."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from trialdesk.base.dates import earliest
from trialdesk.enrollment.records import Participant
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.reading import Read


def first_enrolled(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield each study's first participant: the first consent, else the first day 1. One statement.

    Enrolled is who consented (42 CFR 11.10(a)). A study with a registry number has been registered.
    """
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
        first = row.consented or row.began
        study = scope.studies.get(row.study)
        if first is None or study is None:
            continue
        yield scope.started(
            "first_enrolled",
            row.study,
            row.study,
            name=study.short_name,
            day=earliest(first),
            is_done=bool(study.registry_number),
        )


def studies_ended(_read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the studies that ended. No statement."""
    for row in scope.studies.values():
        if row.ended is not None and row.id in scope.ended:
            yield scope.started("study_ended", row.id, row.id, name=row.short_name, day=earliest(row.ended))

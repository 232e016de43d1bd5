"""Windows of visits that close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from trialdesk.base.dates import day_of, latest
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Disposition, Participant, Visit
from trialdesk.enrollment.rules import planned_date
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import PlannedVisit


def visit_windows(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield every planned visit that has a day, for every participant who owes it. Four statements."""
    plan, own, visit, ending = PlannedVisit.TABLE.c, Participant.TABLE.c, Visit.TABLE.c, Disposition.TABLE.c
    plans: dict[Id, list[sa.Row[tuple[object, ...]]]] = {}
    for row in read.rows(
        sa.select(plan.id, plan.study, plan.name, plan.planned_day, plan.window_before, plan.window_after).where(
            scope.of(plan.study), ~plan.voided, plan.planned_day.is_not(None)
        )
    ):
        plans.setdefault(row.study, []).append(row)
    ended = {
        row.participant: row.last
        for row in read.rows(
            sa.select(ending.participant, sa.func.max(ending.occurred_on).label("last"))
            .where(scope.of(ending.study), ending.category == "event", ending.reason.is_not(None), ~ending.voided)
            .group_by(ending.participant)
        )
    }
    kept = {
        (row.participant, row.planned_visit): row
        for row in read.rows(
            sa.select(visit.participant, visit.planned_visit, visit.happened, visit.started_on).where(
                scope.of(visit.study), ~visit.voided, visit.planned_visit.is_not(None)
            )
        )
    }
    people = sa.select(own.id, own.study, own.site, own.number, own.reference_start).where(
        scope.of(own.study), ~own.voided, own.reference_start.is_not(None)
    )
    for person in read.rows(people):
        left_on = latest(ended[person.id]) if ended.get(person.id) else None
        for each in plans.get(person.study, ()):
            planned_on = planned_date(each.planned_day, person.reference_start)
            found = kept.get((person.id, each.id))
            owed = person.id not in ended or (left_on is not None and planned_on is not None and planned_on <= left_on)
            if planned_on is None or (found is None and not owed):
                continue
            day = day_of(found.started_on) if found is not None and found.started_on else None
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
                whose=person.number,
                focus=person.id,
            )

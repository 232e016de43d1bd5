"""When a participant's visits are planned: each counted from the day the schedule names for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate, day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.cases import allocations_of, consents_of
from trialdesk.enrollment.records import Participant, Visit
from trialdesk.enrollment.rules import planned_date
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import PlannedVisit


@dataclass(frozen=True, slots=True)
class Anchors:
    """The days a participant's visits are counted from; None for one that is not known (to the day)."""

    day1: date | None = None
    allocation: date | None = None
    consent: date | None = None


def planned_days(
    plans: Iterable[Any], anchors: Anchors, kept: Mapping[Id, PartialDate | None]
) -> dict[Id, date | None]:
    """Return the calendar day of every planned visit, None where its anchor is not known.

    `plans` have `id, number, name, anchor, planned_day`; `kept` are the days of visits that happened, by planned visit.
    From the previous visit is from the day it was kept, or was planned for as long as it was not.
    """
    found: dict[Id, date | None] = {}
    before: date | None = None
    planned: date | None
    for plan in sorted(plans, key=lambda each: (each.number, each.name, each.id)):
        match plan.anchor:
            case "allocation" | "consent" | "previous":
                start: date | None = before if plan.anchor == "previous" else getattr(anchors, plan.anchor)
                after = plan.planned_day
                planned = None if start is None or after is None else start + timedelta(days=after)
            case _:
                planned = planned_date(plan.planned_day, anchors.day1.isoformat() if anchors.day1 else None)
        found[plan.id] = planned
        done = kept.get(plan.id)
        before = (day_of(done) if done else None) or planned
    return found


def anchors_of(
    read: Read,
    plans: Collection[Any],
    *,
    participant: Id,
    reference: PartialDate | None,
    consented: PartialDate | None,
) -> Anchors:
    """Return the days a participant's visits are counted from. Four statements, none where day 1 is all they ask for.

    Without a reference day the day of allocation is day 1. `consented` is what an import says of consent.
    """
    day1 = day_of(reference) if reference else None
    if not plans or (day1 is not None and all(plan.anchor in (None, "day1") for plan in plans)):
        return Anchors(day1=day1)
    allocated = next(iter(allocations_of(read, [participant]).get(participant, ())), None)
    # A statement that only a schedule asks for which counts from consent.
    counted = any(plan.anchor == "consent" for plan in plans)
    given = consents_of(read, participants=[participant]).get(participant) if counted else None
    return Anchors(
        day1=day1 or allocated,
        allocation=allocated,
        consent=given[0].on if given else (day_of(consented) if consented else None),
    )


def planned_on(read: Read, *, study: Id, participant: Id, planned_visit: Id) -> date | None:
    """Return the day one visit of a participant is planned for, None where it is not known. Seven statements."""
    plans = read.rows(_plans(), study=study)
    rows = read.rows(_kept(), participant=participant)
    who = next(iter(read.rows(_person(), participant=participant)), None)
    anchors = anchors_of(
        read,
        plans,
        participant=participant,
        reference=who.reference_start if who else None,
        consented=who.informed_consent_on if who else None,
    )
    kept = {row.planned_visit: row.started_on for row in rows}
    return planned_days(plans, anchors, kept).get(planned_visit)


@cache
def _plans() -> sa.Select[Any]:
    own = PlannedVisit.TABLE.c
    return sa.select(PlannedVisit.TABLE).where(own.study == sa.bindparam("study"), ~own.voided)


@cache
def _kept() -> sa.Select[Any]:
    own = Visit.TABLE.c
    return sa.select(own.planned_visit, own.started_on).where(
        own.participant == sa.bindparam("participant"), own.happened, own.planned_visit.is_not(None), ~own.voided
    )


@cache
def _person() -> sa.Select[Any]:
    own = Participant.TABLE.c
    return sa.select(own.reference_start, own.informed_consent_on).where(own.id == sa.bindparam("participant"))

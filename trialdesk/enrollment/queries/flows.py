"""The flow of participants through the study, by arm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.enrollment.queries.standing import Ground, ground_of
from trialdesk.enrollment.records import (
    Eligibility,
    Exposure,
    Participant,
    Population,
)
from trialdesk.enrollment.rules import (
    Flow,
    Subject,
    disposition,
    flow,
    happened_by,
)
from trialdesk.persistence.reading import Read


def consort(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,
    ground: Ground | None = None,
) -> Flow:
    """Return the participant flow by planned arm; with `as_of`, of what had happened by that day.

    Who has read the `ground` already gives it. Eleven statements at most, three with it.
    """
    ground = ground or ground_of(read, study=study, on=on)
    subjects, populations = _subjects(read, ground, study=study, site=site, as_of=as_of)
    shown = ground.shown
    return flow(subjects, shown, populations)


def dispositions(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Return how participation ended, by planned arm and coded reason."""
    ground = ground_of(read, study=study, on=on)
    subjects, _populations = _subjects(read, ground, study=study, site=site, as_of=as_of)
    return disposition(subjects, ground.shown)


def _subjects(
    read: Read, ground: Ground, *, study: Id, site: Id | None, as_of: date | None
) -> tuple[list[Subject], tuple[str, ...]]:
    arm_of, endings, allocated = ground.planned, ground.endings, ground.allocated
    exposure, population = Exposure.TABLE.c, Population.TABLE.c
    people, failed = _people(read, study, as_of)
    starts: dict[Id, list[PartialDate | None]] = {}
    for row in read.rows(
        sa.select(exposure.participant, exposure.started_on).where(exposure.study == study, ~exposure.voided)
    ):
        starts.setdefault(row.participant, []).append(row.started_on)
    belongs: dict[Id, set[str]] = {}
    for row in read.rows(
        sa.select(population.participant, population.code).where(
            population.study == study, population.included, ~population.voided
        )
    ):
        belongs.setdefault(row.participant, set()).add(row.code)
    subjects = []
    for row in people:
        if (site is not None and row.site != site) or not happened_by(row.screened_on, as_of):
            continue
        # The day of allocation is not in every import; the reference day is the nearest thing recorded.
        entered = as_of is None or happened_by(allocated.get(row.id) or row.reference_start, as_of)
        arm = arm_of.get(row.id) if entered else None
        ended = tuple(each for each in endings.get(row.id, ()) if happened_by(each.occurred_on, as_of))
        first = [row.first_exposure] if row.first_exposure else starts.get(row.id, [])
        subjects.append(
            Subject(
                arm=arm,
                exposed=any(happened_by(each, as_of) for each in first),
                endings=ended,
                populations=frozenset(belongs.get(row.id, ())),
                failed=failed.get(row.id, frozenset()),
            )
        )
    # Nobody says when somebody was found to belong to a population: of an earlier day none is told.
    codes = sorted({code for codes in belongs.values() for code in codes}) if as_of is None else ()
    return subjects, tuple(codes)


def _people(read: Read, study: Id, as_of: date | None) -> tuple[list[Any], dict[Id, frozenset[str]]]:
    """Return the participants, and the criteria not met by the last assessment of each by a day. One statement."""
    own, judged = Participant.TABLE.c, Eligibility.TABLE.c
    rows = read.rows(
        sa.select(
            own.id,
            own.site,
            own.screened_on,
            own.reference_start,
            own.first_exposure,
            judged.assessed_on,
            judged.eligible,
            judged.failed_criteria,
        )
        .outerjoin(Eligibility.TABLE, sa.and_(judged.participant == own.id, ~judged.voided))
        .where(own.study == study, ~own.voided)
        .order_by(own.id, judged.assessed_on, judged.id)
    )
    failed: dict[Id, frozenset[str]] = {}
    for row in rows:
        if row.assessed_on is not None and (as_of is None or row.assessed_on <= as_of):
            codes = () if row.eligible else (row.failed_criteria or "").split(",")
            failed[row.id] = frozenset(filter(None, (code.strip() for code in codes)))
    return list({row.id: row for row in rows}.values()), failed

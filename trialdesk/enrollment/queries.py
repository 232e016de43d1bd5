"""Participants to look at: the list, one of them whole, and the flow through the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate, latest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import (
    Allocation,
    Disposition,
    Exposure,
    Identity,
    Participant,
    Population,
    Treatment,
    Visit,
)
from trialdesk.enrollment.rules import (
    ALL_ARMS,
    CONSENTED,
    RANDOMISED,
    Ending,
    Flow,
    Subject,
    VisitState,
    disposition,
    flow,
    happened_by,
    planned_date,
    visit_state,
)
from trialdesk.people.rights import may_see_arms, roles
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden, Place
from trialdesk.studies.queries import arms, planned_visits, sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """One line of the participant list. `arm` is a name, None where there is none or it may not be known."""

    id: Id
    version: int
    number: str
    identifier: str
    site: Id
    site_number: str
    screened_on: PartialDate | None
    consented_on: PartialDate | None
    reference_start: PartialDate | None
    arm: str | None
    state: str
    ending: str | None
    ended_on: PartialDate | None
    visits: int
    sex: str | None
    age: int | None
    age_unit: str | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A planned visit with what became of it, or a visit nobody planned."""

    id: Id
    version: int
    name: str
    number: Decimal | None
    planned_on: date | None
    opens_on: date | None
    closes_on: date | None
    started_on: PartialDate | None
    ended_on: PartialDate | None
    state: VisitState
    reason: str | None


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """A disposition event or milestone."""

    id: Id
    category: str | None
    term: str | None
    reason: str | None
    occurred_on: PartialDate | None
    epoch: str | None


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """A constant dose over a period."""

    id: Id
    treatment: str | None
    dose: Decimal | None
    dose_unit: str | None
    frequency: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class ParticipantDetail:
    """One participant whole.

    Exposures are empty where the arm may not be known (`arms_seen`); `name_hidden` says why name and contact are not
    shown. `identified` says whether they were ever recorded.
    """

    row: ParticipantRow
    died: bool | None
    died_on: PartialDate | None
    reference_end: PartialDate | None
    race: str | None
    ethnicity: str | None
    country: str | None
    imported: bool | None
    name: str | None
    contact: str | None
    name_hidden: Hidden | None
    identified: bool
    arms_seen: bool
    visits: tuple[VisitRow, ...]
    dispositions: tuple[DispositionRow, ...]
    exposures: tuple[ExposureRow, ...]


STATES = ("screening", "screen failure", "in study", "completed", "discontinued")
"""How a participant stands: derived from allocation and disposition, never typed."""


def participants(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> tuple[ParticipantRow, ...]:
    """Return a study's participants by site and number. At most nine statements, however many there are.

    With `as_of`, those screened by that day, standing as they stood then; `visits` counts all all the same.
    """
    arm_names = _arm_names(read, study=study, on=on)
    endings = _endings(read, study)
    site_numbers = {row.id: row.number for row in sites(read, study=study)}
    visit, person = Visit.TABLE.c, Participant.TABLE.c
    visits = {
        row.participant: row.count_
        for row in read.rows(
            sa.select(visit.participant, sa.func.count().label("count_"))
            .where(visit.study == study, visit.happened, ~visit.voided)
            .group_by(visit.participant)
        )
    }
    allocated = _allocated(read, study)
    query = sa.select(Participant.TABLE).where(person.study == study, ~person.voided)
    if site is not None:
        query = query.where(person.site == site)
    found = []
    for row in read.rows(query):
        if not happened_by(row.screened_on, as_of):
            continue
        ended = [each for each in endings.get(row.id, ()) if happened_by(each.occurred_on, as_of)]
        # As in the flow: the reference day stands for the day of allocation.
        entered = as_of is None or happened_by(row.reference_start, as_of)
        last = max(ended, key=lambda each: (each.occurred_on or "", each.sequence or 0), default=None)
        found.append(
            ParticipantRow(
                id=row.id,
                version=row.version,
                number=row.number,
                identifier=row.identifier,
                site=row.site,
                site_number=site_numbers.get(row.site, "?"),
                screened_on=row.screened_on,
                consented_on=row.informed_consent_on,
                reference_start=row.reference_start,
                arm=arm_names.get(row.id) if entered else None,
                state=_state(last, allocated=entered and row.id in allocated),
                ending=last.reason if last else None,
                ended_on=last.occurred_on if last else None,
                visits=visits.get(row.id, 0),
                sex=row.sex,
                age=row.age,
                age_unit=row.age_unit,
            )
        )
    return tuple(sorted(found, key=lambda row: (row.site_number, row.number, row.id)))


def participant(read: Read, *, study: Id, participant: Id, on: date) -> ParticipantDetail:
    """Return one participant whole. Raises UserError if not in the study. A bounded number of statements."""
    rows = [row for row in participants(read, study=study, on=on) if row.id == participant]
    own = Participant.TABLE.c
    found = read.first(sa.select(Participant.TABLE).where(own.id == participant))
    if not rows or found is None:
        raise UserError(_("This participant is not in this study."))
    seen = may_see_arms(read, study=study, unblinded=bool(study_row(read, study=study).unblinded), on=on)
    identified, name, contact = _identity(read, study, participant, on)
    return ParticipantDetail(
        row=rows[0],
        died=found.died,
        died_on=found.died_on,
        reference_end=found.reference_end,
        race=found.race,
        ethnicity=found.ethnicity,
        country=found.country,
        imported=found.imported,
        name=name if isinstance(name, str) else None,
        contact=contact if isinstance(contact, str) else None,
        name_hidden=next((each for each in (name, contact) if isinstance(each, Hidden)), None),
        identified=identified,
        arms_seen=seen,
        visits=visit_rows(
            read,
            study=study,
            participant=participant,
            reference=found.reference_start,
            on=on,
            ended_on=latest(rows[0].ended_on) if rows[0].ended_on else None,
        ),
        dispositions=read.shaped(
            DispositionRow,
            Disposition,
            Disposition.TABLE.c.participant == participant,
            ~Disposition.TABLE.c.voided,
            order=(Disposition.TABLE.c.occurred_on, Disposition.TABLE.c.sequence),
        ),
        exposures=read.shaped(
            ExposureRow,
            Exposure,
            Exposure.TABLE.c.participant == participant,
            ~Exposure.TABLE.c.voided,
            order=(Exposure.TABLE.c.started_on, Exposure.TABLE.c.sequence),
        )
        if seen
        else (),
    )


def visit_rows(
    read: Read,
    *,
    study: Id,
    participant: Id,
    reference: PartialDate | None,
    on: date,
    ended_on: date | None = None,
) -> tuple[VisitRow, ...]:
    """Return planned visits with what became of them, and unscheduled ones, by number. Two statements."""
    visit = Visit.TABLE.c
    kept = read.rows(sa.select(Visit.TABLE).where(visit.participant == participant, ~visit.voided))
    by_plan = {row.planned_visit: row for row in kept if row.planned_visit}
    found = []
    for plan in planned_visits(read, study=study):
        row = by_plan.pop(plan.id, None)
        planned_on = planned_date(plan.planned_day, reference)
        windowed = planned_on is not None and not (plan.window_before is None and plan.window_after is None)
        found.append(
            VisitRow(
                id=row.id if row else plan.id,
                version=row.version if row else 0,
                name=plan.name,
                number=plan.number,
                planned_on=planned_on,
                opens_on=_moved(planned_on, -(plan.window_before or 0)) if windowed else None,
                closes_on=_moved(planned_on, plan.window_after or 0) if windowed else None,
                started_on=row.started_on if row else None,
                ended_on=row.ended_on if row else None,
                state=visit_state(
                    planned_on=planned_on,
                    before=plan.window_before,
                    after=plan.window_after,
                    started_on=row.started_on if row else None,
                    happened=row.happened if row else None,
                    today=on,
                    ended_on=ended_on,
                ),
                reason=row.unscheduled_reason if row else None,
            )
        )
    placed = {row.id for row in found}
    found += [
        VisitRow(
            id=row.id,
            version=row.version,
            name=row.name or _("Unscheduled"),
            number=row.number,
            planned_on=None,
            opens_on=None,
            closes_on=None,
            started_on=row.started_on,
            ended_on=row.ended_on,
            state="unscheduled" if row.happened else "missed",
            reason=row.unscheduled_reason,
        )
        for row in kept
        if row.id not in placed
    ]
    return tuple(sorted(found, key=lambda row: (row.number if row.number is not None else Decimal(10**6), row.id)))


def consort(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Flow:
    """Return the participant flow by planned arm; with `as_of`, of what had happened by that day."""
    shown, subjects, populations = _subjects(read, study=study, on=on, site=site, as_of=as_of)
    return flow(subjects, shown, populations)


def dispositions(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Return how participation ended, by planned arm and coded reason."""
    shown, subjects, _populations = _subjects(read, study=study, on=on, site=site, as_of=as_of)
    return disposition(subjects, shown)


def actual_arms(read: Read, *, study: Id, on: date) -> tuple[tuple[str, ...], dict[Id, str]]:
    """Return the arm names in order, and each participant's actual arm; `all` where arms may not be known."""
    return _arms_by(read, study=study, on=on, column="actual_arm")


def consents(read: Read, *, study: Id) -> dict[Id, PartialDate | None]:
    """Return who consented by a milestone of the study, and when as far as it is dated. One statement.

    An import may hold the day of consent as such a milestone and not with the participant.
    """
    own = Disposition.TABLE.c
    rows = read.rows(
        sa.select(own.participant, own.occurred_on)
        .where(own.study == study, own.reason == CONSENTED, ~own.voided)
        .order_by(sa.desc(own.occurred_on))
    )
    return {row.participant: row.occurred_on for row in rows}


def population_labels(read: Read, *, study: Id) -> dict[str, str]:
    """Return what the study's analysis populations are called, by code. One statement."""
    own = Population.TABLE.c
    rows = read.rows(sa.select(own.code, own.label).where(own.study == study, ~own.voided).distinct())
    return {row.code: row.label or row.code for row in sorted(rows, key=lambda row: (row.code, row.label or ""))}


def _subjects(
    read: Read, *, study: Id, on: date, site: Id | None, as_of: date | None
) -> tuple[tuple[str, ...], list[Subject], tuple[str, ...]]:
    shown, arm_of = _arms_by(read, study=study, on=on, column="planned_arm")
    endings = _endings(read, study)
    own, exposure, population = Participant.TABLE.c, Exposure.TABLE.c, Population.TABLE.c
    people = read.rows(
        sa.select(own.id, own.site, own.screened_on, own.reference_start, own.first_exposure).where(
            own.study == study, ~own.voided
        )
    )
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
        arm = arm_of.get(row.id) if as_of is None or happened_by(row.reference_start, as_of) else None
        ended = tuple(each for each in endings.get(row.id, ()) if happened_by(each.occurred_on, as_of))
        if as_of is not None and arm is None and not ended:
            continue  # still in screening that day: neither excluded nor entered
        first = [row.first_exposure] if row.first_exposure else starts.get(row.id, [])
        subjects.append(
            Subject(
                arm=arm,
                exposed=any(happened_by(each, as_of) for each in first),
                endings=ended,
                populations=frozenset(belongs.get(row.id, ())),
            )
        )
    # Nobody says when somebody was found to belong to a population: of an earlier day none is told.
    codes = sorted({code for codes in belongs.values() for code in codes}) if as_of is None else ()
    return shown, subjects, tuple(codes)


def _arms_by(read: Read, *, study: Id, on: date, column: str) -> tuple[tuple[str, ...], dict[Id, str]]:
    names = {row.id: row.name for row in arms(read, study=study)}
    given: dict[Id, Id] = {}
    if may_see_arms(read, study=study, unblinded=bool(study_row(read, study=study).unblinded), on=on):
        treated = Treatment.TABLE.c
        chosen = treated[column]
        rows = read.rows(
            sa.select(treated.participant, chosen.label("arm")).where(treated.study == study, ~treated.voided)
        )
        given = {row.participant: row.arm for row in rows if row.arm is not None}
        own = Allocation.TABLE.c
        rows = read.rows(sa.select(own.participant, own.arm).where(own.study == study, ~own.voided))
        given.update((row.participant, row.arm) for row in rows)
        if names or not (allocated := _allocated(read, study)):
            return tuple(names.values()), {who: names.get(arm, _("not here yet")) for who, arm in given.items()}
        return (ALL_ARMS,), dict.fromkeys(allocated, ALL_ARMS)
    return (ALL_ARMS,), dict.fromkeys(_allocated(read, study), ALL_ARMS)


def _allocated(read: Read, study: Id) -> set[Id]:
    """Return who was allocated: who has an arm, or passed the milestone. That is no secret; which arm may be."""
    treated, own, passed = Treatment.TABLE.c, Allocation.TABLE.c, Disposition.TABLE.c
    query = sa.union(
        sa.select(treated.participant).where(treated.study == study, ~treated.voided, treated.planned_arm.is_not(None)),
        sa.select(own.participant).where(own.study == study, ~own.voided),
        sa.select(passed.participant).where(
            passed.study == study, ~passed.voided, passed.category == "milestone", passed.reason.in_(RANDOMISED)
        ),
    )
    return {row.participant for row in read.rows(query)}


def _arm_names(read: Read, *, study: Id, on: date) -> dict[Id, str]:
    shown, given = _arms_by(read, study=study, on=on, column="planned_arm")
    return {} if shown == (ALL_ARMS,) else given


def _endings(read: Read, study: Id) -> dict[Id, list[Ending]]:
    own = Disposition.TABLE.c
    rows = read.rows(
        sa.select(own.participant, own.occurred_on, own.sequence, own.reason).where(
            own.study == study, own.category == "event", own.reason.is_not(None), ~own.voided
        )
    )
    endings: dict[Id, list[Ending]] = {}
    for row in rows:
        endings.setdefault(row.participant, []).append(Ending(row.occurred_on, row.sequence, row.reason))
    return endings


def _state(last: Ending | None, *, allocated: bool) -> str:
    if last is None:
        return "in study" if allocated else "screening"
    if not allocated:
        return "screen failure"
    return "completed" if last.reason == "COMPLETED" else "discontinued"


def _identity(
    read: Read, study: Id, participant: Id, on: date
) -> tuple[bool, str | Hidden | None, str | Hidden | None]:
    """Return whether an identity is recorded, and name and contact, or why they are not shown."""
    own = Identity.TABLE.c
    row = read.first(sa.select(own.id, own.name, own.contact).where(own.participant == participant, ~own.voided))
    if row is None:
        return False, None, None
    if IDENTIFYING.isdisjoint(roles(read, study=study, on=on)):
        return True, Hidden.NOT_ALLOWED, None
    name, contact = (
        None if sealed is None else read.reveal(Place(study, participant, row.id, field), sealed)
        for field, sealed in (("name", row.name), ("contact", row.contact))
    )
    return True, name, contact


def _moved(day: date | None, days: int) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + days)

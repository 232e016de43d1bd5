"""One participant whole: visits against their windows, dispositions, exposure, identity as far as it may be seen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate, latest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.plan import anchors_of, planned_days
from trialdesk.enrollment.queries.listing import ParticipantRow, participants
from trialdesk.enrollment.records import (
    Disposition,
    Exposure,
    Identity,
    Participant,
    Visit,
)
from trialdesk.enrollment.rules import (
    DEATH,
    VisitState,
    visit_state,
)
from trialdesk.people.rights import may_see_arms, roles
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden, Place
from trialdesk.studies.queries import planned_visits
from trialdesk.studies.queries import study as study_row


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


def participant(read: Read, *, study: Id, participant: Id, on: date) -> ParticipantDetail:
    """Return one participant whole. Raises UserError if not in the study. A bounded number of statements."""
    rows = [row for row in participants(read, study=study, on=on) if row.id == participant]
    own = Participant.TABLE.c
    found = read.first(sa.select(Participant.TABLE).where(own.id == participant))
    if not rows or found is None:
        raise UserError(_("This participant is not in this study."))
    seen = may_see_arms(read, study=study, unblinded=study_row(read, study=study).arms_known, on=on)
    identified, name, contact = _identity(read, study, participant, on)
    ended = Disposition.TABLE.c
    dispositions = read.shaped(
        DispositionRow,
        Disposition,
        ended.participant == participant,
        ~ended.voided,
        order=(ended.occurred_on, ended.sequence),
    )
    death = [each for each in dispositions if each.category == "event" and each.reason == DEATH]
    return ParticipantDetail(
        row=rows[0],
        died=found.died or (True if death else None),
        died_on=found.died_on or (death[0].occurred_on if death else None),
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
            consented=found.informed_consent_on,
            on=on,
            ended_on=latest(rows[0].ended_on) if rows[0].ended_on else None,
        ),
        dispositions=dispositions,
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
    consented: PartialDate | None = None,
) -> tuple[VisitRow, ...]:
    """Return planned visits with what became of them, and unscheduled ones, by number. Seven statements."""
    visit = Visit.TABLE.c
    kept = read.rows(sa.select(Visit.TABLE).where(visit.participant == participant, ~visit.voided))
    by_plan = {row.planned_visit: row for row in kept if row.planned_visit}
    found = []
    plans = planned_visits(read, study=study)
    anchors = anchors_of(read, plans, participant=participant, reference=reference, consented=consented)
    happened = {plan: row.started_on for plan, row in by_plan.items() if row.happened}
    days = planned_days(plans, anchors, happened)
    for plan in plans:
        row = by_plan.pop(plan.id, None)
        planned_on = days[plan.id]
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

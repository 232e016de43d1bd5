"""The list of participants, and what is known of all of them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries.standing import Ground, first_consents, ground_of
from trialdesk.enrollment.records import (
    Disposition,
    Participant,
    Population,
    Visit,
)
from trialdesk.enrollment.rules import (
    ALL_ARMS,
    CONSENTED,
    Ending,
    happened_by,
)
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import sites


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


STATES = ("screening", "screen failure", "in study", "completed", "discontinued")
"""How a participant stands: derived from allocation and disposition, never typed."""


def participants(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,
    ground: Ground | None = None,
) -> tuple[ParticipantRow, ...]:
    """Return a study's participants by site and number. At most ten statements, however many there are.

    With `as_of`, those screened by that day, standing as they stood then; `visits` counts all all the same. Who has
    read the `ground` already gives it.
    """
    ground = ground or ground_of(read, study=study, on=on)
    arm_names = {} if ground.shown == (ALL_ARMS,) else ground.planned
    endings, allocated = ground.endings, ground.allocated
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
    consented = first_consents(read, study)
    query = sa.select(Participant.TABLE).where(person.study == study, ~person.voided)
    if site is not None:
        query = query.where(person.site == site)
    found = []
    for row in read.rows(query):
        if not happened_by(row.screened_on, as_of):
            continue
        ended = [each for each in endings.get(row.id, ()) if happened_by(each.occurred_on, as_of)]
        # As in the flow: the reference day stands for a day of allocation that nobody recorded here.
        entered = as_of is None or happened_by(allocated.get(row.id) or row.reference_start, as_of)
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
                consented_on=consented.get(row.id) or row.informed_consent_on,
                reference_start=row.reference_start or allocated.get(row.id),
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


def _state(last: Ending | None, *, allocated: bool) -> str:
    if last is None:
        return "in study" if allocated else "screening"
    if not allocated:
        return "screen failure"
    return "completed" if last.reason == "COMPLETED" else "discontinued"

"""Who took the study's treatment from when to when, of what race they are, and who died. Nothing here tells an arm."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Exposure, Participant, Visit
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class TreatedRow:
    """A participant: race and ethnic group as recorded, first and last day of treatment, whether and when they died."""

    id: Id
    identifier: str
    race: str | None
    ethnicity: str | None
    first_exposure: PartialDate | None
    last_exposure: PartialDate | None
    died: bool | None
    died_on: PartialDate | None


def treated(read: Read, *, study: Id) -> dict[Id, TreatedRow]:
    """Return everybody of a study, by id. One statement."""
    own = Participant.TABLE.c
    return {row.id: row for row in read.shaped(TreatedRow, Participant, own.study == study, ~own.voided)}


def last_visit(read: Read, *, study: Id, by: date) -> PartialDate | None:
    """Return when the last visit that happened by a day began, None where none did. One statement."""
    own = Visit.TABLE.c
    # Partial dates sort as text: a month stands before its days, a time after its day.
    before = own.started_on < (by + timedelta(days=1)).isoformat()
    found: PartialDate | None = read.value(
        sa.select(sa.func.max(own.started_on)).where(own.study == study, own.happened, ~own.voided, before)
    )
    return found


def exposed(read: Read, *, participant: Id) -> tuple[PartialDate | None, PartialDate | None]:
    """Return the first and the last day of the doses recorded of a participant, None where none is. One statement."""
    own = Exposure.TABLE.c
    # Partial dates sort as text, as above.
    first, last = sa.func.min(own.started_on), sa.func.max(own.ended_on)
    row = read.first(
        sa.select(first.label("first"), last.label("last")).where(own.participant == participant, ~own.voided)
    )
    return (row.first, row.last) if row is not None else (None, None)

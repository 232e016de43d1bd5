"""What a form asks of one participant beside the list's line, and whether the seal of their arm was broken."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import CodeBreak, Participant
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Broken:
    """That a participant's code was broken, and whether in an emergency; what it showed stands nowhere in it."""

    broken_at: datetime
    emergency: bool


@dataclass(frozen=True, slots=True)
class Particulars:
    """A participant's origin and death, as recorded, and the breaks of their code by time."""

    race: str | None
    ethnicity: str | None
    died_on: PartialDate | None
    broken: tuple[Broken, ...]


def particulars(read: Read, *, participant: Id) -> Particulars:
    """Return a participant's particulars. Two statements."""
    own, code = Participant.TABLE.c, CodeBreak.TABLE.c
    row = read.first(sa.select(own.race, own.ethnicity, own.died_on).where(own.id == participant))
    assert row is not None
    where = (code.participant == participant, ~code.voided)
    return Particulars(
        row.race, row.ethnicity, row.died_on, read.shaped(Broken, CodeBreak, *where, order=(code.broken_at, code.id))
    )

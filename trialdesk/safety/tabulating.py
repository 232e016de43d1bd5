"""Adverse events as they are tabulated: with the body system, what was judged of them and what was done."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent, ExpeditedReport
from trialdesk.safety.rules import told_on

STOPPED = "DRUG WITHDRAWN"
"""What is recorded as done where the treatment was stopped for an event (CDISC codelist ACN)."""
FATAL = "FATAL"
"""The outcome of an event somebody died of (CDISC codelist OUT)."""


@dataclass(frozen=True, slots=True)
class TabulatedRow:
    """An adverse event of a participant."""

    id: Id
    participant: Id
    term: str
    preferred_term: str | None
    system_organ_class: str | None
    serious: bool | None
    fatal: bool | None
    related: str | None
    action_taken: str | None
    outcome: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None
    recorded_on: PartialDate | None
    aware_at: datetime | None
    aware_zone: str | None

    @property
    def told_on(self) -> PartialDate | None:
        """The day it is counted on: its first, else the first on which it was known."""
        return told_on(self.started_on, aware_at=self.aware_at, zone=self.aware_zone, recorded_on=self.recorded_on)

    @property
    def killed(self) -> bool:
        """Whether somebody died of it, by its seriousness or its outcome."""
        return bool(self.fatal) or (self.outcome or "").upper() == FATAL

    @property
    def stopped(self) -> bool:
        """Whether the treatment was stopped for it."""
        return (self.action_taken or "").upper() == STOPPED


def tabulated(read: Read, *, study: Id) -> tuple[TabulatedRow, ...]:
    """Return a study's adverse events by start. One statement."""
    own = AdverseEvent.TABLE.c
    order = (own.started_on, own.sequence, own.id)
    return read.shaped(TabulatedRow, AdverseEvent, own.study == study, ~own.voided, order=order)


def expedited(read: Read, *, study: Id) -> tuple[tuple[str, date], ...]:
    """Return to whom each expedited report of a study went, and on which day. One statement."""
    own = ExpeditedReport.TABLE.c
    rows = read.rows(
        sa.select(own.recipient, own.submitted_on)
        .where(own.study == study, ~own.voided)
        .order_by(own.recipient, own.submitted_on, own.id)
    )
    return tuple((row.recipient, row.submitted_on) for row in rows)

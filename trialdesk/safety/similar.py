"""What else happened in the study that is like one event, and what was told of it to whom (21 CFR 312.32(c)(1))."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries.standing import who_was_allocated
from trialdesk.enrollment.records import Participant
from trialdesk.enrollment.rules import happened_by
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent, ExpeditedReport
from trialdesk.safety.rules import alike, is_suspected


@dataclass(frozen=True, slots=True)
class Earlier:
    """A report of another event like this one that went to the same recipient before."""

    number: str | None
    identifier: str
    term: str
    submitted_on: date
    reference: str | None
    follow_up: bool | None


@dataclass(frozen=True, slots=True)
class Similar:
    """The other events of one kind in the study, and the reports of them to one recipient.

    `suspected` of the `events` are serious, unexpected and called unrelated by nobody. `by_term` says that they were
    found by the preferred term, not by the words they were reported in. `organ_class` counts the other serious events
    of the same system organ class, None where the event has none. `entered` participants had been allocated by then.
    """

    by_term: bool
    events: int
    participants: int
    serious: int
    suspected: int
    organ_class: int | None
    entered: int
    reports: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    id: Id
    participant: Id
    number: str | None
    term: str
    preferred_term: str | None
    system_organ_class: str | None
    serious: bool | None
    related: str | None
    expected: bool | None
    started_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class _Report:
    adverse_event: Id
    submitted_on: date
    reference: str | None
    follow_up: bool | None


def similar_events(read: Read, *, study: Id, event: Id, recipient: str | None, by: date | None) -> Similar:
    """Return what else is like an event, as it stood on the day `by` it was reported; without one, as it stands.

    Events that had begun by then, and reports sent by then. Four statements.
    """
    own = AdverseEvent.TABLE.c
    rows = read.shaped(_Event, AdverseEvent, own.study == study, ~own.voided, order=(own.number, own.id))
    this = next(row for row in rows if row.id == event)
    others = [row for row in rows if row.id != event and happened_by(row.started_on, by)]
    found = {row.id: row for row in others if alike(this, row)}
    organ = this.system_organ_class
    people, allocated = _people(read, study), who_was_allocated(read, study)
    return Similar(
        by_term=bool(this.preferred_term),
        events=len(found),
        participants=len({row.participant for row in found.values()}),
        serious=sum(bool(row.serious) for row in found.values()),
        suspected=sum(bool(row.serious) and is_suspected(row) for row in found.values()),
        organ_class=sum(bool(row.serious) and row.system_organ_class == organ for row in others) if organ else None,
        entered=sum(who in people and happened_by(on or people[who][1], by) for who, on in allocated.items()),
        reports=tuple(
            Earlier(row.number, people[row.participant][0], row.term, each.submitted_on, each.reference, each.follow_up)
            for each in _reports(read, study, recipient)
            if (row := found.get(each.adverse_event)) and each.submitted_on <= (by or date.max)
        ),
    )


def _reports(read: Read, study: Id, recipient: str | None) -> tuple[_Report, ...]:
    own = ExpeditedReport.TABLE.c
    where = (own.study == study, own.recipient == recipient, ~own.voided)
    return read.shaped(_Report, ExpeditedReport, *where, order=(own.submitted_on, own.id))


def _people(read: Read, study: Id) -> dict[Id, tuple[str, PartialDate | None]]:
    own = Participant.TABLE.c
    query = sa.select(own.id, own.identifier, own.reference_start).where(own.study == study, ~own.voided)
    return {row.id: (row.identifier, row.reference_start) for row in read.rows(query)}

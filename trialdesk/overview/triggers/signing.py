"""What waits for a signature: protocol versions, assessments of eligibility, serious events, visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import earliest
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Eligibility, Participant, Visit
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.people.records import Signature
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent
from trialdesk.studies.records import ProtocolVersion


@dataclass(frozen=True, slots=True)
class _Signed:
    """A kind of record that is signed: the trigger, the fields that date and name it, which records are asked for."""

    trigger: str
    record: type[Record]
    dated: str
    named: tuple[str, ...]
    where: tuple[sa.ColumnElement[bool], ...] = ()


_KINDS = (
    _Signed("protocol_unsigned", ProtocolVersion, "dated_on", ("label",)),
    _Signed("eligibility_unsigned", Eligibility, "assessed_on", ()),
    _Signed(
        "event_unsigned",
        AdverseEvent,
        "recorded_on",
        ("number", "term"),
        (AdverseEvent.TABLE.c.serious, AdverseEvent.TABLE.c.number.is_not(None)),
    ),
    _Signed("visit_unsigned", Visit, "started_on", ("name",), (Visit.TABLE.c.happened,)),
)


def unsigned(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield what has been signed by nobody as it stands now. Six statements.

    Of participants that were brought in nothing is asked: what was signed elsewhere is not signed again here. A
    signature of an earlier version of the record does not stand.
    """
    person, given = Participant.TABLE.c, Signature.TABLE.c
    people = {
        row.id: row
        for row in read.rows(
            sa.select(person.id, person.site, person.identifier, person.imported).where(scope.of(person.study))
        )
    }
    signed = {
        (row.of_record, row.of_version)
        for row in read.rows(sa.select(given.of_record, given.of_version).where(scope.of(given.study), ~given.voided))
    }
    for kind in _KINDS:
        own = kind.record.TABLE.c
        for row in read.rows(sa.select(kind.record.TABLE).where(scope.of(own.study), ~own.voided, *kind.where)):
            who = people.get(row.participant) if "participant" in kind.record.FIELDS else None
            day = _day(getattr(row, kind.dated))
            if (row.id, row.version) in signed or day is None or (who is not None and who.imported):
                continue
            yield _started(scope, kind, row, day, who)


def _started(scope: Scope, kind: _Signed, row: Any, day: date, who: Any) -> Started:
    name = " ".join(value for name in kind.named if (value := getattr(row, name)))
    subject: Id = row.id
    return scope.started(
        kind.trigger,
        row.study,
        subject,
        name=name or (who.identifier if who else ""),
        day=day,
        site=who.site if who else None,
        whose=who.identifier if who else "",
        focus=subject,
    )


def _day(value: Any) -> date | None:
    return earliest(value) if isinstance(value, str) else value

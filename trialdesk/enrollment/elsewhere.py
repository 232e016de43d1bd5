"""Consent of those brought in by an import: what happened elsewhere is told as it was, what is done here is bound.

An import invents no consent. Whoever goes on with such a participant here, on the day of the import or later, needs to
know of one: recorded here, or the day of informed consent that the import told. Corrections of what came in stay free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.enrollment.cases import consents_of
from trialdesk.enrollment.gates import Refusal, going_on
from trialdesk.enrollment.records import Exposure, Participant, Visit
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Change, Work
from trialdesk.trail.tables import event

_FROM_ELSEWHERE = "exchange:"
"""What the names of the acts begin with that bring in what happened elsewhere: no gate of ours was there."""

_DONE: dict[str, type[Record]] = {record.KIND: record for record in (Visit, Exposure)}


def unknown_consent(work: Work, changes: Iterable[Change]) -> tuple[Refusal, str] | None:
    """Return why a visit or a dose newly recorded here may not be, and of whom; None if nothing stands against it.

    One statement where a visit or dose is new, three more where it is of somebody imported.
    """
    if work.act.action.startswith(_FROM_ELSEWHERE) or work.act.undoes is not None:
        return None
    told: dict[Id, list[PartialDate | None]] = {}
    for change in changes:
        if change.kind in _DONE and change.created and _was_done(change):
            told.setdefault(change.change["participant"][1], []).append(_said(change, "started_on"))
    if not told:
        return None
    for person in _imported(work.read, list(told)):
        found = gone_on(work.read, person, told[person.id])
        if found is not None:
            return found, person.identifier
    return None


def gone_on(read: Read, person: Any, done: Sequence[PartialDate | None]) -> Refusal | None:
    """Return why what was `done` here with somebody brought in may not be: no consent is known. Two statements."""
    given = consents_of(read, participants=[person.id]).get(person.id, ())
    return going_on(given, person.informed_consent_on, done, since=_brought_on(read, person.id))


def _was_done(change: Change) -> bool:
    return change.kind != Visit.KIND or bool(_said(change, "happened"))


def _said(change: Change, name: str) -> Any:
    return change.change.get(name, (None, None))[1]


def _imported(read: Read, participants: list[Id]) -> list[sa.Row[Any]]:
    own = Participant.TABLE.c
    query = sa.select(own.id, own.identifier, own.informed_consent_on).where(own.id.in_(participants), own.imported)
    return read.rows(query)


def _brought_on(read: Read, participant: Id) -> date:
    first = read.value(sa.select(sa.func.min(event.c.at)).where(event.c.record == participant))
    return date.max if first is None else first.date()

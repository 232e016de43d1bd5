"""What stands recorded of participants, as far as the gates ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.enrollment.gates import ELIGIBILITY_CONFIRMED, Assessed, Case, Given
from trialdesk.enrollment.records import (
    Allocation,
    Consent,
    Disposition,
    Eligibility,
    Exposure,
    Participant,
    SlotUse,
    Treatment,
    Visit,
)
from trialdesk.ethics.records import ConsentVersion
from trialdesk.people.signing import signatures
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read

FULL_FORMS = frozenset({"main", "short"})
"""The forms that say what the study is: an optional part or an assent alone is no consent to take part."""


def case(read: Read, *, study: Id, participant: Id) -> Case:
    """Return one participant's case. Ten statements."""
    return cases(read, study=study, participants=[participant])[participant]


def cases(read: Read, *, study: Id, participants: Iterable[Id]) -> dict[Id, Case]:
    """Return the participants' cases. Ten statements.

    At most some hundred participants at once: their ids stand in the statements.
    """
    wanted = list(dict.fromkeys(participants))
    people = read.rows(_people(), participants=wanted)
    given = consents_of(read, participants=wanted)
    done = _by(read, _visits(), wanted)
    doses = _by(read, _doses(), wanted)
    assessed = _assessments(read, study, wanted)
    allocated = allocations_of(read, wanted)
    ended = _by(read, _endings(), wanted)
    return {
        row.id: Case(
            bound=not row.imported,
            exists=not row.voided,
            consents=given.get(row.id, ()),
            procedures=tuple(each[0] for each in (*done.get(row.id, ()), *doses.get(row.id, ()))),
            assessments=tuple(assessed.get(row.id, ())),
            allocations=tuple(allocated.get(row.id, ())),
            endings=tuple((reason, when) for when, reason in ended.get(row.id, ()) if reason),
        )
        for row in people
    }


def consents_of(read: Read, *, participants: Iterable[Id]) -> dict[Id, tuple[Given, ...]]:
    """Return each participant's consents to take part, oldest first. One statement."""
    found: dict[Id, tuple[Given, ...]] = {}
    for row in read.rows(_consents(), participants=list(participants)):
        found[row.participant] = (
            *found.get(row.participant, ()),
            Given(row.consented_on, row.consented_at, row.invalid_found_on),
        )
    return found


def allocations_of(
    read: Read, participants: Iterable[Id] | None = None, *, study: Id | None = None
) -> dict[Id, list[Any]]:
    """Return the days on which participants were allocated here, or None for one not dated. Three statements.

    What an import says of treatment is no allocation made here.
    """
    found: dict[Id, list[Any]] = {}
    wanted = None if participants is None else list(participants)
    for query in _allocated(of_study=wanted is None):
        which = {"study": study} if wanted is None else {"participants": wanted}
        for row in read.rows(query, **which):
            found.setdefault(row.participant, []).append(row.allocated_on)
    return found


def _assessments(read: Read, study: Id, participants: list[Id]) -> dict[Id, list[Assessed]]:
    rows = read.rows(_assessed(), participants=participants)
    signed = confirmed(read, study=study, assessments=[row.id for row in rows])
    found: dict[Id, list[Assessed]] = {}
    for row in rows:
        found.setdefault(row.participant, []).append(Assessed(row.assessed_on, row.eligible, signed.get(row.id)))
    return found


def confirmed(read: Read, *, study: Id, assessments: Iterable[Id] | None = None) -> dict[Id, datetime]:
    """Return when each assessment was signed, of those whose signature stands. Two statements."""
    return {
        record: max(each.signed_at for each in standing)
        for record, signed in signatures(read, record=Eligibility, study=study, of=assessments).items()
        if (standing := [each for each in signed if each.stands and each.meaning == ELIGIBILITY_CONFIRMED])
    }


def endings_of_one(read: Read, participant: Id) -> tuple[tuple[str, Any], ...]:
    """Return how and when a participant's participation ended, as the gates ask. One statement."""
    found = _by(read, _endings(), [participant]).get(participant, ())
    return tuple((reason, when) for when, reason in found if reason)


def _by(read: Read, query: sa.Select[Any], participants: list[Id]) -> dict[Id, list[Any]]:
    found: dict[Id, list[Any]] = {}
    for row in read.rows(query, participants=participants):
        found.setdefault(row.participant, []).append(tuple(row[1:]))
    return found


# Asked with every act about a participant: each statement is made once, so that asking costs the look-up alone.

_WANTED: sa.BindParameter[Any] = sa.bindparam("participants", expanding=True)


@cache
def _people() -> sa.Select[Any]:
    own = Participant.TABLE.c
    return sa.select(own.id, own.imported, own.voided).where(own.id.in_(_WANTED))


@cache
def _consents() -> sa.Select[Any]:
    own, to = Consent.TABLE.c, ConsentVersion.TABLE.c
    return (
        sa.select(own.participant, own.consented_on, own.consented_at, own.invalid_found_on)
        .join(ConsentVersion.TABLE, to.id == own.consent_version)
        .where(own.participant.in_(_WANTED), ~own.voided, ~to.voided, to.form.in_(sorted(FULL_FORMS)))
        .order_by(own.consented_on, own.consented_at, own.id)
    )


@cache
def _visits() -> sa.Select[Any]:
    own = Visit.TABLE.c
    return sa.select(own.participant, own.started_on).where(own.participant.in_(_WANTED), ~own.voided, own.happened)


@cache
def _doses() -> sa.Select[Any]:
    own = Exposure.TABLE.c
    return sa.select(own.participant, own.started_on).where(own.participant.in_(_WANTED), ~own.voided)


@cache
def _endings() -> sa.Select[Any]:
    own = Disposition.TABLE.c
    return sa.select(own.participant, own.occurred_on, own.reason).where(
        own.participant.in_(_WANTED), ~own.voided, own.category == "event"
    )


@cache
def _assessed() -> sa.Select[Any]:
    own = Eligibility.TABLE.c
    return (
        sa.select(own.id, own.participant, own.assessed_on, own.eligible)
        .where(own.participant.in_(_WANTED), ~own.voided)
        .order_by(own.assessed_on, own.id)
    )


@cache
def _allocated(*, of_study: bool) -> tuple[sa.Select[Any], ...]:
    made: tuple[tuple[type[Record], sa.ColumnElement[bool]], ...] = (
        (Treatment, Treatment.TABLE.c.allocated_on.is_not(None)),
        (Allocation, sa.true()),
        (SlotUse, sa.true()),
    )
    found: list[sa.Select[Any]] = []
    for record, here in made:
        own = record.TABLE.c
        which = own.study == sa.bindparam("study") if of_study else own.participant.in_(_WANTED)
        found.append(sa.select(own.participant, own.allocated_on).where(which, ~own.voided, here))
    return tuple(found)

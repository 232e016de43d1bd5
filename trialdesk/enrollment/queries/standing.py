"""What lists and flow both stand on: who was allocated, to which arm as far as it may be known, and how it ended."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import (
    Allocation,
    Disposition,
    Treatment,
)
from trialdesk.enrollment.rules import (
    ALL_ARMS,
    RANDOMISED,
    Ending,
)
from trialdesk.people.rights import may_see_arms
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import arms
from trialdesk.studies.queries import study as study_row


def arms_by(read: Read, *, study: Id, on: date, column: str) -> tuple[tuple[str, ...], dict[Id, str]]:
    """Return the arm names in order, and each participant's arm; `all` where arms may not be known."""
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
        if names or not (allocated := who_was_allocated(read, study)):
            return tuple(names.values()), {who: names.get(arm, _("not here yet")) for who, arm in given.items()}
        return (ALL_ARMS,), dict.fromkeys(allocated, ALL_ARMS)
    return (ALL_ARMS,), dict.fromkeys(who_was_allocated(read, study), ALL_ARMS)


def who_was_allocated(read: Read, study: Id) -> set[Id]:
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


def arm_names_of(read: Read, *, study: Id, on: date) -> dict[Id, str]:
    """Return the name of each participant's planned arm; nothing where arms may not be known."""
    shown, given = arms_by(read, study=study, on=on, column="planned_arm")
    return {} if shown == (ALL_ARMS,) else given


def endings_of(read: Read, study: Id) -> dict[Id, list[Ending]]:
    """Return how participation ended, by participant. One statement."""
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

"""What lists and flow both stand on: who was allocated, to which arm as far as it may be known, and how it ended."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.enrollment.cases import FULL_FORMS
from trialdesk.enrollment.records import (
    Allocation,
    Consent,
    Disposition,
    Slot,
    SlotUse,
    Treatment,
)
from trialdesk.enrollment.rules import (
    ALL_ARMS,
    RANDOMISED,
    Ending,
)
from trialdesk.ethics.records import ConsentVersion
from trialdesk.people.rights import may_see_arms
from trialdesk.people.sealing import open_arm
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden
from trialdesk.studies.queries import arms
from trialdesk.studies.queries import study as study_row


def arms_by(read: Read, *, study: Id, on: date, column: str) -> tuple[tuple[str, ...], dict[Id, str]]:
    """Return the arm names in order, and each participant's arm; `all` where arms may not be known."""
    names = {row.id: row.name for row in arms(read, study=study)}
    given: dict[Id, Id] = {}
    if may_see_arms(read, study=study, unblinded=study_row(read, study=study).arms_known, on=on):
        treated = Treatment.TABLE.c
        # Of whom nobody says otherwise, who was allocated here got what the list gave.
        listed = sa.case((treated.allocated_on.is_not(None), treated.planned_arm))
        chosen = sa.func.coalesce(treated[column], listed)
        rows = read.rows(
            sa.select(treated.participant, chosen.label("arm")).where(treated.study == study, ~treated.voided)
        )
        given = {row.participant: row.arm for row in rows if row.arm is not None}
        own = Allocation.TABLE.c
        rows = read.rows(sa.select(own.participant, own.arm).where(own.study == study, ~own.voided))
        given.update((row.participant, row.arm) for row in rows)
        given.update(_opened(read, study, on))
        if names or not (allocated := who_was_allocated(read, study)):
            return tuple(names.values()), {who: names.get(arm, _("not here yet")) for who, arm in given.items()}
        return (ALL_ARMS,), dict.fromkeys(allocated, ALL_ARMS)
    return (ALL_ARMS,), dict.fromkeys(who_was_allocated(read, study), ALL_ARMS)


def who_was_allocated(read: Read, study: Id) -> dict[Id, PartialDate | None]:
    """Return who was allocated, with the day of an allocation made here. Which arm may be a secret; this is none.

    It is who has an arm or a slot of the list, or passed the milestone. One statement.
    """
    treated, own, used, passed = Treatment.TABLE.c, Allocation.TABLE.c, SlotUse.TABLE.c, Disposition.TABLE.c
    query = sa.union_all(
        sa.select(treated.participant, treated.allocated_on).where(
            treated.study == study, ~treated.voided, treated.planned_arm.is_not(None)
        ),
        sa.select(own.participant, own.allocated_on).where(own.study == study, ~own.voided),
        sa.select(used.participant, used.allocated_on).where(used.study == study, ~used.voided),
        sa.select(passed.participant, sa.literal(None, used.allocated_on.type)).where(
            passed.study == study, ~passed.voided, passed.category == "milestone", passed.reason.in_(RANDOMISED)
        ),
    )
    found: dict[Id, PartialDate | None] = {}
    for row in read.rows(query):
        found[row.participant] = found.get(row.participant) or (row.allocated_on and row.allocated_on.isoformat())
    return found


def first_consents(read: Read, study: Id) -> dict[Id, PartialDate]:
    """Return on which day each participant first consented to take part, as recorded here. One statement."""
    own, version = Consent.TABLE.c, ConsentVersion.TABLE.c
    query = (
        sa.select(own.participant, sa.func.min(own.consented_on).label("first"))
        .join(ConsentVersion.TABLE, version.id == own.consent_version)
        .where(own.study == study, ~own.voided, version.form.in_(FULL_FORMS))
        .group_by(own.participant)
    )
    return {row.participant: row.first.isoformat() for row in read.rows(query)}


def _opened(read: Read, study: Id, on: date) -> dict[Id, Id]:
    """Return the arms in the slots of a sealed list, as far as this account holds the key. One statement."""
    used, slot = SlotUse.TABLE.c, Slot.TABLE.c
    query = (
        sa.select(used.participant, slot.id, slot.sealed)
        .join(Slot.TABLE, slot.id == used.slot)
        .where(used.study == study, ~used.voided, slot.sealed.is_not(None))
    )
    opened = {row.participant: open_arm(read, study, row.id, row.sealed, on=on) for row in read.rows(query)}
    return {who: arm for who, arm in opened.items() if not isinstance(arm, Hidden)}


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

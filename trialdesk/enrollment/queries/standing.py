"""What lists and flow both stand on: who was allocated, to which arm as far as it may be known, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
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


@dataclass(frozen=True, slots=True)
class Ground:
    """What the list of participants and their flow both stand on, of one study, read once for both.

    `shown` are the names of the arms in order, `planned` and `actual` each participant's, as far as they may be known.
    """

    shown: tuple[str, ...]
    planned: Mapping[Id, str]
    actual: Mapping[Id, str]
    endings: Mapping[Id, Sequence[Ending]]
    allocated: Mapping[Id, PartialDate | None]


def ground_of(read: Read, *, study: Id, on: date) -> Ground:
    """Return what lists and flow stand on. Nine statements at most."""
    allocated = who_was_allocated(read, study)
    shown, planned, actual = _arms(read, study, on, allocated)
    return Ground(shown, planned, actual, endings_of(read, study), allocated)


def _arms(
    read: Read, study: Id, on: date, allocated: Mapping[Id, Any]
) -> tuple[tuple[str, ...], dict[Id, str], dict[Id, str]]:
    """Return the arm names in order, and each participant's planned and actual arm.

    Where arms may not be known, or none is declared, everybody allocated is in the one arm of all.
    """
    names = {row.id: row.name for row in arms(read, study=study)}
    everybody = dict.fromkeys(allocated, ALL_ARMS)
    if not may_see_arms(read, study=study, unblinded=study_row(read, study=study).arms_known, on=on):
        return (ALL_ARMS,), everybody, everybody
    treated, own = Treatment.TABLE.c, Allocation.TABLE.c
    # Of whom nobody says otherwise, who was allocated here got what the list gave.
    listed = sa.case((treated.allocated_on.is_not(None), treated.planned_arm))
    rows = read.rows(
        sa.select(
            treated.participant,
            treated.planned_arm.label("planned"),
            sa.func.coalesce(treated.actual_arm, listed).label("actual"),
        ).where(treated.study == study, ~treated.voided)
    )
    blinded = {
        row.participant: row.arm
        for row in read.rows(sa.select(own.participant, own.arm).where(own.study == study, ~own.voided))
    }
    blinded |= _opened(read, study, on)
    if not names and allocated:
        return (ALL_ARMS,), everybody, everybody
    planned = {row.participant: row.planned for row in rows if row.planned is not None} | blinded
    actual = {row.participant: row.actual for row in rows if row.actual is not None} | blinded

    def named(given: Mapping[Id, Id]) -> dict[Id, str]:
        return {who: names.get(arm, _("not here yet")) for who, arm in given.items()}

    return tuple(names.values()), named(planned), named(actual)


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
        .where(used.study == study, ~used.voided, slot.envelope.is_not(None))
    )
    opened = {row.participant: open_arm(read, study, row.id, row.sealed, on=on) for row in read.rows(query)}
    return {who: arm for who, arm in opened.items() if not isinstance(arm, Hidden)}


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

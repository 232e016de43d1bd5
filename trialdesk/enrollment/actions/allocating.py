"""What is done about allocation: the list loaded, a participant allocated to its next slot, a sealed arm opened."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.cases import case
from trialdesk.enrollment.gates import TWICE, Place, next_place, places_for, ready, refuse, strata_of
from trialdesk.enrollment.records import Allocation, CodeBreak, Participant, Slot, SlotUse, Treatment
from trialdesk.people.acting import action, fields_of, needs_reason
from trialdesk.people.credentials import Cost
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import INVESTIGATORS, STAFF, UNBLINDED
from trialdesk.people.sealing import (
    break_envelope,
    conceal_arm,
    concealing_key,
    has_unblinding_key,
    new_unblinding_key,
    revealed_arm,
    seal_arm,
)
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.queries import arms, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import Arm

STRATUM = Field("text", N_("Stratum"), name="stratum", help=N_("Where the list is stratified."))
NUMBER = Field("text", N_("Slot number"), name="number", help=N_("The next slot is taken; given here, it is checked."))
LIST = Field(
    "text",
    N_("Allocation list"),
    name="rows",
    required=True,
    prose=True,
    help=N_("Comma-separated, under the names number, arm, site, stratum, kit; the last three may be left out."),
)
PASSPHRASE = Field("secret", N_("Passphrase of the code-break envelopes"), name="passphrase", required=True)


@dataclass(frozen=True, slots=True)
class Broken:
    """A code break: its record, and the arm for the eyes of who broke it alone."""

    id: Id
    arm: Id
    arm_name: str


def is_blinded(work: Work, study: Id) -> bool:
    """Say whether arms are sealed in a study. Raises UserError while nobody has said how it is blinded."""
    row = study_row(work.read, study=study)
    if row.blinding is None and not row.unblinded:
        raise UserError(
            _("It is not said whether this study is open-label or blinded."),
            where=_("Study"),
            remedy=_("Record how it is blinded before anybody is allocated."),
        )
    return not row.arms_known


@action(
    "enrollment:slots:load",
    N_("Allocation list loaded"),
    words=N_("Load an allocation list"),
    by=UNBLINDED | INVESTIGATORS,
    asks=(LIST, PASSPHRASE),
)
def load_slots(
    work: Work,
    *,
    study: Id,
    rows: Iterable[Mapping[str, Any]] | str,
    passphrase: str = "",
    cost: Cost | None = None,
) -> tuple[Id, ...]:
    """Load the slots of an allocation list, in their order, after those already there; returns their ids.

    `rows` may be text, comma-separated under a line of names. A row says `number` and `arm` (code, name or id), and may
    say `site` (number or id), `stratum` and `kit`. Arms are sealed before anything is written, in an open-label study
    too: there until the slot is used. In a blinded study only the unblinded load it; the first list makes the study's
    key with the passphrase of the code-break envelopes.
    Raises UserError naming the row that cannot be read.
    """
    blinded = is_blinded(work, study)
    if blinded:
        refuse_unless(roles(work.read, study=study, on=work.today), UNBLINDED)
        if not has_unblinding_key(work.read, study):
            new_unblinding_key(work, study, passphrase, cost=cost)
    key = b"" if blinded else concealing_key(work, study)
    named = _named(work, study)
    own = Slot.TABLE.c
    start = work.read.value(sa.select(sa.func.max(own.order)).where(own.study == study)) or 0
    made = []
    for place, row in enumerate(_rows(rows), start=1):
        id_, arm, site = work.new_id(), _meant(named["arm"], row, "arm", place), None
        if row.get("site"):
            site = _meant(named["site"], row, "site", place)
        sealed, envelope = seal_arm(work, study, id_, arm) if blinded else (conceal_arm(key, id_, arm), None)
        slot = Slot(
            id=id_,
            study=study,
            number=_text(row, "number"),
            order=start + place,
            site=site,
            stratum=_text(row, "stratum"),
            kit=_text(row, "kit"),
            sealed=sealed,
            envelope=envelope,
        )
        made.append(work.add(slot).id)
    if not made:
        raise UserError(_("The list is empty."), where=_("Allocation list"))
    return tuple(made)


@action(
    "enrollment:treatment:allocate",
    N_("Participant allocated"),
    words=N_("Allocate"),
    by=STAFF,
    final=True,
    asks=(STRATUM, NUMBER),
    about=Participant.KIND,
)
def allocate_open(
    work: Work, *, study: Id, participant: Id, stratum: str | None = None, number: str | None = None
) -> Id:
    """Allocate a participant of an open-label study to the arm of the list's next slot; returns the treatment's id.

    Raises UserError where a gate refuses, the list is used up, or `number` is not the next one.
    """
    if is_blinded(work, study):
        raise UserError(_("This study is blinded."), remedy=_("Allocate to a slot of its sealed list."))
    slot = _next_slot(work, study, participant, stratum, number)
    # A list from before lists were sealed in open-label studies has its arms in clear.
    arm = revealed_arm(concealing_key(work, study), slot.id, slot.sealed) if slot.sealed else slot.arm
    return work.add(
        Treatment(study=study, participant=participant, planned_arm=arm, slot=slot.id, allocated_on=work.today)
    ).id


@action(
    "enrollment:slot_use:allocate",
    N_("Participant allocated to a slot"),
    words=N_("Allocate to the next slot"),
    by=STAFF | UNBLINDED,
    final=True,
    asks=(STRATUM, NUMBER),
    about=Participant.KIND,
)
def allocate_blinded(
    work: Work, *, study: Id, participant: Id, stratum: str | None = None, number: str | None = None
) -> Id:
    """Allocate a participant of a blinded study to the next slot of the sealed list; returns the allocation's id.

    The slot's number is all that is needed and all that is told: the arm stays sealed. Raises as `allocate_open`.
    """
    if not is_blinded(work, study):
        raise UserError(_("This study is open-label."), remedy=_("Allocate to an arm of its list."))
    slot = _next_slot(work, study, participant, stratum, number)
    return work.add(SlotUse(study=study, slot=slot.id, participant=participant, allocated_on=work.today)).id


@action(
    "enrollment:allocation:record",
    N_("Allocation recorded"),
    words=N_("Record an allocation drawn elsewhere"),
    by=UNBLINDED,
    final=True,
    asks=fields_of(Allocation, "arm"),
    about=Participant.KIND,
)
def record_allocation(work: Work, *, study: Id, participant: Id, arm: Id) -> Id:
    """Keep a participant's arm, drawn elsewhere, where only the unblinded see it.

    Of who was brought in by an import it says what happened elsewhere; everybody else is allocated by it, today.
    Raises UserError where a gate refuses or the participant is allocated already.
    """
    person = found_in(work, Participant, participant, study)
    found_in(work, Arm, arm, study)
    stands = case(work.read, study=study, participant=participant)
    on = work.today if stands.bound else None
    refuse((TWICE if stands.allocations else None) if on is None else ready(stands, on, work.now), person.identifier)
    return work.add(Allocation(study=study, participant=participant, arm=arm, allocated_on=on)).id


@action(
    "enrollment:code:break",
    N_("Code broken"),
    words=N_("Break the code…"),
    by=INVESTIGATORS | UNBLINDED,
    final=True,
    asks=(*fields_of(CodeBreak, "grounds", "emergency"), PASSPHRASE),
    about=Participant.KIND,
    urgent=True,
)
def break_code(
    work: Work, *, study: Id, participant: Id, grounds: str, passphrase: str, emergency: bool = True
) -> Broken:
    """Open the envelope of a participant's slot with the passphrase held apart, and record that it was done.

    The arm is answered to who did it and written nowhere. Raises NotAllowed for a wrong passphrase, UserError without
    grounds or a sealed slot.
    """
    person = found_in(work, Participant, participant, study)
    if not grounds.strip():
        needs_reason(work, CodeBreak)
    own = SlotUse.TABLE.c
    used = work.read.value(sa.select(own.slot).where(own.participant == participant, ~own.voided))
    slot = work.find(Slot, used) if used else None
    if slot is None or slot.envelope is None:
        raise UserError(_("This participant has no sealed allocation."), where=person.identifier)
    arm = break_envelope(work.read, study, slot.id, slot.envelope, passphrase)
    made = work.add(
        CodeBreak(
            study=study,
            participant=participant,
            slot=slot.id,
            broken_at=work.now,
            emergency=emergency,
            grounds=grounds.strip() or work.act.reason,
        )
    )
    name = next((row.name for row in arms(work.read, study=study) if row.id == arm), _("not here yet"))
    return Broken(made.id, arm, name)


def _next_slot(work: Work, study: Id, participant: Id, stratum: str | None, number: str | None) -> Slot:
    person = found_in(work, Participant, participant, study)
    refuse(ready(case(work.read, study=study, participant=participant), work.today, work.now), person.identifier)
    own = Slot.TABLE.c
    rows = work.read.rows(
        sa.select(own.id, own.number, own.order, own.site, own.stratum).where(own.study == study, ~own.voided)
    )
    places = places_for([Place(row.id, row.number, row.order, row.site, row.stratum) for row in rows], site=person.site)
    strata = strata_of(places)
    wanted = (stratum or "").strip() or None
    if strata and wanted not in strata:
        raise UserError(
            _("The list is stratified; in which stratum is this participant?"),
            where=_(STRATUM.label),
            remedy=_("Its strata: {names}.").format(names=", ".join(strata)),
        )
    slot = next_place(places, used_slots(work, study), stratum=wanted if strata else None)
    if slot is None:
        raise UserError(
            _("The allocation list has no slot left for this participant."),
            where=_("Allocation list"),
            remedy=_("Whoever holds the list loads the slots that follow."),
        )
    if number and number.strip() != slot.number:
        raise UserError(
            _("Slot {number} is the next one; no other is taken out of turn.").format(number=slot.number),
            where=_(NUMBER.label),
        )
    return work.get(Slot, slot.id)


def used_slots(work: Work, study: Id) -> frozenset[Id]:
    """Return the slots that are used, whichever way. Two statements."""
    return frozenset(
        row.slot
        for record in (Treatment, SlotUse)
        for row in work.read.rows(
            sa.select(record.TABLE.c.slot).where(
                record.TABLE.c.study == study, record.TABLE.c.slot.is_not(None), ~record.TABLE.c.voided
            )
        )
    )


def _rows(rows: Iterable[Mapping[str, Any]] | str) -> Iterable[Mapping[str, Any]]:
    return csv.DictReader(rows.strip().splitlines()) if isinstance(rows, str) else rows


def _named(work: Work, study: Id) -> dict[str, dict[str, Id]]:
    known: dict[str, dict[str, Id]] = {"arm": {}, "site": {}}
    for arm in arms(work.read, study=study):
        known["arm"] |= {arm.name.casefold(): arm.id, arm.code.casefold(): arm.id, arm.id: arm.id}
    for site in sites(work.read, study=study):
        known["site"] |= {site.number.casefold(): site.id, site.id: site.id}
    return known


def _meant(known: Mapping[str, Id], row: Mapping[str, Any], name: str, place: int) -> Id:
    said = _text(row, name) or ""
    if said.casefold() not in known:
        raise UserError(
            _("The study knows no “{name}”.").format(name=said),
            where=_("Allocation list, row {row}, {column}").format(row=place, column=name),
            remedy=_("Nothing was loaded. Correct the list, then load it again."),
        )
    return known[said.casefold()]


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return str(value).strip() or None if value is not None else None

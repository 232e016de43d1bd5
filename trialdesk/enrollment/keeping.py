"""Keeps the gates: before an act is committed, looks at every participant it touched as it leaves them.

Acts, corrections, steps taken back and done again come through here alike, so that no way round them is left. What an
import brought in passed its gates elsewhere and is let through (`gates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import day_of, earliest, latest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.cases import allocations_of, cases, consents_of
from trialdesk.enrollment.elsewhere import unknown_consent
from trialdesk.enrollment.gates import ALLOCATION_GATE, TWICE, Case, Given, broken, lost, ready, refuse
from trialdesk.enrollment.records import (
    Allocation,
    Consent,
    Disposition,
    Eligibility,
    Exposure,
    Participant,
    Slot,
    SlotUse,
    Treatment,
    Visit,
)
from trialdesk.ethics.queries import consent_again, consent_versions, rulings
from trialdesk.ethics.rules import Ruling, Signed, in_force, usable
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Change, Work
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import Study
from trialdesk.studies.rules import GUARDS, loosened

_LOOKED_AT: dict[str, tuple[type[Record], frozenset[str]]] = {
    record.KIND: (record, frozenset(names) or frozenset(record.FIELDS))
    for record, names in (
        (Participant, ("site", "imported")),
        (Consent, ("participant", "consent_version", "consented_on", "consented_at")),
        (Eligibility, ()),
        (Treatment, ("participant", "planned_arm", "slot", "allocated_on")),
        (Allocation, ()),
        (SlotUse, ()),
        (Visit, ("participant", "happened", "started_on")),
        (Exposure, ("participant", "started_on")),
        (Disposition, ("participant", "reason", "occurred_on")),
    )
}
"""The kinds the gates are about, and which of their fields."""

_DONE: tuple[type[Visit | Exposure], ...] = (Visit, Exposure)
_ALLOCATING: tuple[type[Record], ...] = (Treatment, Allocation, SlotUse)
_SHALLOW = frozenset(record.KIND for record in _DONE)
_AT_ONCE = 400


_Standing = dict[str, dict[Id, Any]]
"""By kind and id, the records an act touched, of those that stand after it."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What an act says of one participant: the records it touched, by kind, and what stands of them."""

    told: _Standing
    touched: dict[str, set[Id]]

    def of(self, record: type[Record]) -> list[Any]:
        here = self.told[record.KIND]
        return [here[each] for each in sorted(self.touched.get(record.KIND, ())) if each in here]


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where what an act leaves would break a gate. Bounded statements for some hundred participants."""
    by_study: dict[Id, list[Change]] = {}
    for change in changes:
        if change.study is not None:
            by_study.setdefault(change.study, []).append(change)
    for study, some in by_study.items():
        _keep_slots(work.read, study, some)
        _keep_sealed(work.read, study, some)
        _keep_guards(work.read, study, some)
        if (unknown := unknown_consent(work, some)) is not None:
            refuse(*unknown)
        touched = _touched(work.read, some)
        for part in _parts(list(touched)):
            _keep_some(work, study, {who: touched[who] for who in part})


def _keep_some(work: Work, study: Id, touched: dict[Id, dict[str, set[Id]]]) -> None:
    people = {row.id: row for row in work.read.rows(_people(), wanted=list(touched))}
    # Most of what an import brings is of those it brought: they are let through without a look at their records.
    asked = [
        who
        for who, kinds in touched.items()
        if who in people and not (people[who].imported and _brought_in(work.read, kinds))
    ]
    if not asked:
        return
    told = _told(work.read, (touched[who] for who in asked))
    if any(touched[who].keys() - _SHALLOW for who in asked):
        found = cases(work.read, study=study, participants=asked)
    else:
        # What was done before stood when it was recorded: only what this act says of visits and doses is judged.
        given = consents_of(work.read, participants=asked)
        found = {who: _of_done(people[who], given.get(who, ()), told) for who in asked}
    known: list[Ruling] = []
    for who in asked:
        refuse(broken(found[who]), people[who].identifier)
        if found[who].exists:
            known = known or list(rulings(work.read, study=study))
            _keep_fresh(work, people[who], found[who], _Said(told, touched[who]), known)


def _of_done(person: Any, consents: tuple[Given, ...], told: _Standing) -> Case:
    """Return a participant's case as far as what this act says was done with them asks."""
    done = (row for record in _DONE for row in told[record.KIND].values() if row.participant == person.id)
    return Case(
        bound=not person.imported,
        exists=not person.voided,
        consents=consents,
        procedures=tuple(row.started_on for row in done if _happened(row)),
    )


def _brought_in(read: Read, kinds: dict[str, set[Id]]) -> bool:
    """Say whether it is only what comes from elsewhere: no consent, no assessment, no allocation made here."""
    if kinds.keys() - _SHALLOW - {Treatment.KIND, Allocation.KIND, Disposition.KIND}:
        return False
    for record in (Treatment, Allocation):
        own, made = record.TABLE.c, kinds.get(record.KIND)
        if made and read.first(sa.select(own.id).where(own.id.in_(made), own.allocated_on.is_not(None))):
            return False
    return True


def _keep_fresh(work: Work, person: Any, case: Case, said: _Said, known: Sequence[Ruling]) -> None:
    """Refuse what this act newly says where it could not be on its day: no approval, another consent version."""
    for row in said.of(Consent):
        check_not_future(work, Consent.FIELDS["consented_on"].label, row.consented_on)
        _approved(known, person, row.consented_on)
        _right_version(work.read, person.study, row)
    if case.bound:
        for record in _DONE:
            for row in said.of(record):
                if row.started_on is not None and _happened(row):
                    check_not_future(work, record.FIELDS["started_on"].label, earliest(row.started_on))
                    refuse(lost(case.consents, latest(row.started_on)), person.identifier)
                    _approved(known, person, day_of(row.started_on) or earliest(row.started_on))
    for made in _ALLOCATING:
        for row in said.of(made):
            if row.allocated_on is not None or case.bound:
                _may_be_allocated(work, person, case, row.allocated_on or work.today, known)


def _happened(done: Any) -> bool:
    """Say whether a visit was kept; a dose was given, or it is not recorded."""
    return bool(getattr(done, "happened", True))


def _may_be_allocated(work: Work, person: Any, case: Case, on: date, known: Sequence[Ruling]) -> None:
    check_not_future(work, SlotUse.FIELDS["allocated_on"].label, on)
    refuse(ready(replace(case, allocations=()), on, work.now), person.identifier)
    if _allocated_elsewhere(work.read, person.id):
        refuse(TWICE, person.identifier)
    _approved(known, person, on)
    own = Consent.TABLE.c
    rows = work.read.rows(
        sa.select(own.participant, own.consent_version, own.consented_on).where(
            own.participant == person.id, ~own.voided
        )
    )
    due = consent_again(
        work.read,
        study=person.study,
        on=on,
        signed=[Signed(row.participant, row.consent_version, row.consented_on) for row in rows],
    )
    if any(each.by <= on for each in due):
        raise UserError(
            _("This participant consented to an earlier version and has not consented again."),
            where=person.identifier,
            remedy=_("Record consent to the version now in force first."),
        )
    for gate in work.wired(ALLOCATION_GATE):
        gate(work, study=person.study, participant=person.id, on=on)


def _allocated_elsewhere(read: Read, participant: Id) -> bool:
    """Say whether an import brought in to which arm a participant was allocated."""
    own = Treatment.TABLE.c
    told = sa.select(own.id).where(
        own.participant == participant, own.planned_arm.is_not(None), own.allocated_on.is_(None), ~own.voided
    )
    return read.first(told) is not None


def _approved(known: Sequence[Ruling], person: Any, on: date) -> None:
    if in_force(known, on, site=person.site) is None:
        raise UserError(
            _("On {day} no ethics approval is in force.").format(day=on),
            where=person.identifier,
            remedy=_(
                "Record the committee's decision first. What was done without approval is recorded as a deviation."
            ),
        )


def _right_version(read: Read, study: Id, row: Any) -> None:
    versions = consent_versions(read, study=study)
    signed = next((each for each in versions if each.id == row.consent_version), None)
    label = label_of(Consent, "consent_version")
    if signed is None:
        raise UserError(_("There is no such consent version in this study."), where=label, remedy=_("Choose another."))
    right = usable(versions, row.consented_on, language=signed.language, form=signed.form)
    if right is None or right.id != signed.id:
        raise UserError(
            _("Version {version} ({language}) was not the one in force on {day}.").format(
                version=signed.label, language=signed.language, day=row.consented_on
            ),
            where=label,
            remedy=_("In force was version {version}.").format(version=right.label)
            if right
            else _("No version in this language was approved and in use that day."),
        )


def _keep_slots(read: Read, study: Id, changes: Iterable[Change]) -> None:
    """Refuse a change of a slot that is used, and a slot used twice, whichever way it was used."""
    kinds = {Slot.KIND, Treatment.KIND, SlotUse.KIND}
    if not any(change.kind in kinds and (change.created or change.kind == Slot.KIND) for change in changes):
        return
    used: list[Id] = []
    for record in (Treatment, SlotUse):
        own = record.TABLE.c
        used += [
            row.slot
            for row in read.rows(sa.select(own.slot).where(own.study == study, own.slot.is_not(None), ~own.voided))
        ]
    changed = {change.record for change in changes if change.kind == Slot.KIND and not change.created}
    if changed.intersection(used):
        raise UserError(
            _("This slot is used; it stays as it was loaded."),
            where=_(Slot.LABEL),
            remedy=_("Load further slots after it instead."),
        )
    if len(set(used)) < len(used):
        raise UserError(
            _("This slot is already used."), where=_(Slot.LABEL), remedy=_("Allocate again: the next one is taken.")
        )


def _keep_sealed(read: Read, study: Id, changes: Iterable[Change]) -> None:
    """Refuse that a study comes to know its arms, by a correction or an import, while some of them are sealed."""
    if not any(each.kind == Study.KIND and each.change.keys() & {"blinding", "unblinded"} for each in changes):
        return
    if not study_row(read, study=study).arms_known:
        return
    # The list of an open-label study is sealed too, but has no envelopes.
    slots, drawn = Slot.TABLE.c, Allocation.TABLE.c
    sealed = read.first(sa.select(slots.id).where(slots.study == study, slots.envelope.is_not(None), ~slots.voided))
    if sealed or read.first(sa.select(drawn.id).where(drawn.study == study, ~drawn.voided)):
        raise UserError(
            _("Arms of this study are sealed: it stays blinded."),
            where=_(Study.LABEL),
            remedy=_("To treat one participant in an emergency, break their code."),
        )


def _keep_guards(read: Read, study: Id, changes: Iterable[Change]) -> None:
    """Refuse to take away the gate of contract or insurance under which participants were allocated."""
    told = [each.change for each in changes if each.kind == Study.KIND and not each.created]
    before = {name: pair[0] for change in told for name, pair in change.items()}
    after = {name: pair[1] for change in told for name, pair in change.items()}
    gone = [name for name in loosened({**dict.fromkeys(GUARDS), **before}, after) if name != "blinding"]
    if gone and allocations_of(read, study=study):
        raise UserError(
            _("Participants are allocated under this condition: it stays."),
            where=_(Study.FIELDS[gone[0]].label),
            remedy=_("If it never held, record that as a deviation of the study."),
        )


def _touched(read: Read, changes: Iterable[Change]) -> dict[Id, dict[str, set[Id]]]:
    """Return, by participant and kind, the records whose change matters. Of new records nothing is read."""
    found: dict[Id, dict[str, set[Id]]] = {}
    looked_up: dict[str, list[Id]] = {}
    for change in changes:
        record, names = _LOOKED_AT.get(change.kind, (None, frozenset[str]()))
        if record is None or not (change.created or "voided" in change.change or names & change.change.keys()):
            continue
        if record is Participant:
            if not change.created:
                found.setdefault(change.record, {}).setdefault(change.kind, set()).add(change.record)
        elif change.created:
            found.setdefault(change.change["participant"][1], {}).setdefault(change.kind, set()).add(change.record)
        else:
            looked_up.setdefault(change.kind, []).append(change.record)
            for value in change.change.get("participant", ()):
                found.setdefault(value, {}).setdefault(change.kind, set()).add(change.record)
    for kind, records in looked_up.items():
        own = _LOOKED_AT[kind][0].TABLE.c
        for part in _parts(records):
            for row in read.rows(sa.select(own.id, own.participant).where(own.id.in_(part))):
                found.setdefault(row.participant, {}).setdefault(kind, set()).add(row.id)
    return found


def _told(read: Read, touched: Iterable[dict[str, set[Id]]]) -> _Standing:
    """Read what an act says of consents, of what was done and of allocations. A statement a kind, for some hundreds."""
    wanted: dict[str, set[Id]] = {}
    for kinds in touched:
        for kind, ids in kinds.items():
            wanted.setdefault(kind, set()).update(ids)
    return {
        record.KIND: {
            row.id: row
            for part in _parts(sorted(wanted.get(record.KIND, ())))
            for row in read.rows(_those_standing(record.TABLE), wanted=part)
        }
        for record in (Consent, *_DONE, *_ALLOCATING)
    }


@cache
def _people() -> sa.Select[Any]:
    own = Participant.TABLE.c
    return sa.select(own.id, own.study, own.identifier, own.site, own.imported, own.voided).where(
        own.id.in_(sa.bindparam("wanted", expanding=True))
    )


@cache
def _those_standing(table: sa.Table) -> sa.Select[Any]:
    own = table.c
    return sa.select(table).where(own.id.in_(sa.bindparam("wanted", expanding=True)), ~own.voided)


def _parts(ids: list[Id]) -> Iterator[list[Id]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]

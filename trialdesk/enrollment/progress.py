"""How far participants have come: consents, eligibility, allocation and how it ended, each with its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate, earliest
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.cases import FULL_FORMS, confirmed
from trialdesk.enrollment.gates import Given, consented_by
from trialdesk.enrollment.queries import ParticipantRow, consents, participants
from trialdesk.enrollment.records import (
    Allocation,
    CodeBreak,
    Consent,
    Disposition,
    Eligibility,
    Exposure,
    Slot,
    SlotUse,
    Treatment,
    Visit,
)
from trialdesk.enrollment.rules import COMPLETED, RANDOMISED, happened_by
from trialdesk.ethics.queries import ConsentVersionRow, consent_again, consent_versions
from trialdesk.ethics.rules import Signed
from trialdesk.people.records import Person
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known

ENDED = frozenset({"completed", "discontinued", "screen failure"})


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent. `before_procedures` says of a participant's first one whether it came before all that was done.

    None of a later one, and while nothing was done. `first_procedure` is the first thing done, as dated.
    """

    id: Id
    version: int
    participant: Id
    identifier: str
    site: Id
    label: str
    language: str
    form: str
    consented_on: date
    consented_at: str | None
    obtained_by: str | None
    representative: str | None
    copy_given: bool | None
    again: bool
    first_procedure: PartialDate | None
    before_procedures: bool | None
    invalid_found_on: date | None = None
    invalid_why: str | None = None


@dataclass(frozen=True, slots=True)
class EligibilityRow:
    """An assessment of eligibility; `signed_at` None unless an investigator's signature under it stands."""

    id: Id
    version: int
    participant: Id
    assessed_on: date
    eligible: bool
    failed_criteria: str | None
    remarks: str | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """An allocation made here. `slot` is the number of the slot of the list, None where the arm was drawn elsewhere."""

    participant: Id
    allocated_on: date | None
    slot: str | None
    stratum: str | None
    kit: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One participant's way: what was passed, and when.

    An import may know of consent and allocation without a record of it made here: then only the day stands here.
    `since` is when the present state began, as far as it is dated.
    """

    participant: Id
    identifier: str
    number: str
    site: Id
    site_number: str
    state: str
    since: PartialDate | None
    screened_on: PartialDate | None
    consented_on: PartialDate | None
    consent_label: str | None
    consent_language: str | None
    eligible: bool | None
    eligible_on: date | None
    eligibility_signed: bool
    failed_criteria: str | None
    allocated_on: PartialDate | None
    slot: str | None
    stratum: str | None
    code_broken: bool
    ended_on: PartialDate | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """Who must consent again: to which version of which form, by when, and whether that day has passed."""

    participant: Id
    identifier: str
    site: Id
    signed: str
    needed: str
    language: str
    by: date
    overdue: bool
    form: str = ""


def consent_rows(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> tuple[ConsentRow, ...]:
    """Return a study's consents by participant and day; with `as_of`, those given by that day. Bounded statements."""
    return _consents(read, study, participants(read, study=study, on=on, site=site), as_of)


def consent_log(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,
    among: tuple[ParticipantRow, ...] | None = None,
) -> tuple[tuple[ConsentRow, ...], tuple[Due, ...], tuple[str, ...]]:
    """Return the consents, who must consent again as things stand on `as_of`, and who has none recorded here.

    Without `as_of`, who must consent again by all that is recorded; overdue is what was due before that day, or before
    the day of the last thing recorded. `among` are the participants, for who has read them. Bounded statements.
    """
    people = participants(read, study=study, on=on, site=site, as_of=as_of) if among is None else among
    given = _consents(read, study, people, as_of)
    known = {row.participant for row in given}
    without = tuple(row.identifier for row in people if row.id not in known)
    last = last_known(read, study)
    today = as_of or (last[1] if last else on)
    due = tuple(replace(each, overdue=each.by < today) for each in _due(read, study, people, as_of or date.max))
    return given, due, without


def _consents(read: Read, study: Id, among: tuple[ParticipantRow, ...], as_of: date | None) -> tuple[ConsentRow, ...]:
    people = {row.id: row for row in among}
    versions = {row.id: row for row in consent_versions(read, study=study)}
    own, person = Consent.TABLE.c, Person.TABLE.c
    query = (
        sa.select(Consent.TABLE, person.name.label("by_name"))
        .outerjoin(Person.TABLE, person.id == own.obtained_by)
        .where(own.study == study, ~own.voided)
        .order_by(own.consented_on, own.consented_at, own.id)
    )
    done = first_procedures(read, study=study, as_of=as_of)
    found: list[ConsentRow] = []
    before: set[tuple[Id, str]] = set()
    for row in read.rows(query):
        if row.participant not in people or not (as_of is None or row.consented_on <= as_of):
            continue
        version = versions.get(row.consent_version)
        form = version.form if version else ""
        first = (row.participant, form) not in before
        before.add((row.participant, form))
        procedure = done.get(row.participant)
        judged = first and form in FULL_FORMS and procedure is not None
        found.append(
            ConsentRow(
                id=row.id,
                version=row.version,
                participant=row.participant,
                identifier=people[row.participant].identifier,
                site=people[row.participant].site,
                label=version.label if version else "?",
                language=version.language if version else "?",
                form=form,
                consented_on=row.consented_on,
                consented_at=row.consented_at,
                obtained_by=row.by_name,
                representative=row.representative,
                copy_given=row.copy_given,
                again=not first,
                first_procedure=procedure,
                before_procedures=consented_by([Given(row.consented_on, row.consented_at)], procedure)
                if judged and procedure is not None
                else None,
                invalid_found_on=None if _not_yet(row.invalid_found_on, as_of) else row.invalid_found_on,
                invalid_why=row.invalid_why,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.identifier, each.consented_on, each.consented_at or "", each.id)))


def _not_yet(found_on: date | None, as_of: date | None) -> bool:
    return found_on is None or (as_of is not None and found_on > as_of)


def first_procedures(read: Read, *, study: Id, as_of: date | None = None) -> dict[Id, PartialDate]:
    """Return the first dated thing done with each participant: a visit kept or a dose. Two statements."""
    found: dict[Id, PartialDate] = {}
    for record in (Visit, Exposure):
        own = record.TABLE.c
        where = [own.study == study, ~own.voided, own.started_on.is_not(None)]
        if record is Visit:
            where.append(own.happened)
        for row in read.rows(sa.select(own.participant, own.started_on).where(*where)):
            if happened_by(row.started_on, as_of):
                found[row.participant] = min(found.get(row.participant, row.started_on), row.started_on)
    return found


def eligibility_rows(read: Read, *, study: Id, as_of: date | None = None) -> tuple[EligibilityRow, ...]:
    """Return a study's assessments by day. Three statements."""
    own = Eligibility.TABLE.c
    rows = read.rows(
        sa.select(Eligibility.TABLE).where(own.study == study, ~own.voided).order_by(own.assessed_on, own.id)
    )
    signed = confirmed(read, study=study)
    return tuple(
        EligibilityRow(
            id=row.id,
            version=row.version,
            participant=row.participant,
            assessed_on=row.assessed_on,
            eligible=row.eligible,
            failed_criteria=row.failed_criteria,
            remarks=row.remarks,
            signed_at=signed.get(row.id),
        )
        for row in rows
        if as_of is None or row.assessed_on <= as_of
    )


def allocation_rows(read: Read, *, study: Id, as_of: date | None = None) -> dict[Id, AllocationRow]:
    """Return who was allocated here, when and to which slot; which arm it is stands nowhere in it. Four statements."""
    slots = {row.id: row for row in _rows(read, Slot, study, "number", "stratum", "kit")}
    found: dict[Id, AllocationRow] = {}
    for record in (Allocation, Treatment, SlotUse):
        names = ("participant", "allocated_on", *(() if record is Allocation else ("slot",)))
        for row in _rows(read, record, study, *names):
            slot = slots.get(row.slot) if record is not Allocation and row.slot else None
            made_here = record is not Treatment or row.allocated_on is not None
            if made_here and (as_of is None or (row.allocated_on is not None and row.allocated_on <= as_of)):
                found[row.participant] = AllocationRow(
                    row.participant,
                    row.allocated_on,
                    slot.number if slot else None,
                    slot.stratum if slot else None,
                    slot.kit if slot else None,
                )
    return found


def progress(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> tuple[Progress, ...]:
    """Return every participant's way, by site and number; with `as_of`, as they stood that day. Bounded statements."""
    people = participants(read, study=study, on=on, site=site, as_of=as_of)
    given: dict[Id, ConsentRow] = {
        row.participant: row for row in _consents(read, study, people, as_of) if row.form in FULL_FORMS
    }
    assessed = {row.participant: row for row in eligibility_rows(read, study=study, as_of=as_of)}
    allocated = allocation_rows(read, study=study, as_of=as_of)
    milestones = _milestones(read, study, as_of)
    told = consents(read, study=study)
    own = CodeBreak.TABLE.c
    broken = {
        row.participant
        for row in read.rows(sa.select(own.participant, own.broken_at).where(own.study == study, ~own.voided))
        if as_of is None or row.broken_at.date() <= as_of
    }
    return tuple(
        _progress(
            row,
            given.get(row.id),
            assessed.get(row.id),
            allocated.get(row.id),
            consented=row.consented_on or told.get(row.id),
            entered=milestones.get(row.id) or row.reference_start,
            broken=row.id in broken,
        )
        for row in people
    )


def due_consents(read: Read, *, study: Id, on: date, site: Id | None = None) -> tuple[Due, ...]:
    """Return who must consent again as things stand on a day, by day and participant; who has ended need not.

    Bounded statements.
    """
    return _due(read, study, participants(read, study=study, on=on, site=site), on)


def _due(read: Read, study: Id, among: tuple[ParticipantRow, ...], on: date) -> tuple[Due, ...]:
    people = {row.id: row for row in among if row.state not in ENDED}
    versions = {row.id: row for row in consent_versions(read, study=study)}
    rows = _rows(read, Consent, study, "participant", "consent_version", "consented_on")
    signed = [
        Signed(row.participant, row.consent_version, row.consented_on) for row in rows if row.participant in people
    ]
    return tuple(
        Due(
            participant=each.participant,
            identifier=people[each.participant].identifier,
            site=people[each.participant].site,
            signed=_last_signed(signed, versions, each.participant, versions[each.version]),
            needed=versions[each.version].label,
            language=versions[each.version].language,
            by=each.by,
            overdue=each.by < on,
            form=versions[each.version].form,
        )
        for each in consent_again(read, study=study, on=on, signed=signed)
    )


def _last_signed(
    signed: Iterable[Signed], versions: dict[Id, ConsentVersionRow], participant: Id, needed: ConsentVersionRow
) -> str:
    mine = [
        (each.signed_on, versions[each.version].number, versions[each.version].label)
        for each in signed
        if each.participant == participant and each.version in versions and versions[each.version].form == needed.form
    ]
    return max(mine)[2] if mine else ""


def _progress(
    row: ParticipantRow,
    given: ConsentRow | None,
    assessed: EligibilityRow | None,
    allocated: AllocationRow | None,
    *,
    consented: PartialDate | None,
    entered: PartialDate | None,
    broken: bool,
) -> Progress:
    came_in = row.state in ("in study", "completed", "discontinued")
    here = allocated.allocated_on.isoformat() if allocated and allocated.allocated_on else None
    allocated_on = here or (entered if came_in else None)
    consented_on = given.consented_on.isoformat() if given else consented
    since = {
        "screening": row.screened_on,
        "in study": allocated_on,
    }.get(row.state, row.ended_on)
    return Progress(
        participant=row.id,
        identifier=row.identifier,
        number=row.number,
        site=row.site,
        site_number=row.site_number,
        state=row.state,
        since=since,
        screened_on=row.screened_on,
        consented_on=consented_on,
        consent_label=given.label if given else None,
        consent_language=given.language if given else None,
        eligible=assessed.eligible if assessed else None,
        eligible_on=assessed.assessed_on if assessed else None,
        eligibility_signed=bool(assessed and assessed.signed_at),
        failed_criteria=assessed.failed_criteria if assessed else None,
        allocated_on=allocated_on,
        slot=allocated.slot if allocated else None,
        stratum=allocated.stratum if allocated else None,
        code_broken=broken,
        ended_on=row.ended_on,
        reason=row.ending if row.ending != COMPLETED else None,
    )


def _milestones(read: Read, study: Id, as_of: date | None) -> dict[Id, PartialDate]:
    own = Disposition.TABLE.c
    rows = read.rows(
        sa.select(own.participant, own.occurred_on).where(
            own.study == study, own.category == "milestone", own.reason.in_(RANDOMISED), ~own.voided
        )
    )
    return {
        row.participant: row.occurred_on
        for row in rows
        if row.occurred_on and (as_of is None or earliest(row.occurred_on) <= as_of)
    }


def _rows(read: Read, record: type[Record], study: Id, *names: str) -> list[sa.Row[Any]]:
    own = record.TABLE.c
    return read.rows(sa.select(own.id, *(own[name] for name in names)).where(own.study == study, ~own.voided))

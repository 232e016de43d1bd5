"""Studies and their design to look at."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.signing import SignatureRow, signatures
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import (
    Activity,
    Arm,
    Criterion,
    PlannedVisit,
    ProtocolVersion,
    RecruitmentTarget,
    Registration,
    ScheduledActivity,
    Site,
    Study,
)


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study as the list and the header show it."""

    id: Id
    version: int
    short_name: str
    title: str | None
    protocol_number: str | None
    registry_number: str | None
    phase: str | None
    indication: str | None
    sponsor: str | None
    blinding: str | None
    unblinded: bool | None
    objective: str | None
    design: str | None
    planned_participants: int | None
    recruitment_starts_on: date | None
    recruitment_ends_on: date | None
    needs_contract: bool | None
    needs_insurance: bool | None
    started: PartialDate | None
    ended: PartialDate | None
    closed_on: date | None
    imported: bool | None

    @property
    def arms_known(self) -> bool:
        """Whether everybody may know who is in which arm: open label, or treatment codes brought in for all to see."""
        return bool(self.unblinded) or self.blinding == "open"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site."""

    id: Id
    version: int
    number: str
    name: str | None
    country: str | None
    zone: str | None
    pi: Id | None
    activated_on: date | None
    target: int | None

    @property
    def label(self) -> str:
        """Number and name, or the number alone."""
        return f"{self.number} {self.name}" if self.name else self.number


@dataclass(frozen=True, slots=True)
class ArmRow:
    """An arm."""

    id: Id
    version: int
    code: str
    name: str
    order: int | None
    ratio: int | None
    description: str | None


@dataclass(frozen=True, slots=True)
class PlannedVisitRow:
    """A visit of the schedule; windows are days.

    `planned_day` is a study day where the visit is counted from the reference day (`anchor` day1 or None), else the
    number of days after the anchor.
    """

    id: Id
    version: int
    number: Decimal
    name: str
    anchor: str | None
    planned_day: int | None
    window_before: int | None
    window_after: int | None
    arm: Id | None
    starts: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """An inclusion or exclusion criterion."""

    id: Id
    version: int
    code: str
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class ProtocolVersionRow:
    """A protocol version, with its signatures, oldest first."""

    id: Id
    version: int
    label: str
    dated_on: date
    effective_on: date | None
    amendment_of: Id | None
    substantial: bool | None
    change_summary: str | None
    signatures: tuple[SignatureRow, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether a signature of it as it is now stands."""
        return any(each.stands for each in self.signatures)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """Something that is done at visits."""

    id: Id
    version: int
    name: str
    category: str | None
    order: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the schedule's grid."""

    id: Id
    version: int
    activity: Id
    planned_visit: Id
    note: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of activities: visits across, activities down, a mark where an activity is due at a visit."""

    visits: tuple[PlannedVisitRow, ...]
    activities: tuple[ActivityRow, ...]
    marks: tuple[Mark, ...]

    def grid(self) -> tuple[tuple[Mark | None, ...], ...]:
        """Return one row for each activity with a mark or None for each visit."""
        placed = {(mark.activity, mark.planned_visit): mark for mark in self.marks}
        return tuple(tuple(placed.get((row.id, visit.id)) for visit in self.visits) for row in self.activities)


@dataclass(frozen=True, slots=True)
class RecruitmentTargetRow:
    """What is planned for a month (its first day) at a site, or over all where `site` is None."""

    id: Id
    version: int
    month: date
    site: Id | None
    planned: int


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """What a public registry was told."""

    id: Id
    version: int
    registry: str
    purpose: str
    submitted_on: date
    reference: str | None


def studies(read: Read) -> tuple[StudyRow, ...]:
    """Return all studies of the desk by short name. One statement."""
    study = Study.TABLE.c
    return read.shaped(StudyRow, Study, ~study.voided, order=(sa.func.lower(study.short_name), study.id))


def study(read: Read, *, study: Id) -> StudyRow:
    """Return one study. Raises UserError if it is not on this desk. One statement."""
    found = read.shaped(StudyRow, Study, Study.TABLE.c.id == study)
    if not found:
        raise UserError(_("This study is not on this desk."))
    return found[0]


def papers_for(read: Read, *, study: Id) -> str:
    """Return for whom the study's documents are set, a code of `rules.PAPERS` or empty. One statement.

    It says how a document looks and is no fact of one, so it is not in `StudyRow`, which facts hold.
    """
    own = Study.TABLE.c
    return str(read.value(sa.select(own.papers).where(own.id == study)) or "")


def study_named(read: Read, *, name: str, voided: bool = False) -> tuple[StudyRow, ...]:
    """Return the studies, or the voided ones, whose short name or id is `name`; case does not matter. One statement."""
    column = Study.TABLE.c
    # What was typed may be no text at all; no study is called so.
    name = name.encode(errors="replace").decode()
    named = sa.func.lower(column.short_name) == name.lower()
    if _is_id(name):
        named = sa.or_(named, column.id == name)
    return read.shaped(StudyRow, Study, column.voided if voided else ~column.voided, named)


def the_study(read: Read, *, name: str, voided: bool = False) -> StudyRow:
    """Return the one study of that short name or id. Raises UserError if there is none, or more than one.

    With `voided` one that was taken back will do where no other has the name.
    """
    found = study_named(read, name=name)
    if voided and not found:
        found = study_named(read, name=name, voided=True)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            _("More than one study is called “{name}”.").format(name=name), remedy=_("Give the study's id instead.")
        )
    known = ", ".join(row.short_name for row in studies(read)) or _("none")
    raise UserError(
        _("There is no study “{name}” on this desk.").format(name=name),
        remedy=_("Studies here: {names}.").format(names=known),
    )


def sites(read: Read, *, study: Id) -> tuple[SiteRow, ...]:
    """Return a study's sites by number. One statement."""
    column = Site.TABLE.c
    return read.shaped(SiteRow, Site, column.study == study, ~column.voided, order=(column.number,))


def the_site(read: Read, *, study: Id, number: str) -> SiteRow:
    """Return a study's site by its number. Raises UserError if there is none."""
    here = sites(read, study=study)
    for row in here:
        if number in (row.number, row.id):
            return row
    raise UserError(
        _("The study has no site “{number}”.").format(number=number),
        remedy=_("Its sites: {numbers}.").format(numbers=", ".join(row.number for row in here) or _("none")),
    )


def arms(read: Read, *, study: Id) -> tuple[ArmRow, ...]:
    """Return a study's arms in their order. One statement."""
    column = Arm.TABLE.c
    return read.shaped(ArmRow, Arm, column.study == study, ~column.voided, order=(column.order, column.name))


def planned_visits(read: Read, *, study: Id) -> tuple[PlannedVisitRow, ...]:
    """Return a study's schedule by planned day and number. One statement."""
    column = PlannedVisit.TABLE.c
    found = read.shaped(PlannedVisitRow, PlannedVisit, column.study == study, ~column.voided)
    return tuple(sorted(found, key=lambda row: (row.number, row.name, row.id)))


def criteria(read: Read, *, study: Id) -> tuple[CriterionRow, ...]:
    """Return a study's criteria, inclusion first, by code. One statement."""
    column = Criterion.TABLE.c
    return read.shaped(
        CriterionRow,
        Criterion,
        column.study == study,
        ~column.voided,
        order=(sa.desc(column.category), column.code),
    )


def protocol_versions(read: Read, *, study: Id) -> tuple[ProtocolVersionRow, ...]:
    """Return a study's protocol versions by date, with their signatures. Three statements."""
    own = ProtocolVersion.TABLE.c
    columns = [own[each.name] for each in fields(ProtocolVersionRow) if each.name in own]
    query = sa.select(*columns).where(own.study == study, ~own.voided).order_by(own.dated_on, own.label, own.id)
    signed = signatures(read, record=ProtocolVersion, study=study)
    return tuple(
        ProtocolVersionRow(**row._mapping, signatures=signed.get(row.id, ()))  # noqa: SLF001 - SQLAlchemy's documented name
        for row in read.rows(query)
    )


def protocol_in_force(read: Read, *, study: Id, on: date) -> ProtocolVersionRow | None:
    """Return the protocol version that took effect last by a day, or None. Three statements."""
    begun = [row for row in protocol_versions(read, study=study) if row.effective_on and row.effective_on <= on]
    return max(begun, key=lambda row: (row.effective_on, row.dated_on, row.id), default=None)


def activities(read: Read, *, study: Id) -> tuple[ActivityRow, ...]:
    """Return a study's activities in their order. One statement."""
    own = Activity.TABLE.c
    order = (own.order.is_(None), own.order, own.name, own.id)
    return read.shaped(ActivityRow, Activity, own.study == study, ~own.voided, order=order)


def schedule(read: Read, *, study: Id) -> Schedule:
    """Return the schedule of activities. Three statements."""
    own = ScheduledActivity.TABLE.c
    return Schedule(
        visits=planned_visits(read, study=study),
        activities=activities(read, study=study),
        marks=read.shaped(Mark, ScheduledActivity, own.study == study, ~own.voided, order=(own.id,)),
    )


def recruitment_plan(read: Read, *, study: Id) -> tuple[RecruitmentTargetRow, ...]:
    """Return what is planned month by month, for all first and then for each site. One statement."""
    own = RecruitmentTarget.TABLE.c
    rows = read.shaped(RecruitmentTargetRow, RecruitmentTarget, own.study == study, ~own.voided)
    return tuple(sorted(rows, key=lambda row: (row.month, row.site or "", row.id)))


def registrations(read: Read, *, study: Id) -> tuple[RegistrationRow, ...]:
    """Return what public registries were told, by day. One statement."""
    own = Registration.TABLE.c
    order = (own.submitted_on, own.id)
    return read.shaped(RegistrationRow, Registration, own.study == study, ~own.voided, order=order)


def _is_id(name: str) -> bool:
    return len(name) == 32 and all(character in "0123456789abcdef" for character in name)

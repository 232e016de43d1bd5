"""Studies and their design to look at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import Arm, Criterion, PlannedVisit, Site, Study


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
    planned_participants: int | None
    started: PartialDate | None
    ended: PartialDate | None
    imported: bool | None
    needs_contract: bool | None
    needs_insurance: bool | None


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site."""

    id: Id
    version: int
    number: str
    name: str | None
    country: str | None

    @property
    def label(self) -> str:
        """Number and name, or the number alone."""
        return f"{self.number} {self.name}" if self.name else self.number


@dataclass(frozen=True, slots=True)
class ArmRow:
    """An arm."""

    id: Id
    code: str
    name: str
    order: int | None


@dataclass(frozen=True, slots=True)
class PlannedVisitRow:
    """A visit of the schedule; `planned_day` is a study day, windows are days."""

    id: Id
    number: Decimal
    name: str
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
    code: str
    category: str
    text: str


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


def study_named(read: Read, *, name: str, voided: bool = False) -> tuple[StudyRow, ...]:
    """Return the studies, or the voided ones, whose short name or id is `name`; case does not matter. One statement."""
    column = Study.TABLE.c
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


def _is_id(name: str) -> bool:
    return len(name) == 32 and all(character in "0123456789abcdef" for character in name)

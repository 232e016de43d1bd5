"""What a study's design may not say: each looks at a record as it is about to be saved and raises UserError."""

from __future__ import annotations

from unicodedata import normalize

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.people.checks import check_alone, check_not_future, check_order, check_zone, label_of
from trialdesk.persistence.work import Work
from trialdesk.studies.queries import planned_visits
from trialdesk.studies.records import (
    Activity,
    Arm,
    Criterion,
    PlannedVisit,
    ProtocolVersion,
    RecruitmentTarget,
    ScheduledActivity,
    Site,
    Study,
)
from trialdesk.studies.rules import DAY1

NUMBERED_AFTER = "enrollment.participant"
"""The kind whose records carry their site's number in their own."""


def check_study(record: Study) -> None:
    """Recruitment does not end before it begins; nobody plans fewer than one participant."""
    check_order(
        Study.FIELDS["recruitment_ends_on"].label,
        record.recruitment_starts_on,
        record.recruitment_ends_on,
        _("Recruitment would end before it begins."),
    )
    _check_at_least(1, record, "planned_participants")


def check_protocol_version(work: Work, record: ProtocolVersion) -> None:
    """Its version is its own; it takes effect once it is written, and amends an earlier one."""
    check_alone(
        work,
        record,
        "label",
        words=_("There is already a protocol version of this name."),
    )
    check_not_future(work, ProtocolVersion.FIELDS["dated_on"].label, record.dated_on)
    check_order(
        ProtocolVersion.FIELDS["effective_on"].label,
        record.dated_on,
        record.effective_on,
        _("The version would take effect before it is dated."),
    )
    if record.amendment_of is None:
        return
    where = label_of(ProtocolVersion, "amendment_of")
    if record.amendment_of == record.id:
        raise UserError(_("A version cannot amend itself."), where=where, remedy=_("Choose the version before it."))
    amended = work.find(ProtocolVersion, record.amendment_of)
    if amended is not None and record.dated_on < amended.dated_on:
        raise UserError(
            _("The version it amends is dated later, {day}.").format(day=amended.dated_on),
            where=where,
            remedy=_("Choose the version before it, or correct the date."),
        )


def check_site(work: Work, record: Site) -> None:
    """A site's number is its own, also where another only looks alike; it was not activated on a day to come."""
    check_alone(work, record, "number", words=_("There is already a site of this number."))
    own = Site.TABLE.c
    for row in work.read.rows(
        sa.select(own.id, own.number).where(own.study == record.study, own.id != record.id, ~own.voided)
    ):
        if _plain(row.number) == _plain(record.number):
            raise UserError(
                _("There is a site numbered {number} already: the two would be taken for each other.").format(
                    number=row.number
                ),
                where=label_of(Site, "number"),
                remedy=_("Use another, or open the record that has it."),
            )
    check_not_future(work, Site.FIELDS["activated_on"].label, record.activated_on)
    check_zone(Site.FIELDS["zone"].label, record.zone)
    _check_at_least(0, record, "target")


def check_site_number(work: Work, record: Site, before: str) -> None:
    """A site keeps its number once participants are numbered after it."""
    if record.number == before:
        return
    for kind, name in work.links_to(Site.KIND):
        column = kind.TABLE.c
        if kind.KIND == NUMBERED_AFTER and work.read.first(sa.select(column.id).where(column[name] == record.id)):
            raise UserError(
                _("Participants are numbered after this site: it keeps its number."),
                where=label_of(Site, "number"),
                remedy=_("Note the other number in the site's name."),
            )


def _plain(number: str) -> str:
    """Return a number as it is read aloud: full-width figures, letters' case and leading zeros make no other."""
    return normalize("NFKC", number).casefold().strip().lstrip("0")


def check_recruitment_target(work: Work, record: RecruitmentTarget) -> None:
    """A month has one target for a site and one for all; it is kept as the month's first day."""
    record.month = record.month.replace(day=1)
    _check_at_least(0, record, "planned")
    check_alone(
        work,
        record,
        "month",
        "site",
        words=_("There is already a target for this month."),
    )


def check_arm(work: Work, record: Arm) -> None:
    """An arm's code is its own; its share of the allocations is one at least."""
    check_alone(work, record, "code", words=_("There is already an arm of this code."))
    _check_at_least(1, record, "ratio")


def check_planned_visit(work: Work, record: PlannedVisit) -> None:
    """A visit's number is its own within its arm; windows are not negative; study days know no day 0."""
    for name in ("window_before", "window_after"):
        if (getattr(record, name) or 0) < 0:
            raise UserError(
                _("A window is counted in days and cannot be negative."),
                where=label_of(PlannedVisit, name),
                remedy=_("Count the days before and after the planned day, each from 0."),
            )
        if getattr(record, name) is not None and record.planned_day is None:
            raise UserError(
                _("A window needs the planned day around which it lies."),
                where=label_of(PlannedVisit, "planned_day"),
                remedy=_("Give the planned day, or leave the window empty."),
            )
    if record.planned_day == 0 and (record.anchor or DAY1) == DAY1:
        raise UserError(
            _("There is no study day 0: the day before day 1 is day -1."),
            where=label_of(PlannedVisit, "planned_day"),
            remedy=_("Write 1 for the reference day itself."),
        )
    if record.study is not None and any(
        (each.number, each.arm) == (record.number, record.arm) and each.id != record.id
        for each in planned_visits(work.read, study=record.study)
    ):
        raise UserError(
            _("There is already a planned visit of this number."),
            where=label_of(PlannedVisit, "number"),
            remedy=_("Use another, or open the record that has it."),
        )


def check_activity(work: Work, record: Activity) -> None:
    """An activity's name is its own."""
    check_alone(work, record, "name", words=_("There is already an activity of this name."))


def check_scheduled_activity(work: Work, record: ScheduledActivity) -> None:
    """An activity is scheduled once at a visit."""
    words = _("This activity is already scheduled at this visit.")
    check_alone(work, record, "planned_visit", "activity", words=words)


def check_criterion(work: Work, record: Criterion) -> None:
    """A criterion's code is its own."""
    check_alone(work, record, "code", words=_("There is already a criterion of this code."))


def _check_at_least(least: int, record: Study | Site | Arm | RecruitmentTarget, name: str) -> None:
    value = getattr(record, name)
    if value is not None and value < least:
        raise UserError(_("This cannot be less than {least}.").format(least=least), where=label_of(record, name))

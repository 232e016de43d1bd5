"""Screening and enrolment log (ICH E6(R3), Appendix C): one row for everybody who was screened, and no names.

In a blinded study it shows no arm, whoever makes it: the log is read by everybody.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written
from trialdesk.enrollment.queries import ParticipantRow, consents, consort, participants
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Paragraph, Table
from trialdesk.reporting.terms import SEXES, age_words, in_words, reason_words

_ENROLLED = ("in study", "completed", "discontinued")
OUTCOMES = {
    "screening": N_("In screening"),
    "screen failure": N_("Not enrolled"),
    **dict.fromkeys(_ENROLLED, N_("Enrolled")),
}
STANDING = {
    "screening": N_("In screening"),
    "screen failure": N_("Screen failure"),
    "in study": N_("In study"),
    "completed": N_("Completed"),
    "discontinued": N_("Discontinued"),
}


@dataclass(frozen=True, slots=True)
class LogRow:
    """One participant. Dates are as recorded; None is printed as not recorded, or as a dash where nothing is due."""

    identifier: str
    number: str
    site: str
    screened_on: PartialDate | None
    consented_on: PartialDate | None
    sex: str | None
    age: int | None
    age_unit: str | None
    enrolled_on: PartialDate | None
    arm: str | None
    state: str
    ended_on: PartialDate | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The log's totals as the participant flow counts them, to compare."""

    assessed: int
    excluded: int
    entered: int
    completed: int
    discontinued: int
    screening: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """The rows by site and number; `arms_shown` says whether treatment is known to everybody here."""

    arms_shown: bool
    rows: tuple[LogRow, ...]
    flow: Totals


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, who had been screened by then as they stood then. A bounded number of statements."""
    milestones = consents(read, study=study)
    found = participants(read, study=study, on=on, site=site, as_of=as_of)
    flow = consort(read, study=study, on=on, site=site, as_of=as_of)
    return Log(
        arms_shown=any(row.arm for row in found),
        rows=tuple(_row(row, milestones) for row in found),
        flow=Totals(
            assessed=flow.assessed,
            excluded=flow.excluded.total,
            entered=flow.randomised,
            completed=sum(arm.completed for arm in flow.arms),
            discontinued=sum(arm.discontinued.total for arm in flow.arms),
            screening=flow.screening,
        ),
    )


def _row(row: ParticipantRow, milestones: dict[Id, PartialDate | None]) -> LogRow:
    return LogRow(
        identifier=row.identifier,
        number=row.number,
        site=row.site_number,
        screened_on=row.screened_on,
        consented_on=row.consented_on or milestones.get(row.id),
        sex=row.sex,
        age=row.age,
        age_unit=row.age_unit,
        enrolled_on=row.reference_start if row.state in _ENROLLED else None,
        arm=row.arm,
        state=row.state,
        ended_on=row.ended_on,
        reason=row.ending if row.state in ("screen failure", "discontinued") else None,
    )


def compose(log: Log) -> list[Block]:
    """Return the totals with their comparison, then the log on pages that lie on their side."""
    states = [row.state for row in log.rows]
    enrolled = sum(state in _ENROLLED for state in states)
    not_enrolled, pending = states.count("screen failure"), states.count("screening")
    completed, discontinued = states.count("completed"), states.count("discontinued")
    figures = [
        (_("Screened"), len(states)),
        (_("Enrolled"), enrolled),
        (_("Not enrolled"), not_enrolled),
        (_("In screening"), pending),
        (_("Completed"), completed),
        (_("Discontinued"), discontinued),
        (_("In study"), enrolled - completed - discontinued),
        (_("Consent date not recorded"), sum(not row.consented_on for row in log.rows)),
    ]
    flow = log.flow
    return [
        Landscape(),
        Paragraph(
            _("{screened} screened, {enrolled} enrolled, {failed} not enrolled, {pending} in screening.").format(
                screened=len(states), enrolled=enrolled, failed=not_enrolled, pending=pending
            ),
            "lead",
        ),
        Heading(1, _("Everybody screened")),
        Paragraph(
            _("Study dates as recorded. Enrolled on is the reference day of the participant."),
            "small",
        ),
        _table(log),
        Heading(1, _("Totals")),
        Table(
            (Column(_("Participants"), 4, names_row=True), Column(_("Count"), 1, "right")),
            [(words, str(count)) for words, count in figures],
        ),
        Heading(1, _("Agreement with the participant flow")),
        *sums(
            [
                Sum(_("Screened = assessed for eligibility"), len(states), (flow.assessed,)),
                Sum(
                    _("Not enrolled or in screening = excluded + still in screening"),
                    not_enrolled + pending,
                    (flow.excluded, flow.screening),
                ),
                Sum(_("Enrolled = entered the study"), enrolled, (flow.entered,)),
                Sum(_("Completed"), completed, (flow.completed,)),
                Sum(_("Discontinued"), discontinued, (flow.discontinued,)),
            ]
        ),
    ]


def _table(log: Log) -> Table:
    columns = (
        Column(_("Participant"), names_row=True),
        Column(_("Site")),
        Column(_("Sex, age")),
        Column(_("Consent on")),
        Column(_("Screened on")),
        Column(_("Screening outcome")),
        Column(_("Enrolled on")),
        *([Column(_("Planned arm"))] if log.arms_shown else []),
        Column(_("Status")),
        Column(_("Ended on")),
        Column(_("Reason")),
    )
    return Table(columns, [_cells(row, log) for row in log.rows], empty=_("Nobody has been screened."))


def _cells(row: LogRow, log: Log) -> tuple[str, ...]:
    enrolled, ended = row.state in _ENROLLED, row.state in ("screen failure", "completed", "discontinued")
    reasoned = row.state in ("screen failure", "discontinued")
    return (
        row.number,
        row.site,
        _person(row),
        _day(row.consented_on),
        _day(row.screened_on),
        _(OUTCOMES[row.state]),
        _day(row.enrolled_on) if enrolled else _NOTHING,
        *([row.arm or _NOTHING] if log.arms_shown else []),
        _(STANDING[row.state]),
        _day(row.ended_on) if ended else _NOTHING,
        (reason_words(row.reason) if row.reason else _("not recorded")) if reasoned else _NOTHING,
    )


_NOTHING = "–"


def _day(partial: PartialDate | None) -> str:
    return written(partial[: len("2013-02-25")]) if partial else _("not recorded")


def _person(row: LogRow) -> str:
    sex = in_words(SEXES, row.sex) if row.sex else _("sex not recorded")
    if row.age is None:
        return _("{sex}, age not recorded").format(sex=sex)
    return _("{sex}, {age}").format(sex=sex, age=age_words(row.age, row.age_unit))


REPORT = Report(
    key="screening-log",
    title=N_("Screening and enrolment log"),
    audience="site",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("One row for everybody screened, without names: for the site file and for monitoring."),
)

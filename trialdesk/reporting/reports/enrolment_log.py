"""Enrolment log: everybody screened, from consent over eligibility to allocation and the end (ICH E6(R3), Appendix C).

It shows no arm and no name, whoever makes it: the log is read by everybody.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.progress import Progress, progress
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.reports.screening_log import STANDING
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Paragraph, Table
from trialdesk.reporting.terms import reason_words, version_words

_ENTERED = ("in study", "completed", "discontinued")
_ENDED = ("screen failure", "completed", "discontinued")


@dataclass(frozen=True, slots=True)
class Log:
    """The rows by site and number."""

    rows: tuple[Progress, ...]


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, what had happened by then. A bounded number of statements."""
    return Log(progress(read, study=study, on=on, site=site, as_of=as_of))


def compose(log: Log) -> list[Block]:
    """Return the totals, then the log on pages that lie on their side."""
    rows = log.rows
    figures = [
        (_("Screened"), len(rows)),
        (_("Consented"), sum(row.consented_on is not None for row in rows)),
        (_("Found eligible and signed"), sum(bool(row.eligible and row.eligibility_signed) for row in rows)),
        (_("Enrolled"), sum(row.state in _ENTERED for row in rows)),
        (_("Not enrolled"), sum(row.state == "screen failure" for row in rows)),
        (_("Completed"), sum(row.state == "completed" for row in rows)),
        (_("Discontinued"), sum(row.state == "discontinued" for row in rows)),
        (_("Code broken"), sum(row.code_broken for row in rows)),
    ]
    return [
        Landscape(),
        Paragraph(
            _("{screened} screened, {consented} consented, {enrolled} enrolled.").format(
                screened=figures[0][1], consented=figures[1][1], enrolled=figures[3][1]
            ),
            "lead",
        ),
        Heading(1, _("Everybody screened")),
        Paragraph(_("Study dates as recorded. Consent is the last one given; its version stands beside it."), "small"),
        _table(rows),
        Heading(1, _("Totals")),
        Table(
            (Column(_("Participants"), 4, names_row=True), Column(_("Count"), 1, "right")),
            [(words, str(count)) for words, count in figures],
        ),
    ]


def _table(rows: tuple[Progress, ...]) -> Table:
    stratified = any(row.stratum for row in rows)
    columns = (
        Column(_("Participant"), names_row=True),
        Column(_("Site")),
        Column(_("Screened on")),
        Column(_("Consent on")),
        Column(_("Version")),
        Column(_("Eligibility"), 1.6),
        *([Column(_("Stratum"))] if stratified else []),
        Column(_("Slot number")),
        Column(_("Allocated on")),
        Column(_("Status")),
        Column(_("Ended on")),
        Column(_("Reason"), 1.4),
    )
    return Table(columns, [_cells(row, stratified=stratified) for row in rows], empty=_("Nobody has been screened."))


def _cells(row: Progress, *, stratified: bool) -> tuple[str, ...]:
    entered, ended = row.state in _ENTERED, row.state in _ENDED
    reasoned = row.state in ("screen failure", "discontinued")
    standing = _(STANDING[row.state])
    return (
        row.number,
        row.site_number,
        day(row.screened_on),
        day(row.consented_on),
        version_words(row.consent_label, row.consent_language or "") if row.consent_label else NOTHING,
        _eligibility(row),
        *([row.stratum or NOTHING] if stratified else []),
        row.slot or NOTHING,
        day(row.allocated_on) if entered else NOTHING,
        _("{standing}, code broken").format(standing=standing) if row.code_broken else standing,
        day(row.ended_on) if ended else NOTHING,
        (reason_words(row.reason) if row.reason else _("not recorded")) if reasoned else NOTHING,
    )


def _eligibility(row: Progress) -> str:
    if row.eligible is None:
        return _("not recorded")
    if not row.eligible:
        said = _("Not eligible: {codes}, {day}").format(codes=row.failed_criteria, day=day(row.eligible_on))
    else:
        said = _("Eligible, {day}").format(day=day(row.eligible_on))
    return said if row.eligibility_signed else _("{said}, not signed").format(said=said)


REPORT = Report(
    key="enrolment-log",
    title=N_("Enrolment log"),
    audience="site",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Everybody screened with consent version, eligibility, slot number and how it ended; no names, no arms."),
)

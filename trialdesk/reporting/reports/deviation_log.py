"""Log of protocol deviations (ICH E6(R3) 2.5, 21 CFR 312.66, 812.150(a)(4)): found, assessed, put right, reported."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Paragraph, Table
from trialdesk.safety.logs import DeviationRow, deviations
from trialdesk.safety.retelling import retold
from trialdesk.safety.rules import CATEGORIES


@dataclass(frozen=True, slots=True)
class Log:
    """The rows by number."""

    rows: tuple[DeviationRow, ...]


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, what had occurred by then. A bounded number of statements."""
    return Log(deviations(read, study=study, on=on, site=site, as_of=as_of))


def compose(log: Log) -> list[Block]:
    """Return the totals by category, then the log on pages that lie on their side."""
    rows = log.rows
    return [
        Landscape(),
        Paragraph(
            _("{all} deviations, {important} of them important, {open} still to be assessed.").format(
                all=len(rows),
                important=sum(bool(row.important) for row in rows),
                open=sum(row.assessed_on is None for row in rows),
            ),
            "lead",
        ),
        Heading(1, _("Deviations")),
        Table(
            (
                Column(_("No."), names_row=True),
                Column(_("Participant or site")),
                Column(_("Occurred on") + "\n" + _("Found on")),
                Column(_("Category"), 1.2),
                Column(_("Description"), 3),
                Column(_("Important")),
                Column(_("Impact"), 1.4),
                Column(_("Corrective action"), 1.4),
                Column(_("Assessed on") + "\n" + _("Signed by")),
                Column(_("Reported on")),
            ),
            [_cells(row) for row in rows],
            empty=_("No deviation is recorded."),
        ),
        Heading(1, _("Deviations by category")),
        Table(
            (
                Column(_("Category"), 3, names_row=True),
                Column(_("Deviations"), 1, "right"),
                Column(_("Important"), 1, "right"),
            ),
            [
                (_(label), str(len(some)), str(sum(bool(row.important) for row in some)))
                for code, label in CATEGORIES
                if (some := [row for row in rows if row.category == code])
            ],
            empty=_("No deviation is recorded."),
        ),
    ]


def _cells(row: DeviationRow) -> tuple[str, ...]:
    assessed = row.assessed_on is not None
    what = retold(row.description)
    if row.proposed:
        what = _("{what} (proposed by the program)").format(what=what)
    return (
        row.number,
        row.identifier or row.site_number or _("whole study"),
        f"{day(row.occurred_on)}\n{day(row.found_on)}",
        _(dict(CATEGORIES)[row.category]),
        what,
        yes_no(row.important) if assessed else _("not assessed"),
        words(row.impact) if assessed and row.important else row.impact or NOTHING,
        row.corrective_action or NOTHING,
        day(row.assessed_on) + "\n" + (row.signed_by or _("not signed")) if assessed else NOTHING,
        day(row.reported_on) if row.reported_on else NOTHING,
    )


REPORT = Report(
    key="deviation-log",
    title=N_("Log of protocol deviations"),
    audience="site",
    section="deviations",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Deviations with their assessment, corrective action and report."),
)

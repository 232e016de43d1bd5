"""Log of protocol deviations (ICH E6(R3) 2.5, 21 CFR 312.66, 812.150(a)(4)): found, assessed, put right, reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import (
    Block,
    Column,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.safety.logs import DeviationRow, deviations
from trialdesk.safety.retelling import retold
from trialdesk.safety.rules import CATEGORIES
from trialdesk.studies.queries import ProtocolVersionRow, protocol_versions

UNKEPT = N_(
    "Who found it, the section of the protocol, whether it averted an immediate hazard, its root cause, and when the "
    "corrective action is due and was closed: the record has no place for them. The day of a report is kept once, "
    "whoever it went to."
)


@dataclass(frozen=True, slots=True)
class Log:
    """The rows by number; `versions` are those of the protocol in effect when each occurred, None where none was."""

    rows: tuple[DeviationRow, ...]
    versions: tuple[str | None, ...] = ()


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, what had occurred by then. A bounded number of statements."""
    rows = deviations(read, study=study, on=on, site=site, as_of=as_of)
    begun = [row for row in protocol_versions(read, study=study) if row.effective_on]
    return Log(rows, tuple(_in_force(begun, row.occurred_on) for row in rows))


def _in_force(begun: Sequence[ProtocolVersionRow], on: date) -> str | None:
    """Return the label of the version that took effect last by a day."""
    then = [(row.effective_on, row.dated_on, row.label) for row in begun if row.effective_on and row.effective_on <= on]
    return max(then)[2] if then else None


def compose(log: Log) -> list[Block]:
    """Return the totals by category, then the log on pages that lie on their side."""
    rows = log.rows
    unreported = [row.number for row in rows if row.important and row.reported_on is None]
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
        *([Note(_(", ").join(unreported), _("Important and not reported"))] if unreported else []),
        Heading(1, _("Deviations")),
        Table(
            (
                Column(_("No."), names_row=True),
                Column(_("Participant or site")),
                Column(_("Occurred on") + "\n" + _("Found on")),
                Column(_("Category") + "\n" + _("Protocol"), 1.2),
                Column(_("Description"), 3),
                Column(_("Important")),
                Column(_("Impact"), 1.4),
                Column(_("Corrective action"), 1.4),
                Column(_("Assessed on") + "\n" + _("Signed by")),
                Column(_("Reported on")),
            ),
            [_cells(row, version) for row, version in zip(rows, log.versions or [None] * len(rows), strict=True)],
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
        *([Note(_(UNKEPT), _("Not recorded"))] if rows else []),
        Signatures([Signature(_("I have reviewed these deviations"), _("Principal investigator"))]),
    ]


def _cells(row: DeviationRow, version: str | None) -> tuple[str, ...]:
    assessed = row.assessed_on is not None
    what = retold(row.description)
    if row.proposed:
        what = _("{what} (proposed by the program)").format(what=what)
    return (
        row.number,
        row.identifier or row.site_number or _("whole study"),
        f"{day(row.occurred_on)}\n{day(row.found_on)}",
        _(dict(CATEGORIES)[row.category]) + "\n" + (version or _("no version in effect")),
        what,
        yes_no(row.important) if assessed else _("not assessed"),
        words(row.impact) if assessed and row.important else row.impact or NOTHING,
        row.corrective_action or NOTHING,
        day(row.assessed_on) + "\n" + (row.signed_by or _("not signed")) if assessed else NOTHING,
        day(row.reported_on) if row.reported_on else _("not reported") if row.important else NOTHING,
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

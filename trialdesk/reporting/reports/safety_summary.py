"""Adverse events in numbers, by actual arm."""

from __future__ import annotations

from collections.abc import Mapping

from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.rules import SafetyCounts
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import Block, Column, Note, Paragraph, Table
from trialdesk.reporting.terms import SEVERITIES, arm_words
from trialdesk.safety.queries import safety_summary


def compose(by_arm: Mapping[str, SafetyCounts]) -> list[Block]:
    """Return one table: a row an arm, with the severities of the events."""
    counts = list(by_arm.values())
    totals = SafetyCounts(
        events=sum(each.events for each in counts),
        participants=sum(each.participants for each in counts),
        serious=sum(each.serious for each in counts),
        fatal=sum(each.fatal for each in counts),
        by_severity={name: sum(each.by_severity.get(name, 0) for each in counts) for name in SEVERITIES},
    )
    rows = [_row(arm_words(arm), each) for arm, each in by_arm.items()]
    columns = (
        Column(_("Actual arm"), 2, names_row=True),
        Column(_("Participants with an event"), 1.4, "right"),
        Column(_("Events"), 1, "right"),
        Column(_("Serious"), 1, "right"),
        Column(_("Fatal"), 1, "right"),
        *(Column(_(words), 1.1, "right") for words in SEVERITIES.values()),
        Column(_("Severity not recorded"), 1.2, "right"),
    )
    short = _("{participants} participants had {events} adverse events; {serious} were serious, {fatal} fatal.").format(
        participants=totals.participants, events=totals.events, serious=totals.serious, fatal=totals.fatal
    )
    blocks: list[Block] = [
        Paragraph(short, "lead"),
        Table(
            columns,
            [*rows, _row(_("Total"), totals)] if len(rows) > 1 else rows,
            _("Adverse events by actual arm"),
            totals=1 if len(rows) > 1 else 0,
            empty=_("No adverse event is recorded."),
        ),
        Paragraph(
            _("A participant with several events counts once. An event counts as serious or fatal as it was recorded."),
            "small",
        ),
    ]
    if totals.fatal > totals.serious:
        blocks.append(
            Note(
                _("More events are recorded as fatal than as serious. A fatal event is serious (ICH E2A)."),
                _("The records contradict themselves"),
            )
        )
    return blocks


def _row(arm: str, counts: SafetyCounts) -> tuple[str, ...]:
    by_severity = [counts.by_severity.get(name, 0) for name in SEVERITIES]
    figures = (counts.participants, counts.events, counts.serious, counts.fatal, *by_severity)
    return (arm, *map(str, figures), str(counts.events - sum(by_severity)))


REPORT = Report(
    key="safety-summary",
    title=N_("Summary of adverse events"),
    audience="sponsor",
    section="safety",
    parameters=(SITE, AS_OF),
    gather=safety_summary,
    compose=compose,
    about=N_("Adverse events by arm: events, participants, serious, fatal, by severity."),
)

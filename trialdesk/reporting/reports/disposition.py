"""How participation ended, by planned arm and coded reason."""

from __future__ import annotations

from collections.abc import Mapping

from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.queries import dispositions
from trialdesk.enrollment.rules import COMPLETED
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import Block, Column, Landscape, Paragraph, Table
from trialdesk.reporting.terms import arm_words, reason_words

_STANDING_ARMS = 5


def compose(by_arm: Mapping[str, Mapping[str, int]]) -> list[Block]:
    """Return one table: a row a reason, a column an arm."""
    overall: dict[str, int] = {}
    for reasons in by_arm.values():
        for reason, count in reasons.items():
            overall[reason] = overall.get(reason, 0) + count
    order = sorted(overall, key=lambda reason: (reason != COMPLETED, -overall[reason], reason))
    rows = [
        (reason_words(reason), *(str(reasons.get(reason, 0)) for reasons in by_arm.values()), str(overall[reason]))
        for reason in order
    ]
    total = (_("Total"), *(str(sum(reasons.values())) for reasons in by_arm.values()), str(sum(overall.values())))
    columns = (
        Column(_("How participation ended"), 2, names_row=True),
        *(Column(arm_words(arm), 1, "right") for arm in by_arm),
        Column(_("Total"), 0.8, "right"),
    )
    table = Table(
        columns,
        [*rows, total] if rows else [],
        _("Participants by planned arm"),
        totals=1,
        empty=_("No participation has ended."),
    )
    short = _("Participation ended for {ended}; {completed} completed.").format(
        ended=sum(overall.values()), completed=overall.get(COMPLETED, 0)
    )
    note = _(
        "Counted is the last disposition event of each participant. Who was never allocated stands in a column apart."
    )
    wide = len(by_arm) > _STANDING_ARMS
    return [
        *([Landscape()] if wide else []),
        Paragraph(short, "lead"),
        table,
        Paragraph(note, "small"),
    ]


REPORT = Report(
    key="disposition",
    title=N_("Participant disposition"),
    audience="sponsor",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=dispositions,
    compose=compose,
    about=N_("How participation ended in each arm, by reason."),
)

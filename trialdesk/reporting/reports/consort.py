"""Participant flow (CONSORT 2025, item 22a): the drawn diagram, the same figures as tables, and whether sums close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.queries import consort
from trialdesk.enrollment.rules import Flow
from trialdesk.reporting.diagrams import (
    FlowLabels,
    analysed,
    entry_words,
    flow_drawing,
    flow_labels,
    ongoing,
    without_lost,
)
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Figure,
    Heading,
    Landscape,
    NewPage,
    Paragraph,
    Portrait,
    Table,
)

_STANDING_ARMS = 4
_FIRST_PAGE = 480.0
"""The height of a drawing, in points, for which the first page has room below its opening."""


def compose(flow: Flow) -> list[Block]:
    """Return the document: sentence, diagram, tables, sums."""
    labels = flow_labels()
    drawing = flow_drawing(flow, labels)
    figure = Figure(drawing, _("Participant flow (CONSORT 2025)"))
    tables: list[Block] = [
        Heading(1, _("The same figures as tables")),
        _entry(flow, labels),
        *([_course(flow, labels)] if flow.arms else []),
    ]
    checks = [Heading(1, _("Do the sums close?")), *sums(_sums(flow, labels))]
    lead = Paragraph(_in_short(flow), "lead")
    if len(flow.arms) > _STANDING_ARMS:
        return [lead, *checks, Landscape(), figure, NewPage(), *tables, Portrait()]
    if drawing.height > _FIRST_PAGE:
        # It would begin a page of its own and leave the first one empty.
        return [lead, *checks, NewPage(), figure, NewPage(), *tables]
    return [lead, figure, NewPage(), *tables, *checks]


def _in_short(flow: Flow) -> str:
    return _(
        "{assessed} assessed for eligibility, {excluded} excluded, {screening} still in screening, {entered} entered "
        "the study; of these {completed} completed, {discontinued} discontinued and {ongoing} are still in the study."
    ).format(
        screening=flow.screening,
        assessed=flow.assessed,
        excluded=flow.excluded.total,
        entered=flow.randomised,
        completed=sum(arm.completed for arm in flow.arms),
        discontinued=sum(arm.discontinued.total for arm in flow.arms),
        ongoing=sum(ongoing(arm) for arm in flow.arms),
    )


def _entry(flow: Flow, labels: FlowLabels) -> Table:
    rows = [
        (labels.assessed, str(flow.assessed)),
        (labels.excluded, str(flow.excluded.total)),
        *_reasons(flow.excluded.reasons, flow.excluded.total, labels),
        *((_under(_under(_("criterion {code}").format(code=code))), str(n)) for code, n in flow.criteria.items()),
        *([(labels.screening, str(flow.screening))] if flow.screening else []),
        (entry_words(flow, labels), str(flow.randomised)),
    ]
    return Table((Column(labels.enrolment, 4, names_row=True), Column(_("Participants"), 1, "right")), rows)


def _reasons(reasons: Mapping[str, int], total: int, labels: FlowLabels) -> Iterator[tuple[str, str]]:
    for reason, count in reasons.items():
        yield _under(labels.reason(reason)), str(count)
    if unsaid := total - sum(reasons.values()):
        yield _under(labels.reason_missing), str(unsaid)


def _course(flow: Flow, labels: FlowLabels) -> Table:
    """Return one column an arm and one for all; reasons by their frequency over all arms."""
    arms = flow.arms

    def row(words: str, counts: list[int]) -> tuple[str, ...]:
        return (words, *map(str, counts), *([str(sum(counts))] if len(arms) > 1 else []))

    reasons: dict[str, list[int]] = {}
    for index, arm in enumerate(arms):
        for reason, count in without_lost(arm).items():
            reasons.setdefault(reason, [0] * len(arms))[index] = count
    codes = list(dict.fromkeys(code for arm in arms for code in analysed(arm)))
    rows = [
        row(labels.allocated, [arm.allocated for arm in arms]),
        row(_under(labels.received), [arm.received for arm in arms]),
        row(_under(labels.not_received), [arm.allocated - arm.received for arm in arms]),
        row(labels.completed, [arm.completed for arm in arms]),
        row(labels.discontinued, [arm.discontinued.total for arm in arms]),
        row(_under(labels.lost), [arm.lost_to_follow_up for arm in arms]),
        *(
            row(_under(labels.reason(reason)), counts)
            for reason, counts in sorted(reasons.items(), key=lambda each: (-sum(each[1]), each[0]))
        ),
        row(labels.ongoing, [ongoing(arm) for arm in arms]),
        *(
            row(
                _("Analysed: {population}").format(population=labels.population(code)),
                [arm.analysed.get(code, 0) for arm in arms],
            )
            for code in codes
        ),
    ]
    columns = (
        Column(_("Allocation, follow-up, analysis"), 2.2, names_row=True),
        *(Column(labels.arm(arm.arm), 1, "right") for arm in arms),
        *([Column(_("Total"), 0.8, "right")] if len(arms) > 1 else []),
    )
    return Table(columns, rows)


def _under(words: str) -> str:
    return f"– {words}"


def _sums(flow: Flow, labels: FlowLabels) -> Iterator[Sum]:
    yield Sum(
        _("Assessed = excluded + still in screening + entered"),
        flow.assessed,
        (flow.excluded.total, flow.screening, flow.randomised),
    )
    yield Sum(_("Entered = sum of the arms"), flow.randomised, tuple(arm.allocated for arm in flow.arms))
    for arm in flow.arms:
        yield Sum(
            _("{arm}: allocated = completed + discontinued + still in the study").format(arm=labels.arm(arm.arm)),
            arm.allocated,
            (arm.completed, arm.discontinued.total, max(ongoing(arm), 0)),
        )


REPORT = Report(
    key="consort",
    title=N_("Participant flow (CONSORT)"),
    audience="sponsor",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=consort,
    compose=compose,
    about=N_(
        "Who was screened, allocated, treated and followed up, and why anybody left: the diagram every "
        "trial report begins with."
    ),
)

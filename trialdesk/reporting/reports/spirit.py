"""Schedule of enrolment, interventions and assessments as SPIRIT 2025 asks for it (item 18): figure and table.

The facts are those of the synopsis. Points of time are the visits of the schedule: before day 1 they are of enrolment,
day 1 is the allocation, the last one with a day the close-out; visits that have no day stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.reporting.grids import Band, Point, Row, points_words, schedule_drawing
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING
from trialdesk.reporting.reports.protocol_facts import ProtocolTold, gather
from trialdesk.reporting.reports.spirit_items import RECORDED, checklist
from trialdesk.reporting.reports.synopsis import Synopsis, VisitTold, when
from trialdesk.reporting.structure import (
    Block,
    Column,
    Figure,
    Heading,
    Landscape,
    Level,
    Note,
    Paragraph,
    Portrait,
    Table,
)
from trialdesk.studies.rules import DAY1

ENROLMENT, ALLOCATION, AFTER, CLOSE_OUT = N_("Enrolment"), N_("Allocation"), N_("After allocation"), N_("Close-out")
UNDATED = N_("Undated")
_CONSENT, _TREATMENT = "consent", "treatment"
_ACROSS, _DOWN = 14, 22
"""So many points of time stand beside each other and so many rows below each other; more make another figure."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit with its stage and its place from the allocation: negative before it. `column` is its place in marks."""

    column: int
    visit: VisitTold
    stage: str
    place: int

    @property
    def label(self) -> str:
        """The label of the point, such as −t1, 0, t3, tx."""
        if self.stage == CLOSE_OUT:
            return "tx"
        if self.stage == UNDATED:
            return f"u{self.place}"
        return "0" if self.place == 0 else f"t{self.place}" if self.place > 0 else f"−t{-self.place}"


def placed(visits: tuple[VisitTold, ...]) -> tuple[Placed, ...]:
    """Return the visits with stage and place, in their order: no enrolment after the allocation, the undated last."""
    dated = [(column, visit) for column, visit in enumerate(visits) if visit.day is not None]
    before = next((place for place, (_column, visit) in enumerate(dated) if not _early(visit)), len(dated))
    allocated = before < len(dated) and _is_allocation(dated[before][1])
    found = []
    for index, (column, visit) in enumerate(dated):
        if index < before:
            stage, place = ENROLMENT, index - before
        elif index == before and allocated:
            stage, place = ALLOCATION, 0
        else:
            stage = CLOSE_OUT if index == len(dated) - 1 else AFTER
            place = index - before + (not allocated)
        found.append(Placed(column, visit, stage, place))
    rest = [(column, visit) for column, visit in enumerate(visits) if visit.day is None]
    return (*found, *(Placed(column, visit, UNDATED, place) for place, (column, visit) in enumerate(rest, 1)))


def _early(visit: VisitTold) -> bool:
    if visit.anchor == "consent":
        return True
    return visit.anchor == DAY1 and (visit.day or 0) < 1


def _is_allocation(visit: VisitTold) -> bool:
    return (visit.anchor, visit.day) in {(DAY1, 1), ("allocation", 0)}


def compose(told: ProtocolTold) -> list[Block]:
    """Return the figure, what its points are, the activities with their notes, and the items of SPIRIT."""
    return [*schedule_blocks(told.design), *_items(told)]


def schedule_blocks(told: Synopsis, level: Level = 1) -> list[Block]:
    """Return the figure on pages that lie on their side, then what its points and its activities are."""
    if not told.visits:
        return [Paragraph(_("No visit is planned yet."), "lead")]
    points = placed(told.visits)
    return [
        Landscape(),
        Paragraph(
            _("{visits} points of time, {activities} activities, {arms} arms.").format(
                visits=len(points), activities=len(told.activities), arms=len(told.arms)
            ),
            "lead",
        ),
        *_figures(told, points),
        Portrait(),
        Heading(level, _("Points of time")),
        _key(points),
        Heading(level, _("Activities")),
        *_activities(told, points),
    ]


def _points(points: tuple[Placed, ...]) -> list[Point]:
    return [Point(_(each.stage), each.label, _short(each.visit)) for each in points]


def _short(visit: VisitTold) -> str:
    if visit.day is None:
        return NOTHING
    return str(visit.day).replace("-", "−") if visit.anchor == DAY1 else f"+{visit.day}"


def _bands(told: Synopsis, points: tuple[Placed, ...]) -> list[Band]:
    entry = [Row(each.name, _at(each.marks, points)) for each in told.activities if each.category == _CONSENT]
    entry.append(Row(_("Allocation"), tuple(each.stage == ALLOCATION for each in points)))
    given = [_at(each.marks, points) for each in told.activities if each.category == _TREATMENT]
    treated = tuple(any(marks) for marks in zip(*given, strict=True)) if given else (False,) * len(points)
    rest = [
        Row(each.name, _at(each.marks, points))
        for each in told.activities
        if each.category not in (_CONSENT, _TREATMENT)
    ]
    return [
        Band(_("Enrolment"), tuple(entry)),
        Band(_("Interventions"), tuple(Row(arm.name, treated, bar=True) for arm in told.arms)),
        Band(_("Assessments"), tuple(rest)),
    ]


def _at(marks: tuple[str | None, ...], points: tuple[Placed, ...]) -> tuple[bool, ...]:
    return tuple(marks[each.column] is not None for each in points)


def _figures(told: Synopsis, points: tuple[Placed, ...]) -> Iterator[Block]:
    labels, bands = _points(points), _bands(told, points)
    # The key stands in the caption: below a figure that fills its page it would begin a page of its own.
    caption = _("Points {first} to {last}. A cross is an activity; a bar runs from the first to the last treatment.")
    for left in range(0, len(points), _ACROSS):
        shown = slice(left, left + _ACROSS)
        for part in _parts(bands):
            narrow = [
                Band(band.name, tuple(Row(row.name, row.at[shown], row.bar) for row in band.rows)) for band in part
            ]
            here = labels[shown]
            yield Figure(schedule_drawing(here, narrow), caption.format(first=here[0].label, last=here[-1].label))
    if not any(each.category == _TREATMENT for each in told.activities):
        yield Note(
            _("No activity of the schedule is of the category treatment: when an arm is treated is not drawn."),
            _("Not recorded"),
        )


def _parts(bands: list[Band]) -> Iterator[list[Band]]:
    """Give the bands in portions of so many rows, each row under the heading of its band."""
    part: list[Band] = []
    room = _DOWN
    for band in bands:
        rows = list(band.rows)
        while True:
            if room <= 1:
                yield part
                part, room = [], _DOWN
            taken, rows = rows[: room - 1], rows[room - 1 :]
            part.append(Band(band.name, tuple(taken)))
            room -= len(taken) + 1
            if not rows:
                break
    if part:
        yield part


def _key(points: tuple[Placed, ...]) -> Table:
    return Table(
        (
            Column(_("Point"), 0.7, names_row=True),
            Column(_("Stage"), 1.2),
            Column(_("Visit"), 2),
            Column(_("Planned for"), 2),
        ),
        [(each.label, _(each.stage), each.visit.name, when(each.visit)) for each in points],
    )


def _activities(told: Synopsis, points: tuple[Placed, ...]) -> Iterator[Block]:
    labels = _points(points)
    rows = [
        (
            each.name,
            points_words(labels, Row(each.name, _at(each.marks, points))),
            "\n".join(dict.fromkeys(note for note in each.marks if note)) or NOTHING,
        )
        for each in told.activities
    ]
    yield Table(
        (Column(_("Activity"), 2, names_row=True), Column(_("Points of time"), 2), Column(_("Note"), 2)),
        rows,
        empty=_("No activity is planned yet."),
    )


def _items(told: ProtocolTold) -> Iterator[Block]:
    items = checklist(told)
    yield Heading(1, _("Items of SPIRIT 2025"))
    yield Table(
        (Column(_("Item"), 0.5, names_row=True), Column(_("Subject"), 2), Column(_("What is recorded"), 3)),
        [(number, subject, said or _unsaid(number)) for number, subject, said in items],
    )
    # The table says of each what is missing: here the numbers are enough.
    missing = ", ".join(number for number, _subject, said in items if not said)
    yield Heading(1, _("Open items"))
    yield Paragraph(
        _("Not recorded: items {numbers}.").format(numbers=missing)
        if missing
        else _("Everything asked for is recorded.")
    )


def _unsaid(number: str) -> str:
    """Return why an item is not told: there is a place for it and nothing in it, or it stands in the protocol alone."""
    why = RECORDED.get(number)
    return _("not recorded: {why}").format(why=_(why) if why else _("it stands in the protocol"))


REPORT = Report(
    key="spirit",
    title=N_("SPIRIT 2025 schedule and items"),
    audience="ethics",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("The schedule as the SPIRIT figure and table, and what is recorded for each item of SPIRIT 2025."),
    tells_day=True,
)

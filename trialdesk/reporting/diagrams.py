"""The participant flow as a drawing: plain values in, shapes out. The Overview page and the report paint the same one.

Shape of the diagram: CONSORT 2025 statement, participant flow (item 22a). Four bands at the left; one column an arm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from trialdesk.base.drawing import Box, Drawing, Line, Shape, Words, wrapped
from trialdesk.base.i18n import _, n_
from trialdesk.base.values import dataclass
from trialdesk.enrollment.rules import LOST_TO_FOLLOW_UP, ArmFlow, Flow
from trialdesk.reporting.terms import arm_words, population_order, population_words, reason_words

_WIDTH = 510.0
_BAND, _GAP = 60.0, 10.0
_NARROWEST, _WIDEST = 92.0, 210.0
_SIZE, _LEADING, _PAD = 8.5, 11.0, 6.0
_STEM, _ARROW = 12.0, 18.0
_MOST_REASONS, _MOST_LINES = 8, 3
_COUNT = re.compile(r" ?[(（][^()（）]*[)）]$")


@dataclass(frozen=True, slots=True)
class FlowLabels:
    """The words of the diagram in one language. `count` joins words and a number, `more` tells of what is left out."""

    enrolment: str
    allocation: str
    follow_up: str
    analysis: str
    assessed: str
    excluded: str
    randomised: str
    enrolled: str
    allocated: str
    received: str
    not_received: str
    completed: str
    discontinued: str
    lost: str
    ongoing: str
    no_populations: str
    reason_missing: str
    screening: str
    count: str
    reason: Callable[[str], str]
    population: Callable[[str], str]
    arm: Callable[[str], str]
    more: Callable[[int], str]

    def counted(self, words: str, count: int) -> str:
        """Return words with their number; the parenthesis does not break."""
        return self.count.format(words=words, count=count)


def flow_labels() -> FlowLabels:
    """Return the words in the language in force."""
    return FlowLabels(
        enrolment=_("Enrolment"),
        allocation=_("Allocation"),
        follow_up=_("Follow-up"),
        analysis=_("Analysis"),
        assessed=_("Assessed for eligibility"),
        excluded=_("Excluded"),
        randomised=_("Randomised"),
        enrolled=_("Enrolled"),
        allocated=_("Allocated"),
        received=_("Received the allocated intervention"),
        not_received=_("Did not receive it"),
        completed=_("Completed"),
        discontinued=_("Discontinued"),
        lost=_("Lost to follow-up"),
        ongoing=_("Still in the study"),
        no_populations=_("No analysis population is recorded."),
        reason_missing=_("No outcome recorded yet"),
        screening=_("Still in screening"),
        count=_("{words} (n = {count})").replace(" = ", "\u00a0=\u00a0"),
        reason=reason_words,
        population=population_words,
        arm=arm_words,
        more=lambda count: n_(
            "{count} more reason: see the table", "{count} more reasons: see the table", count
        ).format(count=count),
    )


def entry_words(flow: Flow, labels: FlowLabels) -> str:
    """Return what entering the study is called: with one arm or none nobody is randomised (single-arm variant)."""
    return (
        labels.randomised
        if len(flow.arms) > 1 or any(labels.arm(each.arm) != each.arm for each in flow.arms)
        else labels.enrolled
    )


def ongoing(arm: ArmFlow) -> int:
    """Return how many of an arm have neither completed nor discontinued."""
    return arm.allocated - arm.completed - arm.discontinued.total


def analysed(arm: ArmFlow) -> dict[str, int]:
    """Return an arm's analysis populations, the widest first."""
    return {code: arm.analysed[code] for code in sorted(arm.analysed, key=population_order)}


def without_lost(arm: ArmFlow) -> dict[str, int]:
    """Return an arm's reasons for discontinuing but being lost to follow-up, which has a line of its own."""
    return {reason: count for reason, count in arm.discontinued.reasons.items() if reason != LOST_TO_FOLLOW_UP}


def flow_drawing(flow: Flow, labels: FlowLabels) -> Drawing:
    """Return the flow diagram, about 510 points wide and wider for more than four arms.

    Long reasons are cut and many reasons summed up: a table beside it has them whole. It uses no font: widths are
    estimates on the wide side.
    """
    columns = max(1, len(flow.arms))
    width = max(_WIDTH, _BAND + _GAP + columns * _NARROWEST + (columns - 1) * _GAP)
    diagram = _Diagram(left=_BAND + _GAP, width=width)
    diagram.entry(flow, labels)
    if flow.arms:
        diagram.row(labels.allocation, [_allocation(arm, labels) for arm in flow.arms])
        diagram.row(labels.follow_up, [_follow_up(arm, labels) for arm in flow.arms])
        diagram.row(labels.analysis, [_analysis(arm, labels) for arm in flow.arms])
    return Drawing(width, diagram.y, tuple(diagram.shapes), says=flow_says(flow, labels))


def flow_says(flow: Flow, labels: FlowLabels) -> str:
    """Return the diagram as text: every number it shows, and the reasons it has no room for."""
    parts = [
        labels.counted(labels.assessed, flow.assessed),
        labels.counted(labels.excluded, flow.excluded.total) + _reasons_said(flow.excluded.reasons, labels),
        *([labels.counted(labels.screening, flow.screening)] if flow.screening else []),
        labels.counted(entry_words(flow, labels), flow.randomised),
    ]
    for arm in flow.arms:
        sets = "; ".join(labels.counted(labels.population(code), count) for code, count in analysed(arm).items())
        parts.append(
            f"{labels.arm(arm.arm)}: "
            + "; ".join(
                part
                for part in (
                    labels.counted(labels.allocated, arm.allocated),
                    labels.counted(labels.received, arm.received),
                    labels.counted(labels.completed, arm.completed),
                    labels.counted(labels.discontinued, arm.discontinued.total)
                    + _reasons_said(arm.discontinued.reasons, labels),
                    labels.counted(labels.ongoing, ongoing(arm)) if ongoing(arm) else "",
                    f"{labels.analysis}: {sets}" if sets else "",
                )
                if part
            )
        )
    return ". ".join(parts).replace("\u00a0", " ") + "."


def _reasons_said(reasons: Mapping[str, int], labels: FlowLabels) -> str:
    said = ", ".join(labels.counted(labels.reason(reason), count) for reason, count in reasons.items())
    return f": {said}" if said else ""


@dataclass(frozen=True, slots=True)
class _Item:
    """A paragraph of a box; `bullet` hangs it under the one before, `cut` shortens it to a few lines."""

    text: str
    bold: bool = False
    bullet: bool = False
    cut: bool = False


def _reasons(reasons: Mapping[str, int], total: int, labels: FlowLabels) -> Iterator[_Item]:
    shown = list(reasons.items())[: _MOST_REASONS if len(reasons) <= _MOST_REASONS else _MOST_REASONS - 1]
    for reason, count in shown:
        yield _Item(labels.counted(labels.reason(reason), count), bullet=True, cut=True)
    if len(reasons) > len(shown):
        yield _Item(labels.more(len(reasons) - len(shown)), bullet=True)
    if unsaid := total - sum(reasons.values()):
        yield _Item(labels.counted(labels.reason_missing, unsaid), bullet=True)


def _allocation(arm: ArmFlow, labels: FlowLabels) -> list[_Item]:
    return [
        _Item(labels.arm(arm.arm), bold=True, cut=True),
        _Item(labels.counted(labels.allocated, arm.allocated)),
        _Item(labels.counted(labels.received, arm.received), bullet=True),
        _Item(labels.counted(labels.not_received, arm.allocated - arm.received), bullet=True),
    ]


def _follow_up(arm: ArmFlow, labels: FlowLabels) -> list[_Item]:
    others = without_lost(arm)
    items = [
        _Item(labels.counted(labels.completed, arm.completed)),
        _Item(labels.counted(labels.discontinued, arm.discontinued.total)),
        _Item(labels.counted(labels.lost, arm.lost_to_follow_up), bullet=True),
        *_reasons(others, arm.discontinued.total - arm.lost_to_follow_up, labels),
    ]
    return [*items, _Item(labels.counted(labels.ongoing, ongoing(arm)))] if ongoing(arm) else items


def _analysis(arm: ArmFlow, labels: FlowLabels) -> list[_Item]:
    found = [_Item(labels.counted(labels.population(code), count)) for code, count in analysed(arm).items()]
    return found or [_Item(labels.no_populations)]


@dataclass(slots=True)
class _Diagram:
    """Shapes so far; `y` is where the last of them ends and `above` where its arrows begin (x of each)."""

    left: float
    width: float
    y: float = 0.0
    shapes: list[Shape] = field(default_factory=list)
    above: tuple[float, ...] = ()

    @property
    def middle(self) -> float:
        return (self.left + self.width) / 2

    def entry(self, flow: Flow, labels: FlowLabels) -> None:
        """Draw who was assessed, who was excluded (to the right of the stem) and who went on."""
        half = (self.width - self.left) / 2
        top = self.y
        broad = min(190.0, half)
        self.y = self._box(
            [_Item(labels.counted(labels.assessed, flow.assessed), bold=True)], self.middle - broad / 2, top, broad
        )
        lines = [
            _Item(labels.counted(labels.excluded, flow.excluded.total), bold=True),
            *_reasons(flow.excluded.reasons, flow.excluded.total, labels),
            *([_Item(labels.counted(labels.screening, flow.screening), bold=True)] if flow.screening else []),
        ]
        aside = self.middle + 28
        branch = self.y + _STEM
        bottom = self._box(lines, aside, branch, self.width - aside)
        arm = (branch + bottom) / 2
        self.shapes.append(Line(self.middle, arm, aside, arm, "muted", arrow=True))
        self.shapes.append(Line(self.middle, self.y, self.middle, bottom + _STEM, "muted", arrow=True))
        entered = _Item(labels.counted(entry_words(flow, labels), flow.randomised), bold=True)
        self.y = self._box([entered], self.middle - broad / 2, bottom + _STEM, broad)
        self._band(labels.enrolment, top)
        self.above = (self.middle,)

    def row(self, band: str, columns: Sequence[list[_Item]]) -> None:
        """Draw a band with one box an arm, all of one height, with arrows from what is above."""
        room = (self.width - self.left - _GAP * (len(columns) - 1)) / len(columns)
        broad = min(room, _WIDEST)
        start = self.middle - (len(columns) * broad + (len(columns) - 1) * _GAP) / 2
        lefts = [start + index * (broad + _GAP) for index in range(len(columns))]
        centres = tuple(left + broad / 2 for left in lefts)
        top = self._arrows(centres)
        height = max(_height(items, broad) for items in columns)
        for left, items in zip(lefts, columns, strict=True):
            self._box(items, left, top, broad, height)
        self.y = top + height
        self._band(band, top)
        self.above = centres

    def _arrows(self, centres: tuple[float, ...]) -> float:
        """Draw arrows down to boxes around `centres`; return the top of the boxes."""
        if self.above == centres or len(centres) == 1:
            for x in centres:
                self.shapes.append(Line(x, self.y, x, self.y + _ARROW, "muted", arrow=True))
            return self.y + _ARROW
        bus = self.y + _STEM
        self.shapes.append(Line(self.middle, self.y, self.middle, bus, "muted"))
        self.shapes.extend(Line(left, bus, right, bus, "muted") for left, right in pairwise((centres[0], centres[-1])))
        self.shapes.extend(Line(x, bus, x, bus + _ARROW, "muted", arrow=True) for x in centres)
        return bus + _ARROW

    def _band(self, words: str, top: float) -> None:
        self.shapes.append(Box(0, top, _BAND, self.y - top, fill="accent-soft", outline=None, radius=3))
        lines = wrapped(words, _SIZE, _BAND - 4)
        y = (top + self.y) / 2 - len(lines) * _LEADING / 2 + _SIZE
        for line in lines:
            self.shapes.append(Words(_BAND / 2, y, line, _SIZE, "accent", bold=True, align="centre"))
            y += _LEADING

    def _box(self, items: list[_Item], left: float, top: float, width: float, height: float = 0.0) -> float:
        """Draw a box and its words; return its bottom. A single line stands in the middle."""
        height = height or _height(items, width)
        self.shapes.append(Box(left, top, width, height, fill=None, outline="ink", radius=2))
        y = top + _PAD + _SIZE
        laid = [(item, _lines(item, width)) for item in items]
        alone = len(laid) == 1 and len(laid[0][1]) == 1
        for item, lines in laid:
            indent = _PAD + (_SIZE if item.bullet else 0.0)
            if item.bullet:
                self.shapes.append(Words(left + _PAD, y, "•", _SIZE))
            for line in lines:
                if alone:
                    self.shapes.append(Words(left + width / 2, y, line, _SIZE, bold=item.bold, align="centre"))
                else:
                    self.shapes.append(Words(left + indent, y, line, _SIZE, bold=item.bold))
                y += _LEADING
        return top + height


def _lines(item: _Item, width: float) -> list[str]:
    room = width - 2 * _PAD - (_SIZE if item.bullet else 0.0)
    size = _SIZE * (1.05 if item.bold else 1.0)
    lines = wrapped(" ".join(item.text.split("\n")), size, room)
    if len(lines) <= _MOST_LINES or not item.cut:
        return lines
    # The count stands at the end and must stay.
    counted = _COUNT.search(item.text)
    words, count = (item.text[: counted.start()], counted[0]) if counted else (item.text, "")
    words = words[: sum(map(len, lines[:_MOST_LINES])) + _MOST_LINES]
    while len(lines) > _MOST_LINES and words:
        words = words.rpartition(" ")[0] or words[: -max(1, len(words) // 20)]
        lines = wrapped(f"{words.rstrip()}…{count}", size, room)
    return lines


def _height(items: list[_Item], width: float) -> float:
    return 2 * _PAD + sum(len(_lines(item, width)) for item in items) * _LEADING

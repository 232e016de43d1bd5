"""Pictures of a study: its three rails, and how recruitment goes. Values in, a drawing out; no database, no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from trialdesk.base.drawing import Curve as Stroke
from trialdesk.base.drawing import Dot, Drawing, Line, Shape, Words, text_width, wrapped
from trialdesk.base.i18n import _, babel_locale
from trialdesk.overview.rules.rails import RAILS, STATES, WORDS, Rail, Step, StepState
from trialdesk.overview.rules.recruitment import Curve, Month

_NAME = 76.0
_SMALL = 8.0
_TINY = 7.0
_Shaped = Literal["circle", "square", "diamond", "ring", "cross"]
_MARKS: Mapping[StepState, tuple[_Shaped, str]] = {
    "done": ("circle", "good"),
    "now": ("diamond", "accent"),
    "late": ("cross", "bad"),
    "next": ("ring", "muted"),
    "missing": ("square", "warning"),
}


def rails_drawing(rails: Sequence[Rail], holders: Mapping[str, str], *, width: float = 640.0) -> Drawing:
    """Return the rails one below the other: a mark and the name of each stage, below it how it stands and who has it.

    `holders` are the names of who holds a role. Every stage is a target named by `step_words`.
    """
    shapes: list[Shape] = []
    targets = []
    says = []
    top = 4.0
    for rail in rails:
        room = (width - _NAME) / max(len(rail.steps), 1)
        heads = [wrapped(_(WORDS[step.code]), _SMALL, room - 6) for step in rail.steps]
        feet = [wrapped(_below(step, holders), _TINY, room - 6) for step in rail.steps]
        above = max((len(lines) for lines in heads), default=1)
        height = 16 + above * 10 + max((len(lines) for lines in feet), default=1) * 9
        middle = top + 6
        shapes.append(Words(0, middle + 3, _(RAILS[rail.code]), 9, bold=True))
        centres = [_NAME + 5 + room * number for number in range(len(rail.steps))]
        if centres:
            shapes.append(Line(centres[0], middle, centres[-1], middle))
        for step, centre, head, foot in zip(rail.steps, centres, heads, feet, strict=True):
            shapes.append(_mark(step.state, centre, middle))
            left = centre - 5
            shapes += [Words(left, middle + 16 + 10 * n, line, _SMALL) for n, line in enumerate(head)]
            shapes += [
                Words(left, middle + 16 + 10 * above + 9 * n, line, _TINY, _foot_colour(step.state))
                for n, line in enumerate(foot)
            ]
            targets.append((left - 2, top, room - 2, height, step_words(step, holders)))
        says.append(f"{_(RAILS[rail.code])}: " + "; ".join(step_words(step, holders) for step in rail.steps))
        top += height + 6
    return Drawing(width, top, tuple(shapes), ". ".join(says), tuple(targets))


def step_words(step: Step, holders: Mapping[str, str]) -> str:
    """Return a stage, how it stands and who has it, in one line."""
    return _("{stage}: {state}").format(stage=_(WORDS[step.code]), state=_below(step, holders))


def recruitment_drawing(curve: Curve, *, width: float = 420.0, height: float = 170.0) -> Drawing:
    """Return planned (dashed) and actual participants, added up, month by month. An empty curve is an empty drawing."""
    if not curve.months:
        return Drawing(width, 0, (), _("Nobody was allocated and no recruitment was planned."))
    left, right, top, bottom = 30.0, width - 8, 22.0, height - 20
    most = max([1, *(n for each in curve.months for n in (each.planned, each.actual) if n is not None)])
    step = _step(most)
    ceiling = -(-most // step) * step

    def across(number: int) -> float:
        return left + (right - left) * (number + 1) / len(curve.months)

    def up(count: int) -> float:
        return bottom - (bottom - top) * count / ceiling

    shapes: list[Shape] = []
    for count in range(0, ceiling + 1, step):
        shapes.append(Line(left, up(count), right, up(count)))
        shapes.append(Words(left - 5, up(count) + 2.5, str(count), _TINY, "muted", align="right"))
    shapes += _months(curve.months, across, bottom)
    for colour, dashed, points in (
        ("muted", True, [(across(n), up(m.planned)) for n, m in enumerate(curve.months) if m.planned is not None]),
        ("accent", False, [(across(n), up(m.actual)) for n, m in enumerate(curve.months) if m.actual is not None]),
    ):
        if points:
            before = (points[0][0] - (right - left) / len(curve.months), bottom)
            shapes.append(Stroke((before, *points), colour, 1.5, dashed=dashed))
    shapes += _legend(curve, left)
    return Drawing(width, height, tuple(shapes), curve_words(curve))


def curve_words(curve: Curve) -> str:
    """Return in one sentence how recruitment goes."""
    actual = next((each.actual for each in reversed(curve.months) if each.actual is not None), 0)
    planned = next((e.planned for e in reversed(curve.months) if e.actual is not None and e.planned is not None), None)
    if planned is None:
        return _("Allocated: {actual}; no recruitment was planned by month.").format(actual=actual)
    return _("Allocated: {actual}; planned by then: {planned}.").format(actual=actual, planned=planned)


def _below(step: Step, holders: Mapping[str, str]) -> str:
    state = _(STATES[step.state])
    if step.count is not None:
        counted = f"{step.count}/{step.of}" if step.of is not None else str(step.count)
        state = f"{state} {counted}"
    who = holders.get(step.who, "")
    return f"{state} · {who}" if who and step.state in ("now", "late") else state


def _mark(state: StepState, x: float, y: float) -> Dot:
    shape, colour = _MARKS[state]
    return Dot(x, y, 4.0, colour, shape)


def _foot_colour(state: StepState) -> str:
    return "muted" if state in ("done", "next") else _MARKS[state][1]


def _step(most: int) -> int:
    """Return a round distance between lines, so that there are at most six."""
    scale = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * scale:
                return factor * scale
        scale *= 10


def _months(months: Sequence[Month], across: Callable[[int], float], bottom: float) -> list[Shape]:
    from babel.dates import format_skeleton

    every = max(1, -(-len(months) // 6))
    return [
        Words(
            across(number),
            bottom + 12,
            str(format_skeleton("yMMM", each.month, locale=babel_locale())),
            _TINY,
            "muted",
            align="right" if number == len(months) - 1 else "centre",
        )
        for number, each in enumerate(months)
        if (len(months) - 1 - number) % every == 0
    ]


def _legend(curve: Curve, left: float) -> list[Shape]:
    shapes: list[Shape] = []
    at = left
    for words, colour, dashed, shown in (
        (_("Allocated"), "accent", False, True),
        (_("Planned"), "muted", True, any(each.planned is not None for each in curve.months)),
    ):
        if shown:
            shapes.append(Line(at, 8, at + 16, 8, colour, 1.5, dashed=dashed))
            shapes.append(Words(at + 20, 10.8, words, _SMALL))
            at += 20 + text_width(words, _SMALL) + 16
    return shapes

"""Pictures of one participant: the visits against their windows. Values in, a drawing out; no database, no screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from trialdesk.base.dates import day_of
from trialdesk.base.drawing import Box, Dot, Drawing, Line, Shape, Words, text_width
from trialdesk.base.i18n import N_, _, babel_locale
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import VisitRow
from trialdesk.enrollment.rules import VisitState

STATES: dict[VisitState, str] = {
    "in window": N_("In window"),
    "early": N_("Early"),
    "late": N_("Late"),
    "done": N_("Done"),
    "missed": N_("Missed"),
    "due": N_("Due"),
    "overdue": N_("Overdue"),
    "planned": N_("Upcoming"),
    "not due": N_("Not due"),
    "unscheduled": N_("Unscheduled"),
}
"""The states of a visit in words."""

_PITCH = 14.0
_SIZE = 8.0
_NAME = 116.0
_STATE = 66.0
_HEAD = 16.0
_MARK = 3.4
_LABELS = 6
"""About so many dates stand along the top."""

Shaped = Literal["circle", "square", "diamond", "ring", "cross"]

_MARKS: dict[VisitState, tuple[Shaped, str]] = {
    "in window": ("circle", "good"),
    "done": ("circle", "good"),
    "early": ("diamond", "warning"),
    "late": ("diamond", "warning"),
    "missed": ("cross", "bad"),
    "due": ("ring", "info"),
    "overdue": ("ring", "bad"),
    "planned": ("ring", "muted"),
    "not due": ("ring", "muted"),
    "unscheduled": ("square", "accent"),
}


_QUIET: tuple[VisitState, ...] = ("planned", "not due")
"""Nothing happened and nothing is asked for."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days laid along the width."""

    first: date
    last: date
    left: float
    width: float

    def at(self, day: date) -> float:
        """Return where a day lies."""
        return self.left + self.width * (day - self.first).days / max((self.last - self.first).days, 1)


def visit_timeline(visits: Sequence[VisitRow], today: date, *, width: float = 400.0) -> Drawing:
    """Return the visits one below the other: window as a bar, planned day as a tick, what happened as a mark.

    The mark's shape and the word at the right tell how the visit stands. Visits of which no day is known have the
    word alone. Every visit is a target named by `visit_words`.
    """
    says = "; ".join(visit_words(visit) for visit in visits) or _("No visit is planned or recorded.")
    axis = _axis(visits, today, width)
    height = _HEAD + _PITCH * len(visits) + 4
    shapes: list[Shape] = []
    if axis:
        shapes += _dates(axis, today, height)
    targets = []
    for number, visit in enumerate(visits):
        middle = _HEAD + _PITCH * (number + 0.5)
        shapes += _row(visit, axis, middle, width)
        targets.append((0.0, middle - _PITCH / 2, width, _PITCH, visit_words(visit)))
    return Drawing(width, height, tuple(shapes), says, tuple(targets))


def visit_words(visit: VisitRow) -> str:
    """Return a visit with its day and how it stands, in one line."""
    on = _day(visit.started_on) or visit.planned_on
    state = _(STATES[visit.state])
    if on is None:
        return _("{visit}: {state}").format(visit=visit.name, state=state)
    return _("{visit}: {day}, {state}").format(visit=visit.name, day=_long(on), state=state)


def _axis(visits: Sequence[VisitRow], today: date, width: float) -> _Axis | None:
    days = [
        day
        for visit in visits
        for day in (visit.planned_on, visit.opens_on, visit.closes_on, _day(visit.started_on))
        if day
    ]
    if not days:
        return None
    first, last = min(days), max(days)
    margin = timedelta(days=max(1, (last - first).days // 30))
    # Today belongs in the picture while the participant is on the way; years later it would only squeeze it.
    if last < today <= last + (last - first) / 4:
        last = today
    return _Axis(first - margin, last + margin, _NAME, width - _NAME - _STATE)


def _row(visit: VisitRow, axis: _Axis | None, middle: float, width: float) -> list[Shape]:
    shape, colour = _MARKS[visit.state]
    quiet = visit.state in _QUIET
    shapes: list[Shape] = [
        Words(0, middle + 2.8, _cut(visit.name, _NAME - 8), _SIZE, "muted" if quiet else "ink"),
        Words(width - _STATE + 10, middle + 2.8, _(STATES[visit.state]), _SIZE, _word_colour(visit.state)),
    ]
    if axis is None:
        return shapes
    if visit.opens_on and visit.closes_on:
        left = axis.at(visit.opens_on)
        right = max(axis.at(visit.closes_on), left + 2)
        shapes.append(Box(left, middle - 4, right - left, 8, fill="accent-soft", outline="line", radius=2))
    if visit.planned_on:
        at = axis.at(visit.planned_on)
        shapes.append(Line(at, middle - 4, at, middle + 4, colour="muted"))
    on = _day(visit.started_on) or (visit.planned_on if visit.state not in (*_QUIET, "done") else None)
    if on:
        shapes.append(Dot(axis.at(on), middle, _MARK, colour, shape))
    return shapes


def _word_colour(state: VisitState) -> str:
    return "muted" if state in _QUIET else _MARKS[state][1]


def _dates(axis: _Axis, today: date, height: float) -> list[Shape]:
    shapes: list[Shape] = []
    free = axis.left
    taken = (0.0, 0.0)
    if axis.first <= today <= axis.last:
        at, label = axis.at(today), _("Today")
        half = text_width(label, 7) / 2 + 3
        taken = (at - half, at + half)
        shapes.append(Line(at, _HEAD - 2, at, height, colour="accent", dashed=True))
        shapes.append(Words(at, _HEAD - 6, label, 7, "accent", align="centre"))
    for day, label in _ticks(axis.first, axis.last):
        at = axis.at(day)
        shapes.append(Line(at, _HEAD - 2, at, height, colour="line"))
        half = text_width(label, 7) / 2
        clear = at + half <= taken[0] or at - half >= taken[1]
        if clear and at - half >= free and at + half <= axis.left + axis.width + _STATE / 2:
            shapes.append(Words(at, _HEAD - 6, label, 7, "muted", align="centre"))
            free = at + half + 4
    return shapes


def _ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Return about six round days between two, weeks where the time is short, months where it is long."""
    from babel.dates import format_skeleton

    days = (last - first).days
    if days <= 7 * _LABELS * 2:
        step = 7 if days <= 7 * _LABELS else 14
        monday = first + timedelta(days=-first.weekday() % 7)
        found = [monday + timedelta(days=step * n) for n in range(days // step + 1)]
        return [(day, str(format_skeleton("MMMd", day, locale=babel_locale()))) for day in found if day <= last]
    months = next((n for n in (1, 2, 3, 6, 12) if days / 30.4 / n <= _LABELS), 24)
    begins = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    chosen = [day for day in begins if first <= day <= last and (day.year * 12 + day.month - 1) % months == 0]
    skeleton = "y" if months >= 12 else "yMMM"
    return [(day, str(format_skeleton(skeleton, day, locale=babel_locale()))) for day in chosen]


def _day(partial: str | None) -> date | None:
    return day_of(partial) if partial else None


def _long(day: date) -> str:
    from babel.dates import format_date

    return str(format_date(day, "long", locale=babel_locale()))


def _cut(text: str, width: float) -> str:
    if text_width(text, _SIZE) <= width:
        return text
    while text and text_width(text + "…", _SIZE) > width:
        text = text[:-1]
    return text.rstrip() + "…"

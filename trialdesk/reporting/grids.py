"""The schedule of a trial as a drawing: what is done at which point of time, with a bar for each arm's intervention.

Shape of the figure: SPIRIT 2025, item 18. Plain values in, shapes out; it uses no font: widths are estimates on the
wide side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import groupby

from trialdesk.base.drawing import Box, Dot, Drawing, Line, Shape, Words, text_width, wrapped
from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass

_WIDTH, _NAME = 720.0, 190.0
_ROW, _HEAD, _BAND = 12.5, 14.0, 13.5
_SIZE, _PAD = 8.0, 4.0
_BAR, _MARK = 5.0, 3.0


@dataclass(frozen=True, slots=True)
class Point:
    """A point of time: the stage it belongs to, its label (such as t1) and the day below it."""

    stage: str
    label: str
    day: str


@dataclass(frozen=True, slots=True)
class Row:
    """What is done, and at which points. A bar runs from the first to the last of them instead of marks."""

    name: str
    at: tuple[bool, ...]
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Rows that belong together under a heading."""

    name: str
    rows: tuple[Row, ...]


def schedule_drawing(points: Sequence[Point], bands: Sequence[Band]) -> Drawing:
    """Return the grid, 720 points wide; a name too long for its row is cut, what the drawing says has it whole."""
    picture = _Picture(points)
    picture.head()
    for band in bands:
        picture.band(band.name)
        for row in band.rows:
            picture.row(row)
    picture.frame()
    return Drawing(_WIDTH, picture.y, tuple(picture.shapes), says=schedule_says(points, bands))


def schedule_says(points: Sequence[Point], bands: Sequence[Band]) -> str:
    """Return the grid as text: for every row the points at which it is done."""
    return " ".join(
        _("{band}: {rows}.").format(
            band=band.name,
            rows="; ".join(
                _("{name}: {points}").format(name=row.name, points=points_words(points, row)) for row in band.rows
            )
            or _("none"),
        )
        for band in bands
    )


def points_words(points: Sequence[Point], row: Row) -> str:
    """Return the points of a row in words: each, or of a bar the first and the last."""
    labels = [point.label for point, done in zip(points, row.at, strict=True) if done]
    if row.bar and len(labels) > 1:
        return _("{first} to {last}").format(first=labels[0], last=labels[-1])
    return ", ".join(labels) or _("none")


@dataclass(slots=True)
class _Picture:
    points: Sequence[Point]
    y: float = 0.0
    shapes: list[Shape] = field(default_factory=list)

    @property
    def pitch(self) -> float:
        return (_WIDTH - _NAME) / max(len(self.points), 1)

    def middle(self, column: int) -> float:
        return _NAME + (column + 0.5) * self.pitch

    def head(self) -> None:
        """Draw the stages over their points, then the points with their days."""
        for stage, left, count in self._stages():
            x, width = _NAME + left * self.pitch, count * self.pitch
            self.shapes.append(Box(x, 0, width, _HEAD, fill="accent-soft", outline="line"))
            size = next((size for size in (_SIZE, 7.0, 6.0) if text_width(stage, size) * 1.05 <= width - 2), 6.0)
            words = _cut(stage, width - 2, size)
            self.shapes.append(Words(x + width / 2, _HEAD - _PAD, words, size, "accent", bold=True, align="centre"))
        for column, point in enumerate(self.points):
            across = self.middle(column)
            label = _cut(point.label, self.pitch - 1)
            self.shapes.append(Words(across, 2 * _HEAD - _PAD, label, _SIZE, bold=True, align="centre"))
            day = _cut(point.day, self.pitch - 1, 7.0)
            self.shapes.append(Words(across, 3 * _HEAD - _PAD - 2, day, 7.0, "muted", align="centre"))
        self.y = 3 * _HEAD

    def _stages(self) -> Iterator[tuple[str, int, int]]:
        left = 0
        for stage, run in groupby(point.stage for point in self.points):
            count = len(list(run))
            yield stage, left, count
            left += count

    def band(self, name: str) -> None:
        """Draw the heading of a band across the grid."""
        self.shapes.append(Box(0, self.y, _WIDTH, _BAND, fill="surface", outline="line"))
        self.shapes.append(Words(_PAD, self.y + _BAND - _PAD, _cut(name, _NAME - 2 * _PAD), _SIZE, bold=True))
        self.y += _BAND

    def row(self, row: Row) -> None:
        """Draw a row: its name, and a mark at each point or one bar over them."""
        baseline, middle = self.y + _ROW - _PAD, self.y + _ROW / 2
        self.shapes.append(Words(2 * _PAD, baseline, _cut(row.name, _NAME - 3 * _PAD), _SIZE))
        done = [column for column, marked in enumerate(row.at) if marked]
        if row.bar and done:
            left, right = self.middle(done[0]), self.middle(done[-1])
            self.shapes.append(Box(left, middle - _BAR / 2, max(right - left, 1.0), _BAR, fill="accent", outline=None))
            self.shapes += [Dot(x, middle, _BAR * 0.8, "accent", "diamond") for x in sorted({left, right})]
        else:
            self.shapes += [Dot(self.middle(column), middle, _MARK, "ink", "cross") for column in done]
        self.y += _ROW
        self.shapes.append(Line(0, self.y, _WIDTH, self.y, "line", 0.3))

    def frame(self) -> None:
        """Draw the lines between the columns and round the whole."""
        for column in range(len(self.points) + 1):
            x = _NAME + column * self.pitch
            self.shapes.append(Line(x, _HEAD, x, self.y, "line", 0.3))
        self.shapes.append(Box(0, 0, _WIDTH, self.y, outline="line"))


def _cut(text: str, room: float, size: float = _SIZE) -> str:
    """Return the first line that fits, with a mark where something is left out."""
    text = " ".join(text.split())
    if len(wrapped(text, size, room)) == 1:
        return text
    return wrapped(text, size, max(room - size, size))[0].rstrip() + "…"

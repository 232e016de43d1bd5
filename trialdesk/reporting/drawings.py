"""The painter of drawings on paper: the same shapes as on the screen, in the colours of print."""

from __future__ import annotations

from math import atan2, cos, pi, sin

from trialdesk.base.drawing import Box, Curve, Dot, Drawing, Line, Words, text_width
from trialdesk.reporting.fonts import face, one_line
from trialdesk.reporting.paper import PALETTE, Style
from trialdesk.reporting.sheet import Sheet

_HEAD, _SPREAD = 5.0, pi / 7


def paint(drawing: Drawing, sheet: Sheet, left: float, top: float, *, scale: float, language: str) -> None:
    """Draw with (left, top) as the drawing's upper left corner, `scale` points of paper to its point.

    The caller marks it as a figure. Raises KeyError for a colour the palette does not name and UserError for a
    character no font has.
    """
    pen = _Pen(sheet, left, top, scale, language)
    for shape in drawing.shapes:
        pen.draw(shape)


class _Pen:
    def __init__(self, sheet: Sheet, left: float, top: float, scale: float, language: str) -> None:
        self._sheet, self._left, self._top, self._scale, self._language = sheet, left, top, scale, language

    def draw(self, shape: Line | Box | Words | Dot | Curve) -> None:
        if isinstance(shape, Line):
            self._line(shape)
        elif isinstance(shape, Box):
            self._box(shape)
        elif isinstance(shape, Words):
            self._words(shape)
        elif isinstance(shape, Dot):
            self._dot(shape)
        elif len(shape.points) > 1:
            self._sheet.path(
                tuple(self._at(*point) for point in shape.points),
                outline=PALETTE[shape.colour],
                width=shape.width * self._scale,
                dash="dashed" if shape.dashed else "",
            )

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._scale, self._top + y * self._scale

    def _line(self, line: Line) -> None:
        start, end = self._at(line.x1, line.y1), self._at(line.x2, line.y2)
        colour = PALETTE[line.colour]
        self._sheet.rule(
            *start, *end, width=line.width * self._scale, colour=colour, dash="dashed" if line.dashed else ""
        )
        if line.arrow:
            way = atan2(start[1] - end[1], start[0] - end[0])
            reach = _HEAD * self._scale
            sides = (
                (end[0] + reach * cos(way + side), end[1] + reach * sin(way + side)) for side in (-_SPREAD, _SPREAD)
            )
            self._sheet.path((end, *sides), fill=colour, closed=True)

    def _box(self, box: Box) -> None:
        if box.fill is None and box.outline is None:
            return
        self._sheet.box(
            *self._at(box.x, box.y),
            box.width * self._scale,
            box.height * self._scale,
            fill=None if box.fill is None else PALETTE[box.fill],
            outline=None if box.outline is None else PALETTE[box.outline],
            line=0.8 * self._scale,
            radius=box.radius * self._scale,
        )

    def _words(self, words: Words) -> None:
        size = words.size * self._scale
        style = Style(face(self._language, bold=words.bold), size, size)
        text = one_line(words.text)
        if text != words.text:
            # What stands for a sign that no font has is longer than the sign the drawing left room for.
            room, needed = text_width(words.text, size), style.face.width(text, size)
            style = Style(style.face, size * min(1.0, room / needed), size) if needed else style
            size = style.size
        x, y = self._at(words.x, words.y)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[words.align]
        self._sheet.words(text, x - shift * style.face.width(text, size), y, style, colour=PALETTE[words.colour])

    def _dot(self, dot: Dot) -> None:
        x, y = self._at(dot.x, dot.y)
        r = dot.radius * self._scale
        colour = PALETTE[dot.fill]
        if dot.shape == "circle":
            self._sheet.box(x - r, y - r, 2 * r, 2 * r, fill=colour, radius=r)
        elif dot.shape == "ring":
            self._sheet.box(x - r, y - r, 2 * r, 2 * r, outline=colour, line=self._scale, radius=r)
        elif dot.shape == "square":
            self._sheet.box(x - r, y - r, 2 * r, 2 * r, fill=colour)
        elif dot.shape == "diamond":
            self._sheet.path(((x, y - r), (x + r, y), (x, y + r), (x - r, y)), fill=colour, closed=True)
        else:
            for lean in (r, -r):
                self._sheet.rule(x - r, y - lean, x + r, y + lean, width=1.2 * self._scale, colour=colour)

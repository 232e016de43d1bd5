"""Figures: a drawing scaled to the width of the text, with what it says for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.reporting.drawings import paint
from trialdesk.reporting.flow import Painted, Piece, Space
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.paper import Area, style
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.structure import Figure
from trialdesk.reporting.tags import Element, text_string
from trialdesk.reporting.text import paragraph

_LARGEST = 1.3
_CAPTION_ROOM = 60.0


def figure_pieces(figure: Figure, document: Element, area: Area, language: str) -> Iterator[Piece]:
    """Yield the drawing and its caption below, held together. It is never enlarged by more than a third."""
    drawing = figure.drawing
    scale = min(area.width / drawing.width, (area.height - _CAPTION_ROOM) / drawing.height, _LARGEST)
    element = Element("Figure", document)
    indent = (area.width - drawing.width * scale) / 2

    def draw(sheet: Sheet, left: float, top: float) -> None:
        x, bottom = left + indent, sheet.heights[-1] - top - drawing.height * scale
        corners = (x, bottom, x + drawing.width * scale, bottom + drawing.height * scale)
        box = " ".join(f"{corner:.2f}" for corner in corners)
        element.attributes = f"/Alt{text_string(drawing.says)}/A<</O/Layout/Placement/Block/BBox[{box}]>>"
        with sheet.content(element):
            paint(drawing, sheet, x, top, scale=scale, language=language)

    yield Painted(drawing.height * scale, draw, gap=12.0, keep=bool(figure.caption))
    if figure.caption:
        caption = style("caption", language)
        lines = paragraph(Element("P", document), plain(figure.caption), caption, area.width)
        for index, line in enumerate(lines):
            line.gap = 0.0 if index else 6.0
            yield line
    yield Space(8.0)

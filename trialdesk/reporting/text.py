"""Lines of text as pieces: paragraphs broken into them, with no first or last line left alone on a page."""

from __future__ import annotations

import re

from trialdesk.reporting.flow import Piece
from trialdesk.reporting.lines import broken
from trialdesk.reporting.paper import PALETTE, Style
from trialdesk.reporting.sheet import Place, Sheet
from trialdesk.reporting.tags import Element

Bit = tuple[Element, str, Style, float]
"""Text on a line: its element, the words, how they are set, how far right they begin."""

_ADDRESS = re.compile(r"https?://[!-~]*[0-9A-Za-z/]")
_BAR, _BAR_WIDTH = 5.0, 1.6


class Line(Piece):
    """Texts on one baseline. `place` names where it lands; with `bar` a rule runs down its left side."""

    __slots__ = ("addresses", "bar", "bits", "leading", "place")

    def __init__(self, bits: list[Bit], leading: float, *, gap: float = 0.0, keep: bool = False) -> None:
        super().__init__(leading, gap=gap, keep=keep)
        self.bits = bits
        self.place = ""
        self.bar = False
        self.addresses: frozenset[str] = frozenset()

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Write the texts, web addresses as links."""
        if self.bar:
            with sheet.artifact():
                x = left + _BAR
                sheet.rule(x, top, x, top + self.height, width=_BAR_WIDTH, colour=PALETTE["line"])
        baseline = top + max(style.ascent for _element, _text, style, _x in self.bits)
        for element, text, style, x in self.bits:
            self._write(sheet, element, text, style, x=left + x, baseline=baseline)

    def _write(self, sheet: Sheet, element: Element, text: str, style: Style, *, x: float, baseline: float) -> None:
        begin, top = 0, baseline - style.ascent
        for found in _ADDRESS.finditer(text) if self.addresses else ():
            if found[0] not in self.addresses:
                continue  # half of an address that goes on in the next line
            at = x + style.face.width(text[: found.start()], style.size)
            if found.start() > begin:
                with sheet.content(element):
                    words = text[begin : found.start()]
                    sheet.words(words, x + style.face.width(text[:begin], style.size), baseline, style)
            link = Element("Link", element)
            with sheet.content(link):
                sheet.words(found[0], at, baseline, style, colour=PALETTE["accent"])
            right = at + style.face.width(found[0], style.size)
            sheet.link(link, (at, top, right, top + style.leading), found[0], found[0])
            begin = found.end()
        if begin < len(text) or not text:
            with sheet.content(element):
                sheet.words(text[begin:], x + style.face.width(text[:begin], style.size), baseline, style)


def paragraph(element: Element, text: str, style: Style, width: float, *, x: float = 0.0) -> list[Line]:
    """Return `text` as lines from `x` on, at most `width` points wide."""
    addresses = frozenset(_ADDRESS.findall(text)) if "://" in text else frozenset()
    texts = broken(text, style.face, style.size, width)
    lines = []
    for index, words in enumerate(texts):
        keep = index + 1 < len(texts) and (index == 0 or index + 2 == len(texts))
        line = Line([(element, words, style, x)], style.leading, gap=0.0 if index else style.gap, keep=keep)
        line.addresses = addresses
        lines.append(line)
    return lines


def places(pages: list[list[tuple[Piece, float]]]) -> dict[str, Place]:
    """Return where each named line landed."""
    return {
        piece.place: Place(number, top)
        for number, placed in enumerate(pages)
        for piece, top in placed
        if isinstance(piece, Line) and piece.place
    }

"""Pieces that go onto pages one below the other, and the pages they make.

A piece is never broken; a paragraph is a piece a line, a table a piece a row. Pieces know their height before anything
is drawn, so the number of pages and the page of each heading are known when the first page is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from trialdesk.base.values import dataclass
from trialdesk.reporting.paper import Area
from trialdesk.reporting.sheet import Sheet


class Piece:
    """Something to draw. `gap` is the space above it, dropped at the top of a page; `keep` holds it to what follows.

    `head` is drawn above it where it begins a page: the column titles of a table.
    """

    __slots__ = ("gap", "head", "height", "keep")

    def __init__(self, height: float, *, gap: float = 0.0, keep: bool = False, head: Piece | None = None) -> None:
        self.height = height
        self.gap = gap
        self.keep = keep
        self.head = head

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the piece; (left, top) is its upper left corner."""


class Space(Piece):
    """Room left below something, dropped where a page ends."""

    __slots__ = ()

    def __init__(self, gap: float) -> None:
        super().__init__(0.0, gap=gap)


class Painted(Piece):
    """A piece drawn by a function."""

    __slots__ = ("_paint",)

    def __init__(
        self, height: float, paint: Callable[[Sheet, float, float], None], *, gap: float = 0.0, keep: bool = False
    ) -> None:
        super().__init__(height, gap=gap, keep=keep)
        self._paint = paint

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Call the function."""
        self._paint(sheet, left, top)


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows begins a page; with `landscape` given, pages lie or stand from there on."""

    landscape: bool | None = None


@dataclass(slots=True)
class Page:
    """The pieces of one page with the distance of each from the page's top."""

    area: Area
    placed: list[tuple[Piece, float]] = field(default_factory=list)


def paginate(pieces: Iterable[Piece | Turn], areas: dict[bool, Area]) -> list[Page]:
    """Return the pages; `areas` are those of an upright page (False) and of one that lies (True)."""
    area = areas[False]
    pages = [Page(area)]
    y = area.top
    group: list[Piece] = []

    def begin(piece: Piece) -> None:
        nonlocal y
        pages.append(Page(area))
        y = area.top
        if piece.head is not None:
            pages[-1].placed.append((piece.head, y))
            y += piece.head.height

    def place() -> None:
        nonlocal y
        if not group:
            return
        if y > area.top and y + sum(piece.gap + piece.height for piece in group) > area.bottom:
            begin(group[0])
        for piece in group:
            gap = piece.gap if y > area.top else 0.0
            if y > area.top and y + gap + piece.height > area.bottom:
                begin(piece)
                gap = 0.0
            pages[-1].placed.append((piece, y + gap))
            y += gap + piece.height
        group.clear()

    for piece in pieces:
        if isinstance(piece, Turn):
            place()
            if piece.landscape is not None:
                area = areas[piece.landscape]
            if pages[-1].placed:
                pages.append(Page(area))
            else:
                pages[-1].area = area
            y = area.top
            continue
        if isinstance(piece, Space) and not group:
            y = min(y + piece.gap, area.bottom)
            continue
        group.append(piece)
        if not piece.keep and not isinstance(piece, Space):
            place()
    place()
    if len(pages) > 1 and not pages[-1].placed:
        pages.pop()
    return pages

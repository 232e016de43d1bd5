"""The pages being drawn: text, rules and shapes on reportlab's canvas, each marked with the element it belongs to.

Coordinates are points from the top left corner, y downwards. What is not marked content of an element is an artifact:
nothing is drawn outside either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import cos, radians, sin
from typing import Any, Literal, NamedTuple

from trialdesk.reporting.fonts import LATIN, font
from trialdesk.reporting.paper import PALETTE, Colour, Style
from trialdesk.reporting.pdffile import compressed
from trialdesk.reporting.tags import Content, Element, Link

_ESCAPES = {code: f"\\{chr(code)}" for code in b"()\\"} | {
    code: f"\\{code:03o}" for code in (*range(32), *range(127, 256))
}
_BLACK = PALETTE["ink"]

Dash = Literal["", "dashed", "dotted"]
_DASHES: dict[Dash, str] = {"": "[] 0", "dashed": "[3 2] 0", "dotted": "[0.4 2.6] 0"}


class Place(NamedTuple):
    """A place in the document: page counted from 0, distance from its top."""

    page: int
    top: float


class Field(NamedTuple):
    """An empty signature field, by the name it has in the file."""

    name: str


class Jump(NamedTuple):
    """A clickable rectangle (left, top, right, bottom) on a page, what it says and the place or address it leads to.

    Or the rectangle of a signature field.
    """

    page: int
    box: tuple[float, float, float, float]
    says: str
    target: Place | Field | str


class Sheet:
    """The pages drawn so far. Begin a page, draw, begin the next; `pdf` ends it all.

    With `apart`, what each page draws is packed as soon as it is drawn, into `contents` and not into the PDF: as text,
    the pages of a long log would take most of the memory, several times over.
    """

    def __init__(self, *, apart: bool = False) -> None:
        from reportlab.pdfgen.canvas import Canvas

        font(LATIN)
        self._bytes = BytesIO()
        self._canvas = Canvas(self._bytes, pageCompression=0, invariant=1, initialFontName=LATIN, pdfVersion=(1, 7))
        self._canvas._preamble = ""  # noqa: SLF001 - it would choose a font outside any marked content
        self._code: list[str] = []
        self._document: Any = self._canvas._doc  # noqa: SLF001 - a font's subset is asked for by its document
        self._width = self._height = 0.0
        self._marks = 0
        self._in_artifact = False
        self.page = -1
        self.heights: list[float] = []
        self.jumps: list[Jump] = []
        self.places: dict[str, Place] = {}
        self.contents: list[bytes] = []
        self._apart = apart

    # -- pages ---------------------------------------------------------------------------------------------------

    def begin(self, width: float, height: float) -> None:
        """Begin a page of that size."""
        if self.page >= 0:
            self._end()
        self._canvas.setPageSize((width, height))
        self._code = self._canvas._code  # noqa: SLF001 - terse text needs the page's own list of operators
        self._width, self._height = width, height
        self._marks = 0
        self._font: tuple[str, float] = ("", 0.0)
        self._fill: Colour = _BLACK
        self.page += 1
        self.heights.append(height)

    def pdf(self) -> bytes:
        """Return the pages as a PDF that still lacks tags, metadata, output intent and what was kept apart."""
        self._end()
        self._canvas.save()
        return self._bytes.getvalue()

    def _end(self) -> None:
        if self._apart:
            begins = self._canvas._preamble  # noqa: SLF001 - reportlab would write it before the operators
            self.contents.append(compressed("\n".join((begins, *self._code, " \n")).encode("latin-1")))
            self._code.clear()
        self._canvas.showPage()

    # -- what belongs to what ------------------------------------------------------------------------------------

    def open(self, element: Element) -> None:
        """What is drawn until `close` is content of `element`."""
        element.kids.append(Content(self.page, self._marks))
        self.open_cell(element.tag)

    def open_cell(self, tag: str) -> int:
        """Open content whose element is written later, as the cells of a `tags.Row` are; return its number."""
        self._code.append(f"/{tag}<</MCID {self._marks}>>BDC")
        self._marks += 1
        return self._marks - 1

    def open_artifact(self, kind: str = "Layout", subtype: str = "") -> None:
        """What is drawn until `close` belongs to the page, not to the text."""
        self._in_artifact = True
        self._code.append(f"/Artifact<</Type/{kind}{f'/Subtype/{subtype}' if subtype else ''}>>BDC")

    def close(self) -> None:
        """End what `open`, `open_cell` or `open_artifact` began."""
        self._in_artifact = False
        self._code.append("EMC")

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        """Mark what is drawn within as content of `element`."""
        self.open(element)
        yield
        self.close()

    @contextmanager
    def artifact(self, kind: str = "Layout", subtype: str = "") -> Iterator[None]:
        """Mark what is drawn within as belonging to the page."""
        self.open_artifact(kind, subtype)
        yield
        self.close()

    def link(self, element: Element, box: tuple[float, float, float, float], says: str, target: Place | str) -> None:
        """Make a rectangle of this page lead to `target`; `element` is the Link element it belongs to."""
        element.kids.append(Link(self.page, len(self.jumps)))
        self.jumps.append(Jump(self.page, box, says, target))

    def field(self, element: Element, box: tuple[float, float, float, float], says: str, name: str) -> None:
        """Make a rectangle of this page an empty signature field; `element` is the Form element it belongs to."""
        element.kids.append(Link(self.page, len(self.jumps)))
        self.jumps.append(Jump(self.page, box, says, Field(name)))

    # -- drawing -------------------------------------------------------------------------------------------------

    def words(self, text: str, x: float, y: float, style: Style, *, colour: Colour = _BLACK, turn: float = 0) -> None:
        """Write one line of text from (x, y), its baseline; `turn` is degrees against the clock."""
        if not text:
            return
        code = self._code
        self._ink(colour)
        along, across = (f"{cos(radians(turn)):.4f}", sin(radians(turn))) if turn else ("1", 0.0)
        slant = f"{along} {across:.4f} {-across:.4f} {along}" if turn else "1 0 0 1"
        code.append(f"BT {slant} {x:.2f} {self._height - y:.2f} Tm")
        before = ""
        for run in style.face.runs(text):
            if before and (seam := style.face.seam(before, run.text[0])):
                code.append(f"[{-1000 * seam * style.size / self._font[1]:.0f}] TJ")
            before = run.text[-1]
            spoken = run.language and not self._in_artifact
            if spoken:
                code.append(f"/Span<</Lang({run.language})>>BDC")
            size = style.size * run.size
            for subset, codes in run.font.splitString(run.text, self._document):
                name = run.font.getSubsetInternalName(subset, self._document)
                if (name, size) != self._font:
                    code.append(f"{name} {size:g} Tf")
                    self._font = (name, size)
                code.append(f"({codes.decode('latin-1').translate(_ESCAPES)}) Tj")
            if spoken:
                code.append("EMC")
        code.append("ET")

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float, colour: Colour = _BLACK, dash: Dash = ""
    ) -> None:
        """Draw a straight line."""
        self.path(((x1, y1), (x2, y2)), outline=colour, width=width, dash=dash)

    def path(
        self,
        points: tuple[tuple[float, float], ...],
        *,
        fill: Colour | None = None,
        outline: Colour | None = None,
        width: float = 1.0,
        dash: Dash = "",
        closed: bool = False,
    ) -> None:
        """Draw straight pieces through the points, filled, outlined or both."""
        first, *rest = (f"{x:.2f} {self._height - y:.2f}" for x, y in points)
        shape = " ".join([f"{first} m", *(f"{point} l" for point in rest)])
        self._paint(f"{shape} h" if closed else shape, fill, outline, width, dash)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        outline: Colour | None = None,
        line: float = 1.0,
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle, its corners rounded by `radius`."""
        radius = min(radius, width / 2, height / 2)
        left, right, bottom, top = x, x + width, self._height - y - height, self._height - y
        if not radius:
            shape = f"{left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re"
        else:
            reach = radius * 0.4477  # where a Bézier curve's handles lie for a quarter of a circle
            shape = (
                f"{left + radius:.2f} {bottom:.2f} m {right - radius:.2f} {bottom:.2f} l "
                f"{right - reach:.2f} {bottom:.2f} {right:.2f} {bottom + reach:.2f} "
                f"{right:.2f} {bottom + radius:.2f} c "
                f"{right:.2f} {top - radius:.2f} l "
                f"{right:.2f} {top - reach:.2f} {right - reach:.2f} {top:.2f} {right - radius:.2f} {top:.2f} c "
                f"{left + radius:.2f} {top:.2f} l "
                f"{left + reach:.2f} {top:.2f} {left:.2f} {top - reach:.2f} {left:.2f} {top - radius:.2f} c "
                f"{left:.2f} {bottom + radius:.2f} l "
                f"{left:.2f} {bottom + reach:.2f} {left + reach:.2f} {bottom:.2f} {left + radius:.2f} {bottom:.2f} c h"
            )
        self._paint(shape, fill, outline, line, "")

    def _paint(self, shape: str, fill: Colour | None, outline: Colour | None, width: float, dash: Dash) -> None:
        if fill is not None:
            self._ink(fill)
        if outline is not None:
            self._code.append(f"{_numbers(outline)} RG {width:.2f} w {_DASHES[dash]} d")
        paint = {(True, True): "B", (True, False): "f", (False, True): "S"}[fill is not None, outline is not None]
        self._code.append(f"{shape} {paint}")

    def _ink(self, colour: Colour) -> None:
        if colour != self._fill:
            self._code.append(f"{_numbers(colour)} rg")
            self._fill = colour


def _numbers(colour: Colour) -> str:
    return " ".join(f"{part:g}" for part in colour)

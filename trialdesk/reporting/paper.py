"""The look of a printed page: sizes of paper and type, margins, spaces, colours. All lengths are points (1/72 inch).

Sizes of type follow what authorities ask for: in Chinese at least 12 points for text and 10.5 for tables (CDE), in
English 9 to 10 points for tables and about 11 for text (FDA's PDF specifications). The left margin leaves room to bind.
"""

from __future__ import annotations

from functools import cache

from trialdesk.base.values import dataclass
from trialdesk.reporting.fonts import Face, face
from trialdesk.reporting.frame import Target

MM = 72 / 25.4

HAIR, THIN, THICK = 0.3, 0.5, 1.0

Colour = tuple[float, float, float]

PALETTE: dict[str, Colour] = {
    "ink": (0.0, 0.0, 0.0),
    "muted": (0.33, 0.36, 0.40),
    "line": (0.42, 0.45, 0.49),
    "surface": (0.955, 0.96, 0.965),
    "accent": (0.06, 0.33, 0.55),
    "good": (0.08, 0.40, 0.22),
    "warning": (0.55, 0.33, 0.00),
    "bad": (0.68, 0.12, 0.12),
    "info": (0.10, 0.36, 0.52),
    "accent-soft": (0.85, 0.91, 0.96),
    "good-soft": (0.86, 0.94, 0.88),
    "warning-soft": (0.99, 0.93, 0.82),
    "bad-soft": (0.98, 0.88, 0.87),
    "info-soft": (0.86, 0.93, 0.97),
    "hair": (0.70, 0.72, 0.74),
    "watermark": (0.90, 0.90, 0.90),
}
"""Print colours of the drawing's names. What says something reads on white, and on the mark of a draft, at 4.5 : 1 or
better; fills, the hair lines between rows and that mark are lighter."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Size and margins of an upright page; one that lies is turned by a quarter, its binding up.

    `serif` says in what kind of letters running text is set; headings, tables and the frame are always in the sans.
    """

    width: float
    height: float
    binding: float
    head: float
    margin: float
    serif: bool = False


_A4 = Paper(210 * MM, 297 * MM, binding=20 * MM, head=15 * MM, margin=15 * MM)
PAPERS: dict[Target, Paper] = {
    "": _A4,
    "eu": _A4,
    "us": Paper(612.0, 792.0, binding=57.6, head=45.0, margin=45.0, serif=True),
    "cn": Paper(210 * MM, 297 * MM, binding=25 * MM, head=20 * MM, margin=15 * MM, serif=True),
}
"""Paper by whom it is set for.

FDA asks for 3/4 inch where it is bound and 3/8 inch elsewhere, and that it can be printed on A4 as well, which is 17
points narrower. CDE asks for 25 mm where it is bound, 20 mm at the head of a page that stands or the right of one that
lies, 10 mm elsewhere. Both want running text in the letters of Times, CDE its Chinese in Song.
"""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: letters, size, distance of baselines, space above."""

    face: Face
    size: float
    leading: float
    gap: float = 0.0

    @property
    def ascent(self) -> float:
        """Return how far the first baseline lies below the top of the line."""
        return (self.leading - self.size) / 2 + self.size * 0.84


@cache
def style(name: str, language: str, target: Target = "") -> Style:
    """Return a style of the page by name; raises KeyError for a name the page does not know."""
    size, leading, gap, bold = _STYLES[name][language]
    serif = PAPERS[target].serif and name in _RUNNING
    if serif and language == "en":
        size, leading = _RUNNING[name]
    return Style(face(language, bold=bold, serif=serif), size, leading, gap)


_STYLES: dict[str, dict[str, tuple[float, float, float, bool]]] = {
    # name: language: size, leading, gap above, bold
    "title": {"en": (21, 26, 0, True), "zh": (20, 29, 0, True)},
    "subtitle": {"en": (12, 16, 3, False), "zh": (12, 19, 4, False)},
    "heading1": {"en": (15, 19, 20, True), "zh": (15, 22, 20, True)},
    "heading2": {"en": (12.5, 16, 15, True), "zh": (13, 20, 15, True)},
    "heading3": {"en": (11, 15, 11, True), "zh": (12, 19, 11, True)},
    "body": {"en": (11, 15, 6, False), "zh": (12, 20, 6, False)},
    "lead": {"en": (12.5, 17.5, 8, False), "zh": (13, 22, 8, False)},
    "strong": {"en": (11, 15, 6, True), "zh": (12, 20, 6, True)},
    "small": {"en": (9.5, 13, 5, False), "zh": (10.5, 16.5, 5, False)},
    "fine": {"en": (8.5, 11.5, 2, False), "zh": (8.5, 12.5, 2, False)},
    "caption": {"en": (10, 13.5, 14, True), "zh": (11, 17, 14, True)},
    "cell": {"en": (9.5, 12.5, 0, False), "zh": (10.5, 15.5, 0, False)},
    "columntitle": {"en": (9.5, 12.5, 0, True), "zh": (10.5, 15.5, 0, True)},
    "fact": {"en": (10, 13.5, 0, False), "zh": (10.5, 16, 0, False)},
    "factlabel": {"en": (8.5, 12, 0, False), "zh": (9, 14, 0, False)},
    "frame": {"en": (8, 10.5, 0, False), "zh": (8, 11.5, 0, False)},
    "framestrong": {"en": (8, 10.5, 0, True), "zh": (8, 11.5, 0, True)},
    "watermark": {"en": (120, 120, 0, True), "zh": (120, 120, 0, True)},
}

_RUNNING: dict[str, tuple[float, float]] = {
    "body": (12, 15.5),
    "lead": (13.5, 18),
    "strong": (12, 15.5),
    "small": (10.5, 13.5),
    "fine": (9, 11.5),
}
"""What is running text, with size and leading in an English serif, whose letters are smaller than those of the sans."""


@dataclass(frozen=True, slots=True)
class Area:
    """A page and the part of it that the text may fill, from the top left corner."""

    page_width: float
    page_height: float
    left: float
    top: float
    width: float
    bottom: float

    @property
    def height(self) -> float:
        """Return the height the text may fill."""
        return self.bottom - self.top

"""A picture as a list of shapes, painted alike by the screen and by a PDF.

Coordinates are points (1/72 inch) from the top left corner, y downwards. Colours are names of the style's palette
(`ink`, `muted`, `line`, `surface`, `accent`, `good`, `warning`, `bad`, `info`, and each hue's `-soft`), never values:
each painter knows its own light and dark. Text is broken before it is placed, by
`wrapped`, whose `text_width` is an estimate on the wide side.
"""

from __future__ import annotations

import unicodedata
from dataclasses import field
from typing import Literal

from trialdesk.base.values import dataclass

Align = Literal["left", "centre", "right"]

_OPENING, _CLOSING = "（《「『【“‘(", "，。、；：？！）》」』】”’),.;:% "

_LATIN = {**dict.fromkeys("iljtfrI.,:;!|'() \u00a0", 0.36), **dict.fromkeys("mwMW@%", 0.9)}


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, or an arrow ending at (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "line"
    width: float = 1.0
    arrow: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled and outlined where a colour is named."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    outline: str | None = "line"
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; (x, y) is the left, middle or right of its baseline as `align` says. Never wrapped."""

    x: float
    y: float
    text: str
    size: float = 9.0
    colour: str = "ink"
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle, square or diamond round its centre: shape tells what colour tells."""

    x: float
    y: float
    radius: float
    fill: str = "accent"
    shape: Literal["circle", "square", "diamond", "ring", "cross"] = "circle"


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight pieces through the points, in order."""

    points: tuple[tuple[float, float], ...]
    colour: str = "accent"
    width: float = 1.5
    dashed: bool = False


Shape = Line | Box | Words | Dot | Curve


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a canvas of the given size, with the text that says the same to who cannot see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    says: str
    targets: tuple[tuple[float, float, float, float, str], ...] = field(default=())
    """Rectangles (x, y, width, height) that lead somewhere, with the name of the place; a PDF ignores them."""


def text_width(text: str, size: float) -> float:
    """Return about how wide `text` is at `size` points: an em for a Chinese character, less for a Latin letter."""
    return size * sum(1.0 if _is_wide(c) else _LATIN.get(c, 0.7 if c.isupper() else 0.56) for c in text)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return `text` broken into lines of at most `width` points by `text_width`.

    Chinese breaks anywhere but before a closing sign, a word too long for a line wherever the line ends.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and text_width(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        for character in word if line else word.lstrip():
            if text_width(line + character, size) > width and line and not character.isspace():
                lines.append(line.rstrip())
                line = ""
            line += character
    lines.append(line.rstrip())
    return lines


def _words(text: str) -> list[str]:
    words: list[str] = []
    for character in text:
        if not words or (words[-1].endswith(" ") or _breaks(words[-1][-1], character)):
            words.append(character)
        else:
            words[-1] += character
    return words


def _breaks(before: str, after: str) -> bool:
    return (_is_wide(before) or _is_wide(after)) and after not in _CLOSING and before not in _OPENING


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"

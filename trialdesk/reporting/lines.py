"""Where a text may be broken into lines, in Latin and in Chinese, and the lines it then makes.

Chinese may break between any two characters, but no line begins with a closing sign or ends with an opening one
(GB/T 15834—2011, 5.1). Latin breaks at spaces, and after a hyphen or stroke between words, but not between a number and
its unit or sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialdesk.reporting.fonts import Face

_OPENING = "（【《「『〈〔〖｛［“‘"
_CLOSING = "，。；：、！？）】》」』〉〕〗｝］”’…—·～％"
_WIDE = (
    "\u2e80-\u2fff\u3005-\u3007\u3021-\u31ff\u3400-\u9fff\uf900-\ufaff\uff0b-\uff1a\uff1c-\uff5f\U00020000-\U0003ffff"
)
_NARROW = rf"[^ {_WIDE}{_OPENING}{_CLOSING}]"
_COUNTED = "年月日周岁例次"
_DATE = (
    r"(?:\d{4}年\d{1,2}月(?:\d{1,2}日)?"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]* \d{4}(?!\d))"
)
"""A date stays whole where there is room for it: what is read as one is not told in two lines."""
_IN_DATE = re.compile(r"(?<=\d[年月])(?=\d)|(?<=[\da-z] )(?=[A-Z\d])")
_JOINT = (
    r"(?:’| [±×=≤≥<>] |(?<=[±≤≥<>]) (?=\d)"
    r"|(?<=\d) (?=(?:[kmµμ]?g|[mµμ]?[Ll]|[kcmµμ]?m|IU|[mµμ]?mol|mmHg|°C|℃|%|h|min)(?![A-Za-z])))"
)
_PIECE = re.compile(
    rf"[{_OPENING}(\[]*(?:{_DATE}|{_NARROW}+(?:{_JOINT}{_NARROW}+)*(?:(?<=\d)[{_COUNTED}])?|[{_WIDE}])"
    rf"[{_CLOSING},.;:!?)\]%]* *"
    rf"|[{_OPENING}]+[{_CLOSING}]* *|[{_CLOSING}]+ *| +"
)
_WITHIN = re.compile(r"(?<=[a-z]{2}[-/])(?=[a-z]{2})")


@lru_cache(maxsize=4096)
def broken(text: str, face: Face, size: float, width: float) -> tuple[str, ...]:
    """Return `text` as lines no wider than `width` points, breaking a word only where it is wider by itself.

    A line keeps the space it was broken at, so that words stay apart for whoever reads the text out of the file.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        if face.width(part, size) <= width:
            lines.append(part)
            continue
        line, used = "", 0.0
        for piece in _pieces_for(part, face, size, width):
            rest = piece
            used += face.seam(line[-1:], rest[:1]) * size
            if line and used + face.width(rest.rstrip(" "), size) > width:
                lines.append(line)
                line, used = "", 0.0
            while face.width(rest.rstrip(" "), size) > width:
                fits = _fitting(rest, face, size, width)
                lines.append(rest[:fits])
                rest = rest[fits:]
            line += rest
            used += face.width(rest, size)
        lines.append(line)
    return tuple(lines)


def longest_piece(text: str, face: Face, size: float) -> float:
    """Return the width of the widest part of `text` that would rather not be broken, in points."""
    return max((face.width(piece.rstrip(" "), size) for piece in _pieces(text.replace("\n", " "))), default=0.0)


def _pieces(text: str) -> list[str]:
    return [bit for piece in _PIECE.findall(text) for bit in (_WITHIN.split(piece) if len(piece) > 4 else [piece])]


def _pieces_for(text: str, face: Face, size: float, width: float) -> Iterator[str]:
    for piece in _pieces(text):
        yield from _IN_DATE.split(piece) if face.width(piece.rstrip(" "), size) > width else [piece]


def _fitting(text: str, face: Face, size: float, width: float) -> int:
    used, count = 0.0, 0
    for character in text:
        used += face.width(character, size)
        if used > width and count:
            break
        count += 1
    while 1 < count < len(text) and text[count] in _CLOSING:
        count -= 1
    return count

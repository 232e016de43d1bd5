"""Which font has a character, how wide it is, and how a text splits into runs of one font.

A text is set in a sans or, as running text for who asks for it, in a serif: Times's measures in Latin, Song in Chinese.
Song has no bold: what stands out is in Hei, as the sans is called there. What the serif lacks is taken from the sans.

The Latin font comes first, the Chinese next. In a Chinese document the signs both have (quotation marks, dash,
ellipsis) are taken from the Chinese font, and the Latin sans is set a little larger, to the size of the Latin that the
Chinese one was drawn with; the serif keeps its size, which authorities prescribe. Fonts are read when first needed; the
Chinese ones only for a text that needs them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _
from trialdesk.base.places import resources

LATIN, LATIN_BOLD = "SourceSans3-Regular", "SourceSans3-Bold"
HAN, HAN_BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
SERIF, SERIF_BOLD = "Tinos-Regular", "Tinos-Bold"
SONG = "NotoSerifSC-Regular"

_ORDERS = {  # serif, bold: where a letter is looked for
    (False, False): (LATIN, HAN),
    (False, True): (LATIN_BOLD, HAN_BOLD, HAN),
    (True, False): (SERIF, SONG, LATIN, HAN),
    (True, True): (SERIF_BOLD, HAN_BOLD, LATIN_BOLD, HAN),
}
_CHINESE = frozenset({HAN, HAN_BOLD, SONG})

_BESIDE_HAN = {LATIN: 1.1, LATIN_BOLD: 1.1}  # digits 497 units wide in the one font, 555 in the other's own Latin
_CHINESE_SIGNS = frozenset("“”‘’…—·")
_APOSTROPHE = re.compile("(?<=[0-9A-Za-z\u00c0-\u024f])’(?=[a-z])")
_COMBINED = re.compile("\\w[\u0300-\u036f]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufe0e\ufe0f\ufeff]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SEAMS = re.compile(
    "(?<=[\u3400-\u9fff])(?=[0-9A-Za-z\u00c0-\u024f±≥≤µ])|(?<=[0-9A-Za-z\u00c0-\u024f%°])(?=[\u3400-\u9fff])"
)
SEAM = 0.12
_PHRASE = re.compile("[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")


class Run(NamedTuple):
    """Text of one font; `size` multiplies the size of the text, `language` is set where it is not the document's."""

    font: Any
    size: float
    text: str
    language: str = ""


@cache
def font(name: str) -> Any:
    """Return the reportlab font of that file name in `resources/fonts`, registered once in the process.

    Raises Environment where the file is missing or damaged.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    path = resources() / "fonts" / f"{name}.ttf"
    try:
        made = TTFont(name, str(path), shapable=False)
    except TTFError as error:
        raise Environment(
            _("A font of the documents is missing or damaged."),
            where=str(path),
            remedy=_("Install TrialDesk again; your data are not concerned."),
        ) from error
    pdfmetrics.registerFont(made)
    return made


def plain(text: str) -> str:
    """Return `text` as it can be set: accents joined to their letters, invisible characters gone, tabs as spaces.

    A character that no font has is set as its number, [U+1F600]: the document comes out, and nobody overlooks it.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\t", " ")
    text = _INVISIBLE.sub("", text)
    text = _COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    return "".join(map(_printable, text))


def one_line(text: str) -> str:
    """Return `text` as it can be set on one line."""
    return " ".join(plain(text).split("\n"))


def unprinted(text: str) -> str:
    """Return the characters of `text` that no font has, each once, in the order they stand there."""
    return "" if text.isascii() else "".join(dict.fromkeys(each for each in text if plain(each).startswith("[U+")))


@cache
def _printable(character: str) -> str:
    if character == "\n" or any(ord(character) in font(name).face.charToGlyph for name in (LATIN, HAN)):
        return character
    return f"[U+{ord(character):04X}]"


class Face:
    """The letters of one weight and kind in a document of one language. Made once by `face`."""

    def __init__(self, language: str, *, bold: bool, serif: bool) -> None:
        self.language = language
        self._order = _ORDERS[serif, bold]
        self._sizes = _BESIDE_HAN if language == "zh" else {}
        self._latin_size = self._sizes.get(self._order[0], 1.0)
        self._places: dict[str, tuple[str, float]] = {}
        self._widths = _Widths(self)

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` at `size` points. Raises UserError for a character no font has."""
        width = sum(map(self._widths.__getitem__, text))
        if self.language == "zh" and "’" in text:
            found = len(_APOSTROPHE.findall(text))
            width -= found * (self._widths["’"] - font(self._order[0]).face.charWidths[ord("’")] * self._latin_size)
        if not text.isascii():
            width += 1000 * SEAM * len(_SEAMS.findall(text))
        return width * size / 1000

    def seam(self, before: str, after: str) -> float:
        """Return the space left between two characters, in parts of the text's size: a little where scripts meet."""
        return SEAM if _SEAMS.search(before + after) else 0.0

    def runs(self, text: str) -> list[Run]:
        """Return `text` as runs of one font each. Raises UserError for a character no font has."""
        if text and text.isascii() and text.isprintable():  # most cells of a log; the Latin font has all of these
            return [self._run(self._order[0], self._latin_size, text)]
        runs: list[Run] = []
        name, size, start = "", 1.0, 0
        latin = {found.start() for found in _APOSTROPHE.finditer(text)} if "’" in text else ()
        for index, character in enumerate(text):
            if index in latin:
                found = (self._order[0], self._latin_size)
            else:
                found = self._places.get(character) or self.place(character)
            if character == " " and name:
                continue  # a space belongs to the run it follows
            if found != (name, size):
                if name:
                    runs.append(self._run(name, size, text[start:index]))
                name, size, start = *found, index
        if name:
            runs.append(self._run(name, size, text[start:]))
        return runs

    def _run(self, name: str, size: float, text: str) -> Run:
        language = ""
        if self.language != "zh" and name in _CHINESE and _IDEOGRAPH.search(text):
            language = "zh-CN"
        elif self.language == "zh" and name not in _CHINESE and _PHRASE.search(text):
            language = "en"
        return Run(font(name), size, text, language)

    def place(self, character: str) -> tuple[str, float]:
        """Return the font that prints `character` and how much larger it is set. Raises UserError where none does."""
        order = self._order
        if self.language == "zh" and character in _CHINESE_SIGNS:
            order = (*order[1:], order[0])
        for name in order:
            if ord(character) in font(name).face.charToGlyph:
                place = name, self._sizes.get(name, 1.0)
                self._places[character] = place
                return place
        raise UserError(
            _("The documents' fonts have no character {character} (U+{code}), so it cannot be printed.").format(
                character=character if character.isprintable() else "", code=f"{ord(character):04X}"
            ),
            remedy=_("Replace it in the record it comes from."),
        )


class _Widths(dict[str, float]):
    """The advance of each character in thousandths of the text's size, found when first asked for."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def __missing__(self, character: str) -> float:
        name, size = self._face.place(character)
        width: float = font(name).face.charWidths[ord(character)] * size
        self[character] = width
        return width


@cache
def face(language: str, *, bold: bool = False, serif: bool = False) -> Face:
    """Return the letters of that weight and kind for documents in `language`."""
    return Face(language, bold=bold, serif=serif)

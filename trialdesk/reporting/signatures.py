"""Signatures on paper: printed name, time with its zone, meaning (21 CFR 11.50), or the lines to sign on.

And the places where the file itself is signed: boxes that are empty until then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trialdesk.base.i18n import _
from trialdesk.reporting.dates import moment
from trialdesk.reporting.flow import Painted, Piece
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.lines import broken
from trialdesk.reporting.paper import PALETTE, THIN, style
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.structure import Signature, Signatures, SigningPlaces
from trialdesk.reporting.tags import Element
from trialdesk.reporting.text import paragraph

_SHARES = (0.30, 0.22, 0.48)
_GUTTER = 14.0
_ROOM_TO_SIGN = 30.0
_TOGETHER = 3
PLACE_HEIGHT, PLACE_INSET = 72.0, 6.0


def signature_pieces(signatures: Signatures, document: Element, width: float, language: str) -> Iterator[Piece]:
    """Yield each signature: what it means and in which role, then name, signature and time over their rules.

    As many as `_TOGETHER` stand on one page.
    """
    strong = style("strong", language)
    count = len(signatures.signatures)
    for number, signature in enumerate(signatures.signatures, 1):
        words = plain(f"{signature.meaning} · {signature.role}" if signature.role else signature.meaning)
        lines = paragraph(Element("P", document), words, strong, width)
        lines[0].gap = 16.0
        for line in lines:
            line.keep = True
            yield line
        fields = _fields(signature, document, width, language)
        fields.keep = number < count <= _TOGETHER
        yield fields


def signing_places(places: SigningPlaces, document: Element, width: float, language: str) -> Iterator[Piece]:
    """Yield the boxes, each with its number above it; the field in the file has the name `field_name` gives."""
    small = style("factlabel", language)
    for number in range(1, places.count + 1):
        says = _("Signature {number}").format(number=number)
        lines = paragraph(Element("P", document), says, small, width)
        lines[0].gap = 12.0
        for line in lines:
            line.keep = True
            yield line
        yield _place(Element("Form", document), says, field_name(number), width)


def field_name(number: int) -> str:
    """Return what the signature field of a place is called in the file."""
    return f"signature{number}"


def _place(form: Element, says: str, name: str, width: float) -> Piece:
    def paint(sheet: Sheet, left: float, top: float) -> None:
        with sheet.artifact():
            sheet.box(left, top, width, PLACE_HEIGHT, outline=PALETTE["hair"], line=THIN)
        inner = (left + PLACE_INSET, top + PLACE_INSET, left + width - PLACE_INSET, top + PLACE_HEIGHT - PLACE_INSET)
        sheet.field(form, inner, says, name)

    return Painted(PLACE_HEIGHT, paint, gap=3.0)


def _fields(signature: Signature, document: Element, width: float, language: str) -> Piece:
    fact, label = style("fact", language), style("factlabel", language)
    room = width - _GUTTER * (len(_SHARES) - 1)
    list_ = Element("L", document, attributes="/A<</O/List/ListNumbering/None>>")
    fields = []
    left = 0.0
    for (title, value), share in zip(_values(signature), _SHARES, strict=True):
        entry = Element("LI", list_)
        lines = broken(plain(value), fact.face, fact.size, room * share) if value else ()
        fields.append(
            (left, room * share, Element("Lbl", entry), title, Element("LBody", entry) if value else None, lines)
        )
        left += room * share + _GUTTER
    above = max(_ROOM_TO_SIGN if signature.at is None else 0.0, *(len(field[-1]) * fact.leading for field in fields))

    def paint(sheet: Sheet, page_left: float, top: float) -> None:
        line = top + above + 3
        for x, wide, name, title, body, lines in fields:
            with sheet.artifact():
                sheet.rule(page_left + x, line, page_left + x + wide, line, width=THIN)
            with sheet.content(name):
                sheet.words(title, page_left + x, line + 2 + label.ascent, label)
            if body is not None:
                with sheet.content(body):
                    for index, text in enumerate(lines):
                        baseline = line - 3 - (len(lines) - index) * fact.leading + fact.ascent
                        sheet.words(text, page_left + x, baseline, fact)

    return Painted(above + 5 + label.leading, paint, gap=4.0)


def _values(signature: Signature) -> tuple[tuple[str, str], ...]:
    at: datetime | None = signature.at
    return (
        (_("Printed name"), signature.name),
        (_("Signature"), "" if at is None else _("Signed electronically")),
        (_("Date and time, with time zone"), "" if at is None else moment(at, signature.zone)),
    )

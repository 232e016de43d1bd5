"""What a signature shows on the page: printed name, time with zone, meaning (21 CFR 11.50), as a picture of its own.

It is drawn by the page kit in the document's letters and then laid into the signature field, so it says on the page
what the signature says in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from trialdesk.base.i18n import _, speaking
from trialdesk.documents.rules import ToSeal
from trialdesk.reporting.paper import style
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.signatures import signature_pieces
from trialdesk.reporting.structure import Signature, Signatures
from trialdesk.reporting.tags import Element


def picture(what: ToSeal, width: float, height: float) -> bytes:
    """Return a PDF of one page of these proportions with the manifestation; a long one is drawn smaller."""
    with speaking(what.language):
        said = Signature(_(what.meaning), name=what.name, at=what.at, zone="UTC")
        reference = _("Signature {id}").format(id=what.signature)
    scale = 1.0
    while True:
        sheet = _Picture()
        sheet.begin(width * scale, height * scale)
        with speaking(what.language):
            bottom = _draw(sheet, said, reference, width * scale, what.language)
        if bottom <= height * scale:
            return sheet.pdf()
        scale *= 1.15


def _draw(sheet: Sheet, said: Signature, reference: str, width: float, language: str) -> float:
    """Draw the signature from the top on and, beside its meaning, which record it is; return where it ends."""
    small = style("frame", language)
    right = width - small.face.width(reference, small.size)
    sheet.words(reference, right, small.ascent, small)
    top = 0.0
    for index, piece in enumerate(signature_pieces(Signatures((said,)), Element("Document"), width, language)):
        top += piece.gap if index else 0.0
        piece.paint(sheet, 0.0, top)
        top += piece.height
    return top


class _Picture(Sheet):
    """A sheet whose drawing belongs to no tag tree: the field it is laid into has its own element."""

    def open_cell(self, tag: str) -> int:  # noqa: ARG002 - nothing is marked
        return 0

    def open_artifact(self, kind: str = "Layout", subtype: str = "") -> None:
        pass

    def close(self) -> None:
        pass

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:  # noqa: ARG002 - nothing is marked
        yield

    @contextmanager
    def artifact(self, kind: str = "Layout", subtype: str = "") -> Iterator[None]:  # noqa: ARG002 - nothing is marked
        yield

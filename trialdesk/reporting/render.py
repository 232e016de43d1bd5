"""From blocks and a frame to the bytes of a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC
from itertools import chain

from trialdesk.base.i18n import speaking
from trialdesk.reporting.archive import Bookmark, archive
from trialdesk.reporting.flow import Page, Turn, paginate
from trialdesk.reporting.fonts import one_line, unprinted
from trialdesk.reporting.frame import Frame, Proof
from trialdesk.reporting.furniture import Furniture
from trialdesk.reporting.layout import Layout
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.structure import Block, Landscape
from trialdesk.reporting.tags import outline
from trialdesk.reporting.text import places
from trialdesk.reporting.xmp import packet

_EXCERPT = 80
"""So much is quoted of a text with a character that cannot be printed."""


def render(blocks: Sequence[Block], frame: Frame, *, language: str = "") -> bytes:
    """Return the document as PDF 1.7, PDF/A-2u and PDF/UA-1; the same input gives the same bytes.

    `language`, where given, takes the place of the frame's. It does not sign and does not say when it was printed.
    A character no font has is printed as its number and named in the last words. Raises ValueError for a structure that
    makes no sense (a heading that skips a level, a row with too few cells).
    """
    if language:
        frame = replace(frame, language=language)
    with speaking(frame.language):
        furniture = Furniture(frame)
        layout, pages = _laid(blocks, frame, furniture)
        sheet = _drawn(pages, furniture)
    return archive(
        sheet,
        layout.document,
        title=_title(frame),
        language=frame.language,
        creator=f"TrialDesk {frame.version}",
        at=frame.cutoff,
        metadata=packet(_proof(frame), title=_title(frame), at=frame.cutoff),
        bookmarks=[Bookmark(heading.level, heading.text, sheet.places[key]) for heading, key in layout.headings],
    )


def tag_tree(blocks: Sequence[Block], frame: Frame) -> str:
    """Return the tag tree of the document as indented lines, for a test to compare."""
    with speaking(frame.language):
        furniture = Furniture(frame)
        layout, pages = _laid(blocks, frame, furniture)
        _drawn(pages, furniture)
    return "\n".join(outline(layout.document)) + "\n"


def _laid(blocks: Sequence[Block], frame: Frame, furniture: Furniture) -> tuple[Layout, list[Page]]:
    areas = {landscape: furniture.area(landscape=landscape) for landscape in (False, True)}
    lies = bool(blocks) and isinstance(blocks[0], Landscape)
    layout = Layout(frame.language, areas, landscape=lies, target=frame.papers)
    opening = furniture.opening(layout.document, areas[lies])
    pieces = layout.pieces([*blocks, *furniture.closing(_unprinted([frame, *blocks]))])
    return layout, paginate(chain([Turn(landscape=lies)], opening, pieces), areas)


def _drawn(pages: list[Page], furniture: Furniture) -> Sheet:
    sheet = Sheet(apart=True)
    sheet.places = places([page.placed for page in pages])
    for page in pages:
        sheet.begin(page.area.page_width, page.area.page_height)
        furniture.paint(sheet, page.area, len(pages))
        for piece, top in page.placed:
            piece.paint(sheet, page.area.left, top)
    return sheet


def _unprinted(said: object) -> list[tuple[str, str]]:
    """Return each character that no font has, with the first text in which it stands."""
    found: dict[str, str] = {}
    for text in _texts(said):
        for character in unprinted(text):
            found.setdefault(character, text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…")
    return list(found.items())


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Sequence) and not isinstance(said, bytes):
        for each in said:
            yield from _texts(each)
    elif is_dataclass(said):
        for field in fields(said):
            yield from _texts(getattr(said, field.name))


def _title(frame: Frame) -> str:
    return one_line(f"{frame.title} – {frame.study}")


def _proof(frame: Frame) -> Proof:
    return Proof(
        key=frame.key,
        parameters=frame.parameters,
        study=frame.study,
        language=frame.language,
        state=frame.state,
        blinding=frame.blinding,
        position=frame.position,
        cutoff=frame.cutoff.astimezone(UTC).isoformat(),
        digest=frame.digest,
        role=frame.role,
        account=frame.account,
        version=frame.version,
        issue=_counted(frame.issue),
        places=_counted(frame.places),
        uncompared="" if frame.compared else "yes",
    )


def _counted(number: int) -> str:
    return str(number) if number else ""

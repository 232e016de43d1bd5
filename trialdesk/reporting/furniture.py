"""What stands on every page about the document: header, footer, draft mark; its opening and its last words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.dates import both
from trialdesk.reporting.flow import Painted, Piece
from trialdesk.reporting.fonts import one_line, plain
from trialdesk.reporting.frame import Frame
from trialdesk.reporting.lines import broken
from trialdesk.reporting.paper import HAIR, PALETTE, PAPERS, THICK, Area, style
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.structure import Block, Column, Definitions, Heading, Table
from trialdesk.reporting.tags import Element
from trialdesk.reporting.text import paragraph

AUDIENCES = {
    "inside": N_("Secret. Never leaves the study site."),
    "site": N_("Confidential. For the study site."),
    "sponsor": N_("Confidential. For the sponsor and the supporter."),
    "regulator": N_("Confidential. For the regulatory authority."),
    "ethics": N_("Confidential. For the ethics committee."),
    "outside": N_("May be given to persons outside the study."),
}
STATES = {"draft": N_("Draft"), "final": N_("Final"), "superseded": N_("Superseded")}
BLINDING = {"open": "", "blinded": N_("Blinded"), "unblinded": N_("UNBLINDED: shows treatment allocation")}

MARKS = {"draft": N_("DRAFT"), "superseded": N_("SUPERSEDED")}
"""What is written across every page that counts for nothing: text of the page and of no element, under all the rest."""
_SPACE = 9.0
_DIAGONAL = 0.7071


UNCOMPARED = N_(
    "Not looked for: whoever made this document may not open the identification code list. What is handed out is to be "
    "made by somebody who may."
)
"""What the last page says of a paper for others in which nobody could look for names."""


class Furniture:
    """The frame of one document. Texts are taken in the language in force when it is made."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._language = frame, frame.language
        self._text, self._strong = style("frame", frame.language), style("framestrong", frame.language)
        self._about = [
            _("Data as of {moment}").format(moment=self._cutoff(seconds=False)),
            _("Record position {position}").format(position=frame.position_short),
            f"SHA-256 {readable(frame.digest)}",
            _("Made by {person}").format(person=_person(frame)),
            f"TrialDesk {frame.version}",
        ]

    def _state(self) -> str:
        frame = self._frame
        version = _("version {number}").format(number=frame.issue) if frame.issue else ""
        return _joined(_(STATES[frame.state]), version)

    def _cutoff(self, *, seconds: bool) -> str:
        return both(self._frame.cutoff, self._frame.zone, seconds=seconds)

    def area(self, *, landscape: bool) -> Area:
        """Return the page and what the frame leaves of it; a page on its side is bound at its top."""
        paper = PAPERS[self._frame.papers]
        width, height, left, top, right = paper.width, paper.height, paper.binding, paper.head, paper.margin
        if landscape:
            width, height, left, top, right = height, width, paper.margin, paper.binding, paper.head
        room = width - left - right
        head = len(self._header(room)) * self._text.leading + 4
        foot = (1 + len(self._footer(room))) * self._text.leading + 4
        return Area(width, height, left, top + head + _SPACE, room, height - paper.margin - foot - _SPACE)

    def _header(self, room: float) -> list[tuple[str, str]]:
        frame = self._frame
        protocol = _("Protocol {version}").format(version=frame.protocol) if frame.protocol else ""
        lines = [(frame.study, frame.title), (_joined(protocol, frame.site), _joined(_(BLINDING[frame.blinding])))]
        face, size = self._strong.face, self._strong.size
        fitted: list[tuple[str, str]] = []
        for left, right in lines:
            right_lines = _few(broken(one_line(right), face, size, 0.55 * room)) if right else ("",)
            left_lines = _few(broken(one_line(left), face, size, room - 0.55 * room - 12)) if left else ("",)
            fitted += zip_longest(left_lines, right_lines, fillvalue="")
        return [pair for pair in fitted if any(pair)]

    def _footer(self, room: float) -> list[str]:
        lines: list[str] = []
        for text in map(one_line, self._about):
            longer = f"{lines[-1]} · {text}" if lines else text
            if lines and self._text.face.width(longer, self._text.size) <= room:
                lines[-1] = longer
            else:
                lines += _few(broken(text, self._text.face, self._text.size, room))
        return lines

    def paint(self, sheet: Sheet, area: Area, pages: int) -> None:
        """Draw what stands on every page; `pages` is how many there are."""
        if self._frame.state in MARKS:
            self._watermark(sheet, area)
        right = area.left + area.width
        header = self._header(area.width)
        leading = self._text.leading
        top = area.top - _SPACE - 4 - len(header) * leading
        with sheet.artifact("Pagination", "Header"):
            for index, (left_text, right_text) in enumerate(header):
                set_in = self._strong if index == 0 else self._text
                mark = self._strong if index and self._frame.blinding == "unblinded" else self._text
                sheet.words(left_text, area.left, top + set_in.ascent, set_in)
                at = right - mark.face.width(right_text.rstrip(), mark.size)
                sheet.words(right_text, at, top + mark.ascent, mark)
                top += leading
            sheet.rule(area.left, top + 4, right, top + 4, width=HAIR)
        with sheet.artifact("Pagination", "Footer"):
            top = area.bottom + _SPACE
            sheet.rule(area.left, top, right, top, width=HAIR)
            top += 4
            number = _("Page {page} of {pages}").format(page=sheet.page + 1, pages=pages)
            reader = _joined(self._state(), _(AUDIENCES[self._frame.audience]))
            sheet.words(reader, area.left, top + self._text.ascent, self._text)
            at = right - self._strong.face.width(number, self._strong.size)
            sheet.words(number, at, top + self._text.ascent, self._strong)
            for line in self._footer(area.width):
                top += leading
                sheet.words(line, area.left, top + self._text.ascent, self._text)

    def _watermark(self, sheet: Sheet, area: Area) -> None:
        text = _(MARKS[self._frame.state])
        mark = style("watermark", self._language)
        width = mark.face.width(text, mark.size)
        if width > 0.95 * area.page_width:
            mark = type(mark)(mark.face, mark.size * 0.95 * area.page_width / width, mark.leading)
            width = 0.95 * area.page_width
        half = width / 2 * _DIAGONAL
        x, y = area.page_width / 2 - half + 0.25 * mark.size, area.page_height / 2 + half + 0.25 * mark.size
        with sheet.artifact("Pagination", "Watermark"):
            for letter in text:  # by itself: PDFium reads tables otherwise where one slanting text crosses the page
                sheet.words(letter, x, y, mark, colour=PALETTE["watermark"], turn=45)
                step = mark.face.width(letter, mark.size) * _DIAGONAL
                x, y = x + step, y - step

    def opening(self, document: Element, area: Area) -> Iterator[Piece]:
        """Yield the title, the study's title and, between two rules, what the reader looks for first."""
        frame = self._frame
        yield from paragraph(Element("Title", document), plain(frame.title), style("title", self._language), area.width)
        if frame.study_title:
            subtitle = style("subtitle", self._language)
            yield from paragraph(Element("P", document), plain(frame.study_title), subtitle, area.width)
        facts = [
            (_("Study"), frame.study),
            (_("Protocol"), frame.protocol),
            (_("Site"), frame.site),
            (_("State"), _joined(self._state(), _(BLINDING[frame.blinding]))),
            (_("Data as of"), self._cutoff(seconds=False)),
        ]
        yield self._facts([(label, one_line(value)) for label, value in facts if value], document, area.width)

    def _facts(self, facts: list[tuple[str, str]], document: Element, width: float) -> Piece:
        label, fact = style("factlabel", self._language), style("fact", self._language)
        gutter = 14.0
        wishes = [max(fact.face.width(text, fact.size), label.face.width(name, label.size)) + 1 for name, text in facts]
        room = width - gutter * (len(facts) - 1)
        fair = room / len(facts)
        spare = sum(max(fair - wish, 0.0) for wish in wishes)
        needy = sum(max(wish - fair, 0.0) for wish in wishes)
        sizes = [wish if wish <= fair else fair + (wish - fair) / needy * spare for wish in wishes]
        cells = [
            _few(broken(text, fact.face, fact.size, size), 4) for (_name, text), size in zip(facts, sizes, strict=True)
        ]
        list_ = Element("L", document, attributes="/A<</O/List/ListNumbering/None>>")
        entries = [Element("LI", list_) for _fact in facts]
        tags = [(Element("Lbl", entry), Element("LBody", entry)) for entry in entries]
        height = 12 + label.leading + max(len(lines) for lines in cells) * fact.leading

        def paint(sheet: Sheet, left: float, top: float) -> None:
            with sheet.artifact():
                for y, thickness in ((top, THICK), (top + height, HAIR)):
                    sheet.rule(left, y, left + width, y, width=thickness)
            x = left
            for (name, _text), lines, size, (name_tag, text_tag) in zip(facts, cells, sizes, tags, strict=True):
                y = top + 6
                with sheet.content(name_tag):
                    sheet.words(name, x, y + label.ascent, label)
                y += label.leading
                with sheet.content(text_tag):
                    for line in lines:
                        sheet.words(line, x, y + fact.ascent, fact)
                        y += fact.leading
                x += size + gutter

        return Painted(height, paint, gap=12.0)

    def closing(self, unprinted: Sequence[tuple[str, str]] = ()) -> list[Block]:
        """Return the last words: everything needed to make the document again and compare.

        `unprinted` are the characters that no font has, each with a text in which it stands.
        """
        frame = self._frame
        pairs = [
            (_("Document"), f"{frame.title} ({frame.key})"),
            (_("State"), self._state()),
            (_("Chosen parameters"), frame.parameters if frame.parameters != "{}" else _("none")),
            (_("Data as of"), self._cutoff(seconds=True)),
            (_("Record position"), frame.position),
            (_("SHA-256 of the data"), frame.digest),
            (_("Made by"), _person(frame)),
            (_("Program"), f"TrialDesk {frame.version}"),
            *(() if frame.compared else ((_("Names of participants"), _(UNCOMPARED)),)),
            *(
                (_("Could not be printed"), _("{character} in “{text}”").format(character=plain(character), text=text))
                for character, text in unprinted
            ),
        ]
        return [Heading(1, _("About this document")), Definitions(pairs, style="fine"), *self._versions()]

    def _versions(self) -> list[Block]:
        """Return the final versions before this one, where there are any."""
        if not self._frame.versions:
            return []
        columns = (
            Column(_("Version"), 0.7, names_row=True),
            Column(_("Final on"), 1.2),
            Column(_("Made final by"), 1.6),
            Column(_("What was new"), 1.6),
            Column(_("SHA-256 of the data"), 1.6),
        )
        rows = [(*told, readable(digest)) for *told, digest in self._frame.versions]
        return [Heading(2, _("Final versions before this one")), Table(columns, rows)]


def readable(digest: str) -> str:
    """Return a digest's first and last eight digits, which is enough to tell two documents apart by eye."""
    return f"{digest[:8]}…{digest[-8:]}"


def _person(frame: Frame) -> str:
    return _joined(frame.account, frame.role) or _("not recorded")


def _few(lines: Sequence[str], most: int = 2) -> Sequence[str]:
    """Return the lines of a name that stands on every page; of one that is too long the first, and that it goes on."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip()[:-1]}…"]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)

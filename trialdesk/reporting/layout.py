"""From blocks to pieces: how each kind of block is set and tagged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from trialdesk.base.i18n import _
from trialdesk.reporting import structure as s
from trialdesk.reporting.flow import Painted, Piece, Space, Turn
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.frame import Target
from trialdesk.reporting.lines import broken
from trialdesk.reporting.paper import PALETTE, Area, Style, style
from trialdesk.reporting.pictures import figure_pieces
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.signatures import signature_pieces, signing_places
from trialdesk.reporting.tables import table_pieces
from trialdesk.reporting.tags import Element, text_string
from trialdesk.reporting.text import Line, paragraph

_INDENT = 16.0
_BOX = 0.72
_TOGETHER = 12
"""So many fine lines are kept on one page: what a document says about itself."""


class Layout:
    """The setting of one document: its tag tree and its headings come to be as its blocks are laid."""

    def __init__(self, language: str, areas: dict[bool, Area], *, landscape: bool = False, target: Target = "") -> None:
        self._language, self._areas, self._target = language, areas, target
        self._area = areas[landscape]
        self.document = Element("Document")
        self.headings: list[tuple[s.Heading, str]] = []
        self._level = 0

    def pieces(self, blocks: Iterable[s.Block]) -> Iterator[Piece | Turn]:
        """Yield the pieces of `blocks`. Raises ValueError for a heading that skips a level."""
        blocks = list(blocks)
        for block, after in zip_longest(blocks, blocks[1:]):
            if isinstance(block, s.Contents):
                yield from self._contents(block, [other for other in blocks if isinstance(other, s.Heading)])
            elif isinstance(block, s.Landscape | s.Portrait):
                area = self._areas[isinstance(block, s.Landscape)]
                if area is not self._area:
                    self._area = area
                    yield Turn(landscape=isinstance(block, s.Landscape))
            elif isinstance(block, s.NewPage):
                yield Turn()
            elif isinstance(after, s.Signatures):
                yield from _held(self._block(block))
            else:
                yield from self._block(block)

    def _block(self, block: s.Block) -> Iterator[Piece]:
        if isinstance(block, s.Heading):
            yield from self._heading(block)
        elif isinstance(block, s.Paragraph):
            yield from paragraph(
                Element("P", self.document), plain(block.text), self.style(block.style), self._area.width
            )
        elif isinstance(block, s.Bullets):
            yield from self._bullets(block)
        elif isinstance(block, s.Definitions):
            yield from self._definitions(block)
        elif isinstance(block, s.Table):
            yield from self._table(block)
        elif isinstance(block, s.Figure):
            yield from figure_pieces(block, self.document, self._area, self._language)
        elif isinstance(block, s.Signatures):
            yield from signature_pieces(block, self.document, self._area.width, self._language)
        elif isinstance(block, s.SigningPlaces):
            yield from signing_places(block, self.document, self._area.width, self._language)
        elif isinstance(block, s.Checks):
            yield from self._checks(block)
        elif isinstance(block, s.Note):
            yield from self._note(block)

    def style(self, name: str) -> Style:
        """Return a style of the page in the document's language, for whom it is set."""
        return style(name, self._language, self._target)

    def _heading(self, heading: s.Heading) -> Iterator[Piece]:
        if heading.level > self._level + 1:
            raise ValueError(f"heading skips a level: {heading.text}")
        self._level = heading.level
        key = heading_key(len(self.headings))
        self.headings.append((heading, key))
        lines = paragraph(
            Element(f"H{heading.level}", self.document),
            plain(heading.text),
            self.style(f"heading{heading.level}"),
            self._area.width,
        )
        for index, line in enumerate(lines):
            line.keep = True
            line.place = "" if index else key
            yield line

    def _bullets(self, bullets: s.Bullets) -> Iterator[Piece]:
        body = self.style("body")
        list_ = Element("L", self.document, attributes=_numbering("Decimal" if bullets.numbered else "Disc"))
        for index, item in enumerate(bullets.items):
            entry = Element("LI", list_)
            label, text = Element("Lbl", entry), Element("LBody", entry)
            sign = f"{index + 1}." if bullets.numbered else "•"
            lines = paragraph(text, plain(item), body, self._area.width - _INDENT, x=_INDENT)
            lines[0].bits.insert(0, (label, sign, body, 0.0 if bullets.numbered else 4.0))
            lines[0].gap = body.gap / 2 if index else body.gap
            yield from lines

    def _definitions(self, definitions: s.Definitions) -> Iterator[Piece]:
        body = self.style(definitions.style)
        label_style = Style(self.style("strong").face, body.size, body.leading)
        pairs = [(plain(label), plain(value) or _("not recorded")) for label, value in definitions.pairs]
        widest = max((label_style.face.width(label, label_style.size) for label, _value in pairs), default=0.0)
        left = min(widest + 14, 0.38 * self._area.width)
        list_ = Element("L", self.document, attributes=_numbering("None"))
        together = definitions.style == "fine" and len(pairs) <= _TOGETHER
        for index, (label, value) in enumerate(pairs):
            entry = Element("LI", list_)
            lines = paragraph(Element("Lbl", entry), label, label_style, left - 10)
            values = paragraph(Element("LBody", entry), value, body, self._area.width - left, x=left)
            for row in range(max(len(lines), len(values))):
                bits = [bit for side in (lines, values) if row < len(side) for bit in side[row].bits]
                keep = (together and index + 1 < len(pairs)) or (values[row].keep if row < len(values) else False)
                gap = 0.0 if row else body.gap / 2 if index else body.gap
                yield Line(bits, body.leading, gap=gap, keep=keep or row + 1 < len(lines))

    def _table(self, table: s.Table) -> Iterator[Piece]:
        width, caption = self._area.width, plain(table.caption)
        if not table.rows:
            if caption:
                yield from _kept(paragraph(Element("P", self.document), caption, self.style("caption"), width))
            words = plain(table.empty) or _("None recorded.")
            yield from paragraph(Element("P", self.document), words, self.style("body"), width)
            return
        element = Element("Table", self.document)
        if caption:
            yield from _kept(paragraph(Element("Caption", element), caption, self.style("caption"), width))
        yield from table_pieces(
            table,
            element,
            width=width,
            page=self._area.height,
            gap=4.0 if caption else 12.0,
            cell=self.style("cell"),
            title=self.style("columntitle"),
        )
        yield Space(6.0)

    def _checks(self, checks: s.Checks) -> Iterator[Piece]:
        body = self.style("body")
        list_ = Element("L", self.document, attributes=_numbering("None"))
        for index, (text, ticked) in enumerate(checks.items):
            entry = Element("LI", list_)
            says = text_string(_("ticked") if ticked else _("not ticked"))
            box = _CheckBox(Element("Lbl", entry, attributes=f"/Alt{says}"), body, ticked=ticked)
            lines = paragraph(Element("LBody", entry), plain(text), body, self._area.width - _INDENT, x=_INDENT)
            box.gap, lines[0].gap = (body.gap / 2 if index else body.gap), 0.0
            yield box
            yield from lines

    def _note(self, note: s.Note) -> Iterator[Piece]:
        body = self.style("small")
        lines: list[Line] = []
        width = self._area.width - _INDENT
        if note.title:
            title = Style(self.style("strong").face, body.size, body.leading, body.gap)
            lines += _kept(paragraph(Element("P", self.document), plain(note.title), title, width, x=_INDENT))
        lines += paragraph(Element("P", self.document), plain(note.text), body, width, x=_INDENT)
        for index, line in enumerate(lines):
            line.gap, line.bar = (0.0 if index else 10.0), True
            yield line
        yield Space(4.0)

    def _contents(self, contents: s.Contents, headings: list[s.Heading]) -> Iterator[Piece | Turn]:
        toc = Element("TOC", self.document)
        width = self._area.width
        yield from _kept(paragraph(Element("Caption", toc), _("Contents"), self.style("heading1"), width))
        for index, heading in enumerate(headings):
            if heading.level <= contents.depth:
                yield from self._entry(toc, heading, heading_key(index))
        yield Turn()

    def _entry(self, toc: Element, heading: s.Heading, key: str) -> Iterator[Piece]:
        set_in = self.style("strong" if heading.level == 1 else "body")
        indent, right = _INDENT * (heading.level - 1), self._area.width
        lines = broken(plain(heading.text), set_in.face, set_in.size, right - indent - 40)
        link = Element("Link", Element("Reference", Element("TOCI", toc)))

        def paint(sheet: Sheet, left: float, top: float) -> None:
            place = sheet.places[key]
            number = str(place.page + 1)
            end = left + right - set_in.face.width(number, set_in.size)
            baseline = top + set_in.ascent
            with sheet.content(link):
                for line in lines:
                    sheet.words(line, left + indent, baseline, set_in)
                    baseline += set_in.leading
                sheet.words(number, end, baseline - set_in.leading, set_in)
            sheet.link(link, (left + indent, top, left + right, top + len(lines) * set_in.leading), heading.text, place)
            begin = left + indent + set_in.face.width(lines[-1].rstrip(" "), set_in.size) + 6
            if begin < end - 12:
                with sheet.artifact():
                    y = baseline - set_in.leading - 0.5
                    sheet.rule(begin, y, end - 6, y, width=0.4, colour=PALETTE["muted"], dash="dotted")

        yield Painted(len(lines) * set_in.leading, paint, gap=set_in.gap if heading.level == 1 else 1.0)


class _CheckBox(Piece):
    """A box before its label, drawn because no font of ours has it in every weight; it takes no height of its own."""

    __slots__ = ("_element", "_style", "_ticked")

    def __init__(self, element: Element, beside: Style, *, ticked: bool) -> None:
        super().__init__(0.0, keep=True)
        self._element, self._style, self._ticked = element, beside, ticked

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the box and, in it, the tick."""
        side = self._style.size * _BOX
        bottom = top + self._style.ascent + 0.5
        with sheet.content(self._element):
            sheet.box(left + 1, bottom - side, side, side, outline=PALETTE["ink"], line=0.8)
            if self._ticked:
                points = ((0.2, 0.55), (0.42, 0.78), (0.82, 0.22))
                sheet.path(
                    tuple((left + 1 + x * side, bottom - side + y * side) for x, y in points),
                    outline=PALETTE["ink"],
                    width=1.3,
                )


def _held(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces, the last held to what follows: nobody signs a page that does not show what is signed."""
    last: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Space):
            yield from last
            last = []
        last.append(piece)
    for piece in last:
        piece.keep = True
    yield from last


def heading_key(index: int) -> str:
    """Return the name under which the place of the heading of that number is kept."""
    return f"heading {index}"


def _kept(lines: list[Line]) -> list[Line]:
    for line in lines:
        line.keep = True
    return lines


def _numbering(kind: str) -> str:
    return f"/A<</O/List/ListNumbering/{kind}>>"

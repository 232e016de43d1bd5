"""Tables: widths of the columns, rows as pieces, column titles again on every page.

A row knows its place in the table and how many lines it has, nothing more; its cells are broken into lines again when
it is drawn. So time and memory grow with the rows and no faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.reporting.flow import Piece
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.lines import broken, longest_piece
from trialdesk.reporting.paper import HAIR, PALETTE, THICK, THIN, Style
from trialdesk.reporting.sheet import Sheet
from trialdesk.reporting.structure import Align, Table
from trialdesk.reporting.tags import Element, Row

_GUTTER = 9.0
_PAD = 2.4
_LINES_A_PART = 5
_EXCERPT = 60
_SHORT = 4.2  # Chinese of so many characters is not broken
_COLUMN = "/A<</O/Table/Scope/Column>>"
_ROW = "/A<</O/Table/Scope/Row>>"

Lines = tuple[str, ...]


def table_pieces(
    table: Table, element: Element, *, width: float, page: float, gap: float, cell: Style, title: Style
) -> Iterator[Piece]:
    """Yield the column titles and the rows of `table` as pieces `width` points wide.

    `page` is the height of a page, `gap` the space above.

    Raises ValueError for a row that has not a cell for every column, UserError for a title that fills the page.
    """
    for number, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            raise ValueError(f"row {number} has {len(row)} cells for {len(table.columns)} columns")
    body = _Body(table, element, width, cell, title)
    for column, titles in zip(table.columns, body.heads, strict=True):
        if len(titles) * title.leading > page / 3:
            raise UserError(
                _("“{text}…” is too long for the title of a column.").format(text=plain(column.title)[:_EXCERPT]),
                remedy=_("Shorten the name in the record it comes from."),
            )
    head = _Head(body, again=True)
    yield _Head(body, again=False, gap=gap)
    for index in range(len(table.rows)):
        lines = max(len(lines) for lines in body.cells(index))
        if lines * cell.leading < page / 3:
            yield _Row(body, index, 0, lines, head=head, last=True)
        else:
            for first in range(0, lines, _LINES_A_PART):
                end = min(first + _LINES_A_PART, lines)
                yield _Row(body, index, first, end, head=head, last=end == lines)


def widths(table: Table, room: float, cell: Style, title: Style) -> list[float]:
    """Return the widths of the columns, which fill `room` points; those without a share fit their content.

    No share is less than the column's longest word needs. Where there is no room for that, the content of all decides;
    and where there is none for the longest words of all, the broadest columns break theirs.
    """
    rows = [
        *table.rows[:100],
        *table.rows[100 :: max(1, len(table.rows) // 300)],
        *table.rows[-table.totals or len(table.rows) :],
    ]
    natural, least = [], []
    for index, column in enumerate(table.columns):
        texts = [plain(row[index]) for row in rows]
        heads = plain(column.title)
        whole = max((cell.face.width(line, cell.size) for text in texts for line in text.split("\n")), default=0.0)
        word = max((longest_piece(text, cell.face, cell.size) for text in texts), default=0.0)
        head_word = longest_piece(heads, title.face, title.size)
        head = max(title.face.width(line, title.size) for line in heads.split("\n"))
        head_least = max(head_word, min(head, _SHORT * title.size))
        natural.append(max(whole, head_least, min(head, 2.2 * head_word)) + 0.1)
        least.append(min(max(word, min(whole, _SHORT * cell.size), head_least) + 0.1, 0.45 * room))
    shares = [column.width for column in table.columns]
    fixed = [0.0 if share else min(size, 0.4 * room) for share, size in zip(shares, natural, strict=True)]
    rest = room - sum(fixed)
    if any(shares) and rest >= sum(size for share, size in zip(shares, least, strict=True) if share):
        shared = _shared(shares, least, rest)
        return [part if share else size for share, part, size in zip(shares, shared, fixed, strict=True)]
    if sum(natural) <= room:
        spare = (room - sum(natural)) / sum(natural)
        return [size * (1 + spare) for size in natural]
    if sum(least) >= room:
        level = _level(least, room)
        return [min(size, level) for size in least]
    wish = [size - floor for size, floor in zip(natural, least, strict=True)]
    level = _level(wish, room - sum(least))
    return [floor + min(more, level) for floor, more in zip(least, wish, strict=True)]


def _shared(shares: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Return how `room` is shared out so that none gets less than its least; nothing to a column without a share."""
    found = [0.0] * len(shares)
    open_ = [index for index, share in enumerate(shares) if share]
    while open_:
        each = room / sum(shares[index] for index in open_)
        short = [index for index in open_ if shares[index] * each < least[index]]
        for index in short or open_:
            found[index] = least[index] if short else shares[index] * each
        room -= sum(least[index] for index in short)
        open_ = [index for index in open_ if short and index not in short]
    return found


def _level(wishes: list[float], room: float) -> float:
    """Return how much each column may have so that `room` is used up: the modest get all, the rest share alike."""
    for count, wish in enumerate(sorted(wishes)):
        if wish * (len(wishes) - count) >= room:
            return room / (len(wishes) - count)
        room -= wish
    return max(wishes, default=0.0)


class _Body:
    """What the pieces of one table share."""

    def __init__(self, table: Table, element: Element, width: float, cell: Style, title: Style) -> None:
        self.rows: Sequence[Sequence[str]] = table.rows
        self.element, self.width, self.cell, self.title = element, width, cell, title
        self.widths = widths(table, width - _GUTTER * (len(table.columns) - 1), cell, title)
        self.lefts = [sum(self.widths[:index]) + _GUTTER * index for index in range(len(self.widths))]
        self.aligns: list[Align] = [column.align for column in table.columns]
        self.heads = [
            broken(plain(column.title), title.face, title.size, size)
            for column, size in zip(table.columns, self.widths, strict=True)
        ]
        self.totals_from = len(table.rows) - table.totals
        self.tags = ["TH" if column.names_row else "TD" for column in table.columns]
        element.cells = tuple(f"TH{_ROW}" if column.names_row else "TD" for column in table.columns)
        self.open_row: list[Element] = []

    def style(self, index: int) -> Style:
        return self.title if index >= self.totals_from else self.cell

    def cells(self, index: int) -> list[Lines]:
        """Return the lines of each cell of a row."""
        row = self.rows[index]
        style = self.style(index)
        width_of, size = style.face.width, style.size
        cells: list[Lines] = []
        for raw, width in zip(row, self.widths, strict=True):
            text = plain(raw)
            if "\n" not in text and width_of(text, size) <= width:
                cells.append((text,))
            else:
                cells.append(broken(text, style.face, size, width))
        return cells

    def write(self, sheet: Sheet, column: int, lines: Sequence[str], style: Style, *, left: float, top: float) -> None:
        """Write the lines of one cell below each other, aligned as its column is."""
        align, x = self.aligns[column], left + self.lefts[column]
        for line in lines:
            shift = 0.0
            if align != "left":
                room = self.widths[column] - style.face.width(line.rstrip(" "), style.size)
                shift = room if align == "right" else room / 2
            sheet.words(line, x + shift, top + style.ascent, style)
            top += style.leading


class _Head(Piece):
    """The titles of the columns: a row of the table the first time, part of the page after that."""

    __slots__ = ("_again", "_body", "_lines")

    def __init__(self, body: _Body, *, again: bool, gap: float = 0.0) -> None:
        self._lines = max(len(lines) for lines in body.heads)
        super().__init__(self._lines * body.title.leading + 2 * _PAD + (_PAD if again else 0.0), gap=gap, keep=True)
        self._body, self._again = body, again

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the titles between two rules, the lower ends of all on one line."""
        body, leading = self._body, self._body.title.leading
        row = None if self._again else Element("TR", body.element)
        below = top + self._lines * leading + 2 * _PAD
        with sheet.artifact():
            sheet.rule(left, top, left + body.width, top, width=THICK)
            sheet.rule(left, below, left + body.width, below, width=THIN)
        for column, lines in enumerate(body.heads):
            first = top + _PAD + (self._lines - len(lines)) * leading
            if row is None:
                sheet.open_artifact("Pagination")
            else:
                sheet.open(Element("TH", row, attributes=_COLUMN))
            body.write(sheet, column, lines, body.title, left=left, top=first)
            sheet.close()


class _Row(Piece):
    """A row, or some lines of one that is too tall to go on a page whole."""

    __slots__ = ("_body", "_end", "_first", "_index", "_last")

    def __init__(self, body: _Body, index: int, first: int, end: int, *, head: Piece, last: bool) -> None:
        above, below = (0.0 if first else _PAD), (_PAD if last else 0.0)
        super().__init__((end - first) * body.cell.leading + above + below, head=head, keep=index == len(body.rows) - 2)
        self._body, self._index, self._first, self._end, self._last = body, index, first, end, last

    def paint(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the cells and the rule below."""
        body, style = self._body, self._body.style(self._index)
        whole = self._last and not self._first
        text_top = top + (0.0 if self._first else _PAD)
        if not whole and not self._first:
            row = Element("TR", body.element)
            body.open_row = [Element(tag, row, attributes=_ROW if tag == "TH" else "") for tag in body.tags]
        number = -1
        for column, lines in enumerate(body.cells(self._index)):
            if whole:
                opened = sheet.open_cell(body.tags[column])
                number = opened if number < 0 else number
            else:
                sheet.open(body.open_row[column])
            body.write(sheet, column, lines[self._first : self._end], style, left=left, top=text_top)
            sheet.close()
        if whole:
            body.element.kids.append(Row(sheet.page, number))
        if self._last:
            self._rule(sheet, left, top + self.height)

    def _rule(self, sheet: Sheet, left: float, y: float) -> None:
        body = self._body
        following = self._index + 1
        width = THICK if following == len(body.rows) else THIN if following == body.totals_from else HAIR
        sheet.open_artifact()
        sheet.rule(left, y, left + body.width, y, width=width, colour=PALETTE["hair" if width == HAIR else "ink"])
        sheet.close()

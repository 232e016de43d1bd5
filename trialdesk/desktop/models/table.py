"""One table model for every list: frozen rows and declared columns, refreshed without losing the reader's place.

New rows are compared with the old by id and told to the view as removals, moves, insertions and changes. Where that
would be more telling than doing, the layout is told to have changed, with every selected and current cell carried over
by id. The model is never reset.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from trialdesk.base.i18n import _
from trialdesk.desktop.models.rows import Column, Order, Prepared, Row, in_order, matching, prepare, words
from trialdesk.desktop.models.status import Status

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole
FEW_STEPS = 48
"""More removals, moves and insertions than this are told as one change of layout."""
COMPARED = 20_000
"""Lists longer than this are not compared row by row."""

_SIDES = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignCenter,
}


class TableModel(QAbstractTableModel):
    """Rows shown: those of `Prepared` that match what is sought, in the order asked for."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.prepared = Prepared(columns)
        self.sorted_by: Column | None = None
        self.descending = False
        self._order: Order = range(0)
        self._sought = ""
        self._shown: list[Row] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. Prepares and sorts at once: for more than a few thousand rows use `set_prepared`."""
        prepared = prepare(rows, self.columns)
        self.set_prepared(prepared, in_order(prepared, self.sorted_by, descending=self.descending))

    def set_prepared(self, prepared: Prepared, order: Order) -> None:
        """Show rows made ready elsewhere, in an order worked out elsewhere (`rows.prepare`, `rows.in_order`)."""
        self.prepared = prepared
        self._order = order
        self._adopt()

    def sort_by(self, column: Column | None, *, descending: bool, order: Order | None = None) -> None:
        """Sort by a column, or as the rows came; `order` where it was worked out elsewhere."""
        self.sorted_by = column
        self.descending = descending
        self._order = in_order(self.prepared, column, descending=descending) if order is None else order
        self._adopt()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def seek(self, sought: str) -> None:
        """Show only rows in which every word of `sought` is found."""
        self._sought = sought
        self._adopt()

    @property
    def sought(self) -> str:
        """Return what is sought now."""
        return self._sought

    @property
    def total(self) -> int:
        """Return how many rows there are, shown or not."""
        return len(self.prepared.rows)

    def row_at(self, index: Index) -> Row | None:
        """Return the row an index lies in."""
        return self._shown[index.row()] if index.isValid() else None

    def shown_rows(self) -> list[Row]:
        """Return the rows shown, in order."""
        return list(self._shown)

    def place_of(self, identity: str) -> int | None:
        """Return at which line the row with this id is shown, or None."""
        return next((line for line, row in enumerate(self._shown) if row.id == identity), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many columns there are, shown or not."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; the whole row under `ROW_ROLE`, a `Status` under the decoration role."""
        if not index.isValid():
            return None
        row = self._shown[index.row()]
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.words(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_(column.title)}: {column.words(row)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _SIDES[column.side]
            case Qt.ItemDataRole.ToolTipRole:
                return column.copied(row) or None
            case role if role == ROW_ROLE:
                return row
            case _:
                return None

    def status_at(self, index: Index) -> Status | None:
        """Return the state a cell shows, if it shows one."""
        value = self.columns[index.column()].value(self._shown[index.row()])
        return value if isinstance(value, Status) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title, its explanation, and on which side it stands."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                arrow = f" {'↓' if self.descending else '↑'}" if column is self.sorted_by else ""
                return _(column.title) + arrow
            case Qt.ItemDataRole.ToolTipRole:
                return _(column.tooltip or column.title)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _SIDES[column.side]
            case _:
                return None

    def _adopt(self) -> None:
        rows = self.prepared.rows
        new = [rows[position] for position in matching(self.prepared, self._order, self._sought)]
        if len(self._shown) + len(new) > COMPARED or not self._step_to(new):
            self._lay_out(new)

    def _lay_out(self, new: list[Row]) -> None:
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        sought = {self._shown[index.row()].id for index in kept}
        places = {row.id: line for line, row in enumerate(new) if row.id in sought} if sought else {}
        moved = [
            self.createIndex(places[identity], index.column())
            if (identity := self._shown[index.row()].id) in places
            else QModelIndex()
            for index in kept
        ]
        self._shown = new
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _step_to(self, new: list[Row]) -> bool:
        """Go from the rows shown to `new` in few steps; False, with nothing done, where it would take many."""
        old_ids = [row.id for row in self._shown]
        new_ids = [row.id for row in new]
        staying = set(old_ids) & set(new_ids)
        removals = _runs([line for line, identity in enumerate(old_ids) if identity not in staying])
        insertions = _runs([line for line, identity in enumerate(new_ids) if identity not in staying])
        middle = [identity for identity in old_ids if identity in staying]
        target = [identity for identity in new_ids if identity in staying]
        moves = _moves(middle, target)
        if len(removals) + len(insertions) + len(moves) > FEW_STEPS:
            return False
        root = QModelIndex()
        for first, last in reversed(removals):
            self.beginRemoveRows(root, first, last)
            del self._shown[first : last + 1]
            self.endRemoveRows()
        for start, end in moves:
            self.beginMoveRows(root, start, start, root, end + 1 if end > start else end)
            self._shown.insert(end, self._shown.pop(start))
            self.endMoveRows()
        for first, last in insertions:
            self.beginInsertRows(root, first, last)
            self._shown[first:first] = new[first : last + 1]
            self.endInsertRows()
        changed = _runs([line for line, row in enumerate(new) if self._shown[line] != row])
        self._shown = new
        right = len(self.columns) - 1
        for first, last in changed:
            self.dataChanged.emit(self.index(first, 0), self.index(last, right))
        return True


def cell(column: Column, row: Row) -> object:
    """Return a cell's value for a file: numbers and dates as they are, a state as its word."""
    if column.full:
        return column.full(row)
    value = column.value(row)
    return words(value) if isinstance(value, Status | bool) else column.text(row) if column.text else value


def _runs(lines: list[int]) -> list[tuple[int, int]]:
    """Return ascending lines as (first, last) of unbroken stretches."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs


def _moves(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return the fewest single moves (from line, to line, each as it is then) that turn `old` into `new`.

    Rows of a longest ascending subsequence stay. Where more than FEW_STEPS are needed, that many and one are returned.
    """
    if old == new:
        return []
    place = {identity: line for line, identity in enumerate(new)}
    staying = _longest_ascending([place[identity] for identity in old])
    if len(old) - len(staying) > FEW_STEPS:
        return [(0, 0)] * (FEW_STEPS + 1)
    now = list(old)
    moves: list[tuple[int, int]] = []
    for line, identity in enumerate(new):
        if line in staying:
            continue
        start = now.index(identity)
        now.pop(start)
        end = now.index(new[line - 1]) + 1 if line else 0
        now.insert(end, identity)
        moves.append((start, end))
    return [(start, end) for start, end in moves if start != end]


def _longest_ascending(numbers: list[int]) -> set[int]:
    tails: list[int] = []
    tail_at: list[int] = []
    before = [-1] * len(numbers)
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before[at] = tail_at[length - 1] if length else -1
        if length == len(tails):
            tails.append(number)
            tail_at.append(at)
        else:
            tails[length] = number
            tail_at[length] = at
    found: set[int] = set()
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        found.add(numbers[at])
        at = before[at]
    return found

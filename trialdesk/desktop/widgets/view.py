"""The rows of the one table as Qt shows them: whole rows, one height, no grid, the pointer's row lit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from trialdesk.desktop import parts, style
from trialdesk.desktop.models.table import TableModel
from trialdesk.desktop.widgets.cells import Cells
from trialdesk.desktop.widgets.widths import fitted

SELECT_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
MEASURED = 60
"""So many rows are looked at to know how wide a column must be."""


class RowsView(QTableView):
    """Shows a `TableModel`; `name` is its accessible name, translated.

    Its columns are fitted into the room there is, but for those whose width a person chose.
    """

    def __init__(self, model: TableModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self._columns = model
        self.cells = Cells(model)
        self.setItemDelegate(self.cells)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(style.ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setFixedHeight(style.ROW_HEIGHT)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(48)
        self.chosen_widths: dict[str, int] = {}
        """What a person chose, by the column's key; filled by whoever keeps it."""
        self.beneath: Sequence[RowsView] = ()
        """Lists of the same columns that stand under each other: what one needs, all have."""
        self._measured: dict[int, int] = {}
        self.fitting = False
        """Whether the columns are being fitted now: a width that changes is no person's choice."""
        self._words = parts.said("", "muted", centre=True)
        self._words.setParent(self.viewport())
        self._words.hide()

    def say(self, words: str) -> None:
        """Show words where no row is."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._words.setGeometry(0, style.WIDE, self.viewport().width(), style.WIDE)

    def stand_on(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """Make a row the current one, and alone selected: also while a key is held that would add it or take it out."""
        self.selectionModel().setCurrentIndex(index, SELECT_ROW)

    def fit(self) -> None:
        """Give every column shown its width in the room there is, for the rows as they are now."""
        for view in (self, *self.beneath):
            view._measured.clear()  # noqa: SLF001 - a list of the same columns
        self._fit()

    def _fit(self) -> None:
        if self.fitting:
            return
        header, columns = self.horizontalHeader(), self._columns.columns
        places = [header.logicalIndex(place) for place in range(len(columns))]
        places = [place for place in places if not self.isColumnHidden(place)]
        declared = [self.chosen_widths.get(columns[place].key, columns[place].broad) for place in places]
        asked = [max(view.wanted(place) for view in (self, *self.beneath)) for place in places]
        wanted = [self.chosen_widths.get(columns[place].key, want) for place, want in zip(places, asked, strict=True)]
        self.fitting = True
        try:
            widths = fitted(declared, wanted, self.viewport().width())
            for place, width in zip(places, widths, strict=True):
                self.setColumnWidth(place, width)
        finally:
            self.fitting = False

    def wanted(self, place: int) -> int:
        """Return how wide a column must be for its heading and the first rows to stand whole."""
        if place not in self._measured:
            header = self.horizontalHeader()
            header.ensurePolished()
            hints = (
                self.cells.width(self._columns.index(line, place))
                for line in range(min(self._columns.rowCount(), MEASURED))
            )
            self._measured[place] = max(header.sectionSizeHint(place), *hints, 0)
        return self._measured[place]

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font or style sheet: a list is mostly built before its window dresses it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._measured.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns into the room there is now."""
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which row the pointer is over."""
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over no row."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, line: int) -> None:
        if line != self.cells.hovered:
            self.cells.hovered = line
            self.viewport().update()

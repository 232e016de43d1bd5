"""The rows of the one table as Qt shows them: whole rows, one height, no grid, the pointer's row lit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from trialdesk.desktop import parts, style
from trialdesk.desktop.models.table import TableModel
from trialdesk.desktop.widgets.cells import Cells


class RowsView(QTableView):
    """Shows a `TableModel`; `name` is its accessible name, translated."""

    def __init__(self, model: TableModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
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
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setFixedHeight(style.ROW_HEIGHT)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(48)
        self._words = parts.said("", "muted", centre=True)
        self._words.setParent(self.viewport())
        self._words.hide()

    def say(self, words: str) -> None:
        """Show words where no row is."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._words.setGeometry(0, style.WIDE, self.viewport().width(), style.WIDE)

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

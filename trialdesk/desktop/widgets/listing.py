"""A short list inside a record: the one table's rows, as high as they are many, without tools of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication

from trialdesk.desktop import parts, style
from trialdesk.desktop.models.rows import Column, Row
from trialdesk.desktop.models.table import TableModel
from trialdesk.desktop.widgets.view import RowsView


class Listing(RowsView):
    """Shows a few rows whole; `name` is its accessible name, translated.

    Downwards the page around it scrolls, not the list; sideways the list does where its columns find no room.
    """

    opened = Signal(object)
    """Enter, a double click on a row or one click on its link: the row."""

    def __init__(self, columns: tuple[Column, ...], rows: Sequence[Row], *, name: str) -> None:
        model = TableModel(columns)
        super().__init__(model, name)
        model.setParent(self)
        self.rows_model = model
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalScrollBar().rangeChanged.connect(self._grow)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSortIndicatorShown(False)
        self.activated.connect(self._open)
        self.clicked.connect(self._follow)
        parts.on_keys("Ctrl+C", self, self.copy)
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead; the current one stays current where it is still there."""
        self.rows_model.set_rows(rows)
        self._grow()
        self.fit()

    def seek(self, sought: str) -> None:
        """Show only rows in which every word is found."""
        self.rows_model.seek(sought)
        self._grow()

    def current(self) -> Any:
        """Return the current row, or None."""
        return self.rows_model.row_at(self.currentIndex())

    def select(self, identity: str) -> None:
        """Make the row with this id current."""
        line = self.rows_model.place_of(identity)
        if line is not None:
            self.stand_on(self.rows_model.index(line, 0))

    def copy(self) -> None:
        """Copy the selected rows, what is shown shortened in full."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = [self.rows_model.shown_rows()[line] for line in chosen]
        lines = ["\t".join(column.copied(row) for column in self.rows_model.columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def open_current(self) -> None:
        """Open the current row, as Enter does."""
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the first row when the focus comes by keyboard."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount():
            self.stand_on(self.rows_model.index(0, 0))

    def sizeHint(self) -> Any:
        """Return the height of all rows, and a width that gives way."""
        hint = super().sizeHint()
        hint.setHeight(self.height())
        return hint

    def _grow(self, *_range: int) -> None:
        across = self.horizontalScrollBar()
        bar = across.sizeHint().height() if across.maximum() > across.minimum() else 0
        self.setFixedHeight((self.rows_model.rowCount() + 1) * style.ROW_HEIGHT + 2 + bar)
        self.updateGeometry()

    def _follow(self, index: QModelIndex) -> None:
        if self.rows_model.columns[index.column()].kind == "link":
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows_model.row_at(index)
        if row is not None:
            self.opened.emit(row)

"""How a cell of the one table is drawn: from one look at the row, without the style sheet in between."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trialdesk.desktop import style
from trialdesk.desktop.models.table import TableModel
from trialdesk.desktop.widgets import status

_SIDES = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


class Cells(QStyledItemDelegate):
    """Paints texts, figures and status pills. `hovered` is the line under the pointer."""

    def __init__(self, model: TableModel) -> None:
        super().__init__(model)
        self._model = model
        self.hovered = -1
        self._font = style.font()
        self._metrics = QFontMetrics(self._font)

    def restyle(self) -> None:
        """Take the font anew after the look changed."""
        self._font = style.font()
        self._metrics = QFontMetrics(self._font)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        row = self._model.row_at(index)
        if row is None:
            return
        column = self._model.columns[index.column()]
        space = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(space, style.colour("accent-soft"))
        elif index.row() == self.hovered:
            painter.fillRect(space, style.colour("hover"))
        if not chosen:
            painter.setPen(style.colour("line"))
            painter.drawLine(space.bottomLeft(), space.bottomRight())
        inner = space.adjusted(style.MEDIUM, 0, -style.MEDIUM, 0)
        shown = self._model.status_at(index) if column.kind == "status" else None
        if shown is not None:
            status.paint(painter, inner, shown)
            return
        painter.setFont(self._font)
        painter.setPen(style.colour("accent" if column.kind == "link" else "ink"))
        text = self._metrics.elidedText(column.words(row), Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | _SIDES[column.side], text)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size at which the cell stands whole."""
        return QSize(self.width(index), style.ROW_HEIGHT)

    def width(self, index: QModelIndex | QPersistentModelIndex) -> int:
        """Return the width at which the cell stands whole."""
        row, column = self._model.row_at(index), self._model.columns[index.column()]
        if row is None:
            return 0
        shown = self._model.status_at(index) if column.kind == "status" else None
        wide = status.width(shown) if shown is not None else self._metrics.horizontalAdvance(column.words(row)) + 1
        return wide + 2 * style.MEDIUM

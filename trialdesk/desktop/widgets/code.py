"""A text in lines with their numbers, of which some are marked: terms as they are written."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from trialdesk.desktop import style

Marks = Mapping[int, str]
"""By line, counted from 1, the hue in which it is marked: bad, warning."""

_SOFT = {"bad": "bad-soft", "warning": "warning-soft"}


class CodeEditor(QPlainTextEdit):
    """`name` is its accessible name, translated. Tab leaves it, as it leaves every field."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(style.BODY)
        self.setFont(font)
        # The style sheet names the window's font for every widget; this one alone has another.
        self.setStyleSheet(f'QPlainTextEdit {{ font-family: "{font.family()}"; }}')
        self._marks: Marks = {}
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scrolled)
        self._make_room()

    def mark(self, marks: Marks) -> None:
        """Mark these lines and no others."""
        self._marks = dict(marks)
        found = []
        for line, hue in marks.items():
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            marked = QTextEdit.ExtraSelection()
            marked.format.setBackground(style.colour(_SOFT[hue]))
            marked.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marked.cursor = QTextCursor(block)
            found.append(marked)
        self.setExtraSelections(found)
        self._numbers.update()

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of a line and take the keyboard."""
        block = self.document().findBlockByNumber(max(line - 1, 0))
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def room(self) -> int:
        """Return how broad the numbers are."""
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + 2 * style.SMALL

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the numbers of the lines in sight."""
        painter = QPainter(self._numbers)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            painter.setPen(style.colour(self._marks.get(number, "faint")))
            where = QRect(0, round(top), self._numbers.width() - style.SMALL, round(height))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
            block, top = block.next(), top + height
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers as high as the text."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.left(), inner.top(), self.room(), inner.height()))

    def _make_room(self) -> None:
        self.setViewportMargins(self.room(), 0, 0, 0)

    def _scrolled(self, _rect: QRect, _down: int) -> None:
        self._numbers.update()


class _Numbers(QWidget):
    """The numbers beside the text."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.room(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)

"""The buttons by which one goes about: the rail's (an icon over a word) and a study's sections (a word)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from trialdesk.desktop import icons, style

RAIL_WIDTH = 84
SECTIONS_WIDTH = 168


class NavButton(QAbstractButton):
    """One place to go. `count` tells how many things wait there."""

    def __init__(self, words: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = icon
        self._count = 0
        self._over = False
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show how many things wait."""
        self._count = count
        self.setAccessibleName(f"{self.text()}: {count}" if count else self.text())
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is here."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer is elsewhere."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def _ground(self, painter: QPainter, space: QRectF) -> str:
        """Paint what lies behind the words and return the colour for them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(style.colour("accent-soft"))
            painter.drawRoundedRect(space, style.RADIUS, style.RADIUS)
        elif self._over:
            painter.setBrush(style.colour("pressed"))
            painter.drawRoundedRect(space, style.RADIUS, style.RADIUS)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(space.adjusted(1, 1, -1, -1), style.RADIUS, style.RADIUS)
        return "accent" if self.isChecked() else "muted"

    def _badge(self, painter: QPainter, right: float, middle: float) -> float:
        """Paint the count so that it ends at `right`; returns where it begins."""
        if not self._count:
            return right
        words = str(self._count) if self._count < 1000 else "999+"
        font = style.font(style.FINE, strong=True)
        width = max(QFontMetrics(font).horizontalAdvance(words) + 8, 16)
        space = QRectF(right - width, middle - 8, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("accent"))
        painter.drawRoundedRect(space, 8, 8)
        painter.setPen(style.colour("on-accent"))
        painter.setFont(font)
        painter.drawText(space, Qt.AlignmentFlag.AlignCenter, words)
        return space.left()


class RailButton(NavButton):
    """A place in the rail."""

    def sizeHint(self) -> QSize:
        """Return the size of every button in the rail."""
        return QSize(RAIL_WIDTH - 2 * style.HAIR, 52)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon over the word."""
        painter = QPainter(self)
        colour = self._ground(painter, QRectF(self.rect()))
        picture = QRectF((self.width() - style.ICON) / 2, 8, style.ICON, style.ICON)
        icons.paint(painter, self._icon, colour, picture)
        font = style.font(style.FINE, strong=self.isChecked())
        painter.setFont(font)
        painter.setPen(style.colour("accent" if self.isChecked() else "ink"))
        space = QRectF(2, 30, self.width() - 4, 18)
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(space.width()))
        painter.drawText(space, Qt.AlignmentFlag.AlignCenter, words)
        self._badge(painter, self.width() - 8, 12)
        painter.end()


class SectionButton(NavButton):
    """A section of a study."""

    def sizeHint(self) -> QSize:
        """Return the size of every section's button."""
        return QSize(SECTIONS_WIDTH - 2 * style.SMALL, 27)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, and the count at its right."""
        painter = QPainter(self)
        self._ground(painter, QRectF(self.rect()))
        right = self._badge(painter, self.width() - 8, self.height() / 2)
        font = style.font(style.BODY, strong=self.isChecked())
        painter.setFont(font)
        painter.setPen(style.colour("accent" if self.isChecked() else "ink"))
        space = QRectF(style.MEDIUM, 0, right - style.MEDIUM - 4, self.height())
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(space.width()))
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.end()

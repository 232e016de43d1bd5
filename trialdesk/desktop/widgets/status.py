"""The one status pill: an icon and a word on a soft ground of its hue."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trialdesk.desktop import icons, style
from trialdesk.desktop.models.status import Status

HEIGHT = 22
_ICON = 14
_PADDING = 7


class StatusPill(QWidget):
    """Shows a `Status`; takes no focus, for it does nothing."""

    def __init__(self, status: Status | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._status: Status | None = None
        self.set_status(status)

    def set_status(self, status: Status | None) -> None:
        """Show another state, or nothing."""
        self._status = status
        if status is None:
            self.hide()
        elif self.isHidden() and self.parentWidget():
            # Shown without a parent it would be a window of its own.
            self.show()
        self.setAccessibleName(status.words if status else "")
        self.setToolTip(status.words if status else "")
        self.updateGeometry()
        self.update()

    @property
    def status(self) -> Status | None:
        """Return the state shown."""
        return self._status

    def sizeHint(self) -> QSize:
        """Return the size at which the word stands whole."""
        return QSize(width(self._status) if self._status else 0, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pill."""
        if self._status:
            painter = QPainter(self)
            paint(painter, QRectF(self.rect()), self._status)
            painter.end()


def width(status: Status) -> int:
    """Return the width at which the pill shows its word whole."""
    return QFontMetrics(style.font(style.FINE, strong=True)).horizontalAdvance(status.words) + _ICON + 2 * _PADDING + 6


def paint(painter: QPainter, space: QRectF, status: Status) -> None:
    """Paint the pill at the left of `space`, in the middle of its height; a word too long is cut with an ellipsis."""
    font = style.font(style.FINE, strong=True)
    pill = QRectF(space.left(), 0, min(width(status), space.width()), HEIGHT)
    pill.moveTop(space.center().y() - HEIGHT / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour(f"{status.hue}-soft"))
    painter.drawRoundedRect(pill, HEIGHT / 2, HEIGHT / 2)
    picture = QRectF(pill.left() + _PADDING - 1, pill.center().y() - _ICON / 2, _ICON, _ICON)
    icons.paint(painter, status.picture, status.hue, picture)
    painter.setPen(style.colour(status.hue))
    painter.setFont(font)
    text = QRectF(picture.right() + 4, pill.top(), pill.right() - picture.right() - 4 - _PADDING + 2, HEIGHT)
    shown = QFontMetrics(font).elidedText(status.words, Qt.TextElideMode.ElideRight, int(text.width()) + 1)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()

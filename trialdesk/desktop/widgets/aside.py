"""Something shown in place of a record for a while, with the way back: its history, a question about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style


class Aside(QWidget):
    """Shows widgets below a button that leads back; so does Escape."""

    left = Signal()

    def __init__(self, *inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = parts.button(_("Back to the record"), self.left.emit, role="link", icon="chevron-left")
        self.back.setToolTip("Esc")
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.MEDIUM))
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in inside:
            layout.addWidget(widget)
        layout.addStretch()
        self.setFocusProxy(self.back)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the record."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

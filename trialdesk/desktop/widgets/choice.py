"""A large button for one of few choices: an icon, a title and one sentence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from trialdesk.desktop import icons, parts, style


class ChoiceButton(QPushButton):
    """All words already translated."""

    def __init__(self, icon: str, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "choice")
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = icon
        self._picture = parts.said()
        heading = parts.said(title, "strong")
        said = parts.said(words, "muted", wrap=True)
        for label in (self._picture, heading, said):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        texts = parts.column(spacing=2)
        texts.addWidget(heading)
        texts.addWidget(said)
        layout = parts.row(self, spacing=style.LARGE, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        layout.addWidget(self._picture)
        layout.addLayout(texts, 1)
        self.setFixedHeight(68)
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the scheme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        super().changeEvent(event)

    def _paint_icon(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "accent", 24, ratio=self.devicePixelRatioF()))

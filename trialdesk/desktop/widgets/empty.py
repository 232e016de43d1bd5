"""The one empty state: what belongs here, and the first step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from trialdesk.desktop import icons, parts, style

_BROAD = 440
_NARROW = 280


class EmptyState(QWidget):
    """An icon, a title, a sentence and at most one button. All words already translated."""

    def __init__(
        self,
        title: str,
        words: str = "",
        *,
        icon: str = "info",
        step: str = "",
        then: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = parts.said(centre=True)
        heading = parts.said(title, "title", centre=True)
        said = parts.said(words, "muted", wrap=True, centre=True)
        said.setFixedWidth(_BROAD)
        self._said = said
        layout = parts.column(self, spacing=style.SMALL, margins=(style.WIDE, style.WIDE, style.WIDE, style.WIDE))
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addWidget(heading)
        layout.addLayout(parts.centred(said))
        said.setVisible(bool(words))
        self.button: QPushButton | None = None
        if step and then:
            self.button = parts.button(step, role="primary")
            self.button.clicked.connect(lambda _checked=False: then())
            layout.addSpacing(style.SMALL)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._paint_icon()

    def say(self, words: str) -> None:
        """Say something else beneath the title."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the sentence where there is less room."""
        self._said.setFixedWidth(min(_BROAD, event.size().width() - 2 * style.WIDE))
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return a size that gives way to what stands beside."""
        return QSize(_NARROW, super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the scheme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        super().changeEvent(event)

    def _paint_icon(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "faint", 36, ratio=self.devicePixelRatioF()))

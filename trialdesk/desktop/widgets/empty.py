"""The one empty state: what belongs here, and the first step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from trialdesk.desktop import icons, parts, style


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
        said.setFixedWidth(440)
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

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the scheme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        super().changeEvent(event)

    def _paint_icon(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "faint", 36, ratio=self.devicePixelRatioF()))

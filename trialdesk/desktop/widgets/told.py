"""Words on a soft ground that say how something went: an icon, what happened, what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame

from trialdesk.base.errors import Told
from trialdesk.desktop import icons, parts, style
from trialdesk.desktop.style import Hue


class ToldHint(QFrame):
    """Hidden until something is said. All words are translated."""

    def __init__(self) -> None:
        super().__init__()
        parts.dress(self, role="hint", shown=False)
        self._hue: Hue = "info"
        self._picture = parts.said()
        self._words = parts.said(role="strong", wrap=True)
        self._more = parts.said(wrap=True)
        said = parts.column(spacing=2)
        said.addWidget(self._words)
        said.addWidget(self._more)
        layout = parts.row(self, spacing=style.MEDIUM, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(said, 1)

    def say(self, words: str, more: str = "", *, hue: Hue = "info") -> None:
        """Show words, and below them more."""
        self._hue = hue
        self.setProperty("hue", hue)
        parts.restyle(self)
        self._words.setText(words)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(f"{words} {more}".strip())
        self._paint_icon()
        self.show()

    def tell(self, told: Told) -> None:
        """Show what could not be done, where, and what to do."""
        self.say(told.words, "\n".join(part for part in (told.remedy, told.where) if part), hue="bad")

    @property
    def words(self) -> str:
        """Return all that is said, empty when nothing is shown."""
        return self.accessibleName() if not self.isHidden() else ""

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the scheme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        super().changeEvent(event)

    def _paint_icon(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._hue, self._hue, ratio=self.devicePixelRatioF()))

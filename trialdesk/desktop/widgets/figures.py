"""Numbers with the words below them, side by side: what is most needed is largest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from trialdesk.desktop import parts, shown, style


class Figures(QWidget):
    """A row of cards. `chosen` carries the key of a figure that leads somewhere and was gone for."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = parts.row(self, spacing=style.SMALL)

    def show_figures(self, figures: Sequence[tuple[str, str, int | None]], *, leading: bool = False) -> None:
        """Show figures as (key, words, number); None is a number not known. With `leading` each can be gone for."""
        focused = next((card.objectName() for card in self.findChildren(_Leading) if card.hasFocus()), "")
        while item := self._row.takeAt(0):
            old = item.widget()
            if old:
                old.hide()
                old.deleteLater()
        for key, words, number in figures:
            card = _Leading(key, self) if leading else _Card()
            card.fill(words, "–" if number is None else shown.number(number))
            self._row.addWidget(card, 1)
            card.show()  # the layout would do it a turn later, and the row would flicker
            if isinstance(card, _Leading) and focused == card.objectName():
                card.setFocus()


class _Card(QFrame):
    def __init__(self) -> None:
        super().__init__()
        parts.dress(self, "card")

    def fill(self, words: str, number: str) -> None:
        """Show the number over its words."""
        _fill(self, words, number)
        self.setAccessibleName(f"{words}: {number}")


class _Leading(QPushButton):
    def __init__(self, key: str, figures: Figures) -> None:
        super().__init__()
        self.setProperty("role", "figure")
        self.setObjectName(f"figure-{key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _checked=False: figures.chosen.emit(key))

    def fill(self, words: str, number: str) -> None:
        """Show the number over its words."""
        _fill(self, words, number)
        self.setAccessibleName(f"{words}: {number}")


def _fill(card: QWidget, words: str, number: str) -> None:
    column = parts.column(card, spacing=0, margins=(style.LARGE, style.SMALL, style.LARGE, style.SMALL))
    figure = parts.said(number, "figure")
    said = parts.said(words, "muted", wrap=True)
    for label in (figure, said):
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column.addWidget(label)
    column.addStretch()

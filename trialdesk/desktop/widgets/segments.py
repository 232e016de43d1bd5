"""A quiet row of words of which one is chosen: the registers of a page."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from trialdesk.desktop import parts, style


class Segments(QWidget):
    """`words` by key, translated. Left and Right go from one to the next."""

    chosen = Signal(str)

    def __init__(self, words: dict[str, str], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        layout = parts.row(self, spacing=style.HAIR)
        for key, said in words.items():
            button = parts.button(said, partial(self.choose, key), role="segment")
            button.setCheckable(True)
            group.addButton(button)
            layout.addWidget(button)
            self.buttons[key] = button
        layout.addStretch()
        first = next(iter(self.buttons.values()), None)
        if first:
            first.setChecked(True)
            self.setFocusProxy(first)

    @property
    def current(self) -> str:
        """Return the key chosen."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose one; a key that is none of them chooses nothing."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)
            self.setFocusProxy(self.buttons[key])
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        keys = list(self.buttons)
        place = keys.index(self.current) + step if step and keys else -1
        if 0 <= place < len(keys):
            self.choose(keys[place])
            self.buttons[keys[place]].setFocus()
        else:
            super().keyPressEvent(event)

"""Somebody at the window: reads words, presses keys, clicks. Knows nothing of what the window is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)

SHORT_MS = 15_000


class Person:
    """Keys and clicks alone; `settle` waits until the window has answered."""

    def __init__(self, window: QWidget, settle: Callable[[], None], shots: Path | None = None) -> None:
        self.window = window
        self._settle = settle
        self._shots = shots
        self._taken = 0

    # What is seen

    def words(self) -> list[str]:
        """Return all words in sight: of labels, buttons, fields and lists."""
        return list(self._words())

    def sees(self, words: str) -> bool:
        """Say whether the words are in sight."""
        return any(words in each for each in self._words())

    def wait_for(self, words: str) -> None:
        """Wait until the words are in sight; fails with all that is."""
        waited = 0
        while not self.sees(words) and waited < SHORT_MS:
            QTest.qWait(20)
            waited += 20
        assert self.sees(words), f"“{words}” is not among: {self.words()}"
        self._settle()

    def look(self, name: str) -> None:
        """Keep what is seen as a picture, where pictures are kept."""
        self._settle()
        if self._shots:
            QTest.qWait(60)
            self._taken += 1
            self._shots.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self._shots / f"{self._taken:02}-{name}.png"))

    # What is done

    def press(self, keys: str) -> None:
        """Press a combination of keys, wherever the focus is."""
        QTest.keySequence(self._focused(), QKeySequence(keys))
        self._settle()

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        for character in text:
            if character.isascii():
                QTest.keyClicks(self._focused(), character)
            else:
                # QTest knows keys of a Latin keyboard alone; this is what an input method sends.
                event = QKeyEvent(
                    QKeyEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character
                )
                QApplication.sendEvent(self._focused(), event)
        self._settle()

    def retype(self, text: str) -> None:
        """Type in place of what stands in the field."""
        QTest.keySequence(self._focused(), QKeySequence(QKeySequence.StandardKey.SelectAll))
        self.type(text)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control of this name has the focus."""
        been = []
        for _press in range(60):
            been.append(f"{type(self._focused()).__name__} {self._focused().accessibleName()}")
            if self._focused().accessibleName() == name or _says(self._focused()) == name:
                return
            QTest.keyClick(self._focused(), Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to “{name}” but from {been}")

    def click(self, words: str) -> None:
        """Click the button, choice or link that says this, or whose name this is."""
        found = [
            button
            for button in self.window.findChildren(QAbstractButton)
            if button.isVisible() and button.isEnabled() and words in (_says(button), button.accessibleName())
        ]
        assert found, f"nothing to click says “{words}” among: {self.words()}"
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
        self._settle()

    def choose_file(self, path: Path) -> None:
        """Type a path into the file window that is open, and press Enter."""
        QApplication.processEvents()
        dialog = next(each for each in self.window.findChildren(QFileDialog) if each.isVisible())
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)
        # What a window manager does once the window in front is closed; here there is none.
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self._settle()

    # Inside

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def _words(self) -> Iterator[str]:
        for widget in self.window.findChildren(QWidget):
            if not widget.isVisible():
                continue
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
                yield _says(widget) or widget.accessibleName()
            elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
                model = widget.model()
                for row in range(min(model.rowCount(), 200)):
                    yield " | ".join(
                        str(model.index(row, column).data() or "") for column in range(model.columnCount())
                    )


def _says(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""

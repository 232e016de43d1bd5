"""Somebody at the window: reads words, presses keys, clicks. Knows nothing of what the window is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
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
        self.wait_until(lambda: self.sees(words), f"“{words}” is in sight")

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds that stays so; fails with `what` was waited for and all that is in sight."""
        waited = 0
        while not holds() and waited < SHORT_MS:
            QTest.qWait(20)
            waited += 20
        assert holds(), f"not yet: {what}; in sight: {self.words()}"
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

    def click(self, words: str, *, last: bool = False) -> None:
        """Click the button, choice or link that says this, or whose name this is: the first, or the last of several."""
        found = self._button(words, last=last)
        assert found, f"nothing to click says “{words}” among: {self.words()}"
        _scroll_to(found)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        self._settle()

    def do(self, words: str, *, more: str) -> None:
        """Click the button that says this; where it found no room, choose it in the menu of the button `more`."""
        if self._button(words):
            self.click(words)
            return
        for button in [button for button in self._buttons() if _says(button) == more]:
            _scroll_to(button)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            if self.picks(words):
                return
        raise AssertionError(f"nothing offers “{words}” among: {self.words()}")

    def picks(self, words: str) -> bool:
        """Choose this in the menu that is open, by the arrows; say whether there was such a choice."""
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            return False
        if not any(each.text() == words and each.isEnabled() for each in menu.actions()):
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return False
        while menu.activeAction() is None or menu.activeAction().text() != words:
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        self._come_back()
        return True

    def point_at(self, words: str) -> None:
        """Click the row that has these words."""
        for view in self.window.findChildren(QAbstractItemView):
            if not view.isVisible() or view.model() is None:
                continue
            for row in range(view.model().rowCount()):
                cells = [view.model().index(row, column) for column in range(view.model().columnCount())]
                seen = next((cell for cell in cells if not view.visualRect(cell).isEmpty()), None)
                if seen and words in " | ".join(str(cell.data() or "") for cell in cells):
                    _scroll_to(view)
                    place = view.visualRect(seen).center()
                    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
                    self._settle()
                    return
        raise AssertionError(f"no row has “{words}” among: {self.words()}")

    def fill(self, typed: dict[str, str]) -> None:
        """Fill the form in front by its labels: by Tab from one to the next, typing, arrows, space bar."""
        for label, text in typed.items():
            self.tab_to(label)
            control = self._focused()
            if isinstance(control, QCheckBox):
                if control.isChecked() != (text == "yes"):
                    QTest.keyClick(control, Qt.Key.Key_Space)
            elif isinstance(control, QComboBox):
                self._choose(control, text)
            elif isinstance(control, QPlainTextEdit):
                self.paste(text)
            else:
                self.retype(text)
        self._settle()

    def paste(self, text: str) -> None:
        """Put a text that was written elsewhere in place of what stands in the field."""
        QGuiApplication.clipboard().setText(text)
        QTest.keySequence(self._focused(), QKeySequence(QKeySequence.StandardKey.SelectAll))
        QTest.keySequence(self._focused(), QKeySequence(QKeySequence.StandardKey.Paste))
        self._settle()

    def sign(self, password: str) -> None:
        """Give the password to the question that stopped the window, and press Enter."""
        dialog = QApplication.activeModalWidget()
        assert dialog, f"no signature is asked among: {self.words()}"
        assert QTest.qWaitForWindowActive(dialog)
        self.type(password)
        self.press("Return")
        self._come_back()

    def agree(self, words: str) -> None:
        """Click what says this in the question that stopped the window."""
        assert QApplication.activeModalWidget(), f"nothing is asked among: {self.words()}"
        self.click(words)
        self._come_back()

    def choose_file(self, path: Path) -> None:
        """Type a path into the file window that is open, and press Enter."""
        QApplication.processEvents()
        dialog = next(each for each in self.window.findChildren(QFileDialog) if each.isVisible())
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)
        self._come_back()

    # Inside

    def _come_back(self) -> None:
        """Do what a window manager does once the window in front is closed; here there is none."""
        self._settle()
        if QApplication.activeModalWidget() is None:
            self.window.activateWindow()
            assert QTest.qWaitForWindowActive(self.window)
        self._settle()

    def _buttons(self) -> list[QAbstractButton]:
        over = QApplication.activeModalWidget() or self.window
        return [each for each in over.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]

    def _button(self, words: str, *, last: bool = False) -> QAbstractButton | None:
        found = [each for each in self._buttons() if words in (_says(each), each.accessibleName())]
        return found[-1 if last else 0] if found else None

    def _choose(self, box: QComboBox, words: str) -> None:
        offered = [box.itemText(place) for place in range(box.count())]
        if words not in offered:
            # A choice may tell more of itself after its name ("INV-0001 · 25,418.80 open"): one reads the name
            named = [each for each in offered if each.startswith(f"{words} · ")]
            assert len(named) == 1, f"“{words}” is not among: {offered}"
            words = named[0]
        while box.currentText() != words:
            QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < offered.index(words) else Qt.Key.Key_Up)

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def _words(self) -> Iterator[str]:
        for widget in self.window.findChildren(QWidget):
            if not widget.isVisible():
                continue
            if isinstance(widget, QPlainTextEdit):
                yield widget.toPlainText()
            elif isinstance(widget, QLabel | QAbstractButton | QLineEdit):
                yield _says(widget) or widget.accessibleName()
            elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
                model = widget.model()
                for row in range(min(model.rowCount(), 200)):
                    yield " | ".join(
                        str(model.index(row, column).data() or "") for column in range(model.columnCount())
                    )


def _says(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""


def _scroll_to(widget: QWidget) -> None:
    """Bring a widget into sight, as the wheel does."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None and widget.visibleRegion().isEmpty():
        area.ensureWidgetVisible(widget)
    QApplication.processEvents()

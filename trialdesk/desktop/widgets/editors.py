"""One editor for each type of field: keeps text as typed, reads it as a value, says what is wrong.

`typed` is what a draft keeps; `value` what is recorded; `problem` the words beside the field, none when all is well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QWidget

from trialdesk.base.drawing import text_width
from trialdesk.base.i18n import _
from trialdesk.desktop import parts

Options = tuple[tuple[str, str], ...]
"""(value, words already translated), where what can be chosen is known only at run time."""

NARROW = 220
"""Pixels for what is never long: numbers, dates, short choices."""
SHORT = 14
"""Ems up to which a choice is short."""


class Editor(QWidget):
    """The base: lays the real control out and hands focus to it."""

    changed = Signal()
    hint = ""

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self.control = control
        self.setFocusProxy(control)
        layout = parts.column(self, spacing=0)
        layout.addWidget(control)

    # Each kind of editor has these four: what stands in it, as text and as a value.
    typed: Callable[[], str]
    set_typed: Callable[[str], None]
    value: Callable[[], Any]
    set_value: Callable[[Any], None]

    def _changed(self, _to: object = None) -> None:
        self.changed.emit()

    def problem(self) -> str:
        """Return in words what is wrong with what is typed."""
        return ""

    def says(self) -> str:
        """Return how what is typed was read, where that is worth saying."""
        return ""

    def set_locked(self, *, locked: bool) -> None:
        """Show the value without letting it be changed."""
        self.control.setEnabled(not locked)

    def mark(self, *, problem: bool) -> None:
        """Show by the frame whether there is a problem."""
        if bool(self.control.property("problem")) != problem:
            self.control.setProperty("problem", problem)
            parts.restyle(self.control)


class LineEditor(Editor):
    """One line, read by a function and written by another; `wrong` says what was expected."""

    def __init__(
        self,
        read: Callable[[str], Any] = str.strip,
        write: Callable[[Any], str] = str,
        *,
        wrong: str = "",
        placeholder: str = "",
        numeric: bool = False,
    ) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        super().__init__(self.line)
        self._read = read
        self._write = write
        self._wrong = wrong
        if numeric:
            self.line.setMaximumWidth(NARROW)
        self.line.textChanged.connect(self._changed)

    def typed(self) -> str:
        """Return the line."""
        return self.line.text()

    def set_typed(self, text: str) -> None:
        """Put text into the line."""
        self.line.setText(text)

    def value(self) -> Any:
        """Return the line as read, None where it is blank or unreadable."""
        text = self.line.text().strip()
        return self._read(text) if text else None

    def set_value(self, value: Any) -> None:
        """Write the value into the line."""
        self.line.setText("" if value is None else self._write(value))

    def _changed(self, _to: object = None) -> None:
        self.changed.emit()

    def problem(self) -> str:
        """Say what was expected where the line cannot be read."""
        return self._wrong if self.line.text().strip() and self.value() is None else ""

    def set_locked(self, *, locked: bool) -> None:
        """Make the line read-only and quiet, still to be selected and copied."""
        self.line.setReadOnly(locked)
        self.line.setProperty("quiet", locked)
        parts.restyle(self.line)


class ProseEditor(Editor):
    """Several lines of text."""

    def __init__(self) -> None:
        self.text = QPlainTextEdit(tabChangesFocus=True)
        super().__init__(self.text)
        self.text.setFixedHeight(84)
        self.text.textChanged.connect(self.changed)

    def heighten(self) -> None:
        """Give the text the room of a form that asks for nothing else."""
        self.text.setFixedHeight(380)

    def typed(self) -> str:
        """Return the text."""
        return self.text.toPlainText()

    def set_typed(self, text: str) -> None:
        """Put text into the editor."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)

    def value(self) -> str | None:
        """Return the text without blanks around it."""
        return self.text.toPlainText().strip() or None

    def set_value(self, value: Any) -> None:
        """Show the text."""
        self.set_typed("" if value is None else str(value))

    def set_locked(self, *, locked: bool) -> None:
        """Make the text read-only."""
        self.text.setReadOnly(locked)
        self.text.setProperty("quiet", locked)
        parts.restyle(self.text)


class ChoiceEditor(Editor):
    """A short list, with a blank at its head where the field may stay empty; typing a letter finds a choice."""

    def __init__(self, options: Options, *, may_be_empty: bool) -> None:
        self.box = QComboBox()
        super().__init__(self.box)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(8)
        if may_be_empty or not options:
            self.box.addItem("", None)
        else:
            self.box.setPlaceholderText(_("Choose…"))
        for value, words in options:
            self.box.addItem(words, value)
        self.box.setCurrentIndex(0 if may_be_empty else -1)
        if all(text_width(words, 1) < SHORT for _value, words in options):
            self.box.setMaximumWidth(NARROW)
        if len(options) > 12:
            self._let_search()
        self.box.currentIndexChanged.connect(self._changed)

    def typed(self) -> str:
        """Return the value chosen."""
        return self.value() or ""

    def set_typed(self, text: str) -> None:
        """Choose the value."""
        self.set_value(text or None)

    def value(self) -> str | None:
        """Return the value chosen."""
        value = self.box.currentData()
        return value if isinstance(value, str) else None

    def set_value(self, value: Any) -> None:
        """Choose the value; one the list does not know is added, never changed into another."""
        place = self.box.findData(value)
        if place < 0 and value is not None:
            self.box.addItem(str(value), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)

    def _let_search(self) -> None:
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.box.model(), self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.box.setCompleter(completer)


class FlagEditor(Editor):
    """Yes or no, as a box to tick with the field's words beside it."""

    def __init__(self, words: str) -> None:
        self.box = QCheckBox(words)
        super().__init__(self.box)
        self.box.toggled.connect(self._changed)

    def typed(self) -> str:
        """Return yes where ticked."""
        return "yes" if self.box.isChecked() else ""

    def set_typed(self, text: str) -> None:
        """Tick for any text."""
        self.box.setChecked(bool(text))

    def value(self) -> bool:
        """Say whether the box is ticked."""
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick the box."""
        self.box.setChecked(bool(value))

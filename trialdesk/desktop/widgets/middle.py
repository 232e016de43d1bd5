"""What the pages before a desk is open are built of: one column in the middle, fields, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from trialdesk.base.errors import Told
from trialdesk.base.i18n import _
from trialdesk.desktop import icons, parts, style

WIDTH = 460


class Failure(QFrame):
    """Why nothing came of it, beneath the form; hidden until it is told."""

    def __init__(self) -> None:
        super().__init__()
        parts.dress(self, role="hint", shown=False)
        self.setProperty("hue", "bad")
        self._picture = parts.said()
        self._words = parts.said(wrap=True)
        layout = parts.row(self, spacing=style.SMALL, margins=(style.MEDIUM, style.SMALL, style.MEDIUM, style.SMALL))
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)

    def tell(self, told: Told) -> None:
        """Show what went wrong and what to do."""
        self._picture.setPixmap(icons.pixmap("bad", "bad", ratio=self.devicePixelRatioF()))
        self._words.setText(f"{told.words} {told.remedy}".strip())
        self.setAccessibleName(self._words.text())
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the scheme changes."""
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._picture.setPixmap(icons.pixmap("bad", "bad", ratio=self.devicePixelRatioF()))
        super().changeEvent(event)


def column_of(width: int = WIDTH) -> tuple[QWidget, QVBoxLayout]:
    """Return a column of that width and its layout."""
    column = QWidget()
    column.setFixedWidth(width)
    layout = parts.column(column, spacing=style.SMALL, margins=(0, style.WIDE, 0, style.WIDE))
    return column, layout


def centre(page: QWidget, column: QWidget) -> None:
    """Put the column a little above the middle of the page, scrolling where the window is small."""
    inside = parts.box("viewport")
    middle = QVBoxLayout(inside)
    middle.addStretch(2)
    middle.addLayout(parts.centred(column))
    middle.addStretch(3)
    parts.column(page).addWidget(parts.scrolled(inside))


def wrapped(words: str, role: str) -> QLabel:
    """Return words that wrap, in a role of the style sheet."""
    label = parts.said(words, wrap=True)
    label.setProperty("role", role)
    return label


def field_of(
    label: str, line: QLineEdit, words: str = "", *, beside: QWidget | None = None
) -> tuple[QVBoxLayout, QLabel]:
    """Return a line under its label with its help or problem beneath, and the label that says them."""
    heading = wrapped(label, "label")
    heading.setBuddy(line)
    line.setAccessibleName(label)
    said = wrapped(words, "fine")
    said.setProperty("help", words)
    # Hidden, never shown, while it has no parent: shown it would be a window of its own and take the keyboard.
    if not words:
        said.hide()
    layout = parts.column(spacing=style.HAIR)
    layout.addWidget(heading)
    row = parts.row(spacing=style.SMALL)
    row.addWidget(line, 1)
    if beside:
        row.addWidget(beside)
    layout.addLayout(row)
    layout.addWidget(said)
    layout.addStretch()
    return layout, said


def tell(label: QLabel, words: str, *, problem: bool) -> None:
    """Say a problem beneath a field, or its help again."""
    words = words or str(label.property("help") or "")
    label.setText(words)
    label.setVisible(bool(words))
    label.setProperty("role", "problem" if problem else "fine")
    parts.restyle(label)


def buttons_of(first: QPushButton, left: object, back: str = "") -> QHBoxLayout:
    """Return the row of the first button and the way back."""
    other = QPushButton(back or _("Back"))
    other.clicked.connect(left)
    row = parts.row(spacing=style.SMALL)
    row.addWidget(first)
    row.addWidget(other)
    row.addStretch()
    return row

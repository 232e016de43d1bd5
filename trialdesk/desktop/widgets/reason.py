"""Why a recorded value is changed: asked in place, the usual reasons one key away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.desktop import parts, style

USUAL = (
    N_("Typing error"),
    N_("Source document corrected"),
    N_("New information received"),
    N_("Answer to a query"),
    N_("Entered in the wrong place"),
)


class ReasonPrompt(QFrame):
    """Stands below the form it belongs to. `given` carries the reason; `cancelled` that the change is not wanted now.

    `title`, `words`, `save` and `back` word its question and its two buttons otherwise. Alt+1 and so on give a usual
    reason at once; so does its number typed into the line.
    """

    given = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        usual: tuple[str, ...] = USUAL,
        *,
        title: str = "",
        words: str = "",
        save: str = "",
        back: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "hint")
        heading = parts.said(title or _("Why is this changed?"), "strong")
        explained = parts.said(
            words or _("The trail keeps the old value, the new one and your reason."), "muted", wrap=True
        )
        layout = parts.column(self, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        layout.addWidget(heading)
        layout.addWidget(explained)
        reasons = parts.column(spacing=0)
        layout.addLayout(reasons)
        self.buttons: list[QPushButton] = []
        for number, reason in enumerate((_(reason) for reason in usual), start=1):
            button = QPushButton(f"{number}   {reason}")
            button.setAccessibleName(reason)
            button.setProperty("role", "quiet")
            button.setStyleSheet("text-align: left")
            button.clicked.connect(lambda _checked=False, text=reason: self.given.emit(text))
            reasons.addWidget(button)
            self.buttons.append(button)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Another reason"))
        self.line.setAccessibleName(_("Another reason"))
        self._save = parts.button(save or _("Save with this reason"), self._give, role="primary")
        self._save.setEnabled(False)
        self._save.setToolTip(_("Type a reason first"))
        cancel = QPushButton(back or _("Keep editing"))
        cancel.clicked.connect(self.cancelled)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._look)
        self.line.returnPressed.connect(self._give)
        row = parts.row(spacing=style.SMALL)
        row.addWidget(self._save)
        row.addWidget(cancel)
        row.addStretch()
        layout.addWidget(self.line)
        layout.addLayout(row)
        leave = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.cancelled)
        self.setFocusProxy(self.line)

    def event(self, event: QEvent) -> bool:
        """Claim Alt and a number: elsewhere they lead to the places of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and self._usual(event):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the line not take the number for a text."""
        if event.type() == QEvent.Type.KeyPress and (button := self._usual(event)):
            button.click()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give a usual reason, with the focus on one of the buttons too."""
        if button := self._usual(event):
            button.click()
        else:
            super().keyPressEvent(event)

    def _usual(self, event: QEvent) -> QPushButton | None:
        """Return the button that Alt and a number stand for."""
        if not isinstance(event, QKeyEvent) or event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return None
        place = event.key() - Qt.Key.Key_1
        return self.buttons[place] if 0 <= place < len(self.buttons) else None

    def _look(self, text: str) -> None:
        self._save.setEnabled(bool(text.strip()))
        self._save.setToolTip("" if text.strip() else _("Type a reason first"))

    def _give(self) -> None:
        text = self.line.text().strip()
        if text.isdigit() and 1 <= int(text) <= len(self.buttons):
            self.buttons[int(text) - 1].click()
        elif text:
            self.given.emit(text)

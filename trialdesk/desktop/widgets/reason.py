"""Why a recorded value is changed: asked in place, the usual reasons one key away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
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

    `title`, `save` and `back` word its question and its two buttons otherwise. Alt+1 and so on give a usual reason at
    once; so does its number typed into the line.
    """

    given = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        usual: tuple[str, ...] = USUAL,
        *,
        title: str = "",
        save: str = "",
        back: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "hint")
        heading = parts.said(title or _("Why is this changed?"), "strong")
        explained = parts.said(_("The trail keeps the old value, the new one and your reason."), "muted", wrap=True)
        layout = parts.column(self, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        layout.addWidget(heading)
        layout.addWidget(explained)
        reasons = parts.column(spacing=0)
        layout.addLayout(reasons)
        self.buttons: list[QPushButton] = []
        for number, words in enumerate((_(reason) for reason in usual), start=1):
            button = QPushButton(f"{number}   {words}")
            button.setAccessibleName(words)
            button.setProperty("role", "quiet")
            button.setStyleSheet("text-align: left")
            button.clicked.connect(lambda _checked=False, text=words: self.given.emit(text))
            reasons.addWidget(button)
            self.buttons.append(button)
            keys = QShortcut(QKeySequence(f"Alt+{number}"), self)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(button.click)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Another reason"))
        self.line.setAccessibleName(_("Another reason"))
        self._save = parts.button(save or _("Save with this reason"), self._give, role="primary")
        self._save.setEnabled(False)
        self._save.setToolTip(_("Type a reason first"))
        cancel = QPushButton(back or _("Keep editing"))
        cancel.clicked.connect(self.cancelled)
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

    def _look(self, text: str) -> None:
        self._save.setEnabled(bool(text.strip()))
        self._save.setToolTip("" if text.strip() else _("Type a reason first"))

    def _give(self) -> None:
        text = self.line.text().strip()
        if text.isdigit() and 1 <= int(text) <= len(self.buttons):
            self.buttons[int(text) - 1].click()
        elif text:
            self.given.emit(text)

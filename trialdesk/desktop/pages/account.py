"""One's own account: who is signed in, and another password."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout

from trialdesk.base.errors import NotAllowed, Told
from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.registers.reading import Signer, signer
from trialdesk.desktop.widgets.middle import Failure, field_of, tell
from trialdesk.desktop.widgets.password import SHORTEST, PasswordField, strength

WIDTH = 460


class Account(Page):
    """The form for another password. What is typed here is in no draft, and gone when the page is left."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        layout = lay_out(self, _("Your password"))
        self.who = parts.said(role="muted")
        layout.addWidget(self.who)
        card = parts.frame("card")
        card.setFixedWidth(WIDTH)
        inner = parts.column(card, spacing=style.MEDIUM, margins=(style.WIDE, style.WIDE, style.WIDE, style.WIDE))
        self.current = PasswordField(_("Password now"))
        self.new = PasswordField(_("New password"))
        self.again = PasswordField(_("New password again"))
        self._words: dict[QLineEdit, QLabel] = {}
        lines: tuple[tuple[QLineEdit, str], ...] = (
            (self.current, ""),
            (self.new, _("A sentence of several words is easier to remember and harder to guess.")),
            (self.again, ""),
        )
        for line, words in lines:
            inner.addLayout(self._labelled(line, words))
        self.change = parts.button(_("Change the password"), self._ask, role="primary")
        buttons = parts.row()
        buttons.addWidget(self.change)
        buttons.addStretch()
        inner.addLayout(buttons)
        self.failure = Failure()
        inner.addWidget(self.failure)
        inner.addWidget(
            parts.said(
                _("What is sealed for you stays readable; signatures stay as they are. The change is noted."),
                "fine",
                wrap=True,
            )
        )
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        self.new.textChanged.connect(self._judge)
        self.again.textChanged.connect(self._judge)
        for line in self._words:
            line.returnPressed.connect(self._ask)
        self.setFocusProxy(self.current)

    def refresh(self) -> None:
        """Ask who is signed in."""
        self._desk.ask(signer, then=self._show, owner=self, latest="signer")

    def problems(self) -> dict[QLineEdit, str]:
        """Return what is wrong, by line."""
        found: dict[QLineEdit, str] = {}
        if not self.current.text():
            found[self.current] = _("Needed.")
        if len(self.new.text()) < SHORTEST:
            found[self.new] = strength(self.new.text()) or _("Needed.")
        if self.again.text() != self.new.text():
            found[self.again] = _("Not the same as the first.")
        return found

    def _show(self, who: Signer) -> None:
        self.who.setText(_("Signed in: {name} ({user})").format(name=who.name, user=who.username))

    def _labelled(self, line: QLineEdit, words: str) -> QVBoxLayout:
        layout, self._words[line] = field_of(line.accessibleName(), line, words)
        return layout

    def _judge(self) -> None:
        text, again = self.new.text(), self.again.text()
        tell(self._words[self.new], strength(text), problem=0 < len(text) < SHORTEST)
        differs = bool(again) and not text.startswith(again)
        same = bool(again) and again == text
        words = _("Not the same as the first.") if differs else _("The same.") if same else ""
        tell(self._words[self.again], words, problem=differs)

    def _ask(self) -> None:
        problems = self.problems()
        for line, label in self._words.items():
            if line in problems:
                tell(label, problems[line], problem=True)
            elif label.property("role") == "problem":
                tell(label, "", problem=False)
        self.failure.hide()
        if problems:
            next(line for line in self._words if line in problems).setFocus()
            return
        current, new = self.current.text(), self.new.text()
        self.change.setEnabled(False)
        self._desk.ask(
            lambda application: application.change_password(current, new),
            then=self._done,
            failed=self._refuse,
            owner=self,
        )

    def _done(self, _nothing: None) -> None:
        self.change.setEnabled(True)
        for line, label in self._words.items():
            line.clear()
            tell(label, "", problem=False)
        self._desk.tell(_("Your password is changed."))
        self.current.setFocus()

    def _refuse(self, error: BaseException) -> None:
        self.change.setEnabled(True)
        if not isinstance(error, Told):
            raise error
        if isinstance(error, NotAllowed):
            tell(self._words[self.current], error.words, problem=True)
            self.current.setFocus()
        elif error.where == _("Password"):
            tell(self._words[self.new], f"{error.words} {error.remedy}".strip(), problem=True)
            self.new.setFocus()
        else:
            self.failure.tell(error)

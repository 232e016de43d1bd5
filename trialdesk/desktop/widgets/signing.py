"""Signing: the one question that stops the window. Shows what the signature will say, asks for the password again.

Printed name, date and time, and meaning stand before the eyes of who signs (21 CFR 11.50); whoever has the window open
gives the password for each signature (11.200), and the user name with it where the desk was locked in between. The
dialog stays until the password was right or signing is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.password import PasswordField

WIDTH = 440


class SignDialog(QDialog):
    """`what` is signed, `meaning` what it means, both translated; `of` names what the signature stands for.

    `given` carries the password and the user name typed with it, which is asked where the session begins `anew`.
    """

    given = Signal(str, str)

    def __init__(
        self,
        *,
        what: str,
        meaning: str,
        name: str,
        username: str,
        now: datetime,
        final: bool,
        parent: QWidget,
        anew: bool = False,
        of: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Sign"))
        self.setFixedWidth(WIDTH)
        told = [*of, (_("Meaning"), meaning), (_("Printed name"), name)]
        told += [] if anew else [(_("User name"), username)]
        facts = Facts([*told, (_("Date and time"), shown.zoned(now))], across=1)
        self.user = QLineEdit() if anew else None
        self.password = PasswordField(_("Password"))
        label = parts.said(_("Your password, to sign"), "label")
        label.setBuddy(self.password)
        self.refused = parts.said(role="problem", wrap=True)
        self.refused.hide()
        self.sign = parts.button(_("Sign"), self._give, role="primary", icon="check")
        self.sign.setDefault(True)
        cancel = parts.button(_("Cancel"), self.reject)
        buttons = parts.row(spacing=style.SMALL)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.sign)
        layout = parts.column(self, spacing=style.MEDIUM, margins=(style.WIDE, style.LARGE, style.WIDE, style.LARGE))
        layout.addWidget(parts.said(what, "title", wrap=True))
        layout.addWidget(facts)
        words = _("Your electronic signature binds you as one written by hand does.")
        never = _("This cannot be taken back.")
        if final:
            words = f"{words} {never}"
        layout.addWidget(parts.said(words, "muted", wrap=True))
        if self.user is not None:
            whose = parts.said(_("Your user name: the desk was locked since you last signed"), "label", wrap=True)
            whose.setBuddy(self.user)
            layout.addWidget(whose)
            layout.addWidget(self.user)
        for widget in (label, self.password, self.refused):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        (self.user or self.password).setFocus()

    def refuse(self, words: str) -> None:
        """Say why it was not signed, and let it be tried again."""
        self.refused.setText(words)
        self.refused.show()
        self._wait(waiting=False)
        self.password.selectAll()
        self.password.setFocus()

    def _give(self) -> None:
        if self.sign.isEnabled():
            self._wait(waiting=True)
            self.given.emit(self.password.text(), self.user.text() if self.user else "")

    def _wait(self, *, waiting: bool) -> None:
        self.sign.setEnabled(not waiting)
        self.password.setEnabled(not waiting)

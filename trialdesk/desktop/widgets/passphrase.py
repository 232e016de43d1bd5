"""A passphrase asked for by an act: hidden as it is typed, and in no draft."""

from __future__ import annotations

from typing import Any

from trialdesk.desktop.widgets.editors import Editor
from trialdesk.desktop.widgets.password import PasswordField


class PassphraseEditor(Editor):
    """One hidden line. Spaces are kept: a passphrase is what was laid down, to the letter."""

    def __init__(self, name: str) -> None:
        self.line = PasswordField(name)
        super().__init__(self.line)
        self.line.textChanged.connect(self._changed)

    def typed(self) -> str:
        """Return nothing: what is typed here is kept nowhere."""
        return ""

    def set_typed(self, _text: str) -> None:
        """Show nothing: there is none to restore."""
        self.line.clear()

    def value(self) -> str | None:
        """Return the passphrase."""
        return self.line.text() or None

    def set_value(self, _value: Any) -> None:
        """Show nothing: a passphrase is never shown again."""
        self.line.clear()

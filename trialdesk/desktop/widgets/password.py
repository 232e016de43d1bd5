"""A password field that can show what is typed, and how strong a new password is, in words."""

from __future__ import annotations

from math import log2

from PySide6.QtWidgets import QLineEdit, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import icons

SHORTEST = 10
"""Characters a new password must have."""


class PasswordField(QLineEdit):
    """Hidden until the eye is pressed; never kept in a draft, never copied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self._eye = self.addAction(icons.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setCheckable(True)
        self._eye.setToolTip(_("Show what is typed"))
        self._eye.toggled.connect(self._reveal)

    def _reveal(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye"))
        self._eye.setToolTip(_("Hide what is typed") if shown else _("Show what is typed"))


def strength(password: str) -> str:
    """Return in words how strong a new password is; empty for none. An estimate from length and kinds of letters."""
    if not password:
        return ""
    if len(password) < SHORTEST:
        return _("Too short: at least {count} characters.").format(count=SHORTEST)
    bits = _bits(password)
    if bits < 50:
        return _("Weak: easily guessed. Add words or make it longer.")
    if bits < 70:
        return _("Fair. A few more characters make it strong.")
    return _("Strong.")


def _bits(password: str) -> float:
    kinds = (
        (26, str.islower),
        (26, str.isupper),
        (10, str.isdigit),
        (33, lambda c: c.isascii() and not c.isalnum()),
        (2000, lambda c: not c.isascii()),
    )
    alphabet = sum(size for size, is_kind in kinds if any(is_kind(c) for c in password))
    different = len(set(password))
    return min(len(password), 2 * different) * log2(max(alphabet, 2))

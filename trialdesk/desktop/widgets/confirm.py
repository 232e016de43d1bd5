"""The one question that stands in the way: before what cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from trialdesk.base.i18n import _


def confirm(over: QWidget, question: str, words: str, *, do: str, then: Callable[[], object]) -> QMessageBox:
    """Ask over the window of `over`, and call `then` if the person presses `do`; Enter and Escape do nothing.

    `question` says what is about to happen, `words` what that means; all translated. Returns the open box.
    """
    box = QMessageBox(QMessageBox.Icon.NoIcon, question, question, parent=over.window())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(words)
    agreed = box.addButton(do, QMessageBox.ButtonRole.DestructiveRole)
    kept = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(kept)
    box.setEscapeButton(kept)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agreed.clicked.connect(lambda _checked=False: then())
    box.open()
    return box

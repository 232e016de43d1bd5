"""The one place that shows failures: what a person can mend is told in words, a fault of ours is owned up to.

A `Told` becomes a calm notice (or stands beside its field, which is the form's business). Anything else opens a small
window with details that fold out and can be copied; those details name places in the program, never values, so they
can be sent to support without a participant's data.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from trialdesk.base.errors import Told
from trialdesk.base.i18n import _
from trialdesk.base.support import support_text
from trialdesk.desktop import parts, style


class Failures(QObject):
    """Shows failures from any thread; `install` makes it the last word for everything not caught."""

    _raised = Signal(object)

    def __init__(self, tell: Callable[[Told], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._fault: Fault | None = None
        self._raised.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the interpreter's hooks, for slots as for threads. KeyboardInterrupt still ends the program."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def uninstall(self) -> None:
        """Give the interpreter's own hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def show(self, error: BaseException, owner: QObject | None = None) -> None:
        """Show the failure. To be called on the main thread."""
        if isinstance(error, Told):
            self._tell(error)
            return
        sys.stderr.write(support_text(error, f"Qt {qVersion()}"))
        if self._fault is None or not self._fault.isVisible():
            window = owner.window() if isinstance(owner, QWidget) else QApplication.activeWindow()
            self._fault = Fault(window)
            self._fault.open()
        self._fault.add(error)

    def _caught(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
        else:
            self._raised.emit(error)

    def _caught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._raised.emit(caught.exc_value)


class Fault(QDialog):
    """Says that TrialDesk itself failed, what is safe, and what to do; details fold out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong in TrialDesk"))
        self.setMinimumWidth(520)
        title = parts.said(_("Something went wrong in TrialDesk"), "title")
        words = parts.said(
            _(
                "This is a fault of the program, not of yours. Everything recorded before is safe, and what you typed "
                "is still in its form. Try the step again; if it fails again, send the details to support."
            )
        )
        words.setWordWrap(True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.hide()
        self._details.setAccessibleName(_("Details for support"))
        self._details.setMinimumHeight(180)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        private = parts.said(_("The details name places in the program. They hold no participant's data."), "fine")
        private.hide()
        fold = parts.button(_("Details"), role="quiet")
        fold.setCheckable(True)
        fold.toggled.connect(self._details.setVisible)
        fold.toggled.connect(private.setVisible)
        fold.toggled.connect(self._fit)
        copy = QPushButton(_("Copy details"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details.toPlainText()))
        close = parts.button(_("Close"), self.accept, role="primary")
        close.setDefault(True)
        buttons = parts.row(spacing=style.SMALL)
        buttons.addWidget(fold)
        buttons.addStretch()
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = parts.column(self, spacing=style.MEDIUM, margins=(style.WIDE, style.WIDE, style.WIDE, style.LARGE))
        for part in (title, words, self._details, private):
            layout.addWidget(part)
        layout.addSpacing(style.SMALL)
        layout.addLayout(buttons)

    def add(self, error: BaseException) -> None:
        """Add a failure to the details: a second fault opens no second window."""
        self._details.appendPlainText(support_text(error, f"Qt {qVersion()}"))

    def _fit(self) -> None:
        self.adjustSize()

"""What is shown when TrialDesk itself failed."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.support import support_text
from trialdesk.desktop import parts, style


def details(error: BaseException) -> str:
    """Return what support needs of a failure, as lines: places in the program, never a value."""
    return support_text(error, f"Qt {qVersion()}")


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
        self._details.appendPlainText(details(error))

    def _fit(self) -> None:
        self.adjustSize()

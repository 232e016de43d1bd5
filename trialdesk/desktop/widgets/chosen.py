"""A file chosen or its path typed; a draft keeps its path. Its bytes are read by the act that takes it, not here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLineEdit

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.files import typed_paths
from trialdesk.desktop.widgets.editors import Editor


class FileEditor(Editor):
    """A line for the path with a button beside it."""

    def __init__(self) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Type a path or choose a file"))
        super().__init__(self.line)
        layout = self.layout()
        if layout is not None:
            layout.removeWidget(self.line)
        self.button = parts.button(_("Choose…"), self._choose)
        row = parts.row(spacing=style.SMALL)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        layout.addLayout(row)  # type: ignore[union-attr]  # every editor is laid out from top to bottom
        self.line.textChanged.connect(self._changed)

    def typed(self) -> str:
        """Return the path."""
        return self.line.text()

    def set_typed(self, text: str) -> None:
        """Put a path into the line."""
        self.line.setText(text)

    def value(self) -> Path | None:
        """Return the path, None where there is no file."""
        paths = typed_paths(self.line.text().strip())
        return paths[0] if paths and paths[0].is_file() else None

    def set_value(self, value: Any) -> None:
        """Show the path."""
        self.line.setText("" if value is None else str(value))

    def problem(self) -> str:
        """Say that there is no such file."""
        return _("There is no such file.") if self.line.text().strip() and self.value() is None else ""

    def set_locked(self, *, locked: bool) -> None:
        """Show the path only."""
        self.line.setReadOnly(locked)
        self.button.setVisible(not locked)

    def _choose(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self.window(), _("Choose a file"), folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.line.setText)
        dialog.finished.connect(lambda _result: dialog.deleteLater())
        dialog.open()

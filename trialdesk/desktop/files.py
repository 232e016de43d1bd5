"""Files a person chooses to read or to keep: asked for without stopping the window, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop.remember import Memory

_FOLDER = "folder"


def ask_folder(over: QWidget, title: str, memory: Memory, then: Callable[[Path], object]) -> None:
    """Ask for a folder and hand it to `then`; nothing happens if none is chosen."""
    dialog = _dialog(over, title, memory)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, memory, lambda paths: then(paths[0]))


def ask_files(over: QWidget, title: str, memory: Memory, then: Callable[[list[Path]], object], *, kinds: str) -> None:
    """Ask for files that are there; `kinds` is a Qt name filter, translated."""
    dialog = _dialog(over, title, memory)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([kinds, _("All files (*)")])
    _open(dialog, memory, then)


def ask_where(
    over: QWidget, title: str, memory: Memory, then: Callable[[Path], object], *, name: str, kinds: str
) -> None:
    """Ask where to keep a file; `name` is the name it gets unless another is typed."""
    dialog = _dialog(over, title, memory)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([kinds])
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.selectFile(name)
    _open(dialog, memory, lambda paths: then(paths[0]))


def typed_paths(text: str) -> list[Path]:
    """Return the paths in a line: one, or several between semicolons; quotation marks round them are taken off."""
    parts = (part.strip().strip("\"'") for part in text.split(";"))
    return [Path(part).expanduser() for part in parts if part]


def written_paths(paths: Sequence[Path]) -> str:
    """Return paths as `typed_paths` reads them."""
    return "; ".join(map(str, paths))


def _dialog(over: QWidget, title: str, memory: Memory) -> QFileDialog:
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(over.window(), title)
    kept = memory.words(_FOLDER)
    dialog.setDirectory(kept if kept and Path(kept).is_dir() else documents or QDir.homePath())
    return dialog


def _open(dialog: QFileDialog, memory: Memory, then: Callable[[list[Path]], object]) -> None:
    def chosen(names: Sequence[str]) -> None:
        paths = [Path(name) for name in names]
        memory.keep(_FOLDER, str(paths[0].parent))
        then(paths)

    dialog.filesSelected.connect(chosen)
    dialog.finished.connect(lambda _result: dialog.deleteLater())
    dialog.open()

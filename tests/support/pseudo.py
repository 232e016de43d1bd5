"""A language for tests: every translated text stands in ⟦brackets⟧ and is a third longer, so what is not shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from trialdesk.base import i18n

_marked = re.compile(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")
_letters = re.compile(r"[^\W\d_]{2,}")
_keys = re.compile(r"(?:(?:Ctrl|Alt|Shift|Esc|F\d+|Left|Right|Enter)\b[+\w←→↓↑]*)")


class _Everything(dict[str, str]):
    def get(self, text: str, _default: object = None) -> str:
        return f"⟦{text}{'~' * (len(text) // 3)}⟧"


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Speak the pseudo-language within the block."""
    real = i18n._catalogue
    before = i18n.language()
    with (
        mock.patch.dict(i18n.LANGUAGES, {"pseudo": "Pseudo"}),
        mock.patch.dict(i18n.BABEL_LOCALES, {"pseudo": "en_GB"}),
        mock.patch.object(i18n, "_catalogue", lambda code: _Everything() if code == "pseudo" else real(code)),
    ):
        i18n.set_language("pseudo")
        try:
            yield
        finally:
            i18n.set_language(before)


def untranslated(window: QWidget, *data: str) -> list[str]:
    """Return, as `widget: text`, what a person can see or hear in the window that is neither translated nor `data`."""
    found: list[str] = []
    for widget in (window, *window.findChildren(QWidget)):
        found += [f"{type(widget).__name__}: {text}" for text in _texts(widget) if _is_bare(text, data)]
    return sorted(set(found))


def _is_bare(text: str, data: tuple[str, ...]) -> bool:
    rest = _marked.sub(" ", text)
    for known in sorted((*data, "TrialDesk", "English", "简体中文", "Pseudo", "UTC"), key=len, reverse=True):
        rest = rest.replace(known, " ")
    return _letters.search(_keys.sub(" ", rest)) is not None


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if widget.isWindow():
        yield widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QMenu):
        yield widget.title()
        yield from (action.text() for action in widget.actions())
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
        yield widget.placeholderText()
    elif isinstance(widget, QTableView) and (model := widget.model()) is not None:
        for column in range(model.columnCount()):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")

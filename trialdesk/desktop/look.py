"""Dresses the application in the tokens, and again whenever the person or the system asks for the other scheme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from trialdesk.desktop import fonts, icons, style

_sheet_folder: QTemporaryDir | None = None
_families: tuple[str, ...] | None = None
_sheet = ""
_WORN = "worn"
"""The mark of a window that wears the style sheet."""


def apply(application: QApplication, choice: style.Choice = "system") -> None:
    """Dress the application: Fusion, the bundled fonts, palette and style sheet. May be called again at any time.

    A system that does not say whether it is light or dark is taken as light.
    """
    global _families, _sheet
    style.use(dark=_wants_dark(choice))
    if application.style().name() != "fusion":
        application.setStyle(QStyleFactory.create("Fusion"))
    if _families is None:
        _families = fonts.load()
    font = application.font()
    if _families:
        font.setFamilies(list(_families))
    font.setPixelSize(style.BODY)
    application.setFont(font)
    application.setPalette(style.palette(style.colours()))
    _sheet = style.sheet(style.colours(), _sheet_icons())
    for window in application.topLevelWidgets():
        if window.property(_WORN):
            window.setStyleSheet(_sheet)


def wear(window: QWidget) -> None:
    """Dress a window, and all it will hold, in the style sheet; anew whenever the look changes.

    The sheet is the windows' and not the application's, for then a page is dressed once, when it comes into its
    window, and not again at every level that it is built of.
    """
    window.setProperty(_WORN, True)
    window.setStyleSheet(_sheet)


def follow_system(application: QApplication, choice: style.Choice) -> None:
    """Dress the application again if it is to be like the system and the system's scheme has changed."""
    if choice == "system" and _wants_dark(choice) != style.is_dark():
        apply(application, choice)


def _wants_dark(choice: style.Choice) -> bool:
    if choice != "system":
        return choice == "dark"
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _sheet_icons() -> str:
    global _sheet_folder
    _sheet_folder = QTemporaryDir()
    folder = Path(_sheet_folder.path())
    for name in ("chevron-down", "chevron-left", "chevron-right"):
        icons.write(name, "muted", folder)
    icons.write("check", "on-accent", folder)
    return folder.as_posix()

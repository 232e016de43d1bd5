"""The window at 1366×768 in both languages, light and dark: it comes out whole, and nothing reaches beyond the window.

`TRIALDESK_SCREENS` names a folder to keep the pictures in.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.desktop.bench import catalogue
from tests.support.screens import SIZE, screens
from trialdesk.desktop.pages.catalog import PLACES
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.start import NewDeskForm, SignInForm, StartPage


def _beyond(window: QWidget) -> list[str]:
    """Return the words and buttons that are cut at the window's edge."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QLabel | QAbstractButton):
            place = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
            if place.left() < 0 or place.right() > window.width():
                found.append(widget.accessibleName() or widget.text())
    return found


def test_every_look_of_the_first_screens(qapp, desk, settle, tmp_path, qtbot):
    folder = Path(os.environ.get("TRIALDESK_SCREENS", tmp_path))
    beyond: list[str] = []
    made: list[QWidget] = []

    def shell() -> QWidget:
        window = Shell(desk, catalogue(PLACES))
        window.go(Spot("studies", "s1", "participants", "3".zfill(32)))
        made.append(window)
        return window

    def built(widget: QWidget) -> QWidget:
        made.append(widget)
        return widget

    def settled() -> None:
        settle()
        beyond.extend(_beyond(made[-1]))

    files = screens(qapp, folder, "participants", shell, settled)
    files += screens(qapp, folder, "start", lambda: built(StartPage((tmp_path / "ward.desk",))), settled)
    files += screens(qapp, folder, "new", lambda: built(NewDeskForm(tmp_path)), settled)
    files += screens(qapp, folder, "sign-in", lambda: built(SignInForm(tmp_path / "ward.desk", "chen")), settled)
    assert len({file.name for file in files}) == 16
    for file in files:
        image = QImage(str(file))
        assert image.width() / image.devicePixelRatio() == SIZE[0]
        colours = {image.pixelColor(x, y).name() for x in range(0, SIZE[0], 9) for y in range(0, SIZE[1], 7)}
        assert len(colours) > 20, f"{file.name} is a void"
    assert beyond == []

"""Qt as it is installed here does what the application counts on."""

from __future__ import annotations

import os
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot


def test_calls_that_return_nothing_lose_no_reference(qtbot: QtBot):
    # PySide6 6.12.0 takes one reference from None with each such call; a few thousand end Python 3.11.
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < 100


def test_nothing_appears_on_a_screen(qapp: QGuiApplication):
    assert qapp.platformName() == "offscreen"
    assert "DISPLAY" not in os.environ


@pytest.mark.xvfb
def test_a_real_window_takes_the_focus_and_keys(qtbot: QtBot):
    assert QGuiApplication.platformName() == "xcb"
    window = QWidget()
    first, second = QLineEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(first)
    layout.addWidget(second)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    qtbot.waitUntil(second.hasFocus)
    qtbot.keyClicks(second, "visit 3")
    assert second.text() == "visit 3"
    screen = window.screen()
    assert screen is not None
    assert screen.size().width() == 1600

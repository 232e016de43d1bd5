"""A person's day stands on the same things as every test of the window, and leaves no stray window behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from tests.desktop.conftest import _dressed, english, pytest_configure
from trialdesk.desktop import look

__all__ = ["_dressed", "english", "pytest_configure"]


class Strays(QObject):
    """Notes every widget that is shown as a window of its own and takes the keyboard from the one there is."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt calls it
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowType()
            if kind == Qt.WindowType.Window and not isinstance(watched, QMainWindow):
                self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def strays(qapp) -> Iterator[Strays]:
    made = Strays()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)
    assert made.seen == []


@pytest.fixture(autouse=True)
def _light_again(qapp) -> Iterator[None]:
    yield
    look.apply(qapp, "light")

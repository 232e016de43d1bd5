"""Who must look again: an act says which kinds of record changed, each page which kinds it shows.

A page that can be seen refreshes once, soon; one that cannot waits until it is shown. Screens never refresh each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

EVERYTHING = "*"
"""Subscribed to, or emitted: all kinds (after a sync, a restore, a change of account)."""


class Changes(QObject):
    """The hub."""

    happened = Signal(object)

    def emit(self, kinds: Collection[str]) -> None:  # type: ignore[override]  # the hub emits kinds, not a Qt signal
        """Tell all pages that records of these kinds changed. To be called on the main thread."""
        if kinds:
            self.happened.emit(frozenset(kinds))

    def subscribe(self, page: QWidget, kinds: Collection[str], refresh: Callable[[], object]) -> None:
        """Call `refresh` when one of the kinds changes and the page can be seen, for as long as the page lives."""
        _Subscription(self, page, frozenset(kinds), refresh)


class _Subscription(QObject):
    def __init__(self, changes: Changes, page: QWidget, kinds: frozenset[str], refresh: Callable[[], object]) -> None:
        super().__init__(page)
        self._page = page
        self._kinds = kinds
        self._refresh = refresh
        self._stale = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look_again)
        page.installEventFilter(self)
        changes.happened.connect(self._heard)

    def _heard(self, kinds: frozenset[str]) -> None:
        if EVERYTHING in kinds or EVERYTHING in self._kinds or kinds & self._kinds:
            self._stale = True
            self._soon.start()

    def _look_again(self) -> None:
        if self._stale and self._page.isVisible():
            self._stale = False
            self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Refresh a page that became stale while it could not be seen."""
        if event.type() == QEvent.Type.Show and self._stale:
            self._soon.start()
        return super().eventFilter(watched, event)

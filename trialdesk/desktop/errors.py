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
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from trialdesk.base.errors import Told

if TYPE_CHECKING:
    from trialdesk.desktop.widgets.fault import Fault


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
        # What only a failure needs waits for one: the first window is painted sooner.
        from trialdesk.desktop.widgets.fault import Fault, details

        sys.stderr.write(details(error))
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

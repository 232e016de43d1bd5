"""The one window: before a desk is open the start, then the shell; locked, made anew in another language, closed.

Knows how to show; what to show, and what a request leads to, is `app`'s.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenuBar, QStackedWidget, QWidget

from trialdesk.base.i18n import LANGUAGES, _, set_language
from trialdesk.desktop import look, style
from trialdesk.desktop.remember import Memory

_SMALLEST = (960, 600)
_USUAL = (1280, 720)


class Window(QMainWindow):
    """A stack of one or two widgets: what is open, and over it the lock."""

    language_changed = Signal()
    closing = Signal()
    idle = Signal()
    """Nobody typed or clicked for as long as `watch_idle` says."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self._stack = QStackedWidget()
        self._open: QWidget | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.idle)
        self.setCentralWidget(self._stack)
        look.wear(self)
        self.setWindowTitle("TrialDesk")
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)
        kept = memory.words("window")
        if kept:
            self.restoreGeometry(QByteArray.fromHex(kept.encode()))

    def show_widget(self, widget: QWidget, menu_bar: QMenuBar | None = None, title: str = "") -> None:
        """Show a widget in place of the last, which is thrown away."""
        while (old := self._stack.currentWidget()) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._open = widget
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        bar = menu_bar or QMenuBar()
        bar.setVisible(menu_bar is not None)
        self.setMenuBar(bar)
        self.name(title)
        widget.setFocus()

    def cover(self, widget: QWidget) -> None:
        """Show a widget over what is open, which is kept as it is: the lock. The menu is out of reach."""
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        self.menuBar().hide()
        self.menuBar().setEnabled(False)
        if self._open:
            self._open.setEnabled(False)
        widget.setFocus()

    def uncover(self) -> None:
        """Take the lock away and go on where one was."""
        cover = self._stack.currentWidget()
        if self._open is None or cover is None or cover is self._open:
            return
        self._open.setEnabled(True)
        self._stack.setCurrentWidget(self._open)
        self._stack.removeWidget(cover)
        cover.deleteLater()
        self.menuBar().setEnabled(True)
        self.menuBar().show()

    @property
    def covered(self) -> bool:
        """Say whether the lock is shown."""
        return self._open is not None and self._stack.currentWidget() is not self._open

    def name(self, where: str) -> None:
        """Put into the title bar where one is."""
        self.setWindowTitle(_("{where} – TrialDesk").format(where=where) if where else "TrialDesk")

    def speak(self, code: str) -> None:
        """Change the language; what is open is made anew by whoever hears `language_changed`."""
        if code in LANGUAGES:
            set_language(code)
            self._memory.keep("language", code)
            self.language_changed.emit()

    def dress(self, choice: style.Choice) -> None:
        """Change between light, dark and the system's scheme."""
        self._memory.keep("look", choice)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            look.apply(application, choice)

    def watch_idle(self, minutes: int) -> None:
        """Emit `idle` after so many minutes without a key or a click; 0 stops watching."""
        self._idle.stop()
        self.winId()  # makes the window's handle, which sees every key and click before the widgets do
        handle = self.windowHandle()
        handle.removeEventFilter(self)
        if minutes:
            self._idle.start(minutes * 60_000)
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear that somebody is there."""
        if self._idle.isActive() and isinstance(event, QKeyEvent | QMouseEvent):
            self._idle.start()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window stood."""
        self._memory.keep("window", bytes(self.saveGeometry().toHex().data()).decode())
        self.closing.emit()
        super().closeEvent(event)

"""The quiet notice after an act, with *Undo*, and the calm one after something that could not be done.

It floats at the foot of the window, takes no focus by itself, can be reached with F6, and goes by itself; one that
tells of a failure stays until it is closed.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from trialdesk.base.errors import Told
from trialdesk.base.i18n import _
from trialdesk.desktop import icons, parts, shown, style
from trialdesk.desktop.style import Hue

SECONDS = 8
_WIDTH = 400


class Notice(QFrame):
    """The one notice of a window; a new one takes the place of the last. `over` is the widget it floats above."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self._go_unless_used)
        parts.dress(self, "floating", shown=False)
        self._over = over
        self._before: QWidget | None = None
        self._passing = True
        self._act: Callable[[], object] | None = None
        self._picture = parts.said()
        self._words = parts.said(wrap=True)
        self._more = parts.said(role="muted", wrap=True)
        self.button = parts.button("", role="quiet")
        self.button.clicked.connect(self._do)
        close = parts.icon_button("close", _("Close this notice"), self.dismiss, keys="Esc")
        said = parts.column(spacing=2)
        said.addWidget(self._words)
        said.addWidget(self._more)
        layout = parts.row(self, spacing=style.SMALL, margins=(style.MEDIUM, style.SMALL, style.SMALL, style.SMALL))
        layout.addWidget(self._picture)
        layout.addLayout(said, 1)
        layout.addWidget(self.button)
        layout.addWidget(close)
        over.installEventFilter(self)
        QShortcut(QKeySequence("F6"), over).activated.connect(self.reach)

    def say(self, words: str, *, hue: Hue = "good", act: str = "", then: Callable[[], object] | None = None) -> None:
        """Show words (translated), with a button if `act` names what `then` does; the notice goes after a while."""
        self._passing = True
        self._show(words, "", hue, act, then)

    def say_done(self, label: str, undo: Callable[[], object] | None = None) -> None:
        """Show that an act is done; with `undo`, offer to take it back."""
        self.say(label, act=_("Undo") if undo else "", then=undo)
        self.button.setToolTip(_("Undo ({keys})").format(keys="Ctrl+Z") if undo else "")

    def say_told(self, told: Told) -> None:
        """Show what could not be done, where, and what to do; it stays until it is closed."""
        lead = f"{told.where}: {told.words}" if told.where else told.words
        self._passing = False
        self._show(shown.dated(lead), shown.dated(told.remedy), "warning", "", None)

    @property
    def words(self) -> str:
        """Return what the notice says, empty when it is not shown."""
        return self._words.text() if self.isVisibleTo(self._over) else ""

    def reach(self) -> None:
        """Put the focus on the notice's button, from where Escape closes it."""
        if self.isVisible():
            self._before = self.window().focusWidget()
            (self.button if self._act else self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Close the notice; the focus goes back to the page."""
        self._act = None
        used = self.button.hasFocus() or self.hasFocus()
        self.hide()
        if used:
            self.button.clearFocus()
            if self._before and shiboken6.isValid(self._before):
                self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot of the window."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisibleTo(self._over):
            self._place()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count the seconds, also when the window comes back."""
        if self._passing:
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it: do not count."""
        self._timer.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the notice."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _show(self, words: str, more: str, hue: Hue, act: str, then: Callable[[], object] | None) -> None:
        self._act = then
        self._picture.setPixmap(icons.pixmap(hue, hue, ratio=self.devicePixelRatioF()))
        self._words.setText(words)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.button.setText(act)
        self.button.setVisible(bool(act))
        self.setAccessibleName(f"{words} {more}".strip())
        self.hide()
        self.show()
        self.raise_()
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH, self._over.width() - 2 * style.WIDE)
        self.setFixedWidth(width)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        # At the left, over the foot of a list: at the right are the buttons of the form one goes on with.
        self.setGeometry(style.WIDE, self._over.height() - height - style.WIDE, width, height)

    def _go_unless_used(self) -> None:
        if self.underMouse() or self.button.hasFocus():
            self._timer.start()
        else:
            self.dismiss()

    def _do(self) -> None:
        act = self._act
        self.dismiss()
        if act:
            act()

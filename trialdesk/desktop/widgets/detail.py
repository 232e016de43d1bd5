"""A list and, beside it, the chosen record: never a stack of dialogs. The split is remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QSplitter, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.remember import Memory

WIDTH = 400


class ListDetail(QSplitter):
    """A splitter whose right side shows one record at a time and folds away when there is none."""

    def __init__(
        self, listed: QWidget, *, key: str, memory: Memory, width: int = WIDTH, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._key = f"detail/{key}"
        self._memory = memory
        self._listed = listed
        self._width = width
        self._detail: QWidget | None = None
        self._title = parts.said(role="title", wrap=True)
        # An endless word is cut at the edge: it pushes nothing out of sight.
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        close = parts.icon_button("close", _("Close the record"), self.close_detail, keys="Esc")
        top = parts.row(spacing=style.SMALL)
        top.addWidget(self._title, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.holder = parts.box()
        """What holds the record. A large record made as its child is dressed once, not once for each level above."""
        self._held = parts.column(self.holder)
        self._area = parts.scrolled(self.holder)
        self._panel = _Panel(self.close_detail)
        inner = parts.column(
            self._panel, spacing=style.MEDIUM, margins=(style.LARGE, style.MEDIUM, style.MEDIUM, style.MEDIUM)
        )
        inner.addLayout(top)
        inner.addWidget(self._area)
        self.addWidget(listed)
        self.addWidget(self._panel)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(style.MEDIUM)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._panel.setMinimumWidth(300)
        listed.setMinimumWidth(320)
        self.splitterMoved.connect(lambda: self._memory.keep(self._key, self.sizes()[1]))

    def show_detail(self, title: str, detail: QWidget) -> None:
        """Show a record beside the list; the one shown before is taken away.

        The same record shown anew stays scrolled to where it was.
        """
        was_open = self._panel.isVisibleTo(self)
        bar = self._area.verticalScrollBar()
        kept = bar.value() if was_open and title == self._title.text() else 0
        self._take_away()
        self._detail = detail
        self._title.setText(title)
        self._panel.setAccessibleName(title)
        self._held.addWidget(detail)
        detail.show()
        self._panel.show()
        if not was_open:
            kept_width = self._memory.get(self._key)
            wanted = kept_width if isinstance(kept_width, int) and not isinstance(kept_width, bool) else self._width
            whole = max(self.width(), self._listed.minimumWidth() + wanted)
            self.setSizes([whole - wanted, wanted])
        if kept:
            # The area learns how high the record is when it is laid out, which is not yet.
            QTimer.singleShot(0, bar, lambda: bar.setValue(kept))

    @property
    def detail(self) -> QWidget | None:
        """Return the record shown, if one is."""
        return self._detail

    def close_detail(self) -> None:
        """Fold the right side away and go back to the list."""
        self._panel.hide()
        self._take_away()
        self._listed.setFocus()

    def _take_away(self) -> None:
        # Later, for the record may be the one whose own button asked for this; and where it is, for taking it out of
        # the window would dress all of it anew.
        old, self._detail = self._detail, None
        if old is not None:
            self._held.removeWidget(old)
            old.hide()
            old.deleteLater()


class _Panel(QFrame):
    """The right side. Escape closes it unless something inside has a use for the key: hence no shortcut."""

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        parts.dress(self, "panel", shown=False)
        self._leave = leave

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

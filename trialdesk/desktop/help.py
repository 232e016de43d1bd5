"""F1: what the page before one is for, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style

WIDTH = 300


class HelpPanel(QFrame):
    """Stands at the window's right until it is closed; never in the way of what is typed."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        parts.dress(self, "help", shown=False)
        self.setFixedWidth(WIDTH)
        self._title = parts.said(role="title", wrap=True)
        close = parts.icon_button("close", _("Close help"), self.closed.emit, keys="F1")
        top = parts.row()
        top.addWidget(self._title, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._words = parts.said(wrap=True)
        self._keys = parts.grid(across=style.MEDIUM, down=style.SMALL)
        keys_title = parts.said(_("Keys"), "strong")
        inside = parts.box("viewport")
        inner = parts.column(inside, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, 0))
        inner.addWidget(self._words)
        inner.addSpacing(style.SMALL)
        inner.addWidget(keys_title)
        inner.addLayout(self._keys)
        inner.addStretch()
        layout = parts.column(
            self, spacing=style.MEDIUM, margins=(style.LARGE, style.MEDIUM, style.SMALL, style.MEDIUM)
        )
        layout.addLayout(top)
        layout.addWidget(parts.scrolled(inside))
        self.setAccessibleName(_("Help"))

    def show_help(self, title: str, words: str, keys: Sequence[tuple[str, str]]) -> None:
        """Show a page's help (translated) and keys as (keys, what they do)."""
        self._title.setText(title)
        self._words.setText(words)
        while item := self._keys.takeAt(0):
            widget = item.widget()
            if widget:
                widget.deleteLater()
        for line, (shortcut, does) in enumerate(keys):
            cap = parts.said(shortcut, "keys")
            said = parts.said(does, "muted", wrap=True)
            self._keys.addWidget(cap, line, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self._keys.addWidget(said, line, 1)
        self._keys.setColumnStretch(1, 1)

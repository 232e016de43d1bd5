"""F1: what the page before one is for, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import icons, style

WIDTH = 300


class HelpPanel(QFrame):
    """Stands at the window's right until it is closed; never in the way of what is typed."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__(objectName="floating", visible=False)
        self.setFixedWidth(WIDTH)
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("role", "title")
        close = QToolButton()
        close.setProperty("role", "icon")
        close.setIcon(icons.icon("close"))
        close.setAccessibleName(_("Close help"))
        close.setToolTip(_("Close help ({keys})").format(keys="F1"))
        close.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._words = QLabel(wordWrap=True)
        self._keys = QGridLayout(horizontalSpacing=style.MEDIUM, verticalSpacing=style.SMALL)
        keys_title = QLabel(_("Keys"))
        keys_title.setProperty("role", "strong")
        inside = QWidget(objectName="viewport")
        inner = QVBoxLayout(inside, spacing=style.MEDIUM)
        inner.setContentsMargins(0, 0, style.SMALL, 0)
        inner.addWidget(self._words)
        inner.addSpacing(style.SMALL)
        inner.addWidget(keys_title)
        inner.addLayout(self._keys)
        inner.addStretch()
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self, spacing=style.MEDIUM)
        layout.setContentsMargins(style.LARGE, style.MEDIUM, style.SMALL, style.MEDIUM)
        layout.addLayout(top)
        layout.addWidget(area)
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
            cap = QLabel(shortcut)
            cap.setProperty("role", "keys")
            said = QLabel(does, wordWrap=True)
            said.setProperty("role", "muted")
            self._keys.addWidget(cap, line, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self._keys.addWidget(said, line, 1)
        self._keys.setColumnStretch(1, 1)

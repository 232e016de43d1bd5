"""Words with one so long that no label can break it (a hash, an address, a slip): broken anywhere, copied as it is."""

from __future__ import annotations

import re

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from trialdesk.desktop import parts, style

LONGEST = 240
"""Pixels beyond which a single word may not find its room: a label would push what stands beside it out of sight."""
BREAKS = re.compile(r"[\s\u2e80-\uffef]+")
"""Where a label breaks a line by itself: at a space, and anywhere in a script that has none."""
HIGHEST = 240
"""Pixels beyond which it scrolls in itself: three thousand letters hide nothing that stands below."""


def unbroken(words: str) -> bool:
    """Say whether the words hold one too long for a label."""
    metrics = QFontMetrics(style.font())
    return any(metrics.horizontalAdvance(word) > LONGEST for word in re.split(BREAKS, words))


class Unbroken(QTextEdit):
    """Shows words that can be selected and copied, as high as they need at the width there is."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        parts.dress(self, role="fact")
        self.setPlainText(words)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow(self.document().size())

    def _grow(self, size: QSizeF) -> None:
        self.setFixedHeight(min(max(round(size.height()), self.fontMetrics().height()) + 2, HIGHEST))

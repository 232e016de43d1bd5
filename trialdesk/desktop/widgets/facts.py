"""A definition list: what is known, each word beside what it names, in one calm grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trialdesk.desktop import parts, style

Fact = tuple[str, str]
"""What it is called and what it is, both in words."""

COPYABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Facts(QWidget):
    """Shows facts in `across` pairs a line, read from left to right; long ones wrap."""

    def __init__(self, facts: Sequence[Fact], *, across: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = parts.grid(self, across=style.MEDIUM, down=style.HAIR)
        for number, (name, words) in enumerate(facts):
            line, place = divmod(number, across)
            label = parts.said(name, "muted", on=self)
            value = parts.said(words, wrap=True, on=self)
            value.setContentsMargins(0, 1, 0, 0)
            value.setTextInteractionFlags(COPYABLE)
            value.setAccessibleName(f"{name}: {words}")
            top = Qt.AlignmentFlag.AlignTop
            layout.addWidget(label, line, place * 2, top)
            layout.addWidget(value, line, place * 2 + 1, top)
        for place in range(across):
            layout.setColumnStretch(place * 2 + 1, 1)

"""A definition list: what is known, each word beside what it names, in one calm grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from trialdesk.desktop import parts, style
from trialdesk.desktop.widgets.unbroken import Unbroken, unbroken

LABEL = 150
"""Pixels up to which a name stands in one line: a longer one wraps and leaves the values their room."""

LONG = 300
"""Pixels beyond which words are given the whole line: beside another fact they would wrap into a narrow tower."""

Fact = tuple[str, str]
"""What it is called and what it is, both in words."""

COPYABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Facts(QWidget):
    """Shows facts in `across` pairs a line, read from left to right; a long one has the line, a text several.

    One below the other (`across` 1), all stand beside what they are called.
    """

    def __init__(self, facts: Sequence[Fact], *, across: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = parts.grid(self, across=style.MEDIUM, down=style.HAIR)
        line = place = 0
        for name, words in facts:
            lines, long = "\n" in words and across > 1, QFontMetrics(style.font()).horizontalAdvance(words) > LONG
            alone = lines or long
            if alone and place:
                line, place = line + 1, 0
            label = parts.said(name, "muted", on=self)
            if QFontMetrics(style.font()).horizontalAdvance(name) > LABEL:
                label.setWordWrap(True)
                label.setFixedWidth(LABEL)
            value = Unbroken(words, self) if unbroken(words) else _label(words, self)
            value.setAccessibleName(f"{name}: {words}")
            top = Qt.AlignmentFlag.AlignTop
            layout.addWidget(label, line, place * 2, top)
            # What is broken anywhere takes the width it is given: it would be given none beside its alignment.
            top = Qt.AlignmentFlag.AlignTop if isinstance(value, QLabel) else Qt.AlignmentFlag(0)
            if lines:
                line += 1
                layout.addWidget(value, line, 0, 1, across * 2, top)
            elif long:
                layout.addWidget(value, line, 1, 1, across * 2 - 1, top)
            else:
                layout.addWidget(value, line, place * 2 + 1, top)
            place = 0 if alone else (place + 1) % across
            line += not place
        for place in range(across):
            layout.setColumnStretch(place * 2 + 1, 1)


def _label(words: str, on: QWidget) -> QWidget:
    label = parts.said(words, wrap=True, on=on)
    label.setContentsMargins(0, 1, 0, 0)
    label.setTextInteractionFlags(COPYABLE)
    return label

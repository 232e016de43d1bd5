"""What stands in a long record, by name and number: a word chosen leads down to it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts

MANY = 5
"""So many lists in one record and the last is out of sight."""

Section = tuple[str, int, QWidget]
"""What a part of a record is called, how much stands in it, and where it is."""


class Sections(QWidget):
    """Names of the parts of a record, each with how much stands in it. By keys: Tab from one to the next, Enter."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._places = [place for _name, _count, place in sections]
        links = (
            f'<a href="{number}" style="text-decoration: none">{escape(name).replace(" ", "&nbsp;")}</a>'
            + (f"&nbsp;{count}" if count else "")
            for number, (name, count, _place) in enumerate(sections)
        )
        self.words = parts.said(wrap=True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setText(" · ".join(links))
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.words.setAccessibleName(_("Parts of this record"))
        self.words.linkActivated.connect(lambda number: parts.lead_to(self._places[int(number)]))
        parts.column(self).addWidget(self.words)

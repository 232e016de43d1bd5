"""The head of a study's workspace: which study, at what stage, who leads it, what comes next, and who is blinded.

Over it, in the demonstration, which day it is there.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from trialdesk.base.i18n import _
from trialdesk.desktop import icons, parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.spot import StudyHead
from trialdesk.desktop.widgets.elided import Elided
from trialdesk.desktop.widgets.status import StatusPill

ROOM = 2 * style.WIDE + 4 * style.SMALL + 40
"""Pixels of the first line that are neither words nor pills: margins, gaps, the icon."""
LEAST = 160


class StudyHeader(QFrame):
    """Shows a `StudyHead`. `asked` carries the Spot of the next action when a person goes for it."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self._head: StudyHead | None = None
        self._acronym = parts.said(role="title")
        self._stage = StatusPill()
        self._blinding = StatusPill()
        self._title = Elided()
        self._title.setProperty("role", "muted")
        self._pi = parts.said(role="muted")
        self._pi.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._next = parts.button("", role="link")
        self._next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._next.clicked.connect(self._go)
        first = parts.row(spacing=style.SMALL)
        first.addWidget(self._acronym)
        first.addWidget(self._stage)
        first.addWidget(self._blinding)
        first.addStretch()
        first.addWidget(self._next)
        second = parts.row(spacing=style.LARGE)
        second.addWidget(self._title, 1)
        second.addWidget(self._pi)
        layout = parts.column(self, spacing=2, margins=(style.WIDE, style.SMALL, style.WIDE, style.SMALL))
        layout.addLayout(first)
        layout.addLayout(second)
        self.setAccessibleName(_("Study"))

    def show_study(self, head: StudyHead | None) -> None:
        """Show a study; None while it is being read."""
        self._head = head
        self._acronym.setText(head.acronym if head else "")
        self._title.setText(head.title if head else "")
        self._stage.set_status(head.stage if head else None)
        self._blinding.set_status(head.blinding if head else None)
        self._pi.setText(_("PI {name}").format(name=head.pi) if head and head.pi else "")
        self._next.setVisible(bool(head and head.next_action))
        late = bool(head and head.late)
        self._next.setIcon(icons.icon("warning" if late else "chevron-right", "bad" if late else "accent"))
        self._fit()
        self._next.setEnabled(bool(head and head.next_spot))
        self.setAccessibleDescription(f"{head.acronym}. {head.title}" if head else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much of what comes next as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = _("Next: {action}").format(action=self._head.next_action) if self._head else ""
        beside = sum(each.sizeHint().width() for each in (self._acronym, self._stage, self._blinding))
        room = max(self.width() - beside - ROOM, LEAST)
        self._next.setText(self._next.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
        self._next.setToolTip(whole)
        self._next.setAccessibleName(whole)

    def _go(self) -> None:
        if self._head and self._head.next_spot:
            self.asked.emit(self._head.next_spot)


class ToldDay(QFrame):
    """Says openly, on a desk of the demonstration, that it is one and which day it is there; elsewhere it is hidden."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("told_day")
        self._desk = desk
        self._words = parts.said(role="fine")
        layout = parts.column(self, spacing=0, margins=(style.WIDE, style.HAIR, style.WIDE, style.HAIR))
        layout.addWidget(self._words)
        # Shown before it lies in the window it would be a window of its own.
        self.setHidden(not desk.is_demonstration)
        self.tell()

    def tell(self) -> None:
        """Say the day anew: it goes on while the desk is open."""
        if self._desk.is_demonstration:
            self._words.setText(
                _("Demonstration: the date here is {date}. Nobody in it lives.").format(
                    date=shown.day(self._desk.today)
                )
            )

"""Two versions of one record side by side, where somebody else recorded while one typed. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, style


@dataclass(frozen=True, slots=True)
class Differing:
    """One field of which there is more than one version, in words."""

    name: str
    before: str
    now: str
    mine: str


class ConflictPrompt(QFrame):
    """Shows what differs and asks which version is to stand."""

    mine_wanted = Signal()
    """Record what was typed, over what somebody else recorded."""
    theirs_wanted = Signal()
    """Leave what was typed: what is recorded stands."""
    both_wanted = Signal()
    """Go on typing, with what is recorded now in all fields left alone."""

    def __init__(self, differing: Sequence[Differing], who: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "hint")
        self.setProperty("hue", "warning")
        title = parts.said(_("Somebody changed this record while you had it open"), "strong", wrap=True)
        explained = parts.said(_("Nothing was lost: neither what is recorded nor what you typed."), "muted", wrap=True)
        layout = parts.column(self, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        layout.addWidget(title)
        if who:
            layout.addWidget(parts.said(who, wrap=True))
        layout.addWidget(explained)
        layout.addWidget(_table(differing))
        self.mine = parts.button(_("Record mine"), role="primary")
        self.mine.setToolTip(_("Your values replace those recorded; the trail keeps both."))
        self.mine.clicked.connect(self.mine_wanted)
        self.theirs = parts.button(_("Leave what is recorded"))
        self.theirs.setToolTip(_("What you typed here is given up."))
        self.theirs.clicked.connect(self.theirs_wanted)
        self.both = parts.button(_("Keep editing"))
        self.both.clicked.connect(self.both_wanted)
        buttons = parts.row(spacing=style.SMALL)
        for button in (self.mine, self.theirs, self.both):
            buttons.addWidget(button)
        buttons.addStretch()
        layout.addLayout(buttons)
        self.setAccessibleName(title.text())
        self.setFocusProxy(self.both)


def differing(
    fields: Sequence[Field],
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    mine: Mapping[str, Any],
    words: Any,
) -> tuple[Differing, ...]:
    """Return the fields that were changed here or elsewhere; `mine` holds those changed here.

    `words` writes a field's value.
    """
    found = []
    for field in fields:
        first, stands = before.get(field.name), now.get(field.name)
        typed = mine.get(field.name, stands)
        if field.type == "flag":
            # A tick that is not set says no as well as nothing.
            first, stands, typed = bool(first), bool(stands), bool(typed)
        if field.name in mine or first != stands:
            found.append(Differing(_(field.label), words(field, first), words(field, stands), words(field, typed)))
    return tuple(found)


def _table(rows: Sequence[Differing]) -> QWidget:
    box = parts.box()
    grid = parts.grid(box, across=style.MEDIUM, down=style.HAIR)
    for place, heading in enumerate(("", _("When you began"), _("Recorded now"), _("Yours"))):
        grid.addWidget(parts.said(heading, "fine"), 0, place)
    top = Qt.AlignmentFlag.AlignTop
    for line, row in enumerate(rows, start=1):
        grid.addWidget(parts.said(row.name, "muted", wrap=True), line, 0, top)
        for place, value in enumerate((row.before, row.now, row.mine), start=1):
            grid.addWidget(parts.said(value, "strong" if place == 3 else "", wrap=True), line, place, top)
    for place in range(4):
        grid.setColumnStretch(place, 1)
    return box

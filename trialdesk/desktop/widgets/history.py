"""What happened to a record: each act with who, when and why, and under it field by field old and new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.recorded import said
from trialdesk.overview.changes import Change

MOST = 60
"""Acts told at once; older ones are told on asking, so that the window answers at once."""


class History(QWidget):
    """Shows changes, newest first. `title_of` words the name of an act."""

    def __init__(
        self, changes: Sequence[Change], *, title_of: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title_of = title_of
        self._acts = [tuple(each) for _transaction, each in groupby(changes, key=lambda change: change.transaction)]
        self._layout = parts.column(self, spacing=style.MEDIUM)
        self._more = parts.button(_("Show older changes"), self._tell_more, role="link")
        self._layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch()
        self._told = 0
        if not self._acts:
            self._layout.insertWidget(0, parts.said(_("Nothing was recorded yet."), "muted"))
        self._tell_more()

    def _tell_more(self) -> None:
        for act in self._acts[self._told : self._told + MOST]:
            self._layout.insertWidget(self._told, self._act(act))
            self._told += 1
        self._more.setVisible(self._told < len(self._acts))

    def _act(self, changes: tuple[Change, ...]) -> QWidget:
        first = changes[0]
        card = QFrame()
        layout = parts.column(card, spacing=2)
        layout.addWidget(parts.said(self._title_of(first.action), "strong", wrap=True))
        who = first.who or _("somebody not known here")
        layout.addWidget(parts.said(f"{who} · {shown.zoned(first.at)}", "muted"))
        if first.reason:
            layout.addWidget(parts.said(_("Why: {reason}").format(reason=first.reason), wrap=True))
        layout.addSpacing(style.HAIR)
        layout.addWidget(_values(changes))
        layout.addSpacing(style.SMALL)
        layout.addWidget(parts.frame(role="line"))
        return card


def _values(changes: tuple[Change, ...]) -> QWidget:
    box = parts.box()
    grid = parts.grid(box, across=style.MEDIUM, down=2)
    top = Qt.AlignmentFlag.AlignTop
    for line, change in enumerate(changes):
        grid.addWidget(parts.said(_(change.field.label), "muted", wrap=True), line, 0, top)
        grid.addWidget(parts.said(words_of(change), wrap=True), line, 1, top)
    grid.setColumnMinimumWidth(0, 150)
    grid.setColumnStretch(1, 1)
    return box


def words_of(change: Change) -> str:
    """Return what became of a field: its first value, or old → new."""
    new = said(change.kind, change.field, change.new)
    return new if change.created else f"{said(change.kind, change.field, change.old)} → {new}"

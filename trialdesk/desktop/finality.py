"""What stands below the list of reports: whether it is final, what is missing before it may be, and the way there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSpinBox, QWidget

from trialdesk.base.i18n import _, n_
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, shown, style
from trialdesk.documents.issued import IssueRow
from trialdesk.documents.rules import MOST_PLACES

_MOST_NAMED = 4
"""So many missing things are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands as it is asked for: its last final version, whether that says the `same`, what it `lacks`."""

    last: IssueRow | None
    same: bool
    lacks: tuple[str, ...]


class FinalCard(QWidget):
    """Says how the report stands. `finalising` and `signing` say what is wanted; who may not is told by the act."""

    finalising = Signal(int)
    signing = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing: Standing | None = None
        outer = parts.column(self)
        card: QFrame = parts.frame("card")
        outer.addWidget(card)
        inner = parts.column(card, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        self.state = parts.said(role="strong", wrap=True)
        self.told = parts.said(role="muted", wrap=True)
        self.places = QSpinBox()
        self.places.setRange(0, MOST_PLACES)
        self.places.setValue(1)
        label = parts.said(_("Places to sign"), "label")
        label.setBuddy(self.places)
        self.places.setAccessibleName(_("Places to sign"))
        self.places.setToolTip(_("How many will sign the file itself. A copy without signatures is kept beside it."))
        self.make = parts.button(_("Make final…"), lambda: self.finalising.emit(self.places.value()), icon="check")
        self.sign = parts.button(_("Sign…"), self._want_signature, icon="edit")
        for widget in (self.state, self.told):
            inner.addWidget(widget)
        line = parts.row(spacing=style.SMALL)
        line.addWidget(self.make)
        line.addWidget(self.sign)
        line.addStretch()
        line.addWidget(label)
        line.addWidget(self.places)
        inner.addLayout(line)
        self.show_standing(None)

    def show_standing(self, standing: Standing | None) -> None:
        """Say how the report stands; None while there is no document."""
        self._standing = standing
        self.state.setText(state_words(standing.last) if standing else _("Draft"))
        self.told.setText(told_words(standing) if standing else "")
        self.told.setVisible(bool(self.told.text()))
        why = why_not_final(standing)
        self.make.setEnabled(not why)
        self.make.setToolTip(why)
        last = standing.last if standing else None
        why = why_not_signed(last)
        self.sign.setEnabled(not why)
        self.sign.setToolTip(why)

    def _want_signature(self) -> None:
        if self._standing and self._standing.last:
            self.signing.emit(self._standing.last.id)


def state_words(last: IssueRow | None) -> str:
    """Return the state of a report in words: a draft, or which version is final since when."""
    if last is None:
        return _("Draft: not made final yet")
    if last.issued_on is None:
        return _("Final version {number}").format(number=last.number)
    return _("Final version {number} of {day}").format(number=last.number, day=shown.day(last.issued_on))


def told_words(standing: Standing) -> str:
    """Return what more there is to say: what is missing, who signed, whether the desk says otherwise by now."""
    said = []
    if standing.lacks:
        named = "; ".join(standing.lacks[:_MOST_NAMED])
        more = len(standing.lacks) - _MOST_NAMED
        if more > 0:
            named += "; " + n_("{count} more", "{count} more", more).format(count=more)
        said.append(_("Missing before it may be final: {items}").format(items=named))
    if standing.last:
        names = ", ".join(f"{each.name} ({_(each.meaning)})" for each in standing.last.seals)
        count, places = len(standing.last.seals), standing.last.places
        if places:
            words = _("Signed {count} of {places}").format(count=count, places=places)
            said.append(f"{words}: {names}" if names else words)
        if not standing.same:
            said.append(_("The record has changed since: the preview is a draft of the next version."))
    return "\n".join(said)


def why_not_final(standing: Standing | None) -> str:
    """Return why a report cannot be made final now, nothing where it can."""
    if standing is None:
        return _("There is no document yet.")
    if standing.lacks:
        return _("Something is missing before it may be final.")
    return ""


def why_not_signed(last: IssueRow | None) -> str:
    """Return why a report's final version cannot be signed, nothing where it can."""
    if last is None:
        return _("Only a final document is signed.")
    if not last.stands:
        return _("This version was superseded: it is signed no more.")
    if len(last.seals) >= last.places:
        return (
            _("This document was made final without places to sign.")
            if not last.places
            else _("All its places are signed.")
        )
    return ""

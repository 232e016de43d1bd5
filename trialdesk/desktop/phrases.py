"""The words of the terms beside their text: found by what they mean, put where the cursor stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.desktop import parts, style
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.payments.phrases import Phrase, conditions, events
from trialdesk.payments.phrases import parts as parts_of_rule

COLUMNS = (
    Column("means", N_("What it means"), lambda row: row.means, width=210),
    Column("written", N_("How it is written"), lambda row: row.written, width=240),
)


class Phrases(QWidget):
    """What can be written, under headings; `visit` is a visit of the study."""

    wanted = Signal(str)
    """This is to be put into the text."""

    def __init__(self, visit: str) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.MEDIUM))
        words = _("Enter or a double click puts it where the cursor stands, in a version that does not count yet.")
        layout.addWidget(parts.said(words, "muted", wrap=True))
        self.sought = QLineEdit()
        self.sought.setPlaceholderText(_("Filter"))
        self.sought.setAccessibleName(_("Filter"))
        layout.addWidget(self.sought)
        groups: tuple[tuple[str, tuple[Phrase, ...]], ...] = (
            (_("Conditions: require: […]"), conditions()),
            (_("Parts of a rule"), parts_of_rule()),
            (_("What sets a rule off"), events(visit)),
        )
        self.lists = [Listing(COLUMNS, rows, name=heading) for heading, rows in groups]
        for (heading, _rows), listing in zip(groups, self.lists, strict=True):
            listing.opened.connect(lambda row: self.wanted.emit(row.written))
            listing.beneath = self.lists
            self.sought.textChanged.connect(listing.seek)
            layout.addWidget(parts.group(heading, listing))
        layout.addStretch(1)
        self.setFocusProxy(self.sought)

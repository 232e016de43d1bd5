"""The access log: who came in, was refused, looked at what is private, took something out or signed; newest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox

from trialdesk.application import CATALOGUE
from trialdesk.application.acts import SAID
from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.access import AccessRow, Looked, access_log, in_lines
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import studies
from trialdesk.trail.access import EXPORT, FAILED, LOCKED, READ, REFUSED, WORDS

AT_ONCE = 1_000
"""So many entries are shown at first."""
HUES = {FAILED: "warning", LOCKED: "bad", REFUSED: "warning", READ: "info", EXPORT: "info"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the log with an id, as a table wants its rows."""

    line: Looked

    @property
    def entry(self) -> AccessRow:
        """The newest of its entries."""
        return self.line.row

    @property
    def id(self) -> str:
        """Its number in the log."""
        return str(self.entry.number)


@dataclass(frozen=True, slots=True)
class Log:
    """The studies there are, and the entries asked for; None where this account has no part in checking them.

    There may be `more` of them.
    """

    studies: tuple[tuple[Id, str], ...]
    rows: tuple[Shown, ...] | None
    refused: str = ""
    more: bool = False


def what(row: Shown) -> Status:
    """Return what happened, as it is shown."""
    hue: Any = HUES.get(row.entry.what, "neutral")
    return Status(_(WORDS[row.entry.what]), hue)


def about(row: Shown) -> str:
    """Return what an entry concerns, in words: an act, a kind of record, a file."""
    told = row.entry.about
    return _(SAID[told]) if told in SAID else row.line.words or told


COLUMNS: tuple[Column, ...] = (
    Column("at", N_("When"), lambda row: row.entry.at, "date", width=150),
    Column("what", N_("What"), what, "status", width=240),
    Column("who", N_("Who"), lambda row: row.entry.name, width=200),
    Column("study", N_("Study"), lambda row: row.entry.study_name, width=120),
    Column("about", N_("Concerning"), about, width=320),
    Column("number", N_("Entry"), lambda row: row.entry.number, "number", width=80, hidden=True),
)


def log(read: Read, *, study: Id | None, on: date, limit: int) -> Log:
    """Return the entries of a study or, for None, of the whole desk. A bounded number of statements."""
    known = tuple((row.id, row.short_name) for row in studies(read))
    try:
        rows = access_log(read, study=study, on=on, limit=limit)
    except NotAllowed as told:
        return Log(known, None, " ".join(filter(None, (told.words, told.remedy))))
    lines = in_lines(read, rows, catalogue=CATALOGUE)
    return Log(known, tuple(map(Shown, lines)), more=len(rows) >= limit)


class Access(Page):
    """The log of one study, or of the whole desk. It can be asked to look at a study's id."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._limit = AT_ONCE
        self._wanted: Id = ""
        self._chosen = False
        self.of = QComboBox()
        self.of.setAccessibleName(_("Study"))
        self.of.setMinimumWidth(180)
        self.of.addItem(_("The whole desk"), "")
        self.of.activated.connect(lambda _place: self._choose(str(self.of.currentData())))
        self.older = parts.button(_("Show older entries"), self._show_older, role="link")
        self.older.hide()
        self._empty = EmptyState(_("Nothing to see here"), "", icon="lock")
        self.table = Table(
            COLUMNS,
            name=_("Access log"),
            key="access",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=self._empty,
            export=exporting(desk, self, about="access log"),
        )
        self.table.tools.insertWidget(2, self.older)
        layout = lay_out(self, _("Access log"), self.of)
        words = _(
            "Who came in, was refused, looked at what is private, took something out or signed. It holds no value "
            "and no name of a participant, cannot be changed and is proven with the desk."
        )
        layout.addWidget(parts.said(words, "muted", wrap=True))
        layout.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Ask for the log again."""
        self._desk.read(
            log,
            then=self._show,
            owner=self,
            latest="log",
            study=self._wanted or None,
            on=self._desk.today,
            limit=self._limit,
        )

    def focus_on(self, identity: str) -> None:
        """Show the part of a study."""
        self._choose(identity)

    def _choose(self, study: Id) -> None:
        self._chosen = True
        self._turn_to(study)

    def _turn_to(self, study: Id) -> None:
        self._wanted, self._limit = study, AT_ONCE
        self.refresh()

    def _show_older(self) -> None:
        self._limit *= 10
        self.refresh()

    def _show(self, found: Log) -> None:
        self.of.clear()
        self.of.addItem(_("The whole desk"), "")
        for identity, name in found.studies:
            self.of.addItem(name, identity)
        self.of.setCurrentIndex(max(self.of.findData(self._wanted), 0))
        if found.rows is None and not self._chosen and not self._wanted and found.studies:
            # Who does not answer for the whole desk may well check on a study of it.
            self._turn_to(found.studies[0][0])
            return
        rows = found.rows or ()
        self.older.setVisible(found.more)
        self.table.set_rows(rows)
        self._empty.say(found.refused or _("Nothing was noted in this study yet."))

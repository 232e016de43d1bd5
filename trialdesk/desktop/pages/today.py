"""What waits today in all studies: late, due today, soon; each row leads to where it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from PySide6.QtWidgets import QLineEdit

from trialdesk.base.i18n import N_, _
from trialdesk.desktop import icons, parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.page import NEW, Page, State, lay_out
from trialdesk.desktop.style import Hue
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.overview.rules.waiting import GROUPS, Waiting, when_words

LATE, TODAY, SOON = "late", "today", "soon"
TITLES = {LATE: N_("Overdue"), TODAY: N_("Today"), SOON: N_("Soon")}
"""The groups in their order, marked for translation."""

SOON_HUES: dict[str, Hue] = {"nearly": "warning", "half": "info"}


def group_of(row: Waiting) -> str:
    """Return in which group a row stands."""
    return {"late": LATE, "due today": TODAY}.get(row.state, SOON)


def when(row: Waiting, today: date) -> Status:
    """Return how long there is, or how long it is too late, as it is shown."""
    words = when_words(row, today)
    if row.due is None:
        return Status(words, "neutral")
    if row.state == "late":
        return Status(words, "bad")
    if row.due <= today:
        return Status(words, "warning")
    return Status(words, SOON_HUES.get(row.state, "neutral"), "calendar")


def due_words(row: Waiting) -> str:
    """Return the day by which, with its hour where hours count."""
    if row.due_at is not None:
        return shown.instant(row.due_at)
    return shown.day(row.due) if row.due else ""


class Today(Page):
    """The first place of the rail. `today` is a seam for tests."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, *, today: Callable[[], date] | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._today = today or (lambda: desk.today)
        self._rows: tuple[Waiting, ...] = ()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setProperty("role", "filter")
        self.filter.setMaximumWidth(260)
        self.filter.setAccessibleName(_("Filter {name}").format(name=_("Today")))
        self.filter.setToolTip(_("Show only rows with these words ({keys})").format(keys="Ctrl+F"))
        self.filter.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._seek)
        layout = lay_out(self, _("Today"), self.filter)
        self.day = parts.said(role="muted")
        layout.addWidget(self.day)
        self._holder = parts.box()
        self._groups = parts.column(self._holder, spacing=style.LARGE)
        self.listings: dict[str, Listing] = {}
        self._headings = {key: parts.said(role="title") for key in TITLES}
        for key, title in TITLES.items():
            listing = Listing(_columns(self._today), (), name=_(title))
            listing.setObjectName(key)
            listing.opened.connect(self._go)
            group = parts.column(spacing=style.SMALL)
            group.addWidget(self._headings[key])
            group.addWidget(listing)
            self._groups.addLayout(group)
            self.listings[key] = listing
        lists = tuple(self.listings.values())
        for listing in lists:
            listing.beneath = lists
        self._groups.addStretch()
        self._empty = parts.box("empty")
        parts.column(self._empty)
        self._area = parts.scrolled(self._holder)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._empty, 1)
        self._area.hide()

    def refresh(self) -> None:
        """Ask again what waits."""
        jobs, sources = self._desk.jobs, self._desk.sources
        jobs.read(lambda: (sources.waiting(), bool(sources.studies())), then=self._show, owner=self, latest="today")

    def focus_on(self, identity: str) -> None:
        """Make a row current."""
        for listing in self.listings.values():
            listing.select(identity)

    def seek(self) -> None:
        """Go to the filter."""
        self.filter.setFocus()
        self.filter.selectAll()

    def take_focus(self) -> None:
        """Go to the first list with a row."""
        for listing in self.listings.values():
            if listing.isVisibleTo(self):
                listing.setFocus()
                return

    def state(self) -> State:
        """Return what is sought."""
        return {"today": {"sought": self.filter.text()}}

    def restore(self, state: State) -> None:
        """Seek what was sought."""
        self.filter.setText(state.get("today", {}).get("sought", ""))

    def _show(self, found: tuple[tuple[Waiting, ...], bool]) -> None:
        self._rows, has_studies = found
        self.day.setText(shown.long_day(self._today()))
        for key, listing in self.listings.items():
            listing.set_rows([row for row in self._rows if group_of(row) == key])
        for listing in self.listings.values():
            listing.fit()
        self._seek(self.filter.text())
        self._area.setVisible(bool(self._rows))
        self.filter.setVisible(bool(self._rows))
        self._show_empty(has_studies=has_studies)

    def _seek(self, sought: str) -> None:
        for key, listing in self.listings.items():
            listing.seek(sought)
            count = listing.rows_model.rowCount()
            self._headings[key].setText(_("{group} ({count})").format(group=_(TITLES[key]), count=count))
            self._headings[key].setVisible(bool(count))
            listing.setVisible(bool(count))

    def _show_empty(self, *, has_studies: bool) -> None:
        layout = self._empty.layout()
        while layout is not None and (old := layout.takeAt(0)) is not None:
            if widget := old.widget():
                widget.deleteLater()
        self._empty.setVisible(not self._rows)
        if self._rows or layout is None:
            return
        if has_studies:
            words = _("Visits, approvals, reports and all else that has its day stand here once their time comes near.")
            layout.addWidget(EmptyState(_("Nothing waits today"), words, icon="check"))
        else:
            words = _("Begin a study or import one: what is due in it stands here, day by day.")
            step = _("New study")
            layout.addWidget(
                EmptyState(
                    _("No study yet"),
                    words,
                    icon="today",
                    step=step,
                    then=lambda: self._desk.go("studies", focus=NEW),
                )
            )

    def _go(self, row: Waiting) -> None:
        self._desk.go("studies", study=row.study, section=row.section, focus=row.focus)


def _columns(today: Callable[[], date]) -> tuple[Column, ...]:
    return (
        Column("when", N_("When"), lambda row: when(row, today()), "status", width=140),
        Column("what", N_("What waits"), lambda row: row.what, width=410),
        Column("whose", N_("Whose"), lambda row: row.whose, width=110),
        Column("study", N_("Study"), lambda row: row.study_name, width=110),
        Column("due", N_("Due by"), lambda row: row.due, "date", width=116, text=due_words),
        Column("group", N_("About"), lambda row: _(GROUPS[row.group]), width=110),
        Column("act", N_("Next"), lambda row: row.act_words, "link", width=190),
    )

"""The page itself: the list with its filters, the chosen participant beside it, and the way of every act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.pages.participants.acts import Acts
from trialdesk.desktop.pages.participants.columns import PARTICIPANTS
from trialdesk.desktop.pages.participants.reading import (
    Listed,
    Whole,
    listed,
    whole,
)
from trialdesk.desktop.pages.participants.record import Record
from trialdesk.desktop.pages.participants.rows import Line
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.registers.possible import shut
from trialdesk.desktop.registers.reading import barred
from trialdesk.desktop.widgets.actions import Offer
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.table import Table
from trialdesk.enrollment.actions import (
    screen,
)
from trialdesk.enrollment.queries import VisitRow

WIDTH = 632
"""The record's width: a form stands in two columns, a picture has its names and its words."""


class Participants(Page):
    """The participants of one study. `today` is a seam for tests."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            "enrollment.participant",
            "enrollment.visit",
            "enrollment.consent",
            "enrollment.identity",
            "enrollment.erasure",
            "enrollment.treatment",
            "enrollment.allocation",
            "enrollment.disposition",
            "enrollment.exposure",
            "safety.adverse_event",
            "studies.study",
            "studies.site",
            "studies.arm",
            "studies.planned_visit",
            "people.delegation",
        }
    )

    def __init__(self, desk: Desk, study: Id, *, today: Callable[[], date] | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._today = today or (lambda: desk.today)
        self._listed = Listed((), (), frozenset())
        self._whole: Whole | None = None
        self.screen_button = parts.button(_("Screen a participant"), self.new_record, role="primary", icon="add")
        self.site_box = QComboBox()
        self.site_box.setAccessibleName(_("Site"))
        self.site_box.setMinimumContentsLength(9)
        self.site_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.site_box.currentIndexChanged.connect(lambda _place: self._show_lines())
        self._empty = parts.box("empty")
        parts.column(self._empty)
        self.table = Table(
            PARTICIPANTS,
            name=_("Participants"),
            key="participants",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=self._empty,
            export=exporting(desk, self, about="participants", study=study),
        )
        self.table.tools.insertWidget(1, self.site_box)
        self.site_box.hide()
        self.split = ListDetail(self.table, key="participants", memory=desk.memory, width=WIDTH)
        self.acts = Acts(desk, study, self.split, today=self._today, beneath=self._back, name=self._name, parent=self)
        self.acts.gone.connect(self._gone)
        self.acts.screened.connect(self._show_screened)
        self.acts.sited.connect(self._begin_first)
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _line: self._enter())
        lay_out(self, _("Participants"), self.screen_button).addWidget(self.split, 1)
        for keys, act in (("F2", "correct"), ("Ctrl+R", "visit"), ("Ctrl+H", "history")):
            parts.on_keys(keys, self, partial(self._press, act))

    # The list

    def refresh(self) -> None:
        """Ask for the list again, and for the participant beside it unless a form is open there."""
        self._desk.read(listed, then=self._show_list, owner=self, latest="list", study=self._study, on=self._today())
        if isinstance(self.split.detail, Detail):
            self.acts.showing.refresh()
        elif self._whole and not isinstance(self.split.detail, Entry | Aside):
            self._read_whole(self._whole.id)

    def new_record(self) -> None:
        """Begin to screen a participant; where there is no site yet, the site comes first."""
        if not self.screen_button.isEnabled():
            self._desk.tell(self.screen_button.toolTip())
        elif self._listed.sites:
            self.acts.screen(self._listed.sites)
        else:
            self.acts.add_site()

    def offers(self) -> tuple[Offer, ...]:
        """Return screening, then what can be done with the participant or the record of theirs that is shown."""
        own = self.screen_button
        refused = "" if own.isEnabled() else own.toolTip()
        screening = Offer("screen", _("Screen a participant"), self.new_record, "add", "Ctrl+N", refused)
        detail = self.split.detail
        if isinstance(detail, Record):
            return (screening, *detail.offers())
        return (screening, *(detail.acts.offers if isinstance(detail, Detail) else ()))

    def _show_list(self, found: Listed) -> None:
        self._listed = found
        refused = barred(found.held, screen) or shut(found.closed_on, screen)
        self.screen_button.setEnabled(not refused)
        self.screen_button.setToolTip(refused or _("Screen a participant ({keys})").format(keys="Ctrl+N"))
        self._offer_sites(found)
        self.screen_button.setVisible(bool(found.lines))
        self._show_empty(found)
        self._show_lines()
        if self._whole and self._whole.id not in {line.id for line in found.lines}:
            self._whole = None
            if not isinstance(self.split.detail, Entry):
                self.split.close_detail()

    def _offer_sites(self, found: Listed) -> None:
        chosen = self.site_box.currentData()
        self.site_box.blockSignals(True)
        self.site_box.clear()
        self.site_box.addItem(_("All sites"), None)
        for site in found.sites:
            self.site_box.addItem(site.label, site.id)
        self.site_box.setCurrentIndex(max(self.site_box.findData(chosen), 0))
        self.site_box.blockSignals(False)
        self.site_box.setVisible(len(found.sites) > 1)

    def _show_lines(self) -> None:
        site = self.site_box.currentData()
        self.table.set_rows([line for line in self._listed.lines if site in (None, line.row.site)])

    def _show_empty(self, found: Listed) -> None:
        layout = self._empty.layout()
        while layout is not None and (old := layout.takeAt(0)) is not None:
            widget = old.widget()
            if widget:
                widget.deleteLater()
        if found.lines:
            return
        allowed = not barred(found.held, screen) and not shut(found.closed_on, screen)
        first = EmptyState(
            _("Nobody was screened yet"),
            _("Everybody who is screened stands here, with consent, visits and how participation ended.")
            if found.sites
            else _("Participants are screened at a site. Say first which site this is; more can follow."),
            icon="participant",
            step=(_("Screen a participant") if found.sites else _("Add the first site")) if allowed else "",
            then=self.new_record,
        )
        if layout is not None:
            layout.addWidget(first)

    # The participant beside it

    def _choose(self, line: Line | None) -> None:
        if line:
            self.acts.showing.forget()
            self._read_whole(line.id)

    def _read_whole(self, identity: Id) -> None:
        self._desk.read(
            whole,
            then=self._show_whole,
            owner=self,
            latest="whole",
            study=self._study,
            participant_id=identity,
            on=self._today(),
        )

    def _show_whole(self, found: Whole) -> None:
        self._whole = found
        shown_record = Record(found, self._today(), self.split.holder)
        shown_record.wanted.connect(self._want)
        shown_record.act_wanted.connect(partial(self.acts.want, found))
        shown_record.begun.connect(lambda register, act: self.acts.showing.ask(register, act, found.inside.line))
        shown_record.opened.connect(self.acts.showing.open)
        shown_record.attached.wanted.connect(lambda: self.acts.showing.attach(found.inside.line))
        shown_record.attached.opened.connect(self.acts.showing.show_document)

        def show() -> None:
            if self._whole is found:
                self.split.show_detail(found.detail.row.identifier, shown_record)
            else:
                shown_record.deleteLater()

        # Made in one turn of the event loop, dressed in the next: it holds the window up in neither.
        QTimer.singleShot(0, shown_record, show)

    def _enter(self) -> None:
        if isinstance(self.split.detail, Record):
            self.split.detail.buttons["correct"].setFocus()

    def _back(self) -> None:
        if self._whole:
            self._read_whole(self._whole.id)
        else:
            self.split.close_detail()
        self.table.view.setFocus()

    def _gone(self) -> None:
        self._whole = None
        self.split.close_detail()

    def _name(self) -> str:
        return self._whole.detail.row.identifier if self._whole else ""

    # What is done

    def _press(self, act: str) -> None:
        detail = self.split.detail
        if isinstance(detail, Detail):
            detail.press({"correct": "F2", "history": "Ctrl+H"}.get(act, ""))
        if not isinstance(detail, Record):
            return
        visits = detail.visits
        if act == "history" and visits and visits.hasFocus():
            self._want(act, visits.current())
        elif act == "correct" and visits and visits.hasFocus():
            visits.open_current()
        else:
            detail.buttons[act].click()

    def _want(self, act: str, visit: VisitRow | None) -> None:
        if self._whole:
            self.acts.begin(act, self._whole, visit)

    def _show_screened(self, identity: Id, site: Id) -> None:
        """Show who was screened, whatever was filtered before."""
        if self.site_box.currentData() not in (None, site):
            self.site_box.setCurrentIndex(0)
        self.table.filter.clear()
        self.table.select(identity)
        self.table.view.setFocus()

    def _begin_first(self) -> None:
        """Go on from the first site to the first participant."""

        def show(found: Listed) -> None:
            self._show_list(found)
            self.new_record()

        self._gone()
        self._desk.read(listed, then=show, owner=self, latest="first", study=self._study, on=self._today())

"""The page itself: the list with its filters, the chosen participant beside it, and the way of every act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QComboBox

from trialdesk.application import SAID
from trialdesk.base.errors import Conflict
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, shown
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.pages.participants import forms
from trialdesk.desktop.pages.participants.columns import PARTICIPANTS
from trialdesk.desktop.pages.participants.reading import (
    Line,
    Listed,
    Stand,
    Whole,
    barred,
    history,
    listed,
    record,
    stand,
    whole,
)
from trialdesk.desktop.pages.participants.record import Record
from trialdesk.desktop.recorded import NOTHING, said
from trialdesk.desktop.typed import today_here
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.history import History
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.table import Table
from trialdesk.enrollment.actions import (
    correct_participant,
    correct_visit,
    identify,
    record_visit,
    screen,
    void_participant,
)
from trialdesk.enrollment.queries import VisitRow
from trialdesk.overview.changes import Change
from trialdesk.overview.recorded import Recorded
from trialdesk.people.acting import Action
from trialdesk.studies.actions import add_site

PERSON = "enrollment.participant"
VISIT = "enrollment.visit"
WIDTH = 632
"""The record's width: a form stands in two columns, a picture has its names and its words."""

VOIDING = (N_("Entered by mistake"), N_("Entered twice"), N_("Belongs to another study"))
"""The usual reasons for voiding."""


class Participants(Page):
    """The participants of one study. `today` is a seam for tests."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            PERSON,
            VISIT,
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

    def __init__(self, desk: Desk, study: Id, *, today: Callable[[], date] = today_here) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._today = today
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
        )
        self.table.tools.insertWidget(1, self.site_box)
        self.site_box.hide()
        self.split = ListDetail(self.table, key="participants", memory=desk.memory, width=WIDTH)
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _line: self._enter())
        lay_out(self, _("Participants"), self.screen_button).addWidget(self.split)
        for keys, act in (("F2", "correct"), ("Ctrl+R", "visit"), ("Ctrl+H", "history")):
            parts.on_keys(keys, self, partial(self._press, act))

    # The list

    def refresh(self) -> None:
        """Ask for the list again, and for the participant beside it unless a form is open there."""
        self._desk.read(listed, then=self._show_list, owner=self, latest="list", study=self._study, on=self._today())
        if self._whole and not isinstance(self.split.detail, Entry | Aside):
            self._read_whole(self._whole.id)

    def new_record(self) -> None:
        """Begin to screen a participant; where there is no site yet, the site comes first."""
        if not self.screen_button.isEnabled():
            self._desk.tell(self.screen_button.toolTip())
        elif self._listed.sites:
            self._screen()
        else:
            self._add_site()

    def _show_list(self, found: Listed) -> None:
        self._listed = found
        refused = barred(found.held, screen)
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
        allowed = not barred(found.held, screen)
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
        shown_record = Record(found, self._today())
        shown_record.wanted.connect(self._want)
        self.split.show_detail(found.detail.row.identifier, shown_record)

    def _enter(self) -> None:
        if isinstance(self.split.detail, Record):
            self.split.detail.buttons["correct"].setFocus()

    def _back(self) -> None:
        if self._whole:
            self._read_whole(self._whole.id)
        else:
            self.split.close_detail()
        self.table.view.setFocus()

    # What is done

    def _press(self, act: str) -> None:
        detail = self.split.detail
        if isinstance(detail, Record):
            detail.buttons[act].click()

    def _want(self, act: str, visit: VisitRow | None) -> None:
        found = self._whole
        if found is None:
            return
        match act:
            case "correct":
                self._begin(PERSON, found.id, partial(self._correct, found))
            case "visit" if visit is not None and visit.version:
                self._begin(VISIT, visit.id, partial(self._correct_visit, found, visit))
            case "visit":
                self._record_visit(found, visit)
            case "identity":
                self._identify(found)
            case "void":
                self._void(found)
            case _:
                self._read_history(found)

    def _begin(self, kind: str, identity: Id, then: Callable[[Recorded], None]) -> None:
        self._desk.read(record, then=then, owner=self, latest="form", kind=kind, record_id=identity)

    def _screen(self) -> None:
        draft = f"participant/new/{self._study}"
        form = forms.screening(self._listed.sites, self._today(), self._desk.drafts, draft)
        entry = self._entry(form, partial(self._act, screen), words=_("Screen"))
        self._show_form(_("Screen a participant"), entry)

    def _add_site(self) -> None:
        form = forms.siting(self._desk.drafts, f"site/new/{self._study}")
        entry = self._entry(form, partial(self._act, add_site), words=_("Add the site"))
        self._show_form(_("Add the first site"), entry)

    def _correct(self, found: Whole, now: Recorded) -> None:
        form = forms.correcting(now.values, found.sites, self._today(), self._desk.drafts, f"participant/{now.id}")
        self._correcting(_("Correct {name}").format(name=found.detail.row.identifier), form, PERSON, now)

    def _correct_visit(self, found: Whole, visit: VisitRow, now: Recorded) -> None:
        form = forms.visiting(now.values, found, self._today(), self._desk.drafts, f"visit/{now.id}")
        self._correcting(_("Correct visit {name}").format(name=visit.name), form, VISIT, now)

    def _record_visit(self, found: Whole, visit: VisitRow | None) -> None:
        values = forms.first_visit(found, visit)
        draft = f"visit/new/{found.id}/{visit.id if visit else ''}"
        form = forms.visiting(values, found, self._today(), self._desk.drafts, draft)
        entry = self._entry(form, partial(self._act, record_visit, participant=found.id), words=_("Record the visit"))
        self._show_form(_("Visit of {name}").format(name=found.detail.row.identifier), entry, at="started_on")

    def _identify(self, found: Whole) -> None:
        form = forms.identifying(found, self._desk.drafts, f"identity/{found.id}")
        before = {"name": found.detail.name, "contact": found.detail.contact}

        def save(entry: Entry, values: dict[str, Any], reason: str) -> None:
            self._act(identify, entry, {**before, **values}, reason, participant=found.id)

        entry = self._entry(form, save, correcting=found.detail.identified)
        self._show_form(_("Who {name} is").format(name=found.detail.row.identifier), entry)

    def _void(self, found: Whole) -> None:
        row = found.detail.row
        words = _(
            "{name} leaves all lists and figures, with visits and events. The record stays in the trail with your "
            "reason, and the step can be undone."
        ).format(name=row.identifier)
        prompt = ReasonPrompt(
            VOIDING, title=_("Why is this voided?"), save=_("Void with this reason"), back=_("Cancel")
        )
        aside = Aside(parts.said(words, wrap=True), prompt)
        aside.left.connect(self._back)
        prompt.cancelled.connect(self._back)
        prompt.given.connect(
            lambda reason: self._desk.act(
                void_participant,
                owner=self,
                then=lambda _id: self._gone(),
                reason=reason,
                study=self._study,
                participant=row.id,
                version=row.version,
            )
        )
        self.split.show_detail(_("Void {name}").format(name=row.identifier), aside)
        prompt.setFocus()

    def _gone(self) -> None:
        self._whole = None
        self.split.close_detail()

    def _read_history(self, found: Whole) -> None:
        def show(changes: tuple[Change, ...]) -> None:
            aside = Aside(History(changes, title_of=lambda name: _(SAID.get(name, name))))
            aside.left.connect(self._back)
            self.split.show_detail(_("History of {name}").format(name=found.detail.row.identifier), aside)
            aside.setFocus()

        detail = self.split.detail
        visits = detail.visits if isinstance(detail, Record) else None
        visit = visits.current() if visits and visits.hasFocus() else None
        self._desk.read(
            history,
            then=show,
            owner=self,
            latest="history",
            record_id=visit.id if visit and visit.version else found.id,
            study=self._study,
            on=self._today(),
        )

    # Forms on their way

    def _show_form(self, title: str, entry: Entry, at: str = "") -> None:
        entry.left.connect(self._back)
        self.split.show_detail(title, entry)
        entry.form.focus(at or entry.form.fields[0].name)

    def _entry(
        self,
        form: Form,
        save: Callable[..., object],
        *,
        words: str = "",
        correcting: bool = False,
    ) -> Entry:
        made: list[Entry] = []
        entry = Entry(
            form,
            save=lambda values, reason: save(made[0], values, reason),
            words=self._words_of(form),
            save_words=words,
            correcting=correcting,
        )
        made.append(entry)
        return entry

    def _correcting(self, title: str, form: Form, kind: str, now: Recorded) -> None:
        action, name = (correct_participant, "participant") if kind == PERSON else (correct_visit, "visit")
        version = [now.version]

        def met(entry: Entry, found: Stand) -> None:
            version[0] = found.now.version
            entry.show_conflict(found.now.values, _who(found.last))

        def save(entry: Entry, values: dict[str, Any], reason: str) -> None:
            def failed(error: BaseException) -> None:
                if isinstance(error, Conflict):
                    self._desk.read(
                        stand,
                        then=partial(met, entry),
                        owner=entry,
                        kind=kind,
                        record_id=now.id,
                        study=self._study,
                        on=self._today(),
                    )
                else:
                    entry.refuse(error)

            self._act(action, entry, values, reason, failed=failed, **{name: now.id}, version=version[0])

        self._show_form(title, self._entry(form, save, correcting=True))

    def _act(
        self,
        action: Action,
        entry: Entry,
        values: Mapping[str, Any],
        reason: str,
        *,
        failed: Callable[[BaseException], object] | None = None,
        **about: Any,
    ) -> None:
        def done(identity: object) -> None:
            entry.done()
            if action is screen and isinstance(identity, str):
                if self.site_box.currentData() not in (None, values.get("site")):
                    self.site_box.setCurrentIndex(0)
                self.table.filter.clear()
                self.table.select(identity)
            elif action is add_site:
                self._gone()
                self._listed_then(self.new_record)
            else:
                self._back()

        self._desk.act(
            action,
            owner=entry,
            then=done,
            failed=failed or entry.refuse,
            reason=reason,
            study=self._study,
            **about,
            **values,
        )

    def _listed_then(self, then: Callable[[], object]) -> None:
        def show(found: Listed) -> None:
            self._show_list(found)
            then()

        self._desk.read(listed, then=show, owner=self, latest="list", study=self._study, on=self._today())

    def _words_of(self, form: Form) -> Callable[[Field, Any], str]:
        def words(field: Field, value: Any) -> str:
            if field.link and value:
                box = form.editor(field.name).control
                place = box.findData(value) if isinstance(box, QComboBox) else -1
                return box.itemText(place) if isinstance(box, QComboBox) and place >= 0 else NOTHING
            kind = VISIT if field.name in forms.VISITED else PERSON
            return said(kind, field, value)

        return words


def _who(change: Change | None) -> str:
    if change is None:
        return ""
    who, at = change.who or _("somebody not known here"), shown.instant(change.at)
    if change.reason:
        return _("{who}, {when}. Reason: {reason}").format(who=who, when=at, reason=change.reason)
    return f"{who}, {at}"

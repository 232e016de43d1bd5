"""What is done with participants: every form on its way into the record, every question asked before an act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QComboBox

from trialdesk.application import SAID
from trialdesk.base.errors import Conflict
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, shown
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.pages.participants import forms
from trialdesk.desktop.pages.participants.reading import Stand, Whole, history, record, stand
from trialdesk.desktop.recorded import NOTHING, said
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.confirm import confirm
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.history import History
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.enrollment.actions import (
    correct_participant,
    correct_visit,
    erase_identity,
    identify,
    record_visit,
    screen,
    void_participant,
    void_visit,
)
from trialdesk.enrollment.queries import VisitRow
from trialdesk.overview.changes import Change
from trialdesk.overview.recorded import Recorded
from trialdesk.people.acting import Action
from trialdesk.studies.actions import add_site
from trialdesk.studies.queries import SiteRow

PERSON = "enrollment.participant"
VISIT = "enrollment.visit"

VOIDING = (N_("Entered by mistake"), N_("Entered twice"), N_("Belongs to another study"))
"""The usual reasons for voiding."""

ERASING = (N_("The participant asked for it"), N_("The period of keeping is over"), N_("Recorded without consent"))
"""The usual reasons for erasing who somebody is."""


class Acts(QObject):
    """The acts of one study's page; what they ask is shown in `split`, in place of the record."""

    left = Signal()
    """Done, or not wanted: the record is to be shown again."""
    gone = Signal()
    """The record is voided."""
    screened = Signal(str, str)
    """A participant was screened: its id and its site's."""
    sited = Signal()
    """The first site was added."""

    def __init__(
        self, desk: Desk, study: Id, split: ListDetail, *, today: Callable[[], date], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._study = study
        self._split = split
        self._today = today

    def begin(self, act: str, found: Whole, visit: VisitRow | None = None) -> None:
        """Begin an act on a participant: correct, visit, identity, void, erase or history. `visit` is the one meant."""
        match act:
            case "correct":
                self._read(PERSON, found.id, partial(self._correct, found))
            case "visit" if visit is not None and visit.version:
                self._read(VISIT, visit.id, partial(self._correct_visit, found, visit))
            case "visit":
                self._record_visit(found, visit)
            case "identity":
                self._identify(found)
            case "void" if visit is not None:
                self._void_visit(found, visit)
            case "void":
                self._void(found)
            case "erase":
                self._erase(found)
            case _:
                self._read_history(found, visit)

    def screen(self, sites: tuple[SiteRow, ...]) -> None:
        """Begin to screen a participant."""
        form = forms.screening(sites, self._today(), self._desk.drafts, f"participant/new/{self._study}")
        entry = self._entry(form, partial(self._act, screen), words=_("Screen"))
        self._show_form(_("Screen a participant"), entry)

    def add_site(self) -> None:
        """Begin with the study's first site."""
        form = forms.siting(self._desk.drafts, f"site/new/{self._study}")
        entry = self._entry(form, partial(self._act, add_site), words=_("Add the site"))
        self._show_form(_("Add the first site"), entry)

    def _read(self, kind: str, identity: Id, then: Callable[[Recorded], None]) -> None:
        self._desk.read(record, then=then, owner=self, latest="form", kind=kind, record_id=identity)

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
        prompt = _voiding()
        prompt.given.connect(
            lambda reason: self._desk.act(
                void_participant,
                owner=self,
                then=lambda _id: self.gone.emit(),
                reason=reason,
                study=self._study,
                participant=row.id,
                version=row.version,
            )
        )
        self._ask(_("Void {name}").format(name=row.identifier), words, prompt)

    def _void_visit(self, found: Whole, visit: VisitRow) -> None:
        words = _(
            "This visit leaves the list and all figures. The record stays in the trail with your reason, and the step "
            "can be undone."
        )
        prompt = _voiding()
        prompt.given.connect(
            lambda reason: self._desk.act(
                void_visit,
                owner=self,
                then=lambda _id: self.left.emit(),
                reason=reason,
                study=self._study,
                visit=visit.id,
                version=visit.version,
            )
        )
        name = f"{found.detail.row.identifier}, {visit.name}"
        self._ask(_("Void {name}").format(name=name), words, prompt)

    def _erase(self, found: Whole) -> None:
        name = found.detail.row.identifier
        words = _(
            "Name and contact of {name} become unreadable for everybody, in all copies and backups too. What happened "
            "in the study stays. This cannot be undone."
        ).format(name=name)
        prompt = ReasonPrompt(
            ERASING, title=_("Why is the identity erased?"), save=_("Erase with this reason"), back=_("Cancel")
        )

        def confirmed(reason: str) -> None:
            self._desk.act(
                erase_identity,
                owner=self,
                then=lambda _id: self.left.emit(),
                reason=reason,
                study=self._study,
                participant=found.id,
                decided_on=self._today(),
            )

        prompt.given.connect(
            lambda reason: confirm(
                self._split,
                _("Erase who {name} is, for good?").format(name=name),
                words,
                do=_("Erase for good"),
                then=lambda: confirmed(reason),
            )
        )
        self._ask(_("Erase who {name} is").format(name=name), words, prompt)

    def _ask(self, title: str, words: str, prompt: ReasonPrompt) -> None:
        aside = Aside(parts.said(words, wrap=True), prompt)
        aside.left.connect(self.left)
        prompt.cancelled.connect(self.left)
        self._split.show_detail(title, aside)
        prompt.setFocus()

    def _read_history(self, found: Whole, visit: VisitRow | None) -> None:
        one = visit if visit and visit.version else None
        name = f"{found.detail.row.identifier}, {one.name}" if one else found.detail.row.identifier

        def show(changes: tuple[Change, ...]) -> None:
            aside = Aside(History(changes, title_of=lambda act: _(SAID.get(act, act))))
            aside.left.connect(self.left)
            self._split.show_detail(_("History of {name}").format(name=name), aside)
            aside.setFocus()

        self._desk.read(
            history,
            then=show,
            owner=self,
            latest="history",
            record_id=one.id if one else found.id,
            study=self._study,
            on=self._today(),
        )

    # Forms on their way

    def _show_form(self, title: str, entry: Entry, at: str = "") -> None:
        entry.left.connect(self.left)
        self._split.show_detail(title, entry)
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
            parent=self._split.holder,
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

        # The form is large: made in one turn of the event loop, shown in the next, it holds the window up in neither.
        QTimer.singleShot(0, self, lambda: self._show_form(title, self._entry(form, save, correcting=True)))

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
            if action is screen:
                self.screened.emit(str(identity), str(values["site"]))
            elif action is add_site:
                self.sited.emit()
            else:
                self.left.emit()

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

    def _words_of(self, form: Form) -> Callable[[Field, Any], str]:
        def words(field: Field, value: Any) -> str:
            if field.link and value:
                box = form.editor(field.name).control
                place = box.findData(value) if isinstance(box, QComboBox) else -1
                return box.itemText(place) if isinstance(box, QComboBox) and place >= 0 else NOTHING
            kind = VISIT if field.name in forms.VISITED else PERSON
            return said(kind, field, value)

        return words


def _voiding() -> ReasonPrompt:
    return ReasonPrompt(VOIDING, title=_("Why is this voided?"), save=_("Void with this reason"), back=_("Cancel"))


def _who(change: Change | None) -> str:
    if change is None:
        return ""
    who, at = change.who or _("somebody not known here"), shown.instant(change.at)
    if change.reason:
        return _("{who}, {when}. Reason: {reason}").format(who=who, when=at, reason=change.reason)
    return _("{what}, {when}").format(what=who, when=at)

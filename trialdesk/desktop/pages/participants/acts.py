"""What is done with participants: the page's own forms and questions; all else is asked as the actions declare it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.pages.participants import forms
from trialdesk.desktop.pages.participants.inside import PARTICIPANT, PERSON
from trialdesk.desktop.pages.participants.reading import Whole
from trialdesk.desktop.registers.acting import VOIDING
from trialdesk.desktop.registers.reading import record
from trialdesk.desktop.registers.showing import Showing
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.enrollment.actions import (
    break_code,
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
from trialdesk.overview.recorded import Recorded
from trialdesk.people.acting import Action
from trialdesk.studies.actions import add_site
from trialdesk.studies.queries import SiteRow

VISIT = "enrollment.visit"

ERASING = (N_("The participant asked for it"), N_("The period of keeping is over"), N_("Recorded without consent"))
"""The usual reasons for erasing who somebody is."""


class Acts(QObject):
    """The acts of one study's page; what they ask is shown in `split`, in place of the record.

    `beneath` shows the participant again, `name` is the participant's.
    """

    left = Signal()
    """What is asked is not wanted: the record is shown again."""
    gone = Signal()
    """The record is voided."""
    screened = Signal(str, str)
    """A participant was screened: its id and its site's."""
    sited = Signal()
    """The first site was added."""

    def __init__(
        self,
        desk: Desk,
        study: Id,
        split: ListDetail,
        *,
        today: Callable[[], date],
        beneath: Callable[[], object],
        name: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._study = study
        self._split = split
        self._today = today
        self._site = ""
        self.showing = Showing(desk, study, split, today=today, beneath=beneath, name=name, parent=self)
        self.showing.done.connect(self._done)
        self.left.connect(self.showing.again)
        self._acting = self.showing.acting

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
                self._tell_history(found, visit)

    def want(self, found: Whole, action: Action) -> None:
        """Begin any other act on a participant, as it is declared."""
        self.showing.want(PARTICIPANT, found.inside.line, action)

    def screen(self, sites: tuple[SiteRow, ...]) -> None:
        """Begin to screen a participant."""
        form = forms.screening(sites, self._today(), self._desk.drafts, f"participant/new/{self._study}")
        form.changed.connect(lambda: self._know_site(form.editor("site").value()))
        self._know_site(form.editor("site").value())
        self._acting.fill_in(screen, form, title=_("Screen a participant"), save_words=_("Screen"))

    def add_site(self) -> None:
        """Begin with the study's first site."""
        form = forms.siting(self._desk.drafts, f"site/new/{self._study}")
        self._acting.fill_in(add_site, form, title=_("Add the first site"), save_words=_("Add the site"))

    def _know_site(self, site: str | None) -> None:
        self._site = site or ""

    def _read(self, kind: str, identity: Id, then: Callable[[Recorded], None]) -> None:
        self._desk.read(record, then=then, owner=self, latest="form", kind=kind, record_id=identity)

    def _correct(self, found: Whole, now: Recorded) -> None:
        form = forms.correcting(now.values, found.sites, self._today(), self._desk.drafts, f"participant/{now.id}")
        title = _("Correct {name}").format(name=found.detail.row.identifier)
        self._acting.correct(correct_participant, form, now, kind=PERSON, title=title)

    def _correct_visit(self, found: Whole, visit: VisitRow, now: Recorded) -> None:
        form = forms.visiting(now.values, found, self._today(), self._desk.drafts, f"visit/{now.id}")
        title = _("Correct visit {name}").format(name=visit.name)
        self._acting.correct(correct_visit, form, now, kind=VISIT, title=title)

    def _record_visit(self, found: Whole, visit: VisitRow | None) -> None:
        values = forms.first_visit(found, visit)
        draft = f"visit/new/{found.id}/{visit.id if visit else ''}"
        form = forms.visiting(values, found, self._today(), self._desk.drafts, draft)
        title = _("Visit of {name}").format(name=found.detail.row.identifier)
        words = _("Record the visit")
        self._acting.fill_in(record_visit, form, title=title, save_words=words, at="started_on", participant=found.id)

    def _identify(self, found: Whole) -> None:
        form = forms.identifying(found, self._desk.drafts, f"identity/{found.id}")
        title = _("Who {name} is").format(name=found.detail.row.identifier)
        self._acting.fill_in(identify, form, title=title, correcting=found.detail.identified, participant=found.id)

    def _void(self, found: Whole) -> None:
        row = found.detail.row
        words = _(
            "{name} leaves all lists and figures, with visits and events. The record stays in the trail with your "
            "reason, and the step can be undone."
        ).format(name=row.identifier)
        title = _("Void {name}").format(name=row.identifier)
        self._acting.give_reason(
            void_participant, title=title, words=words, usual=VOIDING, participant=row.id, version=row.version
        )

    def _void_visit(self, found: Whole, visit: VisitRow) -> None:
        words = _(
            "This visit leaves the list and all figures. The record stays in the trail with your reason, and the step "
            "can be undone."
        )
        title = _("Void {name}").format(name=f"{found.detail.row.identifier}, {visit.name}")
        self._acting.give_reason(
            void_visit, title=title, words=words, usual=VOIDING, visit=visit.id, version=visit.version
        )

    def _erase(self, found: Whole) -> None:
        name = found.detail.row.identifier
        words = _(
            "Name and contact of {name} become unreadable for everybody, in all copies and backups too. What happened "
            "in the study stays. This cannot be undone."
        ).format(name=name)
        self._acting.give_reason(
            erase_identity,
            title=_("Erase who {name} is").format(name=name),
            words=words,
            usual=ERASING,
            question=_("Why is the identity erased?"),
            save=_("Erase with this reason"),
            meant=(_("Erase who {name} is, for good?").format(name=name), words, _("Erase for good")),
            participant=found.id,
            decided_on=self._today(),
        )

    def _tell_history(self, found: Whole, visit: VisitRow | None) -> None:
        one = visit if visit and visit.version else None
        name = f"{found.detail.row.identifier}, {one.name}" if one else found.detail.row.identifier
        self._acting.tell_history(name, one.id if one else found.id)

    def _done(self, action: Action, result: object) -> None:
        if action is screen:
            self.screened.emit(str(result), self._site)
        elif action is add_site:
            self.sited.emit()
        elif action is void_participant:
            self.gone.emit()
        elif action is break_code:
            self._tell_arm(str(getattr(result, "arm_name", "")))

    def _tell_arm(self, arm: str) -> None:
        """Show the arm to who broke the code; it is written nowhere."""
        words = _("The treatment is: {arm}. It is shown to you alone and kept nowhere; note it now.").format(arm=arm)
        aside = Aside(parts.said(words, "title", wrap=True))
        aside.left.connect(self.showing.again)
        self.showing.asking = True
        self._split.show_detail(_("Code broken"), aside)
        aside.setFocus()

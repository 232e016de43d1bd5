"""One participant whole: acts, facts, the picture of visits against windows, and what happened, list by list."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.pages.participants.columns import VISIT_ROWS, arm_words, standing
from trialdesk.desktop.pages.participants.inside import VISITS, makes_sense
from trialdesk.desktop.pages.participants.reading import Whole
from trialdesk.desktop.pages.participants.rows import Line
from trialdesk.desktop.recorded import NOTHING, coded, said
from trialdesk.desktop.registers.detail import Attached, Following, beginnings_of, offers_of
from trialdesk.desktop.registers.possible import shut
from trialdesk.desktop.registers.reading import barred
from trialdesk.desktop.widgets.actions import ActionBar, Offer
from trialdesk.desktop.widgets.drawing import DrawingView
from trialdesk.desktop.widgets.facts import Fact, Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.status import StatusPill
from trialdesk.enrollment.actions import (
    correct_participant,
    erase_identity,
    identify,
    record_visit,
    void_participant,
    void_visit,
)
from trialdesk.enrollment.drawings import visit_timeline, visit_words
from trialdesk.enrollment.queries import VisitRow
from trialdesk.people.acting import Action
from trialdesk.persistence.vault import Hidden
from trialdesk.reporting.terms import age_words, reason_words


class Record(QWidget):
    """Shows a participant. `wanted` names an act (see `Acts.begin`) and the visit meant."""

    wanted = Signal(str, object)
    act_wanted = Signal(object)
    """Another act is wanted: the action."""
    begun = Signal(object, object)
    """A new record of what belongs to the participant is wanted: the register and the action."""
    opened = Signal(object, str)
    """A record of what belongs to the participant is to be shown: the register and its id."""

    def __init__(self, whole: Whole, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = whole
        self.buttons: dict[str, QPushButton] = {}
        layout = parts.column(self, spacing=style.LARGE, margins=(0, 0, style.SMALL, style.MEDIUM))
        layout.addLayout(self._acts())
        state = whole.detail.row.state
        offers = [*beginnings_of(whole.inside, self.begun.emit), *offers_of(whole.inside, self.act_wanted.emit)]
        self.further = ActionBar(
            tuple(offer for offer in offers if makes_sense(offer.key, state, blinded=whole.blinded)), self
        )
        self.further.setVisible(bool(self.further.offers))
        layout.addWidget(self.further)
        layout.addWidget(Facts(_facts(whole)))
        if whole.detail.identified and whole.detail.name_hidden is not Hidden.ERASED:
            layout.addLayout(self._erasing())
        layout.addWidget(self._visits(today))
        for register, rows in whole.inside.follows:
            if not rows:
                continue
            inside = Following(whole.inside, register, rows, begins=False)
            inside.opened.connect(self.opened)
            layout.addWidget(inside)
        self.attached = Attached(whole.inside)
        layout.addWidget(self.attached)
        if not whole.detail.arms_seen:
            layout.addWidget(parts.said(_("Treatment is not shown to you: the study is blinded."), "fine", wrap=True))
        layout.addStretch(1)

    @property
    def visits(self) -> Listing | None:
        """Return the list of visits, if there are any."""
        return self.findChild(Listing, "visits")

    def offers(self) -> tuple[Offer, ...]:
        """Return all that is offered here."""
        own = tuple(
            Offer(
                key,
                button.text(),
                button.click,
                refused="" if button.isEnabled() else button.toolTip(),
            )
            for key, button in self.buttons.items()
        )
        return (*own, *self.further.offers)

    def _acts(self) -> QLayout:
        detail = self.whole.detail
        sealed = _(detail.name_hidden.value) if detail.name_hidden else ""
        acts: tuple[tuple[str, str, str, str, Action | None, str], ...] = (
            ("correct", _("Correct"), "edit", "F2", correct_participant, ""),
            ("visit", _("Record a visit"), "visit", "Ctrl+R", record_visit, ""),
            ("history", _("History"), "history", "Ctrl+H", None, ""),
            ("identity", _("Identity"), "participant", "", identify, sealed),
            ("void", _("Void"), "", "", void_participant, ""),
        )
        top = parts.column(spacing=style.HAIR)
        row = parts.row(spacing=style.HAIR)
        top.addLayout(row)
        first = parts.row(spacing=style.SMALL)
        first.addWidget(StatusPill(standing(detail.row.state)))
        if detail.row.ending:
            words = reason_words(detail.row.ending)
            if detail.row.ended_on:
                words = _("{what}, {when}").format(what=words, when=shown.partial(detail.row.ended_on))
            first.addWidget(parts.said(words, "muted"))
        first.addStretch()
        top.insertLayout(0, first)
        refusals = []
        for key, words, icon, keys, action, why in acts:
            refused = why or (self._barred(action) if action else "")
            button = parts.button(words, partial(self.wanted.emit, key, None), role="quiet", icon=icon)
            button.setEnabled(not refused)
            button.setToolTip(refused or (f"{words} ({keys})" if keys else ""))
            button.setAccessibleDescription(refused)
            row.addWidget(button)
            self.buttons[key] = button
            if refused and not why:
                refusals.append(refused)
        row.addStretch()
        for refused in dict.fromkeys(refusals):
            top.addWidget(parts.said(refused, "fine", wrap=True))
        return top

    def _barred(self, action: Action) -> str:
        return barred(self.whole.held, action) or shut(self.whole.closed_on, action)

    def _visits(self, today: date) -> QWidget:
        visits = self.whole.detail.visits
        title = _("Visits and windows")
        if not visits:
            return parts.group(title, parts.said(_("No visit is planned or recorded yet."), "muted", wrap=True))
        picture = DrawingView(visit_timeline(visits, today))
        listing = Listing(VISIT_ROWS, visits, name=title)
        listing.setObjectName("visits")
        by_words = {visit_words(visit): visit for visit in reversed(visits)}
        picture.chosen.connect(lambda words: listing.select(by_words[words].id))
        listing.opened.connect(self._open_visit)
        refused = self._barred(void_visit)
        beneath = parts.box()
        button = parts.button(_("Void the visit"), lambda: self.wanted.emit("void", listing.current()), role="quiet")
        self.buttons["void visit"] = button
        look_at = parts.button(_("Open the visit"), lambda: self._look_at(listing.current()), role="quiet")
        self.buttons["open visit"] = look_at
        row = parts.row(beneath)
        row.addWidget(look_at)
        row.addWidget(button)
        row.addStretch()

        def look() -> None:
            visit = listing.current()
            why = refused or ("" if visit and visit.version else _("Choose a recorded visit in the list first."))
            _allow(button, why)
            _allow(look_at, "" if visit and visit.version else _("Choose a recorded visit in the list first."))

        listing.selectionModel().currentRowChanged.connect(look)
        look()
        return parts.group(title, picture, listing, beneath)

    def _look_at(self, visit: VisitRow | None) -> None:
        if visit:
            self.opened.emit(VISITS, visit.id)

    def _erasing(self) -> QLayout:
        button = parts.button(_("Erase identity…"), partial(self.wanted.emit, "erase", None), role="quiet")
        _allow(button, self._barred(erase_identity))
        self.buttons["erase"] = button
        row = parts.row()
        row.addWidget(button)
        row.addStretch()
        return row

    def _open_visit(self, visit: VisitRow) -> None:
        if self.buttons["visit"].isEnabled():
            self.wanted.emit("visit", visit)


def _allow(button: QPushButton, refused: str) -> None:
    """Let a button be pressed, or say why not."""
    button.setEnabled(not refused)
    button.setToolTip(refused)
    button.setAccessibleDescription(refused)


def _facts(whole: Whole) -> list[Fact]:
    detail, row = whole.detail, whole.detail.row
    kind = "enrollment.participant"

    def dated(value: str | None) -> str:
        return said(kind, Field("partial", ""), value)

    site = next((each.label for each in whole.sites if each.id == row.site), row.site_number)
    sex = coded(kind, "sex", row.sex)
    age = age_words(row.age, row.age_unit) if row.age is not None else ""
    person = _("{sex}, {age}").format(sex=sex, age=age) if sex and age else sex or age
    line = Line(row, whole.consented_on, detail.arms_seen)
    facts = [
        (_("Number"), row.number),
        (_("Site"), site),
        (_("Screened on"), dated(row.screened_on)),
        (_("Consent on"), dated(whole.consented_on)),
        (_("Day 1"), dated(row.reference_start)),
        (_("Last day"), dated(detail.reference_end)),
        (_("Arm"), arm_words(line) or NOTHING),
        (_("Sex and age"), person or NOTHING),
        (_("Name"), _identity(whole)),
    ]
    if detail.contact:
        facts.append((_("Contact"), detail.contact))
    for label, name, value in (
        (_("Race"), "race", detail.race),
        (_("Ethnicity"), "ethnicity", detail.ethnicity),
    ):
        if value:
            facts.append((label, coded(kind, name, value)))
    if detail.died:
        facts.append((_("Died"), dated(detail.died_on) if detail.died_on else _("Yes")))
    if detail.imported:
        facts.append((_("Origin"), _("Imported")))
    return facts


def _identity(whole: Whole) -> str:
    detail = whole.detail
    if detail.name_hidden:
        return _(detail.name_hidden.value)
    return detail.name or (NOTHING if detail.identified else _("Not recorded"))

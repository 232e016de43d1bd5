"""One record whole: what can be done with it, its facts, who signed it, and the registers of what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trialdesk.application import FIELDS
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.recorded import NOTHING
from trialdesk.desktop.registers.columns import words_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.possible import passed, shut
from trialdesk.desktop.registers.reading import Whole, barred
from trialdesk.desktop.registers.sections import MANY, Section, Sections
from trialdesk.desktop.widgets.actions import ActionBar, Offer
from trialdesk.desktop.widgets.facts import Fact, Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.documents.actions import attach_to
from trialdesk.overview.changes import Unseen
from trialdesk.people.acting import Action

HISTORY, COPY = "history", "copy"
ICONS = {"correct": "edit", "void": "", "": "chevron-right"}
KEYS = {"correct": "F2"}
MOST_REASONS = 2
"""So many reasons why something cannot be done now stand below the acts; of more, each is with its act in the menu."""


class Detail(QWidget):
    """Shows a record. `above` names the one it was opened from, if any; `within` stands below its facts."""

    wanted = Signal(object)
    """An act on the record is wanted: the action."""
    history_wanted = Signal()
    begun = Signal(object, object)
    """A new record of a register that follows is wanted: the register and the action."""
    opened = Signal(object, str)
    """A record of a register that follows is to be shown: the register and the record's id."""
    back_wanted = Signal()
    copy_wanted = Signal()
    """The record's file is to be saved out of the desk."""
    attach_wanted = Signal()
    document_wanted = Signal(str)
    """A document that evidences the record is to be shown: its id."""

    def __init__(
        self, whole: Whole, *, above: str = "", within: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.whole = whole
        layout = parts.column(self, spacing=style.LARGE, margins=(0, 0, style.SMALL, style.MEDIUM))
        if above:
            back = parts.button(
                _("Back to {name}").format(name=above), self.back_wanted.emit, role="link", icon="chevron-left"
            )
            layout.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        offers = self._offers()
        refused = dict.fromkeys(offer.refused for offer in offers if offer.refused)
        if len(refused) > MOST_REASONS:
            offers = [replace(offer, tucked=bool(offer.refused)) for offer in offers]
        self.acts = ActionBar(tuple(offers))
        above_facts = parts.column(spacing=style.HAIR)
        above_facts.addWidget(self.acts)
        for why in refused if len(refused) <= MOST_REASONS else ():
            names = _(", ").join(offer.words for offer in offers if offer.refused == why)
            above_facts.addWidget(parts.said(_("{act}: {why}").format(act=names, why=why), "fine", wrap=True))
        layout.addLayout(above_facts)
        sections = parts.row()
        layout.addLayout(sections)
        layout.addWidget(Facts(facts_of(whole)))
        if within is not None:
            layout.addWidget(within)
        if whole.signed:
            layout.addWidget(parts.group(_("Signatures"), *self._signatures()))
        found: list[Section] = []
        for register, rows in whole.follows:
            inside = Following(whole, register, rows)
            inside.begun.connect(self.begun)
            inside.opened.connect(self.opened)
            layout.addWidget(inside)
            found.append((_(register.title), len(rows), inside))
        if whole.evidenced:
            evidence = Attached(whole)
            evidence.wanted.connect(self.attach_wanted)
            evidence.opened.connect(self.document_wanted)
            layout.addWidget(evidence)
            found.append((_("Attached documents"), len(whole.attached), evidence))
        if len(found) > MANY:
            sections.addWidget(Sections(found))
        # A list inside could grow: what is left over stands below all of it.
        layout.addStretch(1)
        self.setFocusProxy(next(iter(self.acts.buttons.values())))

    def _offers(self) -> list[Offer]:
        offers = offers_of(self.whole, self.wanted.emit)
        told = Offer(HISTORY, _("History"), self.history_wanted.emit, HISTORY, "Ctrl+H")
        voiding = {action.name for action in self.whole.register.doing() if action.edit == "void"}
        place = next((n for n, offer in enumerate(offers) if offer.key in voiding), len(offers))
        offers.insert(place, told)
        if self.whole.register.file is not None:
            offers.insert(0, Offer(COPY, _("Save a copy…"), self.copy_wanted.emit, "save", "Ctrl+Shift+S"))
        return offers

    def press(self, keys: str) -> None:
        """Do what the keys stand for here."""
        for offer in self.acts.offers:
            if offer.keys == keys:
                self.acts.press(offer.key)
                return

    def _signatures(self) -> list[QWidget]:
        found: list[QWidget] = []
        for each in self.whole.signed:
            words = _("{meaning}: {name}, {when}").format(
                meaning=_(each.meaning), name=each.name, when=shown.zoned(each.signed_at)
            )
            found.append(parts.said(words, wrap=True))
            if not each.stands:
                found.append(parts.said(_("The record was changed since: this signature is superseded."), "fine"))
        return found


class Following(QWidget):
    """The records of a register that belong to one record: a list, and what begins another unless that is elsewhere."""

    begun = Signal(object, object)
    """A new one is wanted: the register and the action."""
    opened = Signal(object, str)
    """One is to be shown: the register and its id."""

    def __init__(
        self,
        whole: Whole,
        register: Register,
        rows: tuple[Any, ...],
        *,
        begins: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = parts.column(self, spacing=style.HAIR)
        top = parts.row(spacing=style.SMALL)
        top.addWidget(parts.said(_(register.title), "strong"))
        if not rows:
            top.addWidget(parts.said(_("none yet"), "muted"))
        top.addStretch()
        for action in register.beginning(whole.register.kind) if begins else ():
            if barred(whole.held, action):
                continue
            refused = refusal(whole, register, action)
            words = register.words_to_begin(action)
            button = parts.button(words, partial(self.begun.emit, register, action), role="quiet", icon="add")
            button.setEnabled(not refused)
            button.setToolTip(refused)
            top.addWidget(button)
        layout.addLayout(top)
        if rows:
            of = register.link_to(whole.register.kind)
            columns = tuple(column for column in register.made_columns() if column.key != of)
            listing = Listing(columns, rows, name=_(register.title))
            listing.setObjectName(register.name)
            listing.opened.connect(lambda row: self.opened.emit(register, row.id))
            layout.addWidget(listing)


FILES: tuple[Column, ...] = (
    Column("title", N_("Title"), lambda row: row.title, width=240),
    Column("file", N_("File name"), lambda row: row.latest and row.latest.file_name, width=200),
    Column("dated", N_("Dated"), lambda row: row.latest and row.latest.dated_on, "date"),
)


class Attached(QWidget):
    """The documents that evidence a record, and what attaches another."""

    wanted = Signal()
    """A file is to be attached."""
    opened = Signal(str)
    """A document is to be shown: its id."""

    def __init__(self, whole: Whole, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = parts.column(self, spacing=style.HAIR)
        top = parts.row(spacing=style.SMALL)
        top.addWidget(parts.said(_("Attached documents"), "strong"))
        if not whole.attached:
            top.addWidget(parts.said(_("none yet"), "muted"))
        top.addStretch()
        if not barred(whole.held, attach_to):
            top.addWidget(parts.button(_("Attach a file…"), self.wanted.emit, role="quiet", icon="add"))
        layout.addLayout(top)
        if whole.attached:
            listing = Listing(FILES, whole.attached, name=_("Attached documents"))
            listing.setObjectName("attached")
            listing.opened.connect(lambda row: self.opened.emit(row.id))
            layout.addWidget(listing)


def offers_of(whole: Whole, wanted: Callable[[Action], object]) -> list[Offer]:
    """Return what the account may do to a record.

    First what happens next in the world, what ends or interrupts a life behind what carries it on; then what mends the
    record, last what cannot be done now.
    """
    acts = [action for action in whole.register.doing() if not barred(whole.held, action)]
    refused = {action.name: refusal(whole, whole.register, action) for action in acts}
    ends = whole.register.ends
    acts.sort(
        key=lambda action: (
            bool(refused[action.name]),
            ("", "correct", "void").index(action.edit),
            action.name in ends,
        )
    )
    return [
        Offer(
            action.name,
            _(action.button),
            partial(wanted, action),
            "check" if action.signs and not action.edit else ICONS[action.edit],
            KEYS.get(action.edit, ""),
            refused[action.name],
        )
        for action in acts
    ]


def beginnings_of(whole: Whole, wanted: Callable[[Register, Action], object]) -> list[Offer]:
    """Return what may be begun inside a record, register by register."""
    return [
        Offer(
            action.name,
            register.words_to_begin(action),
            partial(wanted, register, action),
            "add",
            refused=refusal(whole, register, action),
        )
        for register, _rows in whole.follows
        for action in register.beginning(whole.register.kind)
        if not barred(whole.held, action)
    ]


def refusal(whole: Whole, register: Register, action: Action) -> str:
    """Return in words why an act of a register cannot be done to a record now, nothing where it can."""
    line = whole.line
    if action.edit == "correct" and Unseen.WITHHELD in line.values.values():
        return _("Treatment is not shown to you: the study is blinded.")
    told = register.unless(action, line) if register.unless else ""
    return shut(whole.closed_on, action) or told or passed(action, line, whole.signed)


def facts_of(whole: Whole) -> list[Fact]:
    """Return what a detail shows, as declared; what is empty is left out where all fields are shown."""
    fields, found = FIELDS[whole.register.kind], []
    for fact in whole.register.made_facts():
        if not isinstance(fact, str):
            found.append((_(fact.title), fact.words(whole.row) or NOTHING))
            continue
        words = words_of(whole.register.kind, fields[fact], whole.line)
        if words != NOTHING or whole.register.facts:
            found.append((_labelled(fields[fact]), words))
    return found


def _labelled(field: Field) -> str:
    return f"{_(field.label)} ({_(field.unit)})" if field.unit else _(field.label)

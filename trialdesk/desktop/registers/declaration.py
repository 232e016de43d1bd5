"""What a register is, as data: the kind it shows, its columns, what begins a record and what is done to one.

Most of it follows from what is declared elsewhere: fields from the record, acts from the actions that are `about` it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.application import FIELDS, LABELS
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, column_of
from trialdesk.desktop.widgets.editors import Options
from trialdesk.documents.queries import File
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action

Rows = Callable[..., tuple[Any, ...]]
"""A query `(read, *, study, on)` that answers frozen rows with `id` and `version`."""

Files = Callable[..., File]
"""A query `(read, study, record)` that answers the file a record has."""

Signing = Callable[..., list[tuple[str, str]]]
"""A query `(read, *, study, record)` that answers what a signature on a record stands for: names and words."""

Known = Callable[..., Mapping[str, Any]]
"""A query `(read, *, study, subject)` that answers what of a new record the desk knows already, by field."""

Choices = Callable[..., Options]
"""A query `(read, *, study, on, subject)` that answers what a field may be: (value, words). `subject` is a `Line` or
None: the record the act is done to."""


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of record as a list with its detail. `title` and `empty` are English marked by `N_`.

    `columns` are names of fields, `Shown` (a name with a width) or a `Column` over a row; `facts` what the detail
    shows, all fields unless named. `rows` asks a query of the stage instead of the kind's records as they are; its
    rows carry the record's id. `begins` and `acts` are all that the actions declare, unless given. `follows` are
    registers of what belongs to one record, shown inside its detail.

    `options` says by field what can be chosen, where that is not every record the field may link to. `starts` answers
    with what a form begins with: it takes the action, the record it is done to (or None) and today. `unless` says in
    words why an act cannot be done to a record now (a `Line`), nothing where it can. `also` are further kinds whose
    change concerns the list. `file` answers a record's file, which can then be saved out of the desk. `beside` makes
    what stands beside a chosen row that is reckoned and no record, of the desk, the study and the row. `ends` names the
    acts that end or interrupt a record's life: they stand behind those that carry it on. `apart` are acts that the page
    asks in forms of its own. `within` makes what a record's detail tells besides its facts and is reckoned, of the
    desk, the study and the row. A `wide` list has all the room until a row of it is asked for. `signing` answers what
    stands before the eyes of who signs an act on a record, in its form and in the question of the password. `knows`
    answers what the form of a new record is filled in with.
    """

    kind: str
    title: str
    columns: tuple[str | Shown | Column, ...]
    key: str = ""
    icon: str = "documents"
    empty: str = ""
    rows: Rows | None = None
    facts: tuple[str | Column, ...] = ()
    begins: tuple[Action, ...] | None = None
    acts: tuple[Action, ...] | None = None
    follows: tuple[Register, ...] = ()
    options: Mapping[str, Choices] = field(default_factory=dict)
    starts: Callable[[Action, Line | None, date], Mapping[str, Any]] | None = None
    unless: Callable[[Action, Line], str] | None = None
    signing: Signing | None = None
    knows: Known | None = None
    also: frozenset[str] = frozenset()
    file: Files | None = None
    beside: Callable[[Desk, Id, Any], QWidget] | None = None
    within: Callable[[Desk, Id, Any], QWidget] | None = None
    wide: bool = False
    ends: frozenset[str] = frozenset()
    apart: tuple[Action, ...] = ()

    @property
    def name(self) -> str:
        """The key under which widths are remembered and by which the register is found."""
        return self.key or self.kind.replace(".", "-")

    @property
    def label(self) -> str:
        """What one record is called, marked for translation."""
        return LABELS[self.kind]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds whose change concerns the list or a detail: its own, what its links name, what follows."""
        links = {each.link for each in FIELDS[self.kind].values() if each.link}
        return self.also.union({self.kind}, links, *(each.kinds for each in self.follows))

    def made_columns(self) -> tuple[Column, ...]:
        """Return the list's columns."""
        return tuple(each if isinstance(each, Column) else column_of(self.kind, each) for each in self.columns)

    def made_facts(self) -> tuple[str | Column, ...]:
        """Return what the detail shows: as declared, else every field."""
        return self.facts or tuple(FIELDS[self.kind])

    def beginning(self, within: str = "") -> tuple[Action, ...]:
        """Return the actions that make a record; `within` the kind of the record whose detail shows the register.

        Unless given: those that say they make one, or are named for the kind (`stage:subject:verb`) and about no other
        record of it.
        """
        found = self.begins
        if found is None:
            from trialdesk.application.acts import ACTIONS

            stem = self.kind.replace(".", ":") + ":"
            named = (a for a in ACTIONS if a.makes == self.kind or (not a.makes and a.name.startswith(stem)))
            found = tuple(a for a in named if a.about != self.kind and a.asks)
        return found if not within else tuple(a for a in found if self.link_of(a, within))

    def doing(self) -> tuple[Action, ...]:
        """Return what is done to one record: what begins a record that follows it stands with that list."""
        if self.acts is not None:
            return self.acts
        from trialdesk.application.acts import ACTIONS

        elsewhere = {action.name for each in self.follows for action in each.beginning(self.kind)}
        elsewhere.update(action.name for action in self.apart)
        return tuple(a for a in ACTIONS if a.about == self.kind and a.name not in elsewhere)

    def link_of(self, action: Action, to: str) -> str:
        """Return the argument by which an action that begins a record of this kind takes one of kind `to`."""
        if action.about == to:
            return action.subject
        return next((each.name for each in action.asks if each.link == to), "")

    def link_to(self, kind: str) -> str:
        """Return the field by which a record of this kind points to one of `kind`."""
        return next(name for name, each in FIELDS[self.kind].items() if each.link == kind)

    def words_to_begin(self, action: Action) -> str:
        """Return what the button that begins a record says, translated."""
        return _(action.words) if action.words else _("New {record}").format(record=_small(_(self.label)))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words

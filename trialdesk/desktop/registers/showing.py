"""What stands beside a list: records of registers one inside the other, and the forms of all that is done with them.

The innermost record is shown; leaving it shows the one it was opened from, and in the end whatever lies beneath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from trialdesk.application import CATALOGUE, FIELDS, LABELS
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import files
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import save_copy
from trialdesk.desktop.recorded import said
from trialdesk.desktop.registers.acting import FILE_NAME, VOIDING, Acting, titled, voiding_words
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.registers.reading import Asked, Whole, asked, short, vouched, whole
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.form import Form
from trialdesk.documents.actions import attach_to
from trialdesk.documents.queries import File
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action


class Showing(QObject):
    """Shows records in `split`. `beneath` shows what is there when no record of a register is; `name` is its name."""

    done = Signal(object, object)
    """An act is done: the action and what it returned. Said before anything is shown again."""

    def __init__(
        self,
        desk: Desk,
        study: Id | None,
        split: ListDetail,
        *,
        today: Callable[[], date],
        beneath: Callable[[], object],
        name: Callable[[], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._study = study
        self._split = split
        self._today = today
        self._beneath = beneath
        self._name = name
        self._path: list[tuple[Register, Id, str]] = []
        self.asking = False
        """Whether a form is on its way into the place of the record, or there."""
        self.acting = Acting(desk, study, split, today=today, parent=self)
        self.acting.left.connect(self.again)
        self.acting.done.connect(self._done)

    # Which record

    @property
    def outermost(self) -> Id | None:
        """Return the id of the first record, the one the list has; None where none is shown."""
        return self._path[0][1] if self._path else None

    @property
    def on_its_way(self) -> bool:
        """Say whether a form was asked for and is not here yet."""
        return self.asking and not isinstance(self._split.detail, Entry)

    def show_record(self, register: Register, identity: Id) -> None:
        """Show a record and forget what was shown before."""
        self._path = [(register, identity, "")]
        self.again()

    def open(self, register: Register, identity: Id) -> None:
        """Show a record inside the one shown, or inside what lies beneath."""
        self._path.append((register, identity, ""))
        self.again()

    def forget(self) -> None:
        """Show no record from now on; what lies beneath is not shown either."""
        self._path = []

    def up(self) -> None:
        """Go back to the record from which this one was opened; from the first, to what lies beneath."""
        self._path = self._path[:-1]
        self.again()

    def again(self) -> None:
        """Show the record anew, also in place of a form."""
        self.asking = False
        if self._path:
            self._read()
        else:
            self._beneath()

    def refresh(self) -> None:
        """Show the record anew, unless something is being asked."""
        if self._path and not self.asking and isinstance(self._split.detail, Detail):
            self._read()

    def _read(self) -> None:
        register, identity, _name = self._path[-1]
        about: dict[str, Any] = {"register": register, "record_id": identity}
        self._desk.read(
            whole, then=self._show, owner=self, latest="whole", study=self._study, on=self._today(), **about
        )

    def _show(self, found: Whole | None) -> None:
        if self.asking:
            return
        if found is None:
            self.up()
            return
        if not self._path or self._path[-1][1] != found.line.id:
            return
        self._path[-1] = (found.register, found.line.id, named(found.line))
        above = self._path[-2][2] if len(self._path) > 1 else self._name()
        making = found.register.within
        within = making(self._desk, self._study or "", found.row) if making else None
        detail = Detail(found, above=above, within=within, parent=self._split.holder)
        detail.wanted.connect(partial(self.want, found.register, found.line))
        detail.history_wanted.connect(partial(self.tell_history, found.line))
        detail.begun.connect(lambda register, action: self.ask(register, action, found.line))
        detail.opened.connect(self.open)
        detail.back_wanted.connect(self.up)
        detail.copy_wanted.connect(partial(self.save_copy, found.register, found.line))
        detail.attach_wanted.connect(partial(self.attach, found.line))
        detail.document_wanted.connect(self.show_document)

        def show() -> None:
            if self.asking or not self._path or self._path[-1][1] != found.line.id:
                detail.deleteLater()
            else:
                self._split.show_detail(named(found.line), detail)

        # Made in one turn of the event loop, dressed in the next: a large record holds the window up in neither.
        QTimer.singleShot(0, detail, show)

    # What is done

    def save_copy(self, register: Register, line: Line) -> None:
        """Ask where a copy of a record's file is to be kept, and write it there; refuses bytes that were altered."""
        find = register.file
        if find is None:
            return

        def ask(file: File) -> None:
            def keep(path: Path) -> None:
                about = f"file {line.kind} {line.id}"
                save_copy(self._desk, path, lambda: file.data, about=about, over=self._split, study=self._study or "")

            title = _("Save a copy of {name}").format(name=file.file_name)
            files.ask_where(self._split, title, self._desk.memory, keep, name=file.file_name, kinds=_("All files (*)"))

        self._desk.read(lambda read: find(read, self._study, line.id), then=ask, owner=self, latest="file")

    def attach(self, line: Line) -> None:
        """Let a file be attached to a record as its evidence."""
        self.asking = True
        given: dict[str, Any] = {"about_kind": line.kind, "about_record": line.id}
        asks = tuple(field for field in attach_to.asks if field.name not in {*given, FILE_NAME})
        form = Form(
            asks,
            drafts=self._desk.drafts,
            draft=f"{attach_to.name}/{self._study}/{line.id}",
            today=self._today,
        )
        title = titled(_("Attach a file"), named(line))
        self.acting.fill_in(attach_to, form, title=title, save_words=_("Attach"), **given)

    def show_document(self, identity: Id) -> None:
        """Go to a document of the study."""
        self._desk.go("studies", study=self._study or "", section="documents", focus=identity)

    def tell_history(self, line: Line) -> None:
        """Show who changed what of a record."""
        self.acting.tell_history(named(line), line.id)

    def want(self, register: Register, line: Line, action: Action) -> None:
        """Begin an act on a record: by its form, the question why, a signature, or one more button."""
        about: dict[str, Any] = {action.subject: line.id, **({"version": line.version} if action.edit else {})}
        title = titled(_(action.button), named(line))
        words = _("This cannot be taken back.") if action.final else ""
        if action.asks:
            self.ask(register, action, line)
        elif action.edit == "void":
            told = voiding_words(register.kind, named(line))
            self.acting.give_reason(action, title=title, words=told, usual=VOIDING, **about)
        elif action.needs_reason:
            self.acting.give_reason(action, title=title, words=words, usual=(), **about)
        elif action.signs and register.signing:
            self._desk.read(
                vouched,
                then=lambda signed: self.acting.send(action, self.acting, signed=signed, **about),
                owner=self,
                latest="signed",
                register=register,
                action=action,
                subject=line,
                study=self._study,
            )
        else:
            self.acting.send(action, self.acting, **about)

    def ask(
        self, register: Register, action: Action, subject: Line | None, values: Mapping[str, Any] | None = None
    ) -> None:
        """Read what the form of an act needs, then show it. `values` are what it begins with besides."""
        self.asking = True
        self._desk.read(
            asked,
            then=partial(self._show_form, register, action, subject, values or {}),
            owner=self,
            latest="form",
            register=register,
            action=action,
            subject=subject,
            study=self._study,
            on=self._today(),
        )

    def _show_form(
        self, register: Register, action: Action, subject: Line | None, given: Mapping[str, Any], needs: Asked
    ) -> None:
        fields, about = asked_fields(register, action, subject)
        if not fields:
            self._beneath()
            return
        form = Form(
            fields,
            {**_only_choices(fields, needs), **self._first_values(register, action, subject, needs), **given},
            drafts=self._desk.drafts,
            draft=f"{action.name}/{self._study or 'directory'}/{subject.id if subject else 'new'}",
            options=needs.options,
            today=self._today,
        )
        if action.edit == "correct" and needs.now is not None:
            title = titled(_(action.button), named(subject))
            self.acting.correct(action, form, needs.now, kind=register.kind, title=title)
            return
        begins = action in register.beginning()
        words = register.words_to_begin(action) if begins else _(action.button)
        if action.edit and needs.now is not None:
            about["version"] = needs.now.version
        save = _("Sign…") if action.signs else _("Save") if begins and not action.words else words
        title = titled(words, named(subject)) if subject else words
        self.acting.fill_in(action, form, title=title, save_words=save, signed=needs.signed, **about)

    def _first_values(self, register: Register, action: Action, subject: Line | None, needs: Asked) -> dict[str, Any]:
        own = FIELDS[register.kind]
        # What an action takes unless told otherwise stands in its form for everybody to see.
        taken = {name: each.default for name, each in signature(action.perform).parameters.items()}
        usual = {field.name: taken[field.name] for field in action.asks if _is_value(taken.get(field.name))}
        same = {field.name for field in action.asks if own.get(field.name) == field}
        now = needs.now.values if needs.now else {}
        found = {**usual, **{name: value for name, value in now.items() if action.edit or name in same}}
        found |= {field.name: value for field in action.asks if (value := needs.known.get(field.name)) is not None}
        if register.starts:
            found |= register.starts(action, subject, self._today())
        return found

    def _done(self, action: Action, result: object) -> None:
        self.asking = False
        if self._path and action.edit == "void" and action.about == self._path[-1][0].kind:
            self._path = self._path[:-1]
        self.done.emit(action, result)
        if not self.asking:
            self.again()


def _only_choices(fields: tuple[Field, ...], needs: Asked) -> dict[str, Any]:
    """Return what has to be chosen and leaves no choice: the one contract of a study."""
    needed = (field.name for field in fields if field.required and len(needs.options.get(field.name, ())) == 1)
    return {name: needs.options[name][0][0] for name in needed}


def _is_value(default: object) -> bool:
    return default is not None and default is not Parameter.empty


def asked_fields(register: Register, action: Action, subject: Line | None) -> tuple[tuple[Field, ...], dict[str, Any]]:
    """Return what a form asks, and what is known without asking: the record the act is done to."""
    asks = action.asks
    if any(field.type == "file" for field in asks):
        asks = tuple(field for field in asks if field.name != FILE_NAME)
    if subject is not None:
        known = action.subject if action.about == subject.kind else register.link_of(action, subject.kind)
        return tuple(field for field in asks if field.name != known), {known: subject.id} if known else {}
    if action.about:
        whose = Field("id", LABELS[action.about], name=action.subject, required=True, link=action.about)
        return (whose, *asks), {}
    return asks, {}


def named(line: Line | None) -> str:
    """Return what a record is called: a day in words, by its kind where it has no name."""
    if line is None:
        return ""
    fields = FIELDS[line.kind]
    names = CATALOGUE[line.kind].record.NAMED
    if any(fields[name].type == "day" for name in names):
        return " ".join(said(line.kind, fields[name], line.values.get(name)) for name in names)
    label = _(LABELS[line.kind])
    # A number alone says too little.
    return f"{label} {line.name}" if line.name.isdigit() else short(line.name or label)

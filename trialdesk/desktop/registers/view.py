"""One register: its list, the chosen record beside it, and the way of every act between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from trialdesk.application import FIELDS, LABELS
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.registers.acting import FILE_NAME, VOIDING, Acting, titled, voiding_words
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.registers.reading import Asked, Listed, Whole, asked, barred, listed, whole
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action

WIDTH = 560
"""The record's width: facts stand in two pairs, a form's short fields beside each other."""


class RegisterView(QWidget):
    """Shows a register of one study, or of the directory where `study` is empty."""

    settled = Signal()
    """The list is here."""

    def __init__(
        self, desk: Desk, study: Id, register: Register, *, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.register = register
        self._desk = desk
        self._study = study or None
        self._today = today
        self._listed = Listed((), frozenset())
        self._path: list[tuple[Register, Id, str]] = []
        self._in_front = False
        self._asking = False
        self._begin_soon = False
        self.known = False
        """Whether the list has been here once."""
        self.begin_button = parts.button("", self.begin, role="primary", icon="add")
        self.begin_button.hide()
        self._empty = parts.box("empty")
        parts.column(self._empty)
        self.table = Table(
            register.made_columns(),
            name=_(register.title),
            key=register.name,
            memory=desk.memory,
            jobs=desk.jobs,
            empty=self._empty,
        )
        self.split = ListDetail(self.table, key=register.name, memory=desk.memory, width=WIDTH)
        self.acting = Acting(desk, self._study, self.split, today=today, parent=self)
        self.acting.left.connect(self._back)
        self.acting.done.connect(self._done)
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _row: self._enter())
        parts.column(self).addWidget(self.split, 1)

    # The list

    def refresh(self) -> None:
        """Ask for the list again, and for the record beside it unless something is being asked there."""
        about: dict[str, Any] = {"register": self.register, "study": self._study, "on": self._today()}
        self._desk.read(listed, then=self._show_list, owner=self, latest="list", **about)
        if self._path and isinstance(self.split.detail, Detail) and not self._asking:
            self._read_whole()

    def show_record(self, identity: Id) -> None:
        """Make a record current, now or once the list is here."""
        self.table.filter.clear()
        self.table.select(identity)

    def holds(self, identity: Id) -> bool:
        """Say whether the list has the record."""
        return any(row.id == identity for row in self._listed.rows)

    def stand(self, *, in_front: bool) -> None:
        """Learn whether this is the register shown: only then its button is."""
        self._in_front = in_front
        self._show_button()

    def begins(self) -> tuple[Action, ...]:
        """Return what the account may begin here."""
        return tuple(each for each in self.register.beginning() if not barred(self._listed.held, each))

    def begin(self) -> None:
        """Begin a new record: at once where there is one way, else by a menu of the ways; once the list is here."""
        if not self.known:
            self._begin_soon = True
            return
        ways = self.begins()
        if len(ways) == 1:
            self._ask(self.register, ways[0], None)
        elif ways:
            menu = QMenu(self)
            for action in ways:
                menu.addAction(self.register.words_to_begin(action)).triggered.connect(
                    lambda _checked=False, action=action: self._ask(self.register, action, None)
                )
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.begin_button.mapToGlobal(self.begin_button.rect().bottomLeft()))
        elif known := self.register.beginning():
            self._desk.tell(barred(self._listed.held, known[0]))

    def _show_list(self, found: Listed) -> None:
        self._listed = found
        ways = self.begins()
        one = len(ways) == 1
        self.known = True
        self.begin_button.setText(self.register.words_to_begin(ways[0]) if one else _("New"))
        self.begin_button.setToolTip("Ctrl+N")
        self._show_button()
        self._show_empty(found, ways)
        self.table.set_rows(found.rows)
        ids = {row.id for row in found.rows}
        if self._path and self._path[0][1] not in ids and not isinstance(self.split.detail, Entry):
            self._gone()
        self.settled.emit()
        if self._begin_soon:
            self._begin_soon = False
            self.begin()

    def _show_button(self) -> None:
        # The empty list offers the first step itself.
        self.begin_button.setVisible(self._in_front and bool(self.begins() and self._listed.rows))

    def _show_empty(self, found: Listed, ways: tuple[Action, ...]) -> None:
        layout = self._empty.layout()
        while layout is not None and (old := layout.takeAt(0)) is not None:
            if widget := old.widget():
                widget.deleteLater()
        if found.rows or layout is None:
            return
        step = self.register.words_to_begin(ways[0]) if ways else ""
        words = _(self.register.empty) if self.register.empty else ""
        layout.addWidget(
            EmptyState(_("Nothing is recorded here yet"), words, icon=self.register.icon, step=step, then=self.begin)
        )

    # The record beside it

    def _choose(self, row: Any) -> None:
        if row is not None:
            self._path = [(self.register, row.id, "")]
            self._read_whole()

    def _read_whole(self) -> None:
        register, identity, _name = self._path[-1]
        self._asking = False
        about: dict[str, Any] = {"register": register, "record_id": identity, "study": self._study, "on": self._today()}
        self._desk.read(whole, then=self._show_whole, owner=self, latest="whole", **about)

    def _show_whole(self, found: Whole | None) -> None:
        if self._asking:
            # A form is on its way into the place of the record.
            return
        if found is None:
            self._up()
            return
        if not self._path or self._path[-1][1] != found.line.id:
            return
        self._path[-1] = (found.register, found.line.id, found.line.name)
        above = self._path[-2] if len(self._path) > 1 else None
        detail = Detail(found, above=(above[2] or _(above[0].label)) if above else "", parent=self.split.holder)
        detail.wanted.connect(partial(self._want, found))
        detail.history_wanted.connect(partial(self.acting.tell_history, _named(found.line), found.line.id))
        detail.begun.connect(lambda register, action: self._ask(register, action, found.line))
        detail.opened.connect(self._open)
        detail.back_wanted.connect(self._up)
        self.split.show_detail(_named(found.line), detail)

    def _open(self, register: Register, identity: Id) -> None:
        self._path.append((register, identity, ""))
        self._read_whole()

    def _up(self) -> None:
        """Go back to the record from which this one was opened; from the first, to the list."""
        self._path = self._path[:-1]
        if self._path:
            self._read_whole()
        else:
            self._gone()

    def _gone(self) -> None:
        self._path = []
        self.split.close_detail()

    def _back(self) -> None:
        if self._path:
            self._read_whole()
        else:
            self.split.close_detail()
        self.table.view.setFocus()

    def _enter(self) -> None:
        if isinstance(self.split.detail, Detail):
            self.split.detail.setFocus()

    # What is done

    def press(self, keys: str) -> None:
        """Do what the keys stand for with the record shown."""
        if isinstance(self.split.detail, Detail):
            self.split.detail.press(keys)

    def _want(self, found: Whole, action: Action) -> None:
        register, line = found.register, found.line
        about: dict[str, Any] = {action.subject: line.id, **({"version": line.version} if action.edit else {})}
        title = titled(_(action.button), _named(line))
        if action.asks:
            self._ask(register, action, line)
        elif action.edit == "void":
            words = voiding_words(register.kind, _named(line))
            self.acting.give_reason(action, title=title, words=words, usual=VOIDING, **about)
        elif action.needs_reason:
            self.acting.give_reason(action, title=title, words=_final(action), usual=(), **about)
        elif action.signs:
            self.acting.send(action, self.acting, **about)
        else:
            self.acting.confirm(action, title=title, words=_final(action), **about)

    def _ask(self, register: Register, action: Action, subject: Line | None) -> None:
        """Read what the form of an act needs, then show it."""
        self._asking = True
        self._desk.read(
            asked,
            then=partial(self._show_form, register, action, subject),
            owner=self,
            latest="form",
            register=register,
            action=action,
            subject=subject,
            study=self._study,
            on=self._today(),
        )

    def _show_form(self, register: Register, action: Action, subject: Line | None, needs: Asked) -> None:
        fields, about = _asked_fields(register, action, subject)
        values = self._first_values(register, action, subject, needs)
        whose = subject.id if subject else "new"
        form = Form(
            fields,
            values,
            drafts=self._desk.drafts,
            draft=f"{action.name}/{self._study or 'directory'}/{whose}",
            options=needs.options,
            today=self._today,
        )
        if action.edit == "correct" and needs.now is not None:
            title = titled(_(action.button), _named(subject))
            self.acting.correct(action, form, needs.now, kind=register.kind, title=title)
            return
        begins = action in register.beginning()
        words = register.words_to_begin(action) if begins else _(action.button)
        title = titled(words, _named(subject)) if subject else words
        if action.edit and needs.now is not None:
            about["version"] = needs.now.version
        save = _("Sign…") if action.signs else _("Save") if begins and not action.words else words
        self.acting.fill_in(action, form, title=title, save_words=save, **about)

    def _first_values(self, register: Register, action: Action, subject: Line | None, needs: Asked) -> dict[str, Any]:
        own = FIELDS[register.kind]
        same = {field.name for field in action.asks if own.get(field.name) == field}
        found = {} if needs.now is None else {n: v for n, v in needs.now.values.items() if action.edit or n in same}
        if register.starts:
            found |= register.starts(action, subject, self._today())
        return found

    def _done(self, action: Action, result: object) -> None:
        shown = self._path[-1] if self._path else None
        if shown is None or action in self.register.beginning():
            self._path = []
            self.split.close_detail()
            self.show_record(str(result))
            self.refresh()
            self.table.view.setFocus()
        elif action.edit == "void" and action.about == shown[0].kind:
            self._up()
        else:
            self._back()


def _asked_fields(register: Register, action: Action, subject: Line | None) -> tuple[tuple[Field, ...], dict[str, Any]]:
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


def _named(line: Line | None) -> str:
    return (line.name or _(LABELS[line.kind])) if line else ""


def _final(action: Action) -> str:
    return _("This cannot be taken back.") if action.final else ""

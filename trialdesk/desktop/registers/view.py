"""One register: its list, the chosen record beside it, and the way of every act between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.registers.possible import shut
from trialdesk.desktop.registers.reading import Listed, barred, listed
from trialdesk.desktop.registers.showing import Showing
from trialdesk.desktop.widgets.actions import Offer
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table
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
        self._in_front = False
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
            export=exporting(desk, self, about=register.name, study=study),
        )
        self.split = ListDetail(self.table, key=register.name, memory=desk.memory, width=WIDTH)
        self.showing = Showing(desk, self._study, self.split, today=today, beneath=self.split.close_detail, parent=self)
        self.showing.done.connect(self._done)
        self._asked_for = not register.wide
        """Whether a row was asked for: a wide list shows nothing beside itself before."""
        self.table.chosen.connect(self._choose)
        self.table.view.clicked.connect(lambda _index: self._ask_for())
        self.table.activated.connect(lambda _row: self._enter())
        parts.column(self).addWidget(self.split, 1)

    # The list

    def refresh(self) -> None:
        """Ask for the list again, and for the record beside it unless something is being asked there."""
        about: dict[str, Any] = {"register": self.register, "study": self._study, "on": self._today()}
        self._desk.read(listed, then=self._show_list, owner=self, latest="list", **about)
        self.showing.refresh()

    def show_record(self, identity: Id) -> None:
        """Make a record current, now or once the list is here."""
        self._asked_for = True
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
        if told := self._told(ways):
            self._desk.tell(told)
        elif len(ways) == 1:
            self.showing.ask(self.register, ways[0], None)
        elif ways:
            menu = QMenu(self)
            for action in ways:
                if self._shut(action):
                    continue
                menu.addAction(self.register.words_to_begin(action)).triggered.connect(
                    lambda _checked=False, action=action: self.showing.ask(self.register, action, None)
                )
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.begin_button.mapToGlobal(self.begin_button.rect().bottomLeft()))
        elif known := self.register.beginning():
            self._desk.tell(barred(self._listed.held, known[0]))

    def offers(self) -> tuple[Offer, ...]:
        """Return what may be begun here, then what may be done with the record shown."""
        beginning = [
            Offer(
                action.name,
                self.register.words_to_begin(action),
                partial(self.showing.ask, self.register, action, None),
                "add",
                refused=self._shut(action),
            )
            for action in self.begins()
        ]
        detail = self.split.detail
        return (*beginning, *(detail.acts.offers if isinstance(detail, Detail) else ()))

    def _show_list(self, found: Listed) -> None:
        self._listed = found
        ways = self.begins()
        one = len(ways) == 1
        self.known = True
        self.begin_button.setText(self.register.words_to_begin(ways[0]) if one else _("New"))
        told = self._told(ways)
        self.begin_button.setEnabled(not told)
        self.begin_button.setToolTip(told or "Ctrl+N")
        self.begin_button.setAccessibleDescription(told)
        self._show_button()
        self._show_empty(found, ways)
        self.table.set_rows(found.rows)
        ids = {row.id for row in found.rows}
        if self.showing.outermost not in {None, *ids} and not self.showing.asking:
            self.showing.forget()
            self.split.close_detail()
        self.settled.emit()
        if self._begin_soon:
            self._begin_soon = False
            self.begin()

    def _shut(self, action: Action) -> str:
        return shut(self._listed.closed_on, action)

    def _told(self, ways: tuple[Action, ...]) -> str:
        """Return in words why none of the ways to begin can be gone now; nothing where one can, or there is none."""
        told = [self._shut(each) for each in ways]
        return told[0] if told and all(told) else ""

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
        told = self._told(ways)
        step = self.register.words_to_begin(ways[0]) if ways and not told else ""
        words = told or (_(self.register.empty) if self.register.empty else "")
        layout.addWidget(
            EmptyState(_("Nothing is recorded here yet"), words, icon=self.register.icon, step=step, then=self.begin)
        )

    # The record beside it

    def _choose(self, row: Any) -> None:
        # A list that comes to the front chooses its first row by itself: never over a form on its way.
        if row is None or self.showing.on_its_way or not self._asked_for:
            return
        if self.register.beside is None:
            self.showing.show_record(self.register, row.id)
        else:
            self.split.show_detail(row.title, self.register.beside(self._desk, self._study or "", row))

    def _ask_for(self) -> None:
        """Show the row that was clicked, where nothing was shown beside the list until now."""
        if not self._asked_for:
            self._asked_for = True
            self._choose(self.table.current())

    def _enter(self) -> None:
        self._ask_for()
        if isinstance(self.split.detail, Detail):
            self.split.detail.setFocus()

    def press(self, keys: str) -> None:
        """Do what the keys stand for with the record shown."""
        if isinstance(self.split.detail, Detail):
            self.split.detail.press(keys)

    def _done(self, action: Action, result: object) -> None:
        if action in self.register.beginning():
            self.showing.forget()
            if isinstance(result, str):
                self.show_record(result)
            self.refresh()
        self.table.view.setFocus()

"""The page of one register or of several, which then stand side by side as a quiet row of words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import NEW, Page, State, lay_out
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.view import RegisterView
from trialdesk.desktop.widgets.actions import Offer
from trialdesk.desktop.widgets.segments import Segments

TAB = "tab"


class RegisterPage(Page):
    """`title` is translated; what is `beside` stands in the heading. `today` is a seam for tests.

    It can be asked to look at a record's id, at a register's key, at `KEY:id`, at `new` or at `KEY:new`.
    """

    def __init__(
        self,
        desk: Desk,
        study: Id,
        registers: tuple[Register, ...],
        *,
        title: str,
        today: Callable[[], date] | None = None,
        beside: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._registers = {register.name: register for register in registers}
        self._today = today or (lambda: desk.today)
        self._views: dict[str, RegisterView] = {}
        self._restored: State = {}
        self._sought = ""
        self._heading = parts.box()
        parts.row(self._heading)
        self._stack = QStackedWidget()
        layout = lay_out(self, title, *beside, self._heading)
        words = {name: _(register.title) for name, register in self._registers.items()}
        self.segments = Segments(words, name=title)
        if len(registers) == 1:
            self.segments.hide()
        self.segments.chosen.connect(self._turn_to)
        layout.addWidget(self.segments)
        layout.addWidget(self._stack, 1)
        kinds = frozenset().union(*(register.kinds for register in registers))
        desk.changes.subscribe(self, kinds, self.refresh)
        for keys in ("F2", "Ctrl+H", "Ctrl+Shift+S"):
            parts.on_keys(keys, self, partial(self._press, keys))
        self._show(next(iter(self._registers)))

    @property
    def view(self) -> RegisterView:
        """Return the register shown."""
        return self._views[self.segments.current]

    def refresh(self) -> None:
        """Ask again for what is shown; the other registers ask when they are turned to."""
        self.view.refresh()

    def focus_on(self, identity: str) -> None:
        """Look at a register, a record, or begin a new one."""
        key, _colon, rest = identity.rpartition(":")
        if identity in self._registers:
            key, rest = identity, ""
        if key in self._registers:
            self.segments.choose(key)
        if rest == NEW:
            self.view.begin()
        elif rest:
            self._sought = "" if key else rest
            self.view.show_record(rest)
            self._seek_on()

    def new_record(self) -> None:
        """Begin a new record of the register shown."""
        self.view.begin()

    def offers(self) -> tuple[Offer, ...]:
        """Return what begins a record of the register shown, and what can be done with the record beside it."""
        return self.view.offers()

    def state(self) -> State:
        """Return the register shown besides what each table says."""
        return {**self._restored, **super().state(), TAB: {"key": self.segments.current}}

    def restore(self, state: State) -> None:
        """Look as `state` says; registers not turned to yet will when they are."""
        self._restored = state
        super().restore(state)
        self.segments.choose(state.get(TAB, {}).get("key", ""))

    def take_focus(self) -> None:
        """Go to the list shown."""
        self.view.table.view.setFocus()

    def _turn_to(self, name: str) -> None:
        self._show(name)
        self.view.refresh()

    def _show(self, name: str) -> None:
        if name not in self._views:
            view = RegisterView(self._desk, self._study, self._registers[name], today=self._today)
            view.settled.connect(self._seek_on)
            self._views[name] = view
            self._stack.addWidget(view)
            layout = self._heading.layout()
            if layout is not None:
                layout.addWidget(view.begin_button)
            view.table.restore(self._restored.get(view.table.key, {}))
        self._stack.setCurrentWidget(self._views[name])
        for key, view in self._views.items():
            view.stand(in_front=key == name)

    def _seek_on(self) -> None:
        """Look for a record in one register after another: who asks need not know which holds it."""
        if not self._sought or not self.view.known:
            return
        if self.view.holds(self._sought):
            self._sought = ""
            return
        unseen = [name for name in self._registers if not (name in self._views and self._views[name].known)]
        if unseen:
            wanted = self._sought
            self.segments.choose(unseen[0])
            self.view.show_record(wanted)
        else:
            self._sought = ""

    def _press(self, keys: str) -> None:
        self.view.press(keys)

"""The window's inside while a desk is open: rail, study workspace, pages, menus, palette, notices.

The shell is made from the catalogue and holds nothing worth keeping: for another language it is thrown away and made
anew at the same spot, with the pages' states; what was typed lies in the desk's drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenuBar, QStackedWidget, QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk, Done
from trialdesk.desktop.header import StudyHeader, ToldDay
from trialdesk.desktop.help import HelpPanel
from trialdesk.desktop.jobs import Job
from trialdesk.desktop.menus import Action, build
from trialdesk.desktop.page import Catalogue, Page, Place, Section, State
from trialdesk.desktop.palette import Entry, Palette
from trialdesk.desktop.spot import Found, Spot, StudyHead
from trialdesk.desktop.widgets.nav import RAIL_WIDTH, SECTIONS_WIDTH, NavButton, RailButton, SectionButton
from trialdesk.desktop.widgets.notice import Notice
from trialdesk.desktop.widgets.progress import ProgressStrip

STUDIES = "studies"
"""The place whose spots with a study open that study's workspace."""


@dataclass
class ShellState:
    """What a shell made anew needs to stand where the last one stood."""

    spot: Spot | None = None
    pages: dict[Spot, State] = field(default_factory=dict)
    back: list[Spot] = field(default_factory=list)
    forward: list[Spot] = field(default_factory=list)
    help_open: bool = False


class Shell(QWidget):
    """One desk open in the window. `menu_bar` is for the window to wear; `window_asked` names what it must do."""

    window_asked = Signal(str)
    """open, leave, lock, quit, language:CODE, look:CHOICE or lock:MINUTES."""
    titled = Signal(str)

    def __init__(self, desk: Desk, catalogue: Catalogue, state: ShellState | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self._desk = desk
        self._catalogue = catalogue
        self._state = state or ShellState()
        self._places = {place.key: place for place in catalogue.places}
        self._in_rail = tuple(place for place in catalogue.places if not place.under)
        self._sections = {section.key: section for section in catalogue.sections}
        self._pages: dict[Spot, Page] = {}
        self._heads: dict[str, StudyHead] = {}
        self._known = False
        self._rail: dict[str, NavButton] = {}
        self._section_list: dict[str, NavButton] = {}
        self.menu_bar = QMenuBar(self)
        self.menu_bar.hide()
        self.told_day = ToldDay(desk)
        self.header = StudyHeader()
        self._stack = QStackedWidget()
        self.help = HelpPanel()
        self._lay_out()
        self.notice = Notice(self._content)
        self.palette_box = Palette(self)
        self._listen()
        self._build_menus()
        first = Spot(catalogue.places[0].key)
        self.go(self._state.spot or first)
        if self.page is None:
            self._state.spot = None
            self.go(first)
        self._read_heads()
        if self._state.help_open:
            self.toggle_help()

    # Going about

    @property
    def spot(self) -> Spot | None:
        """Return where one is."""
        return self._state.spot

    @property
    def page(self) -> Page | None:
        """Return the page shown."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def go(self, spot: Spot, *, remember: bool = True) -> None:
        """Go to a spot; one that does not exist is not gone to. A study without a section opens its first."""
        if spot.place not in self._places:
            return
        if spot.study and not spot.section and self._catalogue.sections:
            spot = replace(spot, section=self._catalogue.sections[0].key)
        if spot.study and spot.section not in self._sections:
            return
        before = self._state.spot
        if remember and before and replace(before, focus="") != replace(spot, focus=""):
            self._state.back.append(before)
            self._state.forward.clear()
        if spot.study:
            self._close_other_studies(spot.study)
        self._state.spot = spot
        page = self._page_at(replace(spot, focus=""))
        self._stack.setCurrentWidget(page)
        page.take_focus()
        if spot.focus:
            page.focus_on(spot.focus)
        self._mark()

    def back(self) -> None:
        """Go where one came from."""
        if self._state.back and self._state.spot:
            self._state.forward.append(self._state.spot)
            self.go(self._state.back.pop(), remember=False)

    def forward(self) -> None:
        """Go back forward."""
        if self._state.forward and self._state.spot:
            self._state.back.append(self._state.spot)
            self.go(self._state.forward.pop(), remember=False)

    def state(self) -> ShellState:
        """Return what a shell made anew needs."""
        self._state.pages |= {spot: page.state() for spot, page in self._pages.items()}
        self._state.help_open = self.help.isVisibleTo(self)
        return self._state

    def announce(self) -> None:
        """Say by `titled` where one is: for who began to listen after the shell was made."""
        self._mark()

    # What is always at hand

    def open_palette(self) -> None:
        """Offer everything there is to go to and to do."""
        self.palette_box.open(self._entries())
        self._read_heads()

    def toggle_help(self) -> None:
        """Show or close the help for this page."""
        self.help.setVisible(not self.help.isVisibleTo(self))
        self._show_help()

    # What the shell is built of

    def _lay_out(self) -> None:
        self._right = parts.box("page")
        self._section_frame = parts.frame("sections", shown=False)
        self._section_frame.setFixedWidth(SECTIONS_WIDTH)
        parts.column(self._section_frame).addWidget(parts.scrolled(self._make_sections()))
        self._content = parts.box()
        parts.column(self._content, spacing=0).addWidget(self._stack)
        work = parts.row(spacing=0)
        work.addWidget(self._section_frame)
        work.addWidget(self._content, 1)
        work.addWidget(self.help)
        right = parts.column(self._right, spacing=0)
        right.addWidget(self.told_day)
        right.addWidget(self.header)
        right.addLayout(work, 1)
        right.addWidget(ProgressStrip(self._desk.jobs))
        layout = parts.row(self, spacing=0)
        layout.addWidget(self._make_rail())
        layout.addWidget(self._right, 1)

    def _make_sections(self) -> QWidget:
        inside = parts.box()
        # All of them are seen at once in the smallest window there is.
        sections = parts.column(inside, spacing=1, margins=(style.SMALL, style.SMALL, style.SMALL, style.SMALL))
        group = ""
        for number, section in enumerate(self._catalogue.sections, start=1):
            if section.group not in ("", group):
                group = section.group
                heading = parts.said(_(group), "fine")
                heading.setContentsMargins(style.MEDIUM, style.SMALL, 0, 2)
                sections.addWidget(heading)
            button = SectionButton(_(section.title))
            button.setToolTip(_keys_of(number, section))
            button.clicked.connect(lambda _on=False, key=section.key: self._go_section(key))
            sections.addWidget(button)
            self._section_list[section.key] = button
        sections.addStretch()
        return inside

    def _make_rail(self) -> QWidget:
        rail = parts.frame("rail")
        column = parts.column(rail, spacing=2, margins=(style.HAIR, style.SMALL, style.HAIR, style.SMALL))
        for number, place in enumerate(self._in_rail, start=1):
            button = RailButton(_(place.title), place.icon)
            button.setToolTip(f"Alt+{number}" if number <= 9 else "")
            button.clicked.connect(lambda _on=False, key=place.key: self.go(Spot(key)))
            if place.key == "settings":
                column.addStretch()
            column.addWidget(button)
            self._rail[place.key] = button
        if "settings" not in self._rail:
            column.addStretch()
        area = parts.scrolled(rail)
        area.setFixedWidth(RAIL_WIDTH)
        return area

    def _listen(self) -> None:
        desk = self._desk
        desk.asked.connect(self.go)
        desk.finished.connect(self._say_done)
        desk.refused.connect(self.notice.say_told)
        desk.said.connect(self._say)
        desk.undo_changed.connect(self._build_menus)
        desk.settings_asked.connect(self.window_asked)
        desk.changes.subscribe(self, ("*",), self._read_heads)
        desk.jobs.stopped.connect(self._say_stopped)
        self.header.asked.connect(self.go)
        self.help.closed.connect(self.toggle_help)
        self.palette_box.asked.connect(self._find)
        for number, place in enumerate(self._in_rail[:9], start=1):
            keys = QShortcut(QKeySequence(f"Alt+{number}"), self)
            keys.activated.connect(lambda key=place.key: self.go(Spot(key)))
        for number, section in enumerate(self._catalogue.sections[:9], start=1):
            keys = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            keys.activated.connect(lambda key=section.key: self._go_section(key))
        for section in self._catalogue.sections:
            if section.letter:
                keys = QShortcut(QKeySequence(f"Ctrl+G, {section.letter}"), self)
                keys.activated.connect(lambda key=section.key: self._go_section(key))

    def _actions(self) -> list[Action]:
        """Return everything the menus and the palette offer besides places."""
        ask = self.window_asked.emit
        undo = self._desk.last_act()
        own = [
            Action("desk", _("Open another desk…"), lambda: ask("open"), "Ctrl+O", "desk"),
            Action("desk", _("Lock"), lambda: ask("lock"), "Ctrl+L", "lock"),
            Action("desk", _("Sign out"), lambda: ask("leave"), icon="people"),
            Action("desk", _("Print or PDF"), self._print, "Ctrl+P", "print"),
            Action("desk", _("Quit"), lambda: ask("quit"), "Ctrl+Q"),
            Action("edit", _("Undo: {act}").format(act=undo) if undo else _("Undo"), self._desk.undo, "Ctrl+Z", "undo"),
            Action("edit", _("New record"), self._new, "Ctrl+N", "add"),
            Action("edit", _("Filter"), self._filter, "Ctrl+F", "filter"),
            Action("go", _("Find anything…"), self.open_palette, "Ctrl+K", "search"),
            Action("go", _("Back"), self.back, "Alt+Left", "chevron-left"),
            Action("go", _("Forward"), self.forward, "Alt+Right", "chevron-right"),
            Action("go", _("Next section"), lambda: self._step(1), "Ctrl+PgDown", group="sections"),
            Action("go", _("Previous section"), lambda: self._step(-1), "Ctrl+PgUp", group="sections"),
            Action("view", _("Language: {name}").format(name="English"), lambda: ask("language:en"), group="language"),
            Action("view", _("Language: {name}").format(name="简体中文"), lambda: ask("language:zh"), group="language"),
            *(
                Action(
                    "view",
                    _("Appearance: {words}").format(words=_(words)),
                    partial(ask, f"look:{choice}"),
                    group="look",
                )
                for choice, words in style.CHOICES
            ),
            Action("help", _("Help for this page"), self.toggle_help, "F1", "help"),
        ]
        declared = [
            Action(c.menu, _(c.title), partial(c.act, self._desk), c.keys, c.icon) for c in self._catalogue.commands
        ]
        return [*declared, *own]

    def _build_menus(self) -> None:
        places = [
            Action("go", _(place.title), partial(self.go, Spot(place.key)), f"Alt+{n}" if n <= 9 else "", place.icon)
            for n, place in enumerate(self._in_rail, start=1)
        ]
        build(self.menu_bar, self._actions(), places)

    # The pages made so far

    def _page_at(self, spot: Spot) -> Page:
        if spot not in self._pages:
            page = self._make(spot)
            self._pages[spot] = page
            self._stack.addWidget(page)
            self._desk.changes.subscribe(page, page.kinds, page.refresh)
            page.restore(self._state.pages.get(spot, {}))
            page.refresh()
        return self._pages[spot]

    def _make(self, spot: Spot) -> Page:
        if spot.study:
            return self._sections[spot.section].make(self._desk, spot.study)
        return self._places[spot.place].make(self._desk)

    def _close_other_studies(self, study: str) -> None:
        for spot in [spot for spot in self._pages if spot.study not in ("", study)]:
            page = self._pages.pop(spot)
            self._state.pages[spot] = page.state()
            self._stack.removeWidget(page)
            page.deleteLater()

    def _go_section(self, key: str) -> None:
        spot = self._state.spot
        if spot and spot.study:
            self.go(Spot(spot.place, spot.study, key))

    def _step(self, by: int) -> None:
        """Go so many sections on, round and round; outside a study there is nothing to step through."""
        spot = self._state.spot
        if spot and spot.study:
            keys = list(self._sections)
            self._go_section(keys[(keys.index(spot.section) + by) % len(keys)])

    def _mark(self) -> None:
        spot = self._state.spot
        if spot is None:
            return
        self.told_day.tell()
        self._rail[self._places[spot.place].under or spot.place].setChecked(True)
        in_study = bool(spot.study)
        self.header.setVisible(in_study)
        self._section_frame.setVisible(in_study)
        if in_study:
            self._section_list[spot.section].setChecked(True)
            self.header.show_study(self._heads.get(spot.study))
        self._show_help()
        head = self._heads.get(spot.study)
        where = _(self._entry_of(spot).title)
        self.titled.emit(f"{where} · {head.acronym}" if head else where)

    def _entry_of(self, spot: Spot) -> Place | Section:
        return self._sections[spot.section] if spot.study else self._places[spot.place]

    def _show_help(self) -> None:
        spot = self._state.spot
        if spot and self.help.isVisibleTo(self):
            entry = self._entry_of(spot)
            keys = [(k, _(w)) for k, w in KEYS]
            if spot.study:
                keys += [(f"Ctrl+G, {s.letter}", _(s.title)) for s in self._catalogue.sections if s.letter]
            self.help.show_help(_(entry.title), _(entry.help) if entry.help else "", keys)

    # What the shell itself reads

    def _read_heads(self) -> None:
        # The page comes first: what waits elsewhere can wait.
        self._desk.jobs.read(self._desk.sources.glance, then=self._know, owner=self, latest="heads", can_wait=True)

    def _know(self, found: tuple[tuple[StudyHead, ...], Mapping[str, int]]) -> None:
        heads, counts = found
        self._know_heads(heads)
        self._show_counts(counts)

    def _know_heads(self, heads: tuple[StudyHead, ...]) -> None:
        before, self._heads = self._heads, {head.id: head for head in heads}
        spot, first = self._state.spot, not self._known
        self._known = True
        if spot and spot.study and spot.study not in self._heads and (first or spot.study in before):
            # Its creation was taken back, or it is not in this desk any more: there is nothing left to stand in.
            self.go(Spot(STUDIES), remember=False)
        self._mark()

    def _show_counts(self, counts: Mapping[str, int]) -> None:
        for key, button in self._rail.items():
            button.set_count(counts.get(key, 0))
        for key, button in self._section_list.items():
            button.set_count(counts.get(f"{STUDIES}/{key}", 0))

    # What menus and palette do

    def _entries(self) -> list[Entry]:
        spot = self._state.spot
        sections = [
            Entry(_(s.title), partial(self._go_section, s.key), kind=_("Section"), keys=_keys_of(n, s))
            for n, s in enumerate(self._catalogue.sections, start=1)
            if spot and spot.study
        ]
        studies = [
            Entry(head.acronym, partial(self.go, Spot(STUDIES, head.id)), head.title, icon="studies")
            for head in self._heads.values()
        ]
        places = [
            Entry(_(p.title), partial(self.go, Spot(p.key)), "", _("Place"), p.icon, f"Alt+{n}")
            for n, p in enumerate(self._in_rail, start=1)
        ]
        page = self.page
        here = [
            Entry(
                offer.words,
                partial(self._say, offer.refused) if offer.refused else offer.then,
                offer.refused or (page.title if page else ""),
                _("Cannot be done now") if offer.refused else _("On this page"),
                offer.icon or "chevron-right",
                offer.keys,
            )
            for offer in (page.offers() if page else ())
        ]
        actions = [Entry(a.title, a.act, icon=a.icon or "chevron-right", keys=a.keys) for a in self._actions()]
        return [*places, *studies, *here, *sections, *actions]

    def _find(self, words: str) -> None:
        def found(things: tuple[Found, ...]) -> None:
            self.palette_box.offer([Entry(t.title, partial(self.go, t.spot), t.detail, icon=t.icon) for t in things])

        self._desk.jobs.read(lambda: self._desk.sources.find(words), then=found, owner=self, latest="find")

    def _say_done(self, done: Done) -> None:
        self.notice.say_done(done.label, self._desk.undo if done.undoable and done.transaction else None)

    def _say(self, words: str) -> None:
        self.notice.say(words, hue="info")

    def _say_stopped(self, job: Job) -> None:
        self.notice.say(_("Stopped: {title}").format(title=job.title), hue="info")

    def _new(self) -> None:
        if self.page:
            self.page.new_record()

    def _print(self) -> None:
        if self.page:
            self.page.print_page()

    def _filter(self) -> None:
        if self.page:
            self.page.seek()


def _keys_of(number: int, section: Section) -> str:
    """Return the keys that lead to a section: its place in the list, its letter."""
    place = f"Ctrl+{number}" if number <= 9 else ""
    letter = f"Ctrl+G, {section.letter}" if section.letter else ""
    return " · ".join(filter(None, (place, letter)))


KEYS = (
    ("Ctrl+K", N_("Find anything")),
    ("Alt+1 …", N_("Go to a place of the rail")),
    ("Ctrl+1 …", N_("Go to one of the first nine sections of the study")),
    ("Ctrl+PgDn", N_("Next section; Ctrl+PgUp the one before")),
    ("Alt+←", N_("Back")),
    ("Ctrl+F", N_("Filter the list")),
    ("Ctrl+N", N_("New record here")),
    ("F2", N_("Edit")),
    ("Ctrl+Z", N_("Undo the last act")),
    ("Ctrl+C", N_("Copy rows with headings")),
    ("F6", N_("Go to the notice")),
    ("Ctrl+L", N_("Lock the desk")),
)

"""What every page of the window is, and how a page is declared in the catalogue.

A page is made when it is first seen and may be thrown away and made anew at any time (another language, another study),
so what must outlive it lies in drafts, in memory or in `state()`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.actions import Offer
from trialdesk.desktop.widgets.table import Table

State = dict[str, dict[str, str]]
NEW = "new"
"""What a page is asked to look at to begin a new record."""


class Page(QWidget):
    """A place or a section. `title` is translated; `kinds` are the records it shows, so that it hears of changes."""

    title: str = ""
    kinds: ClassVar[frozenset[str]] = frozenset()

    def refresh(self) -> None:
        """Ask again for what the page shows. Called when it is first seen and when one of its kinds changed."""

    def focus_on(self, identity: str) -> None:
        """Show the record with this id. By default the first table makes it current."""
        for table in self.findChildren(Table)[:1]:
            table.select(identity)

    def new_record(self) -> None:
        """Begin a new record of what the page lists (Ctrl+N). By default there is none to begin."""

    def offers(self) -> tuple[Offer, ...]:
        """Return what can be done here by a button, for the palette: also what cannot be done now, with its reason."""
        return ()

    def print_page(self) -> None:
        """Offer the page's document (Ctrl+P). By default there is none."""

    def state(self) -> State:
        """Return what a page made anew needs to look the same: by default, each table's filter and current row."""
        return {table.key: table.state() for table in self.findChildren(Table)}

    def restore(self, state: State) -> None:
        """Look as `state` says."""
        for table in self.findChildren(Table):
            table.restore(state.get(table.key, {}))

    def take_focus(self) -> None:
        """Take the keyboard when the page is gone to: where it says by its focus proxy, else in its first list."""
        if self.focusProxy():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        for table in self.findChildren(Table)[:1]:
            table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def seek(self) -> None:
        """Go to the page's filter (Ctrl+F)."""
        for table in self.findChildren(Table):
            if table.isVisible():
                table.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
                table.filter.selectAll()
                return


def lay_out(page: Page, title: str, *actions: QWidget) -> QVBoxLayout:
    """Give a page its margins and its heading, with buttons at the right; returns the layout for what follows."""
    page.title = title
    heading = parts.said(title, "display")
    top = parts.row(spacing=style.SMALL)
    top.addWidget(heading)
    top.addStretch()
    for action in actions:
        top.addWidget(action)
    layout = parts.column(page, spacing=style.MEDIUM, margins=(style.WIDE, style.LARGE, style.WIDE, style.LARGE))
    layout.addLayout(top)
    return layout


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the left rail, or a page that belongs `under` one. Titles and help are English marked by `N_`."""

    key: str
    title: str
    icon: str
    make: Callable[[Desk], Page]
    help: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of a study's list of sections; `make` takes the desk and the study's id.

    Sections of one `group` (marked by `N_`) stand together under it, in the order of the catalogue. `letter` leads to
    it after Ctrl+G.
    """

    key: str
    title: str
    make: Callable[[Desk, str], Page]
    help: str = ""
    group: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do from a menu and the palette. `menu` is desk, edit, go, view or help; `keys` a shortcut.

    `act` takes the desk. Commands of pages are declared in the catalogue; the window has its own besides.
    """

    key: str
    title: str
    act: Callable[[Desk], object]
    keys: str = ""
    icon: str = ""
    menu: str = "desk"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that exists in the window."""

    places: tuple[Place, ...]
    sections: tuple[Section, ...] = ()
    commands: tuple[Command, ...] = ()

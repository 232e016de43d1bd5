"""The menu bar, built from one list of actions that the palette offers too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.desktop import icons

MENUS = (
    ("desk", N_("Desk")),
    ("edit", N_("Edit")),
    ("go", N_("Go")),
    ("view", N_("View")),
    ("help", N_("Help")),
)


@dataclass(frozen=True)
class Action:
    """One thing to do; the title is translated. Actions of one `group` stand together between lines."""

    menu: str
    title: str
    act: Callable[[], object]
    keys: str = ""
    icon: str = ""
    group: str = ""


def build(bar: QMenuBar, actions: Sequence[Action], places: Sequence[Action] = ()) -> None:
    """Fill the bar anew. `places` stand at the end of their menus and get no shortcut of their own, only its words."""
    for old in bar.findChildren(QMenu):
        old.deleteLater()
    bar.clear()
    for key, title in MENUS:
        menu = QMenu(_(title), bar)
        group = ""
        for action in actions:
            if action.menu != key:
                continue
            if action.group != group and not menu.isEmpty():
                menu.addSeparator()
            group = action.group
            _put(menu, action, live=True)
        own = [action for action in places if action.menu == key]
        if own and not menu.isEmpty():
            menu.addSeparator()
        for action in own:
            _put(menu, action, live=False)
        if menu.isEmpty():
            menu.deleteLater()
        else:
            bar.addMenu(menu)


def _put(menu: QMenu, action: Action, *, live: bool) -> None:
    shown = QAction(action.title, menu)
    if action.icon:
        shown.setIcon(icons.icon(action.icon))
    if action.keys and live:
        shown.setShortcut(QKeySequence(action.keys))
    elif action.keys:
        shown.setText(f"{action.title}\t{QKeySequence(action.keys).toString(QKeySequence.SequenceFormat.NativeText)}")
    shown.triggered.connect(lambda _checked=False: action.act())
    menu.addAction(shown)

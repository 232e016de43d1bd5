"""The smallest parts of which pages are laid out: words in a role, rows, columns, frames, buttons.

What a role looks like is the style sheet's business (`resources/style/desktop.qss`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from trialdesk.desktop import icons, style

L = TypeVar("L", bound=QLayout)

Margins = tuple[int, int, int, int]
"""Left, top, right, bottom."""

NONE: Margins = (0, 0, 0, 0)


def column(on: QWidget | None = None, *, spacing: int = style.SMALL, margins: Margins = NONE) -> QVBoxLayout:
    """Return a layout from top to bottom, put on a widget if one is given."""
    return _laid(QVBoxLayout(), on, spacing, margins)


def row(on: QWidget | None = None, *, spacing: int = style.SMALL, margins: Margins = NONE) -> QHBoxLayout:
    """Return a layout from left to right, put on a widget if one is given."""
    return _laid(QHBoxLayout(), on, spacing, margins)


def grid(
    on: QWidget | None = None, *, across: int = style.LARGE, down: int = style.MEDIUM, margins: Margins = NONE
) -> QGridLayout:
    """Return a grid with these gaps, put on a widget if one is given."""
    layout = QGridLayout()
    layout.setHorizontalSpacing(across)
    layout.setVerticalSpacing(down)
    layout.setContentsMargins(*margins)
    if on:
        on.setLayout(layout)
    return layout


def said(
    words: str = "", role: str = "", *, wrap: bool = False, centre: bool = False, on: QWidget | None = None
) -> QLabel:
    """Return a label. Roles: display, title, strong, muted, fine, label, problem, keys.

    Where very many are made at once, `on` names the widget it will lie on: it is then dressed only once.
    """
    label = QLabel(words, on) if on else QLabel(words)
    if role:
        label.setProperty("role", role)
    if wrap:
        label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if centre:
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def frame(name: str = "", *, role: str = "", shown: bool = True) -> QFrame:
    """Return a frame known to the style sheet by name (card, panel, floating, strip …) or role (hint, line)."""
    made = QFrame()
    dress(made, name, role=role, shown=shown)
    return made


def box(name: str = "") -> QWidget:
    """Return a plain widget to lay things out on."""
    made = QWidget()
    made.setObjectName(name)
    return made


def dress(widget: QWidget, name: str = "", *, role: str = "", shown: bool = True) -> None:
    """Give a widget its name and role for the style sheet; `shown=False` hides it until it is asked for."""
    if name:
        widget.setObjectName(name)
    if role:
        widget.setProperty("role", role)
    if not shown:
        widget.hide()


def button(words: str, then: Callable[[], object] | None = None, *, role: str = "", icon: str = "") -> QPushButton:
    """Return a button with translated words. Roles: primary (one a page), quiet, link, or none."""
    made = QPushButton(words)
    made.setProperty("role", role)
    if icon:
        made.setIcon(icons.icon(icon, {"primary": "on-accent", "link": "accent"}.get(role, "muted")))
    if then:
        made.clicked.connect(lambda _checked=False: then())
    return made


def icon_button(icon: str, words: str, then: Callable[[], object] | None = None, *, keys: str = "") -> QToolButton:
    """Return a button that shows only an icon; its words (translated) are its name and, with its keys, its tooltip."""
    made = QToolButton()
    made.setProperty("role", "icon")
    made.setIcon(icons.icon(icon))
    made.setAccessibleName(words)
    made.setToolTip(f"{words} ({keys})" if keys else words)
    if then:
        made.clicked.connect(lambda _checked=False: then())
    return made


def group(title: str, *inside: QWidget) -> QWidget:
    """Return a part of a record: its title and what belongs to it, from top to bottom."""
    made = box()
    layout = column(made, spacing=style.SMALL)
    layout.addWidget(said(title, "strong"))
    for widget in inside:
        layout.addWidget(widget)
    return made


def centred(widget: QWidget) -> QHBoxLayout:
    """Return a row with the widget in its middle. An alignment would ask it how high it is at the row's whole width."""
    layout = row()
    layout.addStretch()
    layout.addWidget(widget)
    layout.addStretch()
    return layout


def scrolled(inside: QWidget) -> QScrollArea:
    """Return an area in which `inside` scrolls up and down; it takes no focus itself."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    # The area would paint it in the window's colour: what lies beneath shows through instead.
    inside.setAutoFillBackground(False)
    return area


def on_keys(keys: str, widget: QWidget, then: Callable[[], object]) -> QShortcut:
    """Call `then` when the keys are pressed while the focus is in the widget or what it holds."""
    shortcut = QShortcut(QKeySequence(keys), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(then)
    return shortcut


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _laid(layout: L, on: QWidget | None, spacing: int, margins: Margins) -> L:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    if on:
        on.setLayout(layout)
    return layout


def lead_to(place: QWidget) -> None:
    """Bring a part of a record to the top of what is in sight."""
    area = place.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is None or (inside := area.widget()) is None:
        return
    bar = area.verticalScrollBar()
    bar.setValue(min(bar.maximum(), place.mapTo(inside, place.rect().topLeft()).y()))

"""Ctrl+K: type a few letters and go anywhere, or do anything that has a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.desktop import icons, parts, style

MOST = 9
_WIDTH = 560
_LINE = 40


@dataclass(frozen=True)
class Entry:
    """One thing to go to or do; all words translated. `detail` is searched too, `kind` only shown."""

    title: str
    act: Callable[[], object]
    detail: str = ""
    kind: str = ""
    icon: str = "chevron-right"
    keys: str = ""


def fitting(entries: Sequence[Entry], sought: str) -> list[Entry]:
    """Return the entries that `sought` fits, best first.

    Every word must begin a word of the title or detail, else stand within it; else its letters must follow each other
    in the title. With nothing sought all entries fit, as they come.
    """
    words = sought.lower().split()
    if not words:
        return list(entries)
    scored = ((_score(entry, words), place, entry) for place, entry in enumerate(entries))
    return [entry for score, _place, entry in sorted(s for s in scored if s[0] is not None) if score is not None]


def _score(entry: Entry, words: list[str]) -> int | None:
    title, whole = entry.title.lower(), f"{entry.title} {entry.detail}".lower()
    score = 0
    for word in words:
        if title.startswith(word):
            score += 0
        elif f" {word}" in f" {title}":
            score += 1
        elif f" {word}" in f" {whole}":
            score += 2
        elif word in whole:
            score += 3
        elif _follows(word, title):
            score += 6
        else:
            return None
    return score


def _follows(letters: str, text: str) -> bool:
    remaining = iter(text)
    return all(letter in remaining for letter in letters)


class Palette(QFrame):
    """Floats over the window. `ask` is called with what is typed, to look for more; its answers come by `offer`."""

    asked = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        parts.dress(self, "floating", shown=False)
        self._over = over
        self._entries: tuple[Entry, ...] = ()
        self._more: tuple[Entry, ...] = ()
        self._before: QWidget | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Go to a study, participant, page or command"))
        self.line.setProperty("role", "search")
        self.line.setAccessibleName(_("Find anything"))
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setAccessibleName(_("Found"))
        self._nothing = parts.said(_("Nothing has these letters."), "muted", centre=True)
        self._nothing.setFixedHeight(_LINE)
        line = parts.frame(role="line")
        layout = parts.column(self, spacing=style.HAIR, margins=(style.SMALL, style.HAIR, style.SMALL, style.SMALL))
        for part in (self.line, line, self.list, self._nothing):
            layout.addWidget(part)
        self.line.textChanged.connect(self._sought)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._act())
        over.installEventFilter(self)

    def open(self, entries: Sequence[Entry]) -> None:
        """Show the palette with these entries and nothing typed."""
        self._before = self._over.window().focusWidget()
        self._entries = tuple(entries)
        self._more = ()
        self.line.clear()
        self._fill()
        self.show()
        self.raise_()
        self.line.setFocus()

    def offer(self, entries: Sequence[Entry]) -> None:
        """Add what was found elsewhere for what is typed now."""
        self._more = tuple(entries)
        self._fill()

    def close_palette(self) -> None:
        """Close, and give the focus back."""
        self.hide()
        if self._before and shiboken6.isValid(self._before):
            self._before.setFocus()

    def entries(self) -> list[Entry]:
        """Return what is offered, best first."""
        return [self.list.item(line).data(Qt.ItemDataRole.UserRole) for line in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys typed into the line move in the list; a click beside the palette closes it."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.line and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + step) % max(self.list.count(), 1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._act()
            case Qt.Key.Key_Escape:
                self.close_palette()
            case _:
                return False
        return True

    def _sought(self, text: str) -> None:
        self._more = ()
        self._fill()
        if text.strip():
            self.asked.emit(text.strip())

    def _fill(self) -> None:
        sought = self.line.text()
        self.list.clear()
        for entry in [*fitting(self._entries, sought), *self._more][: MOST if sought else 2 * MOST]:
            item = QListWidgetItem(entry.title)
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title} {entry.detail} {entry.keys}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self._nothing.setVisible(self.list.count() == 0)
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH, self._over.width() - 2 * style.WIDE)
        lines = min(max(self.list.count(), 1), MOST)
        self.list.setFixedHeight(lines * _LINE)
        height = lines * _LINE + 42 + 2 * style.HAIR + style.MEDIUM + 1
        self.setGeometry((self._over.width() - width) // 2, max(self._over.height() // 8, style.WIDE), width, height)

    def _act(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            entry: Entry = item.data(Qt.ItemDataRole.UserRole)
            self.close_palette()
            entry.act()


class _Lines(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return one height for all lines."""
        return QSize(option.rect.width(), _LINE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint icon, title, detail, and the keys at the right."""
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        space = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent-soft"))
            painter.drawRoundedRect(space.adjusted(0, 1, 0, -1), style.RADIUS, style.RADIUS)
        middle = space.center().y()
        icons.paint(painter, entry.icon or "chevron-right", "muted", QRectF(space.left() + 10, middle - 9, 18, 18))
        inner = space.adjusted(40, 0, -style.MEDIUM, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if entry.keys:
            painter.setFont(style.font(style.FINE))
            painter.setPen(style.colour("muted"))
            painter.drawText(inner, right, entry.keys)
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(entry.keys) - style.MEDIUM)
        painter.setFont(style.font())
        painter.setPen(style.colour("ink"))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, left, title)
        inner.setLeft(inner.left() + metrics.horizontalAdvance(title) + style.MEDIUM)
        beside = entry.detail or entry.kind
        if beside and inner.width() > 40:
            painter.setPen(style.colour("muted"))
            detail = metrics.elidedText(beside, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, left, detail)
        painter.restore()

"""The one table: sort, filter as you type, choose columns, copy with headings, export, and never lose the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QLineEdit,
    QMenu,
    QStackedLayout,
    QToolButton,
    QWidget,
)

from trialdesk.base.i18n import _, n_
from trialdesk.base.values import dataclass
from trialdesk.desktop import icons, parts, style
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.models.rows import Column, Order, Prepared, Row, in_order, prepare
from trialdesk.desktop.models.table import TableModel, cell
from trialdesk.desktop.remember import Memory
from trialdesk.desktop.widgets.view import RowsView

AT_ONCE = 2_000
"""Up to so many cells are prepared and sorted on the spot; more go to a reader."""


@dataclass(frozen=True)
class Sheet:
    """What an export gets: the headings and cells shown, as values."""

    title: str
    headings: tuple[str, ...]
    cells: tuple[tuple[object, ...], ...]


class Table(QWidget):
    """A list of frozen rows. `name` is translated and says what the rows are ("Participants").

    `key` names the place where widths, order and hidden columns are remembered; `export` is called with "csv" or
    "xlsx" and the `Sheet` shown. `empty` is shown while there are no rows at all.
    """

    activated = Signal(object)
    """Enter or a double click on a row: the row."""
    chosen = Signal(object)
    """The current row changed: the row, or None."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        *,
        name: str,
        key: str,
        memory: Memory,
        jobs: Jobs | None = None,
        empty: QWidget | None = None,
        export: Callable[[str, Sheet], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.name = name
        self._memory = memory
        self._jobs = jobs
        self._export = export
        self.model = TableModel(columns, self)
        self._chosen: str | None = None
        self._widths = memory.sizes(f"table/{key}/widths")
        self._wanted: str | None = None
        self.filter = self._make_filter()
        self._count = parts.said(role="muted")
        self.view = RowsView(self.model, name)
        self.view.chosen_widths = self._widths
        self.tools = parts.row(spacing=style.SMALL)
        self.tools.addWidget(self.filter, 1)
        self.tools.addWidget(self._count)
        self.tools.addStretch()
        self._columns_button = self._make_columns_button()
        self.tools.addWidget(self._columns_button)
        listed = QWidget()
        inner = parts.column(listed, spacing=style.SMALL)
        inner.addLayout(self.tools)
        inner.addWidget(self.view)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(listed)
        if empty:
            self._stack.addWidget(empty)
        self._listen()
        self._recall()
        self._tell_count()

    # What is shown

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; selection, current row and scroll place are kept by id."""
        if self._jobs is None or len(rows) * len(self.model.columns) <= AT_ONCE:
            self.model.set_rows(rows)
            self._settled()
            return
        column, descending = self.model.sorted_by, self.model.descending

        def ready() -> tuple[Prepared, Order]:
            prepared = prepare(rows, self.model.columns)
            return prepared, in_order(prepared, column, descending=descending)

        self._jobs.read(ready, then=self._show, owner=self, latest="rows")

    def rows(self) -> list[Any]:
        """Return the rows shown, as filtered and sorted."""
        return self.model.shown_rows()

    def current(self) -> Any:
        """Return the current row, or None."""
        return self.model.row_at(self.view.currentIndex())

    def selected(self) -> list[Any]:
        """Return the selected rows in the order shown."""
        lines = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        shown = self.model.shown_rows()
        return [shown[line] for line in lines]

    def select(self, identity: str) -> None:
        """Make the row with this id current, now or, if it is not here yet, when it comes."""
        line = self.model.place_of(identity)
        if line is None:
            self._wanted = identity
            return
        self._wanted = None
        column = next((c for c in range(len(self.model.columns)) if not self.view.isColumnHidden(c)), 0)
        index = self.model.index(line, column)
        self.view.stand_on(index)
        self.view.scrollTo(index)

    def state(self) -> dict[str, str]:
        """Return what to give `restore` so that a table built anew looks the same."""
        current = self.current()
        return {"sought": self.filter.text(), "current": current.id if current else ""}

    def restore(self, state: dict[str, str]) -> None:
        """Look as `state` says."""
        self.filter.setText(state.get("sought", ""))
        if state.get("current"):
            self.select(state["current"])

    # What a person does

    def copy(self) -> None:
        """Copy the selected rows with headings; all shown where none is selected."""
        rows = self.selected() or self.rows()
        lines = [tuple(_(c.title) for c in self._visible()), *self._texts(rows)]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def sheet(self) -> Sheet:
        """Return what is shown, for a file."""
        columns = self._visible()
        cells = tuple(tuple(cell(column, row) for column in columns) for row in self.rows())
        return Sheet(self.name, tuple(_(column.title) for column in columns), cells)

    def menu(self) -> QMenu:
        """Return the menu of columns and exports."""
        menu = QMenu(self)
        for number, column in enumerate(self.model.columns):
            action = menu.addAction(_(column.title))
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(number))
            action.toggled.connect(lambda on, n=number: self._show_column(n, shown=on))
        menu.addSeparator()
        _add(menu, _("Copy with headings"), self.copy, QKeySequence(QKeySequence.StandardKey.Copy))
        if self._export:
            export = self._export
            _add(menu, _("Export as CSV…"), lambda: export("csv", self.sheet()))
            _add(menu, _("Export as Excel…"), lambda: export("xlsx", self.sheet()))
        return menu

    # Inside

    def _make_filter(self) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText(_("Filter"))
        box.setClearButtonEnabled(True)
        box.setProperty("role", "filter")
        box.setMinimumWidth(120)
        box.setMaximumWidth(260)
        box.setAccessibleName(_("Filter {name}").format(name=self.name))
        box.setToolTip(_("Show only rows with these words ({keys})").format(keys="Ctrl+F"))
        box.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        return box

    def _make_columns_button(self) -> QToolButton:
        return parts.icon_button("columns", _("Columns, copy and export"))

    def _listen(self) -> None:
        self.filter.textChanged.connect(self._seek)
        self.filter.installEventFilter(self)
        self.view.activated.connect(self._activate)
        self.view.selectionModel().currentRowChanged.connect(self._current_changed)
        header = self.view.horizontalHeader()
        header.sortIndicatorChanged.connect(self._sort)
        header.sectionResized.connect(self._note_width)
        header.viewport().installEventFilter(self)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self._open_menu(header.mapToGlobal(at)))
        self._columns_button.clicked.connect(
            lambda: self._open_menu(self._columns_button.mapToGlobal(QPoint(0, self._columns_button.height())))
        )
        parts.on_keys("Ctrl+C", self.view, self.copy)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """In the filter box, Down and Enter go to the rows, Escape empties it; a width let go is remembered."""
        if event.type() == QEvent.Type.MouseButtonRelease and watched is self.view.horizontalHeader().viewport():
            self._memory.keep(f"table/{self.key}/widths", dict(self._widths))
        if watched is self.filter and event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]  # a key press is a QKeyEvent
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.rowCount():
                if not self.view.currentIndex().isValid():
                    self.select(self.rows()[0].id)
                self.view.setFocus()
                return True
            if key == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew after the look changed."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.view.cells.restyle()
        super().changeEvent(event)

    def _show(self, ready: tuple[Prepared, Order]) -> None:
        self.model.set_prepared(*ready)
        self._settled()

    def _settled(self) -> None:
        self._tell_count()
        self.view.fit()
        if self._wanted:
            self.select(self._wanted)

    def _seek(self, sought: str) -> None:
        self.model.seek(sought)
        self._tell_count()

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        descending = order == Qt.SortOrder.DescendingOrder
        column = self.model.columns[section] if 0 <= section < len(self.model.columns) else None
        self._memory.keep(f"table/{self.key}/sort", [column.key, descending] if column else None)
        if self._jobs is None or self.model.total * len(self.model.columns) <= AT_ONCE:
            self.model.sort_by(column, descending=descending)
            return
        prepared = self.model.prepared

        def done(order: Order) -> None:
            if self.model.prepared is prepared:
                self.model.sort_by(column, descending=descending, order=order)

        self.model.sorted_by, self.model.descending = column, descending
        self._jobs.read(lambda: in_order(prepared, column, descending=descending), then=done, owner=self, latest="sort")

    def _tell_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        if self.model.sought:
            self._count.setText(_("{shown} of {total}").format(shown=f"{shown:,}", total=f"{total:,}"))
        else:
            self._count.setText(n_("{count} row", "{count} rows", total).format(count=f"{total:,}"))
        self._stack.setCurrentIndex(1 if self._stack.count() > 1 and total == 0 else 0)
        self.view.say(
            _("Nothing here has “{sought}”. Press Escape to see all.").format(sought=self.model.sought)
            if self.model.sought and not shown
            else ""
        )

    def _current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.row_at(now)
        identity = row.id if row else None
        if identity != self._chosen:
            self._chosen = identity
            self.chosen.emit(row)

    def _activate(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        if row is not None:
            self.activated.emit(row)

    def _visible(self) -> list[Column]:
        header = self.view.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(len(self.model.columns))]
        return [self.model.columns[number] for number in order if not self.view.isColumnHidden(number)]

    def _texts(self, rows: Sequence[Row]) -> list[tuple[str, ...]]:
        columns = self._visible()
        return [tuple(" ".join(column.copied(row).split()) for column in columns) for row in rows]

    def _open_menu(self, at: QPoint) -> None:
        self.menu().popup(at)

    def _show_column(self, number: int, *, shown: bool) -> None:
        if not shown and len(self._visible()) == 1:
            return
        self.view.setColumnHidden(number, not shown)
        self.view.fit()
        hidden = [c.key for n, c in enumerate(self.model.columns) if self.view.isColumnHidden(n)]
        self._memory.keep(f"table/{self.key}/hidden", list(hidden))

    def _note_width(self, section: int, _before: int, now: int) -> None:
        last = self.view.horizontalHeader().visualIndex(section) == len(self.model.columns) - 1
        if now > 0 and not last and not self.view.fitting:
            self._widths[self.model.columns[section].key] = now

    def _recall(self) -> None:
        header = self.view.horizontalHeader()
        kept = self._memory.get(f"table/{self.key}/hidden")
        hidden = self._memory.texts(f"table/{self.key}/hidden")
        header.blockSignals(True)
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, self._widths.get(column.key, column.broad))
            self.view.setColumnHidden(number, column.key in hidden if kept is not None else column.hidden)
        header.blockSignals(False)
        sort = self._memory.get(f"table/{self.key}/sort")
        match sort:
            case [str(key), bool(descending)]:
                for number, column in enumerate(self.model.columns):
                    if column.key == key:
                        self.model.sorted_by, self.model.descending = column, descending
                        header.blockSignals(True)
                        header.setSortIndicator(
                            number, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
                        )
                        header.blockSignals(False)
            case _:
                pass


def _add(menu: QMenu, words: str, then: Callable[[], object], keys: QKeySequence | None = None) -> QAction:
    action = menu.addAction(words)
    if keys:
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda _checked=False: then())
    return action

"""The one form: built from declared fields, labels above, words beside a field as one types, nothing typed ever lost.

A form holds no rule of the domain: `check` is given by the page and answers with words by field name. It records
nothing either: the page takes `values()` or `changes()` and runs the action, then calls `saved()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from trialdesk.base.fields import Field, currency_beside
from trialdesk.base.i18n import _
from trialdesk.base.typed import today_here
from trialdesk.desktop import parts, style
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.widgets.amounts import MoneyEditor
from trialdesk.desktop.widgets.editors import Editor, FlagEditor, Options, ProseEditor
from trialdesk.desktop.widgets.kinds import editor_for

TWO_COLUMNS = 560
"""From this width on, fields stand two beside each other."""

Check = Callable[[dict[str, Any]], Mapping[str, str]]


class Form(QWidget):
    """Fields to read and write.

    `draft` is the key under which what is typed is kept; `options` what links may point to; `prose` the names of
    fields of several lines. With `editing=False` the form shows the record, and F2 or `edit()` makes it writable.
    """

    changed = Signal()
    editing_began = Signal()

    def __init__(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, Any] | None = None,
        *,
        check: Check | None = None,
        drafts: Drafts | None = None,
        draft: str = "",
        options: Mapping[str, Options] | None = None,
        prose: tuple[str, ...] = (),
        editing: bool = True,
        today: Callable[[], date] = today_here,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.fields = fields
        self._check = check
        self._drafts = drafts
        self._draft = draft
        self._initial: dict[str, Any] = {}
        self._touched: set[str] = set()
        self._strict = False
        self._quiet = False
        self._columns = 0
        self._rows: dict[str, _FieldRow] = {}
        for field in fields:
            editor = editor_for(field, today, options=(options or {}).get(field.name), prose=field.name in prose)
            row = _FieldRow(field, editor, self)
            editor.changed.connect(lambda name=field.name: self._typed(name))
            self._rows[field.name] = row
        self._currencies = {amount.name: currency_beside(amount, fields) for amount in fields if amount.type == "money"}
        if len(fields) == 1 and isinstance(alone := self._rows[fields[0].name].editor, ProseEditor):
            alone.heighten()
        self._restored = _Restored(self._discard)
        self._grid = parts.grid(across=style.WIDE, down=style.MEDIUM)
        layout = parts.column(self, spacing=style.MEDIUM)
        layout.addWidget(self._restored)
        layout.addLayout(self._grid)
        self._arrange(1)
        self.editing = True
        self.set_values(values or {})
        self._restore_draft()
        if not editing and not self._restored.isVisibleTo(self):
            self.set_editing(editing=False)
        parts.on_keys("F2", self, self.edit)

    # Values

    def values(self) -> dict[str, Any]:
        """Return every field's value; None where it is empty or cannot be read."""
        return {name: row.editor.value() for name, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show a record's values and take them as the state from which changes count."""
        self._quiet = True
        for amount, currency in self._currencies.items():
            # A form that asks for the amount alone is given the currency with the record's values.
            self._tell_currency(amount, values.get(currency or "currency"))
        for name, row in self._rows.items():
            row.editor.set_value(values.get(name))
        self._quiet = False
        self._initial = self.values()
        self._touched.clear()
        self._strict = False
        self._look()

    @property
    def initial(self) -> dict[str, Any]:
        """Return the values shown at first, from which changes count: a restored draft is not among them."""
        return dict(self._initial)

    def changes(self) -> dict[str, Any]:
        """Return the values that differ from those shown at first."""
        return {name: value for name, value in self.values().items() if value != self._initial.get(name)}

    @property
    def dirty(self) -> bool:
        """Say whether anything was changed."""
        return bool(self.changes()) or any(row.editor.problem() for row in self._rows.values())

    def problems(self) -> dict[str, str]:
        """Return in words what is wrong, by field name, required fields left empty included."""
        found = {name: words for name, row in self._rows.items() if (words := row.editor.problem())}
        for field in self.fields:
            if field.required and field.name not in found and self._rows[field.name].editor.value() in (None, ""):
                found[field.name] = _("Needed.")
        if self._check:
            for name, words in self._check(self.values()).items():
                if words:
                    found.setdefault(name, words)
        return found

    def ready(self) -> bool:
        """Say whether all is well; if not, show what is wrong and go to the first field concerned."""
        problems = self.problems()
        self._strict = True
        self._look()
        first = next((field.name for field in self.fields if field.name in problems), None)
        if first:
            self.focus(first)
        return not problems

    def tell(self, name: str, words: str) -> None:
        """Show words beside a field: what an action answered about it. They go when the field is changed."""
        self._rows[name].tell(words, says="")
        self.focus(name)

    def saved(self) -> None:
        """Take what stands here as recorded: no longer changed, the draft forgotten."""
        if self._drafts and self._draft:
            self._drafts.forget(self._draft)
        self._restored.hide()
        self.set_values(self.values())

    # Looking and editing

    def edit(self) -> None:
        """Make the form writable and go to its first field."""
        if not self.editing:
            self.set_editing(editing=True)
        if self.fields:
            self.focus(self.fields[0].name)

    def set_editing(self, *, editing: bool) -> None:
        """Make the form writable or readable only."""
        began = editing and not self.editing
        self.editing = editing
        for row in self._rows.values():
            row.editor.set_locked(locked=not editing)
        if began:
            self.editing_began.emit()

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        self._rows[name].editor.setFocus()

    def editor(self, name: str) -> Editor:
        """Return a field's editor."""
        return self._rows[name].editor

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in one column or two."""
        self._arrange(2 if event.size().width() >= TWO_COLUMNS else 1)
        super().resizeEvent(event)

    # Inside

    def _typed(self, name: str) -> None:
        if self._quiet:
            return
        self._touched.add(name)
        for amount, currency in self._currencies.items():
            if currency == name:
                self._tell_currency(amount, self._rows[name].editor.value())
        self._look()
        if self._drafts and self._draft:
            kept = {n: self._rows[n].editor.typed() for n in self._touched} if self.dirty else {}
            self._drafts.keep(self._draft, kept)
        self.changed.emit()

    def _look(self) -> None:
        problems = self.problems()
        for name, row in self._rows.items():
            shown = self._strict or name in self._touched
            row.tell(problems.get(name, "") if shown else "", says=row.editor.says())

    def _tell_currency(self, amount: str, code: Any) -> None:
        editor = self._rows[amount].editor
        if isinstance(editor, MoneyEditor):
            editor.set_currency(code)

    def _restore_draft(self) -> None:
        typed = self._drafts.get(self._draft) if self._drafts and self._draft else {}
        typed = {name: text for name, text in typed.items() if name in self._rows}
        self._restored.setVisible(bool(typed))
        if not typed:
            return
        self._quiet = True
        for name, text in typed.items():
            self._rows[name].editor.set_typed(text)
            self._touched.add(name)
        for amount, currency in self._currencies.items():
            if currency:
                self._tell_currency(amount, self._rows[currency].editor.value())
        self._quiet = False
        self._look()

    def _discard(self) -> None:
        if self._drafts and self._draft:
            self._drafts.forget(self._draft)
        self._restored.hide()
        self.set_values(self._initial)
        self.changed.emit()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        line = column = 0
        for row in self._rows.values():
            wide = isinstance(row.editor, ProseEditor)
            row.stand(beside=columns > 1)
            if wide and column:
                line, column = line + 1, 0
            self._grid.addWidget(row, line, column, 1, columns if wide else 1)
            column += columns if wide else 1
            if column >= columns:
                line, column = line + 1, 0
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)


class _FieldRow(QWidget):
    def __init__(self, field: Field, editor: Editor, form: QWidget) -> None:
        super().__init__(form)
        self.editor = editor
        label = _(field.label)
        flag = isinstance(editor, FlagEditor)
        heading = parts.row(spacing=style.HAIR)
        # A tick carries its own words; beside a neighbour it stands as low as the neighbour's box.
        self._label = parts.said(" " if flag else label, "label", on=self)
        self._label.setBuddy(editor.control)
        self._level = self._label if flag else None
        heading.addWidget(self._label)
        if field.unit:
            heading.addWidget(parts.said(f"({_(field.unit)})", "label", on=self))
        if not field.required and not flag:
            heading.addWidget(parts.said(_("optional"), "fine", on=self))
        heading.addStretch()
        self._help = _(field.help) if field.help else ""
        self._words = parts.said(wrap=True, on=self)
        self._shown = ""
        editor.control.setAccessibleName(label)
        editor.control.setAccessibleDescription(self._help)
        layout = parts.column(self, spacing=style.HAIR)
        if self._level:
            self._level.hide()
        layout.addLayout(heading)
        layout.addWidget(editor)
        layout.addWidget(self._words)
        layout.addStretch()

    def stand(self, *, beside: bool) -> None:
        """Stand alone in a line, or beside another field."""
        if self._level:
            self._level.setVisible(beside)

    def tell(self, problem: str, *, says: str) -> None:
        """Show the problem, else how the text was read, else the help."""
        self.editor.mark(problem=bool(problem))
        words = problem or says or self._help
        role = "problem" if problem else "fine"
        if words != self._words.text() or role != self._words.property("role"):
            self._words.setText(words)
            self._words.setProperty("role", role)
            parts.restyle(self._words)
            self.editor.control.setAccessibleDescription(words)
        self._words.setVisible(bool(words))


class _Restored(QFrame):
    def __init__(self, discard: Callable[[], None]) -> None:
        super().__init__()
        parts.dress(self, role="hint", shown=False)
        words = parts.said(_("What you had typed here is restored."))
        button = parts.button(_("Discard it"), role="link")
        button.clicked.connect(discard)
        layout = parts.row(self, spacing=style.SMALL, margins=(style.MEDIUM, style.SMALL, style.MEDIUM, style.SMALL))
        layout.addWidget(words)
        layout.addWidget(button)
        layout.addStretch()

"""A form on its way into the record: save, the reason for a change, what was refused, and two versions at once.

It knows no action: `save` is given by the page and gets the values and the reason; the page answers by `done`,
`refuse` or `show_conflict`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from trialdesk.base.errors import Told
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.widgets.conflict import ConflictPrompt, differing
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.reason import ReasonPrompt

FORM_LEAST = 120
"""Pixels of the form that stay in sight whatever is asked below it."""

Save = Callable[[dict[str, Any], str], object]
Words = Callable[[Field, Any], str]


class Entry(QWidget):
    """A form with its buttons.

    With `correcting` only what was changed is saved, and the reason for it is asked first; with `why` a reason is asked
    for an act that corrects nothing. `words` writes a value where two versions are shown, `note` stands by the button,
    `above` over the form: what the entry is about.
    """

    left = Signal()
    """The person goes back to the record; what was typed stays in the draft."""

    def __init__(
        self,
        form: Form,
        *,
        save: Save,
        words: Words,
        save_words: str = "",
        correcting: bool = False,
        why: bool = False,
        note: str = "",
        above: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._save = save
        self._words = words
        self._correcting = correcting
        self._why = why
        self._before: dict[str, Any] = form.initial
        self._reason = ""
        self.refused = parts.said(role="problem", wrap=True)
        self.refused.hide()
        self.save_button = parts.button(save_words or _("Save"), self.save, role="primary")
        self.save_button.setToolTip(_("Save ({keys})").format(keys="Ctrl+S"))
        cancel = parts.button(_("Cancel"), self.left.emit)
        cancel.setToolTip(_("Back to the record ({keys}). What you typed is kept.").format(keys="Esc"))
        self._buttons = parts.box()
        buttons = parts.row(self._buttons, spacing=style.SMALL)
        buttons.addWidget(self.save_button)
        buttons.addWidget(cancel)
        buttons.addSpacing(style.SMALL)
        buttons.addWidget(parts.said(note, "fine", wrap=True), 1)
        self._prompt: QWidget | None = None
        inside = parts.box()
        held = parts.column(inside, margins=(0, 0, style.SMALL, 0))
        # The form scrolls, what is done with it stays in sight.
        self._area = parts.scrolled(inside)
        self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._area.setMinimumHeight(FORM_LEAST)
        self._layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, 0, style.HAIR))
        self._layout.addWidget(self._area, 1)
        for widget in (self.refused, self._buttons):
            self._layout.addWidget(widget)
        # Last, when all above it stands: moved with its holder a form is dressed again each time.
        if above is not None:
            held.addWidget(above)
            held.addSpacing(style.MEDIUM)
        held.addWidget(form)
        held.addStretch()
        self.setFocusProxy(form.editor(form.fields[0].name).control)
        form.changed.connect(self.refused.hide)
        parts.on_keys("Ctrl+S", self, self.save)
        parts.on_keys("Ctrl+Return", self, self.save)

    @property
    def prompt(self) -> QWidget | None:
        """Return what is asked below the form now: a reason, or which of two versions."""
        return self._prompt

    def save(self) -> None:
        """Save if all is well; a correction asks for its reason first."""
        if isinstance(self._prompt, ReasonPrompt):
            self._prompt.setFocus()
            return
        if self._prompt or not self.save_button.isEnabled():
            return
        if not self.form.ready():
            self._show_focus()
            return
        if not self._correcting and not self._why:
            self._send("")
        elif self._correcting and not self.form.changes():
            self._say(_("Nothing was changed yet."))
        else:
            prompt = ReasonPrompt() if self._correcting else _why()
            prompt.given.connect(self._send)
            prompt.cancelled.connect(self._keep_editing)
            self._ask(prompt)

    def done(self) -> None:
        """Take what was saved as recorded; the draft is forgotten."""
        self.form.saved()
        self.save_button.setEnabled(True)

    def wait_no_more(self) -> None:
        """Let it be saved again: what had to be given besides was not given."""
        self.save_button.setEnabled(True)

    def refuse(self, error: BaseException) -> None:
        """Say what was refused, beside its field where it names one. Raises what is no telling but a fault."""
        self.save_button.setEnabled(True)
        if not isinstance(error, Told):
            raise error
        self._keep_editing()
        field = next((f for f in self.form.fields if error.where.endswith(_(f.label))), None)
        if field and error.where:
            self.form.tell(field.name, shown.dated(f"{error.words} {error.remedy}".strip()))
            self._show_focus()
        else:
            self._say(shown.dated(str(error)))

    def show_conflict(self, now: Mapping[str, Any], who: str = "") -> None:
        """Show what was typed beside what is recorded `now`; `who` says in words whose change came between."""
        self.save_button.setEnabled(True)
        mine = self.form.changes()
        prompt = ConflictPrompt(differing(self.form.fields, self._before, now, mine, self._words), who)
        prompt.mine_wanted.connect(lambda: self._stand_on(now, mine, again=True))
        prompt.both_wanted.connect(lambda: self._stand_on(now, mine))
        prompt.theirs_wanted.connect(self._give_up)
        self._ask(prompt)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the record."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _send(self, reason: str) -> None:
        self._reason = reason
        self._close_prompt()
        self.save_button.setEnabled(False)
        self._save(self.form.changes() if self._correcting else self.form.values(), reason)

    def _stand_on(self, now: Mapping[str, Any], mine: Mapping[str, Any], *, again: bool = False) -> None:
        """Take the version recorded now as the one from which changes count, and put what was typed back over it."""
        self.form.set_values(now)
        self._before = self.form.initial
        for name, value in mine.items():
            self.form.editor(name).set_value(value)
        if again and self.form.changes():
            self._send(self._reason)
        elif again:
            # Somebody else recorded the very same.
            self._give_up()
        else:
            self._keep_editing()

    def _give_up(self) -> None:
        self.form.saved()
        self.left.emit()

    def _ask(self, prompt: QWidget) -> None:
        self._close_prompt()
        self._prompt = prompt
        self._buttons.hide()
        self._layout.insertWidget(2, prompt)
        prompt.setFocus()

    def _close_prompt(self) -> None:
        if self._prompt:
            self._prompt.hide()
            self._prompt.deleteLater()
        self._prompt = None
        self._buttons.show()

    def _keep_editing(self) -> None:
        self._close_prompt()
        self.form.focus(next(iter(self.form.changes()), self.form.fields[0].name))
        self._show_focus()

    def _show_focus(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.form.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)

    def _say(self, words: str) -> None:
        self.refused.setText(words)
        self.refused.show()


def _why() -> ReasonPrompt:
    return ReasonPrompt((), title=_("Why is this done?"), words=_("The trail keeps your reason with the act."))

"""A form for a new record with its two buttons: what an action refuses is told beside the field concerned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trialdesk.base.errors import Told
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.editors import Options
from trialdesk.desktop.widgets.form import Form


class Entry(QWidget):
    """Asks for `fields` and runs `action` with what was given; empty fields are left out.

    `recorded` carries what the action returned, `left` that the person wants no new record. `save` is translated and
    says what the first button does. `arguments` go to the action beside the fields.
    """

    recorded = Signal(object)
    left = Signal()

    def __init__(
        self,
        fields: tuple[Field, ...],
        action: Callable[..., Any],
        *,
        desk: Desk,
        save: str,
        draft: str = "",
        options: Mapping[str, Options] | None = None,
        prose: tuple[str, ...] = (),
        **arguments: Any,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._action = action
        self._arguments = arguments
        self.form = Form(fields, drafts=desk.drafts, draft=draft, options=options, prose=prose)
        self.save = parts.button(save, self._record, role="primary")
        cancel = parts.button(_("Cancel"), self.left.emit)
        buttons = parts.row(spacing=style.SMALL)
        buttons.addWidget(self.save)
        buttons.addWidget(cancel)
        buttons.addStretch()
        layout = parts.column(self, spacing=style.LARGE, margins=(0, 0, style.SMALL, style.SMALL))
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        layout.addStretch()
        self.setFocusProxy(self.form.editor(fields[0].name))
        parts.on_keys("Ctrl+Return", self, self._record)

    def _record(self) -> None:
        if not self.save.isEnabled() or not self.form.ready():
            return
        self.save.setEnabled(False)
        given = {name: value for name, value in self.form.values().items() if value is not None}
        self._desk.act(
            self._action, owner=self, then=self._done, failed=self._refused, **self._arguments, **given
        )

    def _done(self, result: object) -> None:
        self.form.saved()
        self.recorded.emit(result)

    def _refused(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        if not isinstance(error, Told):
            raise error
        about = next((field.name for field in self.form.fields if error.where and _(field.label) == error.where), "")
        if about:
            self.form.tell(about, f"{error.words} {error.remedy}".strip())
        else:
            self._desk.refused.emit(error)

"""What a version of terms that follows another is agreed for, and why it reaches back if it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import _
from trialdesk.contracts.actions.agreeing import draft_terms
from trialdesk.contracts.queries import TermsRow
from trialdesk.contracts.rules import OCCASIONS
from trialdesk.desktop import parts, style
from trialdesk.desktop.widgets.editors import ChoiceEditor, Editor, ProseEditor
from trialdesk.studies.queries import ProtocolVersionRow

FIELDS = ("occasion", "protocol_version", "retroactive_grounds")


def said_of(row: TermsRow | None) -> dict[str, str]:
    """Return what a version says of itself as an amendment, by field; nothing where it says nothing."""
    return {name: value for name in FIELDS if row and (value := getattr(row, name))}


def unsaid(row: TermsRow, said: Mapping[str, str], today: date) -> str:
    """Return what a version that follows another does not say and must before it counts; empty where nothing."""
    if "occasion" not in said:
        return _("Say under “Amendment” what these terms are agreed for.")
    if (row.retroactive or row.effective_from < today) and "retroactive_grounds" not in said:
        return _("Say under “Amendment” why these terms reach back.")
    return ""


class Amending(QWidget):
    """The three answers, by field. What counts already is shown and not changed."""

    changed = Signal()

    def __init__(self, protocols: tuple[ProtocolVersionRow, ...], said: Mapping[str, str], *, fixed: bool) -> None:
        super().__init__()
        self.editors: dict[str, Editor] = {
            "occasion": ChoiceEditor(tuple((code, _(words)) for code, words in OCCASIONS), may_be_empty=True),
            "protocol_version": ChoiceEditor(tuple((row.id, row.label) for row in protocols), may_be_empty=True),
            "retroactive_grounds": ProseEditor(),
        }
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.MEDIUM))
        layout.addWidget(
            parts.said(
                _("Who reads the contract later finds here what the amendment was agreed for."), "muted", wrap=True
            )
        )
        labels = {field.name: _(field.label) for field in draft_terms.asks}
        for name, editor in self.editors.items():
            title = labels[name]
            editor.control.setAccessibleName(title)
            editor.set_typed(said.get(name, ""))
            editor.set_locked(locked=fixed)
            editor.changed.connect(self.changed)
            layout.addWidget(parts.group(title, editor))
        layout.addStretch()

    def said(self) -> dict[str, str]:
        """Return what is answered, by field; nothing for what is not."""
        return {name: typed for name, editor in self.editors.items() if (typed := editor.typed().strip())}

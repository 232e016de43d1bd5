"""Which editor a field gets: one for each type that `base.fields` declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from trialdesk.base import typed
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.desktop.widgets.amounts import MoneyEditor
from trialdesk.desktop.widgets.chosen import FileEditor
from trialdesk.desktop.widgets.dates import DayEditor
from trialdesk.desktop.widgets.editors import ChoiceEditor, Editor, FlagEditor, LineEditor, Options, ProseEditor
from trialdesk.desktop.widgets.passphrase import PassphraseEditor


def editor_for(
    field: Field, today: Callable[[], date], *, options: Options | None = None, prose: bool = False
) -> Editor:
    """Return the editor that fits the field's type. `options` are what a link or an open choice may point to."""
    if options is None and field.choices:
        options = tuple((code, _(label)) for code, label in field.choices)
    if options is not None:
        return ChoiceEditor(options, may_be_empty=not field.required)
    match field.type:
        case "day":
            return DayEditor(today)
        case "partial":
            return DayEditor(today, partial=True)
        case "instant":
            return LineEditor(
                lambda text: typed.read_instant(text, today()),
                _instant_text,
                wrong=_("Not a date and time. Try 2026-03-04 14:30."),
                placeholder=_("2026-03-04 14:30"),
            )
        case "flag":
            return FlagEditor(_(field.label))
        case "whole":
            return LineEditor(typed.read_whole, str, wrong=_("Not a whole number."), numeric=True)
        case "decimal":
            return LineEditor(typed.read_decimal, _plain, wrong=_("Not a number. Try 12.5."), numeric=True)
        case "money":
            return MoneyEditor(field.unit)
        case "secret" | "text" if field.name in ("password", "passphrase"):
            return PassphraseEditor(_(field.label))
        case "file":
            return FileEditor()
        case _:
            return ProseEditor() if prose or field.prose else LineEditor()


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _instant_text(value: datetime) -> str:
    return f"{value.astimezone():%Y-%m-%d %H:%M}"

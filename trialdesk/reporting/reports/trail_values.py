"""Values of the trail as facts that are the same in every language, and in words when they are printed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.overview.changes import Change, Unseen
from trialdesk.reporting.reports.cells import NOTHING, day

Sort = Literal["text", "word", "day", "instant", "minor"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value as text; a `word` is English, marked for translation, `minor` an amount in minor units."""

    text: str
    sort: Sort = "text"


@dataclass(frozen=True, slots=True)
class Told:
    """One field of one record before and after. `label` and `field` are English, marked."""

    at: datetime
    who: str
    label: str
    name: str
    field: str
    old: Value | None
    new: Value | None
    reason: str


def told(change: Change) -> Told:
    """Return a change as facts."""
    return Told(
        at=change.at,
        who=change.who,
        label=change.label,
        name=change.name,
        field=change.field.label,
        old=_value(change, change.old),
        new=_value(change, change.new),
        reason=change.reason,
    )


def _value(change: Change, value: Any) -> Value | None:
    if value is None:
        return None
    if value is Unseen.WITHHELD:
        return Value(N_("withheld: it tells an arm"), "word")
    if isinstance(value, Unseen):
        return Value(value.value, "word")
    if isinstance(value, bool):
        return Value(N_("yes") if value else N_("no"), "word")
    if isinstance(value, datetime):
        return Value(f"{value:%Y-%m-%d %H:%M:%S}", "instant")
    if isinstance(value, date) or change.field.type == "partial":
        return Value(str(value), "day")
    if change.field.type == "money":
        return Value(str(value), "minor")
    label = dict(change.field.choices).get(value)
    return Value(label, "word") if label else Value(str(value))


def said(value: Value | None) -> str:
    """Return a value in the language in force, a dash where there was nothing."""
    if value is None:
        return NOTHING
    if value.sort == "word":
        return _(value.text)
    if value.sort == "day":
        return day(value.text)
    if value.sort == "instant":
        on, _space, clock = value.text.partition(" ")
        return f"{day(on)} {clock} UTC"
    if value.sort == "minor":
        return _("{amount} in minor units").format(amount=value.text)
    return value.text

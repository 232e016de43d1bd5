"""A declared field as a column: its heading, its kind, and the words for its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from trialdesk.application import FIELDS
from trialdesk.base.fields import Field, FieldType, currency_beside
from trialdesk.base.money import figure_text, money_text
from trialdesk.base.values import dataclass
from trialdesk.desktop import shown
from trialdesk.desktop.models.rows import Column, Kind
from trialdesk.desktop.recorded import coded, is_coded, said
from trialdesk.overview.changes import Unseen
from trialdesk.overview.register import Line

KINDS: Mapping[FieldType, Kind] = {
    "day": "date",
    "partial": "date",
    "instant": "date",
    "flag": "flag",
    "whole": "number",
    "decimal": "number",
    "money": "number",
}
"""What a column of a type of field is; all else is text."""

PROSE_WIDTH = 280
INSTANT_WIDTH = 150


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as a column, with a width or a heading (marked by `N_`) of its own, or hidden at first."""

    name: str
    width: int = 0
    title: str = ""
    hidden: bool = False


def column_of(kind: str, named: str | Shown) -> Column:
    """Return the column that shows a field of a kind, of a `Line` or of a row that has the field's name."""
    wanted = named if isinstance(named, Shown) else Shown(named)
    field = FIELDS[kind][wanted.name]
    text = _text(kind, field) if field.type in ("money", "partial") else None
    return Column(
        wanted.name,
        wanted.title or field.label,
        _value(kind, field),
        KINDS.get(field.type, "text"),
        width=wanted.width or {"instant": INSTANT_WIDTH}.get(field.type, PROSE_WIDTH if field.prose else 0),
        text=text,
        hidden=wanted.hidden,
    )


def value_of(row: Any, name: str) -> Any:
    """Return what a row has under a field's name: a link's name, a value, why it is not seen."""
    return row.value(name) if isinstance(row, Line) else getattr(row, name)


def words_of(kind: str, field: Field, row: Any) -> str:
    """Return a field's value of a row in words, an amount with its currency; a dash where there is nothing."""
    value = value_of(row, field.name)
    if field.type == "money" and isinstance(value, int):
        return shown.money(value, currency_of(kind, field, row))
    return said(kind, field, value)


def currency_of(kind: str, field: Field, row: Any) -> str:
    """Return the currency an amount is in: the text of its group, else the unit it declares."""
    name = currency_beside(field, FIELDS[kind].values())
    return (value_of(row, name) if name else "") or field.unit or "CNY"


def _value(kind: str, field: Field) -> Callable[[Any], object]:
    def value(row: Any) -> object:
        found = value_of(row, field.name)
        if isinstance(found, Unseen) or field.choices:
            return said(kind, field, found) if found is not None else None
        if isinstance(found, str) and is_coded(kind, field.name):
            return coded(kind, field.name, found)
        return found

    return value


def _text(kind: str, field: Field) -> Callable[[Any], str]:
    def text(row: Any) -> str:
        return "" if value_of(row, field.name) is None else words_of(kind, field, row)

    return text


def amount_text(name: str, currency: str = "") -> Callable[[Any], str]:
    """Return what writes a row's amount of minor units; without `currency` each row names its own."""

    def words(row: Any) -> str:
        amount = getattr(row, name)
        return "" if amount is None else money_text(amount, currency or row.currency)

    return words


def amounts_of(name: str, title: str, currency: str = "", *, width: int = 120, help_: str = "") -> Column:
    """Return a column of amounts in minor units; without `currency` each row names its own."""
    return _amounts(name, title, amount_text(name, currency), width, help_)


def figures_of(name: str, title: str, *, width: int = 88, help_: str = "") -> Column:
    """Return a column of amounts in minor units without their currency: another column or the heading says it."""
    return _amounts(name, title, lambda row: figure_text(getattr(row, name), row.currency), width, help_)


def _amounts(name: str, title: str, text: Callable[[Any], str], width: int, help_: str) -> Column:
    return Column(name, title, attrgetter(name), "number", width=width, tooltip=help_, text=text)

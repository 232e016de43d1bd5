"""The declaration of a field: said once with the record, it drives form, table, import, dictionary and labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Literal

from trialdesk.base.values import dataclass

FieldType = Literal[
    "id",  # 32 hexadecimal digits; a link to another record where `link` names its kind
    "text",
    "day",  # a calendar date, datetime.date
    "partial",  # a partial date, text (base.dates)
    "instant",  # an aware datetime in UTC
    "flag",  # bool
    "whole",  # int below 2^53
    "decimal",  # an exact decimal number, decimal.Decimal; also every rate
    "money",  # int, minor units of the currency beside it
    "choice",  # one of `choices`, text
    "file",  # what an action may ask for and no record holds: the bytes of a file, with `file_name` beside it
    "secret",  # text a person may have a right to see; encrypted before it becomes an event
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record or of a form. Labels and help are English marked by `N_`, translated where shown.

    `choices` are (code, label); `group` names fields that only make sense together and conflict as one; `claim` says
    that the value is taken once within the study; `link` names the kind of record an id points to; `prose` is a text of
    several lines.
    """

    type: FieldType
    label: str
    name: str = ""
    help: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = field(default=())
    required: bool = False
    group: str = ""
    claim: bool = False
    link: str = ""
    prose: bool = False

    def choice_label(self, code: str) -> str:
        """Return the English label of a choice; a code the declaration does not know is its own label."""
        return dict(self.choices).get(code, code)


def currency_beside(amount: Field, fields: Iterable[Field]) -> str:
    """Return the name of the field that holds an amount's currency: the one of its group named for it, or empty."""
    return next((each.name for each in fields if "currency" in each.name and each.group == amount.group), "")

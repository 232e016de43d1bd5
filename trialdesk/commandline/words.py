"""What is written for an argument of an act, read as the value of its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from trialdesk.application import CATALOGUE
from trialdesk.base import typed
from trialdesk.base.amounts import read_amount
from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field, currency_beside
from trialdesk.base.files import read_bytes
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.rules import check_currency
from trialdesk.overview.finding import find
from trialdesk.overview.recorded import recorded
from trialdesk.people.acting import Action
from trialdesk.persistence.reading import Read

FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

EXPECTED = {
    "day": N_("a date such as 2026-03-04"),
    "partial": N_("a date such as 2026-03-04 or, if no more is known, 2026-03"),
    "instant": N_(
        "a day and time by this computer's clock such as 2026-03-04 08:30, or an instant such as 2026-03-04T00:30:00Z"
    ),
    "flag": N_("yes or no"),
    "whole": N_("a whole number"),
    "decimal": N_("a number such as 0.10"),
    "id": N_("the name or the id of a record"),
}
"""What is to be written for a field of each type."""

_DATED = frozenset({"day", "partial", "instant"})


def value_of(
    read: Read, field: Field, words: str, *, study: Id | None, today: date, currency: Callable[[], str]
) -> Any:
    """Return the value that `words` mean for a field; no words mean nothing is recorded. Raises UserError.

    An amount is written in whole units of its currency, which `currency` finds, as in the window.
    """
    text = words.strip()
    if not text:
        return None
    if field.link:
        return find(read, record=CATALOGUE[field.link].record, words=text, study=study)
    if field.choices:
        return _choice(field, text)
    # The window shows the day as it understood it while it is typed; here nobody would see.
    if field.type in _DATED and typed.is_doubtful(text, today):
        raise UserError(
            _("“{words}” could be two days: day and month may change places.").format(words=text[:80]),
            where=_(field.label),
            remedy=_("Write {expected}.").format(expected=_(EXPECTED[field.type])),
        )
    found: Any
    match field.type:
        case "day":
            found = typed.read_day(text, today).day
        case "partial":
            found = typed.read_partial(text, today)
        case "instant":
            found = _instant(text, today)
        case "flag":
            found = FLAGS.get(text.lower())
        case "whole":
            found = typed.read_whole(text)
        case "money":
            found = _amount(field, text, currency())
        case "file":
            found = read_bytes(Path(text))
        case "decimal":
            found = typed.read_decimal(text)
        case _:
            found = words
    if found is None:
        raise UserError(
            _("“{words}” cannot be read.").format(words=text[:80]),
            where=_(field.label),
            remedy=_("Write {expected}.").format(expected=_(EXPECTED[field.type])),
        )
    return found


def _choice(field: Field, text: str) -> str:
    codes = [code for code, _label in field.choices]
    if text in codes:
        return text
    named = [code for code, label in field.choices if text.lower() in {label.lower(), _(label).lower()}]
    if len(named) == 1:
        return named[0]
    raise UserError(
        _("“{words}” is none of the choices.").format(words=text[:80]),
        where=_(field.label),
        remedy=_("Write one of: {codes}.").format(codes=", ".join(codes)),
    )


def currency_of(read: Read, action: Action, field: Field, given: Mapping[str, Any]) -> str:
    """Return the currency of an amount that an act asks for.

    As it is said beside the amount, else that of the record the act is done to, else that of the record's contract.
    `given` are the words said, the record by its id. Raises UserError where none of them says it, or it is none.
    """
    beside = currency_beside(field, action.asks)
    said = str(given.get(beside) or "").strip().upper()
    at, record = action.about, given.get(action.subject)
    while not said and at and record:
        fields = CATALOGUE[at].record.FIELDS
        values = recorded(read, kind=at, record=record, catalogue=CATALOGUE).values
        said = values.get(currency_beside(field, fields.values()) or "currency") or ""
        onward = fields.get("contract")
        at, record = (onward.link, values["contract"]) if onward else ("", None)
    if not said:
        raise UserError(
            _("The currency is not said."),
            where=_(field.label),
            remedy=_("Say {name}=…, such as CNY.").format(name=beside or "currency"),
        )
    check_currency(said)
    return said


def _amount(field: Field, text: str, currency: str) -> int:
    try:
        return read_amount(text, currency)
    except UserError as error:
        raise UserError(error.words, where=_(field.label), remedy=error.remedy) from error


def _instant(text: str, today: date) -> Any:
    """Return the instant in UTC; a time without a zone is by the clock of this workstation, as in the window."""
    try:
        return parse_instant(text)
    except ValueError:
        return typed.read_instant(text, today)

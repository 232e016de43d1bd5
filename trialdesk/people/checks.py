"""What may not be, whatever is recorded: a thing that has happened on a day to come, an end before its beginning."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import is_zone
from trialdesk.base.dates import PartialDate, earliest, is_partial_date
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.people.queries import person_of
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work


def check_not_future(work: Work, label: str, on: date | None) -> None:
    """Raise UserError for a day after today where something is said to have happened. `label` names the field."""
    if on is not None and on > work.today:
        raise UserError(
            _("{day} is still to come: what has happened cannot lie in the future.").format(day=on),
            where=_(label),
            remedy=_("Give the day on which it happened, or record it once it has."),
        )


def check_zone(label: str, name: str | None) -> None:
    """Raise UserError for a name that is no time zone's. `label` names the field."""
    if name and not is_zone(name):
        raise UserError(
            _("There is no time zone “{name}”.").format(name=name),
            where=_(label),
            remedy=_("Write it as continent and city, such as Europe/Oslo."),
        )


def check_happened(work: Work, label: str, on: PartialDate | None) -> None:
    """Raise UserError for a partial date that is none, and for one that lies wholly after today."""
    if on is None:
        return
    if not is_partial_date(on):
        raise UserError(
            _("“{value}” cannot be kept here.").format(value=on[:40]),
            where=_(label),
            remedy=_("Correct the value and try again."),
        )
    check_not_future(work, label, earliest(on))


def check_order(label: str, earlier: date | None, later: date | None, words: str) -> None:
    """Raise UserError saying `words` (translated) of the field `label` where the later day lies before the earlier."""
    if earlier is not None and later is not None and later < earlier:
        raise UserError(words, where=_(label), remedy=_("Correct one of the two dates."))


def check_alone(work: Work, record: Record, *names: str, words: str) -> None:
    """Raise UserError saying `words` if another record of the study has the same values in the fields `names`.

    Case does not matter. The first field is pointed to.
    """
    column = record.TABLE.c
    same = [column[name].is_(None) if getattr(record, name) is None else _same(record, name) for name in names]
    query = sa.select(column.id).where(column.study == record.study, ~column.voided, column.id != record.id, *same)
    if work.read.first(query) is not None:
        raise UserError(
            words, where=label_of(record, names[0]), remedy=_("Use another, or open the record that has it.")
        )


def label_of(record: type[Record] | Record, name: str) -> str:
    """Return what a field is called, in the reader's language: where a refusal points to."""
    return _(record.FIELDS[name].label)


def check_unused(work: Work, record: Record) -> None:
    """Raise UserError if a record that stands still points to this one: it would point to something voided."""
    for kind, name in work.links_to(record.KIND):
        column = kind.TABLE.c
        if work.read.first(sa.select(column.id).where(column[name] == record.id, ~column.voided)) is not None:
            raise UserError(
                _("This is still used: {record}, field {field}.").format(
                    record=_(kind.LABEL), field=_(kind.FIELDS[name].label)
                ),
                where=_(record.LABEL),
                remedy=_("Void or change what uses it first."),
            )


def _same(record: Record, name: str) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = record.TABLE.c[name]
    value = getattr(record, name)
    same: sa.ColumnElement[bool] = column == value
    if record.FIELDS[name].type == "text":
        same = sa.func.lower(column) == value.lower()
    return same


def check_second_person(work: Work, first: Id | None, words: str) -> None:
    """Raise NotAllowed saying `words` (marked) if the acting person is the one behind the account `first`.

    Two accounts of one person are one person.
    """
    if first is not None and person_of(work.read, account=first) == person_of(work.read, account=work.act.account):
        raise NotAllowed(_(words), remedy=_("A second person does this."))

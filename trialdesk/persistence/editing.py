"""The two steps every correction takes: find the record the person saw, set the fields the person changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work

R = TypeVar("R", bound=Record)


def found_in(work: Work, record: type[R], id: Id, study: Id | None, version: int | None = None) -> R:  # noqa: A002 - the field's name
    """Return a record of a study (None: of the directory), to change it.

    Raises UserError if it belongs to another or is voided, Conflict if it moved on since `version`.
    """
    found = work.get(record, id, version=version)
    if found.study != study:
        raise UserError(_("This record belongs to another study."), where=_(record.LABEL))
    if found.voided:
        raise UserError(_("This record is voided."), where=_(record.LABEL), remedy=_("Restore it first."))
    return found


def correct(record: Record, fields: Mapping[str, Any]) -> Id:
    """Set fields of a record and return its id. Raises TypeError for a field the record does not have."""
    for name, value in fields.items():
        if name not in record.FIELDS:
            msg = f"{record.KIND} has no field {name}"
            raise TypeError(msg)
        setattr(record, name, value)
    return record.id

"""All records of a study as sheets, one a kind, made from the declarations: a new kind needs nothing here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import instant_text
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Allocation, Exposure, Treatment
from trialdesk.people.rights import may_see_arms, roles
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import study as study_row

_BEFORE = ("id", "version", "voided")
_TELLS_ARM = {record.KIND for record in (Treatment, Allocation, Exposure)}

Cell = Any
"""None, text, bool, int, Decimal or date."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of one kind: field names, and a row for each record in the order of ids, the voided too."""

    kind: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def study_sheets(read: Read, *, study: Id, on: date, catalogue: Catalogue) -> tuple[Sheet, ...]:
    """Return every kind of record of which the study has any. One statement a kind.

    Private values never leave: of a private kind the open fields, and those only for who may identify participants.
    Kinds that tell an arm are left out where the account may not know arms. Raises UserError for an unknown study.
    """
    return tuple(sheet for sheet in _sheets(read, study, on, catalogue) if sheet.rows)


def _sheets(read: Read, study: Id, on: date, catalogue: Catalogue) -> Iterator[Sheet]:
    arms = may_see_arms(read, study=study, unblinded=study_row(read, study=study).arms_known, on=on)
    identifying = not IDENTIFYING.isdisjoint(roles(read, study=study, on=on))
    for kind in catalogue.values():
        tells_arm = kind.audience == "blinded" or kind.name in _TELLS_ARM
        if (tells_arm and not arms) or (kind.audience == "private" and not identifying):
            continue
        names = [name for name, type_ in kind.types.items() if name not in _BEFORE and type_ != "secret"]
        headings = (*_BEFORE, *names)
        column = kind.record.TABLE.c
        query = sa.select(*(column[name] for name in headings)).where(column.study == study).order_by(column.id)
        yield Sheet(kind.name, headings, tuple(tuple(map(_cell, row)) for row in read.rows(query)))


def _cell(value: Any) -> Cell:
    """Return an instant as text: no file of tables keeps a zone."""
    return instant_text(value) if isinstance(value, datetime) else value

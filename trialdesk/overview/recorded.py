"""One record as it stands, field by field: what a form shows and what a correction is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record's values by field name. `version` is what an action takes to notice that it moved on."""

    id: Id
    version: int
    voided: bool
    values: Mapping[str, Any]


def recorded(read: Read, *, kind: str, record: Id, catalogue: Catalogue) -> Recorded:
    """Return a record everybody in the study may see. One statement.

    Raises UserError if it is not on this desk, TypeError for a kind that is private or blinded: its own query knows
    who may see what.
    """
    declared = catalogue[kind]
    if declared.audience != "open":
        msg = f"{kind} is not open to everybody"
        raise TypeError(msg)
    table = declared.record.TABLE
    row = read.first(sa.select(table).where(table.c.id == record))
    if row is None:
        raise UserError(_("This record is not on this desk."), where=_(declared.record.LABEL))
    return Recorded(
        id=row.id,
        version=row.version,
        voided=row.voided,
        values={name: getattr(row, name) for name in declared.record.FIELDS},
    )

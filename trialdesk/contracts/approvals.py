"""Which warnings of a version of terms a named person has approved, for the text as it stands."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import WarningApproval
from trialdesk.people.queries import names_of_accounts
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Approval:
    """A warning with who let it stand, when and why."""

    id: Id
    version: int
    code: str
    approved_by: str
    approved_on: date
    grounds: str


def fingerprint(text: str) -> str:
    """Return by what a text is known again: what was approved of another text is not approved of this one."""
    return sha256(text.encode()).hexdigest()


def approvals(read: Read, *, terms_version: Id, text: str) -> tuple[Approval, ...]:
    """Return the approvals that hold for a version's text, by code. Two statements."""
    own = WarningApproval.TABLE.c
    rows = read.rows(
        sa.select(WarningApproval.TABLE)
        .where(own.terms_version == terms_version, own.text_sha256 == fingerprint(text), ~own.voided)
        .order_by(own.code, own.approved_on, own.id)
    )
    names = names_of_accounts(read)
    return tuple(
        Approval(row.id, row.version, row.code, names.get(row.approved_by, ""), row.approved_on, row.grounds)
        for row in rows
    )

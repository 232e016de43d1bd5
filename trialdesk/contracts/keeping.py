"""What holds of contracts whichever way an act came: terms that count are never changed; the gate of allocation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import may_allocate
from trialdesk.contracts.records import TermsVersion
from trialdesk.persistence.work import Change, Work

_ACTIVATION = frozenset({"activated_by", "activated_on"})


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act would change terms that count. Taken back whole, a load leaves no terms at all."""
    touched = [
        change.record
        for change in changes
        if change.kind == TermsVersion.KIND and not change.created and set(change.change) - _ACTIVATION - {"voided"}
    ]
    if not touched:
        return
    own = TermsVersion.TABLE.c
    row = work.read.first(sa.select(own.activated_on).where(own.id.in_(touched), own.activated_on.is_not(None)))
    if row is not None:
        raise UserError(
            _("These terms count since {day} and are never changed.").format(day=row.activated_on),
            where=_(TermsVersion.LABEL),
            remedy=_("Draft the next version."),
        )


def let_in(work: Work, *, study: Id, participant: Id, on: date) -> None:  # noqa: ARG001 - contracts let everybody in or nobody
    """Raise UserError where a contract or an insurance stands in the way of an allocation: the gate's answer."""
    words = may_allocate(work.read, study=study, on=on)
    if words is not None:
        raise UserError(words, remedy=_("Record the contract and the insurance first; nobody is allocated before."))

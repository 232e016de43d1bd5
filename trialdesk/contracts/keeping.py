"""What holds of contracts whichever way an act came; the gate of allocation.

Terms that count are never changed, and a contract keeps its currency and who pays once a party has signed or its terms
count: an amount agreed in one currency, or owed in one direction, is never told as another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import may_allocate
from trialdesk.contracts.records import Contract, TermsVersion
from trialdesk.contracts.rules import BOUND
from trialdesk.people.checks import label_of
from trialdesk.persistence.work import Change, Work

_ACTIVATION = frozenset({"activated_by", "activated_on"})
AGREED = ("currency", "direction")
"""What of a contract every amount under it rests on."""


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act would change terms that count, or what a contract that binds rests on."""
    for change in changes:
        if changed := changed_basis(change):
            _keep_basis(work, change, changed)
    _keep_terms(work, changes)


def changed_basis(change: Change) -> str:
    """Return which of `AGREED` an act changes of a contract that was there before; empty where it changes neither."""
    if change.kind != Contract.KIND or change.created:
        return ""
    return next((name for name in AGREED if name in change.change), "")


def refuse_basis(name: str) -> UserError:
    """Return how a change of a contract's currency or direction is refused."""
    return UserError(
        _("The contract keeps its currency and who pays once it is signed, its terms count or money rests on it."),
        where=label_of(Contract, name),
        remedy=_("Close this contract and begin a new one, or agree on an amendment with terms of its own."),
    )


def _keep_basis(work: Work, change: Change, name: str) -> None:
    own, terms = Contract.TABLE.c, TermsVersion.TABLE.c
    row = work.read.first(sa.select(Contract.TABLE).where(own.id == change.record))
    assert row is not None

    def was(field: str) -> Any:
        return change.change[field][0] if field in change.change else getattr(row, field)

    # An act that unsigns the contract while it changes its currency is judged by what stood before and by what would.
    signed = any(
        each is not None for field in ("signed_on", "fully_executed_on") for each in (was(field), getattr(row, field))
    )
    if signed or {was("state"), row.state} & BOUND:
        raise refuse_basis(name)
    counting = sa.select(terms.id).where(terms.contract == change.record, terms.activated_on.is_not(None))
    if work.read.first(counting.where(~terms.voided)) is not None:
        raise refuse_basis(name)


def _keep_terms(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where terms that count would change. Taken back whole, a load leaves no terms at all."""
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

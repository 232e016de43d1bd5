"""What holds of shares whichever way an act came: a policy that counts and a posted distribution never change."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.payments.records import Allocation
from trialdesk.payments.sharing.queries import parts_of
from trialdesk.payments.sharing.records import Beneficiary, Distribution, Policy, Share
from trialdesk.people.queries import person_of
from trialdesk.persistence.declaration import VOIDED
from trialdesk.persistence.work import Change, Work

_ACTIVATION = frozenset({"activated_by", "activated_on"})


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act would change what counts, or leave a distribution that one person made alone."""
    for change in changes:
        if change.kind == Policy.KIND and not change.created:
            _keep_policy(work, change)
        elif change.kind == Distribution.KIND:
            _keep_distribution(work, change)
        elif change.kind == Share.KIND and not change.created:
            _keep_share(work, change)
        elif change.kind == Allocation.KIND and not change.created:
            _keep_allocation(work, change)


def _keep_policy(work: Work, change: Change) -> None:
    activated = work.read.value(sa.select(Policy.TABLE.c.activated_on).where(Policy.TABLE.c.id == change.record))
    was = change.change.get("activated_on", [activated])[0]
    if was is not None or (activated is not None and set(change.change) - _ACTIVATION):
        raise UserError(_("A policy that counts is never changed."), where=_(Policy.LABEL))


def _keep_distribution(work: Work, change: Change) -> None:
    own = Distribution.TABLE.c
    row = work.read.first(sa.select(Distribution.TABLE).where(own.id == change.record))
    assert row is not None
    if not change.created and set(change.change) - Distribution.AFTERWARDS - {VOIDED.name}:
        raise UserError(_("A distribution is never changed."), where=_(Distribution.LABEL))
    if row.posted_on is None:
        return
    if row.voided or (not change.created and change.change.get("posted_on", [row.posted_on])[0] is not None):
        raise UserError(_("What is posted stands."), where=_(Distribution.LABEL))
    poster = person_of(work.read, account=row.posted_by)
    if poster == person_of(work.read, account=row.prepared_by):
        raise UserError(_("Who prepared a distribution does not post it."), where=_(Distribution.LABEL))
    share, who = Share.TABLE.c, Beneficiary.TABLE.c
    rows = work.read.rows(
        sa.select(share.amount, who.person)
        .outerjoin(Beneficiary.TABLE, who.id == share.beneficiary)
        .where(share.distribution == change.record, ~share.voided)
    )
    if poster in {each.person for each in rows}:
        raise UserError(_("Who gets a share of it does not post it."), where=_(Distribution.LABEL))
    if sum(each.amount for each in rows) != row.amount:
        raise UserError(_("The shares do not add up to what is shared out."), where=_(Distribution.LABEL))


def _keep_share(work: Work, change: Change) -> None:
    own, run = Share.TABLE.c, Distribution.TABLE.c
    if set(change.change) - Share.AFTERWARDS - {VOIDED.name}:
        raise UserError(_("A share is never changed."), where=_(Share.LABEL))
    query = sa.select(run.posted_on).join(Share.TABLE, own.distribution == run.id).where(own.id == change.record)
    posted = work.read.value(query)
    if VOIDED.name in change.change and posted is not None:
        raise UserError(_("What is posted stands."), where=_(Share.LABEL))


def _keep_allocation(work: Work, change: Change) -> None:
    if VOIDED.name in change.change and _shared(work, change.record):
        raise UserError(
            _("What this pays for was shared out."),
            where=_(Allocation.LABEL),
            remedy=_("Take the distribution back first."),
        )


def _shared(work: Work, allocation: Id) -> int:
    """Return how much of an allocation stands shared out."""
    own, part = Distribution.TABLE.c, Allocation.TABLE.c
    receipt = sa.select(part.receipt).where(part.id == allocation).scalar_subquery()
    rows = work.read.rows(sa.select(own.parts).where(own.receipt == receipt, ~own.voided))
    return sum(each.gross for row in rows for each in parts_of(row.parts) if each.allocation == allocation)

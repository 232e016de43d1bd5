"""What holds of money whichever way an act came: what is posted, certified and issued is never changed.

Acts, imports, steps taken back and done again come through here alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.written import written_day
from trialdesk.contracts.keeping import changed_basis, refuse_basis
from trialdesk.contracts.records import Contract, TermsVersion
from trialdesk.contracts.rules import CLOSED
from trialdesk.payments.records import Allocation, Certificate, Entry, Invoice, Receipt
from trialdesk.payments.rules.certifying import lines_of
from trialdesk.payments.vouching import STEPS, refuse_own_share, refuse_twice
from trialdesk.people.checks import label_of
from trialdesk.persistence.declaration import VOIDED
from trialdesk.persistence.work import Change, Work

_LATER = Certificate.AFTERWARDS


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act would change what is final, or leave a certificate that one person made alone."""
    for change in changes:
        if change.kind == Contract.KIND and "closed_on" in change.change:
            _keep_end(work, change.record)
        if change.kind == Contract.KIND and change.change.get("state", [None, None])[1] == CLOSED:
            _ask_why(work, change)
        if change.kind == Certificate.KIND:
            _keep_certificate(work, change)
        elif change.kind in {Contract.KIND, TermsVersion.KIND} and _voids(change):
            _keep_used(work, change)
        elif (changed := changed_basis(change)) and _is_used(work, change.record):
            raise refuse_basis(changed)
        elif change.kind == Receipt.KIND and _voids(change):
            _keep_receipt(work, change.record)


def _voids(change: Change) -> bool:
    return change.change.get(VOIDED.name, [None, False])[1] is True


def _keep_certificate(work: Work, change: Change) -> None:
    own = Certificate.TABLE.c
    row = work.read.first(sa.select(Certificate.TABLE).where(own.id == change.record))
    assert row is not None
    if not change.created and set(change.change) - _LATER - {VOIDED.name}:
        raise UserError(_("The lines of a certificate are never changed."), where=_(Certificate.LABEL))
    if row.certified_by is None:
        return
    if row.voided or (not change.created and change.change.get("certified_on", [None])[0] is not None):
        raise UserError(_("What is certified stands."), where=_(Certificate.LABEL))
    if "certified_by" in change.change:
        vouched = {field: getattr(row, field) for field in STEPS}
        refuse_twice(work.read, vouched)
        refuse_own_share(work.read, study=row.study, accounts=vouched)
    lines = lines_of(row.lines)
    if not all(line.facts for line in lines):
        raise UserError(_("What is certified rests on recorded facts."), where=_(Certificate.LABEL))
    ended = _end_of(work, row.contract)
    if ended is not None and any(line.on is not None and line.on > ended for line in lines):
        raise UserError(
            _("The contract ended on {day}: what happened later is not certified under it.").format(
                day=written_day(ended)
            ),
            where=_(Certificate.LABEL),
            remedy=_("Prepare it as of that day; what is agreed beyond it needs a contract of its own."),
        )


def _keep_end(work: Work, contract: Id) -> None:
    """Refuse that a contract ends before a day of which something is certified under it."""
    own = Certificate.TABLE.c
    ended = _end_of(work, contract)
    rows = work.read.rows(
        sa.select(own.lines).where(own.contract == contract, own.certified_by.is_not(None), ~own.voided)
    )
    last = max((line.on for row in rows for line in lines_of(row.lines) if line.on), default=None)
    if ended is not None and last is not None and ended < last:
        raise UserError(
            _("What happened on {day} is certified under this contract.").format(day=written_day(last)),
            where=label_of(Contract, "closed_on"),
            remedy=_("Let the contract end on that day or later."),
        )


def _ask_why(work: Work, change: Change) -> None:
    """Refuse that a contract is closed with money open and no word why. A step done again had its reason before."""
    if work.act.reason.strip() or work.act.undoes or change.study is None:
        return
    # Asked of this step alone: a desk opens sooner without.
    from trialdesk.payments.closing import left_by

    words = left_by(work.read, study=change.study, contract=change.record, on=work.today, known_at=work.now)
    if words:
        raise UserError(
            _("Money of this contract is not settled: {words}.").format(words=_("; ").join(words)),
            where=_(Contract.LABEL),
            remedy=_("Settle it, or say why the contract is closed all the same."),
        )


def _end_of(work: Work, contract: Id) -> date | None:
    ended: date | None = work.read.value(sa.select(Contract.TABLE.c.closed_on).where(Contract.TABLE.c.id == contract))
    return ended


def _keep_used(work: Work, change: Change) -> None:
    """Refuse that a contract or its terms go while money rests on them."""
    contract = change.record
    if change.kind == TermsVersion.KIND:
        contract = work.read.value(sa.select(TermsVersion.TABLE.c.contract).where(TermsVersion.TABLE.c.id == contract))
    if _is_used(work, contract):
        raise UserError(
            _("Something was posted, certified, invoiced or received under this contract."),
            where=_(Contract.LABEL),
            remedy=_("Close the contract instead."),
        )


def _is_used(work: Work, contract: Id) -> bool:
    """Say whether money rests on a contract."""
    return any(
        work.read.first(sa.select(own.id).where(own.contract == contract, ~own.voided)) is not None
        for own in (record.TABLE.c for record in (Entry, Certificate, Invoice, Receipt))
    )


def _keep_receipt(work: Work, receipt: Id) -> None:
    own = Allocation.TABLE.c
    if work.read.first(sa.select(own.id).where(own.receipt == receipt, ~own.voided)) is not None:
        raise UserError(
            _("This receipt pays invoices."), where=_(Receipt.LABEL), remedy=_("Void its allocations first.")
        )

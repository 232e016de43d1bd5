"""Disputes, line by line: the rest of an invoice stays due."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.payments.records import Dispute, Invoice, InvoiceLine
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, label_of
from trialdesk.people.rules import PI
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

MONEY = frozenset({PI, "finance", "coordinator"})
_ASKS = ("raised_on", "grounds", "amount", "currency", "words")


def _check(work: Work, record: Dispute) -> None:
    """Refuse a dispute of more than the line asked for, or beside another of it that is open."""
    check_not_future(work, Dispute.FIELDS["raised_on"].label, record.raised_on)
    line = work.get(InvoiceLine, record.line)
    invoice = work.get(Invoice, line.invoice)
    check_order(
        Dispute.FIELDS["raised_on"].label,
        invoice.issued_on,
        record.raised_on,
        _("It cannot be disputed before it was asked for."),
    )
    if record.currency != line.currency or not 0 < record.amount <= line.net + line.tax:
        raise UserError(
            _("At most what the line asked for can be in dispute, in its currency."),
            where=label_of(Dispute, "amount"),
        )
    own = Dispute.TABLE.c
    open_ = sa.select(own.id).where(
        own.line == record.line, own.id != record.id, own.resolved_on.is_(None), ~own.voided
    )
    if work.read.first(open_) is not None:
        raise UserError(
            _("This line is in dispute already."), where=_(Dispute.LABEL), remedy=_("Resolve that dispute first.")
        )


raise_dispute = adding(
    Dispute,
    "payments:dispute:raise",
    N_("Dispute raised"),
    by=MONEY,
    about="line",
    asks=_ASKS,
    check=_check,
    words=N_("Raise dispute"),
)
correct_dispute = correcting(
    Dispute, "payments:dispute:correct", N_("Dispute corrected"), by=MONEY, asks=_ASKS, check=_check
)
void_dispute = voiding(Dispute, "payments:dispute:void", N_("Dispute voided"), by=MONEY)


@action(
    "payments:dispute:resolve",
    N_("Dispute resolved"),
    by=MONEY,
    about=Dispute.KIND,
    asks=fields_of(Dispute, "resolved_on", "outcome", "conceded", "resolution"),
    words=N_("Resolve"),
)
def resolve_dispute(
    work: Work,
    *,
    study: Id,
    dispute: Id,
    outcome: str,
    resolved_on: date | None = None,
    conceded: int | None = None,
    resolution: str | None = None,
) -> Id:
    """Record how a dispute ended; `conceded` is what is given up, in minor units, where it is owed in part.

    Where the records were wrong they are corrected, and a credit note takes back what is not owed. Where they are right
    and it is given up all the same, that is written off (`collecting`). Raises UserError for one resolved already.
    """
    record = found_in(work, Dispute, dispute, study)
    if record.resolved_on is not None:
        raise UserError(_("This dispute was resolved on {day}.").format(day=record.resolved_on), where=_(Dispute.LABEL))
    if not outcome:
        raise UserError(_("Say how it ended."), where=label_of(Dispute, "outcome"))
    on = resolved_on or work.today
    check_not_future(work, Dispute.FIELDS["resolved_on"].label, on)
    check_order(
        Dispute.FIELDS["resolved_on"].label, record.raised_on, on, _("A dispute is not resolved before it is raised.")
    )
    record.resolved_on, record.outcome, record.resolution = on, outcome, resolution
    record.conceded = _conceded(record, conceded)
    return record.id


def _conceded(record: Dispute, said: int | None) -> int | None:
    """Return what is given up of what was disputed. Raises UserError where the outcome leaves it open."""
    match record.outcome:
        case "part":
            if said is None or not 0 < said < record.amount:
                raise UserError(
                    _("Say how much of {amount} is given up: more than nothing, and less than all of it.").format(
                        amount=money_text(record.amount, record.currency)
                    ),
                    where=label_of(Dispute, "conceded"),
                )
            return said
        case "rejected":
            return record.amount
    if said:
        raise UserError(
            _("Where all of it is owed, nothing is given up."),
            where=label_of(Dispute, "conceded"),
            remedy=_("Leave the amount empty, or choose that it is owed in part."),
        )
    return None


ACTIONS: tuple[Action, ...] = (raise_dispute, correct_dispute, void_dispute, resolve_dispute)

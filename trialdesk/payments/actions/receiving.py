"""Receipts, and which invoice lines they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.contracts.records import Contract
from trialdesk.payments.records import INVOICE, Allocation, Invoice, InvoiceLine, Receipt
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import PI
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

if TYPE_CHECKING:
    from trialdesk.payments.queries import InvoiceRow, LineRow

MONEY = frozenset({PI, "finance"})
_ASKS = ("reference", "value_on", "amount", "currency", "fees", "sent", "sent_currency", "exchange", "remarks")


def _check_receipt(work: Work, record: Receipt) -> None:
    check_not_future(work, Receipt.FIELDS["value_on"].label, record.value_on)
    contract = work.get(Contract, record.contract)
    if record.currency != contract.currency:
        raise UserError(
            _("The contract is in {currency}.").format(currency=contract.currency),
            where=label_of(Receipt, "currency"),
            remedy=_("Record what arrived in the contract's currency."),
        )
    if record.amount <= 0 or (record.fees or 0) < 0:
        raise UserError(_("What arrived is more than nothing."), where=label_of(Receipt, "amount"))
    _check_sent(record)
    _refuse_early(record, contract)
    _refuse_again(work, record)
    applied = _applied(work, record.id)
    if applied > record.amount:
        raise UserError(
            _("More than that of it pays invoices already."),
            where=label_of(Receipt, "amount"),
            remedy=_("Void its allocations first."),
        )


def _check_sent(record: Receipt) -> None:
    """Refuse half of what was sent in another currency. It stands beside: invoices are paid by what arrived."""
    if (record.sent is None) != (record.sent_currency is None):
        raise UserError(
            _("What was sent is an amount with its currency."),
            where=label_of(Receipt, "sent" if record.sent is None else "sent_currency"),
            remedy=_("Give both, or neither."),
        )
    if record.sent is None and record.exchange:
        raise UserError(
            _("A rate is given, and not what was sent."),
            where=label_of(Receipt, "sent"),
            remedy=_("Give the amount and the currency that were sent."),
        )
    if record.sent is not None and record.sent <= 0:
        raise UserError(_("What was sent is more than nothing."), where=label_of(Receipt, "sent"))
    if record.sent_currency is not None and record.sent_currency not in EXPONENTS:
        raise UserError(
            _("“{code}” is no currency.").format(code=record.sent_currency),
            where=label_of(Receipt, "sent_currency"),
            remedy=_("Give its three letters, as USD or CNY."),
        )
    if record.sent_currency == record.currency:
        raise UserError(
            _("That is the currency in which it arrived."),
            where=label_of(Receipt, "sent_currency"),
            remedy=_("Leave it empty where nothing was exchanged."),
        )


def _refuse_early(record: Receipt, contract: Contract) -> None:
    """Refuse money that came before there was a contract: the year is mistyped, unless the remarks say why."""
    days = (contract.intake_from, contract.negotiating_from, contract.fully_executed_on, contract.effective_from)
    first = min(filter(None, days), default=None)
    if first is not None and record.value_on < first and not (record.remarks or "").strip():
        raise UserError(
            _("The contract begins on {day}, and this money would have come before it.").format(day=first),
            where=label_of(Receipt, "value_on"),
            remedy=_("Correct the day, or say under “{remarks}” why it came earlier.").format(
                remarks=label_of(Receipt, "remarks")
            ),
        )


def _refuse_again(work: Work, record: Receipt) -> None:
    """Refuse a bank's reference twice, whatever day and amount are given now, unless the remarks say why."""
    if (record.remarks or "").strip():
        return
    own = Receipt.TABLE.c
    others = sa.select(own.reference, own.value_on, own.amount, own.currency).where(
        own.contract == record.contract, own.id != record.id, ~own.voided
    )
    earlier = next((row for row in work.read.rows(others) if _same(row.reference, record.reference)), None)
    if earlier is not None:
        raise UserError(
            _("This payment is recorded already: {reference} of {day}, {amount}.").format(
                reference=earlier.reference, day=earlier.value_on, amount=money_text(earlier.amount, earlier.currency)
            ),
            where=label_of(Receipt, "reference"),
            remedy=_("If the bank paid twice, say so under “{remarks}”.").format(remarks=label_of(Receipt, "remarks")),
        )


def _same(one: str, other: str) -> bool:
    """Say whether two references are one, however they were spaced and cased."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _check_unused(work: Work, record: Receipt) -> None:
    if _applied(work, record.id):
        raise UserError(
            _("This receipt pays invoices."), where=_(Receipt.LABEL), remedy=_("Void its allocations first.")
        )


def _applied(work: Work, receipt: Id) -> int:
    own = Allocation.TABLE.c
    return int(
        work.read.value(
            sa.select(sa.func.coalesce(sa.func.sum(own.amount), 0)).where(own.receipt == receipt, ~own.voided)
        )
    )


record_receipt = adding(
    Receipt,
    "payments:receipt:record",
    N_("Receipt recorded"),
    by=MONEY,
    about="contract",
    asks=_ASKS,
    check=_check_receipt,
    words=N_("Record receipt"),
)
correct_receipt = correcting(
    Receipt,
    "payments:receipt:correct",
    N_("Receipt corrected"),
    by=MONEY,
    asks=_ASKS,
    check=_check_receipt,
)
void_receipt = voiding(Receipt, "payments:receipt:void", N_("Receipt voided"), by=MONEY, check=_check_unused)


@action(
    "payments:receipt:allocate",
    N_("Receipt allocated to a line"),
    by=MONEY,
    about=Receipt.KIND,
    asks=fields_of(Allocation, "line", "amount"),
    words=N_("Pay a line"),
    makes=Allocation.KIND,
)
def allocate_receipt(work: Work, *, study: Id, receipt: Id, line: Id, amount: int) -> Id:
    """Let a part of a receipt pay an invoice line, wholly or in part; returns the allocation.

    Raises UserError for more than the receipt has left, and for more than the line owes.
    """
    from trialdesk.payments.queries import invoices

    record = found_in(work, Receipt, receipt, study)
    found_in(work, InvoiceLine, line, study)
    invoice, row = next(
        (each, row) for each in invoices(work.read, study=study) for row in each.lines if row.id == line
    )
    _refuse_other(invoice, record)
    _refuse_more(amount, _left(work, study, record), row, invoice)
    return work.add(Allocation(study=study, receipt=receipt, line=line, amount=amount, currency=record.currency)).id


@action(
    "payments:receipt:settle",
    N_("Receipt allocated to an invoice"),
    by=MONEY,
    about=Receipt.KIND,
    asks=(Field("id", N_("Invoice"), name="invoice", link=Invoice.KIND, required=True),),
    words=N_("Pay an invoice"),
)
def settle_invoice(work: Work, *, study: Id, receipt: Id, invoice: Id) -> int:
    """Let what is left of a receipt pay an invoice, line by line in their order; returns how much it paid.

    What is in dispute is left out, and the rest of its line paid. What the invoice does not owe stays unapplied.
    """
    from trialdesk.payments.queries import disputes, invoices
    from trialdesk.payments.rules.invoicing import filled

    record = found_in(work, Receipt, receipt, study)
    found_in(work, Invoice, invoice, study)
    row = next(each for each in invoices(work.read, study=study) if each.id == invoice)
    _refuse_other(row, record)
    doubted: dict[Id, int] = {}
    for each in disputes(work.read, study=study):
        if each.resolved_on is None:
            doubted[each.line] = doubted.get(each.line, 0) + each.amount
    owed = ((line.id, line.open - doubted.get(line.id, 0)) for line in row.lines)
    parts = filled(min(_left(work, study, record), row.open), [each for each in owed if each[1] > 0])
    if not parts:
        raise UserError(
            _("There is nothing to pay of this invoice, or nothing left of the receipt."), where=_(Invoice.LABEL)
        )
    for line, amount in parts:
        work.add(Allocation(study=study, receipt=receipt, line=line, amount=amount, currency=record.currency))
    return sum(amount for _line, amount in parts)


void_allocation = voiding(Allocation, "payments:allocation:void", N_("Allocation of a receipt voided"), by=MONEY)


def _left(work: Work, study: Id, record: Receipt) -> int:
    from trialdesk.payments.queries import receipts

    return next(row.unapplied for row in receipts(work.read, study=study) if row.id == record.id)


def _refuse_other(invoice: InvoiceRow, record: Receipt) -> None:
    if invoice.contract != record.contract or invoice.kind != INVOICE:
        raise UserError(
            _("A receipt pays invoices of its own contract."), where=_(Invoice.LABEL), remedy=_("Choose another.")
        )


def _refuse_more(amount: int, left: int, line: LineRow, invoice: InvoiceRow) -> None:
    label = label_of(Allocation, "amount")
    if amount <= 0:
        raise UserError(_("An allocation is more than nothing."), where=label)
    if amount > left:
        raise UserError(_("The receipt has less left."), where=label, remedy=_("Allocate what is left of it."))
    if amount > min(line.open, invoice.open):
        raise UserError(_("The line owes less."), where=label, remedy=_("The rest of the receipt stays unapplied."))


ACTIONS: tuple[Action, ...] = (
    record_receipt,
    correct_receipt,
    void_receipt,
    allocate_receipt,
    settle_invoice,
    void_allocation,
)

"""What is done until an invoice is paid: reminders, the tax office's own paper, and what is written off in the end."""

from __future__ import annotations

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.payments.queries import invoices
from trialdesk.payments.records import INVOICE, Dispute, Invoice, InvoiceLine, Reminder, TaxInvoice, WriteOff
from trialdesk.people.acting import Action, adding, correcting, voiding
from trialdesk.people.checks import check_not_future, check_order, label_of
from trialdesk.people.rules import PI
from trialdesk.persistence.work import Work

MONEY = frozenset({PI, "finance"})
ASKING = MONEY | {"coordinator"}


def _check_write_off(work: Work, record: WriteOff) -> None:
    """Refuse to write off more than is open of a line, and what is still in dispute."""
    line = work.get(InvoiceLine, record.line)
    invoice = work.get(Invoice, line.invoice)
    if invoice.kind != INVOICE:
        raise UserError(_("A credit note asks for nothing that could be written off."), where=_(WriteOff.LABEL))
    check_not_future(work, WriteOff.FIELDS["written_off_on"].label, record.written_off_on)
    check_order(
        WriteOff.FIELDS["written_off_on"].label,
        invoice.issued_on,
        record.written_off_on,
        _("Nothing is written off before it was asked for."),
    )
    own = Dispute.TABLE.c
    if work.read.first(sa.select(own.id).where(own.line == line.id, own.resolved_on.is_(None), ~own.voided)):
        raise UserError(_("This line is in dispute."), where=_(WriteOff.LABEL), remedy=_("Resolve the dispute first."))
    row = next(each for each in invoices(work.read, study=line.study or "", contract=invoice.contract)
               if each.id == invoice.id)  # fmt: skip
    now = next(each for each in row.lines if each.id == line.id)
    before = WriteOff.TABLE.c
    counted = work.read.value(sa.select(before.amount).where(before.id == record.id, ~before.voided)) or 0
    left = now.open + counted
    if record.currency != line.currency or not 0 < record.amount <= left:
        raise UserError(
            _("At most what is open of the line can be written off: {amount}.").format(
                amount=money_text(left, line.currency)
            ),
            where=label_of(WriteOff, "amount"),
        )


_WRITES_OFF = ("written_off_on", "grounds", "amount", "currency", "words")
write_off = adding(
    WriteOff,
    "payments:write_off:record",
    N_("Written off"),
    by=MONEY,
    about="line",
    asks=_WRITES_OFF,
    check=_check_write_off,
    words=N_("Write off"),
)
"""Give up what is open of an invoice line although the records say that it was earned."""
correct_write_off = correcting(
    WriteOff,
    "payments:write_off:correct",
    N_("Write-off corrected"),
    by=MONEY,
    asks=_WRITES_OFF,
    check=_check_write_off,
)
void_write_off = voiding(WriteOff, "payments:write_off:void", N_("Write-off voided"), by=MONEY)


def _check_tax_invoice(work: Work, record: TaxInvoice) -> None:
    check_not_future(work, TaxInvoice.FIELDS["issued_on"].label, record.issued_on)
    work.get(Invoice, record.invoice)


_TAX_INVOICE = ("number", "code", "issued_on")
record_tax_invoice = adding(
    TaxInvoice,
    "payments:tax_invoice:record",
    N_("Tax invoice recorded"),
    by=MONEY,
    about="invoice",
    asks=_TAX_INVOICE,
    check=_check_tax_invoice,
    words=N_("Tax invoice…"),
)
"""Record the paper that the tax office's own system gave out for an invoice; the invoice names it from then on."""
correct_tax_invoice = correcting(
    TaxInvoice,
    "payments:tax_invoice:correct",
    N_("Tax invoice corrected"),
    by=MONEY,
    asks=_TAX_INVOICE,
    check=_check_tax_invoice,
)
void_tax_invoice = voiding(TaxInvoice, "payments:tax_invoice:void", N_("Tax invoice voided"), by=MONEY)


def _check_reminder(work: Work, record: Reminder) -> None:
    check_not_future(work, Reminder.FIELDS["reminded_on"].label, record.reminded_on)
    invoice = work.get(Invoice, record.invoice)
    check_order(
        Reminder.FIELDS["reminded_on"].label,
        invoice.issued_on,
        record.reminded_on,
        _("Nobody is reminded of an invoice before it was issued."),
    )
    if record.next_on is not None:
        check_order(
            Reminder.FIELDS["next_on"].label,
            record.reminded_on,
            record.next_on,
            _("What happens next does not lie before the reminder."),
        )


_REMINDS = ("reminded_on", "whom", "said", "next_action", "next_on", "owner")
remind = adding(
    Reminder,
    "payments:reminder:record",
    N_("Reminder recorded"),
    by=ASKING,
    about="invoice",
    asks=_REMINDS,
    check=_check_reminder,
    words=N_("Reminder…"),
)
"""Record a word with the other party about an open invoice, and what is to happen next by when."""
correct_reminder = correcting(
    Reminder, "payments:reminder:correct", N_("Reminder corrected"), by=ASKING, asks=_REMINDS, check=_check_reminder
)
void_reminder = voiding(Reminder, "payments:reminder:void", N_("Reminder voided"), by=ASKING)

ACTIONS: tuple[Action, ...] = (
    write_off,
    correct_write_off,
    void_write_off,
    record_tax_invoice,
    correct_tax_invoice,
    void_tax_invoice,
    remind,
    correct_reminder,
    void_reminder,
)

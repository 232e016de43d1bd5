"""Who gets shares, and what they are paid of them."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.contracts.rules import check_currency
from trialdesk.payments.sharing.records import FUND, PERSON, Beneficiary, Payout
from trialdesk.people.acting import Action, adding, correcting, voiding
from trialdesk.people.checks import check_not_future, check_unused, label_of
from trialdesk.people.rules import PI
from trialdesk.persistence.work import Work

MONEY = frozenset({PI, "finance"})
_WHO = ("code", "name", "kind", "person", "bank")
_WHAT = ("paid_on", "amount", "currency", "reference", "purpose")


def _check_beneficiary(_work: Work, record: Beneficiary) -> None:
    if "/" in record.code:
        raise UserError(_("A code has no stroke in it."), where=label_of(Beneficiary, "code"))
    if (record.kind == PERSON) != (record.person is not None):
        raise UserError(
            _("A person's share is told by the person, and nobody else's is."),
            where=label_of(Beneficiary, "person"),
            remedy=_("Choose the person whose declarations and training count."),
        )


def _check_payout(work: Work, record: Payout) -> None:
    """Refuse more than is due in that currency or before there was a share, and of a fund what says no project."""
    from trialdesk.payments.sharing.queries import balances, payouts, shares

    check_not_future(work, Payout.FIELDS["paid_on"].label, record.paid_on)
    check_currency(record.currency)
    assert record.study is not None
    who = work.get(Beneficiary, record.beneficiary)
    if who.kind == FUND and not record.purpose:
        raise UserError(
            _("A reinvestment fund pays for a project."), where=label_of(Payout, "purpose"), remedy=_("Name it.")
        )
    due = sum(
        each.payable
        for each in balances(work.read, study=record.study)
        if (each.id, each.currency) == (record.beneficiary, record.currency)
    ) - sum(
        each.amount
        for each in payouts(work.read, study=record.study, beneficiary=record.beneficiary)
        if each.currency == record.currency and each.id != record.id
    )
    if not 0 < record.amount <= due:
        raise UserError(
            _("More than nothing is paid, and no more than is due."),
            where=label_of(Payout, "amount"),
            remedy=_("What is in suspense, or taken back, is not due."),
        )
    posted = (
        each.posted_on
        for each in shares(work.read, study=record.study)
        if each.beneficiary == record.beneficiary and each.currency == record.currency and each.posted_on
    )
    first = min(posted, default=None)
    if first is not None and record.paid_on < first:
        raise UserError(
            _("The first share was posted on {day}; nothing was paid before.").format(day=first),
            where=label_of(Payout, "paid_on"),
            remedy=_("Look at the date of the bank."),
        )


add_beneficiary = adding(
    Beneficiary,
    "payments:beneficiary:add",
    N_("Beneficiary added"),
    by=MONEY,
    asks=_WHO,
    check=_check_beneficiary,
    words=N_("Add beneficiary"),
)
correct_beneficiary = correcting(
    Beneficiary,
    "payments:beneficiary:correct",
    N_("Beneficiary corrected"),
    by=MONEY,
    asks=_WHO,
    check=_check_beneficiary,
)
void_beneficiary = voiding(
    Beneficiary, "payments:beneficiary:void", N_("Beneficiary voided"), by=MONEY, check=check_unused
)
record_payout = adding(
    Payout,
    "payments:payout:record",
    N_("Payout recorded"),
    by=MONEY,
    about="beneficiary",
    asks=_WHAT,
    check=_check_payout,
    words=N_("Record payout"),
)
correct_payout = correcting(
    Payout, "payments:payout:correct", N_("Payout corrected"), by=MONEY, asks=_WHAT, check=_check_payout
)
void_payout = voiding(Payout, "payments:payout:void", N_("Payout voided"), by=MONEY)

ACTIONS: tuple[Action, ...] = (
    add_beneficiary,
    correct_beneficiary,
    void_beneficiary,
    record_payout,
    correct_payout,
    void_payout,
)

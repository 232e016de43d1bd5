"""Invoices and credit notes: reckoned, numbered and issued in one act, and final."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import organisations, successor
from trialdesk.contracts.records import Contract
from trialdesk.contracts.rules import RECEIVABLE
from trialdesk.payments.records import CREDIT_NOTE, INVOICE, Invoice, InvoiceLine
from trialdesk.people.acting import Action, action, fields_of
from trialdesk.people.checks import label_of
from trialdesk.people.rules import PI
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

if TYPE_CHECKING:
    from trialdesk.payments.owed import Statement
    from trialdesk.payments.rules.case import Tax
    from trialdesk.payments.rules.invoicing import Fall, Rise

MONEY = frozenset({PI, "finance"})
SERIES = {INVOICE: "INV", CREDIT_NOTE: "CN"}


@action(
    "payments:invoice:issue",
    N_("Invoice issued"),
    by=MONEY,
    final=True,
    about=Contract.KIND,
    words=N_("Invoice…"),
    makes=Invoice.KIND,
)
def issue_invoice(work: Work, *, study: Id, contract: Id) -> Id:
    """Ask for everything of a contract that is earned, released, certified, not asked for yet and not in dispute.

    The number is given here, the next of the study's series. Returns the invoice. Raises UserError where there is
    nothing to ask for, where it is not known who asks whom and within how many days (a numbered invoice is never
    recalled), and as `refuse_hasty_release` for money held back that a deliverable releases.
    """
    from trialdesk.payments.evidence import refuse_hasty_release
    from trialdesk.payments.owed import certified_now
    from trialdesk.payments.rules.documents import tax_on

    record = found_in(work, Contract, contract, study)
    found, rises, _falls = _now(work, study, contract)
    refuse_hasty_release(work, found, certified_now(work.read, found))
    net = sum(each.net for each in rises)
    if net <= 0:
        raise UserError(
            _("There is nothing to invoice."),
            where=_(Invoice.LABEL),
            remedy=_(
                "What is earned is certified first; what is held, in dispute or asked for already is not invoiced."
            ),
        )
    refuse_unknown_parties(work, record)
    tax = found.desk.case.tax
    nets = [each.net for each in rises]
    invoice = _numbered(work, record, INVOICE, tax, net=net, taxed=tax_on(nets, tax))
    assert record.net_days is not None
    invoice.due_on = work.today + timedelta(days=record.net_days)
    _add_lines(work, invoice, rises)
    return invoice.id


@action(
    "payments:invoice:credit",
    N_("Credit note issued"),
    by=MONEY,
    final=True,
    about=Invoice.KIND,
    asks=fields_of(Invoice, "grounds"),
    words=N_("Credit note…"),
    makes=Invoice.KIND,
)
def credit_invoice(work: Work, *, study: Id, invoice: Id, grounds: str) -> Id:
    """Take back what an invoice asked for and is not owed any more; returns the credit note, which names it.

    Its tax is the difference it makes to the tax on the whole invoice. Raises UserError where nothing has fallen.
    """
    from trialdesk.payments.queries import asked_lines
    from trialdesk.payments.rules.documents import tax_on

    original = found_in(work, Invoice, invoice, study)
    if original.kind != INVOICE:
        raise UserError(_("A credit note is not credited."), where=_(Invoice.LABEL))
    if not (grounds or "").strip():
        raise UserError(_("Say why the invoice is corrected."), where=label_of(Invoice, "grounds"))
    contract = found_in(work, Contract, original.contract, study)
    found, _rises, falls = _now(work, study, contract.id)
    mine = tuple(each for each in falls if each.invoice == invoice)
    if not mine:
        raise UserError(
            _("Everything this invoice asked for is still owed."),
            where=_(Invoice.LABEL),
            remedy=_("A credit note follows from corrected records; there is nothing to credit by hand."),
        )
    tax = found.desk.case.tax
    before = {
        each.line: each.left
        for each in asked_lines(work.read, study=study, contract=contract.id)
        if each.invoice == invoice
    }
    after = {line: left + sum(each.net for each in mine if each.line == line) for line, left in before.items()}
    less = tax_on(after.values(), tax) - tax_on(before.values(), tax)
    note = _numbered(work, contract, CREDIT_NOTE, tax, net=sum(each.net for each in mine), taxed=less)
    note.original, note.grounds = invoice, grounds
    _add_lines(work, note, mine)
    return note.id


def refuse_unknown_parties(work: Work, contract: Contract) -> None:
    """Raise UserError where an invoice under a contract would not say who asks whom, and until when it is paid."""
    for name in ("institution", "supporter"):
        if not _party(work, getattr(contract, name), work.today).get("name"):
            raise UserError(
                _("An invoice says who asks whom, and this is not recorded."),
                where=label_of(Contract, name),
                remedy=_("Correct the contract first: an invoice that has its number is never recalled."),
            )
    if contract.net_days is None:
        raise UserError(
            _("An invoice says until when it is paid, and this is not recorded."),
            where=label_of(Contract, "net_days"),
            remedy=_("Correct the contract first: an invoice that has its number is never recalled."),
        )


def _now(work: Work, study: Id, contract: Id) -> tuple[Statement, tuple[Rise, ...], tuple[Fall, ...]]:
    from trialdesk.payments.books import asking
    from trialdesk.payments.owed import statement

    found = statement(
        work.read, study=study, contract=contract, as_of=work.today, known_at=work.now, certified_only=True
    )
    return found, *asking(work.read, study=study, found=found)


def _numbered(work: Work, contract: Contract, kind: str, tax: Tax | None, *, net: int, taxed: int) -> Invoice:
    own = Invoice.TABLE.c
    series = SERIES[kind]
    last = work.read.value(sa.select(sa.func.max(own.place)).where(own.study == contract.study, own.series == series))
    place = (last or 0) + 1
    return work.add(
        Invoice(
            study=contract.study,
            contract=contract.id,
            number=f"{series}-{place:04d}",
            series=series,
            place=place,
            kind=kind,
            issued_on=work.today,
            known_at=work.now,
            currency=contract.currency,
            net=net,
            tax=taxed,
            gross=net + taxed,
            tax_code=tax.code if tax else None,
            tax_rate=Decimal(tax.rate.numerator) / Decimal(tax.rate.denominator) if tax else None,
            parties=_parties(work, contract, work.today),
        )
    )


def _add_lines(work: Work, invoice: Invoice, lines: Sequence[Rise | Fall]) -> None:
    from trialdesk.payments.rules.invoicing import Fall, Rise, spread

    shares = spread(invoice.tax, [each.net for each in lines])
    for place, (each, share) in enumerate(zip(lines, shares, strict=True), 1):
        work.add(
            InvoiceLine(
                study=invoice.study,
                invoice=invoice.id,
                place=place,
                rule=each.key[0],
                unit=each.key[1],
                occurred_on=each.on,
                terms=each.terms if isinstance(each, Rise) else None,
                original=each.line if isinstance(each, Fall) else None,
                currency=invoice.currency,
                net=each.net,
                tax=share,
            )
        )


_NAMED = ("name", "country", "address", "tax_id", "bank")
"""What an invoice says of a party."""


def _parties(work: Work, contract: Contract, on: date) -> str:
    """Return both parties as they are on the day of issue: an invoice does not change with its buyer's address."""
    ours, theirs = (_party(work, each, on) for each in (contract.institution, contract.supporter))
    seller, buyer = (ours, theirs) if contract.direction == RECEIVABLE else (theirs, ours)
    return json.dumps({"seller": seller, "buyer": buyer}, ensure_ascii=False, sort_keys=True)


def _party(work: Work, id_: Id | None, on: date) -> dict[str, Any]:
    known = {row.id: row for row in organisations(work.read)}
    found = known.get(successor(known, id_, on)) if id_ else None
    return {name: getattr(found, name) for name in _NAMED if getattr(found, name, None)}


ACTIONS: tuple[Action, ...] = (issue_invoice, credit_invoice)

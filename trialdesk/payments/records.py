"""Deliverables, the ledger, certificates, invoices, receipts, disputes.

What moves money is final: the ledger only grows, a certificate is withdrawn by another act, an invoice is corrected by
a credit note that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record, choice, day, decimal, flag, instant, link, money, text, whole

DELIVERABLES = (
    ("db_locked", N_("Database locked")),
    ("lplv", N_("Last participant's last visit")),
    ("report_signed", N_("Report signed")),
    ("published", N_("Results submitted or published")),
    ("milestone", N_("Milestone reached")),
    ("window_approved", N_("Visit out of window approved")),
    ("procedure_done", N_("Procedure done")),
    ("metric_reported", N_("Measure reported")),
)
_STUDY: Mapping[str, Any] = {"subject": ""}
TOLD_BY_DELIVERABLE: Mapping[str, Mapping[str, Any]] = {
    "db_locked": _STUDY,
    "lplv": _STUDY,
    "report_signed": {**_STUDY, "keys": {"report": "name"}},
    "published": {**_STUDY, "keys": {"stage": "name"}},
    "milestone": {**_STUDY, "keys": {"name": "name"}, "given": ("name",)},
    "window_approved": {"visit": "planned_visit", "given": ("planned_visit",)},
    "procedure_done": {"visit": "planned_visit", "keys": {"procedure": "name", "cost": "cost"}, "given": ("name",)},
    "metric_reported": {
        **_STUDY,
        "keys": {"metric": "name", "numerator": "numerator", "denominator": "denominator"},
        "given": ("name", "numerator", "denominator"),
    },
}
"""What each kind of deliverable needs and says, for the table of facts."""


class Deliverable(Record, kind="payments.deliverable", label=N_("Deliverable")):
    """Something agreed that has been reached, and that no other part of the program records."""

    kind: str = choice(N_("What was reached"), DELIVERABLES, required=True)
    occurred_on: date = day(N_("Reached on"), required=True)
    participant: Id | None = link(N_("Participant"), "enrollment.participant")
    planned_visit: Id | None = link(N_("Planned visit"), "studies.planned_visit")
    name: str | None = text(
        N_("Which"), help=N_("The milestone, report, stage, procedure or measure, as terms call it.")
    )
    numerator: int | None = whole(N_("Of these"), group="measure")
    denominator: int | None = whole(N_("Out of"), group="measure")
    cost: int | None = money(N_("Cost"), group="cost")
    currency: str | None = text(N_("Currency"), group="cost")
    evidence: str | None = text(N_("Evidence"), help=N_("Where the document that shows it is kept."))


COMPONENTS = (
    ("base", N_("Price")),
    ("overhead", N_("Overhead")),
    ("hold_out", N_("Held back")),
    ("hold_in", N_("Released")),
    ("bonus", N_("Bonus")),
    ("penalty", N_("Penalty")),
    ("forfeit", N_("Forfeited")),
    ("claw", N_("Clawed back")),
)
ISSUED_STAYS = N_("What is issued is not changed: a credit note corrects it.")
INVOICE, CREDIT_NOTE = "invoice", "credit_note"
DOCUMENTS = ((INVOICE, N_("Invoice")), (CREDIT_NOTE, N_("Credit note")))
DISPUTE_REASONS = (
    ("not_done", N_("Not done")),
    ("duplicate", N_("Asked for twice")),
    ("price", N_("Wrong price")),
    ("evidence", N_("Evidence missing")),
    ("other", N_("Other")),
)
OUTCOMES = (("upheld", N_("Upheld: it is owed")), ("part", N_("Owed in part")), ("rejected", N_("Not owed")))


class Entry(Record, kind="payments.entry", label=N_("Ledger entry"), named=("unit", "component")):
    """What was posted for a unit: the difference between what is earned and what was posted before. Never changed."""

    FINAL = N_("The ledger only grows: a correction is another entry.")

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    rule: str = text(N_("Rule"), required=True)
    unit: str = text(N_("Unit"), required=True)
    component: str = choice(N_("Component"), COMPONENTS, required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    terms: int | None = whole(N_("Version of terms"))
    facts: str | None = text(N_("Facts"), help=N_("The ids of the facts it rests on."))
    as_of: date = day(N_("As of"), required=True)
    known_at: datetime = instant(N_("Known at"), required=True)
    engine: str = text(N_("Evaluator"), required=True)
    reverses: Id | None = link(N_("Corrects"), "payments.entry")


class Certificate(Record, kind="payments.certificate", label=N_("Certificate"), named=("number",)):
    """Lines of an assessment that one person prepared and another certified. Its lines are never changed."""

    AFTERWARDS: ClassVar[frozenset[str]] = frozenset(
        {
            "verified_by",
            "verified_on",
            "attested_by",
            "attested_on",
            "certified_by",
            "certified_on",
            "certified_at",
            "accepted_on",
        }
    )

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    number: str = text(N_("Certificate number"), required=True, claim=True)
    as_of: date = day(N_("As of"), required=True)
    known_at: datetime = instant(N_("Known at"), required=True)
    lines: str = text(N_("Lines"), required=True)
    sha256: str = text(N_("SHA-256 of the lines"), required=True)
    engine: str = text(N_("Evaluator"), required=True)
    needs_verification: bool | None = flag(
        N_("To be verified"), help=N_("A third look at the facts against their sources before it is certified.")
    )
    needs_attestation: bool | None = flag(
        N_("To be attested"), help=N_("The principal investigator attests the clinical facts before it is certified.")
    )
    prepared_by: Id = link(N_("Prepared by"), "people.account", required=True)
    prepared_on: date = day(N_("Prepared on"), required=True)
    verified_by: Id | None = link(N_("Verified by"), "people.account", group="verification")
    verified_on: date | None = day(N_("Verified on"), group="verification")
    attested_by: Id | None = link(N_("Attested by"), "people.account", group="attestation")
    attested_on: date | None = day(N_("Attested on"), group="attestation")
    certified_by: Id | None = link(N_("Certified by"), "people.account", group="certification")
    certified_on: date | None = day(N_("Certified on"), group="certification")
    certified_at: datetime | None = instant(N_("Certified at"), group="certification")
    accepted_on: date | None = day(N_("Accepted on"), help=N_("The day on which the other party accepted it."))


class Invoice(Record, kind="payments.invoice", label=N_("Invoice"), named=("number",)):
    """An invoice, or a credit note that names the invoice it corrects. Numbered when issued, without gaps."""

    FINAL = ISSUED_STAYS

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    number: str = text(N_("Invoice number"), required=True, claim=True)
    series: str = text(N_("Series"), required=True)
    place: int = whole(N_("Number in the series"), required=True)
    kind: str = choice(N_("Kind of document"), DOCUMENTS, required=True)
    original: Id | None = link(N_("Corrects invoice"), "payments.invoice")
    issued_on: date = day(N_("Issued on"), required=True)
    known_at: datetime = instant(N_("Known at"), required=True)
    due_on: date | None = day(N_("Payable by"))
    currency: str = text(N_("Currency"), required=True, group="amount")
    net: int = money(N_("Net"), required=True, group="amount")
    tax: int = money(N_("Tax"), required=True, group="amount")
    gross: int = money(N_("Total"), required=True, group="amount")
    tax_code: str | None = text(N_("Tax code"), group="tax")
    tax_rate: Decimal | None = decimal(N_("Tax rate"), group="tax")
    grounds: str | None = text(N_("Grounds"), help=N_("Why the invoice is corrected."), prose=True)
    parties: str = text(N_("Parties"), required=True, help=N_("Seller and buyer as they were on the day of issue."))


class InvoiceLine(Record, kind="payments.invoice_line", label=N_("Invoice line"), named=("rule", "unit")):
    """What an invoice asks for one unit; of a credit note, what it takes back."""

    FINAL = ISSUED_STAYS

    invoice: Id = link(N_("Invoice"), "payments.invoice", required=True)
    place: int = whole(N_("No."), required=True)
    rule: str = text(N_("Rule"), required=True)
    unit: str = text(N_("Unit"), required=True)
    occurred_on: date | None = day(N_("Date"))
    terms: int | None = whole(N_("Version of terms"))
    original: Id | None = link(N_("Corrects line"), "payments.invoice_line")
    currency: str = text(N_("Currency"), required=True, group="amount")
    net: int = money(N_("Net"), required=True, group="amount")
    tax: int = money(N_("Tax"), required=True, group="amount")


class Receipt(Record, kind="payments.receipt", label=N_("Receipt"), named=("reference",)):
    """Money that arrived (or, where we pay, left)."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    reference: str = text(N_("Bank reference"), required=True)
    value_on: date = day(N_("Value date"), required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    fees: int | None = money(N_("Bank fees"), group="amount", help=N_("What the bank kept of it."))
    sent: int | None = money(
        N_("Amount sent"), group="sent", help=N_("What left the payer's account, where that was in another currency.")
    )
    sent_currency: str | None = text(N_("Currency sent"), group="sent")
    exchange: str | None = text(N_("Rate and its source"), group="sent", help=N_("As the bank's paper says."))
    remarks: str | None = text(N_("Remarks"), prose=True)


class Allocation(Record, kind="payments.allocation", label=N_("Allocation of a receipt"), named=()):
    """Which invoice line a part of a receipt pays."""

    receipt: Id = link(N_("Receipt"), "payments.receipt", required=True)
    line: Id = link(N_("Invoice line"), "payments.invoice_line", required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")


class Dispute(Record, kind="payments.dispute", label=N_("Dispute"), named=("words",)):
    """What the other party does not accept of one invoice line; the rest stays due."""

    line: Id = link(N_("Invoice line"), "payments.invoice_line", required=True)
    raised_on: date = day(N_("Raised on"), required=True)
    grounds: str = choice(N_("Grounds"), DISPUTE_REASONS, required=True)
    amount: int = money(
        N_("Disputed amount"), required=True, group="amount", help=N_("With tax: at most what the line asked for.")
    )
    currency: str = text(N_("Currency"), required=True, group="amount")
    words: str = text(N_("What is disputed"), required=True)
    resolved_on: date | None = day(N_("Resolved on"), group="resolution")
    outcome: str | None = choice(N_("Outcome"), OUTCOMES, group="resolution")
    conceded: int | None = money(
        N_("Not owed"), group="resolution", help=N_("What is given up of the disputed amount where it is owed in part.")
    )
    resolution: str | None = text(N_("How it was resolved"), group="resolution", prose=True)


WRITTEN_OFF_FOR = (
    ("dispute", N_("Dispute settled")),
    ("fees", N_("Bank fees not paid")),
    ("rounding", N_("Difference of rounding")),
    ("lost", N_("Cannot be collected")),
    ("other", N_("Other")),
)


class WriteOff(Record, kind="payments.write_off", label=N_("Write-off"), named=("words",)):
    """What of an invoice line is no longer asked for although the records say that it was earned.

    What the records no longer show as earned is credited instead; nothing is written off twice over.
    """

    line: Id = link(N_("Invoice line"), "payments.invoice_line", required=True)
    written_off_on: date = day(N_("Written off on"), required=True)
    grounds: str = choice(N_("Grounds"), WRITTEN_OFF_FOR, required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    words: str = text(N_("Why, and who agreed"), required=True)


class TaxInvoice(Record, kind="payments.tax_invoice", label=N_("Tax invoice"), named=("number",)):
    """The paper the tax office's own system gave out for an invoice of ours, where the law has one (a fapiao)."""

    invoice: Id = link(N_("Invoice"), "payments.invoice", required=True)
    number: str = text(N_("Number of the tax invoice"), required=True, claim=True)
    code: str | None = text(N_("Code"), help=N_("The code of the kind of paper, where there is one beside the number."))
    issued_on: date = day(N_("Issued on"), required=True)


class Reminder(Record, kind="payments.reminder", label=N_("Reminder"), named=("said",)):
    """A word with the other party about an invoice that is open, and what is to happen next."""

    invoice: Id = link(N_("Invoice"), "payments.invoice", required=True)
    reminded_on: date = day(N_("Reminded on"), required=True)
    whom: str | None = text(N_("Spoken or written to"))
    said: str = text(N_("What was said"), required=True, prose=True)
    next_action: str | None = text(N_("Next action"), group="next")
    next_on: date | None = day(N_("Next action by"), group="next")
    owner: Id | None = link(N_("In whose hands"), "people.person", group="next")

"""The way of money: what is certified, invoiced, received and disputed, and the ledger."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.board import BOARD, GATES
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

LINES = Register(
    kind="payments.invoice_line",
    title=N_("Lines"),
    columns=(Shown("place", 60), Shown("rule", 110), Shown("unit", 180), "net", "tax"),
)
ALLOCATIONS = Register(
    kind="payments.allocation",
    title=N_("What it pays"),
    columns=(Shown("line", 220), "amount"),
)
DISTRIBUTIONS = Register(
    kind="payments.distribution",
    title=N_("Distributions"),
    columns=(Shown("number", 150), Shown("kind", 160), "amount", Shown("posted_on", 116)),
)
REGISTERS = (
    BOARD,
    GATES,
    Register(
        kind="payments.certificate",
        title=N_("Certificates"),
        columns=(
            Shown("number", 168),
            Shown("as_of", 116),
            "prepared_by",
            "certified_by",
            "certified_on",
            "accepted_on",
        ),
        facts=(
            "number",
            "contract",
            "as_of",
            "known_at",
            "needs_verification",
            "prepared_by",
            "prepared_on",
            "verified_by",
            "verified_on",
            "certified_by",
            "certified_on",
            "accepted_on",
        ),
        icon="good",
        empty=N_(
            "Prepared by one person in a contract's record, certified by another. Only what is certified is invoiced."
        ),
        begins=(),
    ),
    Register(
        kind="payments.invoice",
        title=N_("Invoices and credit notes"),
        columns=(Shown("number", 110), "kind", "issued_on", "due_on", "net", "tax", "gross"),
        facts=(
            "number",
            "kind",
            "contract",
            "original",
            "issued_on",
            "due_on",
            "currency",
            "net",
            "tax",
            "gross",
            "tax_code",
            "tax_rate",
            "grounds",
        ),
        icon="money",
        empty=N_("Issued in a contract's record from what is certified, numbered without gaps."),
        begins=(),
        follows=(LINES,),
    ),
    Register(
        kind="payments.receipt",
        title=N_("Receipts"),
        columns=(Shown("value_on", 116), Shown("reference", 160), "amount", "currency", "fees"),
        icon="inbox",
        empty=N_("Money that arrived, and which invoice lines it pays."),
        begins=(),
        follows=(ALLOCATIONS, DISTRIBUTIONS),
    ),
    Register(
        kind="payments.dispute",
        title=N_("Disputes"),
        columns=(Shown("raised_on", 116), "grounds", "amount", Shown("words", 220), "resolved_on", "outcome"),
        icon="warning",
        empty=N_("What the other party does not accept, line by line; the rest of the invoice stays due."),
        begins=(),
    ),
    Register(
        kind="payments.deliverable",
        title=N_("Deliverables"),
        columns=(Shown("occurred_on", 116), Shown("kind", 200), "name", "participant", "planned_visit"),
        icon="check",
        empty=N_("What was reached and no other page records: the database locked, a report signed, a visit approved."),
    ),
    Register(
        kind="payments.entry",
        title=N_("Ledger"),
        columns=(Shown("as_of", 116), Shown("rule", 110), Shown("unit", 180), "component", "amount", "currency"),
        icon="report",
        empty=N_("What is earned is posted here from a contract's record; the ledger only grows."),
    ),
)

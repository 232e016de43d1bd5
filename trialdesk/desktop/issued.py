"""Invoices and receipts as lists that tell how each stands, and what a receipt can still pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.desktop import parts
from trialdesk.desktop.contested import BECAME, WRITE_OFFS, AskedFor, currency_of_contracts, open_of_line
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.posted import UNIT
from trialdesk.desktop.registers.columns import Shown, amount_text, amounts_of, value_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.style import Hue
from trialdesk.desktop.widgets.editors import Options
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.overview.register import Line
from trialdesk.payments.queries import takes_back
from trialdesk.payments.rules.wording import percent_words, unit_words
from trialdesk.payments.standing import (
    Arrived,
    Issued,
    arrived,
    issued,
    paid_by,
    payable_invoices,
    payable_lines,
)
from trialdesk.persistence.reading import Read

STATES: Mapping[str, tuple[str, Hue]] = {
    "credit note": (N_("Credit note"), "neutral"),
    "to pay back": (N_("To be paid back"), "warning"),
    "settled": (N_("Settled"), "good"),
    "disputed": (N_("In dispute"), "warning"),
    "overdue": (N_("Overdue"), "warning"),
    "partly paid": (N_("Partly paid"), "info"),
    "open": (N_("Not due yet"), "info"),
}
"""What the states of an invoice are called, and how grave they are."""


def _state(row: Issued) -> Status:
    words, tone = STATES[row.state]
    return Status(_(words), tone)


class Standing(QWidget):
    """What became of an invoice: credited, received, written off and open; a credit note has none of it."""

    def __init__(self, _desk: Desk, _study: Id, row: Issued) -> None:
        super().__init__()
        layout = parts.column(self)
        if not takes_back(row.kind):
            layout.addWidget(Facts([(_(title), amount_text(name)(row)) for name, title in BECAME]))


class Paying(QWidget):
    """Which invoices a receipt pays with how much of it, and what of it pays nothing yet."""

    def __init__(self, desk: Desk, study: Id, row: Arrived) -> None:
        super().__init__()
        self._row = row
        parts.column(self)
        desk.read(paid_by, then=self._show, owner=self, latest="paid", study=study, receipt=row.id)

    def _show(self, found: tuple[tuple[str, int], ...]) -> None:
        told = [(number, money_text(amount, self._row.currency)) for number, amount in found]
        rest = (_("Not allocated"), amount_text("unapplied")(self._row))
        layout = self.layout()
        assert layout is not None
        layout.addWidget(parts.group(_("Invoices it pays"), Facts([*told, rest])))


def _invoices(read: Read, *, study: Id, on: date, subject: Line | None) -> Options:  # noqa: ARG001 - as every choice is asked
    return payable_invoices(read, study=study, receipt=_receipt(subject))


def _lines(read: Read, *, study: Id, on: date, subject: Line | None) -> Options:  # noqa: ARG001 - as every choice is asked
    return payable_lines(read, study=study, receipt=_receipt(subject))


def _receipt(subject: Line | None) -> Id | None:
    return subject.id if subject is not None and subject.kind == "payments.receipt" else None


def _tax_rate(row: Issued) -> str:
    return "" if row.tax_rate is None else percent_words(row.tax_rate)


STATE = Column("state", N_("State"), _state, "status", width=124)
LINES = Register(
    kind="payments.invoice_line",
    title=N_("Lines"),
    columns=(Shown("place", 60), Shown("rule", 110), UNIT, Shown("net", 130), Shown("tax", 130)),
    follows=(WRITE_OFFS,),
    knows=open_of_line,
    within=AskedFor,
)
ALLOCATIONS = Register(
    kind="payments.allocation",
    title=N_("What it pays"),
    columns=(
        Column("line", N_("Invoice line"), lambda row: unit_words(value_of(row, "line")), width=220),
        "amount",
    ),
)
DISTRIBUTIONS = Register(
    kind="payments.distribution",
    title=N_("Distributions"),
    columns=(Shown("number", 150), Shown("kind", 160), "amount", Shown("posted_on", 116)),
)
REMINDERS = Register(
    kind="payments.reminder",
    title=N_("Reminders"),
    columns=(Shown("reminded_on", 116), Shown("said", 220), Shown("next_action", 160), Shown("next_on", 116)),
)
TAX_INVOICES = Register(
    kind="payments.tax_invoice",
    title=N_("Tax invoices"),
    columns=(Shown("number", 180), Shown("code", 110), Shown("issued_on", 116)),
)
INVOICES = Register(
    kind="payments.invoice",
    title=N_("Invoices and credit notes"),
    columns=(
        Shown("number", 110),
        STATE,
        amounts_of("gross", N_("Gross"), width=124),
        amounts_of("received", N_("Received"), width=124),
        amounts_of("open", N_("Open amount"), width=124),
        Shown("due_on", 112),
        Shown("issued_on", 112),
        Column("contract", N_("Contract"), lambda row: row.contract, width=140),
    ),
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
        Column("tax_rate", N_("Tax rate"), _tax_rate),
        "grounds",
    ),
    icon="money",
    empty=N_("Issued in a contract's record from what is certified, numbered without gaps."),
    rows=issued,
    begins=(),
    follows=(LINES, REMINDERS, TAX_INVOICES),
    also=frozenset({"payments.allocation", "payments.dispute", "payments.write_off"}),
    within=Standing,
)
"""Invoices and credit notes."""
RECEIPTS = Register(
    kind="payments.receipt",
    title=N_("Receipts"),
    columns=(
        Shown("value_on", 116),
        Shown("reference", 160),
        amounts_of("amount", N_("Amount"), width=130),
        amounts_of("unapplied", N_("Not allocated"), width=130),
        amounts_of("fees", N_("Bank fees"), width=110),
        Column("contract", N_("Contract"), lambda row: row.contract, width=140),
    ),
    icon="inbox",
    empty=N_("Money that arrived, and which invoice lines it pays."),
    rows=arrived,
    options={"invoice": _invoices, "line": _lines},
    knows=currency_of_contracts,
    follows=(ALLOCATIONS, DISTRIBUTIONS),
    also=frozenset({"payments.invoice", "payments.dispute", "payments.write_off"}),
    within=Paying,
)
"""Receipts: a receipt pays what is open under its contract."""

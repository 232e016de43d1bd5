"""Disputes and what was written off as lists, and the forms of both: they begin with what is open of the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import contracts
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, amount_text, amounts_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.editors import Options
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.overview.register import Line
from trialdesk.payments.contested import Asked, asked_of, disputable_lines, disputed, lines_to_write_off, written_off
from trialdesk.persistence.reading import Read

LINE = "payments.invoice_line"
ASKED = ("gross", N_("Asked for with tax"))
BECAME = (
    ("credited", N_("Credited")),
    ("received", N_("Received")),
    ("written_off", N_("Written off")),
    ("open", N_("Open amount")),
)
"""What may become of what is asked for, of an invoice or of one line of it."""


def currency_of_contracts(read: Read, *, study: Id, subject: Line | None) -> Mapping[str, Any]:
    """Return the currency of the contract an act is done to, else that of all contracts; nothing where they differ."""
    of = subject.id if subject is not None and subject.kind == "contracts.contract" else None
    currencies = {row.currency for row in contracts(read, study=study) if of in {None, row.id}}
    return {"currency": currencies.pop()} if len(currencies) == 1 else {}


def open_of_line(read: Read, *, study: Id, subject: Line | None) -> Mapping[str, Any]:
    """Return what the form of a dispute or a write-off begins with: all that is open of the line."""
    told = asked_of(read, study=study, line=subject.id) if subject is not None and subject.kind == LINE else None
    if told is None:
        return currency_of_contracts(read, study=study, subject=subject)
    return {"amount": told.open if told.open > 0 else None, "currency": told.currency}


class AskedFor(QWidget):
    """What an invoice line asks for with its tax, and what became of it; nothing for a line of a credit note."""

    def __init__(self, desk: Desk, study: Id, row: Line) -> None:
        super().__init__()
        parts.column(self)
        desk.read(asked_of, then=self._show, owner=self, latest="asked", study=study, line=row.id)

    def _show(self, told: Asked | None) -> None:
        layout = self.layout()
        if told is not None and layout is not None:
            layout.addWidget(Facts([(_(title), amount_text(name)(told)) for name, title in (ASKED, *BECAME)]))


def _to_dispute(read: Read, *, study: Id, on: date, subject: Line | None) -> Options:  # noqa: ARG001 - as every choice is asked
    return disputable_lines(read, study=study)


def _to_write_off(read: Read, *, study: Id, on: date, subject: Line | None) -> Options:  # noqa: ARG001 - as every choice is asked
    return lines_to_write_off(read, study=study)


_INVOICE = Column("invoice", N_("Invoice"), attrgetter("invoice"), width=96)
_LINE = Column("line", N_("Invoice line"), attrgetter("line"), width=170)

DISPUTES = Register(
    kind="payments.dispute",
    title=N_("Disputes"),
    columns=(
        _INVOICE,
        _LINE,
        Shown("raised_on", 104),
        "grounds",
        amounts_of("amount", N_("Disputed amount"), width=130),
        Shown("words", 220),
        "resolved_on",
        "outcome",
    ),
    facts=(
        _INVOICE,
        _LINE,
        "raised_on",
        "grounds",
        "amount",
        "words",
        "resolved_on",
        "outcome",
        "conceded",
        "resolution",
    ),
    icon="warning",
    empty=N_("What the other party does not accept, line by line; the rest of the invoice stays due."),
    rows=disputed,
    options={"invoice_line": _to_dispute},
    knows=open_of_line,
)
WRITE_OFFS = Register(
    kind="payments.write_off",
    title=N_("Written off"),
    columns=(
        _INVOICE,
        _LINE,
        Shown("written_off_on", 116),
        Shown("grounds", 150),
        amounts_of("amount", N_("Amount"), width=130),
        Shown("words", 240),
    ),
    facts=(_INVOICE, _LINE, "written_off_on", "grounds", "amount", "words"),
    icon="minus",
    empty=N_("What is no longer asked for although it was earned: what the bank kept, what was given up in a dispute."),
    rows=written_off,
    options={"invoice_line": _to_write_off},
    knows=open_of_line,
)

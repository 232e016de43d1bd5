"""The invoice before it has a number: each contract with what can be asked for today, line by line, and the act."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import amount_text, amounts_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.payments.actions.invoicing import issue_invoice
from trialdesk.payments.asking import Askable, askable, next_invoice
from trialdesk.payments.rules.wording import unit_words

NOTHING = N_("What is earned is certified first; what is held, in dispute or asked for already is not invoiced.")


class NextInvoice(QWidget):
    """What the next invoice of a contract would say; what is to be credited stands below it."""

    def __init__(self, desk: Desk, study: Id, row: Any) -> None:
        super().__init__()
        self._layout = parts.column(self, spacing=style.LARGE)
        self.lines: Listing | None = None
        desk.read(next_invoice, then=self._show, owner=self, latest="next", study=study, contract=row.id, on=desk.today)

    def _show(self, told: Askable) -> None:
        sums = [
            (_("Net"), amount_text("net")(told)),
            (_("Tax"), amount_text("tax")(told)),
            (_("Total"), amount_text("gross")(told)),
            (_("Payable by"), shown.day(told.due_on) if told.due_on else _("not recorded")),
        ]
        self._layout.addWidget(Facts(sums))
        if told.lines:
            columns = (
                Column("unit", N_("Unit"), lambda line: unit_words(line.unit, line.site), width=150),
                Column("rule", N_("Deliverable"), lambda line: line.rule, width=100),
                Column("on", N_("Date"), lambda line: line.on, "date", width=108),
                amounts_of("net", N_("Net"), told.currency, width=116),
                amounts_of("tax", N_("Tax"), told.currency, width=100),
            )
            self.lines = Listing(columns, told.lines, name=_("Lines"))
            self._layout.addWidget(parts.group(_("What the invoice would ask for"), self.lines))
        else:
            self._layout.addWidget(parts.said(_(NOTHING), "muted", wrap=True))
        if told.credits:
            notes = (
                Column("invoice", N_("Invoice"), lambda line: line.invoice, width=110),
                Column("unit", N_("Unit"), lambda line: unit_words(line.unit, line.site), width=150),
                Column("rule", N_("Deliverable"), lambda line: line.rule, width=100),
                amounts_of("net", N_("Net"), told.currency, width=120),
            )
            listing = Listing(notes, told.credits, name=_("To be credited"))
            self._layout.addWidget(parts.group(_("To be credited"), listing))
            self._layout.addWidget(
                parts.said(_("A credit note is issued on the invoice it corrects."), "muted", wrap=True)
            )


BILLING = Register(
    kind="contracts.contract",
    key="payments-billing",
    title=N_("To be invoiced"),
    columns=(
        Column("number", N_("Contract"), lambda row: row.number, width=150),
        Column("party", N_("Other party"), lambda row: row.party, width=170),
        amounts_of("gross", N_("To be invoiced"), width=130),
        amounts_of("credit", N_("To be credited"), width=130),
        Column("lines", N_("Lines"), lambda row: len(row.lines), "number", width=60),
    ),
    icon="money",
    empty=N_("What the next invoice of each contract would ask for stands here, once there is a contract."),
    rows=askable,
    facts=("number", "supporter", "net_days", "purchase_order"),
    begins=(),
    acts=(issue_invoice,),
    also=frozenset({"*"}),
    within=NextInvoice,
)

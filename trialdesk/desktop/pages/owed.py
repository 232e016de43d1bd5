"""What the study's contracts owe, line by line, and beside the chosen line why its amount is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.widgets.why import WhyDetail, leading
from trialdesk.payments.owed import Position, owed_lines
from trialdesk.payments.rules.wording import unit_words
from trialdesk.payments.why import Why, why
from trialdesk.reporting.reports.payment_statement import STATES

WIDTH = 520
COLUMNS: tuple[Column, ...] = (
    Column("contract", N_("Contract"), lambda row: row.contract, width=150, hidden=True),
    Column("rule", N_("Rule"), lambda row: row.rule, width=76),
    Column("unit", N_("Unit"), lambda row: unit_words(row.unit, row.site), width=160),
    Column("line", N_("Line"), lambda row: row.line, "number", width=116, text=lambda row: _money(row.line, row)),
    Column("state", N_("State"), lambda row: _(STATES[row.state]), width=110),
    Column("on", N_("Date"), lambda row: row.on, "date"),
    Column("hold", N_("Held"), lambda row: row.hold, "number", width=130, text=lambda row: _money(row.hold, row)),
    Column("pay", N_("Payable"), lambda row: row.pay, "number", width=130, text=lambda row: _money(row.pay, row)),
)


def _money(amount: int, row: Any) -> str:
    return money_text(amount, row.currency)


class OwedPage(Page):
    """Every line of every contract of a study, as of today."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: str) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self.sums = parts.said(role="muted", wrap=True)
        empty = EmptyState(
            _("Nothing is owed yet"),
            _("What the contracts pay for stands here as soon as it is recorded: visits, milestones, fees."),
            icon="money",
        )
        self.table = Table(
            COLUMNS,
            name=_("What is owed"),
            key="owed",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=empty,
            export=exporting(desk, self, about="owed", study=study),
        )
        self.split = ListDetail(self.table, key="owed", memory=desk.memory, width=WIDTH)
        self.table.chosen.connect(self._choose)
        layout = lay_out(self, _("What is owed"))
        layout.addWidget(self.sums)
        layout.addWidget(self.split, 1)

    def refresh(self) -> None:
        """Reckon again."""
        self._desk.read(owed_lines, then=self._show, owner=self, latest="owed", study=self._study, on=self._desk.today)

    def print_page(self) -> None:
        """Go to the statement as a document."""
        self._desk.go("studies", study=self._study, section="reports", focus="payment-statement")

    def _show(self, rows: Sequence[Position]) -> None:
        self.table.set_rows(tuple(rows))
        totals: dict[tuple[str, str], int] = {}
        for row in rows:
            totals[row.contract, row.currency] = totals.get((row.contract, row.currency), 0) + row.pay
        self.sums.setText(
            " · ".join(
                _("{contract}: {amount} due in all before tax, with what was invoiced and received already").format(
                    contract=contract, amount=money_text(amount, currency)
                )
                for (contract, currency), amount in totals.items()
            )
        )

    def _choose(self, row: Position | None) -> None:
        if row is None:
            return

        self._desk.read(
            why,
            then=self._tell,
            owner=self,
            latest="why",
            study=self._study,
            rule=row.rule,
            unit=row.unit,
            as_of=row.as_of,
            known_at=row.known_at,
            contract=row.contract,
        )

    def _tell(self, told: Why) -> None:
        self.split.show_detail(_("Why this amount?"), WhyDetail(told, leading(self._desk, self._study)))

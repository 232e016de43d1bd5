"""The money of all studies, contract by contract, and from each the way to where it is worked on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.contracts.rules import DIRECTIONS, STATES
from trialdesk.desktop import parts, style
from trialdesk.desktop.cockpit import AMOUNTS
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.widgets.actions import ActionBar, Offer
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.money import Money, money

WIDTH = 420
_SUMMED = ("not_due", "overdue", "disputed", "overpaid", "open")
_WAYS = (
    ("payments", N_("Payments"), "money"),
    ("owed", N_("What is owed"), "help"),
    ("contracts", N_("Contract"), "documents"),
)


def _text(row: Money, name: str) -> str:
    return money_text(getattr(row, name), row.currency)


def standing(row: Money) -> Status:
    """Return how a contract's invoices stand, as it is shown."""
    if row.overdue > 0:
        return Status(_("Overdue"), "bad")
    if row.disputed > 0:
        return Status(_("In dispute"), "warning")
    return Status(_("Outstanding"), "info") if row.open > 0 else Status(_("Nothing outstanding"), "neutral", "check")


def _amount(name: str, *, hidden: bool = False) -> Column:
    return Column(
        name,
        AMOUNTS[name],
        lambda row: getattr(row, name),
        "number",
        width=128,
        text=lambda row: _text(row, name),
        hidden=hidden,
    )


COLUMNS: tuple[Column, ...] = (
    Column("study", N_("Study"), lambda row: row.study_name, width=96),
    Column("number", N_("Contract"), lambda row: row.number, width=156),
    Column("standing", N_("Invoices"), standing, "status", width=124),
    _amount("earned"),
    _amount("invoiced"),
    _amount("received"),
    _amount("open"),
    _amount("certified", hidden=True),
    _amount("not_due", hidden=True),
    _amount("overdue", hidden=True),
    _amount("disputed", hidden=True),
    _amount("overpaid", hidden=True),
    Column("direction", N_("Who pays"), lambda row: _(dict(DIRECTIONS)[row.direction]), width=110),
    Column("party", N_("Other party"), lambda row: row.party, width=200),
)


def totals(rows: Iterable[Money]) -> str:
    """Return what is open by direction and currency, late, in dispute or to be paid back, in words; nothing of zero."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        sums = found.setdefault((row.direction, row.currency), dict.fromkeys(_SUMMED, 0))
        for name in sums:
            sums[name] += getattr(row, name)
    lines = []
    for (direction, currency), sums in sorted(found.items(), reverse=True):
        told = [
            _("{what} {amount}").format(what=_(AMOUNTS[name]), amount=money_text(amount, currency))
            for name, amount in sums.items()
            if amount or name == "open"
        ]
        lines.append(_("{who}: {amounts}").format(who=_(dict(DIRECTIONS)[direction]), amounts=" · ".join(told)))
    return "\n".join(lines)


class MoneyPage(Page):
    """Every contract of every study as it stands today."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            "studies.study",
            "contracts.contract",
            "contracts.organisation",
            "payments.entry",
            "payments.certificate",
            "payments.invoice",
            "payments.invoice_line",
            "payments.receipt",
            "payments.allocation",
            "payments.dispute",
            "payments.write_off",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.sums = parts.said(role="strong", wrap=True)
        empty = EmptyState(
            _("No contract yet"),
            _("What each contract has earned, invoiced and received stands here. Contracts are begun in their study."),
            icon="money",
            step=_("Go to the studies"),
            then=lambda: desk.go("studies"),
        )
        self.table = Table(
            COLUMNS,
            name=_("Money"),
            key="money",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=empty,
            export=exporting(desk, self, about="money"),
        )
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda row: self._go(row, "payments"))
        self.split = ListDetail(self.table, key="money", memory=desk.memory, width=WIDTH)
        layout = lay_out(self, _("Money"))
        layout.addWidget(self.sums)
        layout.addWidget(self.split, 1)

    def refresh(self) -> None:
        """Ask for all contracts again."""
        self._desk.read(money, then=self._show, owner=self, latest="money", on=self._desk.today)

    def _show(self, rows: tuple[Money, ...]) -> None:
        self.sums.setText(totals(rows))
        self.sums.setVisible(bool(rows))
        self.table.set_rows(rows)
        if not rows:
            self.split.close_detail()
        self._choose(self.table.current())

    def _choose(self, row: Money | None) -> None:
        if row is not None:
            self.split.show_detail(row.number, self._detail(row))

    def _detail(self, row: Money) -> QWidget:
        made = QWidget(self.split.holder)
        layout = parts.column(made, spacing=style.LARGE)
        layout.addWidget(
            ActionBar(
                tuple(Offer(section, _(words), partial(self._go, row, section), icon) for section, words, icon in _WAYS)
            )
        )
        facts: list[tuple[str, str]] = [
            (_("Study"), row.study_name),
            (_("Other party"), row.party),
            (_("Who pays"), _(dict(DIRECTIONS)[row.direction])),
            (_("State"), _(dict(STATES)[row.state])),
            *((_(words), _text(row, name)) for name, words in AMOUNTS.items()),
        ]
        layout.addWidget(Facts(facts, across=1))
        words = _("Posted and certified are net of tax, the others with tax. What is earned stands on the board.")
        layout.addWidget(parts.said(words, "fine", wrap=True))
        layout.addStretch()
        return made

    def _go(self, row: Any, section: str) -> None:
        focus = row.id if section == "contracts" else ""
        self._desk.go("studies", study=row.study, section=section, focus=focus)

"""What the study's contracts owe, line by line, and beside the chosen line why its amount is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.table import Table
from trialdesk.payments.owed import Position, owed_lines
from trialdesk.payments.why import Why, WhyFact, why
from trialdesk.reporting.reports.payment_statement import STATES

WIDTH = 520
COLUMNS: tuple[Column, ...] = (
    Column("contract", N_("Contract"), lambda row: row.contract, width=150, hidden=True),
    Column("rule", N_("Rule"), lambda row: row.rule, width=110),
    Column("unit", N_("Unit"), lambda row: _unit(row.unit), width=200),
    Column("on", N_("Date"), lambda row: row.on, "date"),
    Column("state", N_("State"), lambda row: _(STATES[row.state]), width=130),
    Column("line", N_("Line"), lambda row: row.line, "number", width=130, text=lambda row: _money(row.line, row)),
    Column("hold", N_("Held"), lambda row: row.hold, "number", width=130, text=lambda row: _money(row.hold, row)),
    Column("pay", N_("Payable"), lambda row: row.pay, "number", width=130, text=lambda row: _money(row.pay, row)),
)


def _unit(unit: str) -> str:
    """Return what a line is paid for as people say it: the study, or a participant and what was done."""
    # After the sign stands which fact of several began the line: for the record, not for the eye.
    plain = unit.partition("#")[0]
    return _("Study") if plain == "study" else plain.replace("/", " · ")


def _money(amount: int, row: Any) -> str:
    return money_text(amount, row.currency)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line with why it is what it is."""

    row: Position
    why: Why


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
                _("{contract}: {amount} payable").format(contract=contract, amount=money_text(amount, currency))
                for (contract, currency), amount in totals.items()
            )
        )

    def _choose(self, row: Position | None) -> None:
        if row is None:
            return

        def ask(read: Any) -> Asked:
            found = why(
                read,
                study=self._study,
                rule=row.rule,
                unit=row.unit,
                as_of=row.as_of,
                known_at=row.known_at,
                contract=row.contract,
            )
            return Asked(row, found)

        self._desk.read(ask, then=self._tell, owner=self, latest="why")

    def _tell(self, asked: Asked) -> None:
        self.split.show_detail(_("Why this amount?"), WhyDetail(asked))


class WhyDetail(QWidget):
    """A line's amount, its factors, the rule it follows, the facts behind it and who recorded each."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        told = asked.why
        layout = parts.column(self, spacing=style.MEDIUM)
        layout.addWidget(Facts(_amounts(told), across=1))
        for words in told.why_not_more:
            layout.addWidget(parts.said(words, "muted", wrap=True))
        terms = told.terms
        layout.addWidget(
            parts.group(
                _("The rule, in version {number} of the terms").format(number=terms.number),
                parts.said(terms.rule_text, wrap=True),
                parts.said(
                    _("In effect from {day}; let count by {name} on {instant}").format(
                        day=shown.day(terms.effective_from),
                        name=terms.activated_by,
                        instant=shown.instant(terms.recorded_at),
                    ),
                    "muted",
                    wrap=True,
                ),
            )
        )
        layout.addWidget(parts.group(_("The facts"), *(_fact(each) for each in told.facts)))
        layout.addWidget(parts.group(_("What came of it"), Facts(_outcome(told), across=1)))
        layout.addStretch()


def _amounts(told: Why) -> list[tuple[str, str]]:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    factors = _("complete {complete} × window {window} × quality {grade}").format(
        complete=told.complete, window=told.window, grade=told.grade
    )
    return [
        (_("Unit"), f"{told.rule} {told.unit}"),
        (_("State"), _(STATES[told.state])),
        (_("Factors"), factors),
        (_("Price"), money(told.base)),
        (_("Overhead"), money(told.overhead)),
        (_("Line"), money(told.line)),
        *([(_("Forfeited"), money(-told.forfeit))] if told.forfeit else []),
        (_("Held"), money(told.hold)),
        (_("Payable"), money(told.pay)),
    ]


def _fact(fact: WhyFact) -> QWidget:
    words = _("{kind} on {day}; recorded by {name}, {instant}").format(
        kind=" ".join(filter(None, (fact.kind, fact.visit))),
        day=shown.day(fact.occurred_on),
        name=fact.recorded_by or _("somebody not known here"),
        instant=shown.instant(fact.recorded_at),
    )
    return parts.said(words, wrap=True)


def _outcome(told: Why) -> list[tuple[str, str]]:
    posted = sum(each.amount for each in told.posted)
    nothing = _("not yet")
    return [
        (_("Posted to the ledger"), money_text(posted, told.currency) if told.posted else nothing),
        (_("Certificates"), ", ".join(told.certificates) or nothing),
        (_("Invoices"), ", ".join(told.invoices) or nothing),
    ]

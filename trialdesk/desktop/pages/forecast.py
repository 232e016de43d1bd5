"""What a contract may bring: months to come at a low, middle and high rate, and where the money so far stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import ClassVar

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from trialdesk.base.i18n import N_, _, babel_locale, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.widgets.drawing import DrawingView
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.facts import Fact, Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.payments.drawings import forecast_drawing, forecast_words, not_foretold
from trialdesk.payments.outlook import LOOKING_BACK, Outlook, Release
from trialdesk.payments.prospect import Prospect, prospect
from trialdesk.payments.rules.forecast import Month
from trialdesk.payments.rules.wording import NAMES
from trialdesk.payments.waterfall import waterfall_drawing

AMOUNTS = (
    ("low", N_("Low")),
    ("base", N_("Middle")),
    ("high", N_("High")),
    ("hold", N_("Held")),
    ("net", N_("To be invoiced")),
    ("cash", N_("Cash")),
)
"""What is told of a month, as it is headed."""


DRAWN, CHART, LARGEST = 340.0, 218.0, 1.4
"""How wide the two pictures are drawn and how high the chart, in points, and how much they may grow: they share a page
of 1366 pixels, where each has to keep its words in a size one can read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A month as the list shows it."""

    id: str
    version: int
    month: Month
    currency: str


class Forecast(Page):
    """A contract's prospects, reckoned anew whenever anything is recorded. Nothing of it is in the ledger."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: Id) -> None:
        super().__init__()
        self._desk, self._study = desk, study
        self.contract = QComboBox()
        self.contract.setAccessibleName(_("Contract"))
        self.contract.setMinimumWidth(180)
        self.contract.activated.connect(lambda _place: self.refresh())
        paper = parts.button(_("As a document"), self.print_page, icon="report")
        layout = lay_out(self, _("Forecast"), self.contract, paper)
        self.chart = DrawingView(largest=LARGEST)
        self.fall = DrawingView(largest=LARGEST)
        self.lead = parts.said(role="strong", wrap=True)
        self.months = Listing(_columns(), (), name=_("Months to come"))
        self._grounds = QVBoxLayout()
        self.empty = EmptyState(
            _("Nothing can be foretold yet"),
            _("A forecast needs a contract whose terms count: they say what each visit to come will bring."),
            icon="money",
            step=_("Go to the contracts"),
            then=lambda: desk.go("studies", study=study, section="contracts"),
        )
        self._inside = self._lay_out()
        self._area = parts.scrolled(self._inside)
        self._area.setAccessibleName(_("Forecast"))
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._area, 1)
        self._area.hide()
        self.empty.hide()
        self.contract.hide()

    def refresh(self) -> None:
        """Reckon again, of the contract chosen."""
        self._desk.read(
            prospect,
            then=self._show,
            owner=self,
            latest="forecast",
            study=self._study,
            on=self._desk.today,
            contract=self.contract.currentData(),
        )

    def focus_on(self, identity: str) -> None:
        """Show this contract's forecast."""
        if self.contract.findData(identity) < 0:
            self.contract.addItem("", identity)
        self.contract.setCurrentIndex(self.contract.findData(identity))
        self.refresh()

    def print_page(self) -> None:
        """Go to the forecast as a document."""
        self._desk.go("studies", study=self._study, section="reports", focus="forecast")

    def _lay_out(self) -> QWidget:
        inside = parts.box("viewport")
        column = parts.column(inside, spacing=style.MEDIUM, margins=(0, 0, style.MEDIUM, style.MEDIUM))
        column.addWidget(self.lead)
        column.addWidget(
            parts.said(_("This is an estimate. None of it is earned, posted or invoiced."), "muted", wrap=True)
        )
        pictures = parts.row(spacing=style.MEDIUM)
        self._nothing = parts.said(
            _("Nobody in the study has a visit to come that the terms pay for, and nobody came in of late."),
            "muted",
            wrap=True,
        )
        pictures.addWidget(_card(_("Months to come"), self.chart, self._nothing), 1)
        pictures.addWidget(_card(_("From accrued to received"), self.fall), 1)
        column.addLayout(pictures)
        column.addWidget(parts.said(_("What it rests on"), "strong"))
        column.addLayout(self._grounds)
        column.addWidget(self.months)
        column.addStretch()
        return inside

    def _show(self, found: Prospect) -> None:
        told = found.outlook
        self.empty.setVisible(told is None)
        self._area.setVisible(told is not None)
        self.contract.setVisible(len(found.contracts) > 1)
        if told is None:
            return
        self.contract.clear()
        for row in found.contracts:
            self.contract.addItem(row.number, row.id)
        self.contract.setCurrentIndex(self.contract.findData(told.contract.id))
        currency = told.contract.currency
        self.lead.setText(
            _("{label}: {value}").format(label=told.contract.number, value=forecast_words(told.months, currency))
        )
        foretold = any(each.low or each.base or each.high or each.cash for each in told.months)
        for each in (self.lead, self.chart, self.months):
            each.setVisible(foretold)
        self._nothing.setVisible(not foretold)
        self.chart.set_drawing(forecast_drawing(told.months, currency, width=DRAWN, height=CHART))
        self.fall.set_drawing(waterfall_drawing(found.steps, currency, width=DRAWN))
        self.months.set_rows(tuple(Row(f"{each.month}", 0, each, currency) for each in told.months))
        while (old := self._grounds.takeAt(0)) is not None:
            if ground := old.widget():
                ground.hide()
                ground.deleteLater()
        self._grounds.addWidget(Facts(tuple(grounds(told)), across=1))


def grounds(told: Outlook) -> Iterator[Fact]:
    """Give what a forecast rests on and which days and limits bound it, in words."""
    currency = told.contract.currency
    yield _("Visits to come of people in the study"), shown.number(told.due)
    yield _("Retention so far"), f"{_tenths(told.retention * 100)} %"
    yield (
        _("New participants a month"),
        _("low {low}, middle {base}, high {high}: least, mean and most of the last {count} whole months").format(
            low=_tenths(told.low), base=_tenths(told.base), high=_tenths(told.high), count=LOOKING_BACK
        ),
    )
    yield (
        _("Places left in the study"),
        _("no number planned") if told.places is None else shown.number(told.places),
    )
    arrived = sum(told.delays.values())
    delays = _("; ").join(
        n_("{share} after {count} month", "{share} after {count} months", later).format(
            share=f"{_tenths(Fraction(100 * amount, arrived))} %", count=later
        )
        for later, amount in told.delays.items()
        if arrived
    )
    yield _("This party's money arrives"), delays or _("nothing has arrived yet, so no cash is foretold")
    yield _("Earned and not invoiced yet, on top"), money_text(told.unasked, currency)
    yield _("Not foretold"), not_foretold(told.left_out)
    ceiling = _("none agreed")
    if told.ceiling is not None:
        ceiling = _("{ceiling}; reached in {month}").format(
            ceiling=money_text(told.ceiling, currency),
            month=_month(told.ceiling_in) if told.ceiling_in else _("none of these months"),
        )
    yield _("Ceiling of the contract"), ceiling
    for each in told.releases:
        yield _("Holdback"), release_words(each, told)


def release_words(release: Release, told: Outlook) -> str:
    """Return when what is held comes free: on which day it did, or what it waits for and until when at least."""
    currency = told.contract.currency
    said = []
    if release.released and release.on:
        said.append(
            _("{amount} came free on {day}, when {rule} was earned.").format(
                amount=money_text(release.released, currency), day=shown.day(release.on), rule=release.rule
            )
        )
    if release.held and release.rule is None:
        said.append(
            _("{amount} held; the terms name nothing that releases it").format(
                amount=money_text(release.held, currency)
            )
        )
    elif release.held:
        fact = release.fact or ""
        said.append(
            _("{amount} is held until {rule} is earned ({what}).").format(
                amount=money_text(release.held, currency), rule=release.rule, what=_(NAMES.get(fact, fact))
            )
        )
        if told.last_visit:
            said.append(_("The last visit planned so far is on {day}.").format(day=shown.day(told.last_visit)))
    return " ".join(said)


def _columns() -> tuple[Column, ...]:
    return (
        Column(
            "month",
            N_("Month"),
            lambda row: row.month.month,
            "text",
            width=110,
            text=lambda row: _month(row.month.month),
        ),
        *(_amount(name, title) for name, title in AMOUNTS),
    )


def _amount(name: str, title: str) -> Column:
    def amount(row: Row) -> int:
        found: int = getattr(row.month, name)
        return found

    return Column(name, title, amount, "number", width=130, text=lambda row: money_text(amount(row), row.currency))


def _card(title: str, *inside: QWidget) -> QWidget:
    card = parts.frame("card")
    card.setAccessibleName(title)
    layout = parts.column(card, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.LARGE))
    layout.addWidget(parts.said(title, "strong"))
    for widget in inside:
        layout.addWidget(widget)
    layout.addStretch()
    return card


def _month(month: date) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM", month, locale=babel_locale()))


def _tenths(value: Fraction) -> str:
    tenths = round(value * 10)
    return f"{tenths // 10}.{tenths % 10}"

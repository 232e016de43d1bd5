"""What a contract may bring in the months to come, drawn and month by month. None of it is in the ledger."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from trialdesk.base.i18n import N_, _, babel_locale, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on, the_contract
from trialdesk.payments.drawings import forecast_drawing, forecast_words, not_foretold
from trialdesk.payments.outlook import LOOKING_BACK, outlook
from trialdesk.payments.rules.forecast import Month
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import CONTRACT
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Definitions, Figure, Heading, Note, Paragraph, Table
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Foretold:
    """The facts of a forecast, in minor units; rates are exact fractions as text, delays (months, share)."""

    contract: str
    other_party: str
    currency: str
    as_of: date
    months: tuple[Month, ...]
    due: int
    places: int | None
    retention: str
    low: str
    base: str
    high: str
    delays: tuple[tuple[int, str], ...]
    open: int
    accrued: int
    ceiling: int | None
    ceiling_in: date | None
    held: int
    released_by: tuple[str, ...]
    unasked: int
    left_out: tuple[str, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    contract: str | None = None,
    as_of: date | None = None,  # noqa: ARG001 - what is to come is told from now
) -> Foretold | None:
    """Return the facts, None for a study without contracts. Now is when the last event was recorded."""
    if contract is None and not contracts(read, study=study):
        return None
    row = the_contract(read, study=study, number=contract)
    known_at, today = last_known(read, study) or (None, on)
    assert known_at is not None
    told = outlook(read, study=study, contract=row.id, as_of=today, known_at=known_at)
    arrived = sum(told.delays.values())
    return Foretold(
        contract=row.number,
        other_party=named_on(read, on=today).get(row.supporter, ""),
        currency=row.currency,
        as_of=today,
        months=told.months,
        due=told.due,
        places=told.places,
        retention=str(told.retention),
        low=str(told.low),
        base=str(told.base),
        high=str(told.high),
        delays=tuple((later, str(Fraction(amount, arrived))) for later, amount in told.delays.items()),
        open=told.open,
        accrued=told.accrued,
        ceiling=told.ceiling,
        ceiling_in=told.ceiling_in,
        held=told.held,
        released_by=told.released_by,
        unasked=told.unasked,
        left_out=told.left_out,
    )


def compose(told: Foretold | None) -> list[Block]:
    """Return the forecast: chart, months, and the rates it rests on."""
    if told is None:
        return [Paragraph(_("The study has no contract."), "lead")]
    return [
        Paragraph(forecast_words(told.months, told.currency), "lead"),
        Note(_("This is an estimate. None of it is earned, posted or invoiced."), _("Forecast")),
        Figure(forecast_drawing(told.months, told.currency), _("Accrual by month, and the cash that follows from it")),
        _months(told),
        Paragraph(
            _(
                "Low, middle and high are how fast people come in. The faster, the sooner the places are taken: later "
                "months may then bring less."
            ),
            "small",
        ),
        *sums(_closing(told)),
        Heading(1, _("What it rests on")),
        Definitions(_grounds(told)),
    ]


def _closing(told: Foretold) -> list[Sum]:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    base, hold, net = (sum(getattr(each, name) for each in told.months) for name in ("base", "hold", "net"))
    return [Sum(_("Middle = held + to be invoiced"), base, (hold, net), money)]


def _months(told: Foretold) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    names = ("low", "base", "high", "hold", "net", "cash")
    return Table(
        (
            Column(_("Month"), 1.1, names_row=True),
            Column(_("Low"), 1.2, "right"),
            Column(_("Middle"), 1.2, "right"),
            Column(_("High"), 1.2, "right"),
            Column(_("Held"), 1.1, "right"),
            Column(_("To be invoiced"), 1.2, "right"),
            Column(_("Cash"), 1.2, "right"),
        ),
        [
            *((_month(each.month), *(money(getattr(each, name)) for name in names)) for each in told.months),
            (_("Total"), *(money(sum(getattr(each, name) for each in told.months)) for name in names)),
        ],
        totals=1,
    )


def _grounds(told: Foretold) -> list[tuple[str, str]]:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    delays = _("; ").join(
        n_("{share} after {count} month", "{share} after {count} months", later).format(
            share=_percent(share), count=later
        )
        for later, share in told.delays
    )
    ceiling = _("none agreed") if told.ceiling is None else money(told.ceiling)
    if told.ceiling is not None:
        ceiling = _("{ceiling}; reached in {month}").format(
            ceiling=ceiling, month=_month(told.ceiling_in) if told.ceiling_in else _("none of these months")
        )
    return [
        (_("Contract"), told.contract),
        (_("Other party"), told.other_party),
        (_("Visits to come of people in the study"), str(told.due)),
        (_("Retention so far"), _percent(told.retention)),
        (
            _("New participants a month"),
            _("low {low}, middle {base}, high {high}: least, mean and most of the last {count} whole months").format(
                low=_number(told.low), base=_number(told.base), high=_number(told.high), count=LOOKING_BACK
            ),
        ),
        (_("Places left in the study"), _("no number planned") if told.places is None else str(told.places)),
        (_("This party's money arrives"), delays or _("nothing has arrived yet, so no cash is foretold")),
        (_("Open of what was invoiced, on top"), money(told.open)),
        (_("Earned and not invoiced yet, on top"), money(told.unasked)),
        (_("Not foretold"), not_foretold(told.left_out)),
        (_("Accrued so far"), money(told.accrued)),
        (_("Ceiling of the contract"), ceiling),
        (
            _("Held so far, until released"),
            _("{amount}, by {rules}").format(amount=money(told.held), rules=", ".join(told.released_by))
            if told.released_by
            else money(told.held),
        ),
    ]


def _month(month: date) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM", month, locale=babel_locale()))


def _percent(share: str) -> str:
    tenths = round(Fraction(share) * 1000)
    return f"{tenths // 10}.{tenths % 10} %"


def _number(rate: str) -> str:
    tenths = round(Fraction(rate) * 10)
    return f"{tenths // 10}.{tenths % 10}"


REPORT = Report(
    key="forecast",
    title=N_("Forecast of a contract"),
    audience="site",
    section="money",
    parameters=(CONTRACT,),
    each="contract",
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("Accrual and cash of the next twelve months from the visit plan and this study's own rates."),
)

"""What a study earns and costs by its contracts, year by year, with what was shared out and what was given in kind.

Income and costs are what is earned under contracts that pay the study and that the study pays, before tax and whether
invoiced or not; support in kind stands beside and in no sum (payments.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on
from trialdesk.contracts.rules import DIRECTIONS, RECEIVABLE
from trialdesk.contracts.standing import in_kind
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import invoices, receipts
from trialdesk.payments.rules.lines import DUE, GATED
from trialdesk.payments.sharing.queries import distributions
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Heading, Paragraph, Table
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Account:
    """A contract's part, in minor units before tax: earned by year, `undated` for the study as a whole.

    `invoiced` is net of credit notes, `settled` what arrived or was paid, with tax, `fees` what banks kept of it.
    """

    contract: str
    other_party: str
    direction: str
    currency: str
    years: tuple[tuple[int, int], ...]
    undated: int
    earned: int
    invoiced: int
    settled: int
    fees: int


@dataclass(frozen=True, slots=True)
class Gift:
    """Support in kind under a contract, in minor units: promised, and what of it has arrived."""

    contract: str
    currency: str
    promised: int
    received: int


@dataclass(frozen=True, slots=True)
class Result:
    """The facts as of a day. `shared` is what was posted to beneficiaries, by currency, less what was taken back."""

    as_of: date
    accounts: tuple[Account, ...]
    shared: tuple[tuple[str, int], ...]
    gifts: tuple[Gift, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - contracts hold for the whole study
    as_of: date | None = None,
) -> Result:
    """Return the facts. Some twenty statements a contract; without a day those of the snapshot's last event."""
    known_at, today = last_known(read, study) or (None, on)
    day = as_of or today
    names = named_on(read, on=day)
    rows = contracts(read, study=study)
    numbers = {row.id: row.number for row in rows}
    issued, arrived = invoices(read, study=study), receipts(read, study=study)
    accounts = []
    for row in rows if known_at else ():
        assert known_at is not None
        told = statement(read, study=study, contract=row.id, as_of=day, known_at=known_at)
        by_year: dict[int, int] = {}
        for line in told.assessment.lines:
            if line.state in {*DUE, GATED} and line.earned and not told.is_late(line):
                by_year[line.unit.day.year] = by_year.get(line.unit.day.year, 0) + line.earned
        late = sum(line.earned for line in told.assessment.lines if line.state in {*DUE, GATED} and told.is_late(line))
        undated = sum(each.amount for each in told.assessment.study_level)
        accounts.append(
            Account(
                contract=row.number,
                other_party=names.get(row.supporter, ""),
                direction=row.direction,
                currency=row.currency,
                years=tuple(sorted(by_year.items())),
                undated=undated,
                earned=told.assessment.totals.earned - late,
                invoiced=sum(each.net for each in issued if each.contract == row.id and each.issued_on <= day),
                settled=sum(each.amount for each in arrived if each.contract == row.id and each.value_on <= day),
                fees=sum(each.fees or 0 for each in arrived if each.contract == row.id and each.value_on <= day),
            )
        )
    shared: dict[str, int] = {}
    for each in distributions(read, study=study):
        if each.posted_on is not None and each.posted_on <= day:
            shared[each.currency] = shared.get(each.currency, 0) + each.amount
    return Result(
        as_of=day,
        accounts=tuple(accounts),
        shared=tuple(sorted(shared.items())),
        gifts=tuple(
            Gift(numbers.get(each.contract, ""), each.currency, each.promised, each.received)
            for each in in_kind(read, study=study)
        ),
    )


def result_of(told: Result, currency: str) -> tuple[int, int, int]:
    """Return income, costs and bank fees in a currency, in minor units."""
    here = [each for each in told.accounts if each.currency == currency]
    return (
        sum(each.earned for each in here if each.direction == RECEIVABLE),
        sum(each.earned for each in here if each.direction != RECEIVABLE),
        sum(each.fees for each in here),
    )


def compose(told: Result) -> list[Block]:
    """Return, currency by currency, what came of the study, each contract, each year; in kind beside."""
    if not told.accounts:
        return [Paragraph(_("The study has no contract."), "lead")]
    currencies = sorted({each.currency for each in told.accounts})
    return [
        Paragraph(
            _("As of {day}: what is earned under the study's contracts, before tax, whether invoiced or not.").format(
                day=day_words(told.as_of)
            ),
            "lead",
        ),
        *(block for currency in currencies for block in _currency(told, currency)),
        Heading(1, _("Given in kind, beside the money")),
        _gifts(told),
        Paragraph(
            _("Support in kind is in none of the sums above; its values are those agreed or estimated."), "small"
        ),
    ]


def _currency(told: Result, currency: str) -> Iterator[Block]:
    money = partial(money_text, currency=currency)
    here = [each for each in told.accounts if each.currency == currency]
    income, costs, fees = result_of(told, currency)
    result = income - costs - fees
    shared = dict(told.shared).get(currency, 0)
    yield Heading(1, _("In {currency}").format(currency=currency))
    yield Table(
        (Column(_("Sum"), 3, names_row=True), Column(_("Amount"), 1.2, "right")),
        [
            (_("Income: earned under contracts that pay the study"), money(income)),
            (_("Costs: earned under contracts that the study pays"), money(-costs)),
            (_("Bank fees"), money(-fees)),
            (_("Result before anything is shared out"), money(result)),
            (_("Shared out to beneficiaries, of receipts with tax"), money(-shared)),
        ],
    )
    yield from sums(
        [
            Sum(_("Result = income − costs − bank fees"), result, (income, -costs, -fees), money),
            *(
                Sum(
                    _("{contract}: earned = the years together").format(contract=each.contract),
                    each.earned,
                    (*(amount for _year, amount in each.years), each.undated),
                    money,
                )
                for each in here
            ),
        ]
    )
    yield Table(
        (
            Column(_("Contract"), 1.6, names_row=True),
            Column(_("Other party"), 1.6),
            Column(_("Earned"), 1.2, "right"),
            Column(_("Invoiced net"), 1.2, "right"),
            Column(_("Money moved, with tax"), 1.2, "right"),
        ),
        [
            (
                "\n".join((each.contract, _(dict(DIRECTIONS)[each.direction]))),
                each.other_party,
                money(each.earned),
                money(each.invoiced),
                money(each.settled),
            )
            for each in here
        ],
        _("By contract"),
    )
    yield _years(here, currency)


def _years(here: list[Account], currency: str) -> Table:
    money = partial(money_text, currency=currency)
    years = sorted({year for each in here for year, _amount in each.years})

    def of(account: Account, year: int) -> int:
        return dict(account.years).get(year, 0)

    def row(words: str, amounts: list[tuple[str, int]]) -> tuple[str, ...]:
        income = sum(amount for direction, amount in amounts if direction == RECEIVABLE)
        costs = sum(amount for direction, amount in amounts if direction != RECEIVABLE)
        return words, money(income), money(-costs), money(income - costs)

    rows = [row(str(year), [(each.direction, of(each, year)) for each in here]) for year in years]
    if any(each.undated for each in here):
        rows.append(row(_("For the study as a whole"), [(each.direction, each.undated) for each in here]))
    rows.append(row(_("Total"), [(each.direction, each.earned) for each in here]))
    return Table(
        (
            Column(_("Year"), 1.4, names_row=True),
            Column(_("Income"), 1.2, "right"),
            Column(_("Costs"), 1.2, "right"),
            Column(_("Result before bank fees"), 1.2, "right"),
        ),
        rows,
        _("By year in which it was earned"),
        totals=1,
    )


def _gifts(told: Result) -> Table:
    return Table(
        (
            Column(_("Contract"), 2, names_row=True),
            Column(_("Promised"), 1.2, "right"),
            Column(_("Received"), 1.2, "right"),
        ),
        [
            (each.contract, money_text(each.promised, each.currency), money_text(each.received, each.currency))
            for each in told.gifts
        ],
        empty=_("Nothing of a known value was given in kind."),
    )


REPORT = Report(
    key="profit-and-loss",
    title=N_("Profit and loss of the study"),
    audience="site",
    section="money",
    parameters=(AS_OF,),
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("What the study's contracts bring and cost, by contract and year; support in kind beside, in no sum."),
)

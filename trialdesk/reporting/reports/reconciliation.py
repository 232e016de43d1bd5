"""A contract's books side by side: facts, ledger, certificates, invoices and bank, which must agree to 0.00."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on, the_contract
from trialdesk.payments.books import BookLine, reconciled
from trialdesk.payments.rules.assess import Totals
from trialdesk.payments.rules.receivables import AGES, DISPUTED
from trialdesk.payments.rules.wording import unit_words
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import CONTRACT
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Definitions, Heading, Landscape, Paragraph, Table
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The facts of a reconciliation, in minor units. Each sum is gathered from its own records."""

    contract: str
    other_party: str
    currency: str
    as_of: date
    engine: str
    totals: Totals
    lines: tuple[BookLine, ...]
    held_out: int
    held_in: int
    posted: int
    net: int
    tax: int
    gross: int
    received: int
    written_off: int
    open: int
    disputed: int
    arrived: int
    fees: int
    unapplied: int


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    contract: str | None = None,
    as_of: date | None = None,  # noqa: ARG001 - books are closed as of what is recorded
) -> Reconciled | None:
    """Return the facts, None for a study without contracts.

    Now is when the snapshot's last event was recorded, so that a reconciliation of a past position stays the same.
    """
    if contract is None and not contracts(read, study=study):
        return None
    row = the_contract(read, study=study, number=contract)
    known_at, today = last_known(read, study) or (None, on)
    assert known_at is not None
    books = reconciled(read, study=study, contract=row.id, as_of=today, known_at=known_at)
    ages = books.receivables.sums
    return Reconciled(
        contract=row.number,
        other_party=named_on(read, on=today).get(row.supporter, ""),
        currency=row.currency,
        as_of=today,
        engine=books.engine,
        totals=books.totals,
        lines=books.lines,
        held_out=books.held_out,
        held_in=books.held_in,
        posted=books.posted,
        net=books.net,
        tax=books.tax,
        gross=books.gross,
        received=books.received,
        written_off=books.written_off,
        open=sum(ages[age] for age in AGES if age != DISPUTED),
        disputed=ages[DISPUTED],
        arrived=books.arrived,
        fees=books.fees,
        unapplied=books.unapplied,
    )


def identities(books: Reconciled) -> list[Sum]:
    """Return what must be equal: each side comes from other records than the other."""

    def money(amount: int) -> str:
        return money_text(amount, books.currency)

    def over(name: str) -> int:
        return sum(getattr(line, name) for line in books.lines)

    totals = books.totals
    return [
        Sum(_("Accrued = earned + pending"), totals.accrued, (totals.earned, totals.pending), money),
        Sum(
            _("Earned = behind gates + held + payable"),
            totals.earned,
            (totals.gated, totals.held, totals.payable),
            money,
        ),
        Sum(
            _("Payable = posted + still to be posted"),
            totals.payable,
            (books.posted, sum(line.payable - line.posted for line in books.lines)),
            money,
        ),
        Sum(
            _("Payable = invoiced net + ready to invoice + to be certified + to be credited"),
            totals.payable,
            (books.net, over("ready"), over("uncertified"), over("to_credit")),
            money,
        ),
        Sum(_("Invoiced gross = net + tax"), books.gross, (books.net, books.tax), money),
        Sum(
            _("Invoiced gross, less credit notes = received + written off + open + in dispute"),
            books.gross,
            (books.received, books.written_off, books.open, books.disputed),
            money,
        ),
        Sum(_("Arrived = received + not applied"), books.arrived, (books.received, books.unapplied), money),
    ]


def compose(books: Reconciled | None) -> list[Block]:
    """Return the reconciliation: what must be equal, the way of the money, and every line that is not settled."""
    if books is None:
        return [Paragraph(_("The study has no contract."), "lead")]

    def money(amount: int) -> str:
        return money_text(amount, books.currency)

    equal = identities(books)
    difference = sum(abs(each.whole - sum(each.parts)) for each in equal)
    lead = _("As of {day}, the books of contract {contract} differ by {difference}.").format(
        day=day_words(books.as_of), contract=books.contract, difference=money(difference)
    )
    figures = (
        (_("Accrued: earned and pending"), books.totals.accrued),
        (_("Earned"), books.totals.earned),
        (_("Payable"), books.totals.payable),
        (_("Posted to the ledger"), books.posted),
        (_("Invoiced net, less credit notes"), books.net),
        (_("Tax"), books.tax),
        (_("Invoiced gross"), books.gross),
        (_("Received and applied"), books.received),
        (_("Written off"), books.written_off),
        (_("Open, not in dispute"), books.open),
        (_("In dispute"), books.disputed),
        (_("Arrived and not applied"), books.unapplied),
        (_("Bank fees, kept by the bank"), books.fees),
    )
    return [
        Paragraph(lead, "lead"),
        Definitions(
            [
                (_("Contract"), books.contract),
                (_("Other party"), books.other_party),
                (_("Evaluator"), books.engine),
            ]
        ),
        *sums(equal),
        Landscape(),
        Table(
            (Column(_("Sum"), 3, names_row=True), Column(_("Amount"), 1.2, "right")),
            [(words, money(amount)) for words, amount in figures],
            _("The way of the money"),
        ),
        Table(
            (Column(_("Holdback"), 3, names_row=True), Column(_("Amount"), 1.2, "right")),
            [
                (_("Held back"), money(books.held_out)),
                (_("Released"), money(-books.held_in)),
                *unposted_hold(books, money),
                (_("Held back and not released"), money(books.totals.held)),
            ],
            _("Holdback"),
            totals=1,
        ),
        Heading(1, _("Lines that are not settled")),
        _lines(books),
        Paragraph(_("Participants are named by their study numbers alone."), "small"),
    ]


def unposted_hold(books: Reconciled, money: Callable[[int], str]) -> list[tuple[str, str]]:
    """Return what is posted as held and what is not yet, which together are held; nothing where all is posted."""
    as_posted = books.held_out - books.held_in
    more = books.totals.held - as_posted
    return [(_("Not released, as posted"), money(as_posted)), (_("Not posted yet"), money(more))] if more else []


def _lines(books: Reconciled) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, books.currency)

    return Table(
        (
            Column(_("Rule"), 1, names_row=True),
            Column(_("Unit"), 1.5),
            Column(_("Payable"), 1.2, "right"),
            Column(_("Posted"), 1.2, "right"),
            Column(_("Invoiced net"), 1.2, "right"),
            Column(_("The remainder"), 2.6),
        ),
        [
            (
                line.rule,
                unit_words(line.unit),
                money(line.payable),
                money(line.posted),
                money(line.invoiced),
                _remains(line, books.currency),
            )
            for line in books.lines
            if not line.settled
        ],
        empty=_("Every line is posted, invoiced and nothing remains to be done about it."),
    )


def _remains(line: BookLine, currency: str) -> str:
    parts = (
        (_("to post {amount}"), line.payable - line.posted),
        (_("to certify {amount}"), line.uncertified),
        (_("to invoice {amount}"), line.ready),
        (_("to credit {amount}"), line.to_credit),
    )
    return _("; ").join(words.format(amount=money_text(amount, currency)) for words, amount in parts if amount)


REPORT = Report(
    key="reconciliation",
    title=N_("Reconciliation"),
    audience="sponsor",
    section="money",
    parameters=(CONTRACT,),
    each="contract",
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("Facts, ledger, invoices and bank of a contract side by side, which must agree to the last minor unit."),
)

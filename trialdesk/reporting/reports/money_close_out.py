"""A contract's money at its end: what was agreed, earned, invoiced and received, what is left, and what is returned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import contracts, named_on, the_contract
from trialdesk.contracts.rules import CLOSED, STANDINGS, TERMINATED, standing
from trialdesk.contracts.standing import Duty, Supply, agreed_on, duties, supplies
from trialdesk.contracts.vocabulary import SUPPORT
from trialdesk.payments.board import board
from trialdesk.payments.cases import terms_of
from trialdesk.payments.rules.planned import planned
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import CONTRACT
from trialdesk.reporting.reports.reconciliation import Reconciled, identities, unposted_hold
from trialdesk.reporting.reports.reconciliation import gather as gather_books
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Definitions,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.studies.queries import sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Item:
    """What one deliverable came to, in minor units; invoiced and received with tax.

    `planned` is what the terms pay for it as the study is planned, None where no plan gives a number of it.
    """

    rule: str
    planned: int | None
    lines: int
    earned: int
    held: int
    certified: int
    invoiced: int
    received: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The facts of a close-out, in minor units. `unspent` is what the contract says of money that is left.

    `participants` and `sites` are those planned, which the budget rests on.
    """

    books: Reconciled
    title: str | None
    our_party: str
    standing: str
    executed_on: date | None
    ended_on: date | None
    ceiling: int | None
    participants: int | None
    sites: int
    items: tuple[Item, ...]
    unspent: str | None
    supplies: tuple[Supply, ...]
    duties: tuple[Duty, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    contract: str | None = None,
    as_of: date | None = None,  # noqa: ARG001 - books are closed as of what is recorded
) -> Closing | None:
    """Return the facts, None for a study without contracts. Raises UserError for a contract that is not there."""
    if contract is None and not contracts(read, study=study):
        return None
    row = the_contract(read, study=study, number=contract)
    books = gather_books(read, study=study, on=on, contract=row.id)
    assert books is not None
    day = books.as_of
    versions = [terms for terms in terms_of(read, row) if terms.effective_from <= day]
    newest = max(versions, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)
    participants = study_row(read, study=study).planned_participants
    places = len(sites(read, study=study))
    budget = planned(newest, participants=participants, sites=places) if newest else {}
    return Closing(
        books=books,
        title=row.title,
        our_party=named_on(read, on=day).get(row.institution or "", ""),
        standing=standing(row.state, row.ends_on, day),
        executed_on=row.fully_executed_on,
        ended_on=row.closed_on or row.ends_on,
        ceiling=newest.ceiling if newest else None,
        participants=participants,
        sites=places,
        items=tuple(
            Item(
                each.rule,
                budget.get(each.rule),
                each.units,
                each.earned,
                each.held,
                each.certified,
                each.invoiced,
                each.received,
            )
            for each in board(read, study=study, on=day)
            if each.contract == row.number
        ),
        unspent=agreed_on(read, contract=row.id, topic="unspent_funds"),
        supplies=supplies(read, contract=row.id),
        duties=duties(read, contract=row.id),
    )


def left_open(told: Closing) -> list[tuple[str, int]]:
    """Return what of the money is not settled yet, in words with its amount; nothing where all is."""
    books = told.books

    def over(name: str) -> int:
        return sum(getattr(line, name) for line in books.lines)

    found = (
        (_("To be certified"), over("uncertified")),
        (_("To be invoiced"), over("ready")),
        (_("To be credited"), over("to_credit")),
        (_("Held back and not released"), books.totals.held),
        (_("Behind gates"), books.totals.gated),
        (_("Invoiced and not received"), books.open),
        (_("In dispute"), books.disputed),
        (_("Arrived and not applied"), books.unapplied),
    )
    return [(words, amount) for words, amount in found if amount]


def compose(told: Closing | None) -> list[Block]:
    """Return the report: how it ended, sums, deliverables, holdback, what is left, what was given, joint signature."""
    if told is None:
        return [Paragraph(_("The study has no contract."), "lead")]
    books = told.books

    def money(amount: int) -> str:
        return money_text(amount, books.currency)

    lead = _("As of {day}, {earned} was earned under contract {contract} and {received} received with tax.").format(
        day=day_words(books.as_of),
        earned=money(books.totals.earned),
        contract=books.contract,
        received=money(books.received),
    )
    earned = sum(each.earned for each in told.items)
    equal = [
        Sum(_("Earned = the deliverables together"), books.totals.earned, (earned,), money)
        if not _late(told)
        else Sum(
            _("Earned = the deliverables together + what happened after the end"),
            books.totals.earned,
            (earned, books.totals.earned - earned),
            money,
        ),
        *identities(books),
    ]
    return [
        Paragraph(lead, "lead"),
        Definitions(list(_head(told))),
        *sums(equal),
        Heading(1, _("By deliverable")),
        _items(told),
        Heading(1, _("Budget and what came of it")),
        *_budget(told),
        Heading(1, _("Holdback")),
        Table(
            (Column(_("Holdback"), 3, names_row=True), Column(_("Amount"), 1.2, "right")),
            [
                (_("Held back"), money(books.held_out)),
                (_("Released"), money(-books.held_in)),
                *unposted_hold(books, money),
                (_("Held back and not released"), money(books.totals.held)),
            ],
            totals=1,
        ),
        Heading(1, _("What is left")),
        *_open(told),
        Heading(1, _("Given in kind")),
        _supplies(told),
        Heading(1, _("Obligations")),
        _duties(told),
        Signatures(
            [
                Signature(_("The account is complete and nothing else is owed"), told.our_party or _("Our party")),
                Signature(_("The account is agreed"), books.other_party or _("Other party")),
            ]
        ),
    ]


def _late(told: Closing) -> bool:
    """Say whether something happened after the contract had ended: the ledger tells it, no deliverable counts it."""
    return any(line.late for line in told.books.lines)


def _head(told: Closing) -> Iterator[tuple[str, str]]:
    books = told.books
    yield _("Contract"), f"{books.contract}\n{told.title}" if told.title else books.contract
    yield _("Our party"), told.our_party or _("not recorded")
    yield _("Other party"), books.other_party or _("not recorded")
    yield _("State"), _(dict(STANDINGS)[told.standing])
    if told.executed_on:
        yield _("Fully executed on"), written_day(told.executed_on)
    if told.ended_on:
        yield _("Ended or ends on"), written_day(told.ended_on)
    if told.ceiling is None:
        yield _("Ceiling agreed"), _("none agreed")
    else:
        yield _("Ceiling agreed"), money_text(told.ceiling, books.currency)
        yield _("Of it not earned"), money_text(told.ceiling - books.totals.earned, books.currency)
    yield _("Bank fees, kept by the bank"), money_text(books.fees, books.currency)
    yield _("Evaluator"), books.engine


def _items(told: Closing) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, told.books.currency)

    names = ("earned", "held", "certified", "invoiced", "received")
    return Table(
        (
            Column(_("Deliverable"), 1.2, names_row=True),
            Column(_("Lines"), 0.6, "right"),
            Column(_("Earned"), 1.2, "right"),
            Column(_("Held"), 1.2, "right"),
            Column(_("Certified"), 1.2, "right"),
            Column(_("Invoiced with tax"), 1.2, "right"),
            Column(_("Received with tax"), 1.2, "right"),
        ),
        [
            *((each.rule, str(each.lines), *(money(getattr(each, name)) for name in names)) for each in told.items),
            (
                _("Total"),
                str(sum(each.lines for each in told.items)),
                *(money(sum(getattr(each, name) for each in told.items)) for name in names),
            ),
        ],
        totals=1,
    )


def _budget(told: Closing) -> Iterator[Block]:
    """Give what was planned of each deliverable beside what was earned, and what is over or under."""

    def money(amount: int | None) -> str:
        return _("as it arises") if amount is None else money_text(amount, told.books.currency)

    with_plan = [(each.planned, each.earned) for each in told.items if each.planned is not None]
    rows = [
        (
            each.rule,
            money(each.planned),
            money(each.earned),
            "–" if each.planned is None else money(each.earned - each.planned),
        )
        for each in told.items
    ]
    budget, earned = sum(each for each, _earned in with_plan), sum(each for _planned, each in with_plan)
    yield Table(
        (
            Column(_("Deliverable"), 1.2, names_row=True),
            Column(_("Planned"), 1.2, "right"),
            Column(_("Earned"), 1.2, "right"),
            Column(_("Earned less planned"), 1.2, "right"),
        ),
        [*rows, (_("Of what is planned"), money(budget), money(earned), money(earned - budget))],
        totals=1,
    )
    if told.participants is None:
        words = _("How many participants the study plans for is not recorded: what is paid for each has no budget.")
    else:
        words = _(
            "Planned is the price in force with its overhead, for {participants} participants and {sites} sites. What "
            "no plan gives a number of is paid as it arises."
        ).format(participants=told.participants, sites=told.sites)
    yield Paragraph(words, "small")


def _open(told: Closing) -> Iterator[Block]:
    rows = left_open(told)
    yield Table(
        (Column(_("What is not settled"), 3, names_row=True), Column(_("Amount"), 1.2, "right")),
        [(words, money_text(amount, told.books.currency)) for words, amount in rows],
        empty=_("Everything is certified, invoiced, received and released."),
    )
    yield Definitions([(_("Of money that is left the contract says"), told.unspent or _("no clause recorded"))])


def _supplies(told: Closing) -> Table:
    kinds = dict(SUPPORT)
    return Table(
        (
            Column(_("What was given"), 2, names_row=True),
            Column(_("Kind"), 1),
            Column(_("Received on"), 1),
            Column(_("Quantity"), 0.8, "right"),
            Column(_("Used"), 0.8, "right"),
            Column(_("Returned or destroyed"), 1, "right"),
            Column(_("Left"), 0.8, "right"),
            Column(_("Value"), 1.2, "right"),
        ),
        [
            (
                each.name,
                _(kinds[each.kind]),
                written_day(each.received_on) if each.received_on else _("not received"),
                str(each.quantity),
                str(each.used or 0),
                str(each.returned or 0),
                str(each.quantity - (each.used or 0) - (each.returned or 0)),
                _("not recorded")
                if each.unit_value is None
                else money_text(each.quantity * each.unit_value, each.currency or told.books.currency),
            )
            for each in told.supplies
        ],
        empty=_("Nothing was given in kind."),
    )


def _duties(told: Closing) -> Table:
    return Table(
        (Column(_("What is owed"), 3, names_row=True), Column(_("Due on"), 1), Column(_("Met on"), 1)),
        [
            (each.what, written_day(each.due_on), written_day(each.met_on) if each.met_on else _("open"))
            for each in told.duties
        ],
        empty=_("No obligation is recorded."),
    )


def open_points(told: Closing | None) -> tuple[str, ...]:
    """Return what must be settled before the report is final: the contract closed, the money settled, duties met."""
    if told is None:
        return (_("The study has no contract."),)
    found = [] if told.standing in {CLOSED, TERMINATED} else [_("The contract is not closed.")]
    found += [
        _("{words}: {amount}").format(words=words, amount=money_text(amount, told.books.currency))
        for words, amount in left_open(told)
    ]
    waiting = sum(each.met_on is None for each in told.duties)
    if waiting:
        found.append(
            n_("{count} obligation is not met.", "{count} obligations are not met.", waiting).format(count=waiting)
        )
    return tuple(found)


REPORT = Report(
    key="money-close-out",
    title=N_("Close-out financial report"),
    audience="sponsor",
    section="money",
    parameters=(CONTRACT,),
    each="contract",
    gather=gather,
    compose=compose,
    tells_day=True,
    open_items=open_points,
    about=N_("A contract's money at its end: agreed, earned, received, released, what is left, and what was given."),
)

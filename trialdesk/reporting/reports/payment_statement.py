"""What a contract owes as of a day: sums that close, every line, and what is odd among the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import ContractRow, contracts, named_on, the_contract
from trialdesk.payments.books import Differences, asking
from trialdesk.payments.owed import Statement, site_numbers, statement
from trialdesk.payments.queries import entries
from trialdesk.payments.rules.assess import Totals
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.rules.lines import DUE
from trialdesk.payments.rules.wording import unit_words
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF, CONTRACT, START, day_of_text
from trialdesk.reporting.reports.statement_grid import grid
from trialdesk.reporting.reports.statement_standing import Standing, period, standing
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Definitions,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Portrait,
    Table,
)
from trialdesk.trail.position import last_known

STATES = {
    "EARNED": N_("Earned"),
    "PENDING": N_("Pending"),
    "DEFERRED": N_("Deferred by a ratio"),
    "EXCESS": N_("Over the most paid"),
    "CAPPED": N_("Capped"),
    "GATED": N_("Held back by a gate"),
    "FAILED": N_("Not owed"),
}
FIGURES = (
    ("accrued", N_("Accrued: earned and pending")),
    ("earned", N_("Earned")),
    ("pending", N_("Pending")),
    ("gated", N_("Held back by gates")),
    ("held", N_("Holdback")),
    ("payable", N_("Payable")),
    ("deferred", N_("Deferred by a ratio")),
    ("excess", N_("Over the most paid")),
    ("capped", N_("Cut by caps")),
    ("forfeited", N_("Forfeited")),
)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of the statement, in minor units."""

    rule: str
    unit: str
    on: date
    state: str
    terms: int
    line: int
    hold: int
    pay: int
    site: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class StudyAmount:
    """A bonus or, negative, a penalty."""

    rule: str
    state: str
    amount: int


@dataclass(frozen=True, slots=True)
class Owed:
    """The facts of a statement. `ledger` was posted for days up to `as_of`, `to_invoice` could be invoiced now.

    What could be invoiced, or is to be credited, is not told of a day that is past: it was done since. `opening` is
    how it stood before the period began, None where none was asked for.
    """

    contract: str
    other_party: str
    direction: str
    currency: str
    as_of: date
    engine: str
    versions: tuple[tuple[int, date], ...]
    totals: Totals
    lines: tuple[StatementLine, ...]
    for_study: tuple[StudyAmount, ...]
    to_invoice: int | None
    to_credit: int | None
    ledger: int
    odd: tuple[tuple[str, str], ...]
    undated: tuple[tuple[str, str], ...]
    closing: Standing
    since: date | None = None
    opening: Standing | None = None


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    as_of: date | None = None,
    contract: str | None = None,
    start: str | None = None,
) -> Owed | None:
    """Return the facts, None for a study without contracts; `start` is the first day of a period (ISO 8601).

    Now is when the snapshot's last event was recorded, so that a statement of a past position is the same for ever.
    Raises UserError for no such day, and for one after the statement's own.
    """
    here = contracts(read, study=study)
    if not here and contract is None:
        return None
    row = the_contract(read, study=study, number=contract)
    known_at, today = last_known(read, study) or (None, on)
    assert known_at is not None
    day = as_of or today
    found = statement(read, study=study, as_of=day, known_at=known_at, contract=row.id)
    now = asking(read, study=study, found=found) if day >= today else None
    owed = _owed(read, found, row, day, now)
    if not start:
        return owed
    since = day_of_text(start)
    if since > day:
        raise UserError(
            _("The period begins on {since}, after the day of the statement, {day}.").format(
                since=day_words(since), day=day_words(day)
            ),
            remedy=_("Choose an earlier day to begin with, or a later one to end with."),
        )
    before = since - timedelta(days=1)
    then = statement(read, study=study, as_of=before, known_at=known_at, contract=row.id)
    return replace(owed, since=since, opening=standing(read, then, row, before))


def _owed(read: Read, found: Statement, row: ContractRow, day: date, now: Differences | None) -> Owed:
    told = found.assessment
    facts = {fact.id: fact for fact in found.desk.case.facts}
    numbers = site_numbers(read, study=found.study)
    return Owed(
        closing=standing(read, found, row, day),
        contract=row.number,
        other_party=named_on(read, on=day).get(row.supporter, ""),
        direction=row.direction,
        currency=row.currency,
        as_of=day,
        engine=told.engine,
        versions=tuple((each.number, each.effective_from) for each in found.desk.terms),
        totals=told.totals,
        lines=tuple(
            StatementLine(
                line.unit.rule.code,
                line.unit.key,
                line.unit.day,
                line.state,
                line.unit.terms.no,
                line.amount,
                line.hold,
                line.pay,
                found.site_of(line, numbers),
                line.unit.subject,
            )
            for line in told.lines
        ),
        for_study=tuple(StudyAmount(each.rule.code, each.state, each.amount) for each in told.study_level),
        to_invoice=sum(each.net for each in now[0]) if now else None,
        to_credit=sum(each.net for each in now[1]) if now else None,
        ledger=sum(each.amount for each in entries(read, contract=row.id) if each.as_of <= day),
        odd=tuple((_named(facts[each.fact]), each.problem) for each in told.errors),
        undated=tuple((each["fact"], each["problem"].rpartition(" ")[2]) for each in found.undated),
    )


def _named(fact: Fact) -> str:
    return " ".join(
        filter(None, (fact.kind, "/".join(filter(None, (fact.subject, fact.visit))), str(fact.occurred_on)))
    )


def compose(owed: Owed | None) -> list[Block]:
    """Return the statement: sums, what closes, by rule, every line."""
    if owed is None:
        return [Paragraph(_("The study has no contract."), "lead")]

    def money(amount: int) -> str:
        return money_text(amount, owed.currency)

    totals = owed.totals
    lead = _("As of {day}, {earned} is earned under contract {contract}: {payable} payable, {held} held.").format(
        day=day_words(owed.as_of),
        earned=money(totals.earned),
        contract=owed.contract,
        payable=money(totals.payable),
        held=money(totals.held),
    )
    versions = ", ".join(
        _("version {number} from {day}").format(number=number, day=day_words(day)) for number, day in owed.versions
    )
    return [
        Paragraph(lead, "lead"),
        Definitions(
            [
                (_("Contract"), owed.contract),
                (_("Other party"), owed.other_party),
                (_("Who pays"), _("We are paid") if owed.direction == "receivable" else _("We pay")),
                (_("Terms"), versions),
                (_("Evaluator"), owed.engine),
            ]
        ),
        Table(
            (Column(_("Sum"), 3, names_row=True), Column(_("Amount"), 1, "right")),
            [
                *((_(words), money(getattr(totals, name))) for name, words in FIGURES),
                *([(_("To be invoiced, net"), money(owed.to_invoice))] if owed.to_invoice is not None else []),
                *([(_("To be credited, net"), money(owed.to_credit))] if owed.to_credit is not None else []),
                (_("Posted to the ledger"), money(owed.ledger)),
            ],
            _("Sums, not reduced by what was invoiced"),
        ),
        *sums(
            [
                Sum(_("Accrued = earned + pending"), totals.accrued, (totals.earned, totals.pending), money),
                Sum(
                    _("Earned = behind gates + held + payable"),
                    totals.earned,
                    (totals.gated, totals.held, totals.payable),
                    money,
                ),
            ]
        ),
        period(owed.closing, owed.as_of, owed.currency, since=owed.since, opening=owed.opening),
        Heading(1, _("By rule")),
        _by_rule(owed),
        *_odd(owed),
        Landscape(),
        Heading(1, _("By participant")),
        *grid(
            [
                (line.subject, line.rule, "" if line.state in DUE else _(STATES[line.state]), line.pay + line.hold)
                for line in owed.lines
                if line.subject
            ],
            owed.currency,
        ),
        Portrait(),
        Heading(1, _("Every line")),
        _lines(owed),
    ]


def _by_rule(owed: Owed) -> Table:
    found: dict[str, list[int]] = {}
    for line in owed.lines:
        row = found.setdefault(line.rule, [0, 0, 0, 0])
        for place, amount in enumerate((1, line.line if line.pay or line.hold else 0, line.hold, line.pay)):
            row[place] += amount
    for each in owed.for_study:
        row = found.setdefault(each.rule, [0, 0, 0, 0])
        row[1] += each.amount
        row[3] += each.amount
    rows = [
        (rule, str(count), *(money_text(amount, owed.currency) for amount in amounts))
        for rule, (count, *amounts) in found.items()
    ]
    return Table(
        (
            Column(_("Rule"), 2, names_row=True),
            Column(_("Lines"), 1, "right"),
            Column(_("Amount"), 1.4, "right"),
            Column(_("Held"), 1.4, "right"),
            Column(_("Payable"), 1.4, "right"),
        ),
        rows,
        empty=_("Nothing has happened that the terms pay for."),
    )


def _lines(owed: Owed) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, owed.currency)

    return Table(
        (
            Column(_("Rule"), names_row=True),
            Column(_("Unit"), 1),
            Column(_("Date")),
            Column(_("Version"), 0, "right"),
            Column(_("State")),
            Column(_("Line"), 0, "right"),
            Column(_("Held"), 0, "right"),
            Column(_("Payable"), 0, "right"),
        ),
        [
            (
                line.rule,
                unit_words(line.unit, line.site),
                written_day(line.on),
                str(line.terms),
                _(STATES[line.state]),
                money(line.line),
                money(line.hold),
                money(line.pay),
            )
            for line in owed.lines
        ],
        empty=_("Nothing has happened that the terms pay for."),
    )


def _odd(owed: Owed) -> list[Block]:
    said = [f"{fact}: {_(problem)}" for fact, problem in owed.odd]
    said += [_("{fact}: no full date ({written})").format(fact=fact, written=written) for fact, written in owed.undated]
    return [Note("\n".join(said), _("These facts make no line"))] if said else []


REPORT = Report(
    key="payment-statement",
    title=N_("Payment statement"),
    audience="sponsor",
    section="money",
    parameters=(CONTRACT, AS_OF, START),
    each="contract",
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("What a contract owes for what was done, line by line, with sums that must close."),
)

"""What a contract owes: the assessment of a desk's study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, the_contract
from trialdesk.payments.cases import DeskCase, case_of
from trialdesk.payments.projection import Undated
from trialdesk.payments.queries import certified_lines
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.certifying import CertifiedLine, due_lines, vouched
from trialdesk.payments.rules.lines import FAILED, Line
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import sites
from trialdesk.trail.position import last_known

NO_DAY = "no full date: {written}"
"""What is wrong with something dated by a year or a month alone; it stays English, as all problems of an answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A contract's assessment on a desk, with what the desk knows of its facts and terms."""

    contract: Id
    desk: DeskCase
    assessment: Assessment
    ended: date | None = None
    """The day on which the contract was closed, ended early or given up."""
    study: Id = ""

    def is_late(self, line: Line) -> bool:
        """Say whether a line's fact happened after the contract had ended: nobody can certify it, so it is not paid.

        The evaluator knows terms and facts and no contract: a holdback may well come free after the end.
        """
        return self.ended is not None and line.unit.fact is not None and line.unit.day > self.ended

    def site_of(self, line: Line, numbers: Mapping[Id, str]) -> str | None:
        """Return the number of the site whose doing a line is paid for, None for any other line."""
        origin = self.desk.told.origins.get(line.unit.fact.id) if line.unit.fact else None
        return numbers.get(origin.record) if origin else None

    @property
    def undated(self) -> tuple[dict[str, str], ...]:
        """What has no full date and therefore makes no fact, as errors of the answer."""
        return tuple(
            {"fact": f"{each.fact} {_unit(each, self)}".strip(), "problem": NO_DAY.format(written=each.written)}
            for each in self.desk.told.undated
        )

    def answer(self, *, ledger: bool = False) -> dict[str, Any]:
        """Return the answer in the shape of `payments assess`, with what has no full date among the errors."""
        said = answer(self.assessment, ledger=ledger)
        return {**said, "errors": [*said["errors"], *self.undated]}


def statement(
    read: Read,
    *,
    study: Id,
    as_of: date,
    known_at: datetime,
    contract: str | None = None,
    certified_only: bool = False,
) -> Statement:
    """Return what a study's contract owes for what had happened by a day, as known at an instant. Seven statements.

    `contract` is a number or id; without it the only one with terms. Raises UserError where there is none, or more.
    """
    row = the_contract(read, study=study, number=contract)
    desk = case_of(read, study=study, contract=row, known_at=known_at, certified_only=certified_only)
    return Statement(row.id, desk, assess(desk.case, as_of, known_at), row.closed_on, study)


def certified_now(read: Read, found: Statement) -> Mapping[LineKey, CertifiedLine]:
    """Return what is certified of a statement's lines, by facts that still stand. One statement."""
    origins = found.desk.told.origins

    def told_by(fact: str) -> str | None:
        origin = origins.get(fact)
        return origin.record if origin is not None else None

    return vouched(certified_lines(read, contract=found.contract), due_lines(found.assessment), told_by)


def _unit(each: Undated, said: Statement) -> str:
    visit = said.desk.told.called(each.visit, frozenset()) if each.visit else None
    return "/".join(part for part in (each.subject, visit) if part)


@dataclass(frozen=True, slots=True)
class Position:
    """A line of a contract as a list shows it, with the day and the instant it was reckoned for."""

    id: str
    contract: str
    rule: str
    unit: str
    on: date | None
    state: str
    currency: str
    line: int
    hold: int
    pay: int
    as_of: date
    known_at: datetime
    site: str | None = None
    """The number of the site, where it is paid for what a site did."""


def site_numbers(read: Read, *, study: Id) -> dict[Id, str]:
    """Return the numbers of a study's sites by their ids. One statement."""
    return {each.id: each.number for each in sites(read, study=study)}


def owed_lines(read: Read, *, study: Id, on: date) -> tuple[Position, ...]:
    """Return every line of every contract of a study that has terms, as known now. Some statements a contract.

    What happened after a contract had ended stands there with nothing owed.
    """
    last = last_known(read, study)
    if last is None:
        return ()
    known_at, _day = last
    numbers = site_numbers(read, study=study)
    found: list[Position] = []
    for row in contracts(read, study=study):
        told = statement(read, study=study, contract=row.id, as_of=on, known_at=known_at)
        amounts: list[tuple[str, str, date | None, str, int, int, int, str | None]] = []
        for line in told.assessment.lines:
            late = told.is_late(line)
            owed = (FAILED, 0, 0, 0) if late else (line.state, line.amount, line.hold, line.pay)
            amounts.append((*line.unit.line, line.unit.day, *owed, told.site_of(line, numbers)))
        amounts += [
            (*each.line, None, each.state, each.amount, 0, each.amount, None) for each in told.assessment.study_level
        ]
        for rule, unit, day, state, amount, hold, pay, site in amounts:
            id_ = f"{row.number} {rule} {unit}"
            found.append(
                Position(id_, row.number, rule, unit, day, state, row.currency, amount, hold, pay, on, known_at, site)
            )
    return tuple(found)

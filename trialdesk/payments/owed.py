"""What a contract owes: the assessment of a desk's study."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trialdesk.base.ids import Id
from trialdesk.contracts.queries import the_contract
from trialdesk.payments.cases import DeskCase, case_of
from trialdesk.payments.projection import Undated
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.persistence.reading import Read

NO_DAY = "no full date: {written}"
"""What is wrong with something dated by a year or a month alone; it stays English, as all problems of an answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A contract's assessment on a desk, with what the desk knows of its facts and terms."""

    contract: Id
    desk: DeskCase
    assessment: Assessment

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
    return Statement(row.id, desk, assess(desk.case, as_of, known_at))


def _unit(each: Undated, said: Statement) -> str:
    visit = said.desk.told.called(each.visit, frozenset()) if each.visit else None
    return "/".join(part for part in (each.subject, visit) if part)

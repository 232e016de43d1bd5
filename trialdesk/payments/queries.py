"""What a contract owes and why: statements, the ledger, certificates, invoices, receipts, disputes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.contracts.queries import the_contract
from trialdesk.payments.cases import DeskCase, case_of
from trialdesk.payments.projection import Undated
from trialdesk.payments.records import Entry
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.ledger import Posting
from trialdesk.persistence.reading import Read

NO_DAY = "no full date: {written}"
"""What is wrong with something dated by a year or a month alone; it stays English, as all problems of an answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A contract's assessment on a desk, with what the desk knows of its facts and terms."""

    contract: Id
    desk: DeskCase
    assessment: Assessment

    def answer(self, *, ledger: bool = False) -> dict[str, Any]:
        """Return the answer in the shape of `payments assess`, with what has no full date among the errors."""
        said = answer(self.assessment, ledger=ledger)
        said["errors"] += [
            {"fact": f"{each.fact} {_unit(each, self)}", "problem": NO_DAY.format(written=each.written)}
            for each in self.desk.told.undated
        ]
        return said


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

    `contract` is a number or id; without it the only contract with terms. Raises UserError where there is none, or more.
    """
    row = the_contract(read, study=study, number=contract)
    desk = case_of(read, study=study, contract=row, known_at=known_at, certified_only=certified_only)
    return Statement(row.id, desk, assess(desk.case, as_of, known_at))


def end_of(day: date) -> datetime:
    """Return the last second of a day in UTC: what a day stands for where an instant is due."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def _unit(each: Undated, said: Statement) -> str:
    visit = said.desk.told.called(each.visit, frozenset()) if each.visit else None
    return "/".join(part for part in (each.subject, visit) if part)


def posted(read: Read, *, contract: Id, name: str) -> tuple[Posting, ...]:
    """Return what was posted for a contract, as postings under the contract's name. One statement."""
    own = Entry.TABLE.c
    rows = read.rows(
        sa.select(own.rule, own.unit, own.component, own.amount).where(own.contract == contract, ~own.voided)
    )
    return tuple(Posting((name, row.rule, row.unit), row.component, row.amount) for row in rows)

"""The board of deliverables: for each thing the contracts pay for, how far its money has come.

Amounts are minor units of the contract's currency. Accrued to certified are lines before tax, holdback in them;
invoiced, received and disputed are as they stand on invoices, tax in them, invoiced less credit notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, contracts
from trialdesk.payments.owed import Statement, site_numbers, statement
from trialdesk.payments.queries import InvoiceRow, certified_lines, disputes, invoices
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.lines import DUE, FAILED, GATED, PENDED, Line
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a deliverable: for whom, when, its state and what it comes to."""

    id: str
    unit: str
    on: date | None
    state: str
    line: int
    hold: int
    pay: int
    currency: str
    site: str | None = None
    """The number of the site, where it is paid for what a site did."""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One rule of one contract's terms with the money of all its lines, and the day and instant it is reckoned for.

    accrued = earned + pending, and gated and held are parts of earned.
    """

    id: str
    version: int
    contract: str
    rule: str
    kind: str
    currency: str
    accrued: int
    pending: int
    earned: int
    gated: int
    held: int
    certified: int
    invoiced: int
    received: int
    disputed: int
    parts: tuple[Part, ...]
    as_of: date
    known_at: datetime

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.contract} · {self.rule}"

    @property
    def units(self) -> int:
        """How many lines there are."""
        return len(self.parts)


@dataclass(slots=True)
class _Billed:
    """What invoices say of a rule's lines."""

    invoiced: int = 0
    received: int = 0
    disputed: int = 0


def board(read: Read, *, study: Id, on: date) -> tuple[Deliverable, ...]:
    """Return every deliverable of a study's contracts as of a day, as known now. Some statements a contract.

    What the terms of that day pay for stands there from the first, with nothing earned yet. What happened after the
    contract had ended is listed and counts nothing.
    """
    last = last_known(read, study)
    if last is None:
        return ()
    issued, disputed = invoices(read, study=study), _in_dispute(read, study)
    numbers = site_numbers(read, study=study)
    found: list[Deliverable] = []
    for row in contracts(read, study=study):
        told = statement(read, study=study, contract=row.id, as_of=on, known_at=last[0])
        certified: dict[str, int] = {}
        for line in certified_lines(read, contract=row.id).values():
            certified[line.rule] = certified.get(line.rule, 0) + line.line
        billed = _billed([each for each in issued if each.contract == row.id], disputed)
        found += _deliverables(row, told, certified, billed, numbers)
    return tuple(found)


def _deliverables(
    row: ContractRow,
    told: Statement,
    certified: Mapping[str, int],
    billed: Mapping[str, _Billed],
    numbers: Mapping[Id, str],
) -> Iterable[Deliverable]:
    assessment = told.assessment
    for code, kind in _rules(assessment).items():
        listed = [line for line in assessment.lines if line.unit.rule.code == code]
        lines = [line for line in listed if not told.is_late(line)]
        study = [each for each in assessment.study_level if each.rule.code == code]
        earned = sum(line.earned for line in lines if line.state in {*DUE, GATED}) + sum(each.amount for each in study)
        pending = sum(line.earned for line in lines if line.state == PENDED)
        asked = billed.get(code, _Billed())
        parts = [_part(line, row.currency, told.site_of(line, numbers), late=told.is_late(line)) for line in listed]
        parts += [
            Part(each.key, each.key, None, each.state, each.amount, 0, each.amount, row.currency) for each in study
        ]
        yield Deliverable(
            id=f"{row.number} {code}",
            version=0,
            contract=row.number,
            rule=code,
            kind=kind,
            currency=row.currency,
            accrued=earned + pending,
            pending=pending,
            earned=earned,
            gated=sum(line.earned for line in lines if line.state == GATED),
            held=sum(line.hold for line in lines),
            certified=certified.get(code, 0),
            invoiced=asked.invoiced,
            received=asked.received,
            disputed=asked.disputed,
            parts=tuple(parts),
            as_of=assessment.as_of,
            known_at=assessment.known_at,
        )


def _part(line: Line, currency: str, site: str | None, *, late: bool) -> Part:
    key, day = line.unit.key, line.unit.day
    if late:
        return Part(key, key, day, FAILED, 0, 0, 0, currency, site)
    return Part(key, key, day, line.state, line.amount, line.hold, line.pay, currency, site)


def _rules(assessment: Assessment) -> dict[str, str]:
    """Return by code the kind of each rule: those in force, then those that only earlier lines follow."""
    in_force = [terms for terms in assessment.case.terms if terms.effective_from <= assessment.as_of]
    newest = max(in_force, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)
    rules = {rule.code: rule.kind for rule in (newest.rules if newest else ())}
    for line in assessment.lines:
        rules.setdefault(line.unit.rule.code, line.unit.rule.kind)
    for each in assessment.study_level:
        rules.setdefault(each.rule.code, each.rule.kind)
    return rules


def _billed(issued: Iterable[InvoiceRow], disputed: Mapping[Id, int]) -> dict[str, _Billed]:
    found: dict[str, _Billed] = {}
    for invoice in issued:
        for line in invoice.lines:
            of = found.setdefault(line.rule, _Billed())
            of.invoiced += line.net + line.tax
            of.received += line.paid
            of.disputed += disputed.get(line.id, 0)
    return found


def _in_dispute(read: Read, study: Id) -> dict[Id, int]:
    found: dict[Id, int] = {}
    for each in disputes(read, study=study):
        if each.resolved_on is None:
            found[each.line] = found.get(each.line, 0) + each.amount
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """A deliverable's money summed over a contract: the identities a person checks at a glance."""

    contract: str
    currency: str
    sums: Mapping[str, int] = field(default_factory=dict)


SUMMED = ("accrued", "pending", "earned", "gated", "held", "certified", "invoiced", "received", "disputed")


def tallies(rows: Iterable[Deliverable]) -> tuple[Tally, ...]:
    """Return the sums of each contract, in the order of the rows."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        sums = found.setdefault((row.contract, row.currency), dict.fromkeys(SUMMED, 0))
        for name in SUMMED:
            sums[name] += getattr(row, name)
    return tuple(Tally(contract, currency, sums) for (contract, currency), sums in found.items())

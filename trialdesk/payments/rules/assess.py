"""Assess a case: what is earned, pending, held and payable on a day, as it was known at an instant.

The same case, day and instant give the same answer for ever: nothing here asks the clock, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import Case, LineKey
from trialdesk.payments.rules.documents import Asked, Document, certified_on, documents
from trialdesk.payments.rules.facts import Known, View
from trialdesk.payments.rules.gates import behind_gates, held
from trialdesk.payments.rules.limits import within_ceiling, within_ratio, within_subject_cap
from trialdesk.payments.rules.lines import (
    DEFERRED,
    DUE,
    EARNED,
    EXCESS,
    FAILED,
    GATED,
    PENDED,
    Line,
    judged,
    priced,
)
from trialdesk.payments.rules.reasons import reason
from trialdesk.payments.rules.study_level import StudyLine, study_level, subject_lines
from trialdesk.payments.rules.terms import KEEP, PENALTY
from trialdesk.payments.rules.units import Contract, units

ENGINE = "1"
"""The evaluator's version: it changes where an answer could."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines and the study-level amounts, in minor units; cumulative, not reduced by invoices.

    accrued = earned + pending; earned = gated + held + payable.
    """

    accrued: int
    earned: int
    pending: int
    gated: int
    deferred: int
    excess: int
    capped: int
    forfeited: int
    held: int
    payable: int


@dataclass(frozen=True, slots=True)
class DataError:
    """A fact that makes no line although a rule would have it, and why (a template marked for translation)."""

    fact: str
    problem: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer: lines by day, what is reckoned for the study, sums, what could be invoiced, and corrections."""

    case: Case
    as_of: date
    known_at: datetime
    lines: tuple[Line, ...]
    study_level: tuple[StudyLine, ...]
    totals: Totals
    document: Document
    corrections: tuple[Document, ...]
    errors: tuple[DataError, ...]
    engine: str = ENGINE


@dataclass(frozen=True, slots=True)
class _Answer:
    """The assessment before its documents, which depend on earlier ones."""

    lines: tuple[Line, ...]
    study_level: tuple[StudyLine, ...]
    errors: tuple[DataError, ...]

    def asked(self) -> dict[LineKey, Asked]:
        """Return what each line comes to."""
        lines = {line.unit.line: Asked(line.pay, line.unit.day if line.unit.fact else None) for line in self.lines}
        study = {each.line: Asked(each.amount, signed=each.rule.kind == PENALTY) for each in self.study_level}
        return {**lines, **study}


def assess(case: Case, as_of: date, known_at: datetime) -> Assessment:
    """Return what the terms owe for what had happened by the end of `as_of`, as it was known at `known_at`.

    Facts and terms recorded later are not seen, nor facts of later days. Every amount is whole minor units of the
    case's currency, every factor an exact fraction. The order of the facts has no meaning. Raises nothing for a case
    that was read: what cannot be computed was refused then.
    """
    evaluate = _Evaluation(case)
    answer = evaluate(as_of, known_at.astimezone(UTC))
    document, corrections = documents(case, as_of, evaluate.day_of(known_at), answer.asked(), evaluate.asked_on)
    return Assessment(
        case=case,
        as_of=as_of,
        known_at=known_at.astimezone(UTC),
        lines=answer.lines,
        study_level=answer.study_level,
        totals=_totals(answer),
        document=document,
        corrections=corrections,
        errors=answer.errors,
    )


class _Evaluation:
    """One case, evaluated at as many days and instants as its invoices need; each once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._answers: dict[tuple[date, datetime], _Answer] = {}

    def __call__(self, as_of: date, known_at: datetime) -> _Answer:
        name = as_of, known_at
        if name not in self._answers:
            self._answers[name] = self._evaluated(as_of, known_at)
        return self._answers[name]

    def day_of(self, known_at: datetime) -> date:
        """Return the calendar date of an instant where the case is."""
        return known_at.astimezone(ZoneInfo(self._case.zone)).date()

    def asked_on(self, day: date) -> Mapping[LineKey, Asked]:
        """Return what each line came to at the end of a day."""
        return self(day, _end_of(day)).asked()

    def _evaluated(self, as_of: date, known_at: datetime) -> _Answer:
        case = self._case
        versions = tuple(terms for terms in case.terms if terms.recorded_at <= known_at)
        contract = Contract(versions, View(Known(case.facts, known_at), as_of), case.calendars)
        certified = certified_on(case, as_of, self.day_of(known_at))
        found = units(contract)
        penalties = [unit for unit in found.found if unit.rule.kind == PENALTY]
        lines = [judged(contract, unit, case.weights, certified) for unit in found.found if unit.rule.kind != PENALTY]
        kept = {line.unit.line: line for line in self._kept(lines, certified, as_of, known_at)}
        lines = [line for line in lines if line.unit.line not in kept]
        in_order = chain(priced(sorted(lines, key=_slot)), kept.values())
        view = contract.view
        limited = within_subject_cap(within_ratio(sorted(in_order, key=_slot), view), case.exponent)
        limited = within_ceiling(limited, contract.in_force(as_of, None), case.exponent)
        done = list(held(behind_gates(limited, view, certified, case.exponent), case.exponent))
        return _Answer(
            tuple(sorted(done, key=lambda line: (line.unit.day, *line.unit.line))),
            tuple(study_level(contract, penalties, subject_lines(done), certified, case.exponent)),
            tuple(DataError(fact, problem) for fact, problem in sorted(found.errors.items())),
        )

    def _kept(
        self, lines: list[Line], certified: Mapping[LineKey, date], as_of: date, known_at: datetime
    ) -> Iterator[Line]:
        """Give the certified lines that are lost since and that their terms let stay, as they were certified."""
        standing = {line.unit.line for line in lines if line.state != FAILED}
        for name, on in certified.items():
            if name in standing or (on, _end_of(on)) == (as_of, known_at) or not self._may_keep(name[0]):
                continue
            for line in self(on, _end_of(on)).lines:
                if line.unit.line == name and line.unit.rule.undo == KEEP and line.state in DUE:
                    why = line.because(reason(reasons.KEPT, day=on))
                    yield replace(line, state=EARNED, hold=0, released=0, pay=0, why_not_more=why)

    def _may_keep(self, code: str) -> bool:
        rules = (terms.rule(code) for terms in self._case.terms)
        return any(rule is not None and rule.undo == KEEP for rule in rules)


def _slot(line: Line) -> tuple[datetime, date, str, str]:
    return line.unit.order


@cache
def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _totals(answer: _Answer) -> Totals:
    study = sum(each.amount for each in answer.study_level)

    def amounts(*states: str) -> int:
        return sum(line.earned for line in answer.lines if line.state in states)

    earned, pending = amounts(*DUE, GATED) + study, amounts(PENDED)
    return Totals(
        accrued=earned + pending,
        earned=earned,
        pending=pending,
        gated=amounts(GATED),
        deferred=amounts(DEFERRED),
        excess=amounts(EXCESS),
        capped=sum(line.cut for line in answer.lines),
        forfeited=sum(line.forfeit for line in answer.lines),
        held=sum(line.hold for line in answer.lines),
        payable=sum(line.pay for line in answer.lines) + study,
    )

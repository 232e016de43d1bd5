"""Assess a case: what is earned, pending, held and payable on a day, as it was known at an instant.

The same case, day and instant give the same answer for ever: nothing here asks the clock, and nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from trialdesk.base.collecting import uncollected
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.case import Case, LineKey
from trialdesk.payments.rules.documents import Asked, Document, documents
from trialdesk.payments.rules.evaluating import Evaluated, Evaluation
from trialdesk.payments.rules.lines import DEFERRED, DUE, EXCESS, GATED, PENDED, Line
from trialdesk.payments.rules.study_level import StudyLine

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


@uncollected()
def assess(case: Case, as_of: date, known_at: datetime) -> Assessment:
    """Return what the terms owe for what had happened by the end of `as_of`, as it was known at `known_at`.

    Facts and terms recorded later are not seen, nor facts of later days. Every amount is whole minor units of the
    case's currency, every factor an exact fraction. The order of the facts has no meaning. Raises nothing for a case
    that was read: what cannot be computed was refused then.
    """
    known_at = known_at.astimezone(UTC)
    evaluate = Evaluation(case)
    found = evaluate(as_of, known_at)
    sums = totals(found.lines, found.study_level)
    return assessment(evaluate, as_of, known_at, found, asked=found.asked(), sums=sums)


def assessment(
    evaluate: Evaluation,
    as_of: date,
    known_at: datetime,
    found: Evaluated,
    *,
    asked: Mapping[LineKey, Asked],
    sums: Totals,
) -> Assessment:
    """Return what was evaluated with its documents (step 14); `asked` and `sums` are what its lines come to."""
    document, corrections = documents(evaluate.case, as_of, evaluate.day_of(known_at), asked, evaluate.asked_on)
    return Assessment(
        case=evaluate.case,
        as_of=as_of,
        known_at=known_at,
        lines=found.lines,
        study_level=found.study_level,
        totals=sums,
        document=document,
        corrections=corrections,
        errors=tuple(DataError(fact, problem) for fact, problem in sorted(found.errors.items())),
    )


def totals(lines: Iterable[Line], study_level: Iterable[StudyLine]) -> Totals:
    """Return the sums over some lines and amounts of the study; those of parts add up to those of the whole."""
    lines = list(lines)
    study = sum(each.amount for each in study_level)
    earned_in = Counter[str]()
    for line in lines:
        earned_in[line.state] += line.earned
    earned = sum(earned_in[state] for state in (*DUE, GATED)) + study
    return Totals(
        accrued=earned + earned_in[PENDED],
        earned=earned,
        pending=earned_in[PENDED],
        gated=earned_in[GATED],
        deferred=earned_in[DEFERRED],
        excess=earned_in[EXCESS],
        capped=sum(line.cut for line in lines),
        forfeited=sum(line.forfeit for line in lines),
        held=sum(line.hold for line in lines),
        payable=sum(line.pay for line in lines) + study,
    )

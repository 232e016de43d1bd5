"""Assess again after new facts: only the lines of the participants they are about are reckoned anew.

The answer is that of `assess` on all facts, exactly. Everything is reckoned anew where a new fact is of the study or
reaches beyond its participant's own lines (`reach`), such as one that a gate's metric counts; where the ceiling is
reached; and where terms keep what was certified.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

from trialdesk.base.collecting import uncollected
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.assess import Assessment, Totals, assessment, totals
from trialdesk.payments.rules.case import Case, LineKey
from trialdesk.payments.rules.documents import Asked
from trialdesk.payments.rules.evaluating import (
    Evaluated,
    Evaluation,
    asked_of,
    asked_of_study,
    by_day,
    earned_codes,
)
from trialdesk.payments.rules.facts import KINDS, VOID, Fact, Known
from trialdesk.payments.rules.limits import counted
from trialdesk.payments.rules.reach import Reach, reach
from trialdesk.payments.rules.study_level import subject_lines
from trialdesk.payments.rules.terms import BONUS, PENALTY, PER_STUDY
from trialdesk.payments.rules.units import Contract, Unit, units_of


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment with what it takes to go on from it; `in_full` says whether everything was reckoned anew."""

    assessment: Assessment
    in_full: bool
    evaluate: Evaluation
    contract: Contract
    certified: Mapping[LineKey, date]
    found: Evaluated
    asked: Mapping[LineKey, Asked]
    reach: Reach
    earned: frozenset[str]
    """The codes of rules that do not stand alone of which a line is earned: what holdback waits for."""
    counted: int
    """What the lines take of the contract's ceiling."""
    of_subjects: int
    """What the subjects' lines come to."""


@uncollected()
def assess_first(case: Case, as_of: date, known_at: datetime) -> Standing:
    """Return the assessment of a case as `assess` does, to go on from."""
    known_at = known_at.astimezone(UTC)
    evaluate = Evaluation(case)
    contract, certified = evaluate.contract(as_of, known_at), evaluate.certified(as_of, known_at)
    found = evaluate.evaluated(contract, certified)
    reaching = reach(contract.versions)
    return _standing(
        in_full=True,
        evaluate=evaluate,
        contract=contract,
        certified=certified,
        found=found,
        asked={line.unit.line: asked_of(line) for line in found.lines},
        sums=totals(found.lines, found.study_level),
        reach=reaching,
        earned=earned_codes(found.lines) - reaching.alone,
        counted=counted(found.lines),
        of_subjects=subject_lines(found.lines),
    )


@uncollected()
def assess_again(before: Standing, facts: Iterable[Fact], known_at: datetime) -> Standing:
    """Return the assessment of the same day after more facts came to be recorded, as it is known at an instant.

    The facts come on top of those of the case and have ids of their own; the instant is not before the last one.
    """
    known_at, facts = known_at.astimezone(UTC), tuple(facts)
    case = before.assessment.case
    case = replace(case, facts=(*case.facts, *facts))
    touched = _touched(before, facts, known_at)
    after = _partly(before, case, facts, touched, known_at) if touched is not None else None
    return after or assess_first(case, before.assessment.as_of, known_at)


def _standing(*, sums: Totals, evaluate: Evaluation, found: Evaluated, contract: Contract, **more: Any) -> Standing:
    as_of, known_at = contract.view.day, contract.view.known.at
    evaluate.answers[as_of, known_at] = found
    asked = {**more["asked"], **asked_of_study(found.study_level)}
    whole = assessment(evaluate, as_of, known_at, found, asked=asked, sums=sums)
    return Standing(whole, evaluate=evaluate, found=found, contract=contract, **more)


def _touched(before: Standing, facts: Sequence[Fact], known_at: datetime) -> frozenset[str] | None:
    """Return whom new facts are about; None where more may rest on them than these participants' own lines."""
    if _something_else_changes(before, facts, known_at):
        return None
    touched = _with_replaced(before.contract.view.known, facts)
    if touched is None or _reaches_beyond(before, touched) or _moves_reached(before, touched):
        return None
    return frozenset(fact.subject for fact in touched if fact.subject is not None)


def _something_else_changes(before: Standing, facts: Sequence[Fact], known_at: datetime) -> bool:
    """Say whether anything but these facts comes to count, or they are not simply new."""
    case, then = before.assessment.case, before.assessment.known_at
    known = before.contract.view.known
    return (
        known_at < then
        or any(known.fact(fact.id) is not None or fact.recorded_at > known_at for fact in facts)
        or any(then < terms.recorded_at <= known_at for terms in case.terms)
        or (then < known_at and any(then < fact.recorded_at <= known_at for fact in case.facts))
        or before.evaluate.certified(before.assessment.as_of, known_at) != before.certified
    )


def _with_replaced(known: Known, facts: Iterable[Fact]) -> list[Fact] | None:
    """Return the facts with all they correct; None where one of these is not known."""
    touched: list[Fact] = []
    for fact in facts:
        each: Fact | None = fact
        while each is not None:
            touched.append(each)
            if each.supersedes is None:
                break
            each = known.fact(each.supersedes)
        if each is None:
            return None
    return [fact for fact in touched if fact.kind != VOID]


def _reaches_beyond(before: Standing, touched: Iterable[Fact]) -> bool:
    """Say whether more rests on facts than the lines of their participants under rules that stand alone."""
    known, versions = before.contract.view.known, before.contract.versions
    rules = [rule for terms in versions for rule in terms.rules]
    of_several = {rule.trigger.fact for rule in rules if rule.trigger is not None and rule.per == PER_STUDY}
    wrong = [known.fact(name) for name in before.found.errors]
    return (
        any(fact.subject is None or not KINDS[fact.kind].subject for fact in touched)
        or any(fact.kind in before.reach.beyond for fact in touched)
        # What was certified and is kept stands as it was reckoned then.
        or (bool(before.certified) and before.evaluate.keeps())
        # What is wrong with a fact for the study or another participant is not found in one participant's facts.
        or any(fact is None or fact.kind in {*of_several, "screen_failed"} for fact in wrong)
        # Two lines of the study may have one name, where terms change how it is earned.
        or len(before.asked) != len(before.found.lines)
        # With a slash in a number, units of two participants may have one name.
        or any("/" in subject for subject in known.subjects().union(fact.subject or "" for fact in touched))
    )


def _moves_reached(before: Standing, touched: Iterable[Fact]) -> bool:
    """Say whether units without a fact may move to another day, or to another place among those of their day."""
    if not any(
        rule.trigger is None and rule.kind != BONUS for terms in before.contract.versions for rule in terms.rules
    ):
        return False
    first = next(iter(before.contract.view.all()), None)
    units = (*(line.unit for line in before.found.lines), *before.found.penalties)
    days = {unit.day for unit in units if unit.fact is None}
    return first is None or any(fact.occurred_on <= first.occurred_on or fact.occurred_on in days for fact in touched)


def _partly(
    before: Standing, case: Case, facts: Sequence[Fact], subjects: frozenset[str], known_at: datetime
) -> Standing | None:
    """Return the assessment with the lines of some participants reckoned anew; None where the ceiling is reached."""

    def own(unit: Unit) -> bool:
        return unit.subject in subjects and unit.rule.code in before.reach.alone

    earliest = min((fact.recorded_at for fact in facts), default=known_at)
    latest = before.assessment.known_at
    earlier = {name: each for name, each in before.evaluate.answers.items() if name[1] < min(earliest, latest)}
    evaluate = Evaluation(case, earlier)
    known = copy(before.contract.view.known)
    known.learn(facts, known_at)
    view = replace(before.contract.view, known=known)
    contract = Contract(before.contract.versions, view, case.calendars)
    units = units_of(contract, sorted(subjects))
    mine = [unit for unit in units.found if own(unit)]
    come = evaluate.gated(contract, evaluate.lines(contract, mine, before.certified), before.certified)
    come = evaluate.held(come, before.earned)
    gone = [line for line in before.found.lines if line.unit.subject in subjects and own(line.unit)]
    taken = before.counted - counted(gone) + counted(come)
    ceilings = [terms.ceiling for terms in contract.versions if terms.ceiling is not None]
    if ceilings and max(before.counted, taken) > min(ceilings):
        return None

    lines, names = list(before.found.lines), list(before.asked)
    for line in gone:
        at = bisect_left(lines, by_day(line), key=by_day)
        del lines[at], names[at]
    for line in come:
        at = bisect_left(lines, by_day(line), key=by_day)
        lines.insert(at, line)
        names.insert(at, line.unit.line)
    asked = {**before.asked, **{line.unit.line: asked_of(line) for line in come}}
    penalties = [unit for unit in before.found.penalties if not own(unit)]
    penalties += [unit for unit in mine if unit.rule.kind == PENALTY]
    of_subjects = before.of_subjects - subject_lines(gone) + subject_lines(come)
    study = evaluate.study_level(contract, penalties, of_subjects, before.certified)
    others = {name: wrong for name, wrong in before.found.errors.items() if not _is_about(view.known, name, subjects)}
    found = Evaluated(tuple(lines), study, tuple(penalties), {**others, **units.errors})
    sums = before.assessment.totals
    sums = _plus(sums, totals(come, study), totals(gone, before.found.study_level))
    return _standing(
        in_full=False,
        evaluate=evaluate,
        contract=contract,
        certified=before.certified,
        found=found,
        asked={name: asked[name] for name in names},
        sums=sums,
        reach=before.reach,
        earned=before.earned,
        counted=taken,
        of_subjects=of_subjects,
    )


def _is_about(known: Known, name: str, subjects: frozenset[str]) -> bool:
    fact = known.fact(name)
    return fact is not None and fact.subject in subjects


def _plus(sums: Totals, come: Totals, gone: Totals) -> Totals:
    return Totals(
        *(getattr(sums, each.name) + getattr(come, each.name) - getattr(gone, each.name) for each in fields(Totals))
    )

"""What each unit comes to before it is compared with the others: state, factors, amount (steps 4 to 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from trialdesk.base.money import Rounding, part_of, rounded
from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.conditions import FALSE, PENDING, Truth, holds, least
from trialdesk.payments.rules.grading import ONE, factors
from trialdesk.payments.rules.predicates import Predicate
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import CLAW, Actual, Fixed, Tiers
from trialdesk.payments.rules.units import Contract, Unit, condition_lost

EARNED, PENDED, DEFERRED, EXCESS = "EARNED", "PENDING", "DEFERRED", "EXCESS"
CAPPED, GATED, FAILED = "CAPPED", "GATED", "FAILED"
STATES = (EARNED, PENDED, DEFERRED, EXCESS, CAPPED, GATED, FAILED)
DUE = (EARNED, CAPPED)
"""States in which money is asked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one unit comes to, in minor units. `amount` = base + overhead is the line before forfeit and holdback.

    `cut` is what a cap took off it. Of a line that waits, `amount` is the best still attainable and `pay` is 0.
    """

    unit: Unit
    state: str
    complete: Fraction = ONE
    window: Fraction = ONE
    grade: Fraction = ONE
    base: int = 0
    overhead: int = 0
    cut: int = 0
    forfeit: int = 0
    hold: int = 0
    released: int = 0
    pay: int = 0
    facts: tuple[str, ...] = ()
    why_not_more: tuple[Reason, ...] = ()

    @property
    def amount(self) -> int:
        """The line: base and overhead."""
        return self.base + self.overhead

    @property
    def earned(self) -> int:
        """The line less what is forfeited."""
        return self.amount - self.forfeit

    def because(self, *why: Reason) -> tuple[Reason, ...]:
        """Return the reasons with more of them."""
        return self.why_not_more + why


def judged(
    contract: Contract, unit: Unit, weights: Mapping[str, Mapping[str, int]], certified: Mapping[LineKey, date]
) -> Line:
    """Return the unit's state and factors, without amounts.

    A certified unit does not fall back: what is only pending leaves it earned, at the best still attainable.
    """
    rule = unit.rule
    subject = unit.fact.subject if unit.fact else None
    scope = contract.scope(unit.day, subject, unit.fact, min_n=rule.min_n)
    answers = [(each, holds(each, scope)) for each in rule.require]
    required = least(answer for _condition, answer in answers)
    parts = factors(rule, scope, weights)
    why = [*_unmet(answers), *parts.reasons]
    lost = rule.undo == CLAW and unit.fact is not None and condition_lost(contract, unit)
    no_cost = isinstance(rule.amount, Actual) and unit.fact is not None and unit.fact.get("cost") is None
    if lost:
        why.append(reason(reasons.CLAWED_BACK))
    if no_cost:
        why.append(reason(reasons.NO_COST))
    if required is FALSE or lost or parts.nothing:
        state = FAILED
    elif (required is PENDING or parts.pending or no_cost) and unit.line not in certified:
        state = PENDED
    else:
        state = EARNED
    own = (unit.fact.id,) if unit.fact else ()
    return Line(
        unit,
        state,
        parts.complete.value,
        parts.window.value,
        parts.grade.value,
        facts=(*own, *sorted(scope.used.difference(own))),
        why_not_more=tuple(why),
    )


def priced(lines: Iterable[Line]) -> Iterator[Line]:
    """Give the lines, in slot order, with base and overhead; what failed comes to nothing and takes no number."""
    counted: Counter[str] = Counter()
    for line in lines:
        if line.state == FAILED:
            yield line
            continue
        rule, how = line.unit.rule, line.unit.terms.rounding
        counted[rule.code] += 1
        amount = _amount(line.unit, counted[rule.code])
        if amount is None:
            yield replace(line, state=EXCESS)
            continue
        base = _base(amount, line, how)
        overhead = part_of(base, rule.overhead, how)
        factors = line.complete, line.window, line.grade
        yield Line(line.unit, line.state, *factors, base, overhead, facts=line.facts, why_not_more=line.why_not_more)


def _base(amount: int, line: Line, how: Rounding) -> int:
    """Return the amount times the line's factors, reckoned exactly and rounded once. Most factors are one."""
    product: Fraction | None = None
    for factor in (line.complete, line.window, line.grade):
        if factor is not ONE:
            product = factor * (amount if product is None else product)
    return amount if product is None else rounded(product, how)


def _amount(unit: Unit, number: int) -> int | None:
    """Return what the whole unit is worth, `number` of its rule in slot order; None beyond the last tier."""
    amount = unit.rule.amount
    if isinstance(amount, Fixed):
        return amount.amount
    if isinstance(amount, Actual):
        cost = unit.fact.get("cost") if unit.fact else None
        return min((each for each in (cost, amount.cap) if each is not None), default=0)
    assert isinstance(amount, Tiers)
    return next((tier.each for tier in amount.tiers if tier.last is None or number <= tier.last), None)


def _unmet(answers: Iterable[tuple[Predicate, Truth]]) -> Iterator[Reason]:
    for condition, answer in answers:
        if answer in {FALSE, PENDING}:
            yield reason(reasons.NOT_MET if answer is FALSE else reasons.NOT_YET, condition=condition)

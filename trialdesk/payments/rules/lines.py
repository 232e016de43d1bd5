"""What each unit comes to before it is compared with the others: state, factors, amount (steps 4 to 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from trialdesk.base.money import Rounding, part_of, rounded
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.conditions import FALSE, PENDING, TRUE, Scope, Truth, holds, least
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.rules.grading import ALL, ONE, factors
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import CLAW, Actual, Fixed, Rule, Tiers
from trialdesk.payments.rules.units import Contract, Unit, condition_lost

EARNED, PENDED, DEFERRED, EXCESS = "EARNED", "PENDING", "DEFERRED", "EXCESS"
CAPPED, GATED, FAILED = "CAPPED", "GATED", "FAILED"
STATES = (EARNED, PENDED, DEFERRED, EXCESS, CAPPED, GATED, FAILED)
DUE = (EARNED, CAPPED)
"""States in which money is asked for."""


class Line(NamedTuple):
    """What one unit comes to, in minor units. `amount` = base + overhead is the line before forfeit and holdback.

    `cut` is what a cap took off it. Of a line that waits, `amount` is the best still attainable and `pay` is 0.
    A tuple, as there are hundreds of thousands: it is made in a quarter of the time.
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


def reckoned(
    contract: Contract,
    units: Iterable[Unit],
    weights: Mapping[str, Mapping[str, int]],
    certified: Mapping[LineKey, date],
) -> Iterator[Line]:
    """Give the units as lines: state, factors, base and overhead, which are left open where they depend on a number.

    A certified unit does not fall back: what is only pending leaves it earned, at the best still attainable. What
    failed comes to nothing.
    """
    for unit in units:
        rule, fact = unit.rule, unit.fact
        scope = contract.scope(unit.day, fact.subject if fact else None, fact, min_n=rule.min_n)
        answers = [holds(each, scope) for each in rule.require]
        required = least(answers)
        parts = factors(rule, scope, weights)
        why = () if required is TRUE and parts is ALL else (*_unmet(rule, answers), *parts.reasons)
        lost = rule.undo == CLAW and fact is not None and condition_lost(contract, unit)
        no_cost = isinstance(rule.amount, Actual) and fact is not None and fact.get("cost") is None
        if lost:
            why = (*why, reason(reasons.CLAWED_BACK))
        if no_cost:
            why = (*why, reason(reasons.NO_COST))
        if required is FALSE or lost or parts.nothing:
            state = FAILED
        elif (required is PENDING or parts.pending or no_cost) and unit.line not in certified:
            state = PENDED
        else:
            state = EARNED
        base, overhead = 0, 0
        values = parts.complete.value, parts.window.value, parts.grade.value
        if state != FAILED and not isinstance(rule.amount, Tiers):
            base = _base(_amount(unit), values, unit.terms.rounding)
            overhead = part_of(base, rule.overhead, unit.terms.rounding)
        used = _used(scope, fact)
        yield Line(unit, state, *values, base, overhead, facts=used, why_not_more=why)


def numbered(lines: Iterable[Line]) -> Iterator[Line]:
    """Give lines, in slot order, with base and overhead of those whose price depends on which of its rule it is.

    What failed takes no number; beyond the last tier nothing is owed.
    """
    counted: Counter[str] = Counter()
    for line in lines:
        rule, how = line.unit.rule, line.unit.terms.rounding
        if line.state == FAILED:
            yield line
            continue
        counted[rule.code] += 1
        if not isinstance(rule.amount, Tiers):
            yield line
            continue
        number = counted[rule.code]
        amount = next((tier.each for tier in rule.amount.tiers if tier.last is None or number <= tier.last), None)
        if amount is None:
            yield line._replace(state=EXCESS)
            continue
        base = _base(amount, (line.complete, line.window, line.grade), how)
        yield line._replace(base=base, overhead=part_of(base, rule.overhead, how))


def _used(scope: Scope, fact: Fact | None) -> tuple[str, ...]:
    """Return the ids of the facts a unit rests on, its own first."""
    if fact is None:
        return tuple(sorted(scope.used))
    scope.used.discard(fact.id)
    return (fact.id, *sorted(scope.used))


def _base(amount: int, factors: tuple[Fraction, Fraction, Fraction], how: Rounding) -> int:
    """Return the amount times the factors, reckoned exactly and rounded once. Most factors are this very one."""
    product: int | Fraction = amount
    for factor in factors:
        if factor is not ONE:
            product *= factor
    return amount if product is amount else rounded(Fraction(product), how)


def price_of(line: Line) -> int:
    """Return what a whole unit of a line is worth, before its factors; 0 beyond the last tier."""
    if not isinstance(line.unit.rule.amount, Tiers):
        return _amount(line.unit)
    factors, how = (line.complete, line.window, line.grade), line.unit.terms.rounding
    return next((each.each for each in line.unit.rule.amount.tiers if _base(each.each, factors, how) == line.base), 0)


def _amount(unit: Unit) -> int:
    """Return what the whole unit is worth, whichever of its rule it is."""
    amount = unit.rule.amount
    if isinstance(amount, Fixed):
        return amount.amount
    assert isinstance(amount, Actual)
    cost = unit.fact.get("cost") if unit.fact else None
    return min((each for each in (cost, amount.cap) if each is not None), default=0)


def _unmet(rule: Rule, answers: Iterable[Truth]) -> Iterator[Reason]:
    for condition, answer in zip(rule.require, answers, strict=True):
        if answer is not TRUE:
            yield reason(reasons.NOT_MET if answer is FALSE else reasons.NOT_YET, condition=condition)

"""What part of a unit's amount is earned: completeness, window and grades (step 5)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.conditions import Scope, queries
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import Grade, Rule

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor, the best still attainable where it is `pending`, and why it is not one."""

    value: Fraction = ONE
    pending: bool = False
    reasons: tuple[Reason, ...] = ()


WHOLE = Factor()
"""The factor of what is earned in full."""


@dataclass(frozen=True, slots=True)
class Factors:
    """Completeness, window and grade of a unit."""

    complete: Factor
    window: Factor
    grade: Factor

    @property
    def nothing(self) -> bool:
        """Whether no part of the amount is earned."""
        return not (self.complete.value.numerator and self.window.value.numerator and self.grade.value.numerator)

    @property
    def pending(self) -> bool:
        """Whether any of them may still change."""
        return self.complete.pending or self.window.pending or self.grade.pending

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why they are not all one."""
        return self.complete.reasons + self.window.reasons + self.grade.reasons


ALL = Factors(WHOLE, WHOLE, WHOLE)
"""The factors of a unit that is earned in full."""


def factors(rule: Rule, scope: Scope, weights: Mapping[str, Mapping[str, int]]) -> Factors:
    """Return the factors of a unit, on the facts in view."""
    complete, window, grade = _complete(rule, scope, weights), _window(rule, scope), _graded(rule, scope)
    return ALL if complete is window is grade is WHOLE else Factors(complete, window, grade)


def _complete(rule: Rule, scope: Scope, weights: Mapping[str, Mapping[str, int]]) -> Factor:
    if rule.complete is None or scope.fact is None:
        return WHOLE
    done = scope.fact.get("components")
    if done is None:
        return WHOLE
    wanted = weights.get(scope.fact.visit or "", {})
    if not sum(wanted.values()):
        return Factor()
    share = Fraction(sum(wanted[name] for name in set(done)), sum(wanted.values()))
    missing = tuple(reason(reasons.COMPONENT_MISSING, name=name) for name in wanted if name not in done)
    least = rule.complete.minimum
    if least is not None and share < least:
        pay = rule.complete.pay
        return Factor(pay, reasons=(*missing, reason(reasons.BELOW_MINIMUM, share=share, minimum=least, factor=pay)))
    return Factor(share, reasons=missing)


def _window(rule: Rule, scope: Scope) -> Factor:
    window = rule.window
    if window is None:
        return WHOLE
    target = scope.day("target_on")
    if target is None:
        return Factor(pending=True, reasons=(reason(reasons.NO_TARGET),))
    days = (scope.unit_day - target).days
    if window.first <= days <= window.last:
        return Factor()
    outside = window.outside
    if outside is None or abs(days) > outside.up_to:
        return Factor(window.beyond, reasons=(reason(reasons.BEYOND, days=days, factor=window.beyond),))
    why = (reason(reasons.OUTSIDE, days=days, factor=outside.factor),)
    if outside.needs is not None and not scope.facts("window_approved"):
        return Factor(outside.factor, True, (reason(reasons.NO_LEAVE, factor=outside.factor),))
    return Factor(outside.factor, reasons=why)


def _graded(rule: Rule, scope: Scope) -> Factor:
    grades = [_grade(grade, scope) for grade in rule.grades]
    if not [each for each in grades if each is not WHOLE]:
        return WHOLE
    values = [each.value for each in grades]
    return Factor(
        prod(values, start=ONE) if rule.multiply_grades else min(values),
        any(each.pending for each in grades),
        tuple(why for each in grades for why in each.reasons),
    )


def _grade(grade: Grade, scope: Scope) -> Factor:
    if grade.open_at_lock is not None and _open_at_lock(scope):
        return Factor(grade.open_at_lock, reasons=(reason(reasons.OPEN_AT_LOCK, factor=grade.open_at_lock),))
    if grade.of.name == "max_query_days":
        found = queries(scope, scope.view.day)
        days, pending = found.days, found.open
    else:
        days, known = scope.span(grade.of)
        pending = not known
    value = _banded(grade, days)
    if pending:
        return Factor(value, True, (reason(reasons.STILL_RUNNING, measure=grade.of, days=days, factor=value),))
    if value == 1:
        return WHOLE
    return Factor(value, reasons=(reason(reasons.GRADED, measure=grade.of, days=days, factor=value),))


def _banded(grade: Grade, days: int) -> Fraction:
    for limit, factor in grade.bands:
        if days <= limit:
            return factor
    return grade.otherwise


def _open_at_lock(scope: Scope) -> bool:
    locked = scope.view.of("db_locked")
    return bool(locked) and queries(scope, locked[0].occurred_on).open

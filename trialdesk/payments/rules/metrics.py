"""Metrics of a study on a day, as numerator and denominator."""

from __future__ import annotations

from fractions import Fraction

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.facts import View

MAJOR_DEVIATIONS, RETENTION = "PDR", "RET"
"""The metrics reckoned from the facts; any other is what was last reported of it."""


def rests_on(name: str) -> frozenset[str]:
    """Return the kinds of facts a metric is reckoned from."""
    if name == MAJOR_DEVIATIONS:
        return frozenset({"randomised", "deviation", "subject_voided"})
    if name == RETENTION:
        return frozenset({"randomised", "died", "completed", "withdrawn", "subject_voided"})
    return frozenset({"metric_reported"})


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's value as what it is made of."""

    numerator: int
    denominator: int

    @property
    def fraction(self) -> Fraction | None:
        """The value, None where there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Counted:
    """The participants a metric counts above and below the line."""

    numerator: frozenset[str]
    denominator: frozenset[str]


def counted(name: str, view: View) -> Counted | None:
    """Return whom a metric counts at the end of the view's day, None where it is only reported as two numbers.

    PDR: subjects with a major, confirmed deviation, of the valid randomised. RET: completed, of completed and
    withdrawn, among the valid randomised, the dead left out.
    """
    valid = view.subjects("randomised")
    if name == MAJOR_DEVIATIONS:
        broken = {each.subject for each in view.of("deviation") if each.get("major") and each.get("confirmed")}
        return Counted(valid & broken, valid)
    if name == RETENTION:
        alive = valid - view.subjects("died")
        completed = alive & view.subjects("completed")
        return Counted(completed, completed | (alive & view.subjects("withdrawn")))
    return None


def metric(name: str, view: View) -> Metric:
    """Return the metric at the end of the view's day: what is counted, else what was last reported of it."""
    found = counted(name, view)
    if found is not None:
        return Metric(len(found.numerator), len(found.denominator))
    reported = [fact for fact in view.of("metric_reported") if fact.get("metric") == name]
    if not reported:
        return Metric(0, 0)
    return Metric(reported[-1].get("numerator"), reported[-1].get("denominator"))

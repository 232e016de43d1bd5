"""Metrics of a study on a day, as numerator and denominator."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from trialdesk.payments.rules.facts import View

MAJOR_DEVIATIONS, RETENTION = "PDR", "RET"
"""The metrics reckoned from the facts; any other is what was last reported of it."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's value as what it is made of."""

    numerator: int
    denominator: int

    @property
    def fraction(self) -> Fraction | None:
        """The value, None where there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def metric(name: str, view: View) -> Metric:
    """Return the metric at the end of the view's day.

    PDR: subjects with a major, confirmed deviation, of the valid randomised. RET: completed, of completed and
    withdrawn, among the valid randomised, the dead left out.
    """
    valid = view.subjects("randomised")
    if name == MAJOR_DEVIATIONS:
        broken = {each.subject for each in view.of("deviation") if each.get("major") and each.get("confirmed")}
        return Metric(len(valid & broken), len(valid))
    if name == RETENTION:
        alive = valid - view.subjects("died")
        completed = alive & view.subjects("completed")
        return Metric(len(completed), len(completed | (alive & view.subjects("withdrawn"))))
    reported = [fact for fact in view.of("metric_reported") if fact.get("metric") == name]
    if not reported:
        return Metric(0, 0)
    return Metric(reported[-1].get("numerator"), reported[-1].get("denominator"))

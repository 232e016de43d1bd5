"""Postings: what an assessment adds up from, and what must be posted so that the ledger says the same (step 13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.lines import DUE, Line
from trialdesk.payments.rules.terms import BONUS

BASE, OVERHEAD, FORFEIT, HOLD_OUT, HOLD_IN = "base", "overhead", "forfeit", "hold_out", "hold_in"

Key = tuple[str, str, str]
"""The contract (the case's name where it has none), a rule's code, a unit's key."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount of one component of one key, in minor units. A posting is never edited; a difference is posted."""

    key: Key
    component: str
    amount: int


def postings(assessment: Assessment) -> tuple[Posting, ...]:
    """Return the postings whose sum for each key is what the assessment pays for it; none is zero.

    What is pending or behind a gate is not posted. What was held and is released stands as out and in.
    """
    name = assessment.case.contract or assessment.case.name
    found = [
        Posting((name, *line.unit.line), component, amount)
        for line in assessment.lines
        if line.state in DUE
        for component, amount in _components(line)
        if amount
    ]
    found += [
        Posting((name, *row.line), "bonus" if row.rule.kind == BONUS else "penalty", row.amount)
        for row in assessment.study_level
        if row.amount
    ]
    return tuple(found)


def differences(now: Iterable[Posting], posted: Iterable[Posting]) -> tuple[Posting, ...]:
    """Return what must be posted on top of what is posted, for each key and component; none where they agree."""
    sums: Counter[tuple[Key, str]] = Counter()
    for each in now:
        sums[each.key, each.component] += each.amount
    for each in posted:
        sums[each.key, each.component] -= each.amount
    return tuple(Posting(key, component, amount) for (key, component), amount in sorted(sums.items()) if amount)


def _components(line: Line) -> Iterator[tuple[str, int]]:
    yield BASE, line.base
    yield OVERHEAD, line.overhead
    yield FORFEIT, -line.forfeit
    yield HOLD_OUT, -(line.hold + line.released)
    yield HOLD_IN, line.released

"""Limits on lines taken together, in slot order: ratios, caps for a subject, the contract's ceiling (steps 7 and 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from trialdesk.base.money import plain_money, rounded
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.facts import View
from trialdesk.payments.rules.lines import CAPPED, DEFERRED, EARNED, EXCESS, GATED, PENDED, Line
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import Terms

_COUNTING = (EARNED, PENDED, CAPPED)
"""States that use up room. What is pending does too, so that it never evicts a later one that is certified by then."""


def within_ratio(lines: Iterable[Line], view: View) -> Iterator[Line]:
    """Give the lines with those over their ratio deferred, or in excess where the ratio is at its most."""
    paid: Counter[str] = Counter()
    count = cache(view.count)
    for line in lines:
        ratio = line.unit.rule.ratio
        if line.state not in _COUNTING:
            yield line
            continue
        if ratio is not None:
            allowance = ratio.allowance(count(ratio.of))
            at_most = ratio.most is not None and allowance >= ratio.most
            if paid[line.unit.rule.code] >= (ratio.most if at_most and ratio.most is not None else allowance):
                state = EXCESS if at_most else DEFERRED
                why = line.because(_over(allowance, ratio.most, at_most=at_most))
                yield line._replace(state=state, why_not_more=why)
                continue
        paid[line.unit.rule.code] += 1
        yield line


def within_subject_cap(lines: Iterable[Line], exponent: int) -> Iterator[Line]:
    """Give the lines cut to what their rule's cap leaves for the subject."""
    used: Counter[tuple[str, str]] = Counter()
    for line in lines:
        unit, cut = line.unit, line
        if unit.subject is not None and line.state in _COUNTING:
            cap, name = unit.rule.cap_per_subject, (unit.rule.code, unit.subject)
            if cap is not None:
                cut = _cut(line, cap - used[name], reasons.CAPPED_SUBJECT, exponent)
            used[name] += cut.amount
        yield cut


def within_ceiling(lines: Iterable[Line], now: Terms | None, exponent: int) -> Iterator[Line]:
    """Give the lines cut to what the contract's ceiling leaves.

    The ceiling is that of the line's own terms, or of the terms in force `now` where that is higher: a ceiling raised
    later gives back what was cut, one lowered later takes nothing back.
    """
    used = 0
    for line in lines:
        cut = line
        if line.state in _COUNTING:
            ceilings = [terms.ceiling for terms in (line.unit.terms, now) if terms is not None]
            if None not in ceilings:
                room = max(each for each in ceilings if each is not None) - used
                cut = _cut(line, room, reasons.CAPPED_CEILING, exponent)
            used += cut.amount
        yield cut


def counted(lines: Iterable[Line]) -> int:
    """Return what lines that went through all steps take of the contract's ceiling."""
    return sum(line.amount for line in lines if line.state in {*_COUNTING, GATED})


def _cut(line: Line, room: int, template: str, exponent: int) -> Line:
    room = max(room, 0)
    if line.amount <= room:
        return line
    cut = line.amount - room
    base = rounded(Fraction(room * line.base, line.amount), line.unit.terms.rounding)
    return line._replace(
        state=CAPPED if line.state == EARNED else line.state,
        base=base,
        overhead=room - base,
        cut=line.cut + cut,
        why_not_more=line.because(reason(template, amount=plain_money(cut, exponent))),
    )


def _over(allowance: int, most: int | None, *, at_most: bool) -> Reason:
    return reason(reasons.OVER_MOST, most=most) if at_most else reason(reasons.OVER_RATIO, allowance=allowance)

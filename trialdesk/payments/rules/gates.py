"""Gates hold lines back at month ends until a metric passes; then what is held until its release (steps 9 and 10)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, partial

from trialdesk.base.money import part_of, plain_money
from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.facts import View
from trialdesk.payments.rules.lines import DUE, GATED, Line
from trialdesk.payments.rules.metrics import metric
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import Gate


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says of a unit: whether it holds it back, and at how many month ends it did."""

    closed: bool
    failures: int = 0


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def passes(gate: Gate, view: View) -> bool:
    """Say whether the metric passes at the end of the view's day; below `min_n` it passes for now."""
    found = metric(gate.metric, view)
    return found.fraction is None or found.denominator < gate.min_n or gate.test.holds(found.fraction)


def verdict(passed: Callable[[date], bool], unit_day: date, as_of: date, certified_on: date | None) -> Verdict:
    """Return what a gate says of a unit of a day, by whether it `passed` at a month end, up to `as_of`.

    The first month end that passes releases the unit for good. Before the first month end since the unit's day the
    latest one before decides for now. Once certified, a unit is not judged again.
    """
    failures, end = 0, month_end(unit_day)
    while end <= as_of and (certified_on is None or end < certified_on):
        if passed(end):
            return Verdict(closed=False, failures=failures)
        failures += 1
        end = month_end(end + timedelta(days=1))
    if certified_on is not None or failures:
        return Verdict(closed=certified_on is None, failures=failures)
    return Verdict(closed=not passed(as_of.replace(day=1) - timedelta(days=1)))


def behind_gates(lines: Iterable[Line], view: View, certified: Mapping[LineKey, date], exponent: int) -> Iterator[Line]:
    """Give the lines with those behind a closed gate held back, and what they forfeit."""

    @cache
    def passed(no: int, code: str, end: date) -> bool:
        return passes(gates[no, code], view.on(end))

    gates: dict[tuple[int, str], Gate] = {}
    for line in lines:
        unit, behind = line.unit, line
        for code in unit.rule.gates if line.state in DUE else ():
            gate = unit.terms.gate(code)
            if unit.rule.kind in gate.defer:
                gates[unit.terms.no, gate.code] = gate
                at_end = partial(passed, unit.terms.no, gate.code)
                found = verdict(at_end, unit.day, view.day, certified.get(unit.line))
                behind = _behind(behind, gate, found, exponent)
        yield behind


def held(lines: Iterable[Line], earned: frozenset[str], exponent: int) -> Iterator[Line]:
    """Give the lines with holdback and pay; nothing is held once the rule that releases it is among the `earned`."""

    @cache
    def why(hold: int, release: str | None) -> Reason:
        amount = plain_money(hold, exponent)
        held_on = release is None
        return reason(reasons.HELD_ON, amount=amount) if held_on else reason(reasons.HELD, amount=amount, rule=release)

    for line in lines:
        if line.state not in DUE:
            yield line
            continue
        holdback = line.unit.rule.holdback
        hold = part_of(line.earned, holdback.rate, line.unit.terms.rounding) if holdback is not None else 0
        if holdback is None or not hold or holdback.release in earned:
            yield _paid(line, 0, hold, line.why_not_more)
            continue
        yield _paid(line, hold, 0, line.because(why(hold, holdback.release)))


def _paid(line: Line, hold: int, released: int, why: tuple[Reason, ...]) -> Line:
    factors = line.complete, line.window, line.grade
    amounts = line.base, line.overhead, line.cut, line.forfeit
    return Line(line.unit, line.state, *factors, *amounts, hold, released, line.earned - hold, line.facts, why)


def _behind(line: Line, gate: Gate, found: Verdict, exponent: int) -> Line:
    if found.closed:
        line = line._replace(state=GATED, why_not_more=line.because(reason(reasons.GATE_CLOSED, gate=gate.code)))
    if gate.forfeit is None or found.failures <= (gate.cure_periods or 0):
        return line
    forfeit = min(part_of(line.amount, gate.forfeit, line.unit.terms.rounding), line.earned)
    why = reason(reasons.FORFEITED, amount=plain_money(forfeit, exponent), gate=gate.code)
    return line._replace(forfeit=line.forfeit + forfeit, why_not_more=line.because(why))

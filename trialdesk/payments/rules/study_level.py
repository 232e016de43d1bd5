"""What is reckoned for the study on its lines: bonuses, then penalties, each within its pool (step 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from trialdesk.base.money import Rounding, plain_money, rounded
from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.conditions import FALSE, PENDING, TRUE, all_hold
from trialdesk.payments.rules.lines import CAPPED, DUE, EARNED, FAILED, GATED, PENDED, Line
from trialdesk.payments.rules.reasons import Reason, reason
from trialdesk.payments.rules.terms import BONUS, Fixed, Pool, Rule, Share, Terms
from trialdesk.payments.rules.units import STUDY, Contract, Unit


@dataclass(frozen=True, slots=True)
class StudyLine:
    """A bonus, or a penalty, which is negative; the amount is what its pool leaves."""

    rule: Rule
    terms: Terms
    key: str
    state: str
    amount: int = 0
    cut: int = 0
    why_not_more: tuple[Reason, ...] = ()

    @property
    def line(self) -> LineKey:
        """What certificates and invoices call it."""
        return self.rule.code, self.key


def subject_lines(lines: Iterable[Line]) -> int:
    """Return the sum of the subjects' lines that are earned, before forfeits."""
    return sum(line.amount for line in lines if line.unit.subject is not None and line.state in (*DUE, GATED))


def study_level(
    contract: Contract, penalties: Iterable[Unit], total: int, certified: Mapping[LineKey, date], exponent: int
) -> Iterator[StudyLine]:
    """Give a row for each bonus rule of the terms in force and each penalty unit; `total` is `subject_lines`."""
    now = contract.in_force(contract.view.day, None)
    if now is not None:
        bonuses = (_bonus(contract, now, rule, total, certified) for rule in now.rules if rule.kind == BONUS)
        yield from _pooled(bonuses, now.bonus_pool, total, now.rounding, exponent)
    in_order = sorted(penalties, key=lambda unit: (unit.terms.rules.index(unit.rule), unit.order))
    rows = (_penalty(contract, unit, total) for unit in in_order)
    pool, how = (now.penalty_pool, now.rounding) if now is not None else (None, "half_up")
    for row in _pooled(rows, pool, total, how, exponent):
        yield replace(row, amount=-row.amount)


def _bonus(contract: Contract, now: Terms, rule: Rule, total: int, certified: Mapping[LineKey, date]) -> StudyLine:
    scope = contract.scope(contract.view.day, None, None, min_n=rule.min_n)
    required = all_hold(rule.require, scope)
    if required is TRUE or (required is PENDING and (rule.code, STUDY) in certified):
        return StudyLine(rule, now, STUDY, EARNED, _worth(rule, total, now.rounding))
    why = _unmet(rule, required is FALSE)
    return StudyLine(rule, now, STUDY, FAILED if required is FALSE else PENDED, why_not_more=why)


def _penalty(contract: Contract, unit: Unit, total: int) -> StudyLine:
    required = all_hold(unit.rule.require, contract.scope(unit.day, unit.subject, unit.fact, min_n=unit.rule.min_n))
    if required is TRUE:
        return StudyLine(unit.rule, unit.terms, unit.key, EARNED, _worth(unit.rule, total, unit.terms.rounding))
    return StudyLine(unit.rule, unit.terms, unit.key, FAILED if required is FALSE else PENDED)


def _unmet(rule: Rule, failed: bool) -> tuple[Reason, ...]:  # noqa: FBT001 - which of two words
    template = reasons.NOT_MET if failed else reasons.NOT_YET
    return tuple(reason(template, condition=each) for each in rule.require)


def _worth(rule: Rule, total: int, how: Rounding) -> int:
    if isinstance(rule.amount, Fixed):
        return rule.amount.amount
    assert isinstance(rule.amount, Share)
    return rounded(Fraction(total) * rule.amount.rate, how)


def _pooled(
    rows: Iterable[StudyLine], pool: Pool | None, total: int, how: Rounding, exponent: int
) -> Iterator[StudyLine]:
    room = None
    if pool is not None:
        room = pool.money if pool.rate is None else rounded(total * pool.rate, how)
    for row in rows:
        if room is not None and row.amount > room:
            cut = row.amount - room
            why = (*row.why_not_more, reason(reasons.CAPPED_POOL, amount=plain_money(cut, exponent)))
            yield replace(row, state=CAPPED, amount=room, cut=cut, why_not_more=why)
            room = 0
            continue
        if room is not None:
            room -= row.amount
        yield row

"""What terms come to if a study goes as planned: the budget that a close-out is held against.

No budget is recorded beside the terms, and none should be: it is each price with its overhead, for the participants and
sites that are planned. What no plan gives a number of, such as screen failures, is paid as it arises and has none.
"""

from __future__ import annotations

from trialdesk.base.money import part_of
from trialdesk.payments.rules.terms import (
    PER_STUDY,
    PER_SUBJECT,
    SUBJECT_EVENT,
    VISIT,
    Fixed,
    Rule,
    Terms,
    Tier,
    Tiers,
)

OF_EVERYBODY = frozenset({"screened", "eligible", "randomised", "completed"})
"""Events of a participant that a plan counts on for each; a new consent version or a withdrawal is for some."""


def planned(terms: Terms, *, participants: int | None, sites: int) -> dict[str, int | None]:
    """Return what each rule comes to with so many participants and sites, in minor units before tax.

    None where the terms name no price for it or the plan no number of it.
    """
    return {rule.code: _amount(rule, _number(rule, participants, sites)) for rule in terms.rules}


def _number(rule: Rule, participants: int | None, sites: int) -> int | None:
    trigger = rule.trigger
    if trigger is None:
        return None
    if rule.per == PER_STUDY:
        return 1
    if trigger.fact == "site_activated":
        return sites
    everybody = rule.kind == VISIT or (rule.kind == SUBJECT_EVENT and trigger.fact in OF_EVERYBODY)
    return participants if everybody and rule.per == PER_SUBJECT else None


def _amount(rule: Rule, number: int | None) -> int | None:
    if number is None:
        return None
    if isinstance(rule.amount, Fixed):
        return number * _line(rule, rule.amount.amount)
    if isinstance(rule.amount, Tiers):
        return sum(_of_tier(tier, number) * _line(rule, tier.each) for tier in rule.amount.tiers)
    return None


def _line(rule: Rule, amount: int) -> int:
    return amount + part_of(amount, rule.overhead)


def _of_tier(tier: Tier, number: int) -> int:
    """Return how many of so many units, counted from one, a tier takes."""
    last = number if tier.last is None else min(number, tier.last)
    return max(0, last - tier.first + 1)

"""Sharing out what was received, step by step, so that the shares add up to it to the minor unit.

A policy is an ordered list of steps. Each takes something of a pool (the tax, a category of what was received, or all
that remains) and gives it to one beneficiary or divides it. Divided is by largest remainder, ties in declared order;
a negative amount mirrors the positive one. What is blocked stays its beneficiary's and is never shared among others.

What a later credit takes back is what the policy gives on what is left less what it gave (as the tax of a credit note
is found): shares of an amount rounded afresh would drift from the first ones, and a fixed amount would be taken back
with every credit. Taking everything back therefore takes back exactly what was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from fractions import Fraction

from trialdesk.base.i18n import _
from trialdesk.base.money import rounded, shares
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.pools import GUARDS, NET, REMAINING, TAX

ENGINE = "sharing 1"
"""The evaluator, as every run names it."""

SUSPENSE, WARN, IGNORE = "suspense", "warn", "ignore"

Points = Mapping[str, Mapping[str, Fraction]]
"""By measure, what each beneficiary has: workload, points of contribution, shares agreed."""


@dataclass(frozen=True, slots=True)
class By:
    """Divide by a measure that is told with each run, or by the policy. Who has less than `least` gets nothing."""

    measure: str
    least: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Split:
    """Divide by weights; a branch is a beneficiary unless `then` divides it further.

    What a branch does not get for its cap is shared among the others; what none may get stays in the pool.
    """

    weights: Mapping[str, Fraction]
    then: Mapping[str, By | Split] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)


Target = str | By | Split
"""Who gets it: a beneficiary, or how it is divided."""


@dataclass(frozen=True, slots=True)
class Step:
    """Takes of `pool` a share of what is in it, a fixed amount, a named cost or a rate of all received.

    Never more than the pool holds, nor than `cap`.
    """

    pool: str
    to: Target
    share: Fraction = Fraction(1)
    fixed: int | None = None
    cost: str | None = None
    of_received: bool = False
    cap: int | None = None
    where: Where = field(default_factory=Where)

    @property
    def named(self) -> bool:
        """Whether what it takes is an amount and not a share."""
        return self.fixed is not None or self.cost is not None


@dataclass(frozen=True, slots=True)
class Policy:
    """How receipts are shared out from a day on.

    `categories` say which rules' money is which, None standing for all other rules; without any, all that is not tax
    is one pool.
    """

    name: str
    no: int
    effective_from: date
    currency: str
    exponent: int
    steps: tuple[Step, ...]
    categories: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    guards: Mapping[str, str] = field(default_factory=dict)
    points: Points = field(default_factory=dict)

    def category(self, rule: str) -> str:
        """Return the category of a rule's money. Raises Unshareable where the policy does not say."""
        if not self.categories:
            return NET
        rest = ""
        for name, rules in self.categories.items():
            if rules is None:
                rest = name
            elif rule in rules:
                return name
        if not rest:
            raise Unshareable(_("The policy does not say to which category the rule {code} belongs.").format(code=rule))
        return rest

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that every run must tell, in order."""
        asked = [by.measure for step in self.steps for by in _measures(step.to)]
        return tuple(each for each in dict.fromkeys(asked) if each not in self.points)

    @property
    def costs(self) -> tuple[str, ...]:
        """The costs that every run must tell, in order."""
        return tuple(dict.fromkeys(step.cost for step in self.steps if step.cost is not None))

    @property
    def beneficiaries(self) -> tuple[str, ...]:
        """Whom the policy itself names, in order."""
        named = [name for step in self.steps for name in _named(step.to)]
        named += [name for by in self.points.values() for name in by]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Share:
    """What one step gives to one beneficiary: `weight` of `weights` of an amount `of`, in minor units."""

    step: int
    pool: str
    path: tuple[str, ...]
    weight: Fraction
    weights: Fraction
    of: int
    amount: int

    @property
    def beneficiary(self) -> str:
        """Who gets it: the last name of the path through the splits."""
        return self.path[-1]


class Unshareable(Exception):  # noqa: N818 - named as what happened
    """Something cannot be shared out as it is asked; the words say why."""


def distribute(
    policy: Policy, amounts: Mapping[str, int], points: Points | None = None, costs: Mapping[str, int] | None = None
) -> tuple[Share, ...]:
    """Share amounts out by category (and `tax`), in minor units, all of one sign; returns shares that add up to them.

    `points` and `costs` are what this run tells beside the policy. No share is 0. Raises Unshareable where a measure
    or cost is missing or unknown, where signs are mixed, and where the steps leave something over.
    """
    if min(amounts.values(), default=0) < 0:
        if max(amounts.values()) > 0:
            raise Unshareable(_("What is received and what is taken back are shared out apart."))
        return mirrored(distribute(policy, {name: -each for name, each in amounts.items()}, points, costs))
    measures, known = {**policy.points, **(points or {})}, dict(costs or {})
    _refuse_unknown(policy, points or {}, known)
    pools = {name: amount for name, amount in amounts.items() if amount}
    received = sum(amount for name, amount in pools.items() if name != TAX)
    found: list[Share] = []
    for number, step in enumerate(policy.steps, 1):
        if step.pool == REMAINING:
            tax = pools.get(TAX, 0)
            pools = {TAX: tax, REMAINING: sum(pools.values()) - tax}
        here = pools.get(step.pool, 0)
        amount = _taken(step, here, received, known)
        of = amount if step.named else received if step.of_received else here
        whole = Share(number, step.pool, (), step.share, Fraction(1), of, amount)
        given = list(_divided(step.to, amount, measures, whole))
        pools[step.pool] = here - sum(each.amount for each in given)
        found += given
    over = {name: left for name, left in pools.items() if left}
    if over:
        raise Unshareable(_("The steps leave something over of: {pools}.").format(pools=", ".join(over)))
    return tuple(each for each in found if each.amount)


def mirrored(given: Sequence[Share]) -> tuple[Share, ...]:
    """Return shares that take back exactly these."""
    return tuple(replace(each, amount=-each.amount, of=-each.of) for each in given)


def less(after: Sequence[Share], before: Sequence[Share]) -> tuple[Share, ...]:
    """Return what makes `before` into `after`, step by step and beneficiary by beneficiary; nothing where equal."""
    sums: dict[tuple[int, tuple[str, ...]], Share] = {}
    for sign, all_ in ((-1, before), (1, after)):
        for each in all_:
            key = each.step, each.path
            was = sums.get(key)
            amount, of = (was.amount, was.of) if was else (0, 0)
            sums[key] = replace(each, amount=amount + sign * each.amount, of=of + sign * each.of)
    return tuple(sums[key] for key in sorted(sums) if sums[key].amount)


def guarded(policy: Policy, findings: frozenset[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the guard for which what a beneficiary gets is suspended, None where it is payable, and what is warned of.

    `findings` are the guards that do not hold for the beneficiary.
    """
    suspended = [guard for guard in GUARDS if guard in findings and policy.guards.get(guard) == SUSPENSE]
    warned = tuple(guard for guard in GUARDS if guard in findings and policy.guards.get(guard) == WARN)
    return (suspended[0] if suspended else None), warned


def _taken(step: Step, here: int, received: int, costs: Mapping[str, int]) -> int:
    """Return how much a step takes of what is in its pool."""
    if step.cost is not None:
        wanted = costs[step.cost]
    elif step.fixed is not None:
        wanted = step.fixed
    else:
        wanted = rounded((received if step.of_received else here) * step.share)
    return min(here, wanted, *([] if step.cap is None else [step.cap]))


def _divided(to: Target, amount: int, points: Points, at: Share) -> Iterator[Share]:
    if not amount:
        return
    if isinstance(to, str):
        yield replace(at, path=at.path or (to,), amount=amount)
        return
    if isinstance(to, By):
        weights = {name: each for name, each in points[to.measure].items() if each >= to.least and each}
        if not weights:
            raise Unshareable(_("Nobody has enough of “{measure}”.").format(measure=to.measure))
        to = Split(weights)
    total = sum(to.weights.values(), Fraction(0))
    for (name, weight), part in zip(to.weights.items(), _within_caps(amount, to), strict=True):
        below = replace(at, path=(*at.path, name), weight=weight, weights=total, of=amount)
        yield from _divided(to.then.get(name, name), part, points, below)


def _within_caps(amount: int, split: Split) -> tuple[int, ...]:
    """Return the parts of an amount by weight, none above its cap; together less than it only if all are capped."""
    parts: dict[str, int] = {}
    while True:
        free = {name: weight for name, weight in split.weights.items() if name not in parts}
        if not any(free.values()):
            parts |= dict.fromkeys(free, 0)
            break
        given = dict(zip(free, shares(amount - sum(parts.values()), list(free.values())), strict=True))
        over = {name: split.caps[name] for name in free if name in split.caps and given[name] > split.caps[name]}
        parts |= over or given
        if not over:
            break
    return tuple(parts[name] for name in split.weights)


def _refuse_unknown(policy: Policy, points: Points, costs: Mapping[str, int]) -> None:
    for given, asked, form in (
        (points, policy.measures, "points: {{{name}: {{somebody: 30, another: 20}}}}"),
        (costs, policy.costs, 'costs: {{{name}: "120.00"}}'),
    ):
        for name in asked:
            if name not in given:
                example = form.format(name=name)
                raise Unshareable(
                    _("This run must tell “{name}”, written as {example}.").format(name=name, example=example)
                )
        for name in given:
            if name not in asked:
                raise Unshareable(_("The policy does not ask for “{name}”.").format(name=name))


def _measures(to: Target) -> Iterator[By]:
    if isinstance(to, By):
        yield to
    elif isinstance(to, Split):
        for each in to.then.values():
            yield from _measures(each)


def _named(to: Target) -> Iterator[str]:
    if isinstance(to, str):
        yield to
    elif isinstance(to, Split):
        for name in to.weights:
            yield from _named(to.then.get(name, name))

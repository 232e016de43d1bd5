"""A contract's terms as typed values: complete snapshots, effective-dated, with everything resolved that they say.

Money is in minor units, rates and factors are exact fractions. What is declared once as a default stands in each rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from fractions import Fraction

from trialdesk.base.money import Rounding
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.predicates import Call, Predicate, Test

VISIT, PROCEDURE, SUBJECT_EVENT, MILESTONE, SITE_FEE = "visit", "procedure", "subject_event", "milestone", "site_fee"
INVOICEABLE, SCREEN_FAILURE, BONUS, PENALTY = "invoiceable", "screen_failure", "bonus", "penalty"
KINDS = (VISIT, PROCEDURE, SUBJECT_EVENT, MILESTONE, SITE_FEE, INVOICEABLE, SCREEN_FAILURE, BONUS, PENALTY)
"""Kinds of rule that can be reckoned. `periodic` is a word of the language without a meaning yet; a rule is not one."""

KIND_WORDS = (*KINDS, "periodic")
"""What may stand where kinds are listed."""

STUDY_LEVEL = (BONUS, PENALTY)
"""What is reckoned for the study on top of its lines (step 11)."""

PER_SUBJECT, PER_OCCURRENCE, PER_STUDY = "subject", "occurrence", "study"
PERS = (PER_SUBJECT, PER_OCCURRENCE, PER_STUDY)

SUSPEND, CLAW, KEEP = "suspend", "claw", "keep"
STEP, PROPORTIONAL = "step", "proportional"
RANDOMISED_VALID = "randomised_valid"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The fact that makes a unit: its kind, and keys that must be equal."""

    fact: str
    equal: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed amount."""

    amount: int


@dataclass(frozen=True, slots=True)
class Actual:
    """What it cost, at most `cap`."""

    cap: int | None


@dataclass(frozen=True, slots=True)
class Tier:
    """What each of the units numbered `first` to `last` is worth; None is without end."""

    first: int
    last: int | None
    each: int


@dataclass(frozen=True, slots=True)
class Tiers:
    """A price that depends on which unit of its rule it is, in slot order."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A rate of the sum of the subjects' lines."""

    rate: Fraction


Amount = Fixed | Actual | Tiers | Share


@dataclass(frozen=True, slots=True)
class Outside:
    """What a visit outside its window is worth up to so many days from the target date, and whether it needs leave."""

    factor: Fraction
    up_to: int
    needs: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """The days around the target date, both inclusive, at which a visit is in time."""

    first: int
    last: int
    outside: Outside | None
    beyond: Fraction


@dataclass(frozen=True, slots=True)
class Complete:
    """Grading by procedures done; less than `minimum` becomes `pay`."""

    minimum: Fraction | None = None
    pay: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Grade:
    """A measure in days and what it is worth: the first band whose limit is not exceeded, else `otherwise`."""

    of: Call
    bands: tuple[tuple[int, Fraction], ...]
    otherwise: Fraction
    open_at_lock: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Holdback:
    """The part of a line held until the rule named by `release` is earned."""

    rate: Fraction
    release: str | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many units are paid: `initial` and `x` for each `y` of the count `of`, at most `most`."""

    x: int
    y: int
    of: str
    initial: int
    most: int | None
    mode: str

    def allowance(self, count: int) -> int:
        """Return how many units are paid at that count."""
        more = self.x * (count // self.y) if self.mode == STEP else self.x * count // self.y
        return self.initial + more


@dataclass(frozen=True, slots=True)
class Gate:
    """A test of a metric at month ends that holds lines back, and what is lost where it is not cured in time."""

    code: str
    metric: str
    test: Test
    min_n: int
    defer: frozenset[str]
    cure_periods: int | None
    forfeit: Fraction | None
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Pool:
    """The most that all bonuses, or all penalties, come to: money, or a rate of the subjects' lines."""

    money: int | None
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is paid."""

    code: str
    kind: str
    trigger: Trigger | None
    per: str
    amount: Amount
    require: tuple[Predicate, ...] = ()
    window: Window | None = None
    complete: Complete | None = None
    grades: tuple[Grade, ...] = ()
    multiply_grades: bool = False
    gates: tuple[str, ...] = ()
    overhead: Fraction = Fraction(0)
    holdback: Holdback | None = None
    ratio: Ratio | None = None
    cap_per_subject: int | None = None
    undo: str = SUSPEND
    min_n: int = 0
    evidence: tuple[str, ...] = ()
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a contract's terms."""

    no: int
    effective_from: date
    recorded_at: datetime
    retroactive: bool
    applies_if: Predicate | None
    tax: str | None
    rounding: Rounding
    rules: tuple[Rule, ...]
    gates: tuple[Gate, ...]
    bonus_pool: Pool | None
    penalty_pool: Pool | None
    ceiling: int | None
    late_interest: Fraction | None = None
    """What is owed late bears this part of it a day; nothing is said of it in the assessment."""
    where: Where = field(default=Where(), compare=False)

    def rule(self, code: str) -> Rule | None:
        """Return the rule of that code, None where this version has none."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def gate(self, code: str) -> Gate:
        """Return the gate of that code; reading has made sure that a rule's gates are there."""
        return next(gate for gate in self.gates if gate.code == code)

"""What predicates say of a unit on the facts in view: true, false, or not to be said yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from enum import IntEnum
from fractions import Fraction
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.facts import KINDS, Fact, View
from trialdesk.payments.rules.metrics import metric
from trialdesk.payments.rules.predicates import TRIGGER_DATES, All, Call, Not, Predicate


class Truth(IntEnum):
    """Kleene's three values, in the order in which `all` takes the least and `any` the greatest."""

    FALSE = 0
    PENDING = 1
    TRUE = 2


TRUE, FALSE, PENDING = Truth.TRUE, Truth.FALSE, Truth.PENDING
_OPPOSITE = (TRUE, PENDING, FALSE)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: not the weekdays of the weekend (Monday is 1), nor holidays, but always `workdays`."""

    weekend: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def works(self, day: date) -> bool:
        """Say whether the day is worked."""
        return day in self.workdays or (day.isoweekday() not in self.weekend and day not in self.holidays)

    def days(self, first: date, last: date) -> int:
        """Return the working days after `first` up to and including `last`; negative where `last` is earlier."""
        if last < first:
            return -self.days(last, first)
        return sum(self.works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


@dataclass(slots=True)
class Scope:
    """What a predicate is asked about: a unit's date, subject and trigger fact, and what is in view.

    `used` gathers the ids of the facts that were looked at.
    """

    view: View
    unit_day: date
    subject: str | None
    fact: Fact | None
    calendars: Mapping[str, Calendar]
    min_n: int = 0
    used: set[str] = field(default_factory=set)

    def facts(self, kind: str) -> Sequence[Fact]:
        """Return the facts of a kind in the unit's scope: same subject, visit and finding where both have one."""
        subject = self.subject if KINDS[kind].subject else None
        visit, finding = (self.fact.visit, self.fact.more.get("finding")) if self.fact is not None else (None, None)
        if visit is not None and subject is not None:
            found = self.view.known.about(self.view.day, kind, subject, visit)
        else:
            found = [fact for fact in self.view.of(kind, subject) if visit is None or fact.visit in {None, visit}]
        if finding is not None:
            found = [fact for fact in found if fact.more.get("finding") in {None, finding}]
        if found:
            self.used.update([fact.id for fact in found])
        return found

    def day(self, name: str) -> date | None:
        """Return the date a word stands for, None where it is not known.

        Of several facts the earliest counts, of `lplv` the latest.
        """
        if name == "unit.date":
            return self.unit_day
        if name in TRIGGER_DATES:
            own: date | None = self._own(name)
            return own
        found = self.facts(name)
        if not found:
            return None
        return found[-1 if name == "lplv" else 0].occurred_on

    def span(self, call: Call) -> tuple[int, bool]:
        """Return the days between a call's two dates, a missing one taken as today, and whether both are known."""
        first, last = self.day(call.arguments[0]), self.day(call.arguments[1])
        known = first is not None and last is not None
        begun, ended = first or self.view.day, last or self.view.day
        if call.name == "business_days":
            return self.calendars[call.arguments[2]].days(begun, ended), known
        return (ended - begun).days, known

    def consent_version(self, day: date) -> int:
        """Return the highest version of the consent form the subject had signed by that day, 0 if none."""
        signed = _by(day, self.view.of("consent_signed", self.subject)) if self.subject is not None else ()
        self.used.update([fact.id for fact in signed])
        return _highest(signed)

    def mandatory_version(self, day: date) -> int:
        """Return the highest version of the consent form that was mandatory by that day, 0 if none."""
        return _highest(_by(day, self.view.of("icf_mandatory")))

    def _own(self, key: str) -> Any:
        return self.fact.get(key) if self.fact is not None else None


def holds(predicate: Predicate, scope: Scope) -> Truth:
    """Return what the predicate says of the unit."""
    if isinstance(predicate, Call):
        return _CALLS[predicate.name](predicate, scope)
    if isinstance(predicate, Not):
        return _OPPOSITE[holds(predicate.of, scope)]
    if isinstance(predicate, All):
        return all_hold(predicate.of, scope)
    return max((holds(each, scope) for each in predicate.of), default=FALSE)


def all_hold(predicates: Iterable[Predicate], scope: Scope) -> Truth:
    """Return what all of them together say; none of them says TRUE."""
    return least([holds(each, scope) for each in predicates])


def least(answers: Iterable[Truth]) -> Truth:
    """Return what answers together say: the least of them, TRUE for none."""
    return min(answers, default=TRUE)


def measured(predicate: Predicate, scope: Scope) -> Fraction | None:
    """Return the number a condition compares of the unit, None where it compares none, several, or not yet.

    Days are calendar or working days as the condition says; a metric is its share.
    """
    if isinstance(predicate, Not):
        return measured(predicate.of, scope)
    if not isinstance(predicate, Call):
        found = [value for each in predicate.of if (value := measured(each, scope)) is not None]
        return found[0] if len(found) == 1 else None
    reading = _MEASURES.get(predicate.name)
    return reading(predicate, scope) if reading else None


@dataclass(frozen=True, slots=True)
class Queries:
    """The queries of a unit: the longest in days from first raising to last closing, and whether one is open."""

    days: int
    open: bool


_NO_QUERIES = Queries(0, open=False)


def queries(scope: Scope, day: date) -> Queries:
    """Return how the queries of the unit stood at the end of a day. What was never validly raised is no query."""
    events: dict[str, list[Fact]] = {}
    raised, closed = scope.facts("query_raised"), scope.facts("query_closed")
    if not raised:
        return _NO_QUERIES
    for fact in sorted(
        [*raised, *closed],
        key=lambda fact: (fact.occurred_on, *scope.view.known.first_recorded(fact)),
    ):
        if fact.occurred_on <= day:
            events.setdefault(fact.get("query"), []).append(fact)
    longest, still_open = 0, False
    for history in events.values():
        begun = [fact.occurred_on for fact in history if fact.kind == "query_raised"]
        if not begun:
            continue
        is_open = history[-1].kind == "query_raised"
        last = day if is_open else max(fact.occurred_on for fact in history if fact.kind == "query_closed")
        longest = max(longest, (last - begun[0]).days)
        still_open = still_open or is_open
    return Queries(longest, still_open)


def _by(day: date, facts: Sequence[Fact]) -> Sequence[Fact]:
    return [fact for fact in facts if fact.occurred_on <= day]


def _highest(consents: Sequence[Fact]) -> int:
    return max([int(fact.more["icf_version"]) for fact in consents], default=0)


def _said(*, value: bool) -> Truth:
    return TRUE if value else FALSE


def _exists(call: Call, scope: Scope) -> Truth:
    return _said(value=bool(scope.facts(call.arguments[0])))


def _count(call: Call, scope: Scope) -> Truth:
    return _compared(call, Fraction(scope.view.count(call.arguments[0])))


def _days(call: Call, scope: Scope) -> Truth:
    days, known = scope.span(call)
    if known:
        return _compared(call, Fraction(days))
    # The days still run: what may not be exceeded can only get worse, anything else may yet change.
    return _running(call, days) if scope.day(call.arguments[0]) is not None else PENDING


def _running(call: Call, days: int) -> Truth:
    test = call.test
    assert test is not None
    exceeded = (test.operator in {"<=", "="} and days > test.number) or (test.operator == "<" and days >= test.number)
    return FALSE if exceeded else PENDING


def _max_query_days(call: Call, scope: Scope) -> Truth:
    found = queries(scope, scope.view.day)
    return _running(call, found.days) if found.open else _compared(call, Fraction(found.days))


def _within(call: Call, scope: Scope) -> Truth:
    days, known = scope.span(call)
    in_time = days <= int(call.arguments[2])
    if known:
        return _said(value=in_time)
    if scope.day(call.arguments[0]) is None:
        return PENDING
    return PENDING if in_time else FALSE


def _consent_valid(call: Call, scope: Scope) -> Truth:
    day = scope.day(call.arguments[1])
    if day is None:
        return PENDING
    signed = scope.consent_version(day)
    return _said(value=signed > 0 and signed >= scope.mandatory_version(day))


def _icf_version(call: Call, scope: Scope) -> Truth:
    day = scope.day(call.arguments[1])
    return PENDING if day is None else _compared(call, Fraction(scope.consent_version(day)))


def _eligible(_call: Call, scope: Scope) -> Truth:
    if scope.subject is None:
        return PENDING
    if scope.view.of("screen_failed", scope.subject):
        return FALSE
    return TRUE if scope.view.of("eligible", scope.subject) else PENDING


def _voided(_call: Call, scope: Scope) -> Truth:
    return _said(value=scope.subject in scope.view.voided())


def _metric(call: Call, scope: Scope) -> Truth:
    value = metric(call.arguments[0], scope.view)
    return PENDING if value.fraction is None or value.denominator < scope.min_n else _compared(call, value.fraction)


def _compared(call: Call, value: Fraction) -> Truth:
    assert call.test is not None
    return _said(value=call.test.holds(value))


def _span(call: Call, scope: Scope) -> Fraction | None:
    days, known = scope.span(call)
    return Fraction(days) if known else None


def _version(call: Call, scope: Scope) -> Fraction | None:
    day = scope.day(call.arguments[1])
    return None if day is None else Fraction(scope.consent_version(day))


_MEASURES: dict[str, Callable[[Call, Scope], Fraction | None]] = {
    "count": lambda call, scope: Fraction(scope.view.count(call.arguments[0])),
    "days": _span,
    "business_days": _span,
    "within": _span,
    "max_query_days": lambda _call, scope: Fraction(queries(scope, scope.view.day).days),
    "icf_version": _version,
    "metric": lambda call, scope: metric(call.arguments[0], scope.view).fraction,
}
"""What of a predicate can be read as a number, to be shown beside the number it is compared with."""

_CALLS: dict[str, Callable[[Call, Scope], Truth]] = {
    "exists": _exists,
    "count": _count,
    "days": _days,
    "business_days": _days,
    "max_query_days": _max_query_days,
    "within": _within,
    "consent_valid": _consent_valid,
    "icf_version": _icf_version,
    "eligible": _eligible,
    "voided": _voided,
    "metric": _metric,
}

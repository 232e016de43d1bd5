"""Which units there are: rules met by facts, each under the version of terms in force for it (steps 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.conditions import TRUE, Calendar, Scope, all_hold, holds
from trialdesk.payments.rules.facts import Fact, View
from trialdesk.payments.rules.predicates import calls
from trialdesk.payments.rules.reasons import BEFORE_TERMS, NO_TERMS, PERSON_TWICE, TWICE, VISIT_TWICE
from trialdesk.payments.rules.terms import BONUS, CLAW, PER_OCCURRENCE, PER_STUDY, Rule, Terms

STUDY = "study"
RUNNING = ("days", "business_days", "within", "max_query_days")
"""Predicates whose answer may change on a day on which nothing happens."""


class Unit(NamedTuple):
    """One thing that may be paid: a rule met on a day. `order` is its place among those that share a cap."""

    rule: Rule
    terms: Terms
    key: str
    subject: str | None
    day: date
    fact: Fact | None
    order: tuple[datetime, date, str, str]

    @property
    def line(self) -> tuple[str, str]:
        """What certificates and invoices call it."""
        return self.rule.code, self.key


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms known at the instant of a view, and what the facts say in it."""

    versions: tuple[Terms, ...]
    view: View
    calendars: Mapping[str, Calendar]
    _unguarded: dict[date, Terms | None] = field(default_factory=dict)
    """By day, the version in force, where no version effective by then asks whom it is for."""

    def scope(
        self, day: date, subject: str | None, fact: Fact | None, *, view: View | None = None, min_n: int = 0
    ) -> Scope:
        """Return what predicates are asked about."""
        return Scope(view or self.view, day, subject, fact, self.calendars, min_n)

    def in_force(self, day: date, subject: str | None, fact: Fact | None = None) -> Terms | None:
        """Return the version in force on a day for a subject, None where none is; a guard needs a subject to hold."""
        if day in self._unguarded:
            return self._unguarded[day]
        found = [
            terms
            for terms in self.versions
            if terms.effective_from <= day
            and (
                terms.applies_if is None
                or (subject is not None and holds(terms.applies_if, self.scope(day, subject, fact)) is TRUE)
            )
        ]
        latest = max(found, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)
        if all(terms.applies_if is None for terms in self.versions if terms.effective_from <= day):
            self._unguarded[day] = latest
        return latest


@dataclass(slots=True)
class Units:
    """The units found, and by the id of a fact what is wrong with it."""

    found: list[Unit] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def units(contract: Contract) -> Units:
    """Return every unit there is, with the facts that make none although a rule would have them."""
    answer = Units()
    _triggered(contract, _triggering(contract), answer)
    _once_a_study(contract, answer)
    codes = {r.code: None for t in contract.versions for r in t.rules if r.trigger is None and r.kind != BONUS}
    answer.found += filter(None, (_reached(contract, code) for code in codes))
    return answer


def units_of(contract: Contract, subjects: Iterable[str]) -> Units:
    """Return the units, not of the study, that facts about these subjects make, as if there were no other subjects."""
    answer = Units()
    view, kinds = contract.view, _triggering_kinds(contract)
    _triggered(contract, [fact for subject in subjects for kind in kinds for fact in view.of(kind, subject)], answer)
    return answer


def condition_lost(contract: Contract, unit: Unit) -> bool:
    """Say whether what the unit requires has held once and no longer did on a later day up to now."""
    held = False
    for day in _days(contract, [unit.rule]):
        if day >= unit.day:
            view = contract.view.on(day)
            holding = all_hold(unit.rule.require, contract.scope(unit.day, unit.subject, unit.fact, view=view)) is TRUE
            if held and not holding:
                return True
            held = held or holding
    return False


def _triggered(contract: Contract, triggering: Iterable[Fact], answer: Units) -> None:
    """Find the units of subjects and occurrences. Of two with one name, the first recorded counts."""
    taken: set[tuple[str, str]] = set()
    facts = sorted(triggering, key=contract.view.known.first_recorded)
    for fact, rule, terms in _met(contract, facts):
        if terms is None:
            answer.errors[fact.id] = _outside(contract, fact)
            continue
        unit = _unit(contract, rule, terms, fact)
        names = {unit.line}
        if fact.kind == "screen_failed" and fact.get("person_key") is not None:
            names.add((rule.code, f"person {fact.get('person_key')}"))
        if names & taken:
            answer.errors[fact.id] = _twice(fact, same_unit=unit.line in taken)
        else:
            answer.found.append(unit)
        taken |= names


def _once_a_study(contract: Contract, answer: Units) -> None:
    """Find the units of the study: of the facts that make one, the earliest whose subject is not voided."""
    voided = contract.view.voided()
    valid = [fact for fact in _triggering(contract, of_study=True) if fact.subject not in voided]
    found: set[str] = set()
    for fact, rule, terms in _met(contract, valid, of_study=True):
        if rule.code in found:
            continue
        found.add(rule.code)
        if terms is None:
            answer.errors[fact.id] = _outside(contract, fact)
        else:
            answer.found.append(_unit(contract, rule, terms, fact))


def _triggering(contract: Contract, *, of_study: bool = False) -> list[Fact]:
    """Return the facts of the kinds that begin units, earliest first."""
    return contract.view.known.of_kinds(contract.view.day, _triggering_kinds(contract, of_study=of_study))


def _triggering_kinds(contract: Contract, *, of_study: bool = False) -> set[str]:
    rules = (rule for terms in contract.versions for rule in terms.rules if (rule.per == PER_STUDY) == of_study)
    return {rule.trigger.fact for rule in rules if rule.trigger is not None}


def _met(
    contract: Contract, facts: Iterable[Fact], *, of_study: bool = False
) -> Iterator[tuple[Fact, Rule, Terms | None]]:
    """Give each fact with each rule it meets in the terms in force; without terms, with any rule it would meet."""
    every = [rule for terms in contract.versions for rule in terms.rules]
    asking = {terms.no: _by_trigger(terms.rules) for terms in contract.versions}
    without_terms = _by_trigger(every)
    for fact in facts:
        terms = contract.in_force(fact.occurred_on, None if of_study else fact.subject, fact)
        asked = asking[terms.no] if terms else without_terms
        for rule in asked.get((fact.kind, fact.visit), asked.get((fact.kind, None), ())):
            if (rule.per == PER_STUDY) == of_study and _meets(rule, fact):
                yield fact, rule, terms


def _by_trigger(rules: Iterable[Rule]) -> dict[tuple[str, object], list[Rule]]:
    """Return the rules by kind of fact and visit, in their order; under no visit, those that ask for none."""
    triggered = [(rule, rule.trigger.fact, rule.trigger.equal.get("visit")) for rule in rules if rule.trigger]
    names = {(kind, visit) for _rule, kind, visit in triggered} | {(kind, None) for _rule, kind, _visit in triggered}
    return {
        (kind, visit): [rule for rule, of, at in triggered if of == kind and at in {None, visit}]
        for kind, visit in names
    }


def _meets(rule: Rule, fact: Fact) -> bool:
    trigger = rule.trigger
    return (
        trigger is not None
        and trigger.fact == fact.kind
        and all(fact.get(key) == value for key, value in trigger.equal.items())
    )


def _unit(contract: Contract, rule: Rule, terms: Terms, fact: Fact) -> Unit:
    known = contract.view.known
    subject = None if rule.per == PER_STUDY else fact.subject
    key = STUDY
    if rule.per != PER_STUDY:
        key = "/".join(filter(None, (fact.subject or STUDY, fact.visit or fact.get("procedure"))))
    if rule.per == PER_OCCURRENCE:
        key = f"{key}#{known.first(fact).id}"
    order = (known.first(fact).recorded_at, fact.occurred_on, key, rule.code)
    return Unit(rule, terms, key, subject, fact.occurred_on, fact, order)


def _reached(contract: Contract, code: str) -> Unit | None:
    """Return the unit of a rule without trigger: dated the first day on which it held, there while it holds now.

    Subjects voided by now are left out from the first. What was lost and is clawed back comes again only by terms newer
    than the loss.
    """
    rules = [rule for terms in contract.versions for rule in terms.rules if rule.code == code]
    days = _days(contract, rules)
    lost_on = _lost_on(contract, code, days)
    for day in days:
        terms = contract.in_force(day, None)
        rule = terms.rule(code) if terms else None
        if terms is None or rule is None or rule.trigger is not None:
            continue
        if rule.undo == CLAW and lost_on is not None and terms.effective_from <= lost_on:
            continue
        then = contract.view.on(day, left_out=contract.view.voided())
        if all_hold(rule.require, contract.scope(day, None, None, view=then, min_n=rule.min_n)) is TRUE:
            holding = all_hold(rule.require, contract.scope(day, None, None, min_n=rule.min_n)) is TRUE
            return Unit(rule, terms, STUDY, None, day, None, _order(contract, day, code)) if holding else None
    return None


def _lost_on(contract: Contract, code: str, days: Sequence[date]) -> date | None:
    """Return the last day on which what a rule without trigger requires, having held, did not hold any more."""
    lost, held = None, False
    for day in days:
        terms = contract.in_force(day, None)
        rule = terms.rule(code) if terms else None
        if rule is None or rule.undo != CLAW:
            continue
        scope = contract.scope(day, None, None, view=contract.view.on(day), min_n=rule.min_n)
        holding = all_hold(rule.require, scope) is TRUE
        if held and not holding:
            lost = day
        held = holding
    return lost


def _order(contract: Contract, day: date, code: str) -> tuple[datetime, date, str, str]:
    """Return the slot of a unit without fact: recorded when the last that happened on its day was first recorded."""
    known = contract.view.known
    recorded = [known.first(fact).recorded_at for fact in contract.view.on(day).all() if fact.occurred_on == day]
    return max(recorded, default=datetime.combine(day, time(), UTC)), day, STUDY, code


def _days(contract: Contract, rules: Iterable[Rule]) -> list[date]:
    """Return the days up to now on which what the rules require can change: every day only where days are counted."""
    happened = {fact.occurred_on for fact in contract.view.all()}
    days = {day for day in happened | {terms.effective_from for terms in contract.versions} if day <= contract.view.day}
    if days and any(call.name in RUNNING for rule in rules for each in rule.require for call in calls(each)):
        first = min(days)
        days = {first + timedelta(days=n) for n in range((contract.view.day - first).days + 1)}
    return sorted(days)


def _outside(contract: Contract, fact: Fact) -> str:
    first = min((terms.effective_from for terms in contract.versions), default=None)
    return NO_TERMS if first is not None and fact.occurred_on >= first else BEFORE_TERMS


def _twice(fact: Fact, *, same_unit: bool) -> str:
    if not same_unit:
        return PERSON_TWICE
    return VISIT_TWICE if fact.kind == "visit_done" else TWICE

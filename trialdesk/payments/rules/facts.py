"""Facts: append-only, corrected by newer facts that name them. What was known when, and what had happened by when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.places import Where

VOID = "void"
_DAY = attrgetter("occurred_on")
_NOTHING: Sequence[Any] = ()
_NONE: Mapping[Any, Any] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: whether it is about a subject, the keys it must have and those it may have."""

    subject: bool
    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


KINDS = {
    "site_activated": Kind(False),
    "ethics_submitted": Kind(False),
    "ethics_approved": Kind(False),
    "consent_signed": Kind(True, ("icf_version",)),
    "icf_mandatory": Kind(False, ("icf_version",)),
    "screened": Kind(True, (), ("person_key",)),
    "screen_failed": Kind(True, (), ("person_key",)),
    "eligible": Kind(True),
    "randomised": Kind(True, (), ("person_key",)),
    "visit_done": Kind(True, ("visit",), ("target_on", "components")),
    "window_approved": Kind(True, ("visit",)),
    "crf_signed": Kind(True, ("visit",)),
    "query_raised": Kind(True, ("visit", "query")),
    "query_closed": Kind(True, ("visit", "query")),
    "deviation": Kind(True, ("major", "confirmed")),
    "sae_reported": Kind(True, (), ("hours",)),
    "procedure_done": Kind(True, ("procedure",), ("cost",)),
    "withdrawn": Kind(True),
    "completed": Kind(True),
    "died": Kind(True),
    "subject_voided": Kind(True),
    "lplv": Kind(False),
    "db_locked": Kind(False),
    "report_signed": Kind(False, (), ("report",)),
    "published": Kind(False, (), ("stage",)),
    "finding_opened": Kind(False, ("finding",), ("due_on", "critical")),
    "finding_closed": Kind(False, ("finding",), ("due_on", "critical")),
    "milestone": Kind(False, ("name",)),
    "metric_reported": Kind(False, ("metric", "numerator", "denominator")),
    VOID: Kind(False, ("supersedes",)),
}
"""Every kind of fact there is."""

COMMON = ("subject", "visit", "supersedes", "reason")
"""Keys any fact may have besides its id, kind and dates."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on a local calendar date, recorded at an instant. `more` holds the keys of its kind."""

    id: str
    kind: str
    occurred_on: date
    recorded_at: datetime
    subject: str | None = None
    visit: str | None = None
    supersedes: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    where: Where = field(default=Where(), compare=False)

    def get(self, key: str) -> Any:
        """Return the value of a key, also of the common ones; None where the fact has none."""
        return getattr(self, key) if key in {"subject", "visit"} else self.more.get(key)


class Known:
    """What was known at an instant: recorded by then, and not replaced or voided by anything recorded by then.

    What has replaced a fact need not stand itself. Within a kind, facts are in the order of their days.
    """

    def __init__(self, facts: Iterable[Fact], known_at: datetime) -> None:
        self.at = known_at
        recorded = {fact.id: fact for fact in facts if fact.recorded_at <= known_at}
        self._recorded = recorded
        self._hidden = {fact.supersedes for fact in recorded.values()}
        self._by_kind: dict[str, list[Fact]] = defaultdict(list)
        self._in_order: frozenset[str] = frozenset()
        self._by_day: list[Fact] | None = None
        # By subject first: what is asked of one unit stands close together.
        self._by_subject: dict[str | None, dict[str, list[Fact]]] = defaultdict(_lists)
        self._by_visit: dict[str | None, dict[tuple[str, str | None], list[Fact]]] = defaultdict(_lists)
        self._voided: dict[date, frozenset[str]] = {}
        # As they come: what is of one subject mostly comes, and then lies, together. Few kinds are asked for as a
        # whole, and are put in order only then.
        for fact in recorded.values():
            if self._stands(fact):
                self._by_kind[fact.kind].append(fact)
                self._by_subject[fact.subject][fact.kind].append(fact)
                self._by_visit[fact.subject][fact.kind, fact.visit].append(fact)
        by_subject = (lists.values() for lists in self._by_subject.values())
        by_visit = (lists.values() for lists in self._by_visit.values())
        for own in chain.from_iterable((*by_subject, *by_visit)):
            if len(own) > 1:
                own.sort(key=self._order)

    def learn(self, facts: Sequence[Fact], known_at: datetime) -> None:
        """Know these facts too, which have new ids, at an instant at which nothing else comes to be known.

        A copy made before stays as it is: nothing that it may share is altered.
        """
        self.at = known_at
        recorded, hidden = self._recorded, self._hidden
        replaced = [recorded[fact.supersedes] for fact in facts if fact.supersedes in recorded]
        gone = [fact for fact in replaced if self._stands(fact)]
        self._recorded = recorded | {fact.id: fact for fact in facts}
        self._hidden = hidden | {fact.supersedes for fact in facts}
        self._by_kind, self._by_subject = self._by_kind.copy(), self._by_subject.copy()
        self._by_visit, self._voided = self._by_visit.copy(), {}
        for fact in gone:
            self._put(fact, _removed)
        for fact in facts:
            if self._stands(fact):
                self._put(fact, _inserted)

    def fact(self, name: str) -> Fact | None:
        """Return the fact of that id, None where none is known; it may have been replaced."""
        return self._recorded.get(name)

    def subjects(self) -> frozenset[str]:
        """Return every subject a standing fact is about."""
        return frozenset(subject for subject in self._by_subject if subject is not None)

    def first(self, fact: Fact) -> Fact:
        """Return the first fact of the chain of corrections that `fact` ends."""
        while fact.supersedes is not None:
            fact = self._recorded[fact.supersedes]
        return fact

    def first_recorded(self, fact: Fact) -> tuple[datetime, str]:
        """Return when what `fact` says was first recorded; equal instants are told apart by the first fact's id."""
        first = self.first(fact)
        return first.recorded_at, first.id

    def until(self, day: date, kind: str | None = None, subject: str | None = None) -> Sequence[Fact]:
        """Return what had happened by the end of `day`, of a kind, of a subject, earliest first."""
        if kind is None:
            facts = self._all()
        elif subject is None:
            facts = self._of_kind(kind)
        else:
            facts = self._by_subject.get(subject, _NONE).get(kind, [])
        return _by_then(facts, day)

    def about(self, day: date, kind: str, subject: str | None, visit: str) -> Sequence[Fact]:
        """Return what had happened by the end of `day` of a kind and subject, at a visit or at none, earliest first."""
        own = self._by_visit.get(subject, _NONE)
        facts, at_none = own.get((kind, visit), _NOTHING), own.get((kind, None))
        if at_none:
            facts = sorted([*facts, *at_none], key=self._order)
        return facts if not facts or facts[-1].occurred_on <= day else _by_then(facts, day)

    def of_kinds(self, day: date, kinds: Iterable[str]) -> list[Fact]:
        """Return what had happened by the end of `day` of several kinds, earliest first."""
        found = [self.until(day, kind) for kind in set(kinds)]
        if len(found) == 1:
            return list(found[0])
        return sorted((fact for facts in found for fact in facts), key=self._order)

    def voided(self, day: date) -> frozenset[str]:
        """Return the subjects that were voided by the end of `day`; each day is asked of the facts but once."""
        if day not in self._voided:
            facts = self.until(day, "subject_voided")
            self._voided[day] = frozenset(fact.subject for fact in facts if fact.subject is not None)
        return self._voided[day]

    def _stands(self, fact: Fact) -> bool:
        return fact.id not in self._hidden and fact.kind != VOID

    def _all(self) -> list[Fact]:
        if self._by_day is None:
            self._by_day = self._ordered(chain.from_iterable(self._by_kind.values()))
        return self._by_day

    def _of_kind(self, kind: str) -> list[Fact]:
        if kind not in self._in_order and kind in self._by_kind:
            self._by_kind[kind] = self._ordered(self._by_kind[kind])
            self._in_order |= {kind}
        return self._by_kind.get(kind, [])

    def _ordered(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return facts in the order of their days: each day by itself, for there are few, and many facts of one."""
        days: dict[date, list[Fact]] = defaultdict(list)
        for fact in facts:
            days[fact.occurred_on].append(fact)
        return [fact for day in sorted(days) for fact in sorted(days[day], key=self._order)]

    def _put(self, fact: Fact, put: _Put) -> None:
        """Put a fact into all lists it belongs to, or out of them; each is replaced by another list."""
        if self._by_day is not None:
            self._by_day = put(self._by_day, fact, self._order)
        self._by_kind[fact.kind] = put(self._of_kind(fact.kind), fact, self._order)
        self._in_order |= {fact.kind}
        kinds, visits = self._by_subject[fact.subject].copy(), self._by_visit[fact.subject].copy()
        kinds[fact.kind] = put(kinds[fact.kind], fact, self._order)
        visits[fact.kind, fact.visit] = put(visits[fact.kind, fact.visit], fact, self._order)
        self._by_subject[fact.subject], self._by_visit[fact.subject] = kinds, visits

    def _order(self, fact: Fact) -> tuple[date, datetime, str]:
        if fact.supersedes is None:
            return fact.occurred_on, fact.recorded_at, fact.id
        return (fact.occurred_on, *self.first_recorded(fact))


_Order = Callable[[Fact], Any]
_Put = Callable[[list[Fact], Fact, _Order], list[Fact]]


def _inserted(facts: list[Fact], fact: Fact, order: _Order) -> list[Fact]:
    facts = facts.copy()
    insort(facts, fact, key=order)
    return facts


def _removed(facts: list[Fact], fact: Fact, order: _Order) -> list[Fact]:
    at = bisect_left(facts, order(fact), key=order)
    # Two corrections of one fact may share a place.
    at = next(n for n in range(at, len(facts)) if facts[n] is fact)
    return facts[:at] + facts[at + 1 :]


def _lists() -> defaultdict[Any, list[Fact]]:
    return defaultdict(list)


def _by_then(facts: Sequence[Fact], day: date) -> Sequence[Fact]:
    if not facts or facts[-1].occurred_on <= day:
        return facts
    return facts[: bisect_right(facts, day, key=_DAY)]


@dataclass(frozen=True, slots=True)
class View:
    """What was known, and had happened by the end of a day. Subjects in `left_out` count as voided."""

    known: Known
    day: date
    left_out: frozenset[str] = frozenset()

    def of(self, kind: str, subject: str | None = None) -> Sequence[Fact]:
        """Return the facts of a kind, earliest first."""
        return self.known.until(self.day, kind, subject)

    def all(self) -> Sequence[Fact]:
        """Return all facts, earliest first."""
        return self.known.until(self.day)

    def on(self, day: date, *, left_out: frozenset[str] | None = None) -> View:
        """Return the same knowledge at the end of another day."""
        return View(self.known, day, self.left_out if left_out is None else left_out)

    def subjects(self, kind: str) -> frozenset[str]:
        """Return the subjects, not voided, who have a fact of the kind."""
        return frozenset(fact.subject for fact in self.of(kind) if fact.subject is not None) - self.voided()

    def voided(self) -> frozenset[str]:
        """Return the subjects that are voided."""
        voided = self.known.voided(self.day)
        return self.left_out | voided if self.left_out else voided

    def count(self, what: str) -> int:
        """Return how many there are: subjects, not voided, of a kind that has subjects; else facts of the kind."""
        if what == "randomised_valid":
            what = "randomised"
        return len(self.subjects(what)) if KINDS[what].subject else len(self.of(what))

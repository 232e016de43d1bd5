"""The day each visit was due, out of a study's events: counted as `enrollment.plan` counts it.

A visit is counted from day 1, allocation, consent or the visit before, as its schedule says; when such a day comes to
be known or moves, what was told of the visits counted from it is told anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from trialdesk.base.dates import day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.cases import FULL_FORMS
from trialdesk.enrollment.plan import Anchors, planned_days
from trialdesk.enrollment.records import Consent, SlotUse, Treatment, Visit
from trialdesk.persistence.declaration import VOIDED
from trialdesk.studies.records import PlannedVisit

_ALLOCATING = (Treatment.KIND, SlotUse.KIND)
_PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class _Plan:
    """A planned visit as the counting asks for it."""

    id: Id
    number: Decimal
    name: str
    anchor: str | None
    planned_day: int | None


class Targets:
    """Which records of whom visits are counted from. `held` are the records as they stand, by id."""

    def __init__(self, held: Mapping[Id, Mapping[str, Any]]) -> None:
        self._held = held
        self._plans: dict[Id, None] = {}
        self._schedule: tuple[_Plan, ...] = ()
        """The planned visits as they stand, read anew whenever one of them changes."""
        self._of: dict[tuple[str, Id], dict[Id, None]] = defaultdict(dict)

    def moved(self, kind: str, record: Id) -> Id | None:
        """Take in that a record changed; return the participant whose visits may be due on another day by it."""
        if kind == PlannedVisit.KIND:
            self._plans[record] = None
            self._schedule = tuple(self._standing_plans())
        if kind not in (*_ALLOCATING, Consent.KIND, Visit.KIND):
            return None
        whom: Id | None = self._held[record].get("participant")
        if whom is None:
            return None
        self._of[kind, whom][record] = None
        if kind == Visit.KIND and all(plan.anchor != _PREVIOUS for plan in self._schedule):
            return None
        return whom

    def due(self, visit: Id, participant: Id) -> date | None:
        """Return the day a planned visit of a participant was due; None where its anchor is not known to the day."""
        who = self._held.get(participant, {})
        allocated = self._first("allocated_on", *_ALLOCATING, of=participant)
        anchors = Anchors(
            day1=_day(who.get("reference_start")) or allocated,
            allocation=allocated,
            consent=self._first("consented_on", Consent.KIND, of=participant) or _day(who.get("informed_consent_on")),
        )
        kept = {
            each["planned_visit"]: each.get("started_on")
            for each in self._standing(Visit.KIND, participant)
            if each.get("happened") and each.get("planned_visit")
        }
        return planned_days(self._schedule, anchors, kept).get(visit)

    def _first(self, name: str, *kinds: str, of: Id) -> date | None:
        days = [
            _day(each.get(name))
            for kind in kinds
            for each in self._standing(kind, of)
            if kind != Consent.KIND or self._is_full(each)
        ]
        return min(filter(None, days), default=None)

    def _is_full(self, consent: Mapping[str, Any]) -> bool:
        return self._held.get(consent.get("consent_version", ""), {}).get("form") in FULL_FORMS

    def _standing(self, kind: str, of: Id) -> Iterator[Mapping[str, Any]]:
        for record in self._of.get((kind, of), ()):
            if not self._held[record][VOIDED.name]:
                yield self._held[record]

    def _standing_plans(self) -> Iterator[_Plan]:
        for plan in self._plans:
            own = self._held[plan]
            if not own[VOIDED.name]:
                number = Decimal(own.get("number") or 0)
                yield _Plan(plan, number, own.get("name") or "", own.get("anchor"), own.get("planned_day"))


def _day(written: str | None) -> date | None:
    return day_of(written) if written else None

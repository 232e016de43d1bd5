"""Participant flow, visits and windows, on plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from typing import Literal

from trialdesk.base.dates import PartialDate, day_of, earliest, is_partial_date, latest, on_study_day
from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass

COMPLETED = "COMPLETED"
LOST_TO_FOLLOW_UP = "LOST TO FOLLOW-UP"
DEATH = "DEATH"
SCREEN_FAILURE = "SCREEN FAILURE"
RANDOMISED = ("RANDOMIZED", "RANDOMISED")
"""What the milestone of allocation is called (CDISC codelist PROTMLST, and as it is also spelt)."""
CONSENTED = "INFORMED CONSENT OBTAINED"

ALL_ARMS = "all"
"""The one arm shown to who may not know the arms."""

NOT_ALLOCATED = {True: "Screen Failure", False: "Not Assigned"}
"""What stands for the arm of who never got one, by whether screening failed (SDTMIG 3.3, 5.2)."""

VisitState = Literal[
    "in window", "early", "late", "done", "missed", "due", "overdue", "planned", "not due", "unscheduled"
]


NOT_ELIGIBLE = "NOT ELIGIBLE"
"""The reason of who was excluded because criteria were not met (CONSORT 2025, item 22a)."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A disposition event: when, and the coded reason."""

    occurred_on: PartialDate | None
    sequence: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the flow needs to know of one participant. `arm` is a name, None for who was never allocated.

    `failed` are the codes of the criteria that an assessment found not met.
    """

    arm: str | None
    exposed: bool
    endings: tuple[Ending, ...] = ()
    populations: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()

    @property
    def ending(self) -> str | None:
        """The coded reason of the last disposition event, None while participation goes on."""
        if not self.endings:
            return None
        return max(self.endings, key=lambda each: (each.occurred_on or "", each.sequence or 0)).reason


@dataclass(frozen=True, slots=True)
class Reasons:
    """How many, and how many for each coded reason, most frequent first."""

    total: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """One arm's column of the flow diagram."""

    arm: str
    allocated: int
    received: int
    completed: int
    discontinued: Reasons
    lost_to_follow_up: int
    analysed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Flow:
    """Participant flow (CONSORT 2025, item 22a).

    Assessed are excluded, entered, or still in screening. `criteria` are the criteria not met by who was found not
    eligible, by their codes; one participant may miss several.
    """

    assessed: int
    excluded: Reasons
    randomised: int
    arms: tuple[ArmFlow, ...]
    screening: int = 0
    criteria: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SafetyCounts:
    """Adverse events of one arm: events, and participants who had at least one."""

    events: int = 0
    participants: int = 0
    serious: int = 0
    fatal: int = 0
    by_severity: Mapping[str, int] = field(default_factory=dict)


def flow(subjects: Iterable[Subject], arms: Iterable[str], populations: Iterable[str]) -> Flow:
    """Return the participant flow. Every arm is there, also an empty one; discontinued includes lost to follow-up."""
    subjects = list(subjects)
    excluded = [subject for subject in subjects if subject.arm is None and subject.ending is not None]
    allocated = [subject for subject in subjects if subject.arm is not None]
    populations = tuple(populations)
    return Flow(
        assessed=len(subjects),
        excluded=counted(_why_excluded(subject) for subject in excluded),
        randomised=len(allocated),
        arms=tuple(_arm_flow(arm, [s for s in allocated if s.arm == arm], populations) for arm in arms),
        screening=len(subjects) - len(excluded) - len(allocated),
        criteria=counted(code for subject in excluded for code in subject.failed).reasons,
    )


def _why_excluded(subject: Subject) -> str:
    """Return why somebody was excluded: by the criteria not met where an assessment tells them."""
    return NOT_ELIGIBLE if subject.failed and subject.ending == SCREEN_FAILURE else subject.ending or ""


def disposition(subjects: Iterable[Subject], arms: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return, for each arm, how many ended for which coded reason; the never allocated, if any, come last."""
    subjects = list(subjects)
    table = {arm: counted(s.ending for s in subjects if s.arm == arm and s.ending).reasons for arm in arms}
    for failed, name in NOT_ALLOCATED.items():
        left = [s.ending for s in subjects if s.arm is None and s.ending and (s.ending == SCREEN_FAILURE) == failed]
        if left:
            table[name] = counted(left).reasons
    return {arm: dict(reasons) for arm, reasons in table.items()}


def counted(reasons: Iterable[str]) -> Reasons:
    """Count reasons, most frequent first and then by name; an empty one counts in the total alone."""
    counts = Counter(reasons)
    total = counts.total()
    counts.pop("", None)
    return Reasons(total, dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))))


def _arm_flow(arm: str, subjects: list[Subject], populations: tuple[str, ...]) -> ArmFlow:
    endings = [subject.ending for subject in subjects if subject.ending is not None]
    return ArmFlow(
        arm=arm,
        allocated=len(subjects),
        received=sum(subject.exposed for subject in subjects),
        completed=endings.count(COMPLETED),
        discontinued=counted(reason for reason in endings if reason != COMPLETED),
        lost_to_follow_up=endings.count(LOST_TO_FOLLOW_UP),
        analysed={name: sum(name in subject.populations for subject in subjects) for name in populations},
    )


def happened_by(partial: PartialDate | None, as_of: date | None) -> bool:
    """Say whether something dated `partial` had happened on `as_of`; without a limit everything has.

    A partial date counts from the first day it can mean; something undated counts only without a limit.
    """
    if as_of is None:
        return True
    return partial is not None and earliest(partial) <= as_of


def planned_date(planned_day: int | None, reference: PartialDate | None) -> date | None:
    """Return the calendar date of a planned study day, None where day 1 is not known to the day."""
    first = day_of(reference) if reference else None
    return on_study_day(planned_day, first) if first is not None and planned_day is not None else None


def visit_state(
    *,
    planned_on: date | None,
    before: int | None,
    after: int | None,
    started_on: PartialDate | None,
    happened: bool | None,
    today: date,
    ended_on: date | None = None,
) -> VisitState:
    """Return how a planned visit stands on a day.

    `happened` is None while nothing is recorded. Who ended participation on `ended_on` owes no visit planned for later.
    Without a window (both None) a visit that happened is simply done. Days of the window are inside it.
    """
    if happened is False:
        return "missed"
    if happened:
        return _kept(planned_on, before, after, started_on)
    if ended_on is not None and (planned_on is None or planned_on > ended_on):
        return "not due"
    if planned_on is None:
        return "planned"
    if today > planned_on + timedelta(days=after or 0):
        return "overdue"
    return "due" if today >= planned_on - timedelta(days=before or 0) else "planned"


def _kept(planned_on: date | None, before: int | None, after: int | None, started_on: PartialDate | None) -> VisitState:
    on = day_of(started_on) if started_on else None
    if planned_on is None or on is None or (before is None and after is None):
        return "done"
    if on < planned_on - timedelta(days=before or 0):
        return "early"
    if on > planned_on + timedelta(days=after or 0):
        return "late"
    return "in window"


OLDEST = 120
"""In years: nobody in a trial was older (the oldest person known died at 122)."""

_A_YEAR = {"YEARS": 1, "MONTHS": 12, "WEEKS": 53, "DAYS": 366, "HOURS": 8784}


def possible_age(age: int, unit: str | None) -> bool:
    """Say whether somebody can be of an age; without a unit it is in years (CDISC codelist AGEU)."""
    return 0 <= age <= OLDEST * _A_YEAR.get((unit or "YEARS").strip().upper(), _A_YEAR["HOURS"])


def odd_dates(values: Mapping[str, object], today: date, *pairs: tuple[str, str]) -> dict[str, str]:
    """Return, by field name, what cannot be about dates, marked for translation.

    Nothing recorded has happened after `today`; of each pair (first, last) the second does not come before the first.
    A late consent is odd and true all the same: what can happen is not refused.
    """
    found = {
        name: N_("This day is still to come.")
        for name, value in values.items()
        if isinstance(value, str) and is_partial_date(value) and earliest(value) > today
    }
    for first, last in pairs:
        began, ended = values.get(first), values.get(last)
        if isinstance(began, str) and isinstance(ended, str) and latest(ended) < earliest(began):
            found[last] = N_("This day is before it began.")
    return found

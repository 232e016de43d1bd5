"""The engine of the clocks: a rule and what set it off in, when it is due and how it stands out. No database.

A rule is a row of `resources/rules/deadlines.csv`. Every deadline keeps the rule's id and version and what it was
counted from, so that whoever doubts it can count again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.rules.counting import IsWorkingDay, Unit, plus, weekday
from trialdesk.overview.rules.waiting import State

Calendar = Callable[[str], IsWorkingDay]
"""By a country's code, what its working days are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline rule. `n` may be negative: so long before. `words` are English marked in the table.

    `condition` names marks the trigger must have, or with `!` must not have; all of them hold. `basis` is the law
    whose rule it is; ICH and local rules hold everywhere. A rule holds for what was set off from `valid_from` to
    `valid_to`; it is never overwritten but followed by a row of the same id. `remind` is how many days before it is
    due a clock begins to be shown among what waits.
    """

    id: str
    trigger: str
    condition: tuple[str, ...]
    n: int
    unit: Unit
    repeating: bool
    recipient: str
    product: str
    source: str
    basis: str
    valid_from: date
    valid_to: date | None
    remind: int
    words: str

    @property
    def version(self) -> str:
        """What tells this rule from an earlier or later one of the same id: the first day it holds."""
        return self.valid_from.isoformat()

    def holds(self, started: Started) -> bool:
        """Say whether what happened sets this rule's clock off."""
        return (
            self.trigger == started.trigger
            and (self.basis in EVERYWHERE or self.basis in started.bases)
            and self.valid_from <= started.day <= (self.valid_to or date.max)
            and all((mark.lstrip("!") in started.marks) != mark.startswith("!") for mark in self.condition)
        )


EVERYWHERE = frozenset({"ICH", "local"})


@dataclass(frozen=True, slots=True)
class Started:
    """What set a clock off: `day` is day 0 in the site's zone, `at` the instant where one is known.

    `done` are the days on which what is asked was done, `done_for` those of one recipient, `done_at` the instant where
    hours count; `is_done` says that it was done on a day nobody recorded. `since` is when that which ends on `day`
    began: a window's first day. `whose` and `focus` say whose it is and which record to open.
    """

    trigger: str
    study: Id
    subject: Id
    name: str
    day: date
    at: datetime | None = None
    zone: tzinfo = UTC
    country: str = ""
    bases: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    done: tuple[date, ...] = ()
    done_for: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    done_at: datetime | None = None
    is_done: bool = False
    since: date | None = None
    whose: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock: its rule, what it was counted from, when it is due and how it stands. `turn` counts repetitions."""

    rule: Rule
    started: Started
    turn: int
    due: date
    due_at: datetime | None
    done_on: date | None
    state: State

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.state not in ("done", "done late")

    def waits(self, on: date) -> bool:
        """Say whether it belongs among what waits on a day."""
        return self.open and on >= self.due - timedelta(days=self.rule.remind)


def day_zero(at: datetime, zone: tzinfo) -> date:
    """Return the calendar day of an instant at the site: day 0 of what it sets off."""
    return at.astimezone(zone).date()


def deadlines(
    rules: Iterable[Rule],
    started: Iterable[Started],
    *,
    on: date,
    at: datetime | None = None,
    calendar: Calendar = lambda _country: weekday,
) -> Iterator[Deadline]:
    """Yield every clock these rules set off, as it stands on a day.

    Clocks of hours are judged at the instant `at`, without one at the end of the day at the site. Of a repeating rule
    all turns are given that were not done, and the next one.
    """
    by_trigger: dict[str, list[Rule]] = {}
    for rule in rules:
        by_trigger.setdefault(rule.trigger, []).append(rule)
    for each in started:
        for rule in by_trigger.get(each.trigger, ()):
            if rule.holds(each) and each.day <= on + timedelta(days=_AHEAD):
                yield from _turns(rule, each, on, at, calendar(each.country))


_AHEAD = 36_525
"""Days: a hundred years. What lies further off was mistyped and is no clock."""


def _turns(
    rule: Rule, started: Started, on: date, at: datetime | None, is_working_day: IsWorkingDay
) -> Iterator[Deadline]:
    done = sorted(day for day in (*started.done, *started.done_for.get(rule.recipient, ())) if day <= on)
    for turn in count(1):
        due = plus(started.day, turn * rule.n, rule.unit, is_working_day)
        # What was done before a turn began was done for the one before.
        began = plus(started.day, (turn - 1) * rule.n, rule.unit, is_working_day)
        done_on = next((day for day in done if turn == 1 or day > began), None)
        if done_on is not None:
            done.remove(done_on)
        clock = _Clock(rule, started, turn, began, due, done_on)
        yield _judged(clock, on, at)
        if not rule.repeating or rule.n <= 0 or due >= on:
            return


@dataclass(frozen=True, slots=True)
class _Clock:
    """A turn of a rule before it is judged."""

    rule: Rule
    started: Started
    turn: int
    began: date
    due: date
    done_on: date | None


def _judged(clock: _Clock, on: date, at: datetime | None) -> Deadline:
    rule, started, due = clock.rule, clock.started, clock.due
    due_at = None
    if rule.unit == "h":
        # A day without its hour begins at midnight: rather too early than too late.
        begun = started.at or datetime.combine(clock.began, time.min, started.zone)
        due_at = begun.astimezone(UTC) + timedelta(hours=rule.n)
        due = due_at.astimezone(started.zone).date()
        seen = at or datetime.combine(on, time.max, started.zone)
        state = _state_of_hours(started, begun, due_at, seen, clock.done_on)
    else:
        # What is due on the day itself, or before it, runs from when it began or is first shown.
        shown = due - timedelta(days=max(rule.remind, 1))
        since = clock.began if clock.began < due else started.since or shown
        state = _state(started, since, due, clock.done_on, on)
    return Deadline(rule, started, clock.turn, due, due_at, clock.done_on, state)


def _state(started: Started, since: date, due: date, done_on: date | None, on: date) -> State:
    if done_on is not None:
        return "done late" if done_on > due else "done"
    if started.is_done:
        return "done"
    if on > due:
        return "late"
    if on == due:
        return "due today"
    return _share((on - since).days, max((due - since).days, 1))


def _state_of_hours(started: Started, begun: datetime, due_at: datetime, seen: datetime, done_on: date | None) -> State:
    if started.done_at is not None and started.done_at <= seen:
        return "done late" if started.done_at > due_at else "done"
    if done_on is not None:
        # The hour was not recorded: a day is late only where all of it is.
        return "done late" if done_on > due_at.astimezone(started.zone).date() else "done"
    if started.is_done:
        return "done"
    if seen > due_at:
        return "late"
    share = _share((seen - begun).total_seconds(), (due_at - begun).total_seconds())
    due_day = due_at.astimezone(started.zone).date() == seen.astimezone(started.zone).date()
    return "due today" if due_day else share


def _share(gone: float, whole: float) -> State:
    if gone * 10 >= whole * 9:
        return "nearly"
    return "half" if gone * 2 >= whole else "running"

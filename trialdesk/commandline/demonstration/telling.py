"""How the story is told: acts in the order of their days, each done by its person through the application's one door.

Nothing is written past the actions: every gate of the study is passed, or the story does not come about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from trialdesk.application import CATALOGUE, Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.recorded import recorded
from trialdesk.people.acting import Action
from trialdesk.persistence.reading import Read

OFFSET = 480
"""Minutes by which the study's clocks are ahead of UTC."""


@dataclass(frozen=True)
class Told:
    """What the story has brought about so far: the ids of what was kept, by name."""

    ids: dict[str, Id] = field(default_factory=dict)

    @property
    def study(self) -> Id:
        """The study's id."""
        return self.ids["study"]


Find = Callable[[Read, Told], Any]
"""Looks up, when its act is done, a value that no name was kept for: the deviation a late visit proposed."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person does on a day. `given` says the action's arguments.

    A link is given by the name under which `keep` kept the record it points to, or by a `Find`.
    """

    at: datetime
    who: str
    action: Action
    given: Mapping[str, Any]
    reason: str = ""
    keep: str = ""


def act(
    who: str, day: date, action: Action, *, clock: str = "09:00", reason: str = "", keep: str = "", **given: Any
) -> Act:
    """Return an act on a day, at an hour by the clock of the study."""
    return Act(datetime.combine(day, time.fromisoformat(clock)), who, action, given, reason, keep)


def instant(day: date, clock: str) -> datetime:
    """Return the instant of an hour by the clock of the study."""
    return datetime.combine(day, time.fromisoformat(clock), UTC) - timedelta(minutes=OFFSET)


def tell(
    application: Application,
    clock: SetClock,
    acts: Iterable[Act],
    *,
    password: str,
    progress: Callable[[int, int], None],
) -> Told:
    """Do the acts in the order of their instants; those of one instant as they are given. Raises what an act raises."""
    told = Told()
    assert application.session is not None
    seats = {application.session.account.username: application.session}
    ordered = sorted(acts, key=lambda each: each.at)
    for place, each in enumerate(ordered, 1):
        clock.at = max(clock.at, each.at.replace(tzinfo=UTC) - timedelta(minutes=OFFSET))
        # Everybody has a seat of their own: who comes back to it goes on as signed in there.
        seats[each.who] = application.session = seats.get(each.who) or application.sign_in(each.who, password)
        _do(application, each, told, password)
        progress(place, len(ordered))
    return told


def _do(application: Application, each: Act, told: Told, password: str) -> None:
    action = each.action
    given = dict(each.given)
    links = {asked.name for asked in action.asks if asked.link} | {action.subject}
    for name, value in given.items():
        if callable(value):
            given[name] = application.read(lambda read, find=value: find(read, told))
        elif name in links and value is not None:
            given[name] = told.ids[value]
    if action.edit:
        seen = application.read(recorded, kind=action.about, record=given[action.subject], catalogue=CATALOGUE)
        given["version"] = seen.version
    done = application.run(
        action,
        reason=each.reason,
        signed_with=password if action.signs else None,
        **{"study": told.ids.get("study") if action.in_study else None, **given},
    )
    if each.keep:
        told.ids[each.keep] = done.result

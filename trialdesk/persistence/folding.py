"""State as a pure function of the set of a record's events, in whatever order they arrived.

Per field: the *heads* are the events no other event names as parent. One head gives the value; several with equal
values give the value; several with different values are a conflict, shown with the value of the highest
(clock, replica) meanwhile. The fields of a group count as one field. Nothing here knows a kind or a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.persistence.catalogue import Kind, Upcast
from trialdesk.persistence.types import Json

Event = Mapping[str, Any]
"""A parsed event; its keys are those `trail.events.compose` writes."""


@dataclass(frozen=True, slots=True)
class State:
    """A record as its events leave it. `heads` name, per field, the events an edit of that field replaces."""

    values: dict[str, Json]
    heads: dict[str, tuple[str, ...]]
    conflicts: tuple[str, ...]
    version: int

    @property
    def voided(self) -> bool:
        """Whether the record is voided."""
        return bool(self.values.get("voided"))


def told_by(kind: Kind, event: Event) -> dict[str, Json]:
    """Return the values that one event of `kind` gives its record's fields, read as today's schema has them."""
    return {name: pair[1] for name, pair in _changes(kind, event).items() if name in kind.types}


def fold(kind: Kind, events: Sequence[Event]) -> State:
    """Return the state of one record of `kind` from all its events; events of older schemas are read as today's."""
    if len(events) == 1:
        changes = _changes(kind, events[0])
        values = {name: pair[1] for name, pair in changes.items() if name in kind.types}
        return State(values, dict.fromkeys(changes, (events[0]["id"],)), (), 1)
    replaced: set[tuple[str, str]] = set()
    touching: dict[str, list[tuple[tuple[str, str, int], str, Json]]] = {}
    for event in events:
        changes = _changes(kind, event)
        for parent, names in event.get("parents", {}).items():
            # A name that the event does not change was only seen: a void names all that it saw.
            replaced.update((name, parent) for name in _renamed(kind, event, names) if name in changes)
        rank = (event["clock"], event["stream"], event["number"])
        for name, pair in changes.items():
            touching.setdefault(name, []).append((rank, event["id"], pair[1]))
    values, heads, conflicts = {}, {}, []
    for name, made in touching.items():
        standing = sorted(each for each in made if (name, each[1]) not in replaced)
        if name in kind.types:
            values[name] = standing[-1][2]
        heads[name] = tuple(each[1] for each in standing)
        if any(each[2] != standing[0][2] for each in standing):
            conflicts.append(name)
    if "voided" in heads and "voided" not in conflicts and _unseen(events, heads):
        conflicts.append("voided")
    return State(values, heads, tuple(sorted(conflicts)), len(events))


def _unseen(events: Sequence[Event], heads: Mapping[str, Sequence[str]]) -> bool:
    """Say whether a head stands that the last void or restore did not see and that does not come after it."""
    by_id = {event["id"]: event for event in events}
    for decision in heads["voided"]:
        seen = {(name, parent) for parent, names in by_id[decision].get("parents", {}).items() for name in names}
        for name, standing in heads.items():
            for head in standing:
                if head != decision and (name, head) not in seen and not _follows(by_id, head, decision):
                    return True
    return False


def _follows(by_id: Mapping[str, Event], later: str, earlier: str) -> bool:
    reached, ahead = {later}, [later]
    while ahead:
        for parent in by_id[ahead.pop()].get("parents", {}):
            if parent == earlier:
                return True
            if parent in by_id and parent not in reached:
                reached.add(parent)
                ahead.append(parent)
    return False


def together(kind: Kind, names: Sequence[str]) -> set[str]:
    """Return `names` with every other field of the groups they belong to: such fields are written together."""
    return set(names).union(*(members for members in kind.groups.values() if not set(members).isdisjoint(names)))


def _changes(kind: Kind, event: Event) -> Mapping[str, Sequence[Json]]:
    changes: Mapping[str, Sequence[Json]] = event["change"]
    for upcast in kind.upcasts:
        if event["schema"] < upcast.before:
            changes = _upcast(upcast, dict(changes), created="parents" not in event)
    return changes


def _upcast(upcast: Upcast, changes: dict[str, Sequence[Json]], *, created: bool) -> dict[str, Sequence[Json]]:
    if upcast.what == "rename" and upcast.field in changes:
        changes[upcast.to] = changes.pop(upcast.field)
    elif upcast.what == "drop":
        changes.pop(upcast.field, None)
    elif upcast.what == "default" and created:
        changes.setdefault(upcast.field, [None, upcast.value])
    elif upcast.what == "values" and upcast.field in changes:
        changes[upcast.field] = [
            upcast.mapping.get(value, value) if isinstance(value, str) else value for value in changes[upcast.field]
        ]
    return changes


def _renamed(kind: Kind, event: Event, names: Sequence[str]) -> list[str]:
    renames = {u.field: u.to for u in kind.upcasts if u.what == "rename" and event["schema"] < u.before}
    return [renames.get(name, name) for name in names] if renames else list(names)

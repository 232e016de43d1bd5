"""Reads facts out of a study's events, in the order in which they came to be known. Pure: events in, facts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from trialdesk.base.clock import parse_instant
from trialdesk.base.dates import day_of, is_partial_date
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.payments import facts
from trialdesk.payments.facts import ACT_DAY, FOLLOWED, SELF, SOURCES, Source
from trialdesk.payments.rules.facts import VOID, Fact
from trialdesk.payments.targets import Targets
from trialdesk.persistence.catalogue import Catalogue, build
from trialdesk.persistence.declaration import VOIDED
from trialdesk.persistence.folding import Event, told_by

KINDS: Catalogue = build(FOLLOWED)
_AIMED = frozenset(index for index, source in enumerate(SOURCES) if facts.TARGET in source.keys.values())
"""The sources that tell on which day something was due."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from: the event that brought it about and the record that tells it."""

    at: datetime
    account: Id | None
    action: str
    kind: str
    record: Id


@dataclass(frozen=True, slots=True)
class Undated:
    """Something that happened on a day that is not known to the day: no fact, and a person should know."""

    record: Id
    fact: str
    subject: str | None
    visit: str | None
    written: str


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a study with where each comes from.

    A fact's `visit` is the id of the planned visit while its names are in `visits`, newest first; of an unscheduled
    visit it is its name.
    """

    facts: tuple[Fact, ...]
    origins: Mapping[str, Origin]
    undated: tuple[Undated, ...]
    visits: Mapping[Id, tuple[str, ...]]

    def named(self, used: frozenset[str]) -> tuple[Fact, ...]:
        """Return the facts with planned visits called as the terms call them.

        A planned visit is called by the first of its name, its number and what it was called before that is among the
        `used` names; else by its name. So a visit renamed in the schedule stays what is paid for.
        """
        calls = {visit: self.called(visit, used) for visit in self.visits}
        return tuple(replace(fact, visit=calls[fact.visit]) if fact.visit in calls else fact for fact in self.facts)

    def called(self, visit: str, used: frozenset[str]) -> str:
        """Return what a planned visit is called in terms that use those names."""
        names = self.visits.get(visit, (visit,))
        return next((name for name in names if name in used), names[0])


def told(events: Iterable[Event]) -> Told:
    """Return what the events tell, which come in the order of their clocks, study by study."""
    return _Reader().read(events)


@dataclass(slots=True)
class _Chain:
    """One fact with its corrections: what stands now, and what the records that could tell it say."""

    standing: Fact | None = None
    told_by: dict[tuple[int, int, Id], _Said] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What one record says of a fact; without a day it cannot be one."""

    on: date | None
    written: str
    subject: str | None
    visit: str | None
    more: tuple[tuple[str, Any], ...]

    @property
    def what(self) -> tuple[Any, ...]:
        return self.on, self.subject, self.visit, self.more


_Key = tuple[str, int, Id]


class _Reader:
    """Goes through the events once, keeping every record as it stands and the facts it tells."""

    def __init__(self) -> None:
        self._held: dict[Id, dict[str, Any]] = {}
        self._kinds: dict[Id, str] = {}
        self._sources: dict[str, list[int]] = defaultdict(list)
        for index, source in enumerate(SOURCES):
            self._sources[source.of.KIND].append(index)
        self._looked_at: dict[Id, dict[tuple[int, Id], None]] = defaultdict(dict)
        self._chains: dict[_Key, _Chain] = {}
        self._facts: list[Fact] = []
        self._origins: dict[str, Origin] = {}
        self._visits: dict[Id, list[str]] = {}
        self._order = 0
        self._targets = Targets(self._held)

    def read(self, events: Iterable[Event]) -> Told:
        for event in events:
            self._take(event)
        undated = [
            Undated(record, SOURCES[index].fact, said.subject, said.visit, said.written)
            for chain in self._chains.values()
            for (index, _order, record), said in chain.told_by.items()
            if said.on is None
        ]
        visits = {visit: tuple(reversed(names)) for visit, names in self._visits.items()}
        return Told(tuple(self._facts), self._origins, tuple(undated), visits)

    def _take(self, event: Event) -> None:
        kind, record = event["kind"], event["record"]
        values = self._held.setdefault(record, {VOIDED.name: False})
        self._kinds[record] = kind
        # Events come in the order of their clocks, so the last one to touch a field is what folding would choose.
        values.update(told_by(KINDS[kind], event))
        if kind == "studies.planned_visit":
            self._name_visit(record, values)
        told = [(index, record) for index in self._sources[kind]]
        told += [each for each in self._looked_at[record] if each[1] != record]
        if whose := self._targets.moved(kind, record):
            told += [each for each in self._looked_at[whose] if each[0] in _AIMED and each[1] != record]
        # All that the event touches is heard before any fact is made of it.
        heard = dict.fromkeys(filter(None, (self._hear(index, other, event) for index, other in told)))
        for key in heard:
            self._move(self._chains[key], key[0], event)

    def _name_visit(self, visit: Id, values: Mapping[str, Any]) -> None:
        """Put the visit's number and, before it, its name in front of what it was called until now."""
        names = self._visits.setdefault(visit, [])
        for name in (_plain_number(values.get("number")), values.get("name")):
            if name:
                if name in names:
                    names.remove(name)
                names.append(name)

    def _hear(self, index: int, record: Id, event: Event) -> _Key | None:
        """Take in what a record says now; returns the chain it speaks to, None where it has nothing to say."""
        source = SOURCES[index]
        said = self._said(index, source, record, event)
        whom = self._follow(index, record, source.subject) if source.subject else record
        key = (source.fact, -1 if source.once else index, (whom or record) if source.once else record)
        chain = self._chains.get(key)
        if chain is None:
            if said is None:
                return None
            chain = self._chains[key] = _Chain()
        place = next((each for each in chain.told_by if each[0] == index and each[2] == record), None)
        if said is None:
            if place is None:
                return None
            del chain.told_by[place]
        else:
            if place is None:
                self._order += 1
                place = (index, self._order, record)
            before = chain.told_by.get(place)
            if before is not None and source.on == ACT_DAY:
                said = replace(said, on=before.on)  # the day on which it came to be, not of a later act
            chain.told_by[place] = said
        return key

    def _move(self, chain: _Chain, fact: str, event: Event) -> None:
        """Let the chain say what its first source says now: a new fact, one that supersedes, or a void one."""
        dated = [(place, said) for place, said in sorted(chain.told_by.items()) if said.on is not None]
        (_index, _order, record), said = dated[0] if dated else ((0, 0, event["record"]), None)
        standing = chain.standing
        if said is None and standing is None:
            return
        if said is not None and standing is not None and _what(standing) == said.what:
            return
        at = max(parse_instant(event["at"]), chain.at) if chain.at else parse_instant(event["at"])
        chain.at = at
        id_ = f"{event['stream'][:8]}.{event['number']:08d}.{fact}"
        if record != event["record"]:
            id_ += f".{record[-8:]}"
        if said is None:
            assert standing is not None
            made = Fact(f"{id_}.void", VOID, _local_day(event), at, supersedes=standing.id,
                        more={"reason": event["reason"]} if event["reason"] else {})  # fmt: skip
            chain.standing = None
        else:
            assert said.on is not None
            made = Fact(id_, fact, said.on, at, said.subject, said.visit,
                        standing.id if standing else None, dict(said.more))  # fmt: skip
            chain.standing = made
        self._facts.append(made)
        origin = Origin(at, event["account"], event["action"], self._kinds[record], record)
        self._origins[made.id] = origin

    def _said(self, index: int, source: Source, record: Id, event: Event) -> _Said | None:
        values = self._held[record]
        if bool(values[VOIDED.name]) != source.voided:
            return None
        if any(self._value(index, record, path) not in allowed for path, allowed in source.when.items()):
            return None
        if any(self._value(index, record, path) in refused for path, refused in source.unless.items()):
            return None
        if any(self._value(index, record, path) is None for path in source.given):
            return None
        if any(self._value(index, record, path) is not None for path in source.lacking):
            return None
        written = self._written(index, source, record, event)
        if written is None:
            return None
        subject = None
        if source.subject:
            whom = self._follow(index, record, source.subject)
            subject = self._held.get(whom, {}).get("identifier") if whom else None
            if subject is None:
                return None  # the participant is not here yet
        visit = self._follow(index, record, source.visit) if source.visit else None
        if source.visit and visit is None:
            visit = self._unscheduled(index, source, record)
            if visit is None:
                return None
        more = tuple(
            (key, value) for key, path in _keys(index)
            if (value := self._key(index, record, path, visit)) is not None
        )  # fmt: skip
        return _Said(_day(written), str(written), subject, visit, more)

    def _written(self, index: int, source: Source, record: Id, event: Event) -> str | None:
        """Return the date of what is told as it is written; of an instant, the day it was where it happened."""
        if source.on == ACT_DAY:
            return _local_day(event).isoformat()
        written: str | None = self._value(index, record, source.on)
        if written is None or KINDS[source.of.KIND].types.get(source.on) != "instant":
            return written
        zone = self._value(index, record, source.zone) if source.zone else None
        here = timezone(timedelta(minutes=event["offset"]))
        return parse_instant(written).astimezone(ZoneInfo(zone) if zone else here).date().isoformat()

    def _unscheduled(self, index: int, source: Source, record: Id) -> str | None:
        """Return what a visit outside the schedule is called: its name, else its number."""
        within, _dot, _last = source.visit.rpartition(".")
        name, number = (
            self._value(index, record, f"{within}.{field}" if within else field) for field in ("name", "number")
        )
        return name or _plain_number(number) or None

    def _key(self, index: int, record: Id, path: str, visit: str | None) -> Any:
        match path:
            case facts.TARGET:
                return self._target(index, record, visit)
            case facts.HOURS:
                return self._hours(record)
            case facts.ID:
                return record
            case facts.TRUE:
                return True
        return self._value(index, record, path)

    def _hours(self, record: Id) -> int | None:
        values = self._held[record]
        aware, reported = values.get("aware_at"), values.get("reported_at")
        return (parse_instant(reported) - parse_instant(aware)) // timedelta(hours=1) if aware and reported else None

    def _target(self, index: int, record: Id, visit: str | None) -> date | None:
        """Return the day a planned visit was due."""
        whom = self._follow(index, record, "participant")
        return self._targets.due(visit, whom) if whom and visit in self._visits else None

    def _value(self, index: int, record: Id, path: str) -> Any:
        links, name = _steps(path)
        at: Id | None = record
        for link in links:
            at = self._follow(index, at, link, of=record) if at else None
        return self._held.get(at, {}).get(name) if at else None

    def _follow(self, index: int, record: Id, link: str, of: Id | None = None) -> Id | None:
        """Return the record a link points to, noting that what is told depends on it."""
        if link == SELF:
            return record
        found: Id | None = record
        links, last = _steps(link)
        for name in (*links, last):
            found = self._held.get(found, {}).get(name) if found else None
            if found:
                self._looked_at[found][index, of or record] = None
        return found


@cache
def _steps(path: str) -> tuple[tuple[str, ...], str]:
    """Return the links of a path and the field at its end."""
    *links, name = path.split(".")
    return tuple(links), name


@cache
def _keys(index: int) -> tuple[tuple[str, str], ...]:
    """Return the further keys of a source's fact with their paths, in the order of their names."""
    return tuple(sorted(SOURCES[index].keys.items()))


def _what(fact: Fact) -> tuple[Any, ...]:
    return fact.occurred_on, fact.subject, fact.visit, tuple(sorted(fact.more.items()))


def _day(written: Any) -> date | None:
    text = str(written)
    return day_of(text) if is_partial_date(text) else None


def _local_day(event: Event) -> date:
    return (parse_instant(event["at"]) + timedelta(minutes=event["offset"])).date()


def _plain_number(number: str | None) -> str:
    """Return a visit's number as people write it: 3, 3.5, 10.1."""
    if not number:
        return ""
    return number.rstrip("0").rstrip(".") if "." in number else number

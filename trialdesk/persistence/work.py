"""The one write path: a transaction in which records are read, then changed; at commit every difference is an event.

`Work` never writes a table. It finds what is new or different, hands that to the recorder, which makes the events,
and the events to the projector, which writes the rows: one transaction, both or neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from trialdesk.base.errors import Conflict, UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, NewId
from trialdesk.base.values import dataclass
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.folding import together
from trialdesk.persistence.projector import Projector, Touched
from trialdesk.persistence.reading import Read
from trialdesk.persistence.types import CODECS, Json, to_event
from trialdesk.persistence.vault import Place
from trialdesk.persistence.wrapping import forget

R = TypeVar("R", bound=Record)

_CHUNK = 500
"""Values in one IN list: SQLite's oldest limit on parameters is 999."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is being done, by whom, as what and why; the same for all events of one Work.

    `undoes` is the transaction that is taken back, where that is what is done. `proven` says that the person gave the
    password for this very act: what a signature needs (21 CFR 11.200).
    """

    action: str
    account: Id | None
    role: str
    reason: str
    undoes: Id | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One record's difference as the event will tell it: `{field: [old, new]}` in event values."""

    kind: str
    record: Id
    study: Id | None
    change: dict[str, list[Json]]
    created: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """What a Work left behind; `transaction` is None when nothing differed and nothing was written."""

    transaction: Id | None
    changed: frozenset[str]


KEPT = "persistence:work:kept"
"""Under this name stages are asked, after the rows are written and before the commit, whether what they hold of their
records still holds: each takes the Work, whose `read` now sees the new state, and the changes, and raises UserError.
So a rule binds every way in alike: acts, imports, steps taken back and done again.
"""

Wiring = Mapping[str, tuple[Callable[..., Any], ...]]
"""Answers of later stages to what earlier ones ask, by the name it is asked under."""


class Recorder(Protocol):
    """Makes and keeps the events of a change set, within the transaction. The trail is one."""

    def begin(self, connection: sa.Connection) -> None:
        """Take the writer's place: nobody else writes until this transaction ends."""
        ...

    def record(self, connection: sa.Connection, act: Act, transaction: Id, changes: Sequence[Change]) -> list[Touched]:
        """Append the events of `changes` and return every touched record with all its events."""
        ...

    def committed(self) -> None:
        """Hear that the transaction is on disk."""
        ...


class Work:
    """Reads and changes records within one transaction. Made by `Database.work`, never by hand.

    An action reads first and writes after: queries through `read` see the state before this Work.
    """

    def __init__(
        self,
        connection: sa.Connection,
        *,
        act: Act,
        catalogue: Catalogue,
        recorder: Recorder,
        projector: Projector,
        read: Read,
        new_id: NewId,
        today: date,
        now: Callable[[], datetime],
        offset: int = 0,
        wiring: Wiring | None = None,
    ) -> None:
        self.act = act
        self._now = now
        self._offset = offset
        self.today = today
        self.read = read
        self.new_id = new_id
        self._connection = connection
        self.erased = False
        """Whether a key was thrown away: no trace of it may stay in the database's files."""
        self._catalogue = catalogue
        self._recorder = recorder
        self._projector = projector
        self._held: dict[Id, tuple[Record, dict[str, Any]]] = {}
        self._added: dict[Id, Record] = {}
        self._changes: list[Change] = []
        self._afterwards: list[Callable[[sa.Connection], None]] = []
        self._wiring = wiring or {}

    @cached_property
    def now(self) -> datetime:
        """The instant of this act, in UTC; the same however often it is asked."""
        return self._now()

    @property
    def time_here(self) -> str:
        """The time of day of this act by the clock of this workstation, in hours and minutes: 08:30."""
        return f"{self.now + timedelta(minutes=self._offset):%H:%M}"

    # Reading

    @property
    def catalogue(self) -> Catalogue:
        """The kinds of record this desk keeps."""
        return self._catalogue

    def wired(self, name: str) -> tuple[Callable[..., Any], ...]:
        """Return the answers of later stages to a question an earlier stage declares in its rules."""
        return self._wiring.get(name, ())

    def find(self, record: type[R], id: Id) -> R | None:  # noqa: A002 - the field's name
        """Return the record, also one this Work added; None if it is not here."""
        return self.find_all(record, (id,)).get(id)

    def find_all(self, record: type[R], ids: Iterable[Id]) -> dict[Id, R]:
        """Return those of the records that are here, by id, in one statement for every five hundred."""
        wanted = list(dict.fromkeys(ids))
        missing = [each for each in wanted if each not in self._held and each not in self._added]
        for start in range(0, len(missing), _CHUNK):
            some = missing[start : start + _CHUNK]
            for row in self._connection.execute(_by_ids(record.TABLE), {"ids": some}):
                self._hold(record, row)
        found: dict[Id, R] = {}
        for each in wanted:
            here = self._added.get(each) or (self._held[each][0] if each in self._held else None)
            if isinstance(here, record):
                found[each] = here
        return found

    def get(self, record: type[R], id: Id, *, version: int | None = None) -> R:  # noqa: A002 - the field's name
        """Return the record to change it.

        `version` is the one the person saw: Conflict is raised if the record moved on since. UserError if there is
        no such record.
        """
        found = self.find(record, id)
        if found is None:
            raise UserError(
                _("This record is not on this desk."),
                where=_(record.LABEL),
                remedy=_("It may not have arrived yet, or it belongs to another desk."),
            )
        if version is not None and found.version != version:
            raise Conflict(
                _("Somebody changed this record while you had it open."),
                where=_(record.LABEL),
                record=id,
                remedy=_("Nothing of yours was saved yet. Look at both versions, then save again."),
            )
        return found

    def kind(self, name: str) -> type[Record]:
        """Return the declaration of a kind of record."""
        return self._catalogue[name].record

    def known_kind(self, name: str) -> type[Record] | None:
        """Return the declaration of a kind of record, None if there is none of that name."""
        return self._catalogue[name].record if name in self._catalogue else None

    def links_to(self, name: str) -> tuple[tuple[type[Record], str], ...]:
        """Return which fields of which kinds point to records of a kind."""
        return tuple(
            (kind.record, field.name)
            for kind in self._catalogue.values()
            for field in kind.record.FIELDS.values()
            if field.link == name
        )

    # Changing

    def add(self, record: R) -> R:
        """Take in a new record; it gets its id here unless it has one."""
        if not record.id:
            record.id = self.new_id()
        self._added[record.id] = record
        return record

    def add_many(self, record: type[Record], study: Id | None, rows: Iterable[Mapping[str, Any]]) -> list[Id]:
        """Take in many new records of one kind: the same checks and events as `add`, without objects.

        A row is `{field: value}`, with `id` if it has one already.
        """
        fields = [(name, field, CODECS[field.type].to_event) for name, field in record.FIELDS.items()]
        required = [field for field in record.FIELDS.values() if field.required]
        plain = not any(field.type == "secret" for field in record.FIELDS.values())
        made: list[Id] = []
        for row in rows:
            id_ = row.get("id") or self.new_id()
            made.append(id_)
            if not plain:
                self.add(record(study=study, **{**row, "id": id_}))
                continue
            change: dict[str, list[Json]] = {}
            for name, field, write in fields:
                value = row.get(name)
                if value is not None:
                    try:
                        written = write(value) if not field.choices else to_event(field, value)
                    except (TypeError, ValueError, AttributeError):
                        written = to_event(field, value)
                    change[name] = [None, written]
            for field in required:
                if field.name not in change:
                    raise missing(record, field)
            self._changes.append(Change(record.KIND, id_, study, change, created=True))
        return made

    def put_back(self, kind: str, record: Id, study: Id | None, change: dict[str, list[Json]]) -> None:
        """Write a difference given in event values: the door of undo, which copies sealed values unopened."""
        self._changes.append(Change(kind, record, study, change, created=False))

    def differs(self, record: Record) -> bool:
        """Say whether the record is new in this Work or was changed in it so far."""
        if record.id in self._added:
            return True
        before = self._held[record.id][1]
        return any(vars(record).get(name) != before.get(name) for name in (*record.FIELDS, "voided"))

    def void(self, record: Record) -> None:
        """Void a record; the act's reason says why. It stays in every table and in the trail."""
        record.voided = True

    def restore(self, record: Record) -> None:
        """Take a voided record back in."""
        record.voided = False

    def beside(self, write: Callable[[sa.Connection], None]) -> None:
        """Write what must never be an event (a sealed key, a file's bytes) at once, in the same transaction."""
        write(self._connection)

    def afterwards(self, write: Callable[[sa.Connection], None]) -> None:
        """Write beside the trail when the tables stand as this act leaves them, in the same transaction."""
        self._afterwards.append(write)

    # Ending

    def finish(self) -> Committed:
        """Turn every difference into events and rows. Called once, by `Database.work`, before the commit."""
        changes = [self._created(record) for record in self._added.values()]
        changes += [
            change for record, before in self._held.values() if (change := self._edited(record, before)) is not None
        ]
        changes += self._changes
        if not changes:
            self._end()
            return Committed(None, frozenset())
        self._check_final(changes)
        self._check_claims(changes)
        transaction = self.new_id()
        touched = self._recorder.record(self._connection, self.act, transaction, changes)
        self._projector.project(self._connection, touched)
        self._erase(changes)
        for holds in self.wired(KEPT):
            holds(self, changes)
        self._end()
        return Committed(transaction, frozenset(change.kind for change in changes))

    def _end(self) -> None:
        for write in self._afterwards:
            write(self._connection)

    def _hold(self, record: type[Record], row: sa.Row[Any]) -> None:
        held = record.__new__(record)
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for the mapping view
        sealed = {name for name, field in record.FIELDS.items() if field.type == "secret"}
        for name in sealed:
            if values[name] is not None:
                place = Place(values["study"], values[record.SUBJECT], values["id"], name)
                values[name] = self.read.reveal(place, values[name])
        held.__dict__.update(values)
        self._held[held.id] = (held, dict(held.__dict__))

    def _written(self, record: Record, field: Field, value: Any) -> Json:
        if value is not None and field.type == "secret":
            if record.study is None:
                raise UserError(_("A private value belongs to a study."), where=_(record.LABEL))
            place = Place(record.study, getattr(record, record.SUBJECT), record.id, field.name)
            return CODECS["secret"].to_event(self.read.vault.seal(self._connection, place, value))
        return to_event(field, value)

    def _created(self, record: Record) -> Change:
        change = {}
        for name, field in record.FIELDS.items():
            value = getattr(record, name)
            if value is not None:
                change[name] = [None, self._written(record, field, value)]
            elif field.required:
                raise missing(type(record), field)
        return Change(record.KIND, record.id, record.study, change, created=True)

    def _edited(self, record: Record, before: dict[str, Any]) -> Change | None:
        now = record.__dict__
        names = [name for name in record.FIELDS if now.get(name) != before.get(name)]
        change = {
            name: [
                self._written(record, record.FIELDS[name], before[name]),
                self._written(record, record.FIELDS[name], now[name]),
            ]
            for name in together(self._catalogue[record.KIND], names)
        }
        for name in names:
            if now[name] is None and record.FIELDS[name].required:
                raise missing(type(record), record.FIELDS[name])
        if record.voided != before["voided"]:
            change["voided"] = [before["voided"], record.voided]
        return Change(record.KIND, record.id, record.study, change, created=False) if change else None

    def _check_final(self, changes: Sequence[Change]) -> None:
        for change in changes:
            record = self._catalogue[change.kind].record
            if record.FINAL and not change.created:
                raise UserError(_(record.FINAL), where=_(record.LABEL))

    def _check_claims(self, changes: Sequence[Change]) -> None:
        """Refuse a value that another record of the study has already claimed. Raises UserError."""
        wanted: dict[tuple[str, str], dict[tuple[Id | None, Json], Id]] = {}
        for change in changes:
            kind = self._catalogue[change.kind]
            for name in kind.claims:
                if name in change.change and (value := change.change[name][1]) is not None:
                    claims = wanted.setdefault((kind.name, name), {})
                    if claims.setdefault((change.study, value), change.record) != change.record:
                        raise _taken(kind.record, name, value)
        for (kind_name, name), claims in wanted.items():
            record = self._catalogue[kind_name].record
            column, codec = record.TABLE.c[name], CODECS[record.FIELDS[name].type]
            values = [codec.from_event(value) for _study, value in claims]
            for start in range(0, len(values), _CHUNK):
                query = sa.select(record.TABLE.c.id, record.TABLE.c.study, column).where(
                    column.in_(values[start : start + _CHUNK]), ~record.TABLE.c.voided
                )
                for id_, study, value in self._connection.execute(query):
                    if claims.get((study, codec.to_event(value)), id_) != id_:
                        raise _taken(record, name, value)

    def _erase(self, changes: Sequence[Change]) -> None:
        for change in changes:
            name = self._catalogue[change.kind].erases
            if name and change.created:
                forget(self._connection, change.change[name][1])
                self.erased = True


@cache
def _by_ids(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(table.c.id.in_(sa.bindparam("ids", expanding=True)))


def missing(record: type[Record], field: Field) -> UserError:
    """Return what to say where a value that is needed was left empty."""
    return UserError(
        _("This is needed and was left empty."),
        where=f"{_(record.LABEL)}, {_(field.label)}",
        remedy=_("Fill it in and save again."),
    )


def _taken(record: type[Record], name: str, value: Json) -> UserError:
    return UserError(
        _("“{value}” is already taken.").format(value=value),
        where=f"{_(record.LABEL)}, {_(record.FIELDS[name].label)}",
        remedy=_("Use another, or open the record that has it."),
    )

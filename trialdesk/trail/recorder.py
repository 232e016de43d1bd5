"""Makes the events of a change set and appends them to this desk's streams, within Work's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from trialdesk import __version__
from trialdesk.base.canonical import canonical
from trialdesk.base.clock import Clock, instant_text
from trialdesk.base.errors import Conflict
from trialdesk.base.fields import FieldType
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, NewId
from trialdesk.persistence.catalogue import SCHEMA, Catalogue
from trialdesk.persistence.declaration import Audience
from trialdesk.persistence.folding import State, fold
from trialdesk.persistence.projector import Touched
from trialdesk.persistence.types import CODECS
from trialdesk.persistence.work import Act, Change
from trialdesk.trail.clock import START, next_clock
from trialdesk.trail.events import Event, StreamName, event_hash, parse
from trialdesk.trail.tables import desk, event, stream

Sign = Callable[[bytes], bytes]
Head = tuple[Id, int, bytes]
_Key = tuple[Id | None, Audience]

_CHUNK = 500


class TrailRecorder:
    """The trail's end of Work. One for an open desk; `sign` is there while somebody is signed in."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        dialect: str,
        clock: Clock,
        new_id: NewId,
        sign: Sign | None = None,
        tell: Callable[[Sequence[Head]], None] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._sqlite = dialect == "sqlite"
        self._clock = clock
        self._new_id = new_id
        self._sign = sign
        self._tell = tell
        self._moved: list[Head] = []

    def begin(self, connection: sa.Connection) -> None:
        """Take the writer's place. On SQLite the transaction began IMMEDIATE; on Postgres the desk's row is locked."""
        if not self._sqlite:
            connection.execute(sa.select(desk.c.replica).with_for_update()).all()

    def record(self, connection: sa.Connection, act: Act, transaction: Id, changes: Sequence[Change]) -> list[Touched]:
        """Append one event for every change. Returns each touched record with all its events.

        Raises Conflict where a change starts from a value that is no longer the record's: nothing is written then.
        """
        streams = _Streams(connection, {self._stream_key(change) for change in changes})
        now = self._clock.now()
        common: Event = {
            "account": act.account,
            "action": act.action,
            "app": __version__,
            "at": instant_text(now),
            "clock": next_clock(streams.clock, now),
            "offset": self._clock.offset(),
            "reason": act.reason,
            "role": act.role,
            "schema": SCHEMA,
            "transaction": transaction,
        }
        if act.undoes is not None:
            common["undoes"] = act.undoes
        lengths = Counter(streams.ids[self._stream_key(change)] for change in changes)
        known = stored_events(connection, (change.record for change in changes if not change.created))
        touched: list[Touched] = []
        rows: list[tuple[Any, ...]] = []
        as_id, as_instant = _parameter("id", sqlite=self._sqlite), _parameter("instant", sqlite=self._sqlite)
        at, account = as_instant(common["at"]), as_id(act.account) if act.account else None
        as_transaction = as_id(transaction)
        for change in changes:
            head = streams.heads[streams.ids[self._stream_key(change)]]
            made: Event = {
                **common,
                "change": change.change,
                "id": self._new_id(),
                "kind": change.kind,
                "length": lengths[head.id],
                "number": head.number + 1,
                "previous": head.hash.hex(),
                "record": change.record,
                "stream": head.id,
            }
            if not change.created:
                made["parents"] = self._parents(change, known[change.record])
            data = canonical(made)
            head.number, head.hash, head.clock = made["number"], event_hash(data), common["clock"]
            rows.append(
                (
                    head.key,
                    made["number"],
                    as_id(made["id"]),
                    as_id(change.record),
                    change.kind,
                    as_transaction,
                    act.action,
                    account,
                    at,
                    made["clock"],
                    head.hash,
                    data,
                )
            )
            events = known[change.record]
            events.append(made)
            touched.append((change.kind, change.record, change.study, events, change.created))
        mark = "?" if self._sqlite else "%s"
        connection.exec_driver_sql(
            f'INSERT INTO event (stream, number, id, record, kind, "transaction", action, account, "at", clock, '  # noqa: S608 - no value in it
            f"hash, bytes) VALUES ({', '.join([mark] * 12)})",
            rows,
        )
        self._moved = streams.keep(self._sign)
        return touched

    def committed(self) -> None:
        """Tell the new heads to whoever keeps them outside the database."""
        if self._tell is not None and self._moved:
            self._tell(self._moved)
        self._moved = []

    def _stream_key(self, change: Change) -> _Key:
        return change.study, self._catalogue[change.kind].audience

    def _parents(self, change: Change, events: Sequence[Event]) -> dict[Id, list[str]]:
        """Return which fields of which events this change replaces; a void or restore replaces all it saw."""
        state = fold(self._catalogue[change.kind], events)
        self._refuse_stale(change, state)
        # An edit names the last void or restore it saw, so that it is known to come after it.
        names = set(state.heads) if "voided" in change.change else {*change.change, "voided"}
        parents: dict[Id, list[str]] = {}
        for name in sorted(names):
            for head in state.heads.get(name, ()):
                parents.setdefault(head, []).append(name)
        return parents

    def _refuse_stale(self, change: Change, state: State) -> None:
        for name, (old, _new) in change.change.items():
            if state.values.get(name, False if name == "voided" else None) != old:
                raise Conflict(
                    _("Somebody changed this record while you had it open."),
                    record=change.record,
                    remedy=_("Nothing of yours was saved yet. Look at both versions, then save again."),
                )


def stored_events(connection: sa.Connection, records: Iterable[Id]) -> dict[Id, list[Event]]:
    """Return all events held of the given records, parsed; records without any have an empty list."""
    known: dict[Id, list[Event]] = _Lists()
    wanted = list(records)
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(event.c.record, event.c.bytes).where(event.c.record.in_(wanted[start : start + _CHUNK]))
        for record, data in connection.execute(query):
            known[record].append(parse(data))
    return known


def _parameter(type_: FieldType, *, sqlite: bool) -> Callable[[str], Any]:
    codec = CODECS[type_]
    return (codec.to_sqlite if sqlite else codec.to_postgres) or str


class _Lists(dict[Id, list[Event]]):
    def __missing__(self, key: Id) -> list[Event]:
        return self.setdefault(key, [])


class _Head:
    """A stream's end while events are being appended."""

    __slots__ = ("clock", "hash", "id", "key", "name", "new", "number")

    def __init__(self, name: StreamName, number: int, hash_: bytes, clock: str, key: Any, *, new: bool) -> None:
        self.name, self.id, self.number, self.hash, self.clock = name, name.id, number, hash_, clock
        self.key, self.new = key, new


_STREAMS = sa.select(
    desk.c.replica.label("own_replica"),
    desk.c.epoch.label("own_epoch"),
    sa.select(sa.func.max(stream.c.clock)).scalar_subquery().label("last_clock"),
    stream,
).select_from(desk.outerjoin(stream, sa.and_(stream.c.replica == desk.c.replica, stream.c.epoch == desk.c.epoch)))
"""Who this desk is, the last clock it has seen, and its own streams: all that an act must know, in one statement."""

_MOVE = (
    sa.update(stream)
    .where(stream.c.id == sa.bindparam("which"))
    .values({name: sa.bindparam(name) for name in ("number", "hash", "clock", "signature")})
)


class _Streams:
    """This desk's streams that a change set writes to; missing ones begin."""

    def __init__(self, connection: sa.Connection, wanted: set[_Key]) -> None:
        self._connection = connection
        sqlite = connection.dialect.name == "sqlite"
        rows = connection.execute(_STREAMS).all()
        replica, epoch = rows[0].own_replica, rows[0].own_epoch
        here = {(row.study, row.audience): row for row in rows if row.id is not None}
        self.clock = rows[0].last_clock or START
        self.ids: dict[_Key, Id] = {}
        self.heads: dict[Id, _Head] = {}
        for study, audience in sorted(wanted, key=lambda key: (key[0] or "", key[1])):
            name = StreamName(replica, epoch, study, audience)
            row = here.get((study, audience))
            key = bytes.fromhex(name.id) if sqlite else name.id
            self.ids[study, audience] = name.id
            self.heads[name.id] = (
                _Head(name, 0, name.genesis, START, key, new=True)
                if row is None
                else _Head(name, row.number, row.hash, row.clock, key, new=False)
            )

    def keep(self, sign: Sign | None) -> list[Head]:
        """Store the heads that moved, signed where a key is at hand."""
        for head in self.heads.values():
            moved = {
                "number": head.number,
                "hash": head.hash,
                "clock": head.clock,
                "signature": sign(signed_head(head.id, head.number, head.hash)) if sign else None,
            }
            if head.new:
                name = head.name
                self._connection.execute(
                    sa.insert(stream).values(
                        id=head.id,
                        replica=name.replica,
                        epoch=name.epoch,
                        study=name.study,
                        audience=name.audience,
                        **moved,
                    )
                )
            else:
                self._connection.execute(_MOVE, {"which": head.id, **moved})
        return [(head.id, head.number, head.hash) for head in self.heads.values()]


def signed_head(stream_id: Id, number: int, hash_: bytes) -> bytes:
    """Return the bytes that a desk's key signs for a stream's end."""
    return canonical({"hash": hash_.hex(), "number": number, "stream": stream_id, "what": "trialdesk head"})

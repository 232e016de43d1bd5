"""Proves a desk: the chain is whole, the copies beside the bytes are true, the tables say what the events say.

Findings name the place: stream and number for the trail, kind, record and field for the tables.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import instant_text
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.catalogue import Catalogue, Kind
from trialdesk.persistence.database import Database
from trialdesk.persistence.declaration import metadata
from trialdesk.trail.access import LOG, broken_links, has_entry
from trialdesk.trail.events import StreamName, event_hash, parse
from trialdesk.trail.outside import Mark
from trialdesk.trail.position import position_now
from trialdesk.trail.recorder import signed_head
from trialdesk.trail.replay import replay
from trialdesk.trail.shape import broken_guards, odd_columns
from trialdesk.trail.tables import desk, event, stream

_BATCH = 2_000
_EACH = 100
"""So many findings of one subject are told one by one; all are counted."""

TRAIL = "trail"
SUBJECTS = {
    TRAIL: N_("Trail"),
    "access": N_("Access log"),
    "guard": N_("Guards of the trail"),
    "structure": N_("Tables and columns"),
}
"""What a finding can be about besides a kind of record, marked for translation."""
_OF_RECORDS = frozenset({"row", "value", "file"})

Progress = Callable[[int, int], None]

Look = Callable[[sa.Connection], Iterable["Finding"]]
"""A further look at what stands beside the trail: a later stage's, given by the application."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the trail says. `place` is a stream and number, or a kind, record and field."""

    what: str
    place: str
    words: str

    @property
    def subject(self) -> str:
        """What it is about: a kind of record, or a name of SUBJECTS."""
        if self.what in _OF_RECORDS:
            return self.place.partition(" ")[0]
        return self.what if self.what in SUBJECTS else TRAIL


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verify looked at and what it found; no findings means proven.

    `findings` are the first of each subject, `totals` how many there are of each, in the order they were met.
    """

    streams: int
    events: int
    records: int
    findings: tuple[Finding, ...]
    totals: tuple[tuple[str, int], ...]

    @property
    def proven(self) -> bool:
        """Whether nothing was found."""
        return not self.totals

    @property
    def count(self) -> int:
        """How much was found in all."""
        return sum(count for _subject, count in self.totals)


def verify(
    database: Database,
    catalogue: Catalogue,
    *,
    outside: dict[Id, Mark],
    progress: Progress = lambda *_counts: None,
    looks: Iterable[Look] = (),
) -> Verdict:
    """Check chains, signatures, heads kept outside, and replay into an empty database. Changes nothing.

    `looks` are taken besides: what they find is found.
    """
    with database.reading() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(event)) or 0
        totals: Counter[str] = Counter()
        told: list[Finding] = []

        def tell(findings: Iterable[Finding]) -> None:
            for finding in findings:
                totals[finding.subject] += 1
                if totals[finding.subject] <= _EACH:
                    told.append(finding)

        streams = 0
        done = 0
        public_key = connection.scalar(sa.select(desk.c.public_key))
        for row in connection.execute(sa.select(stream).order_by(stream.c.id)).all():
            streams += 1
            tell(_stream_findings(connection, row, public_key, outside.get(row.id)))
            done += row.number
            progress(done, 2 * total)
        tell(_orphans(connection))
        tell(_gone(connection, outside))
        tell(_access_findings(connection, outside.get(LOG)))
        tell(_guard_findings(connection))
        odd = dict(odd_columns(connection, catalogue))
        tell(Finding("structure", place, _structure_words(how)) for place, how in odd.items())
        # What has lost a column cannot be compared row by row; that it has is told above.
        whole = {name: kind for name, kind in catalogue.items() if not _is_short(kind, odd)}
        records = _compare_tables(connection, whole, lambda part: progress(total + part, 2 * total), tell)
        for look in looks:
            tell(look(connection))
    return Verdict(streams, total, records, tuple(told), tuple(totals.items()))


def _stream_findings(
    connection: sa.Connection, row: sa.Row[Any], public_key: bytes | None, mark: Mark | None
) -> Iterator[Finding]:
    name = StreamName(row.replica, row.epoch, row.study, row.audience)
    if name.id != row.id:
        yield Finding("stream", row.id, _("The stream's description was altered."))
    expected: bytes | None = name.genesis
    last, number = name.genesis, 0
    seen_transactions: dict[Id, int] = {}
    lengths: dict[Id, int] = {}
    query = sa.select(event).where(event.c.stream == row.id).order_by(event.c.number)
    rows = connection.execute(query.execution_options(stream_results=True, yield_per=_BATCH))
    for each in rows:
        number += 1
        place = f"{row.id}.{each.number}"
        if each.number != number:
            yield Finding(
                "gap",
                place,
                _("Events {first} to {last} are missing.").format(first=number, last=each.number - 1),
            )
            number = each.number
            expected = None
        last = event_hash(each.bytes)
        if last != each.hash:
            yield Finding("altered", place, _("The event's bytes were altered: their hash is another."))
        try:
            told = parse(each.bytes)
        except ValueError:
            yield Finding("altered", place, _("The event's bytes can no longer be read."))
            expected = last
            continue
        if expected is not None and told.get("previous") != expected.hex():
            yield Finding("chain", place, _("The event does not follow the one before it."))
        if mark is not None and mark.number == each.number and mark.hash != each.hash:
            yield Finding("replaced", place, _("The stream is not the one this computer has seen before."))
        if (copied := _copied(each)) != {key: told.get(key) for key in copied}:
            yield Finding("copy", place, _("The columns beside the event do not say what its bytes say."))
        seen_transactions[each.transaction] = seen_transactions.get(each.transaction, 0) + 1
        lengths[each.transaction] = told.get("length", 0)
        expected = each.hash
    if number != row.number or (number and last != row.hash):
        yield Finding(
            "cut",
            f"{row.id}.{number}",
            _("The stream should end at {head} and ends at {number}.").format(head=row.number, number=number),
        )
    for transaction, count in seen_transactions.items():
        if lengths[transaction] != count:
            yield Finding(
                "part",
                f"{row.id} {transaction}",
                _("A change set of {length} events is here with {count} only.").format(
                    length=lengths[transaction], count=count
                ),
            )
    if mark is not None and mark.number > number:
        yield Finding(
            "cut",
            f"{row.id}.{number}",
            _("This computer has seen the stream up to {seen}; the file ends at {number}.").format(
                seen=mark.number, number=number
            ),
        )
    if public_key is not None and row.signature is None:
        yield Finding("signature", row.id, _("The stream's end is not signed by this desk."))
    elif public_key is not None and not _signed(public_key, row):
        yield Finding("signature", row.id, _("The signature over the stream's end is not this desk's."))


def _guard_findings(connection: sa.Connection) -> Iterator[Finding]:
    words = {
        "missing": _("The guard that keeps the trail append-only was taken away."),
        "altered": _("The guard that keeps the trail append-only was altered."),
        "foreign": _("A trigger that is not ours changes what is written."),
    }
    for name, how in broken_guards(connection):
        yield Finding("guard", name, words[how])


def _access_findings(connection: sa.Connection, mark: Mark | None) -> Iterator[Finding]:
    words = {
        "missing": _("An entry of the access log is missing."),
        "altered": _("The entry of the access log was altered."),
        "follow": _("The entry of the access log does not follow the one before it."),
    }
    for number, how in broken_links(connection):
        yield Finding("access", f"access.{number}", words[how])
    if mark is not None and (mark.lost or not has_entry(connection, mark.number, mark.hash)):
        yield Finding(
            "access",
            f"access.{mark.number}",
            _("This computer has seen this entry of the access log; the desk no longer holds it."),
        )


def _structure_words(how: str) -> str:
    if how == "missing":
        return _("A table or column is missing from the database.")
    return _("There is a column that is not ours.")


def _is_short(kind: Kind, odd: dict[str, str]) -> bool:
    return any(how == "missing" and place.partition(".")[0] == kind.table for place, how in odd.items())


def _copied(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "stream": row.stream,
        "number": row.number,
        "id": row.id,
        "record": row.record,
        "kind": row.kind,
        "transaction": row.transaction,
        "action": row.action,
        "account": row.account,
        "at": instant_text(row.at),
        "clock": row.clock,
    }


def _signed(public_key: bytes, row: sa.Row[Any]) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(row.signature, signed_head(row.id, row.number, row.hash))
    except InvalidSignature:
        return False
    return True


def _orphans(connection: sa.Connection) -> Iterator[Finding]:
    query = sa.select(event.c.stream).where(event.c.stream.not_in(sa.select(stream.c.id))).distinct()
    for name in connection.scalars(query):
        yield Finding("stream", name, _("There are events of a stream that is not described."))


def _gone(connection: sa.Connection, outside: dict[Id, Mark]) -> Iterator[Finding]:
    here = {name for name, _number in position_now(connection).heads}
    for name, mark in outside.items():
        if name != LOG and name not in here:
            yield Finding(
                "cut",
                f"{name}.0",
                _("This computer has seen the stream up to {seen}; it is gone from the file.").format(seen=mark.number),
            )


def _compare_tables(
    connection: sa.Connection,
    catalogue: Catalogue,
    progress: Callable[[int], None],
    tell: Callable[[Iterable[Finding]], None],
) -> int:
    """Make the tables anew from the trail and tell what differs; returns how many records the trail makes."""
    with tempfile.TemporaryDirectory(prefix="trialdesk-verify-") as folder:
        rebuilt = Database(str(Path(folder) / "rebuilt.desk"), lasting=False)
        try:
            with rebuilt.writing() as target:
                metadata.create_all(target, [kind.record.TABLE for kind in catalogue.values()])
                records = replay(connection, target, catalogue)
            progress(0)
            with rebuilt.reading() as should:
                for kind in catalogue.values():
                    tell(_compare(connection, should, kind))
            return records
        finally:
            rebuilt.close()


def _compare(is_: sa.Connection, should: sa.Connection, kind: Kind) -> Iterator[Finding]:
    """Walk both tables in the order of ids, side by side."""
    table = kind.record.TABLE
    query = sa.select(table).order_by(table.c.id).execution_options(stream_results=True, yield_per=_BATCH)
    left, right = iter(is_.execute(query).mappings()), iter(should.execute(query).mappings())
    here, there = next(left, None), next(right, None)
    while here is not None or there is not None:
        if there is None or (here is not None and here["id"] < there["id"]):
            assert here is not None
            yield Finding(
                "row",
                f"{kind.name} {here['id']}",
                _("The table has a record of which the trail knows nothing."),
            )
            here = next(left, None)
        elif here is None or there["id"] < here["id"]:
            yield Finding(
                "row",
                f"{kind.name} {there['id']}",
                _("The trail has a record that is missing from the table."),
            )
            there = next(right, None)
        else:
            for name in (column.name for column in table.columns):
                if here[name] != there[name]:
                    yield Finding(
                        "value",
                        f"{kind.name} {here['id']} {name}",
                        _("The table says “{here}”, the trail says “{there}”.").format(
                            here=here[name], there=there[name]
                        ),
                    )
            here, there = next(left, None), next(right, None)

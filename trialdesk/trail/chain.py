"""The chain of a study's trail followed from its first event, and how much there is of each kind of record.

It proves what stands in the streams. What this computer has seen before and whether the tables agree is `verify`'s.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.trail.events import StreamName, event_hash, parse
from trialdesk.trail.tables import event, stream

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Followed:
    """A stream to its end. `broken_at` is the number of the first event that does not follow, None where all do."""

    stream: Id
    of_study: bool
    audience: str
    epoch: int
    events: int
    last_hash: str
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many records of a kind the trail knows, and how many events changed them after they were made."""

    kind: str
    records: int
    changes: int


def followed(read: Read, *, study: Id) -> tuple[Followed, ...]:
    """Return the streams of a study and the directory by id, each followed from its first event.

    Two statements, and one more for each 20,000 events of a stream.
    """
    rows = read.rows(
        sa.select(stream).where(sa.or_(stream.c.study == study, stream.c.study.is_(None))).order_by(stream.c.id)
    )
    return tuple(_followed(read, row) for row in rows)


def _followed(read: Read, row: sa.Row[Any]) -> Followed:
    expected = StreamName(row.replica, row.epoch, row.study, row.audience).genesis
    number, broken_at = 0, None
    while True:
        query = sa.select(event.c.number, event.c.hash, event.c.bytes).where(
            event.c.stream == row.id, event.c.number > number
        )
        some = read.rows(query.order_by(event.c.number).limit(_BATCH))
        for each in some:
            number += 1
            last = event_hash(each.bytes)
            if broken_at is None and not (
                each.number == number and last == each.hash and _previous(each.bytes) == expected.hex()
            ):
                broken_at = number
            number, expected = each.number, last
        if len(some) < _BATCH:
            break
    if broken_at is None and (number != row.number or (number and expected != row.hash)):
        broken_at = number + 1
    return Followed(
        stream=row.id,
        of_study=row.study is not None,
        audience=row.audience,
        epoch=row.epoch,
        events=number,
        last_hash=expected.hex(),
        broken_at=broken_at,
    )


def _previous(data: bytes) -> object:
    try:
        return parse(data).get("previous")
    except ValueError:
        return None


def kept(read: Read, *, study: Id) -> tuple[Kept, ...]:
    """Return the kinds of record of a study that the trail knows, by name. One statement."""
    query = (
        sa.select(
            event.c.kind,
            sa.func.count(event.c.record.distinct()).label("records"),
            sa.func.count().label("events"),
        )
        .join(stream, stream.c.id == event.c.stream)
        .where(stream.c.study == study)
        .group_by(event.c.kind)
        .order_by(event.c.kind)
    )
    return tuple(Kept(row.kind, row.records, row.events - row.records) for row in read.rows(query))

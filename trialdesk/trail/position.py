"""A position: how far each stream had been read. It names one past state of the desk, exactly and for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.trail.events import parse
from trialdesk.trail.tables import desk, event, stream


@dataclass(frozen=True, slots=True)
class Position:
    """Stream ids with the last number read, in order of id. Streams not named had not begun."""

    heads: tuple[tuple[Id, int], ...]

    def text(self) -> str:
        """Return the position as one word: `stream.number-stream.number`, whole stream ids."""
        return "-".join(f"{stream_id}.{number}" for stream_id, number in self.heads)

    def short(self) -> str:
        """Return eight hexadecimal digits that differ for different positions, for people to compare."""
        return sha256(self.text().encode()).hexdigest()[:8]


def parse_position(text: str) -> Position:
    """Return the position that `Position.text` wrote. Raises UserError for anything else."""
    heads = []
    for part in text.split("-") if text else ():
        stream_id, _dot, number = part.partition(".")
        if len(stream_id) != 32 or not number.isdigit():
            raise UserError(
                _("“{text}” is neither an instant nor a position.").format(text=text[:80]),
                remedy=_("Give an instant such as 2026-03-04T12:00Z, or a position printed on a document."),
            )
        heads.append((stream_id, int(number)))
    return Position(tuple(sorted(heads)))


def position_now(connection: sa.Connection, study: Id | None = None) -> Position:
    """Return where the streams end now: all of them, or those of one study and the directory."""
    return _position(connection.execute(_heads(study)))


def position_of(read: Read, study: Id | None = None) -> Position:
    """Return where the streams end in the very snapshot that `read` shows. One statement."""
    return _position(read.rows(_heads(study)))


def _heads(study: Id | None) -> sa.Select[Any]:
    query = sa.select(stream.c.id, stream.c.number)
    return query if study is None else query.where(sa.or_(stream.c.study == study, stream.c.study.is_(None)))


def _position(rows: Iterable[Any]) -> Position:
    return Position(tuple(sorted((row.id, row.number) for row in rows)))


def position_at(connection: sa.Connection, instant: datetime, study: Id | None = None) -> Position:
    """Return what was known at an instant: per stream the longest prefix in which no event was recorded later."""
    query = sa.select(event.c.stream, sa.func.min(event.c.number)).where(event.c.at > instant).group_by(event.c.stream)
    later: dict[Id, int] = {row[0]: row[1] for row in connection.execute(query)}
    heads = ((name, later.get(name, number + 1) - 1) for name, number in position_now(connection, study).heads)
    return Position(tuple((name, number) for name, number in heads if number > 0))


def instant_of(connection: sa.Connection, position: Position) -> datetime | None:
    """Return when the last event of a position was recorded, None for the empty one."""
    at = [
        connection.scalar(sa.select(event.c.at).where(event.c.stream == name, event.c.number == number))
        for name, number in position.heads
    ]
    return max((each for each in at if each is not None), default=None)


def told_until(read: Read, position: Position) -> datetime | None:
    """Return when the last event of a position was recorded, None where it is empty or not held. One statement."""
    query = sa.select(sa.func.max(event.c.at).label("at")).where(
        sa.or_(
            sa.false(), *(sa.and_(event.c.stream == name, event.c.number == number) for name, number in position.heads)
        )
    )
    at: datetime | None = read.value(query)
    return at


def last_known(read: Read, study: Id) -> tuple[datetime, date] | None:
    """Return when the last event of a study or the directory was recorded, and the calendar day where it was.

    None where there is none. One statement. It tells what "now" is of a past state: the same for ever.
    """
    query = (
        sa.select(event.c.at, event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .where(sa.or_(stream.c.study == study, stream.c.study.is_(None)))
        .order_by(sa.desc(event.c.at), sa.desc(event.c.clock))
    )
    row = read.first(query)
    return None if row is None else (row.at, (row.at + timedelta(minutes=parse(row.bytes)["offset"])).date())


def studies_of(read: Read, position: Position) -> frozenset[Id]:
    """Return the studies whose streams a position names, as far as this desk knows them. One statement."""
    names = [name for name, _number in position.heads]
    rows = read.rows(sa.select(stream.c.study).where(stream.c.id.in_(names), stream.c.study.is_not(None)))
    return frozenset(row.study for row in rows)


def beyond(position: Position) -> sa.ColumnElement[bool]:
    """Return the condition that an event was not yet known at a position."""
    names = [name for name, _number in position.heads]
    later = (sa.and_(event.c.stream == name, event.c.number > number) for name, number in position.heads)
    return sa.or_(event.c.stream.not_in(names), *later)


def missing_streams(connection: sa.Connection, position: Position) -> list[Id]:
    """Return the streams of a position that this desk does not hold, or not as far."""
    here = dict(position_now(connection).heads)
    return [name for name, number in position.heads if here.get(name, 0) < number]


def known_at(connection: sa.Connection, text: str, study: Id | None = None) -> Position:
    """Return the position that a person wrote, as an instant or as a position. Raises UserError for neither."""
    try:
        return position_at(connection, parse_instant(text), study)
    except ValueError:
        return parse_position(text)


def last_instant(connection: sa.Connection) -> datetime | None:
    """Return when the newest event was recorded by its own clock, None on a desk without events."""
    at: datetime | None = connection.scalar(sa.select(sa.func.max(event.c.at)))
    return at


def first_act(connection: sa.Connection) -> str | None:
    """Return the name of the act with which this desk began, as its trail has it; None on a desk without events."""
    query = (
        sa.select(event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .join(desk, desk.c.replica == stream.c.replica)
        .where(stream.c.study.is_(None), event.c.number == 1)
        .order_by(stream.c.epoch, event.c.clock)
        .limit(1)
    )
    data = connection.scalar(query)
    return None if data is None else str(parse(data)["action"])


def last_act(connection: sa.Connection) -> tuple[datetime, int] | None:
    """Return when the newest event was recorded and by how many minutes the clock there was ahead of UTC."""
    query = sa.select(event.c.at, event.c.bytes).order_by(sa.desc(event.c.at), sa.desc(event.c.clock)).limit(1)
    row = connection.execute(query).first()
    return None if row is None else (row.at, parse(row.bytes)["offset"])


def stream_heads(connection: sa.Connection) -> list[tuple[Id, int, bytes]]:
    """Return every stream's end: id, number, hash."""
    return [(row.id, row.number, row.hash) for row in connection.execute(sa.select(stream))]

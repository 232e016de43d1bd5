"""Builds record tables from events alone: what as-of shows, what verify compares with, what a migration re-projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from trialdesk.base.ids import Id
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.database import Database
from trialdesk.persistence.declaration import complete
from trialdesk.persistence.projector import Projector, Touched
from trialdesk.trail.events import parse
from trialdesk.trail.position import Position
from trialdesk.trail.tables import event, guards, lifted, stream

_BATCH = 2_000


def replay(source: sa.Connection, target: sa.Connection, catalogue: Catalogue, position: Position | None = None) -> int:
    """Project the source's events, up to `position` if given, into the target's empty record tables.

    Returns the number of records. Memory is bounded by one batch: events are read in the order of records.
    """
    projector = Projector(catalogue, target.dialect.name)
    studies = {row.id: row.study for row in source.execute(sa.select(stream.c.id, stream.c.study))}
    query = sa.select(event.c.record, event.c.kind, event.c.stream, event.c.bytes).order_by(event.c.record)
    if position is not None:
        query = query.where(_within(position))
    # Options on the statement: on the connection they would outlive it.
    rows = source.execute(query.execution_options(stream_results=True, yield_per=_BATCH))
    records = _records(rows, studies)
    count = 0
    while batch := list(islice(records, _BATCH)):
        projector.project(target, batch)
        count += len(batch)
    return count


def rebuild(database: Database, catalogue: Catalogue) -> int:
    """Write all record tables anew from the events, in one transaction: after an upgrade, when shapes have changed.

    Returns the number of records. Events of older schemas are read through the catalogue's upcasts; none is rewritten.
    """
    with database.writing() as connection:
        for statement in lifted(database.dialect):
            connection.exec_driver_sql(statement)
        for kind in catalogue.values():
            connection.execute(sa.delete(kind.record.TABLE))
        count = replay(connection, connection, catalogue)
        for statement in guards(database.dialect):
            connection.exec_driver_sql(statement)
        return count


def copy_trail(source: sa.Connection, target: sa.Connection, position: Position) -> None:
    """Copy streams and events up to `position`, so that history can be read in a past desk too."""
    for name, number in position.heads:
        row = source.execute(sa.select(stream).where(stream.c.id == name)).one()
        last = source.execute(
            sa.select(event.c.hash, event.c.clock).where(event.c.stream == name, event.c.number == number)
        ).one()
        target.execute(
            sa.insert(stream).values(
                {**row._mapping, "number": number, "hash": last.hash, "clock": last.clock, "signature": None}  # noqa: SLF001 - SQLAlchemy's documented name
            )
        )
    query = sa.select(event).where(_within(position)).execution_options(stream_results=True, yield_per=_BATCH)
    rows = source.execute(query)
    for some in rows.mappings().partitions(_BATCH):
        target.execute(sa.insert(event), [dict(row) for row in some])


def past_desk(source: sa.Connection, path: str, catalogue: Catalogue, position: Position) -> Database:
    """Make the desk as it was at `position`, as a new SQLite file at `path`; the caller removes it.

    Queries and reports run on it unchanged. It holds the trail up to the position and nothing else of the desk.
    """
    past = Database(path, lasting=False)
    with past.writing() as target:
        for statement in _tables():
            target.exec_driver_sql(statement)
        copy_trail(source, target, position)
        replay(source, target, catalogue, position)
    return past


@cache
def _tables() -> tuple[str, ...]:
    """Return the statements that make all tables on SQLite, written once: every look at the past makes them anew."""
    dialect = sqlite.dialect()
    made = complete().sorted_tables
    return (
        *(str(CreateTable(table).compile(dialect=dialect)) for table in made),
        *(
            str(CreateIndex(index).compile(dialect=dialect))
            for table in made
            for index in sorted(table.indexes, key=str)
        ),
    )


def _records(rows: Iterable[Any], studies: dict[Id, Id | None]) -> Iterator[Touched]:
    for record, group in groupby(rows, key=lambda row: row.record):
        held = list(group)
        yield held[0].kind, record, studies[held[0].stream], [parse(row.bytes) for row in held], True


def _within(position: Position) -> sa.ColumnElement[bool]:
    reached = [sa.and_(event.c.stream == name, event.c.number <= number) for name, number in position.heads]
    return sa.or_(sa.false(), *reached)

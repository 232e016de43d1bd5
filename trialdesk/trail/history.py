"""The trail to look at: change sets newest first, and one record's history field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.reading import Read
from trialdesk.trail.events import is_creation, parse
from trialdesk.trail.position import Position, beyond
from trialdesk.trail.tables import event, stream


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One act: who did what when, and to how many records. `id` is the transaction."""

    id: Id
    at: datetime
    account: Id | None
    role: str
    action: str
    reason: str
    records: int
    first_number: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one record as one act left it; old and new are event values, None where there was nothing."""

    id: Id
    transaction: Id
    at: datetime
    account: Id | None
    action: str
    reason: str
    kind: str
    record: Id
    field: str
    old: Any
    new: Any
    created: bool
    place: str


def change_sets(
    read: Read,
    *,
    study: Id | None = None,
    before: datetime | None = None,
    since: Position | None = None,
    limit: int = 500,
) -> tuple[ChangeSet, ...]:
    """Return the newest acts, of one study with the directory's left out, or of the whole desk. Two statements.

    `since` leaves out what a position already knew; `records` then counts what is new.
    """
    query = (
        sa.select(
            event.c.transaction,
            sa.func.min(event.c.at).label("at"),
            sa.func.count().label("records"),
            sa.func.max(event.c.clock).label("clock"),
        )
        .group_by(event.c.transaction)
        .order_by(sa.desc("clock"))
        .limit(limit)
    )
    if study is not None:
        query = query.where(event.c.stream.in_(sa.select(stream.c.id).where(stream.c.study == study)))
    if before is not None:
        query = query.where(event.c.at < before)
    if since is not None:
        query = query.where(beyond(since))
    sets = read.rows(query)
    firsts = _first_events(read, [row.transaction for row in sets])
    return tuple(
        ChangeSet(
            id=row.transaction,
            at=row.at,
            account=firsts[row.transaction]["account"],
            role=firsts[row.transaction]["role"],
            action=firsts[row.transaction]["action"],
            reason=firsts[row.transaction]["reason"],
            records=row.records,
            first_number=firsts[row.transaction]["number"],
        )
        for row in sets
    )


def record_history(read: Read, *, record: Id) -> tuple[FieldChange, ...]:
    """Return every change of one record, oldest first. One statement."""
    query = sa.select(event.c.bytes).where(event.c.record == record).order_by(event.c.clock, event.c.number)
    return tuple(_field_changes(row.bytes for row in read.rows(query)))


def transaction_changes(read: Read, *, transaction: Id, limit: int = 2_000) -> tuple[FieldChange, ...]:
    """Return what one act changed, field by field, at most `limit` records. One statement."""
    query = (
        sa.select(event.c.bytes)
        .where(event.c.transaction == transaction)
        .order_by(event.c.stream, event.c.number)
        .limit(limit)
    )
    return tuple(_field_changes(row.bytes for row in read.rows(query)))


def transaction_study(read: Read, *, transaction: Id) -> tuple[str, Id | None]:
    """Return the action and the study of an act. Raises UserError if it is not on this desk. One statement."""
    row = read.first(
        sa.select(event.c.action, stream.c.study)
        .join(stream, stream.c.id == event.c.stream)
        .where(event.c.transaction == transaction)
    )
    if row is None:
        raise UserError(_("This step is not on this desk."))
    return row.action, row.study


def last_step(read: Read, *, account: Id, is_undo: Callable[[str], bool], limit: int = 1_000) -> Id | None:
    """Return the newest act of an account that nobody took back, looking through its last `limit` acts; else None.

    Taking a step back and doing it again are no steps of their own. Two statements, and one for each undo on the way.
    """
    mine = _acts(read, event.c.account == account, limit)
    undos = [each for each in _acts(read, None, limit) if is_undo(each.action)]
    taken_back: set[Id] = set()
    for each in undos:
        if each.transaction not in taken_back:
            taken_back.update(_undone_by(read, each.transaction))
    return next(
        (each.transaction for each in mine if not is_undo(each.action) and each.transaction not in taken_back), None
    )


def _acts(read: Read, where: sa.ColumnElement[bool] | None, limit: int) -> list[sa.Row[Any]]:
    query = (
        sa.select(event.c.transaction, event.c.action, sa.func.max(event.c.clock).label("clock"))
        .group_by(event.c.transaction, event.c.action)
        .order_by(sa.desc("clock"))
        .limit(limit)
    )
    return read.rows(query if where is None else query.where(where))


def _undone_by(read: Read, undo: Id) -> set[Id]:
    """Return the act that an undo took back: the newest among those whose values its first event replaces."""
    first = read.value(sa.select(event.c.bytes).where(event.c.transaction == undo))
    replaced = list(parse(first).get("parents", {}))
    acts = read.rows(
        sa.select(event.c.transaction).where(event.c.id.in_(replaced)).order_by(event.c.clock.desc(), event.c.number)
    )
    return {row.transaction for row in acts[:1]}


def _first_events(read: Read, transactions: list[Id]) -> dict[Id, dict[str, Any]]:
    place = sa.func.row_number().over(partition_by=event.c.transaction, order_by=(event.c.stream, event.c.number))
    ranked = (
        sa.select(event.c.transaction, event.c.bytes, place.label("place"))
        .where(event.c.transaction.in_(transactions))
        .subquery()
    )
    if not transactions:
        return {}
    rows = read.rows(sa.select(ranked.c.transaction, ranked.c.bytes).where(ranked.c.place == 1))
    return {row.transaction: parse(row.bytes) for row in rows}


def _field_changes(events: Iterable[bytes]) -> Iterable[FieldChange]:
    for data in events:
        told = parse(data)
        for field, (old, new) in told["change"].items():
            yield FieldChange(
                id=f"{told['id']}{field}",
                transaction=told["transaction"],
                at=parse_instant(told["at"]),
                account=told["account"],
                action=told["action"],
                reason=told["reason"],
                kind=told["kind"],
                record=told["record"],
                field=field,
                old=old,
                new=new,
                created=is_creation(told),
                place=f"{told['stream'][:8]}.{told['number']}",
            )

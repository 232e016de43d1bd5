"""The trail to look at: change sets newest first, and one record's history field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
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


def study_corrections(read: Read, *, study: Id, limit: int) -> tuple[FieldChange, ...]:
    """Return the newest changes of records of a study that were there before, oldest first, of at most `limit` events.

    One statement. What an event brought into being is left out: it replaces nothing.
    """
    earlier = event.alias("earlier")
    query = (
        sa.select(event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .where(
            stream.c.study == study,
            sa.exists().where(earlier.c.record == event.c.record, earlier.c.clock < event.c.clock),
        )
        .order_by(event.c.clock.desc(), event.c.stream, event.c.number.desc())
        .limit(limit)
    )
    return tuple(_field_changes(reversed([row.bytes for row in read.rows(query)])))


def histories(read: Read, *, records: sa.Select[Any] | sa.CompoundSelect[Any], limit: int) -> tuple[FieldChange, ...]:
    """Return the newest changes of the records whose ids a select gives, oldest first, of at most `limit` events.

    One statement.
    """
    query = (
        sa.select(event.c.bytes)
        .where(event.c.record.in_(records))
        .order_by(event.c.clock.desc(), event.c.stream, event.c.number.desc())
        .limit(limit)
    )
    return tuple(_field_changes(reversed([row.bytes for row in read.rows(query)])))


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


@dataclass(frozen=True, slots=True)
class Meant:
    """What a step is about: the action, its study (None in the directory), and the account that did it."""

    action: str
    study: Id | None
    account: Id | None


def step_meant(read: Read, *, transaction: Id, is_undo: Callable[[str], bool]) -> Meant:
    """Return what a step is about: of an undo, of the step it took back, however deep.

    Raises UserError if it is not on this desk. Two statements for each undo, and two more.
    """
    name, study = transaction_study(read, transaction=transaction)
    while is_undo(name):
        transaction = _undone_by(read, transaction)
        name, study = transaction_study(read, transaction=transaction)
    account = read.value(sa.select(event.c.account).where(event.c.transaction == transaction))
    return Meant(name, study, account)


def last_step(read: Read, *, account: Id, is_undo: Callable[[str], bool], limit: int = 1_000) -> tuple[Id, str] | None:
    """Return the newest act of an account that still stands, and what it did, among the desk's last `limit` acts.

    Taking a step back is no step; taking that back is the step done again, and what it did is what the step did. None
    if nothing stands. One statement, and one for each undo.
    """
    actions: dict[Id, str] = {}
    taken_back: dict[Id, Id] = {}
    standing = []
    for act in _acts(read, limit):
        actions[act.transaction] = act.action
        if is_undo(act.action):
            taken_back[act.transaction] = _undone_by(read, act.transaction)
        if act.transaction not in taken_back.values() and act.account == account:
            standing.append(act.transaction)
    for act in standing:
        origin, undos = _origin(act, taken_back)
        if undos % 2 == 0 and origin in actions:
            return act, actions[origin]
    return None


def _origin(act: Id, taken_back: dict[Id, Id]) -> tuple[Id, int]:
    """Return the act that began a chain of undos ending in `act`, and how many undos there are."""
    undos = 0
    while act in taken_back:
        act, undos = taken_back[act], undos + 1
    return act, undos


def _acts(read: Read, limit: int) -> list[sa.Row[Any]]:
    clock = sa.func.max(event.c.clock).label("clock")
    return read.rows(
        sa.select(event.c.transaction, event.c.action, event.c.account, clock)
        .group_by(event.c.transaction, event.c.action, event.c.account)
        .order_by(sa.desc("clock"))
        .limit(limit)
    )


def _undone_by(read: Read, undo: Id) -> Id:
    """Return the act that an undo took back; empty for one made before undos said so."""
    first = read.value(sa.select(event.c.bytes).where(event.c.transaction == undo))
    found: Id = parse(first).get("undoes", "")
    return found


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

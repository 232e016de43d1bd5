"""Undo: writes the befores of a change set back, as a change set of its own. No feature has undo code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.folding import fold
from trialdesk.persistence.types import Json
from trialdesk.persistence.work import Work
from trialdesk.trail.events import Event, is_creation, parse
from trialdesk.trail.tables import event, stream

ACTION = "trail:transaction:undo"


def undo(
    work: Work,
    *,
    transaction: Id,
    catalogue: Catalogue,
    is_final: Callable[[str], bool],
    stands_signed: Callable[[Work, Mapping[Id, int]], bool],
) -> int:
    """Put every record of `transaction` back as it was before; what it created is voided. Returns how many.

    Raises UserError, changing nothing, if the act is final, unknown here, or a record moved on since or was signed.
    """
    by_record = _events_of_records(work, transaction)
    if not by_record:
        raise UserError(_("This step is not on this desk."))
    mine = [each for events, _study in by_record.values() for each in events if each["transaction"] == transaction]
    if is_final(mine[0]["action"]):
        raise UserError(
            _("This step cannot be taken back."),
            remedy=_("It is final. Record the act that corrects it instead."),
        )
    if stands_signed(work, {record: _version(events, transaction) for record, (events, _study) in by_record.items()}):
        raise UserError(
            _("Something of this step was signed since."),
            remedy=_("Correct it, with a reason: the signature then shows that it was superseded."),
        )
    for record, (events, study) in by_record.items():
        kind = catalogue.get(events[0]["kind"])
        if kind is None:
            raise UserError(_("This step was made by a newer version of TrialDesk and cannot be taken back here."))
        standing = _standing(events, transaction)
        done = [each for each in standing if each["transaction"] == transaction]
        if not done:
            raise UserError(_("This step was taken back already."), where=_(kind.record.LABEL))
        state = fold(kind, standing)
        if any(head not in {each["id"] for each in done} for head in _touched_heads(state.heads, done)):
            raise UserError(
                _("Something of this step was changed again since."),
                where=_(kind.record.LABEL),
                remedy=_("Take the later change back first."),
            )
        work.put_back(kind.name, record, study, _befores(done))
    return len(by_record)


def _version(events: Sequence[Event], transaction: Id) -> int:
    """Return the version that a transaction left of a record, given all its events in order."""
    return max(place for place, each in enumerate(events, start=1) if each["transaction"] == transaction)


def _standing(events: Sequence[Event], transaction: Id) -> list[Event]:
    """Return a record's events without those that were taken back and those that took them back.

    So a later step that was itself taken back does not stand in the way. What `transaction` took back stays: there it
    began.
    """
    undoes: dict[Id, Id] = {each["transaction"]: each.get("undoes", "") for each in reversed(events)}
    stays = {transaction}
    while (transaction := undoes.get(transaction, "")) in undoes:
        stays.add(transaction)
    gone: set[Id] = set()
    for act, target in undoes.items():
        if target in undoes and act not in gone | stays:
            gone |= {act, target}
    by_id = {each["id"]: each for each in events}
    left = {each["id"] for each in events if each["transaction"] in gone}
    return [_as_if_never(each, by_id, left) for each in events if each["id"] not in left]


def _as_if_never(each: Event, by_id: Mapping[Id, Event], left: set[Id]) -> Event:
    """Return an event that names no parent left out: in its place, what that one replaced in its turn."""
    if left.isdisjoint(each.get("parents", {})):
        return each
    parents: dict[Id, list[str]] = {}
    ahead = list(each["parents"].items())
    while ahead:
        parent, names = ahead.pop()
        if parent not in left:
            parents.setdefault(parent, []).extend(names)
            continue
        for before, theirs in by_id[parent].get("parents", {}).items():
            ahead.append((before, [name for name in names if name in theirs]))
    return {**each, "parents": {parent: sorted(set(names)) for parent, names in parents.items() if names}}


def _touched_heads(heads: dict[str, tuple[Id, ...]], done: Sequence[Event]) -> set[Id]:
    created = any(is_creation(each) for each in done)
    names = set(heads) if created else {name for each in done for name in each["change"]}
    return {head for name in names for head in heads.get(name, ())}


def _befores(done: Sequence[Event]) -> dict[str, list[Json]]:
    """Return the change that leads from after `done` (one record's events, in order) to before them."""
    if any(is_creation(each) for each in done):
        return {"voided": [False, True]}
    change: dict[str, list[Json]] = {}
    for each in sorted(done, key=lambda one: int(one["number"])):
        for name, (old, new) in each["change"].items():
            change[name] = [new, change[name][1] if name in change else old]
    return change


def _events_of_records(work: Work, transaction: Id) -> dict[Id, tuple[list[Event], Id | None]]:
    """Return, for every record the transaction touched, all its events and its study. One statement."""
    touched = sa.select(event.c.record).where(event.c.transaction == transaction)
    query = (
        sa.select(event.c.record, stream.c.study, event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .where(event.c.record.in_(touched))
        .order_by(event.c.clock, event.c.number)
    )
    found: dict[Id, tuple[list[Event], Id | None]] = {}
    for row in work.read.rows(query):
        found.setdefault(row.record, ([], row.study))[0].append(parse(row.bytes))
    return found

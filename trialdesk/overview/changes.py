"""The trail in people's terms: who changed what of which record, old and new, links by name, secrets kept.

Values come as Python values of their field's type; how they are written is the reader's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.rights import may_see_arms
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.declaration import VOIDED
from trialdesk.persistence.reading import Read
from trialdesk.persistence.types import CODECS
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.history import FieldChange, histories, record_history, study_corrections, transaction_changes


class Unseen(Enum):
    """Why a value is not shown, in words for the place where it would stand."""

    SEALED = N_("sealed")
    WITHHELD = N_("not shown to you")
    ABSENT = N_("not here yet")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record before and after. `name` tells which record; `who` is empty for an account not here.

    `old` and `new` are values of the field's type, None where there was nothing, the name of what a link points to,
    or why they are `Unseen`.
    """

    id: Id
    transaction: Id
    at: datetime
    who: str
    action: str
    reason: str
    kind: str
    label: str
    record: Id
    name: str
    field: Field
    old: Any
    new: Any
    created: bool
    place: str


OF = ("participant", "planned_visit", "person")
"""Links that tell whose or which a record is, in the order in which they are said."""

TELLING = frozenset({"enrollment.treatment", "enrollment.exposure"})
"""Open kinds whose values tell the arm: shown as the participant's own page shows them."""

_CHUNK = 500
_ID = 32
"""How much of a change's id is its event's."""


def record_changes(read: Read, *, record: Id, study: Id | None, on: date, catalogue: Catalogue) -> tuple[Change, ...]:
    """Return every change of one record, newest first. A bounded number of statements."""
    told = record_history(read, record=record)
    events = [list(each) for _event, each in groupby(told, key=lambda change: change.id[:_ID])]
    newest_first = [change for event in reversed(events) for change in event]
    return tuple(_in_terms(read, newest_first, study=study, on=on, catalogue=catalogue))


def step_changes(
    read: Read, *, transaction: Id, study: Id | None, on: date, catalogue: Catalogue, limit: int = 2_000
) -> tuple[Change, ...]:
    """Return what one act changed, of at most `limit` records. Statements grow by one for each 500 records."""
    told = transaction_changes(read, transaction=transaction, limit=limit)
    return tuple(_in_terms(read, told, study=study, on=on, catalogue=catalogue))


def corrected(read: Read, *, study: Id, on: date, catalogue: Catalogue, limit: int) -> tuple[Change, ...]:
    """Return the newest changes of a study's records that were there before, oldest first, of at most `limit` events.

    Statements grow by one for each 500 records.
    """
    told = study_corrections(read, study=study, limit=limit)
    return tuple(_in_terms(read, told, study=study, on=on, catalogue=catalogue))


def participant_changes(
    read: Read, *, participant: Id, study: Id, on: date, catalogue: Catalogue, limit: int
) -> tuple[Change, ...]:
    """Return the newest changes of a participant and of every record that is theirs, oldest first, as `corrected`."""
    tables = {name: kind.record.TABLE.c for name, kind in catalogue.items()}
    own = [
        *(
            sa.select(row.id).where(row.id == participant)
            for name, row in tables.items()
            if name == "enrollment.participant"
        ),
        *(sa.select(row.id).where(row.participant == participant) for row in tables.values() if "participant" in row),
    ]
    told = histories(read, records=sa.union_all(*own), limit=limit)
    return tuple(_in_terms(read, told, study=study, on=on, catalogue=catalogue))


def _in_terms(
    read: Read, told: Sequence[FieldChange], *, study: Id | None, on: date, catalogue: Catalogue
) -> list[Change]:
    accounts = names_of_accounts(read)
    # A group of fields is told whole even where one of them stayed as it was.
    known = [each for each in told if each.kind in catalogue and each.old != each.new]
    hidden = hidden_kinds(read, study, on, catalogue)
    names = Names(read, catalogue)
    names.learn_records((each.kind, each.record) for each in known)
    fields = {name: {**kind.record.FIELDS, VOIDED.name: VOIDED} for name, kind in catalogue.items()}
    names.learn(
        (field.link, value)
        for each in known
        if (field := fields[each.kind].get(each.field)) and field.link
        for value in (each.old, each.new)
        if value
    )
    places = {name: list(kind) for name, kind in fields.items()}
    changes = []
    for each in _as_declared(known, places):
        field = fields[each.kind].get(each.field) or Field("text", each.field, name=each.field)
        withheld = each.kind in hidden and each.field != "participant"
        changes.append(
            Change(
                id=each.id,
                transaction=each.transaction,
                at=each.at,
                who=accounts.get(each.account, "") if each.account else "",
                action=each.action,
                reason=each.reason,
                kind=each.kind,
                label=catalogue[each.kind].record.LABEL,
                record=each.record,
                name=names.of_record(each.kind, each.record),
                field=field,
                old=names.value(field, each.old, withheld=withheld),
                new=names.value(field, each.new, withheld=withheld),
                created=each.created,
                place=each.place,
            )
        )
    return changes


def _as_declared(told: Sequence[FieldChange], places: Mapping[str, Sequence[str]]) -> Iterable[FieldChange]:
    """Return each event's fields in the order in which they are declared: an event itself has them by the alphabet."""

    def place(change: FieldChange) -> int:
        known = places[change.kind]
        return known.index(change.field) if change.field in known else len(known)

    for _event, fields in groupby(told, key=lambda change: change.id[:_ID]):
        yield from sorted(fields, key=place)


def hidden_kinds(read: Read, study: Id | None, on: date, catalogue: Catalogue) -> frozenset[str]:
    """Return the kinds whose values this account may not know: all that tells an arm, to who is blinded."""
    blinded = {name for name, kind in catalogue.items() if kind.audience == "blinded"}
    if study is None:
        return frozenset(blinded | TELLING)
    unblinded = study_row(read, study=study).arms_known
    return frozenset() if may_see_arms(read, study=study, unblinded=unblinded, on=on) else frozenset(blinded | TELLING)


class Names:
    """The names of records, asked for kind by kind and kept."""

    def __init__(self, read: Read, catalogue: Catalogue) -> None:
        self._read = read
        self._catalogue = catalogue
        self._known: dict[tuple[str, Id], str] = {}
        self._rows: dict[tuple[str, Id], Mapping[str, Any]] = {}

    def __contains__(self, kind: str) -> bool:
        return kind in self._catalogue

    def label(self, kind: str) -> str:
        """Return what a record of a kind is called, marked for translation."""
        return self._catalogue[kind].record.LABEL

    def take(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Know these records of a kind, read with all of their columns."""
        for row in rows:
            self._take(kind, row["id"], row)

    def learn_records(self, records: Iterable[tuple[str, Id]]) -> None:
        """Find the records themselves, and what they are of."""
        wanted = set(records)
        self.learn(wanted)
        self.learn(
            (field.link, row[name])
            for (kind, record) in wanted
            if (row := self._rows.get((kind, record)))
            for name in OF
            if (field := self._catalogue[kind].record.FIELDS.get(name)) and row.get(name)
        )

    def learn(self, links: Iterable[tuple[str, Id]]) -> None:
        """Find the names of these records, where not known."""
        by_kind: dict[str, set[Id]] = {}
        for kind, record in links:
            if (kind, record) not in self._rows and kind in self._catalogue:
                by_kind.setdefault(kind, set()).add(record)
        for kind, wanted in sorted(by_kind.items()):
            declared = self._catalogue[kind].record
            columns = [declared.TABLE.c.id, *(declared.TABLE.c[name] for name in self._telling(kind))]
            ids = sorted(wanted)
            for start in range(0, len(ids), _CHUNK):
                query = sa.select(*columns).where(declared.TABLE.c.id.in_(ids[start : start + _CHUNK]))
                for row in self._read.rows(query):
                    self._take(kind, row.id, dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's documented name

    def of_record(self, kind: str, record: Id) -> str:
        """Return which record it is: whose, which, and its own name."""
        row = self._rows.get((kind, record))
        if row is None:
            return ""
        fields = self._catalogue[kind].record.FIELDS
        parts = [self._known.get((fields[name].link, row[name]), "") for name in OF if row.get(name)]
        return " · ".join(dict.fromkeys(part for part in (*parts, self._known[kind, record]) if part))

    def of_link(self, kind: str, record: Id) -> str | Unseen:
        """Return what a link points to: by its own name, else by whose and which it is; or that it is not here."""
        if (kind, record) not in self._rows:
            return Unseen.ABSENT
        if kind == "people.account":
            # Who did something is a person; the user name is what they type.
            person = self._known.get(("people.person", self._rows[kind, record].get("person", "")))
            return person or self._known[kind, record]
        return self._known[kind, record] or self.of_record(kind, record)

    def value(self, field: Field, value: Any, *, withheld: bool) -> Any:
        """Return an event's value as its field's type, a link's name, or why it is not seen."""
        if value is None:
            return None
        if field.type == "secret":
            return Unseen.SEALED
        if withheld:
            return Unseen.WITHHELD
        if field.link:
            return self._known.get((field.link, value)) or Unseen.ABSENT
        return CODECS[field.type].from_event(value)

    def _telling(self, kind: str) -> tuple[str, ...]:
        declared = self._catalogue[kind].record
        return tuple(dict.fromkeys((*declared.NAMED, *(name for name in OF if name in declared.FIELDS))))

    def _take(self, kind: str, record: Id, row: Mapping[str, Any]) -> None:
        self._rows[kind, record] = row
        declared = self._catalogue[kind].record
        own = (_own_word(declared.FIELDS[name], row[name]) for name in declared.NAMED)
        self._known[kind, record] = " ".join(word for word in own if word)


def _own_word(field: Field, value: Any) -> str:
    """Return what a record is named by: a code as its label says it, a day as days are written."""
    if value in (None, ""):
        return ""
    if isinstance(value, date):
        return written_day(value)
    labels = dict(field.choices)
    return _(labels[value]) if value in labels else str(value)

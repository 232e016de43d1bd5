"""Electronic signatures: bound to account, meaning, time and the signed record's canonical form (T7).

A signature is a record of its own, made in the transaction that makes or changes what is signed. Nothing locks the
signed record: a later change is an event like any other and shows the signature as superseded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.canonical import canonical, digest
from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.records import Signature
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.persistence.types import to_event
from trialdesk.persistence.work import Work
from trialdesk.trail.access import SIGNATURE, Note, note

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature as it is shown. `stands` is False once the record was changed since: superseded."""

    id: Id
    of_record: Id
    of_version: int
    name: str
    meaning: str
    signed_at: datetime
    stands: bool


def sign(work: Work, record: Record, meaning: str) -> Id:
    """Sign a record as it will stand after this act; returns the signature's id. `meaning` is marked for translation.

    Raises NotAllowed unless the password was given for this act.
    """
    if not work.act.proven or work.act.account is None:
        raise NotAllowed(_("This is signed: give your password again."), remedy=_("Nothing was recorded yet."))
    signed = work.add(
        Signature(
            study=record.study,
            of_kind=record.KIND,
            of_record=record.id,
            of_version=record.version + work.differs(record),
            digest=digest_of(type(record), vars(record)),
            meaning=meaning,
            account=work.act.account,
            name=names_of_accounts(work.read)[work.act.account],
            signed_at=work.now,
        )
    )
    noted = Note(SIGNATURE, work.act.account, record.study, f"{record.KIND} {record.id}")
    work.beside(lambda connection: note(connection, work.now, noted))
    return signed.id


def digest_of(record: type[Record], values: Any) -> str:
    """Return the SHA-256 of a record's canonical form: its kind, id, fields and whether it is voided.

    Without the fields that later steps of its life fill in (`Record.AFTERWARDS`): what was signed is none of theirs.
    Only of kinds open to everybody: a hash of a sealed or blinded value would tell who guesses it.
    """
    if record.AUDIENCE != "open":
        msg = f"{record.KIND} is not open to everybody"
        raise TypeError(msg)
    fields = {
        name: to_event(field, values.get(name))
        for name, field in record.FIELDS.items()
        if name not in record.AFTERWARDS
    }
    held = {"kind": record.KIND, "id": values["id"], "voided": bool(values["voided"])}
    return digest(canonical({**held, "fields": {k: v for k, v in fields.items() if v is not None}}))


def stands_signed(work: Work, records: Mapping[Id, int]) -> bool:
    """Say whether a signature stands over any of these records as they are now, given from the version named on.

    What was signed before a step is not what the step is about.
    """
    own = Signature.TABLE.c
    found: dict[tuple[str, Id], set[str]] = {}
    for some in _chunks(list(records)):
        for row in work.read.rows(
            sa.select(own.of_kind, own.of_record, own.of_version, own.digest).where(
                own.of_record.in_(some), ~own.voided
            )
        ):
            if row.of_version >= records[row.of_record]:
                found.setdefault((row.of_kind, row.of_record), set()).add(row.digest)
    for (kind, record), digests in found.items():
        now = work.find(work.kind(kind), record)
        if now is not None and digest_of(type(now), vars(now)) in digests:
            return True
    return False


def signatures(
    read: Read, *, record: type[Record], study: Id, of: Iterable[Id] | None = None
) -> dict[Id, tuple[SignatureRow, ...]]:
    """Return the signatures of a study's records of one kind, oldest first, by record. Two statements.

    `of` restricts to some records.
    """
    wanted = None if of is None else list(of)
    about = {"study": study, "kind": record.KIND}
    rows = (
        read.rows(_signed(some=False), **about)
        if wanted is None
        else read.rows(_signed(some=True), **about, wanted=wanted)
    )
    table = record.TABLE
    now = {
        row.id: digest_of(record, dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's documented name
        for row in (read.rows(_those(table), wanted=list({row.of_record for row in rows})) if rows else ())
    }
    found: dict[Id, tuple[SignatureRow, ...]] = {}
    for row in rows:
        stands = now.get(row.of_record) == row.digest
        shown = SignatureRow(row.id, row.of_record, row.of_version, row.name, row.meaning, row.signed_at, stands)
        found[row.of_record] = (*found.get(row.of_record, ()), shown)
    return found


@cache
def _signed(*, some: bool) -> sa.Select[Any]:
    own = Signature.TABLE.c
    query = sa.select(Signature.TABLE).where(
        own.study == sa.bindparam("study"), own.of_kind == sa.bindparam("kind"), ~own.voided
    )
    if some:
        query = query.where(own.of_record.in_(sa.bindparam("wanted", expanding=True)))
    return query.order_by(own.signed_at, own.id)


@cache
def _those(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(table.c.id.in_(sa.bindparam("wanted", expanding=True)))


def _chunks(ids: list[Id]) -> Iterator[list[Id]]:
    """Cut a long list for statements: SQLite's oldest limit on parameters is 999."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]

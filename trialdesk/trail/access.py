"""The access log: who came in, was refused, saw what is private, took something out, or signed.

A table of its own beside the trail: append-only, each entry naming the hash of the one before it, never projected,
never undone. It says that somebody looked, never what was there to see: no value, no name of a participant. Nor does
it keep what was typed at a failed sign-in, for that is now and then a password in the wrong field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from trialdesk.base.canonical import canonical
from trialdesk.base.clock import instant_text
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.reading import Read
from trialdesk.persistence.types import BytesType, IdType, InstantType, TextType, WholeType
from trialdesk.trail.events import event_hash, parse
from trialdesk.trail.tables import desk

access = sa.Table(
    "access",
    metadata,
    sa.Column("number", WholeType, primary_key=True, autoincrement=False),
    sa.Column("at", InstantType, nullable=False, index=True),
    sa.Column("account", IdType),
    sa.Column("what", TextType, nullable=False),
    sa.Column("study", IdType, index=True),
    sa.Column("about", TextType, nullable=False),
    sa.Column("hash", BytesType, nullable=False),
    sa.Column("bytes", BytesType, nullable=False),
    sqlite_strict=True,
)

SIGNED_IN, FAILED, LOCKED, SIGNED_OUT = "sign_in", "sign_in_failed", "sign_in_locked", "sign_out"
REFUSED, READ, EXPORT, SIGNATURE = "refused", "private_read", "export", "signature"
KEY_GIVEN, KEY_WITHDRAWN, PASSWORD = "key_given", "key_withdrawn", "password"

LOG = "access"
"""The name under which the log's end is kept outside the desk, beside those of the streams."""

WORDS = {
    SIGNED_IN: N_("Signed in"),
    FAILED: N_("Sign-in failed"),
    LOCKED: N_("Sign-in refused: locked"),
    SIGNED_OUT: N_("Signed out"),
    REFUSED: N_("Refused"),
    READ: N_("Private or blinded values shown"),
    EXPORT: N_("Taken out"),
    SIGNATURE: N_("Signed"),
    KEY_GIVEN: N_("Key given"),
    KEY_WITHDRAWN: N_("Key withdrawn"),
    PASSWORD: N_("Password changed"),
}
"""What an entry says happened, marked for translation."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be noted. `about` is an act's name, a record's id or a file's kind; never a value."""

    what: str
    account: Id | None = None
    study: Id | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    number: int
    at: datetime
    account: Id | None
    what: str
    study: Id | None
    about: str


_OWN = sa.select(desk.c.replica).with_for_update()
_LAST = sa.select(access.c.number, access.c.hash).order_by(access.c.number.desc()).limit(1)
_APPEND = sa.insert(access)


def note(connection: sa.Connection, at: datetime, *notes: Note) -> None:
    """Append to the log within the transaction. Raises ValueError for a kind of entry there is not."""
    if not notes:
        return
    # On SQLite the transaction is the only writer; on Postgres the desk's row is the writer's place, as for the trail.
    replica = connection.execute(_OWN).scalar_one()
    last = connection.execute(_LAST).first()
    number, previous = (last.number, last.hash) if last else (0, _genesis(replica))
    for each in notes:
        if each.what not in WORDS:
            raise ValueError(each.what)
        number += 1
        told = {
            "about": each.about,
            "account": each.account,
            "at": instant_text(at),
            "number": number,
            "previous": previous.hex(),
            "study": each.study,
            "what": each.what,
        }
        data = canonical(told)
        previous = event_hash(data)
        connection.execute(
            _APPEND,
            {
                "number": number,
                "at": at,
                "account": each.account,
                "what": each.what,
                "study": each.study,
                "about": each.about,
                "hash": previous,
                "bytes": data,
            },
        )


def entries(read: Read, *, study: Id | None = None, what: Sequence[str] = (), limit: int = 500) -> tuple[Entry, ...]:
    """Return the newest entries first, of one study and of some kinds. One statement."""
    columns = access.c
    query = sa.select(columns.number, columns.at, columns.account, columns.what, columns.study, columns.about)
    if study is not None:
        query = query.where(columns.study == study)
    if what:
        query = query.where(columns.what.in_(what))
    rows = read.live.rows(query.order_by(columns.number.desc()).limit(limit))
    return tuple(Entry(row.number, row.at, row.account, row.what, row.study, row.about) for row in rows)


def noted_at(read: Read, *, what: str, about: str) -> datetime | None:
    """Return when such an entry was made last, None where there is none. One statement."""
    columns = access.c
    query = sa.select(columns.at).where(columns.what == what, columns.about == about).order_by(columns.number.desc())
    row = read.live.first(query.limit(1))
    return None if row is None else row.at


def log_end(connection: sa.Connection) -> tuple[str, int, bytes] | None:
    """Return the log's end as it is kept outside the desk: name, number, hash. None while nothing was noted."""
    columns = access.c
    row = connection.execute(sa.select(columns.number, columns.hash).order_by(columns.number.desc()).limit(1)).first()
    return None if row is None else (LOG, row.number, row.hash)


def has_entry(connection: sa.Connection, number: int, hash_: bytes) -> bool:
    """Say whether the log holds the entry of that number with that hash."""
    return connection.scalar(sa.select(access.c.hash).where(access.c.number == number)) == hash_


def broken_links(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Return the entries that are `missing`, `altered` or do not `follow` the one before, each with its number."""
    replica = connection.scalar(sa.select(desk.c.replica))
    expected: bytes | None = _genesis(replica) if replica else None
    number = 0
    for row in connection.execute(sa.select(access).order_by(access.c.number)):
        number += 1
        if row.number != number:
            yield number, "missing"
            number, expected = row.number, None
        told = _told(row.bytes)
        copied = {
            "about": row.about,
            "account": row.account,
            "at": instant_text(row.at),
            "number": row.number,
            "study": row.study,
            "what": row.what,
        }
        if event_hash(row.bytes) != row.hash or copied != {name: told.get(name) for name in copied}:
            yield number, "altered"
        elif expected is not None and told.get("previous") != expected.hex():
            yield number, "follow"
        expected = row.hash


def _told(data: bytes) -> dict[str, object]:
    try:
        return parse(data)
    except ValueError:
        return {}


def _genesis(replica: Id) -> bytes:
    return sha256(b"trialdesk access log " + replica.encode()).digest()

"""The trail's own tables. They are not projections and have no kind; triggers keep them append-only.

`event.bytes` is the truth. The other columns are copies for queries and are checked against the bytes by verify. The
tables of records that never change (`Record.FINAL`: what is posted, what is issued) are guarded in the same way.
"""

from __future__ import annotations

import sqlalchemy as sa

from trialdesk.persistence.declaration import final_tables, metadata
from trialdesk.persistence.types import BytesType, IdType, InstantType, TextType, WholeType

stream = sa.Table(
    "stream",
    metadata,
    sa.Column("id", IdType, primary_key=True),
    sa.Column("replica", IdType, nullable=False),
    sa.Column("epoch", WholeType, nullable=False),
    sa.Column("study", IdType, index=True),
    sa.Column("audience", TextType, nullable=False),
    sa.Column("number", WholeType, nullable=False),
    sa.Column("hash", BytesType, nullable=False),
    sa.Column("clock", TextType, nullable=False),
    sa.Column("signature", BytesType),
    sqlite_strict=True,
)
"""One row a stream: what it is, its last number and hash, and the desk's signature over them."""

event = sa.Table(
    "event",
    metadata,
    sa.Column("stream", IdType, primary_key=True),
    sa.Column("number", WholeType, primary_key=True),
    sa.Column("id", IdType, nullable=False, unique=True),
    sa.Column("record", IdType, nullable=False, index=True),
    sa.Column("kind", TextType, nullable=False),
    sa.Column("transaction", IdType, nullable=False, index=True),
    sa.Column("action", TextType, nullable=False),
    sa.Column("account", IdType),
    sa.Column("at", InstantType, nullable=False, index=True),
    sa.Column("clock", TextType, nullable=False),
    sa.Column("hash", BytesType, nullable=False),
    sa.Column("bytes", BytesType, nullable=False),
    sqlite_strict=True,
)

desk = sa.Table(
    "desk",
    metadata,
    sa.Column("replica", IdType, primary_key=True),
    sa.Column("name", TextType, nullable=False),
    sa.Column("epoch", WholeType, nullable=False),
    sa.Column("made", InstantType, nullable=False),
    sa.Column("public_key", BytesType),
    sqlite_strict=True,
)
"""What this copy of the database is: its replica, its epoch, the key that signs its heads."""

GUARDED = {
    "event": ("UPDATE", "DELETE"),
    "stream": ("DELETE",),
    "access": ("UPDATE", "DELETE"),
}
"""Which statements the triggers refuse, table by table. Streams may only move forward besides."""


def guarded() -> dict[str, tuple[str, ...]]:
    """Return which statements the triggers refuse, table by table: the trail's, and of records that never change."""
    return {**GUARDED, **dict.fromkeys(final_tables(), ("UPDATE", "DELETE"))}


def guards(dialect: str) -> list[str]:
    """Return the statements that make the append-only triggers. A migration that rebuilds a table runs them again."""
    return _sqlite_guards() if dialect == "sqlite" else _postgres_guards()


def lifted(dialect: str) -> list[str]:
    """Return the statements that take the guards off records that never change, to write them anew from the events.

    The trail's own are never taken off. Whoever runs these runs `guards` afterwards, in the same transaction.
    """
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb}{'' if dialect == 'sqlite' else f' ON {table}'}"
        for table in final_tables()
        for verb in ("update", "delete")
    ]


def _refusal(table: str) -> str:
    return "the trail is append-only" if table in GUARDED else "what is recorded here is final"


def _sqlite_guards() -> list[str]:
    made = [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_refusal(table)}: {verb.lower()} of {table} refused'); END"
        for table, verbs in guarded().items()
        for verb in verbs
    ]
    made.append(
        "CREATE TRIGGER IF NOT EXISTS stream_forward BEFORE UPDATE ON stream "
        "WHEN NEW.number < OLD.number OR NEW.id <> OLD.id OR NEW.replica <> OLD.replica "
        "OR NEW.epoch <> OLD.epoch OR NEW.study IS NOT OLD.study OR NEW.audience <> OLD.audience "
        "OR (NEW.number = OLD.number AND NEW.hash <> OLD.hash) "
        "BEGIN SELECT RAISE(ABORT, 'the trail is append-only: a stream only moves forward'); END"
    )
    return made


def _postgres_guards() -> list[str]:
    made = [
        (
            "CREATE OR REPLACE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'nothing here is ever changed: %% of %% refused', lower(TG_OP), TG_TABLE_NAME; END $$"
        ),
        (
            "CREATE OR REPLACE FUNCTION stream_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.number < OLD.number OR NEW.id <> OLD.id OR NEW.replica <> OLD.replica "
            "OR NEW.epoch <> OLD.epoch OR NEW.study IS DISTINCT FROM OLD.study OR NEW.audience <> OLD.audience "
            "OR (NEW.number = OLD.number AND NEW.hash <> OLD.hash) THEN "
            "RAISE EXCEPTION 'the trail is append-only: a stream only moves forward'; END IF; RETURN NEW; END $$"
        ),
    ]
    for table, verbs in guarded().items():
        made += [
            f"CREATE OR REPLACE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION trail_refuses()"
            for verb in verbs
        ]
        made.append(
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION trail_refuses()"
        )
    made.append(
        "CREATE OR REPLACE TRIGGER stream_forward BEFORE UPDATE ON stream "
        "FOR EACH ROW EXECUTE FUNCTION stream_forward()"
    )
    return made

"""Whether the database is still built as it was made: guards unaltered, nothing put in, nothing missing."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from trialdesk.persistence.catalogue import Catalogue
from trialdesk.trail.tables import guarded, guards


def broken_guards(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Return the triggers that are `missing`, `altered` or `foreign`, each with what it is."""
    wanted, found = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgres(connection)
    for name, made in wanted.items():
        if name not in found:
            yield name, "missing"
        elif found[name] != made:
            yield name, "altered"
    for name in sorted(set(found) - set(wanted)):
        yield name, "foreign"


def odd_columns(connection: sa.Connection, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Return records' tables and columns (`table.column`) that are `missing`, and columns that are `foreign`."""
    inspector = sa.inspect(connection)
    here = set(inspector.get_table_names())
    for kind in catalogue.values():
        if kind.table not in here:
            yield kind.table, "missing"
            continue
        columns = {column["name"] for column in inspector.get_columns(kind.table)}
        wanted = {column.name for column in kind.record.TABLE.columns}
        for name in sorted(wanted - columns):
            yield f"{kind.table}.{name}", "missing"
        for name in sorted(columns - wanted):
            yield f"{kind.table}.{name}", "foreign"


def _sqlite(connection: sa.Connection) -> tuple[dict[str, str], dict[str, str]]:
    made = [statement.replace("IF NOT EXISTS ", "") for statement in guards("sqlite")]
    wanted = {statement.split()[2]: statement for statement in made}
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return wanted, {row[0]: row[1] for row in rows}


def _postgres(connection: sa.Connection) -> tuple[dict[str, str], dict[str, str]]:
    names = [f"{table}_no_{verb.lower()}" for table, verbs in guarded().items() for verb in (*verbs, "TRUNCATE")]
    wanted = dict.fromkeys((*names, "stream_forward"), "O")
    rows = connection.exec_driver_sql(
        "SELECT tgname, tgenabled::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE NOT tgisinternal AND nspname = current_schema()"
    )
    return wanted, {row[0]: row[1] for row in rows}

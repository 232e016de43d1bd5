"""Making a database and bringing an older one up to date.

`HEAD` is the newest revision under `migrations/versions`; opening a desk compares with it without loading alembic.
A SQLite desk is copied before it is changed; foreign keys are off while tables are rebuilt and checked afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from trialdesk.base.errors import Environment
from trialdesk.base.i18n import _
from trialdesk.base.places import migrations
from trialdesk.persistence.database import APPLICATION_ID, Database, scalar

Guards = Callable[[str], list[str]]
"""The statements that make the append-only triggers for a dialect; the trail gives them."""


def head() -> str:
    """Return the newest revision this program knows: the largest number among the revision files."""
    return max(path.name.partition("_")[0] for path in (migrations() / "versions").glob("[0-9]*_*.py"))


def revision(connection: sa.Connection) -> str | None:
    """Return the revision a database is at, None if it holds no desk."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = scalar(connection, "SELECT version_num FROM alembic_version")
    return None if found is None else str(found)


def check_revision(database: Database) -> bool:
    """Say whether the database must be upgraded before use.

    Raises Environment where there is no desk in it, or one made by a newer TrialDesk.
    """
    with database.reading() as connection:
        at = revision(connection)
    if at is None:
        raise Environment(
            _("There is no desk in this database."),
            where=database.place,
            remedy=_("Make a new desk there first."),
        )
    if at > head():
        raise Environment(
            _("This desk was made by a newer version of TrialDesk."),
            where=database.place,
            remedy=_("Nothing in it was touched. Install the newer version to open it."),
        )
    return at < head()


def upgrade(database: Database, guards: Guards) -> Path | None:
    """Bring a database to `HEAD`, making it if it is empty. Returns the copy made before, if one was made.

    The triggers are made again at the end: rebuilding a table drops them silently. Raises Environment if the disk is
    full or a check afterwards fails; the copy is then put back.
    """
    copy = _copy_before(database)
    try:
        with database.writing() as connection:
            if database.dialect == "sqlite":
                # A batch rebuild drops the old table; with foreign keys on, that would delete the children's rows.
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            _run_alembic(connection)
            for statement in guards(database.dialect):
                connection.exec_driver_sql(statement)
            if database.dialect == "sqlite":
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                _check_links(connection)
    except BaseException:
        database.close()
        if copy is not None and database.path is not None:
            # Alembic's statements on SQLite are not all undone by a rollback: the copy is the way back.
            for suffix in ("-wal", "-shm"):
                database.path.with_name(database.path.name + suffix).unlink(missing_ok=True)
            # The bytes alone: the desk keeps the rights it has.
            shutil.copyfile(copy, database.path)
        raise
    database.close()
    return copy


def _check_links(connection: sa.Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise Environment(_("The upgrade would have lost links between tables and was stopped."))


def _run_alembic(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy_before(database: Database) -> Path | None:
    """Copy an existing SQLite desk beside itself, whole: SQLite's own backup, not the file while it may be written."""
    path = database.path
    if path is None or not path.exists() or path.stat().st_size == 0:
        return None
    with database.reading() as connection:
        at = revision(connection)
    if at is None:
        return None
    copy = path.with_name(f"{path.name}.before-{head()}")
    copy.unlink(missing_ok=True)
    database.copy_to(copy)
    return copy

"""One open database: a SQLite file or a Postgres, one writing door and many reading ones.

SQLite runs in WAL mode with synchronous=FULL (a recorded act survives a power cut) and every write transaction begins
IMMEDIATE, so that nothing is read under one state and written under another. Reading connections cannot write. The
driver is SQLCipher's also for plain files: the same SQLite everywhere, whatever the system has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlite3

from trialdesk.base.addresses import is_address
from trialdesk.base.errors import Environment, UserError
from trialdesk.base.files import make_private
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, NewId
from trialdesk.base.stopping import saving
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.projector import Projector
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Vault
from trialdesk.persistence.work import Act, Committed, Recorder, Wiring, Work

APPLICATION_ID = 0x54524B44
"""SQLite's application_id of a desk: the letters TRKD."""

_SQLITE_MAGIC = b"SQLite format 3\x00"
_BUSY_MILLISECONDS = 10_000

# What a library says to itself when it is stopped in the middle is not for the screen.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())


class Database:
    """Where a desk's tables are. Knows nothing of who signed in: Work and Read are told."""

    def __init__(self, where: str, *, lasting: bool = True) -> None:
        """Name a database by path or `postgresql://` address. Nothing is opened until it is used.

        A file that is not `lasting` is thrown away after one look: nothing of it is forced to the disk.
        """
        self.where = where
        self._writing: sa.Engine
        self._reading: sa.Engine
        if is_address(where):
            url = _address(where)
            self._writing = sa.create_engine(url, pool_pre_ping=True)
            # One snapshot for all statements of a reading, as SQLite gives it: several queries must agree.
            self._reading = self._writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            self._writing = _sqlite_engine(Path(where), query_only=False, lasting=lasting)
            self._reading = _sqlite_engine(Path(where), query_only=True, lasting=lasting)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writing.dialect.name

    @property
    def path(self) -> Path | None:
        """The file, or None for a server."""
        return Path(self.where) if self.dialect == "sqlite" else None

    @property
    def place(self) -> str:
        """Where it is, for people: the path, or the address without its password."""
        return _place(self.where)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open the write transaction: for Work, set-up and migration only."""
        with telling(self.where), self._writing.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open one snapshot to read from. Writing on it raises."""
        with telling(self.where), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self, *, account: Id | None, vault: Vault, live: Read | None = None) -> Iterator[Read]:
        """Open one snapshot as an account sees it."""
        with self.reading() as connection:
            yield Read(connection, account=account, vault=vault, live=live)

    @contextmanager
    def work(
        self,
        act: Act,
        *,
        catalogue: Catalogue,
        recorder: Recorder,
        projector: Projector,
        vault: Vault,
        new_id: NewId,
        today: Callable[[], date],
        now: Callable[[], datetime],
        offset: int = 0,
        wiring: Wiring | None = None,
    ) -> Iterator[tuple[Work, list[Committed]]]:
        """Open a Work; leaving the block commits it, an exception leaves nothing. The list then holds what was done."""
        outcome: list[Committed] = []
        with ExitStack() as last:
            with self.writing() as connection:
                recorder.begin(connection)
                read = Read(connection, account=act.account, vault=vault)
                work = Work(
                    connection,
                    act=act,
                    catalogue=catalogue,
                    recorder=recorder,
                    projector=projector,
                    read=read,
                    new_id=new_id,
                    today=today(),
                    now=now,
                    offset=offset,
                    wiring=wiring,
                )
                yield work, outcome
                outcome.append(work.finish())
                last.enter_context(saving())
            recorder.committed()
            if work.erased:
                self.purge()

    def purge(self) -> None:
        """Let nothing of what was deleted stay in the files of the database: a deleted key must open nothing.

        A database's own deleting only marks room as free. SQLite's file is written anew and its log emptied; on a
        server the table of keys is, once nobody reads it. Backups and the server's own log are others' to keep.
        """
        if self.dialect == "sqlite":
            raw = self._writing.raw_connection()
            try:
                connection: Any = raw.driver_connection
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()
            return
        with self._writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Who reads at this moment keeps the old file a while; the server's own vacuum comes by all the same.
            with suppress(sa.exc.OperationalError):
                connection.exec_driver_sql("SET lock_timeout = '10s'")
                connection.exec_driver_sql("VACUUM FULL keyring")
            connection.exec_driver_sql("RESET lock_timeout")

    def copy_to(self, target: Path) -> None:
        """Copy a SQLite desk as it is now into a new file, while others may be working on it (SQLite's online backup).

        Raises Environment if the target cannot be written.
        """
        make_private(target)
        with (
            telling(str(target)),
            closing(sqlite3.connect(self.where)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            # A file in WAL mode cannot be read where nothing may be written; a copy may well lie there one day.
            copy.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Close all connections. The database can be used again afterwards."""
        self._writing.dispose()
        if self._reading is not self._writing:
            self._reading.dispose()


def look_at_file(path: Path) -> None:
    """Refuse a file that is not a desk, before SQLite touches it. Raises Environment saying what it is instead."""
    if not path.exists():
        raise Environment(_("There is no desk here."), where=str(path), remedy=_("Check the name, or make a new desk."))
    if path.is_dir():
        raise Environment(_("This is a folder, not a desk."), where=str(path), remedy=_("Choose the desk's file."))
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise Environment(
            _("The file cannot be read: {why}.").format(why=error.strerror or str(error)),
            where=str(path),
            remedy=_("Check its permissions."),
        ) from error
    if not head.startswith(_SQLITE_MAGIC):
        raise Environment(
            _("This file is not a desk."),
            where=str(path),
            remedy=_("Nothing in it was touched. Choose a desk made by TrialDesk, or restore a backup."),
        )
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise Environment(
            _("This is a database of another program."),
            where=str(path),
            remedy=_("Nothing in it was touched. Choose a desk made by TrialDesk."),
        )


@contextmanager
def telling(where: str) -> Iterator[None]:
    """Turn the database's own failures into words; let bugs through as they are."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        told = _told(error.orig, where)
        if told is None:
            raise
        raise told from error
    except sqlite3.Error as error:
        told = _told(error, where)
        if told is None:
            raise
        raise told from error


def _told(error: BaseException | None, where: str) -> Environment | None:
    text = str(error).lower()
    place = _place(where)
    for signs, words, remedy in _FAILURES():
        if any(sign in text for sign in signs):
            return Environment(words, where=place, remedy=remedy)
    return None


def _place(where: str) -> str:
    return sa.make_url(where).render_as_string(hide_password=True) if is_address(where) else where


def _address(where: str) -> sa.URL:
    """Return the address for the driver. Raises UserError for one that is malformed, without repeating it."""
    try:
        return sa.make_url(where).set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError):
        raise UserError(
            _("This address of a database is not complete."),
            remedy=_("It reads postgresql://user:password@server/database"),
        ) from None


def _FAILURES() -> tuple[tuple[tuple[str, ...], str, str], ...]:  # noqa: N802 - a table that speaks today's language
    kept = _("Nothing of this step was saved; everything before it is.")
    return (
        (
            ("database or disk is full", "no space left", "disk i/o error"),
            _("The disk is full or cannot be written."),
            kept + " " + _("Make room, then do it again."),
        ),
        (
            ("readonly database", "read-only"),
            _("The desk can be read but not written here."),
            kept + " " + _("Check the permissions of the file and its folder."),
        ),
        (
            ("unable to open database file",),
            _("The desk's file cannot be opened."),
            _("Check that its folder exists and may be written."),
        ),
        (
            ("database is locked",),
            _("Another program keeps the desk busy."),
            kept + " " + _("Close it or wait, then do it again."),
        ),
        (
            ("malformed", "not a database", "file is encrypted"),
            _("The desk's file is damaged."),
            _("Do not write to it. Restore the last backup, or copy the file and ask for help."),
        ),
        (
            (
                "connection refused",
                "could not connect",
                "connection failed",
                "server closed the connection",
                "terminating connection",
                "connection is bad",
                "the connection is closed",
                "timeout expired",
                "consuming input failed",
            ),
            _("The database server does not answer."),
            kept + " " + _("Check the network and the server, then do it again."),
        ),
        (
            ("password authentication failed", "no pg_hba.conf entry", "role", "permission denied"),
            _("The database server refused this login."),
            _("Check the user name and password in the address."),
        ),
    )


def _sqlite_engine(path: Path, *, query_only: bool, lasting: bool) -> sa.Engine:
    def connect() -> Any:
        # SQLite gives the files beside it (-wal, -shm) the rights of the desk's own.
        make_private(path)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'OFF'}")
        connection.execute("PRAGMA trusted_schema = OFF")
        if query_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            # What is deleted is overwritten at once.
            connection.execute("PRAGMA secure_delete = ON")
        return connection

    engine = sa.create_engine(
        "sqlite://",
        creator=connect,
        module=sqlite3,
        poolclass=QueuePool,
        # One writer at a time: SQLite has one write lock, and waiting here is quieter than waiting there.
        pool_size=4 if query_only else 1,
        max_overflow=4 if query_only else 0,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine


def scalar(connection: sa.Connection, statement: str) -> Any:
    """Return the one value of a statement given as text: for pragmas and set-up."""
    return connection.exec_driver_sql(statement).scalar()

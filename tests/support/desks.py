"""Desks for tests: the same domain suite runs on SQLite and on Postgres."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.postgres import Server
from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import seeded_ids
from trialdesk.people.credentials import Cost
from trialdesk.persistence.database import Database
from trialdesk.persistence.upgrade import upgrade
from trialdesk.trail.tables import guards

OWNER = "ada"
PASSWORD = "correct horse battery"
CHEAP = Cost(time_cost=1, memory_kib=64, lanes=1)
"""What a password costs in tests: nothing here is worth guessing."""


def set_clock() -> SetClock:
    return SetClock(datetime(2026, 3, 4, 8, tzinfo=UTC), step=timedelta(seconds=1), offset=60)


def desk_at(where: str, folder: Path, *, seed: int = 1) -> Application:
    """Make a desk as a person does, with its owner signed in; its clock and ids repeat."""
    application = _named(where, folder, seed)
    application.make(name="Ada Lind", username=OWNER, password=PASSWORD)
    return application


def quick_desk(folder: Path, *, seed: int = 1) -> Application:
    """Make the same desk in a file by copying one that has its tables: the migrations run once a session."""
    where = folder / "study.desk"
    shutil.copyfile(_empty_file(), where)
    application = _named(str(where), folder, seed)
    application.begin(name="Ada Lind", username=OWNER, password=PASSWORD)
    return application


def reopened(application: Application) -> Application:
    """Open the same desk again, as a new process would, and sign its owner in."""
    application.close()
    again = Application(
        application.database.where,
        clock=application.clock,
        new_id=application.new_id,
        cost=CHEAP,
        marks=application._marks,
    ).open()
    again.sign_in(OWNER, PASSWORD)
    return again


@pytest.fixture
def sqlite_desk(tmp_path: Path) -> Iterator[Application]:
    """Give a new desk in a file."""
    application = quick_desk(tmp_path)
    yield application
    application.close()


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    """Give a new desk, once on each database."""
    with desk_on(request, tmp_path) as application:
        yield application


@contextmanager
def desk_on(request: pytest.FixtureRequest, folder: Path) -> Iterator[Application]:
    """Make a new desk on the database that a fixture's `request` names by its parameter."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            application = quick_desk(folder)
            stack.callback(application.close)
        else:
            server: Server = request.getfixturevalue("postgres_server")
            application = on_server(stack, server, request.getfixturevalue("empty_databases"), folder)
        yield application


def on_server(stack: ExitStack, server: Server, empty: dict[Server, str], folder: Path) -> Application:
    """Make the same desk in a database of its own, which goes when the stack ends."""
    where = server.url(stack.enter_context(server.database(template=empty[server])))
    application = _named(where, folder, 1)
    stack.callback(application.close)
    application.begin(name="Ada Lind", username=OWNER, password=PASSWORD)
    return application


@pytest.fixture(scope="session")
def empty_databases() -> Iterator[dict[Server, str]]:
    """Keep, for each server, the name of a database with tables and nobody in it."""
    with ExitStack() as stack:

        class Made(dict[Server, str]):
            def __missing__(self, server: Server) -> str:
                name = stack.enter_context(server.database())
                _tables(server.url(name))
                self[server] = name
                return name

        yield Made()


def _named(where: str, folder: Path, seed: int) -> Application:
    clock = set_clock()
    made = Application(where, clock=clock, new_id=seeded_ids(clock, seed), cost=CHEAP, marks=folder / "seen")
    if made.database.path is not None:
        # No test desk outlives a crash of the machine; that a real one does is proven where desks are killed.
        sa.event.listen(made.database._writing, "connect", _unforced)
    return made


def _unforced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@cache
def _empty_file() -> Path:
    path = Path(tempfile.mkdtemp(prefix="trialdesk-empty-")) / "empty.desk"
    atexit.register(shutil.rmtree, path.parent)
    _tables(str(path))
    return path


def _tables(where: str) -> None:
    database = Database(where)
    upgrade(database, guards)
    database.close()

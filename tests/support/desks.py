"""Desks for tests: the same domain suite runs on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import postgres
from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import seeded_ids
from trialdesk.people.credentials import Cost

OWNER = "ada"
PASSWORD = "correct horse battery"
CHEAP = Cost(time_cost=1, memory_kib=64, lanes=1)
"""What a password costs in tests: nothing here is worth guessing."""


def set_clock() -> SetClock:
    return SetClock(datetime(2026, 3, 4, 8, tzinfo=UTC), step=timedelta(seconds=1), offset=60)


def desk_at(where: str, folder: Path, *, seed: int = 1) -> Application:
    """Make a desk whose owner is signed in; its clock and ids repeat."""
    clock = set_clock()
    application = Application(where, clock=clock, new_id=seeded_ids(clock, seed), cost=CHEAP, marks=folder / "seen")
    application.make(name="Ada Lind", username=OWNER, password=PASSWORD)
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
    application = desk_at(str(tmp_path / "study.desk"), tmp_path)
    yield application
    application.close()


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    """Give a new desk, once on each database."""
    where = str(tmp_path / "study.desk") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    application = desk_at(where, tmp_path)
    yield application
    application.close()


__all__ = ["desk", "postgres", "sqlite_desk"]

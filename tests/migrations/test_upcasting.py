"""A record's shape changes: tables are written anew through the upcasts, the events stay as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from trialdesk.base.clock import SetClock
from trialdesk.base.ids import seeded_ids
from trialdesk.persistence import catalogue as catalogues
from trialdesk.persistence.catalogue import Catalogue, Upcast, build
from trialdesk.persistence.database import Database
from trialdesk.persistence.declaration import Record, text
from trialdesk.persistence.projector import Projector
from trialdesk.persistence.upgrade import upgrade
from trialdesk.persistence.vault import Vault
from trialdesk.persistence.work import Act
from trialdesk.trail.recorder import TrailRecorder
from trialdesk.trail.replay import rebuild
from trialdesk.trail.tables import desk, event, guards


class Before(Record, kind="tests.remark", label="Remark", within=sa.MetaData()):
    remark: str = text("Remark")
    colour: str | None = text("Colour")


class After(Record, kind="tests.remark", label="Note", within=sa.MetaData()):
    note: str = text("Note")
    language: str | None = text("Language")


BEFORE = build([Before])
AFTER = build(
    [After],
    [
        Upcast("tests.remark", 2, "rename", "remark", to="note"),
        Upcast("tests.remark", 2, "drop", "colour"),
        Upcast("tests.remark", 2, "default", "language", value="en"),
    ],
)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Any):
    where = str(tmp_path / "x.desk") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(where)
    upgrade(database, guards)
    with database.writing() as connection:
        Before.TABLE.create(connection)
        connection.execute(
            sa.insert(desk).values(replica="0" * 32, name="x", epoch=1, made=datetime(2026, 1, 1, tzinfo=UTC))
        )
    yield database
    database.close()


CLOCK = SetClock(datetime(2026, 3, 4, tzinfo=UTC))
NEW_ID = seeded_ids(CLOCK, 3)


def working(database: Database, catalogue: Catalogue):
    recorder = TrailRecorder(catalogue=catalogue, dialect=database.dialect, clock=CLOCK, new_id=NEW_ID)
    return database.work(
        Act("tests:remark:write", None, "", ""),
        catalogue=catalogue,
        recorder=recorder,
        projector=Projector(catalogue, database.dialect),
        vault=Vault(),
        new_id=NEW_ID,
        today=lambda: date(2026, 3, 4),
        now=lambda: datetime(2026, 3, 4, tzinfo=UTC),
    )


def test_tables_are_written_anew_and_events_are_not(database: Database, monkeypatch: pytest.MonkeyPatch):
    with working(database, BEFORE) as (work, _outcome):
        kept = work.add(Before(remark="one", colour="red"))
        edited = work.add(Before(remark="two"))
    with working(database, BEFORE) as (work, _outcome):
        work.get(Before, edited.id).remark = "three"
    with database.reading() as connection:
        events = connection.execute(sa.select(event.c.bytes).order_by(event.c.number)).scalars().all()

    monkeypatch.setattr(catalogues, "SCHEMA", 2)
    monkeypatch.setattr("trialdesk.trail.recorder.SCHEMA", 2)
    with database.writing() as connection:
        Before.TABLE.drop(connection)
        After.TABLE.create(connection)
    assert rebuild(database, AFTER) == 2
    with database.reading() as connection:
        rows = {row.id: (row.note, row.language, row.version) for row in connection.execute(sa.select(After.TABLE))}
        assert rows == {kept.id: ("one", "en", 1), edited.id: ("three", "en", 2)}
        assert connection.execute(sa.select(event.c.bytes).order_by(event.c.number)).scalars().all() == events

    with working(database, AFTER) as (work, _outcome):
        work.get(After, kept.id).note = "four"
    with database.reading() as connection:
        row = connection.execute(sa.select(After.TABLE).where(After.TABLE.c.id == kept.id)).one()
        assert (row.note, row.language, row.version) == ("four", "en", 2)
    assert rebuild(database, AFTER) == 2


def test_events_of_an_unknown_kind_are_kept_and_not_projected(database: Database):
    with working(database, BEFORE) as (work, _outcome):
        work.add(Before(remark="from a newer version"))
    assert rebuild(database, {}) == 1
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(event)) == 1
    assert rebuild(database, BEFORE) == 1
    with database.reading() as connection:
        assert connection.execute(sa.select(Before.TABLE.c.remark)).scalar() == "from a newer version"

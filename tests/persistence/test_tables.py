"""What stands in the databases: column types, triggers, and that migrations and declarations agree."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from trialdesk.application import CATALOGUE, RECORDS, Application
from trialdesk.base.fields import FieldType
from trialdesk.persistence import catalogue
from trialdesk.persistence.database import Database
from trialdesk.persistence.declaration import Record, complete, text
from trialdesk.persistence.types import CODECS
from trialdesk.persistence.upgrade import head
from trialdesk.trail.tables import GUARDED

STORED: dict[FieldType, tuple[str, str]] = {
    "id": ("BLOB", "UUID"),
    "text": ("TEXT", "VARCHAR"),
    "day": ("TEXT", "DATE"),
    "partial": ("TEXT", "VARCHAR"),
    "instant": ("INTEGER", "TIMESTAMP"),
    "flag": ("INTEGER", "BOOLEAN"),
    "whole": ("INTEGER", "BIGINT"),
    "decimal": ("TEXT", "NUMERIC"),
    "money": ("INTEGER", "BIGINT"),
    "choice": ("TEXT", "VARCHAR"),
    "secret": ("BLOB", "BYTEA"),
}


def test_every_field_type_has_its_storage():
    assert STORED.keys() == CODECS.keys()


def test_every_column_is_stored_as_its_declaration_says(desk: Application):
    on = 0 if desk.database.dialect == "sqlite" else 1
    with desk.database.reading() as connection:
        inspector = sa.inspect(connection)
        for record in RECORDS:
            types = {column["name"]: str(column["type"]) for column in inspector.get_columns(record.TABLE.name)}
            expected = {name: STORED[field.type][on] for name, field in record.FIELDS.items()}
            expected |= {name: STORED[type_][on] for name, type_ in FIXED.items()}
            assert types == expected, record.KIND


FIXED: dict[str, FieldType] = {"id": "id", "study": "id", "version": "whole", "voided": "flag"}


def test_tables_are_strict_and_foreign_keys_on(sqlite_desk: Application):
    # Opened as a person's desk is: those of tests force nothing to the disk.
    with closing(Database(sqlite_desk.database.where)) as database, database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        listed = {row.name: row.strict for row in connection.exec_driver_sql("PRAGMA table_list")}
        ours = set(complete().tables)
        assert {name for name in ours if not listed[name]} == set()
        with pytest.raises(sa.exc.DBAPIError, match="cannot store TEXT"):
            connection.exec_driver_sql("INSERT INTO studies_site (id, version, voided) VALUES (X'00', 'one', 0)")
        connection.rollback()


def test_migrations_make_what_the_records_declare(desk: Application):
    with desk.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, complete()) == []
        assert context.get_current_revision() == head()


def test_the_newest_file_is_alembics_head():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from trialdesk.base.places import migrations

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    assert ScriptDirectory.from_config(config).get_heads() == [head()]


def test_triggers_stand_on_every_guarded_table(desk: Application):
    with desk.database.reading() as connection:
        if desk.database.dialect == "sqlite":
            listed = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            listed = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        names = set(listed.scalars())
    wanted = {f"{table}_no_{verb.lower()}" for table, verbs in GUARDED.items() for verb in verbs} | {"stream_forward"}
    assert wanted <= names


def test_no_synced_table_has_a_unique_constraint_or_a_foreign_key(desk: Application):
    with desk.database.reading() as connection:
        inspector = sa.inspect(connection)
        for record in RECORDS:
            name = record.TABLE.name
            assert inspector.get_unique_constraints(name) == []
            assert inspector.get_foreign_keys(name) == []
            assert [index for index in inspector.get_indexes(name) if index["unique"]] == []


def test_the_catalogue_is_plain_data():
    import json

    data = catalogue.as_data(CATALOGUE)
    assert json.loads(json.dumps(data)) == data
    assert data["enrollment.participant"]["claims"] == ["identifier"]
    assert data["safety.adverse_event"]["groups"]["seriousness"][:2] == ["serious", "fatal"]
    assert data["enrollment.erasure"]["erases"] == "participant"


def test_secrets_stand_in_private_records_alone():
    def secrets(record: Any) -> bool:
        return any(field.type == "secret" for field in record.FIELDS.values())

    assert [record.KIND for record in RECORDS if secrets(record)] == ["enrollment.identity"]
    assert all(
        record.AUDIENCE == "private" and record.SUBJECT in record.FIELDS for record in RECORDS if secrets(record)
    )


def test_a_kind_is_listed_once():
    with pytest.raises(ValueError, match="twice"):
        catalogue.build([RECORDS[0], RECORDS[0]])


def test_a_table_is_built_when_it_is_first_asked_for():
    apart = sa.MetaData()

    class Leaf(Record, kind="tests.leaf", label="Leaf", within=apart):
        name: str = text("Name")

    assert apart.tables == {}
    assert Leaf.TABLE is Leaf.TABLE
    assert list(apart.tables) == ["tests_leaf"]


def test_several_threads_that_ask_at_once_get_one_table():
    apart = sa.MetaData()
    together = threading.Barrier(8)

    class Branch(Record, kind="tests.branch", label="Branch", within=apart):
        name: str = text("Name")

    def ask(_number: int) -> sa.Table:
        together.wait()
        return Branch.TABLE

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_a_complete_database_has_the_tables_nobody_asked_for():
    apart = sa.MetaData()

    class Root(Record, kind="tests.root", label="Root", within=apart):
        name: str = text("Name")

    class Stem(Record, kind="tests.stem", label="Stem", within=apart):
        name: str = text("Name")

    assert set(complete(apart).tables) == {"tests_root", "tests_stem"}
    assert Root.TABLE is apart.tables["tests_root"]
    assert Stem.TABLE is apart.tables["tests_stem"]


def test_opening_the_program_builds_hardly_any_table():
    """What is declared must cost next to nothing at the start: there will be many more kinds."""
    program = (
        "import trialdesk.application; from trialdesk.persistence.declaration import metadata; "
        "print(sum('_' in name for name in metadata.tables))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(told.stdout) < len(RECORDS) / 2

"""Bringing a desk up to date: children and triggers survive a rebuild, a failure puts the old desk back."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.acts import ON, a_participant, a_site, a_study
from tests.support.desks import CHEAP, OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import Environment
from trialdesk.base.places import migrations
from trialdesk.enrollment.queries import participants
from trialdesk.persistence import upgrade as upgrading
from trialdesk.studies.queries import studies
from trialdesk.trail.tables import GUARDED

LEGACY = sorted((Path(__file__).parent / "legacy").glob("*.desk.gz"))

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{before}", None, None


def upgrade():
    with op.batch_alter_table("event", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("later", sa.TEXT))
    with op.batch_alter_table("stream", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("later", sa.TEXT))
    with op.batch_alter_table("parent", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("later", sa.TEXT))
    {more}


def downgrade():
    pass
"""


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a function that adds a revision to a copy of the migrations, as a newer program would bring it."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations(), folder, ignore=shutil.ignore_patterns("__pycache__"))

    def add(more: str = "pass", *, recreate: str = "always") -> str:
        before = upgrading.head()
        number = f"{int(before) + 1:04d}"
        written = REBUILD.format(number=number, before=before, more=more, recreate=recreate)
        (folder / "versions" / f"{number}_rebuild.py").write_text(written)
        monkeypatch.setattr(upgrading, "migrations", lambda: folder)
        return number

    return add


def opened(where: str, folder: Path) -> Application:
    return Application(where, cost=CHEAP, marks=folder / "seen").open()


def triggers(desk: Application) -> set[str]:
    with desk.database.reading() as connection:
        if desk.database.dialect == "sqlite":
            return set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
        return set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars())


def with_children(desk: Application) -> None:
    """Two tables linked with ON DELETE CASCADE, as only tables that are not synced may be."""
    with desk.database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO parent VALUES (1), (2)")
        connection.exec_driver_sql("INSERT INTO child VALUES (10, 1), (20, 2)")


def test_a_rebuild_keeps_children_triggers_and_proof(desk: Application, next_revision, tmp_path: Path):
    study = a_study(desk)
    a_participant(desk, study, a_site(desk, study))
    with_children(desk)
    kept = triggers(desk)
    desk.close()
    # Only SQLite has to rebuild a table to change it.
    number = next_revision(recreate="always" if desk.database.dialect == "sqlite" else "auto")
    again = opened(desk.database.where, tmp_path)
    assert triggers(again) == kept
    assert {f"{table}_no_{verb.lower()}" for table, verbs in GUARDED.items() for verb in verbs} <= kept
    with again.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 2
        assert upgrading.revision(connection) == number
        if again.database.dialect == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert again.verify().proven
    if again.database.path is not None:
        copy = again.database.path.with_name(f"{again.database.path.name}.before-{number}")
        assert str(copy) in again.notes[0]
        before = opened_copy(copy, tmp_path)
        assert before == upgrading.head() or int(before) == int(number) - 1
    again.sign_in(OWNER, PASSWORD)
    a_site(again, study, "02")
    assert again.verify().proven
    again.close()


def opened_copy(copy: Path, folder: Path) -> str:
    from trialdesk.persistence.database import Database

    database = Database(str(copy))
    with database.reading() as connection:
        found = upgrading.revision(connection)
    database.close()
    assert found is not None
    return found


def test_a_failing_upgrade_puts_the_old_desk_back(sqlite_desk: Application, next_revision, tmp_path: Path):
    study = a_study(sqlite_desk)
    with_children(sqlite_desk)
    sqlite_desk.close()
    next_revision("raise RuntimeError('the power went')")
    with pytest.raises(RuntimeError, match="the power went"):
        opened(sqlite_desk.database.where, tmp_path)
    sqlite_desk.database.close()
    with sqlite_desk.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 2
        columns = {column["name"] for column in sa.inspect(connection).get_columns("event")}
        assert "later" not in columns
    assert [row.id for row in sqlite_desk.read(studies)] == [study]
    assert sqlite_desk.verify().proven


def test_an_upgrade_that_would_lose_links_is_stopped(sqlite_desk: Application, next_revision, tmp_path: Path):
    with_children(sqlite_desk)
    sqlite_desk.close()
    next_revision('op.execute("DELETE FROM parent WHERE id = 1")')
    with pytest.raises(Environment, match="lost links"):
        opened(sqlite_desk.database.where, tmp_path)
    with sqlite_desk.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parent").scalar() == 2


def test_there_is_a_legacy_desk_of_every_revision():
    revisions = {path.name.partition("_")[0] for path in (migrations() / "versions").glob("[0-9]*_*.py")}
    assert {path.name.partition(".")[0] for path in LEGACY} == revisions


@pytest.mark.parametrize("kept", LEGACY, ids=lambda path: path.name)
def test_an_old_desk_opens_reads_and_proves(kept: Path, tmp_path: Path):
    path = tmp_path / "old.desk"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    desk = opened(str(path), tmp_path)
    assert [row.short_name for row in desk.read(studies)] == ["LEGACY"]
    study = desk.read(studies)[0].id
    assert [row.number for row in desk.read(participants, study=study, on=ON)] == ["001", "002", "004"]
    assert desk.verify().proven
    desk.sign_in(OWNER, PASSWORD)
    a_participant(desk, study, a_site(desk, study, "09"), "005")
    assert desk.verify().proven
    desk.close()

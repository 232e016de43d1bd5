"""A copy is whole, on disk, readable anywhere, and never takes another file's place."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import CHEAP, OWNER, PASSWORD, desk_at
from tests.support.rights import OWNER_ALONE, rights_of, without_a_mask
from trialdesk.application import Application, restore_desk
from trialdesk.base.errors import Environment, UserError
from trialdesk.persistence.backup import copy_whole
from trialdesk.persistence.upgrade import head
from trialdesk.studies.queries import studies


def test_a_copy_holds_what_was_committed_while_others_work(sqlite_desk: Application, tmp_path: Path):
    a_study(sqlite_desk, "FIRST")
    copy = tmp_path / "copy.desk"
    with sqlite_desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE desk SET name = 'half done'")
        copy_whole(sqlite_desk.database, copy)
        connection.rollback()
    opened = Application(str(copy), cost=CHEAP, marks=tmp_path / "none").open()
    opened.sign_in(OWNER, PASSWORD)
    assert [row.short_name for row in opened.read(studies)] == ["FIRST"]
    a_study(opened, "SECOND")
    assert opened.verify().proven
    opened.close()


def test_a_copy_is_no_wal_file(sqlite_desk: Application, tmp_path: Path):
    copy_whole(sqlite_desk.database, tmp_path / "copy.desk")
    # Bytes 18 and 19 of the header are the versions of writing and reading; 2 is WAL (SQLite file format, 1.3).
    assert (tmp_path / "copy.desk").read_bytes()[18:20] == b"\x01\x01"
    assert not list(tmp_path.glob("copy.desk-*"))


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter on this system")
def test_a_desk_what_lies_beside_it_and_its_copies_are_their_owners_alone(tmp_path: Path):
    desk, copy, restored = tmp_path / "study.desk", tmp_path / "copy.desk", tmp_path / "again.desk"
    with without_a_mask():
        made = desk_at(str(desk), tmp_path)
        a_study(made)
        beside = [path for path in tmp_path.iterdir() if path.name.startswith("study.desk-")]
        assert {path.name for path in beside} == {"study.desk-wal", "study.desk-shm"}
        made.back_up(copy)
        restore_desk(copy, restored, marks=tmp_path / "seen")
        assert {path.name: rights_of(path) for path in (desk, *beside, copy, restored)} == {
            path.name: OWNER_ALONE for path in (desk, *beside, copy, restored)
        }
        made.close()


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter on this system")
def test_a_desk_that_others_were_let_into_stays_theirs_too(sqlite_desk: Application):
    path = sqlite_desk.database.path
    assert path is not None
    sqlite_desk.close()
    path.chmod(0o660)
    again = Application(str(path), cost=CHEAP, marks=path.parent / "seen").open()
    again.sign_in(OWNER, PASSWORD)
    a_study(again)
    assert rights_of(path) == rights_of(path.with_name(f"{path.name}-wal")) == 0o660
    again.close()


def test_a_copy_takes_no_place(sqlite_desk: Application, tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(Environment, match="already a file"):
        copy_whole(sqlite_desk.database, taken)
    assert taken.read_text() == "mine"
    with pytest.raises(Environment, match="no such folder"):
        copy_whole(sqlite_desk.database, tmp_path / "no" / "copy.desk")


def test_a_server_is_copied_with_its_own_tools(postgres_url: str, tmp_path: Path):
    application = Application(postgres_url, cost=CHEAP, marks=tmp_path / "seen")
    try:
        application.make(name="Ada Lind", username=OWNER, password=PASSWORD)
        with pytest.raises(UserError, match="pg_dump"):
            application.back_up(tmp_path / "copy.desk")
    finally:
        application.close()
    assert not (tmp_path / "copy.desk").exists()


def test_a_copy_is_proven_before_it_is_there(sqlite_desk: Application, tmp_path: Path):
    study = a_study(sqlite_desk)
    a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    told: list[tuple[int, int]] = []
    seen: list[bool] = []
    copy = tmp_path / "copy.desk"

    def hear(done: int, total: int) -> None:
        told.append((done, total))
        seen.append(copy.exists())

    verdict = sqlite_desk.back_up(copy, hear)
    assert verdict.proven
    assert verdict.events == told[-1][1] // 2
    assert not any(seen)
    assert copy.exists()
    assert not list(tmp_path.glob(".copy*"))


def test_stopping_a_copy_leaves_nothing(sqlite_desk: Application, tmp_path: Path):
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        sqlite_desk.back_up(tmp_path / "copy.desk", stop)
    assert set(tmp_path.iterdir()) == before


def test_restoring_leaves_the_backup_as_it_is(sqlite_desk: Application, tmp_path: Path):
    a_study(sqlite_desk)
    copy, again = tmp_path / "copy.desk", tmp_path / "again.desk"
    sqlite_desk.back_up(copy)
    before = copy.read_bytes()
    a_study(sqlite_desk, "LATER")
    assert restore_desk(copy, again).proven
    assert copy.read_bytes() == before
    opened = Application(str(again), marks=sqlite_desk._marks).open()
    opened.sign_in(OWNER, PASSWORD)
    # This computer saw the desk further on, and says so.
    assert any("1 recorded changes are not in it" in note for note in opened.notes)
    opened.close()


@pytest.mark.parametrize("what", ["newer", "cut short", "other"])
def test_what_is_no_good_backup_is_not_restored(sqlite_desk: Application, tmp_path: Path, what: str):
    copy = tmp_path / "copy.desk"
    sqlite_desk.back_up(copy)
    if what == "newer":
        with sqlite3.connect(copy) as newer:
            newer.execute("UPDATE alembic_version SET version_num = ?", (f"9{head()}",))
        newer.close()
    elif what == "cut short":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    else:
        copy.write_text("notes")
    with pytest.raises(Environment):
        restore_desk(copy, tmp_path / "again.desk")
    assert not (tmp_path / "again.desk").exists()
    assert not list(tmp_path.glob(".again*"))

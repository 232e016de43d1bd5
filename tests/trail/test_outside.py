"""What this computer has seen of a desk: kept beside it, tolerant of its own damage, never in an act's way."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from tests.support.acts import a_study
from tests.support.desks import CHEAP, OWNER, PASSWORD
from trialdesk.application import Application, restore_desk
from trialdesk.trail.outside import Mark, Outside
from trialdesk.trail.tables import desk

STREAM, OTHER = "a" * 32, "b" * 32


def test_the_last_mark_counts_and_gathering_keeps_it(tmp_path: Path):
    outside = Outside(tmp_path / "seen", "r", str(tmp_path / "a.desk"))
    assert outside.marks() == {}
    outside.tell([(STREAM, 1, b"1" * 32), (OTHER, 4, b"4" * 32)])
    outside.tell([(STREAM, 2, b"2" * 32)])
    expected = {STREAM: Mark(2, b"2" * 32), OTHER: Mark(4, b"4" * 32)}
    assert outside.marks() == expected
    outside.gather()
    assert outside.marks() == expected
    (kept,) = (tmp_path / "seen").glob("r.*.seen")
    assert len(kept.read_text().splitlines()) == 3  # the place and two marks
    outside.gather(lost=[OTHER])
    outside.meet([(STREAM, 1, b"9" * 32), (OTHER, 1, b"9" * 32), ("c" * 32, 3, b"3" * 32)])
    assert outside.marks() == {
        STREAM: Mark(2, b"2" * 32),
        OTHER: Mark(4, b"4" * 32, lost=True),
        "c" * 32: Mark(3, b"3" * 32),
    }


def test_damaged_lines_are_passed_over(tmp_path: Path):
    outside = Outside(tmp_path, "r", str(tmp_path / "a.desk"))
    outside.tell([(STREAM, 1, b"1" * 32)])
    (kept,) = tmp_path.glob("r.*.seen")
    with kept.open("ab") as file:
        file.write(b"\xff\xfe broken\n")
        file.write(f"{OTHER} 7 {'z' * 64}\n{OTHER} x {'0' * 64}\n{OTHER} 9 {'0' * 40}".encode())
    assert outside.marks() == {STREAM: Mark(1, b"1" * 32)}


def test_a_folder_that_cannot_be_made_costs_the_marks_alone(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    outside = Outside(tmp_path / "file" / "seen", "r", str(tmp_path / "a.desk"))
    outside.tell([(STREAM, 1, b"1" * 32)])
    outside.gather()
    assert outside.marks() == {}


def _file(application: Application) -> Path:
    application.close()
    assert application.database.path is not None
    return application.database.path


def _opened(path: Path, like: Application) -> Application:
    application = Application(str(path), clock=like.clock, new_id=like.new_id, cost=CHEAP, marks=like._marks).open()
    application.sign_in(OWNER, PASSWORD)
    return application


def _found(path: Path, like: Application) -> set[str]:
    """Open a desk, sign in, and return what verify names."""
    application = _opened(path, like)
    found = {each.what for each in application.verify().findings}
    application.close()
    return found


def _epoch(path: Path, like: Application) -> int:
    application = _opened(path, like)
    with application.database.reading() as connection:
        epoch: int = connection.execute(sa.select(desk.c.epoch)).scalar_one()
    application.close()
    return epoch


def _worked_on(path: Path, like: Application, name: str) -> list[str]:
    application = _opened(path, like)
    a_study(application, name)
    application.close()
    return application.notes


def test_a_copy_and_its_original_are_each_held_against_themselves(sqlite_desk: Application, tmp_path: Path):
    path, copy = _file(sqlite_desk), tmp_path / "copy.desk"
    shutil.copyfile(path, copy)
    assert _worked_on(copy, sqlite_desk, "COPY") == []
    assert _worked_on(path, sqlite_desk, "ORIGINAL") == []
    assert _found(path, sqlite_desk) == set()
    assert _found(copy, sqlite_desk) == set()
    # They do not go on with one stream in two ways, and the copy begins its own once only.
    assert _epoch(path, sqlite_desk) == 1
    assert _epoch(copy, sqlite_desk) == 2


def test_a_copy_put_back_in_its_own_place_is_named_and_its_original_is_not(sqlite_desk: Application, tmp_path: Path):
    path, copy = _file(sqlite_desk), tmp_path / "copy.desk"
    shutil.copyfile(path, copy)
    _worked_on(copy, sqlite_desk, "COPY")
    shutil.copyfile(path, copy)
    assert _found(copy, sqlite_desk) == {"access", "cut"}
    assert _found(path, sqlite_desk) == set()


def test_a_renamed_file_takes_its_marks_along(sqlite_desk: Application, tmp_path: Path):
    a_study(sqlite_desk, "FIRST")
    path, moved = _file(sqlite_desk), tmp_path / "moved.desk"
    older = path.read_bytes()
    _worked_on(path, sqlite_desk, "LATER")
    path.rename(moved)
    assert _epoch(moved, sqlite_desk) == 1
    assert _found(moved, sqlite_desk) == set()
    moved.write_bytes(older)
    assert _found(moved, sqlite_desk) == {"access", "cut"}


def test_renaming_does_not_hide_what_is_put_back(sqlite_desk: Application, tmp_path: Path):
    path, moved = _file(sqlite_desk), tmp_path / "moved.desk"
    older = path.read_bytes()
    _worked_on(path, sqlite_desk, "LATER")
    path.unlink()
    moved.write_bytes(older)
    assert _found(moved, sqlite_desk) == {"access", "cut"}


def test_of_several_files_gone_the_one_the_desk_follows_gives_its_marks(sqlite_desk: Application, tmp_path: Path):
    path, copy, moved = _file(sqlite_desk), tmp_path / "copy.desk", tmp_path / "moved.desk"
    shutil.copyfile(path, copy)
    _worked_on(path, sqlite_desk, "ORIGINAL")
    _worked_on(copy, sqlite_desk, "COPY")
    copy.unlink()
    path.rename(moved)
    assert _found(moved, sqlite_desk) == set()


def test_a_link_is_the_file_it_leads_to(sqlite_desk: Application, tmp_path: Path):
    path, link = _file(sqlite_desk), tmp_path / "link.desk"
    older = path.read_bytes()
    link.symlink_to(path)
    _worked_on(link, sqlite_desk, "LATER")
    path.write_bytes(older)
    assert _found(path, sqlite_desk) == {"access", "cut"}


def test_a_desk_put_back_in_place_stays_named(sqlite_desk: Application):
    path = _file(sqlite_desk)
    older = path.read_bytes()
    _worked_on(path, sqlite_desk, "LATER")
    path.write_bytes(older)
    assert _found(path, sqlite_desk) == {"access", "cut"}
    assert _found(path, sqlite_desk) == {"access", "cut"}


def test_restored_beside_both_are_in_order_and_what_is_missing_is_told_once(sqlite_desk: Application, tmp_path: Path):
    backup, beside = tmp_path / "backup.desk", tmp_path / "beside.desk"
    sqlite_desk.back_up(backup)
    a_study(sqlite_desk, "LATER")
    path = _file(sqlite_desk)
    assert restore_desk(backup, beside, marks=sqlite_desk._marks).proven
    (told,) = _worked_on(beside, sqlite_desk, "BESIDE")
    assert "1 recorded changes are not in it" in told
    assert _worked_on(beside, sqlite_desk, "AGAIN") == []
    assert _found(beside, sqlite_desk) == set()
    assert _found(path, sqlite_desk) == set()


def test_restored_elsewhere_after_a_loss_begins_anew(sqlite_desk: Application, tmp_path: Path):
    backup, elsewhere = tmp_path / "backup.desk", tmp_path / "elsewhere.desk"
    sqlite_desk.back_up(backup)
    a_study(sqlite_desk, "LATER")
    _file(sqlite_desk).unlink()
    assert restore_desk(backup, elsewhere, marks=sqlite_desk._marks).proven
    assert _found(elsewhere, sqlite_desk) == set()


def test_restored_over_its_own_place_names_what_was_given_up(sqlite_desk: Application, tmp_path: Path):
    backup = tmp_path / "backup.desk"
    sqlite_desk.back_up(backup)
    a_study(sqlite_desk, "LATER")
    path = _file(sqlite_desk)
    path.unlink()
    assert restore_desk(backup, path, marks=sqlite_desk._marks).proven
    # Nothing was noted in the access log since the backup: the study alone is missing.
    assert _found(path, sqlite_desk) == {"cut"}


def test_marks_from_before_they_told_files_apart_are_read(sqlite_desk: Application):
    path, replica = _file(sqlite_desk), sqlite_desk.replica
    sqlite_desk.close()
    older = path.read_bytes()
    _worked_on(path, sqlite_desk, "LATER")
    (kept,) = sqlite_desk._marks.glob(f"{replica}.*.seen")
    lines = kept.read_text("utf-8").splitlines(keepends=True)
    kept.unlink()
    (sqlite_desk._marks / f"{replica}.seen").write_text("".join(lines[1:]), "utf-8")
    assert _found(path, sqlite_desk) == set()
    assert not (sqlite_desk._marks / f"{replica}.seen").exists()
    path.write_bytes(older)
    assert _found(path, sqlite_desk) == {"access", "cut"}


def test_a_server_is_known_by_its_address_without_the_password(tmp_path: Path):
    outside = Outside(tmp_path, "r", "postgresql://ada:secret@host/trial")
    outside.tell([(STREAM, 1, b"1" * 32)])
    assert Outside(tmp_path, "r", "postgresql://ada:other@host/trial").marks() == {STREAM: Mark(1, b"1" * 32)}
    assert Outside(tmp_path, "r", "postgresql://ada@host/other").marks() == {}
    (kept,) = tmp_path.glob("*.seen")
    assert "secret" not in kept.read_text("utf-8")

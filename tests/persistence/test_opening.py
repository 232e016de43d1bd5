"""What is opened by mistake, half made, too new, in the way: words, no traceback, nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import CHEAP, desk_at
from trialdesk.application import Application
from trialdesk.base.errors import Environment, UserError
from trialdesk.persistence.upgrade import head


def opened(path: Path) -> Application:
    return Application(str(path), cost=CHEAP, marks=path.parent / "seen").open()


def test_a_missing_file(tmp_path: Path):
    with pytest.raises(Environment, match=r"no desk here.*make a new desk"):
        opened(tmp_path / "none.desk")
    assert list(tmp_path.iterdir()) == []


def test_a_folder(tmp_path: Path):
    with pytest.raises(Environment, match="folder"):
        opened(tmp_path)


@pytest.mark.parametrize("content", [b"", b"SQLite", b"%PDF-1.7", os.urandom(300)])
def test_what_is_no_database(tmp_path: Path, content: bytes):
    path = tmp_path / "thing.desk"
    path.write_bytes(content)
    with pytest.raises(Environment, match="not a desk"):
        opened(path)
    assert path.read_bytes() == content


def test_somebody_elses_database(tmp_path: Path):
    path = tmp_path / "theirs.desk"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE event (id INTEGER)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(Environment, match="another program"):
        opened(path)
    assert path.read_bytes() == before


def test_a_desk_of_a_newer_version(sqlite_desk: Application):
    with sqlite_desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    sqlite_desk.close()
    with pytest.raises(Environment, match="newer version"):
        opened(Path(sqlite_desk.database.where))


def test_an_interrupted_making(tmp_path: Path):
    from trialdesk.persistence.database import Database
    from trialdesk.persistence.upgrade import upgrade
    from trialdesk.trail.tables import guards

    path = tmp_path / "half.desk"
    database = Database(str(path))
    upgrade(database, guards)
    database.close()
    with pytest.raises(Environment, match="interrupted"):
        opened(path)


def test_a_truncated_desk(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    sqlite_desk.close()
    path = Path(sqlite_desk.database.where)
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(Environment, match="damaged"):
        opened(path).verify()


def test_making_where_something_is(sqlite_desk: Application, tmp_path: Path):
    with pytest.raises(Environment, match="already a file"):
        desk_at(sqlite_desk.database.where, tmp_path)
    other = tmp_path / "letter.txt"
    other.write_text("Dear colleague")
    with pytest.raises(Environment, match="already a file"):
        desk_at(str(other), tmp_path)
    assert other.read_text() == "Dear colleague"


def test_making_a_second_desk_in_one_postgres(postgres_url: str, tmp_path: Path):
    first = desk_at(postgres_url, tmp_path)
    with pytest.raises(Environment, match="already a desk"):
        desk_at(postgres_url, tmp_path)
    first.close()


@pytest.mark.parametrize(
    ("name", "username", "password", "words"),
    [
        ("Ada", "ada", "short", "10 characters"),
        ("Ada", "ada", "aaaaaaaaaaaa", "different characters"),
        ("Ada", "lovelace", "my lovelace password", "user name"),
        ("Ada", "two words", "correct horse battery", "one word"),
        ("  ", "ada", "correct horse battery", "name is needed"),
    ],
)
def test_an_owner_that_will_not_do(tmp_path: Path, name: str, username: str, password: str, words: str):
    desk = Application(str(tmp_path / "new.desk"), cost=CHEAP, marks=tmp_path / "seen")
    with pytest.raises(UserError, match=words):
        desk.make(name=name, username=username, password=password)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there(tmp_path: Path):
    with pytest.raises(Environment, match="does not answer"):
        opened_address(f"postgresql://nobody@/none?host={tmp_path}", tmp_path)


def opened_address(where: str, folder: Path) -> Application:
    return Application(where, cost=CHEAP, marks=folder / "seen").open()


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import desk_at
from trialdesk.base.errors import Environment

folder = Path(sys.argv[1])
desk = desk_at(str(folder / "study.desk"), folder)
study = a_study(desk)
site = a_site(desk, study)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = max(path.stat().st_size for path in folder.glob("study.desk*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 60_000, resource.RLIM_INFINITY))
done = 0
try:
    while done < 10_000:
        a_participant(desk, study, site, str(done))
        done += 1
except Environment as told:
    print(done, told)
"""


def test_a_full_disk_stops_an_act_and_loses_nothing(tmp_path: Path):
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False, timeout=100
    )
    assert run.returncode == 0, run.stderr
    count, _space, words = run.stdout.partition(" ")
    assert "disk is full" in words
    assert "Nothing of this step was saved" in words
    desk = opened(tmp_path / "study.desk")
    assert desk.verify().proven
    with desk.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM enrollment_participant").scalar()
    assert kept == int(count) > 0
    desk.close()


NOBODY = 65534


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """Give a folder that may be read but not written, and not be root while it is used."""
    folder = Path(tempfile.mkdtemp(prefix="trialdesk-read-only-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o500)
    if root:
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_folder(read_only_folder: Path):
    with pytest.raises(Environment, match=r"cannot be opened|not written"):
        desk_at(str(read_only_folder / "study.desk"), read_only_folder)
    with pytest.raises(Environment, match="folder cannot be made"):
        desk_at(str(read_only_folder / "inner" / "study.desk"), read_only_folder)
    assert list(read_only_folder.iterdir()) == []


def test_a_desk_in_a_folder_that_became_read_only_says_so(sqlite_desk: Application, tmp_path: Path):
    """Root is not held back by permissions, so the file itself is opened as SQLite opens it from a read-only disk."""
    study = a_study(sqlite_desk)
    with sqlite_desk.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(Environment, match="read but not written"):
        a_site(sqlite_desk, study)
    sqlite_desk.database.close()
    a_site(sqlite_desk, study)


def test_the_head_is_a_number_that_sorts():
    assert head().isdigit()
    assert len(head()) == 4

"""The demonstration: built twice alike, in place of itself only, and whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication

from tests.support.commands import call
from tests.support.desks import quick_desk
from trialdesk.application import Application
from trialdesk.application.stages import DEMONSTRATE
from trialdesk.base.clock import SystemClock
from trialdesk.base.errors import Environment
from trialdesk.base.i18n import LANGUAGES
from trialdesk.commandline.demonstration import DESK, DOCUMENTS, PASSWORD, PICTURES, USER, build
from trialdesk.commandline.demonstration.cohort import NOW
from trialdesk.commandline.demonstration.design import SHORT_NAME
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.desktop import pictures as taking
from trialdesk.people.records import Person
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Act
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import make
from trialdesk.studies.closing import add_registration
from trialdesk.studies.queries import studies
from trialdesk.trail.tables import event


def test_it_holds_a_study_and_all_documents_in_all_languages(built_demonstration: Path):
    keys = {*(report.key for report in REPORTS), "credit-note"}
    names = {f"{key}-{language}.pdf" for key in keys for language in LANGUAGES}
    assert {file.name for file in (built_demonstration / DOCUMENTS).iterdir()} == names
    application = Application(str(built_demonstration / DESK)).open()
    assert application.notes == []
    application.sign_in(USER, PASSWORD)
    assert [row.short_name for row in application.read(studies)] == [SHORT_NAME]
    assert application.verify().proven
    application.close()


def test_a_second_build_tells_the_same_story_also_where_no_pictures_can_be_taken(
    built_demonstration: Path, tmp_path: Path, shortened: None, capsys: pytest.CaptureFixture[str]
):
    def cannot(_application: Application, _folder: Path) -> None:
        raise Environment("no pictures here")

    found = build(tmp_path / "there", pictures=cannot)
    assert len(found.documents) == len(REPORTS) * len(LANGUAGES)
    assert found.pictures == ()
    assert "no pictures here" in capsys.readouterr().err
    begun, whole = _trail(found.desk), _trail(built_demonstration / DESK)
    assert len(begun) > 500
    assert begun.items() <= whole.items(), "the story that stops early is the beginning of the whole one, byte for byte"
    assert call("--desk", found.desk, "verify").code == 0


def test_its_documents_are_the_same_when_they_are_made_again(demonstration: Path):
    desk = Application(str(demonstration / DESK)).open()
    desk.sign_in(USER, PASSWORD)
    for file in sorted((demonstration / DOCUMENTS).iterdir()):
        key, _dash, language = file.stem.rpartition("-")
        given: dict[str, Any] = {"invoice": {"number": "INV-0007"}, "credit-note": {"number": "CN-0003"}}.get(key, {})
        key = "invoice" if given else key
        assert make(desk, key, study=SHORT_NAME, language=language, **given).pdf == file.read_bytes(), file.name
    desk.close()
    said = call("--desk", demonstration / DESK, "verify", demonstration / DOCUMENTS / "consort-zh.pdf", "--json",
                user=USER, password=PASSWORD)  # fmt: skip
    assert (said.code, said.data["unaltered"], said.data["same_now"]) == (0, True, True)


def test_an_act_without_the_words_it_may_do_without_says_itself_what_it_needs(demonstration: Path):
    said = call("do", "payments:invoice:credit", "invoice=INV-0010", "--study", SHORT_NAME,
                "--desk", demonstration / DESK, user="edda", password=PASSWORD)  # fmt: skip
    assert said.code == 2
    assert "Say why the invoice is corrected." in said.err


def test_a_second_run_replaces_the_first_and_what_was_done_in_it(
    demonstration: Path, tmp_path: Path, shortened: None, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
):
    # Every page has its picture taken by the tests of the window; here it is two in each language and look.
    whole = taking._spots
    monkeypatch.setattr(
        taking, "_spots", lambda sources: [each for each in whole(sources) if each[0] in {"studies", "overview"}]
    )
    assert call("--desk", demonstration / DESK, "undo", user="lu", password=PASSWORD).code == 0
    said = call("demo", demonstration)
    assert said.code == 0
    assert PASSWORD in said.out
    assert str(demonstration / DESK) in said.out
    assert call("--desk", demonstration / DESK, "verify").code == 0
    assert SHORT_NAME in call("--desk", demonstration / DESK, "studies", user=USER, password=PASSWORD).out
    assert {each.name for each in tmp_path.iterdir()} == {"demonstration"}
    assert {each.stem for each in (demonstration / PICTURES).iterdir()} == {
        f"{page}-{language}-{look}"
        for page in ("studies", "overview")
        for language in LANGUAGES
        for look in taking.LOOKS
    }


def test_opened_later_its_clock_goes_on_from_its_last_act(demonstration: Path):
    def opened() -> Application:
        desk = Application(str(demonstration / DESK)).open()
        desk.sign_in(USER, PASSWORD)
        return desk

    desk = opened()
    assert desk.is_demonstration
    assert desk.today == NOW.date()
    assert desk.clock.offset() == OFFSET
    before = desk.read(_last_known)
    assert timedelta(0) <= desk.clock.now() - before < timedelta(hours=1)
    (study,) = desk.read(studies)
    desk.run(add_registration, study=study.id, registry="ChiCTR", purpose="update", submitted_on=desk.today)
    desk.close()
    desk = opened()
    assert desk.read(_last_known) > before
    assert desk.today == NOW.date()
    assert desk.verify().proven
    desk.close()
    said = call("--desk", demonstration / DESK, "deadlines", user=USER, password=PASSWORD)
    assert f"Demonstration: the date here is {NOW.date()}" in said.err


def test_no_other_desk_is_a_demonstration_whatever_is_done_on_it(tmp_path: Path):
    desk = quick_desk(tmp_path)
    session = desk.signed_in()
    with desk._work(Act(DEMONSTRATE, session.account.id, "owner", ""), session.keys, session.vault) as (work, _done):
        work.add(Person(name="Eliza Quill"))
    desk.close()
    again = Application(desk.database.where).open()
    assert not again.is_demonstration
    assert isinstance(again.clock, SystemClock)
    again.close()


def _trail(desk: Path) -> dict[tuple[str, int], bytes]:
    with closing(sqlite3.connect(desk)) as connection:
        rows = connection.execute("SELECT hex(stream), number, bytes FROM event")
        return {(stream, number): data for stream, number, data in rows}


def _last_known(read: Read) -> datetime:
    at: datetime = read.value(sa.select(sa.func.max(event.c.at)))
    return at


@pytest.mark.parametrize("foreign", ["thesis.docx", f"{DOCUMENTS}/notes.txt", "deep/down/paper.pdf"])
def test_a_folder_that_holds_other_things_is_refused(tmp_path: Path, foreign: str):
    folder = tmp_path / "here"
    mine = folder / foreign
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    said = call("demo", folder)
    assert (said.code, said.out) == (2, "")
    assert str(mine) in said.err
    assert mine.read_text() == "mine"
    assert call("demo", mine).code == 2


def test_stopping_leaves_what_was_there(built_demonstration: Path, tmp_path: Path):
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / DESK).write_bytes((built_demonstration / DESK).read_bytes())
    before = (folder / DESK).read_bytes()

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(folder, tell=stop)
    assert (folder / DESK).read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"here"}

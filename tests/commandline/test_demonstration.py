"""The demonstration: built twice alike, in place of itself only, and whole."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtWidgets import QApplication

from tests.support.commands import call
from trialdesk.application import Application
from trialdesk.base.errors import Environment
from trialdesk.base.i18n import LANGUAGES
from trialdesk.commandline.demonstration import DESK, DOCUMENTS, PASSWORD, PICTURES, USER, build
from trialdesk.commandline.demonstration.design import SHORT_NAME
from trialdesk.reporting.catalog import REPORTS
from trialdesk.studies.queries import studies


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration") / "here"
    build(folder)
    return folder


def test_it_holds_a_study_and_all_documents_in_all_languages(built: Path):
    names = {f"{report.key}-{language}.pdf" for report in REPORTS for language in LANGUAGES}
    assert {file.name for file in (built / DOCUMENTS).iterdir()} == names
    application = Application(str(built / DESK)).open()
    assert application.notes == []
    application.sign_in(USER, PASSWORD)
    assert [row.short_name for row in application.read(studies)] == [SHORT_NAME]
    assert application.verify().proven
    application.close()


def test_two_builds_give_the_same_documents_also_where_no_pictures_can_be_taken(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def cannot(_application: Application, _folder: Path) -> None:
        raise Environment("no pictures here")

    found = build(tmp_path / "there", pictures=cannot)
    assert found.documents
    assert found.pictures == ()
    assert "no pictures here" in capsys.readouterr().err
    for file in sorted((built / DOCUMENTS).iterdir()):
        assert file.read_bytes() == (tmp_path / "there" / DOCUMENTS / file.name).read_bytes(), file.name
    for desk, other in ((built, tmp_path / "there"), (tmp_path / "there", built)):
        said = call(
            "--desk",
            desk / DESK,
            "verify",
            other / DOCUMENTS / "consort-zh.pdf",
            "--json",
            user=USER,
            password=PASSWORD,
        )
        assert (said.code, said.data["unaltered"], said.data["same_now"]) == (0, True, True)
        assert call("--desk", desk / DESK, "verify").code == 0


def test_a_second_run_replaces_the_first_and_what_was_done_in_it(built: Path, tmp_path: Path, qapp: QApplication):
    folder = tmp_path / "here"
    copytree(built, folder)
    assert call("--desk", folder / DESK, "undo", user="lu", password=PASSWORD).code == 0
    said = call("demo", folder)
    assert said.code == 0
    assert PASSWORD in said.out
    assert str(folder / DESK) in said.out
    assert call("--desk", folder / DESK, "verify").code == 0
    assert SHORT_NAME in call("--desk", folder / DESK, "studies", user=USER, password=PASSWORD).out
    assert {each.name for each in tmp_path.iterdir()} == {"here"}
    assert {each.name for each in (folder / PICTURES).iterdir()} >= {"studies-en-light.png", "overview-zh-dark.png"}


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


def test_stopping_leaves_what_was_there(built: Path, tmp_path: Path):
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / DESK).write_bytes((built / DESK).read_bytes())
    before = (folder / DESK).read_bytes()

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(folder, tell=stop)
    assert (folder / DESK).read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"here"}

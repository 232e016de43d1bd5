from __future__ import annotations

import shutil
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.desktop.pages.conftest import CTRL, DEMO, said
from tests.support.shared import DATA, needed
from trialdesk.desktop.spot import Spot
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.overview.queries import portfolio
from trialdesk.studies.queries import studies

KEY = Qt.Key


@pytest.fixture
def page(shell, settle):
    shell.go(Spot("import"))
    settle()
    return shell.page


def _read(page, press, path):
    page.path.setFocus()
    page.path.selectAll()
    press(words=str(path))
    press(KEY.Key_Return)


def test_the_contents_are_shown_before_anything_is_written(page, ward, press):
    _read(page, press, DEMO)
    words = said(page)
    for figure in ("40\nParticipants", "6\nScreen failures", "195\nVisits that happened", "62\nAdverse events"):
        assert figure in words
    assert "Intravenous iron\n17" in words
    assert "10 problems: nothing was put right, look at them" in words
    QAbstractItemModelTester(page.preview.problems.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.preview.problems.filter.setText("AESER")
    (row,) = page.preview.problems.rows()
    assert (row.problem.file, row.problem.row) == ("ae.csv", 25)
    assert ward.read(studies) == ()


def test_it_lands_in_the_study_and_one_undo_takes_all_of_it_back(page, shell, ward, press, settle):
    _read(page, press, DEMO)
    assert page.destination.button.hasFocus(), "Space imports"
    press(KEY.Key_Space)
    (standing,) = ward.read(portfolio, on=ward.today)
    assert standing.tally.screened == 40
    assert shell.spot == Spot("studies", standing.study.id, "overview")
    assert shell.notice.words == "Study imported"
    shell.notice.button.click()
    settle()
    assert ward.read(studies) == ()
    assert shell.spot == Spot("studies")


def test_a_second_import_goes_into_the_study_and_changes_nothing(page, shell, ward, harbour, press):
    shell._desk.changes.emit({"*"})
    _read(page, press, DEMO)
    assert page.destination.study() == harbour
    assert not page.destination.name.isVisible()
    press(KEY.Key_Space)
    assert shell.notice.words == "Everything was here already: nothing was written."
    assert not shell.notice.button.isVisible(), "there is nothing to undo"
    assert len(ward.read(studies)) == 1


def test_the_short_name_must_be_free_and_there(page, shell, ward, harbour, press):
    shell._desk.changes.emit({"studies.study"})
    _read(page, press, DEMO)
    page.destination.box.setCurrentIndex(0)
    assert "There is already a study “HARBOUR” on this desk." in said(page.destination)
    page.destination.name.clear()
    press(KEY.Key_Space)
    assert "A short name is needed" in said(page.destination)
    assert page.destination.name.hasFocus()
    press(words="QUAY")
    page.destination.button.click()
    assert page.destination.short_name() == "QUAY"


def test_cancelled_it_leaves_nothing(page, shell, ward, press, settle, qtbot, jobs, monkeypatch):
    waits, goes = threading.Event(), threading.Event()

    def slowly(work, *, tell, **arguments):
        waits.set()
        goes.wait(10)
        return bring_in.perform(work, tell=tell, **arguments)

    monkeypatch.setattr("trialdesk.desktop.pages.bringing.bring_in", _like(bring_in, slowly))
    _read(page, press, DEMO)
    page.destination.button.click()
    qtbot.waitUntil(waits.is_set)
    assert not page.destination.button.isEnabled()
    assert page.destination.button.toolTip(), "a disabled action says why"
    (job,) = jobs._running
    job.cancel()
    goes.set()
    settle()
    assert shell.notice.words == "Stopped: Import"
    assert ward.read(studies) == ()
    assert page.destination.button.isEnabled(), "it can be tried again"


def _like(action, perform):
    return type(action)(action.name, action.said, action.by, action.final, perform)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.csv", b"a,b\n1,2\n", "No demographics (DM) are among the files"),
        ("dm.csv", b"", "The file is empty."),
        ("dm.xlsx", b"PK\x03\x04", "No demographics (DM)"),
    ],
)
def test_what_is_no_sdtm_is_refused_in_words(page, press, tmp_path, name, content, words):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / name).write_bytes(content)
    _read(page, press, folder)
    assert words in page.told.words
    assert not page.preview
    assert page.path.hasFocus()
    _read(page, press, tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in page.told.words
    _read(page, press, DEMO)
    assert page.told.words == "", "what went wrong before is forgotten"
    assert page.preview.isVisible()


@needed("pilot_slice")
@pytest.mark.parametrize("name", ["dm_gb18030_zh.csv", "dm_semicolon_ddmmyyyy_cp1252.csv", "dm_utf8_bom_allquoted.csv"])
def test_other_encodings_are_read_as_they_are(page, press, tmp_path, name):
    folder = tmp_path / "given"
    folder.mkdir()
    shutil.copy(DATA / "pilot_slice" / "dirty" / name, folder / "dm.csv")
    _read(page, press, folder)
    assert page.preview.isVisible(), page.told.words
    figures = sdtm.preview(sdtm.read(folder))
    assert f"{figures['participants']}\nParticipants" in said(page)


def test_several_files_are_named_between_semicolons(page, press):
    _read(page, press, f'"{DEMO / "dm.csv"}"; {DEMO / "ds.csv"}')
    words = said(page)
    assert "40\nParticipants" in words
    assert "0\nAdverse events" in words


def test_one_study_of_several_is_named(page, press, settle, tmp_path):
    lines = (DEMO / "dm.csv").read_text("utf-8").splitlines()
    other = [line.replace("HARBOUR", "QUAY") for line in lines[1:6]]
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "dm.csv").write_text("\n".join([*lines, *other]), "utf-8")
    _read(page, press, folder)
    assert page.told.words.startswith("The data hold several studies: HARBOUR, QUAY.")
    page._more.click()
    page.only_study.setFocus()
    press(words="QUAY")
    press(KEY.Key_Return)
    assert "5\nParticipants" in said(page)
    assert page.destination.short_name() == "QUAY"


def test_it_is_reached_by_keys_from_anywhere(shell, press, settle):
    press((KEY.Key_I, CTRL))
    assert shell.spot == Spot("import")
    assert shell.page.path.hasFocus()
    assert shell._rail["studies"].isChecked()

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.desktop.pages.conftest import said
from trialdesk.desktop.spot import Spot
from trialdesk.enrollment.actions import correct_participant, void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.reporting.binder.writing import write_binder
from trialdesk.reporting.making import make

KEY = Qt.Key


@pytest.fixture
def page(shell, harbour, settle):
    shell.go(Spot("check"))
    settle()
    return shell.page


@pytest.fixture
def document(ward, harbour, tmp_path):
    path = tmp_path / "flow.pdf"
    path.write_bytes(make(ward, "consort", study=harbour, language="en").pdf)
    return path


def _check(page, press, path):
    page.path.setFocus()
    page.path.selectAll()
    press(words=str(path))
    press(KEY.Key_Return)


def test_an_unaltered_document_is_proven(page, press, document):
    _check(page, press, document)
    assert page.told.words.startswith("Unaltered, and still true")
    assert not page.table.isVisible()


def test_what_changed_since_is_listed_with_who_and_why(page, press, document, ward, harbour):
    first, second = ward.read(participants, study=harbour, on=ward.today)[:2]
    ward.run(void_participant, study=harbour, participant=first.id, version=first.version, reason="Entered twice")
    ward.run(
        correct_participant,
        study=harbour,
        participant=second.id,
        version=second.version,
        reason="Typing error",
        age=77,
        age_unit=second.age_unit,
    )
    _check(page, press, document)
    assert page.told.words.startswith("Unaltered, but the desk has changed since")
    cells = [[column.words(row) for column in page.table.model.columns] for row in page.table.rows()]
    assert ["Assessed for eligibility", "40", "39", "", "", ""] in cells
    (voided,) = [row for row in cells if row[5] == "Entered twice"]
    assert voided[:3] == [f"Participant {first.identifier}: Voided", "No", "Yes"]
    assert voided[4] == "Ada Lind"
    corrected = [row[0] for row in cells if row[5] == "Typing error"]
    assert corrected == [f"Participant {second.identifier}: Age"], "what stayed as it was is not listed"
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_an_altered_document_is_found_out(page, press, document):
    document.write_bytes(document.read_bytes().replace(b"HARBOUR", b"HARBORS"))
    _check(page, press, document)
    assert page.told.words.startswith("Altered")


@pytest.mark.parametrize("content", [b"", b"no pdf at all", None])
def test_what_is_no_document_of_ours_is_told(page, press, tmp_path, content):
    path = tmp_path / "other.pdf"
    if content is not None:
        path.write_bytes(content)
    _check(page, press, path)
    assert page.told.words
    assert "Every document made here can be proven" in said(page), "the way to do it stays in sight"
    assert page.path.hasFocus()


@pytest.fixture
def binder(ward, harbour, tmp_path):
    return write_binder(ward, tmp_path / "binder", study=harbour, language="en", audience="outside").folder


def test_a_binder_is_checked_file_by_file(page, press, settle, binder):
    _check(page, press, binder)
    settle()
    assert page.told.words.startswith("Unaltered, and still true The desk's access log says that it made this binder")
    assert not page.table.isVisible()
    (binder / "index.pdf").unlink()
    (binder / "new.pdf").write_bytes(b"")
    _check(page, press, binder)
    settle()
    assert page.told.words.startswith("Altered")
    assert [(row.what, row.now) for row in page.table.rows()] == [
        ("index.pdf", "Missing"),
        ("new.pdf", "Not of the binder"),
    ]


def test_of_a_binder_it_is_said_what_the_desk_says_otherwise(page, press, settle, ward, harbour, tmp_path):
    folder = write_binder(ward, tmp_path / "binder", study=harbour, language="en", audience="sponsor").folder
    first = ward.read(participants, study=harbour, on=ward.today)[0]
    ward.run(void_participant, study=harbour, participant=first.id, version=first.version, reason="Entered twice")
    _check(page, press, folder)
    settle()
    assert page.told.words.startswith("Unaltered, but the desk has changed since")
    assert any("consort" in row.what for row in page.table.rows())
    assert {row.now for row in page.table.rows()} == {"Unaltered, but the desk says otherwise by now"}


def test_a_folder_that_is_no_binder_is_told(page, press, settle, tmp_path):
    (tmp_path / "folder").mkdir()
    _check(page, press, tmp_path / "folder")
    settle()
    assert "This folder is no binder" in page.told.words

"""Files leave the desk whole and noted, and come in as the evidence of any record."""

from __future__ import annotations

from hashlib import sha256

import pytest
import sqlalchemy as sa
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from tests.desktop.pages.conftest import said
from tests.support.acts import a_colleague
from trialdesk.desktop.registers.detail import Attached, Detail
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.documents.actions import add_version, attach, attach_to
from trialdesk.documents.content import content
from trialdesk.documents.queries import documents
from trialdesk.trail.access import EXPORT, entries

FIRST, SECOND = b"%PDF-1.7 first", b"%PDF-1.7 second"


@pytest.fixture
def letter(ward, trial):
    given = {"title": "Letter", "category": "approval", "file_name": "letter.pdf", "data": FIRST}
    made = ward.run(attach, study=trial.study, **given).result
    ward.run(add_version, study=trial.study, document=made, file_name="letter-2.pdf", data=SECOND)
    return made


@pytest.fixture
def opened(shell, settle, trial):
    def go(section, focus):
        shell.go(Spot("studies", trial.study, section, focus))
        settle()
        return shell.page

    return go


def _answer(shell, path):
    """Answer the window that asks where to keep a file, or which to take."""
    dialog = shell.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    dialog.setParent(None)


def test_the_newest_file_is_saved_out_of_the_desk_and_noted(opened, letter, ward, shell, settle, tmp_path):
    page = opened("documents", letter)
    assert isinstance(page.view.split.detail, Detail)
    page.view.split.detail.press("Ctrl+Shift+S")
    settle()
    _answer(shell, tmp_path / "copy.pdf")
    settle()
    assert (tmp_path / "copy.pdf").read_bytes() == SECOND
    assert shell.notice.words == "Saved: copy.pdf"
    newest = ward.read(entries, limit=1)[0]
    assert (newest.what, newest.about) == (EXPORT, f"file documents.document {letter}")


def test_a_document_shows_what_it_evidences_and_its_hash_which_is_copied_whole(opened, letter, ward, trial, settle):
    given = {"title": "Scan", "category": "other", "file_name": "scan.pdf", "data": b"%PDF-1.7 scan"}
    ward.run(attach_to, study=trial.study, about_kind="enrollment.participant", about_record=trial.person, **given)
    page = opened("documents", letter)
    table, whole = page.view.table, sha256(SECOND).hexdigest()
    cells = {row.title: [column.words(row) for column in table.model.columns] for row in table.rows()}
    assert cells["Letter"][2:] == ["The study as a whole", f"{whole[:12]}…"]
    assert cells["Scan"][2].startswith("Participant 01-")
    table.select(letter)
    table.copy()
    assert QGuiApplication.clipboard().text().endswith(whole)
    assert f"{whole[:12]}…" in said(page.view.split)


def test_an_earlier_version_is_saved_from_its_own_record(opened, letter, ward, trial, shell, settle, tmp_path):
    page = opened("documents", letter)
    (row,) = [row for row in ward.read(documents, study=trial.study) if row.id == letter]
    page.view.showing.open(page.view.register.follows[0], row.versions[0].id)
    settle()
    page.view.split.detail.acts.buttons["copy"].click()
    settle()
    _answer(shell, tmp_path / "first.pdf")
    settle()
    assert (tmp_path / "first.pdf").read_bytes() == FIRST


def test_bytes_that_were_altered_are_not_given_out(opened, letter, ward, shell, settle):
    with ward.database.writing() as connection:
        connection.execute(sa.update(content).values(bytes=b"%PDF-1.7 forged"))
    page = opened("documents", letter)
    page.view.split.detail.press("Ctrl+Shift+S")
    settle()
    assert "altered" in shell.notice.words
    assert shell.window().findChild(QFileDialog) is None
    assert ward.read(entries, limit=1)[0].what != EXPORT


def test_a_file_is_attached_to_a_record_from_its_page_and_found_from_there(
    opened, ward, trial, shell, settle, tmp_path
):
    file = tmp_path / "contract.pdf"
    file.write_bytes(FIRST)
    page = opened("sites", trial.site)
    detail = page.view.split.detail
    assert "Attached documents" in said(detail)
    detail.findChild(Attached).wanted.emit()
    settle()
    entry = page.view.split.detail
    assert isinstance(entry, Entry)
    assert "about_record" not in {field.name for field in entry.form.fields}
    entry.form.set_values({"title": "Site contract", "category": "contract", "data": file})
    entry.save()
    settle()
    (row,) = ward.read(documents, study=trial.study, about=trial.site)
    assert (row.title, row.about_kind, row.latest.file_name) == ("Site contract", "studies.site", "contract.pdf")
    again = page.view.split.detail.findChild(Attached)
    assert again is not None
    again.opened.emit(row.id)
    settle()
    assert shell.spot == Spot("studies", trial.study, "documents", row.id)


def test_a_participant_has_its_evidence_too(opened, trial, settle):
    page = opened("participants", trial.person)
    page.split.detail.attached.wanted.emit()
    settle()
    assert isinstance(page.split.detail, Entry)


def test_who_may_not_attach_is_not_offered_it(opened, trial, ward, settle):
    a_colleague(ward, trial.study, "monitor")
    ward.sign_in("bo", "another horse")
    page = opened("sites", trial.site)
    assert page.view.split.detail.findChild(Attached).findChildren(QPushButton) == []

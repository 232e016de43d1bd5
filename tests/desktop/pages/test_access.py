from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.desktop.pages.conftest import said
from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from trialdesk.base.errors import NotAllowed
from trialdesk.desktop.pages.access import about
from trialdesk.desktop.spot import Spot
from trialdesk.enrollment.actions import identify
from trialdesk.enrollment.queries import participant
from trialdesk.enrollment.queries.identities import identities
from trialdesk.trail.access import EXPORT, READ, entries


@pytest.fixture
def log(shell, settle):
    def opened(focus=""):
        shell.go(Spot("access", focus=focus))
        settle()
        return shell.page

    return opened


def _whats(page):
    return [row.entry.what for row in page.table.rows()]


def test_the_owner_sees_who_came_in_and_who_did_not(log, ward):
    with pytest.raises(NotAllowed):
        ward.sign_in(OWNER, "not this one")
    ward.sign_in(OWNER, PASSWORD)
    page = log()
    assert _whats(page)[:2] == ["sign_in", "sign_in_failed"]
    assert [column.words(page.table.rows()[0]) for column in page.table.model.columns][1:3] == ["Signed in", "Ada Lind"]


def test_a_study_has_its_part(log, ward):
    study, other = a_study(ward, "ATLAS"), a_study(ward, "BREATHE")
    ward.note(EXPORT, study=study, about="csv participants")
    ward.note(EXPORT, study=other, about="csv participants")
    page = log(study)
    assert {row.entry.study_name for row in page.table.rows()} == {"ATLAS"}
    assert page.of.currentText() == "ATLAS"
    page.of.setCurrentIndex(page.of.findText("The whole desk"))
    page.of.activated.emit(page.of.currentIndex())


def test_who_has_no_part_in_checking_is_told_whose_it_is(log, ward):
    study = a_study(ward, "ATLAS")
    a_colleague(ward, study, "coordinator")
    ward.sign_in("bo", "another horse")
    page = log()
    assert page.table.rows() == []
    assert "Your role does not allow this." in said(page)


def test_participants_shown_in_one_go_are_one_line_and_one_alone_is_named(log, ward):
    study = a_study(ward, "ATLAS")
    site = a_site(ward, study)
    people = [a_participant(ward, study, site, number) for number in ("001", "002", "003")]
    for person in people:
        ward.run(identify, study=study, participant=person, name="Grace Hopper")
    ward.read(participant, study=study, participant=people[1], on=ON)
    ward.sign_in(OWNER, PASSWORD)
    ward.read(identities, study=study, on=ON)
    page = log(study)
    assert [about(row) for row in page.table.rows() if row.entry.what == READ] == ["3 participants", "01-002"]


def test_no_entry_shows_an_id(log, ward):
    study = a_study(ward, "ATLAS")
    person = a_participant(ward, study, a_site(ward, study))
    ward.run(identify, study=study, participant=person, name="Grace Hopper")
    a_colleague(ward, study, "coordinator")
    page = log()
    told = [about(row) for row in page.table.rows()]
    assert "Bo: names of participants" in told
    assert not re.search(r"[0-9a-f]{8}", " ".join(told))


def test_an_auditor_begins_with_a_study(log, ward):
    study = a_study(ward, "ATLAS")
    a_colleague(ward, study, "auditor")
    ward.note(EXPORT, study=study, about="csv participants")
    ward.sign_in("bo", "another horse")
    page = log()
    assert page.of.currentText() == "ATLAS"
    assert "export" in _whats(page)


def test_it_is_taken_out_as_a_file_and_that_is_noted_first(log, ward, shell, settle, tmp_path):
    page = log()
    rows = len(page.table.rows())
    page.table._export("csv", page.table.sheet())
    dialog = shell.window().findChild(QFileDialog)
    dialog.filesSelected.emit([str(tmp_path / "log.csv")])
    dialog.reject()
    settle()
    text = (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "When,What,Who,Study,Concerning"
    assert len(text.splitlines()) == rows + 1
    assert shell.notice.words == "Saved: log.csv"
    newest = ward.read(entries, limit=1)[0]
    assert (newest.what, newest.about) == (EXPORT, "csv access log")

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import CTRL, said
from tests.support.acts import a_study
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.studies.queries import studies

KEY = Qt.Key


def test_a_study_is_created_by_keys_and_opens(shell, ward, press, settle):
    assert not shell.page.new.isVisible(), "the empty list offers the first step itself"
    press((KEY.Key_N, CTRL))
    press(words="ATLAS")
    press(KEY.Key_Tab, words="Early mobilisation after haemorrhage")
    press((KEY.Key_Return, CTRL))
    (row,) = ward.read(studies)
    assert (row.short_name, row.title, row.blinding) == ("ATLAS", "Early mobilisation after haemorrhage", None)
    assert shell.spot == Spot("studies", row.id, "overview")
    assert shell.notice.words == "Study created"
    assert "ATLAS" in said(shell.header)
    press((KEY.Key_Z, CTRL))
    assert ward.read(studies) == ()
    assert shell.spot == Spot("studies"), "what was taken back is left"


def test_what_is_refused_stands_beside_its_field(shell, ward, press, settle):
    a_study(ward, "ATLAS")
    press((KEY.Key_N, CTRL))
    press((KEY.Key_Return, CTRL))
    entry = shell.page.split.detail
    assert isinstance(entry, Entry)
    assert "Needed." in said(entry)
    press(words="atlas")
    press((KEY.Key_Return, CTRL))
    assert "There is already a study “atlas” on this desk. Choose another short name." in said(entry)
    assert entry.form.values()["short_name"] == "atlas", "nothing typed is lost"
    assert len(ward.read(studies)) == 1


def test_what_is_typed_outlives_leaving_the_form(shell, press, settle):
    press((KEY.Key_N, CTRL))
    press(words="ATL")
    press(KEY.Key_Escape)
    assert not isinstance(shell.page.split.detail, Entry)
    press((KEY.Key_N, CTRL))
    assert shell.page.split.detail.form.values()["short_name"] == "ATL"


def test_the_list_tells_what_comes_next(shell, ward, harbour, settle):
    shell._desk.changes.emit({"*"})
    settle()
    (head,) = shell.page.table.rows()
    assert (head.acronym, head.stage.words, head.pi) == ("HARBOUR", "Ended", "Ada Lind")
    assert head.next_action == "Look at 3 open points"
    assert head.blinding.words == "Open label"
    assert shell.page.new.isVisible()

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import ALT, CTRL, said
from tests.support.acts import ON, a_colleague, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.pseudo import pseudo_language, untranslated
from tests.support.statements import counted
from tests.support.trial import ready_to_be_allocated
from tests.trail.test_trail import behind, screen_many
from trialdesk.desktop.pages.trail.proof import VerdictDetail, place_words
from trialdesk.desktop.pages.trail.reading import steps, told, why_kept
from trialdesk.desktop.pages.trail.step import StepDetail
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.enrollment.actions import correct_participant, identify, record_allocation
from trialdesk.enrollment.queries import participants
from trialdesk.studies.actions import add_arm

KEY = Qt.Key


def _cells(table):
    return [[column.words(row) for column in table.model.columns] for row in table.rows()]


def _age(ward, trial):
    return ward.read(participants, study=trial.study, on=ON)[0].age


@pytest.fixture
def corrected(ward, trial):
    ward.run(correct_participant, reason="Typing error", study=trial.study, participant=trial.person, version=1, age=65)
    return trial


def test_steps_stand_newest_first_with_who_what_and_why(window, corrected):
    page = window(corrected.study, "trail").page
    newest, *_older, oldest = _cells(page.table)
    assert newest[0].startswith("4 Mar 2026 08:")
    assert newest[1:] == ["Ada Lind", "Participant corrected", "1", "Typing error", "Principal investigator"]
    assert oldest[2] == "Study created"


def test_steps_are_filtered_by_typing(window, corrected, press):
    page = window(corrected.study, "trail").page
    press((KEY.Key_F, CTRL), words="visit recorded")
    assert [row[2] for row in _cells(page.table)] == ["Visit recorded", "Visit recorded"]


def test_the_models_are_sound(window, corrected, qtmodeltester):
    page = window(corrected.study, "trail").page
    page.table.view.setFocus()
    qtmodeltester.check(page.table.model)


def test_a_step_tells_field_by_field_what_it_changed(window, corrected, press):
    page = window(corrected.study, "trail").page
    page.table.view.setFocus()
    press(KEY.Key_Down, (KEY.Key_Home, CTRL))
    detail = page.split.detail
    assert isinstance(detail, StepDetail)
    assert [row[:4] for row in _cells(detail.changes)] == [["Participant 01-001", "Age", "64", "65"]]
    press(KEY.Key_Down)
    names = [row[1:3] for row in _cells(page.split.detail.changes)]
    assert ["Planned visit", "Week 2"] in names
    assert ["Participant", "01-001"] in names
    assert ["Happened", "Yes"] in names
    assert ["Started on", "26 Jan 2026"] in names


def test_a_step_is_taken_back_by_keys_with_a_reason_and_again(window, corrected, ward, press):
    shell = window(corrected.study, "trail")
    page = shell.page
    page.table.view.setFocus()
    press(KEY.Key_Down, (KEY.Key_Home, CTRL))
    page.split.detail.undo_button.setFocus()
    press(KEY.Key_Space)
    assert "1 value goes back to what it was." in said(page.split)
    press((KEY.Key_2, ALT))
    assert _age(ward, corrected) == 64
    newest = _cells(page.table)[0]
    assert newest[2:5] == ["Step taken back", "1", "Source document corrected"]
    assert shell.notice.words == "Step taken back"
    press((KEY.Key_Z, CTRL))
    assert _age(ward, corrected) == 65


def test_what_a_step_made_leaves_when_it_is_taken_back(window, corrected, ward, press):
    page = window(corrected.study, "trail").page
    page.table.select(next(row.id for row in page.table.rows() if row.step.action == "enrollment:visit:record"))
    press(KEY.Key_Shift)
    page.split.detail.undo_button.click()
    assert "The 2 records it made leave all lists and figures." in said(page.split)
    press(KEY.Key_Escape)
    assert isinstance(page.split.detail, StepDetail)


def test_a_step_changed_since_stays_and_says_why(window, corrected, ward, press):
    page = window(corrected.study, "trail").page
    page.table.select(next(row.id for row in page.table.rows() if row.step.action == "enrollment:participant:screen"))
    press(KEY.Key_Shift)
    page.split.detail.undo_button.click()
    press((KEY.Key_1, ALT))
    assert isinstance(page.split.detail, Aside)
    assert "Something of this step was changed again since." in said(page.split)
    assert len(ward.read(participants, study=corrected.study, on=ON)) == 1


def test_a_final_act_and_somebody_elses_right_say_why_not(window, corrected, ward, press):
    assert "final" in why_kept("enrollment:allocation:record", frozenset({"pharmacist"}))
    assert why_kept("enrollment:participant:correct", frozenset({"pi"})) == ""
    a_colleague(ward, corrected.study, "monitor")
    ward.sign_in("bo", "another horse")
    page = window(corrected.study, "trail").page
    page.table.select(next(row.id for row in page.table.rows() if row.step.action == "enrollment:participant:screen"))
    press(KEY.Key_Shift)
    assert not page.split.detail.undo_button.isEnabled()
    assert "It is done by:" in said(page.split.detail)


def test_sealed_and_blinded_values_are_never_told(window, trial, ward, press):
    ward.run(identify, study=trial.study, participant=trial.person, name="Maria Beispiel")
    arm = ward.run(add_arm, study=trial.study, code="A", name="Verum").result
    ready_to_be_allocated(ward, trial.study, trial.person)
    a_colleague(ward, trial.study, "pharmacist")
    ward.sign_in("bo", "another horse")
    ward.run(record_allocation, study=trial.study, participant=trial.person, arm=arm)
    ward.sign_in(OWNER, PASSWORD)
    page = window(trial.study, "trail").page
    found: dict[str, str] = {}
    enabled: dict[str, bool] = {}
    for row in page.table.rows():
        if row.step.action in ("enrollment:identity:record", "enrollment:allocation:record"):
            page.table.select(row.id)
            press(KEY.Key_Shift)
            found |= {cells[1]: cells[2] for cells in _cells(page.split.detail.changes)}
            enabled[row.step.action] = page.split.detail.undo_button.isEnabled()
    withheld = dict.fromkeys(("Arm", "Allocated on"), "not shown to you")
    assert found == {"Participant": "01-001", "Name": "sealed", **withheld}
    assert enabled == {"enrollment:identity:record": True, "enrollment:allocation:record": False}


def test_the_desk_is_proven_beside_the_window(window, corrected, press):
    page = window(corrected.study, "trail").page
    page.prove_button.setFocus()
    press(KEY.Key_Space)
    assert isinstance(page.split.detail, VerdictDetail)
    assert "Every recorded change is whole" in said(page.split)
    assert page.prove_button.isEnabled()


def test_what_somebody_did_behind_the_trail_is_found_and_told(window, corrected, ward, press):
    behind(ward, "update enrollment_participant set age = 99")
    page = window(corrected.study, "trail").page
    page.prove_button.setFocus()
    press(KEY.Key_Space)
    assert "1 place is not as the trail says." in said(page.split)
    (cells,) = _cells(page.split.detail.findings)
    assert cells[0] == "The table says “99”, the trail says “65”."
    assert cells[1] == f"Participant {corrected.person[:8]}, Age"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("abcdef0123456789.44", "Stream abcdef01, event 44"),
        ("abcdef0123456789", "Stream abcdef01"),
        ("enrollment.visit 0123456789abcdef", "Visit 01234567"),
        ("enrollment.visit 0123456789abcdef started_on", "Visit 01234567, Started on"),
    ],
)
def test_places_of_findings_are_told_in_words(place, words):
    assert place_words(place) == words


def test_older_steps_are_shown_on_asking(window, corrected, press, monkeypatch):
    monkeypatch.setattr("trialdesk.desktop.pages.trail.page.AT_ONCE", 3)
    page = window(corrected.study, "trail").page
    assert len(page.table.rows()) == 3
    page.older_button.setFocus()
    press(KEY.Key_Space)
    assert len(page.table.rows()) == 6


@pytest.mark.parametrize("count", [5, 500])
def test_a_step_of_many_records_asks_as_much_as_one_of_few(ward, count):
    study = a_study(ward)
    ward.run(screen_many, study=study, site=a_site(ward, study), count=count)
    with counted(ward) as statements:
        found = ward.read(steps, study=study, limit=10)
    assert len(statements) == 4
    with counted(ward) as statements:
        looked = ward.read(told, step=found.steps[0].step, study=study, on=ON)
    assert len(looked.changes) == 3 * count
    assert len(statements) == 10


def test_no_step_holds_the_window_up(window, corrected, ward, press, request):
    page = window(corrected.study, "trail").page
    page.table.view.setFocus()
    request.getfixturevalue("swift")
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_Up)
    page.split.detail.undo_button.click()
    press(KEY.Key_Escape)
    assert isinstance(page.split.detail, StepDetail)


def test_every_word_is_translated(window, corrected, press):
    data = ("HARBOUR", "Ada Lind", "Mar", "Typing error", "Trail", "Participants", "Positions")
    with pseudo_language():
        page = window(corrected.study, "trail").page
        page.table.view.setFocus()
        press(KEY.Key_Down, (KEY.Key_Home, CTRL))
        assert untranslated(page, *data, page.split.detail.changes.rows()[0].place) == []
        page.split.detail.undo_button.click()
        assert untranslated(page, *data) == []
        press(KEY.Key_Escape)
        page.prove()
        press(KEY.Key_Shift)
        assert untranslated(page, *data) == []

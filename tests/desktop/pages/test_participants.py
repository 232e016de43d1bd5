from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.desktop.pages.conftest import ALT, CTRL, said
from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.pseudo import pseudo_language, untranslated
from tests.support.statements import counted
from tests.support.trial import ready_to_be_allocated
from tests.trail.test_trail import screen_many
from trialdesk.application import CATALOGUE
from trialdesk.desktop import shown
from trialdesk.desktop.pages.participants.reading import listed, whole
from trialdesk.desktop.pages.participants.record import Record
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.conflict import ConflictPrompt
from trialdesk.desktop.widgets.drawing import DrawingView
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.enrollment.actions import correct_participant, erase_identity, identify, record_allocation
from trialdesk.enrollment.queries import participant, participants
from trialdesk.overview.changes import record_changes
from trialdesk.studies.actions import add_arm

KEY = Qt.Key


def _row(ward, trial):
    return next(row for row in ward.read(participants, study=trial.study, on=ON) if row.id == trial.person)


def _detail(ward, trial):
    return ward.read(participant, study=trial.study, participant=trial.person, on=ON)


def _changes(ward, trial):
    return ward.read(record_changes, record=trial.person, study=trial.study, on=ON, catalogue=CATALOGUE)


def _cells(table):
    return [[column.words(row) for column in table.model.columns] for row in table.rows()]


def _correct(ward, trial, version=1, reason="Typing error", **fields):
    ward.run(
        correct_participant,
        reason=reason,
        study=trial.study,
        participant=trial.person,
        version=version,
        **fields,
    )


def _entry(page) -> Entry:
    detail = page.split.detail
    assert isinstance(detail, Entry)
    return detail


# The list


def test_the_list_says_how_everybody_stands(window, trial, ward):
    a_participant(ward, trial.study, trial.other, "002")
    page = window(trial.study).page
    first, second = _cells(page.table)
    assert first[:8] == ["001", "01", "In screening", "30 Dec 2025", "30 Dec 2025", "6 Jan 2026", "", "2"]
    assert second[:2] == ["002", "02"]


def test_the_list_is_filtered_by_typing_and_by_site(window, trial, ward, press):
    a_participant(ward, trial.study, trial.other, "002")
    page = window(trial.study).page
    press((KEY.Key_F, CTRL), words="30 dec")
    assert [line.row.number for line in page.table.rows()] == ["001"]
    press(KEY.Key_Escape)
    page.site_box.setFocus()
    press(KEY.Key_Down, KEY.Key_Down)
    assert page.site_box.currentText() == "02 Harbour Hospital"
    assert [line.row.number for line in page.table.rows()] == ["002"]


def test_one_site_is_not_offered_as_a_choice(window, ward):
    study = a_study(ward)
    a_participant(ward, study, a_site(ward, study))
    page = window(study).page
    assert not page.site_box.isVisible()


def test_the_models_are_sound(window, trial, qtmodeltester):
    page = window(trial.study, focus=trial.person).page
    qtmodeltester.check(page.table.model)
    qtmodeltester.check(page.split.detail.visits.model())


# One of them


def test_the_chosen_one_is_shown_whole(window, trial):
    page = window(trial.study, focus=trial.person).page
    assert isinstance(page.split.detail, Record)
    words = said(page.split)
    for expected in ("01-001", "In screening", "01 Harbour Hospital", "female, 64 years", "Not recorded"):
        assert expected in words or expected == "In screening"
    states = [row.state for row in page.split.detail.whole.detail.visits]
    assert states == ["in window", "overdue", "late", "due"]
    picture = page.split.detail.findChild(DrawingView)
    assert picture is not None
    assert "Week 2: 26 January 2026, Late" in picture.accessibleName()


def test_arrow_keys_go_from_one_to_the_next(window, trial, ward, press):
    a_participant(ward, trial.study, trial.other, "002")
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press(KEY.Key_Down)
    assert "02-002" in said(page.split)
    assert page.table.view.hasFocus()


def test_a_visit_of_the_picture_is_found_in_the_list(window, trial, press):
    page = window(trial.study, focus=trial.person).page
    picture = page.split.detail.findChild(DrawingView)
    picture.setFocus()
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert page.split.detail.visits.current().name == "Week 2"


def test_the_history_tells_who_when_what_and_why(window, trial, ward, press):
    _correct(ward, trial, age=65)
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press((KEY.Key_H, CTRL))
    assert isinstance(page.split.detail, Aside)
    words = said(page.split)
    for expected in ("Participant corrected", "Ada Lind · 4 Mar 2026", "Why: Typing error", "64 → 65"):
        assert expected in words
    assert "years → years" not in words
    assert "01 Harbour Hospital" in words
    press(KEY.Key_Escape)
    assert isinstance(page.split.detail, Record)


# What is done


def test_a_participant_is_screened_by_keyboard_alone_and_taken_back(window, trial, ward, press):
    shell = window(trial.study)
    page = shell.page
    press((KEY.Key_N, CTRL))
    entry = page.split.detail
    assert isinstance(entry, Entry)
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_Tab, words="017")
    press(KEY.Key_Tab, (KEY.Key_A, CTRL), words="3.3.26")
    press((KEY.Key_S, CTRL))
    (row,) = [each for each in ward.read(participants, study=trial.study, on=ON) if each.number == "017"]
    assert (row.site_number, row.screened_on, row.identifier) == ("02", "2026-03-03", "02-017")
    assert page.table.current().id == row.id
    assert "02-017" in said(page.split)
    assert shell.notice.words == "Participant screened"
    press((KEY.Key_Z, CTRL))
    assert row.id not in {each.id for each in ward.read(participants, study=trial.study, on=ON)}
    assert "02-017" not in said(page.split)


def test_what_is_missing_or_cannot_be_is_said_beside_its_field(window, trial, ward, press):
    page = window(trial.study).page
    press((KEY.Key_N, CTRL))
    page.split.detail.form.editor("screened_on").set_typed("2026-03-05")
    press((KEY.Key_S, CTRL))
    assert set(page.split.detail.form.problems()) == {"site", "number", "screened_on"}
    assert "This day is still to come." in said(page.split)
    assert len(ward.read(participants, study=trial.study, on=ON)) == 1


def test_what_an_act_refuses_stands_beside_its_field_and_nothing_is_lost(window, trial, ward, press):
    page = window(trial.study).page
    press((KEY.Key_N, CTRL))
    form = page.split.detail.form
    form.editor("site").set_value(trial.site)
    form.editor("number").set_typed("001")
    press((KEY.Key_S, CTRL))
    assert "There is already a participant of this number at this site." in said(page.split)
    assert form.values()["number"] == "001"


def test_what_was_typed_waits_for_the_person_to_come_back(window, trial, press):
    page = window(trial.study).page
    press((KEY.Key_N, CTRL))
    page.split.detail.form.editor("number").set_typed("099")
    press(KEY.Key_Escape)
    assert not isinstance(page.split.detail, Entry)
    press((KEY.Key_N, CTRL))
    assert page.split.detail.form.values()["number"] == "099"
    assert "What you had typed here is restored." in said(page.split)


def test_a_correction_asks_for_the_reason_with_the_usual_ones_one_key_away(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press(KEY.Key_F2)
    entry = page.split.detail
    press((KEY.Key_S, CTRL))
    assert "Nothing was changed yet." in said(page.split)
    entry.form.editor("age").set_typed("65")
    press((KEY.Key_S, CTRL))
    assert isinstance(entry.prompt, ReasonPrompt)
    assert _row(ward, trial).age == 64
    press((KEY.Key_1, ALT))
    assert _row(ward, trial).age == 65
    (change,) = [each for each in _changes(ward, trial) if not each.created]
    assert (change.reason, change.field.name, change.old, change.new) == ("Typing error", "age", 64, 65)
    assert isinstance(page.split.detail, Record)


def test_a_reason_not_given_leaves_the_form_as_it_was(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press(KEY.Key_F2)
    entry = page.split.detail
    entry.form.editor("age").set_typed("65")
    press((KEY.Key_S, CTRL), KEY.Key_Escape)
    assert entry.prompt is None
    assert page.split.detail is entry
    assert entry.form.changes() == {"age": 65}
    assert _row(ward, trial).age == 64


def _in_conflict(window, trial, ward, press, **theirs):
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press(KEY.Key_F2)
    entry = page.split.detail
    entry.form.editor("age").set_typed("65")
    _correct(ward, trial, reason="Answer to a query", **theirs)
    press((KEY.Key_S, CTRL), (KEY.Key_1, ALT))
    assert isinstance(entry.prompt, ConflictPrompt)
    return page, entry


def test_two_versions_are_shown_and_mine_may_stand(window, trial, ward, press, qtbot):
    page, entry = _in_conflict(window, trial, ward, press, age=70, sex="M")
    words = said(entry.prompt)
    for expected in ("Ada Lind", "Answer to a query", "64", "70", "65", "female", "male"):
        assert expected in words
    entry.prompt.mine.setFocus()
    press(KEY.Key_Space)
    row = _row(ward, trial)
    assert (row.age, row.sex) == (65, "M")
    assert _changes(ward, trial)[0].reason == "Typing error"
    assert isinstance(page.split.detail, Record)


def test_two_versions_are_shown_and_theirs_may_stand(window, trial, ward, press):
    page, entry = _in_conflict(window, trial, ward, press, age=70)
    entry.prompt.theirs.setFocus()
    press(KEY.Key_Space)
    assert _row(ward, trial).age == 70
    assert isinstance(page.split.detail, Record)
    press(KEY.Key_F2)
    assert _entry(page).form.values()["age"] == 70


def test_two_versions_are_shown_and_one_goes_on_from_both(window, trial, ward, press):
    _page, entry = _in_conflict(window, trial, ward, press, age=70, sex="M")
    press(KEY.Key_Space)
    assert entry.prompt is None
    assert entry.form.values()["age"] == 65
    assert entry.form.values()["sex"] == "M"
    assert entry.form.changes() == {"age": 65}
    press((KEY.Key_S, CTRL), (KEY.Key_2, ALT))
    assert (_row(ward, trial).age, _row(ward, trial).sex) == (65, "M")


def test_a_change_elsewhere_does_not_disturb_what_is_being_typed(window, trial, ward, press):
    shell = window(trial.study, focus=trial.person)
    shell.page.table.view.setFocus()
    press(KEY.Key_F2)
    entry = shell.page.split.detail
    entry.form.editor("age").set_typed("65")
    shell._desk.changes.emit({"enrollment.participant"})
    press(KEY.Key_Shift)
    assert shell.page.split.detail is entry


def test_a_visit_is_recorded_and_stands_against_its_window(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press((KEY.Key_R, CTRL))
    form = page.split.detail.form
    assert form.values()["planned_visit"] == trial.plans[1]
    press(words="6.1.26")
    press((KEY.Key_S, CTRL))
    visits = {row.name: row for row in _detail(ward, trial).visits}
    assert visits["Baseline"].state == "in window"
    assert [row.state for row in page.split.detail.whole.detail.visits][1] == "in window"


def test_a_visit_nobody_planned_needs_a_name(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    press((KEY.Key_R, CTRL))
    form = page.split.detail.form
    form.editor("planned_visit").set_value(None)
    form.editor("started_on").set_typed("2026-02-01")
    press((KEY.Key_S, CTRL))
    assert set(form.problems()) == {"name"}
    form.editor("name").set_typed("Fall at home")
    press((KEY.Key_S, CTRL))
    assert [row.state for row in _detail(ward, trial).visits if row.name == "Fall at home"] == ["unscheduled"]


def test_a_recorded_visit_is_corrected_from_the_list_with_a_reason(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.split.detail.visits.setFocus()
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_F2)
    entry = page.split.detail
    assert "Correct visit Week 2" in said(page.split)
    entry.form.editor("started_on").set_typed("2026-01-20")
    press((KEY.Key_S, CTRL), (KEY.Key_2, ALT))
    assert {row.name: row.state for row in _detail(ward, trial).visits}["Week 2"] == "in window"


def test_a_participant_is_voided_for_a_reason_and_comes_back(window, trial, ward, press):
    shell = window(trial.study, focus=trial.person)
    page = shell.page
    page.split.detail.buttons["void"].setFocus()
    press(KEY.Key_Space)
    assert "01-001 leaves all lists and figures" in said(page.split)
    press((KEY.Key_1, ALT))
    assert ward.read(participants, study=trial.study, on=ON) == ()
    assert page.split.detail is None
    press((KEY.Key_Z, CTRL))
    assert [line.id for line in page.table.rows()] == [trial.person]


def test_a_visit_is_voided_for_a_reason_and_comes_back(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    button = page.split.detail.buttons["void visit"]
    assert not button.isEnabled()
    assert button.toolTip() == "Choose a recorded visit in the list first."
    before = _detail(ward, trial).visits
    recorded = next(visit for visit in before if visit.version)
    page.split.detail.visits.select(next(visit for visit in before if not visit.version).id)
    assert not button.isEnabled()
    page.split.detail.visits.select(recorded.id)
    button.setFocus()
    press(KEY.Key_Space)
    assert "This visit leaves the list" in said(page.split)
    assert recorded.id in {visit.id for visit in _detail(ward, trial).visits if visit.version}
    press((KEY.Key_1, ALT))
    assert recorded.id not in {visit.id for visit in _detail(ward, trial).visits if visit.version}
    assert isinstance(page.split.detail, Record)
    press((KEY.Key_Z, CTRL))
    assert _detail(ward, trial).visits == tuple(
        replace(visit, version=visit.version + 2) if visit.id == recorded.id else visit for visit in before
    )


def test_erasing_who_somebody_is_takes_a_reason_and_a_second_look(window, trial, ward, press, settle):
    ward.run(identify, study=trial.study, participant=trial.person, name="Maria Beispiel", contact=None)
    page = window(trial.study, focus=trial.person).page
    page.split.detail.buttons["erase"].setFocus()
    press(KEY.Key_Space)
    assert "This cannot be undone." in said(page.split)
    press((KEY.Key_1, ALT))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.defaultButton().text() == "Cancel"
    box.defaultButton().click()
    settle()
    assert _detail(ward, trial).name == "Maria Beispiel"
    prompt = page.split.detail.findChild(ReasonPrompt)
    assert isinstance(prompt, ReasonPrompt)
    prompt.buttons[0].click()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(each for each in box.buttons() if each.text() == "Erase for good").click()
    settle()
    assert _detail(ward, trial).name is None
    assert "erased" in said(page.split)
    assert "erase" not in page.split.detail.buttons


def test_only_the_investigator_may_erase(window, trial, ward):
    ward.run(identify, study=trial.study, participant=trial.person, name="Maria Beispiel", contact=None)
    a_colleague(ward, trial.study, "coordinator")
    ward.sign_in("bo", "another horse")
    button = window(trial.study, focus=trial.person).page.split.detail.buttons["erase"]
    assert not button.isEnabled()
    assert button.toolTip()


def test_who_a_participant_is_is_recorded_corrected_with_reason_and_erased(window, trial, ward, press):
    page = window(trial.study, focus=trial.person).page
    page.split.detail.buttons["identity"].setFocus()
    press(KEY.Key_Space, words="Maria Beispiel")
    press(KEY.Key_Tab, words="040 1234")
    press((KEY.Key_S, CTRL))
    assert "Maria Beispiel" in said(page.split)
    page.split.detail.buttons["identity"].setFocus()
    press(KEY.Key_Space, (KEY.Key_A, CTRL), words="Maria Muster")
    press((KEY.Key_S, CTRL))
    assert _detail(ward, trial).name == "Maria Beispiel"
    press((KEY.Key_1, ALT))
    detail = _detail(ward, trial)
    assert (detail.name, detail.contact) == ("Maria Muster", "040 1234")
    ward.run(erase_identity, reason="Consent withdrawn", study=trial.study, participant=trial.person, decided_on=ON)
    page.refresh()
    press(KEY.Key_Shift)
    assert "erased" in said(page.split)
    assert "Maria" not in said(page.split)
    assert not page.split.detail.buttons["identity"].isEnabled()


# Who may what


def test_who_may_only_look_is_told_why(window, trial, ward, press):
    ward.run(identify, study=trial.study, participant=trial.person, name="Maria Beispiel")
    a_colleague(ward, trial.study, "monitor")
    ward.sign_in("bo", "another horse")
    page = window(trial.study, focus=trial.person).page
    words = said(page.split)
    assert "not shown to you" in words
    assert "Maria" not in words
    assert "It is done by: Principal investigator" in words
    assert not page.screen_button.isEnabled()
    assert "Your role does not allow this." in page.screen_button.toolTip()
    buttons = page.split.detail.buttons
    assert [key for key in buttons if buttons[key].isEnabled()] == ["history"]
    press((KEY.Key_N, CTRL))
    assert isinstance(page.split.detail, Record)


def test_who_is_blinded_sees_that_there_is_an_arm_and_not_which(window, trial, ward):
    arm = ward.run(add_arm, study=trial.study, code="A", name="Verum").result
    ready_to_be_allocated(ward, trial.study, trial.person)
    a_colleague(ward, trial.study, "pharmacist")
    ward.sign_in("bo", "another horse")
    ward.run(record_allocation, study=trial.study, participant=trial.person, arm=arm)
    ward.sign_in(OWNER, PASSWORD)
    page = window(trial.study, focus=trial.person).page
    assert _cells(page.table)[0][6] == "not shown to you"
    assert "Treatment is not shown to you: the study is blinded." in said(page.split)
    assert "Verum" not in said(page.split)


# Beginnings


def test_from_nothing_to_the_first_participant_without_a_mouse(window, ward, press):
    study = a_study(ward)
    page = window(study).page
    assert "Nobody was screened yet" in said(page)
    press((KEY.Key_N, CTRL), words="01")
    press(KEY.Key_Tab, words="Harbour Hospital")
    press((KEY.Key_S, CTRL))
    assert isinstance(page.split.detail, Entry)
    assert page.split.detail.form.values()["site"]
    press(KEY.Key_Tab, words="001")
    press((KEY.Key_S, CTRL))
    assert [line.row.identifier for line in page.table.rows()] == ["01-001"]


# What it costs


@pytest.mark.parametrize("count", [5, 500])
def test_the_page_asks_as_much_for_many_as_for_few(ward, count):
    study = a_study(ward)
    ward.run(screen_many, study=study, site=a_site(ward, study), count=count)
    with counted(ward) as said_:
        found = ward.read(listed, study=study, on=ON)
    assert len(found.lines) == count
    assert len(said_) == 18
    with counted(ward) as said_:
        ward.read(whole, study=study, participant_id=found.lines[0].id, on=ON)
    assert len(said_) == 43


def test_no_step_holds_the_window_up(window, trial, ward, press, request):
    _correct(ward, trial, identifier="01-999")
    ward.run(screen_many, study=trial.study, site=trial.other, count=500)
    shown.warm()
    page = window(trial.study, focus=trial.person).page
    page.table.view.setFocus()
    request.getfixturevalue("swift")
    press(KEY.Key_Down, KEY.Key_Up, KEY.Key_F2, KEY.Key_Escape)
    press((KEY.Key_R, CTRL), KEY.Key_Escape, (KEY.Key_H, CTRL), KEY.Key_Escape)
    assert len(page.table.rows()) == 501
    assert isinstance(page.split.detail, Record)


# Words


def test_every_word_is_translated(window, trial, ward, press):
    ward.run(identify, study=trial.study, participant=trial.person, name="Maria Beispiel")
    data: tuple[str, ...] = (
        "Harbour Hospital",
        "HARBOUR",
        "Maria Beispiel",
        "Ada Lind",
        "Screening",
        "Baseline",
        "Week 2",
        "Week 8",
    )
    data = (*data, "Participants", "Trail", *(date(2026, month, 1).strftime("%b") for month in (1, 3)))
    data = (*data, "Dec", "Tuesday", "Wednesday", "December", "January", "March", "Feb")
    with pseudo_language():
        page = window(trial.study, focus=trial.person).page
        assert untranslated(page, *data) == []
        page.table.view.setFocus()
        for keys in (KEY.Key_F2, (KEY.Key_R, CTRL), (KEY.Key_H, CTRL)):
            press(keys)
            assert untranslated(page, *data) == []
            press(KEY.Key_Escape)
        page.split.detail.buttons["void"].click()
        assert untranslated(page, *data) == []
        page.acts.left.emit()
        press(KEY.Key_Shift)
        press((KEY.Key_N, CTRL))
        assert untranslated(page, *data) == []
    assert QApplication.instance() is not None

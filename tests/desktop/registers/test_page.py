from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import CTRL, said
from tests.support.acts import a_colleague, a_study
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.conflict import ConflictPrompt
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.studies.actions import correct_site
from trialdesk.studies.queries import sites

KEY = Qt.Key


@pytest.fixture
def opened(shell, settle):
    """Give a way to open a section of a study."""

    def go(study, section, focus=""):
        shell.go(Spot("studies", study, section, focus))
        settle()
        return shell.page

    return go


def _cells(page):
    table = page.view.table
    return [[column.words(row) for column in table.model.columns] for row in table.rows()]


def _entry(page) -> Entry:
    detail = page.view.split.detail
    assert isinstance(detail, Entry)
    return detail


def _detail(page) -> Detail:
    detail = page.view.split.detail
    assert isinstance(detail, Detail)
    return detail


def _choices(form, name):
    box = form.editor(name).control
    return [(box.itemText(place), box.itemData(place)) for place in range(box.count()) if box.itemData(place)]


def _sites(ward, study):
    return {row.number: row for row in ward.read(sites, study=study)}


# Looking


def test_a_register_lists_what_is_recorded(opened, trial):
    page = opened(trial.study, "sites", "studies-site")
    assert [row[:3] for row in _cells(page)] == [["01", "Harbour Hospital", ""], ["02", "Harbour Hospital", ""]]


def test_registers_of_one_page_stand_side_by_side(opened, trial, press):
    page = opened(trial.study, "design")
    assert page.segments.current == "studies-study"
    page.segments.setFocus()
    press(KEY.Key_Right, KEY.Key_Right)
    assert page.segments.current == "studies-planned_visit"
    assert [row[1] for row in _cells(page)] == ["Screening", "Baseline", "Week 2", "Week 8"]


def test_the_models_are_sound(opened, trial, qtmodeltester):
    page = opened(trial.study, "sites", "studies-site")
    qtmodeltester.check(page.view.table.model)


def test_a_record_is_found_whichever_register_holds_it(opened, trial):
    page = opened(trial.study, "design", trial.plans[2])
    assert page.segments.current == "studies-planned_visit"
    assert "Week 2" in said(_detail(page))


def test_the_detail_says_what_is_recorded_and_links_by_name(opened, trial, ward, settle):
    a_colleague(ward, trial.study, "coordinator")
    page = opened(trial.study, "team")
    assert _cells(page)[0][:2] == ["Bo", "Research coordinator"]
    page.focus_on(page.view.table.rows()[0].id)
    settle()
    words = said(_detail(page))
    assert "Bo" in words
    assert "Until" not in words


def test_an_empty_register_offers_the_first_step(opened, ward, press):
    page = opened(a_study(ward), "sites", "studies-site")
    assert "The places where participants are seen." in said(page)
    press((KEY.Key_N, CTRL))
    assert _entry(page).form.fields[0].name == "number"


# Doing


def test_a_record_is_begun_by_keys_and_shown(opened, trial, ward, press):
    page = opened(trial.study, "sites", "studies-site")
    press((KEY.Key_N, CTRL), words="03")
    press((KEY.Key_S, CTRL))
    assert "03" in _sites(ward, trial.study)
    assert _detail(page).whole.line.name == "03"
    press((KEY.Key_Z, CTRL))
    assert "03" not in _sites(ward, trial.study)
    assert _detail(page).whole.line.name != "03"


def test_what_an_action_refuses_stands_beside_its_field(opened, trial, ward, press):
    page = opened(trial.study, "team", "people-delegation:new")
    form = _entry(page).form
    assert [row[0] for row in _choices(form, "person")] == ["Ada Lind"]
    for name, typed in (("role", "pi"), ("starts_on", "2026-03-04"), ("ends_on", "2026-03-01")):
        form.editor(name).set_typed(typed)
    form.editor("person").set_typed(_choices(form, "person")[0][1])
    press((KEY.Key_S, CTRL))
    assert "The delegation would end before it begins." in said(form)
    assert form.editor("ends_on").control.hasFocus()


def test_a_correction_asks_why_and_is_told(opened, trial, ward, press):
    page = opened(trial.study, "sites", trial.other)
    page.view.table.view.setFocus()
    press(KEY.Key_F2)
    _entry(page).form.editor("name").set_typed("Island Hospital")
    press((KEY.Key_S, CTRL))
    assert isinstance(_entry(page).prompt, ReasonPrompt)
    press(words="1")
    press(KEY.Key_Return)
    assert _sites(ward, trial.study)["02"].name == "Island Hospital"
    press((KEY.Key_H, CTRL))
    assert isinstance(page.view.split.detail, Aside)
    for words in ("Site corrected", "Why: Typing error", "Harbour Hospital → Island Hospital"):
        assert words in said(page.view.split.detail)
    press(KEY.Key_Escape)
    assert isinstance(page.view.split.detail, Detail)


def test_two_versions_are_shown_field_by_field(opened, trial, ward, press, settle):
    page = opened(trial.study, "sites", trial.other)
    press(KEY.Key_F2)
    ward.run(correct_site, reason="Moved", study=trial.study, site=trial.other, version=1, name="Theirs")
    _entry(page).form.editor("name").set_typed("Mine")
    press((KEY.Key_S, CTRL), words="1")
    press(KEY.Key_Return)
    prompt = _entry(page).prompt
    assert isinstance(prompt, ConflictPrompt)
    for words in ("Theirs", "Mine", "Moved"):
        assert words in said(prompt)
    prompt.mine.click()
    settle()
    assert _sites(ward, trial.study)["02"].name == "Mine"


def test_what_the_role_does_not_allow_is_not_offered(opened, trial, ward, settle):
    a_colleague(ward, trial.study, "monitor", username="mo", password="watching horse")
    ward.sign_in("mo", "watching horse")
    page = opened(trial.study, "sites", trial.other)
    assert list(_detail(page).acts.buttons) == ["history"]
    assert page.view.begin_button.isHidden()

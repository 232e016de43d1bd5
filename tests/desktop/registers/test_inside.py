"""Records inside records, acts of every kind, signatures: on the pages of design and ethics."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton

from tests.desktop.pages.conftest import CTRL, said
from tests.support import ethics
from tests.support.desks import PASSWORD
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.signing import SignDialog
from trialdesk.ethics.actions import ask
from trialdesk.ethics.queries import conditions, decisions, questions, submissions
from trialdesk.people.signing import signatures
from trialdesk.studies.actions import add_protocol_version, correct_protocol_version, sign_protocol_version
from trialdesk.studies.records import ProtocolVersion

KEY = Qt.Key


@pytest.fixture
def opened(shell, settle):
    def go(study, section, focus=""):
        shell.go(Spot("studies", study, section, focus))
        settle()
        return shell.page

    return go


@pytest.fixture
def submission(ward, trial):
    return ethics.a_submission(ward, trial.study, ethics.a_committee(ward, trial.study))


def _detail(page) -> Detail:
    detail = page.view.split.detail
    assert isinstance(detail, Detail)
    return detail


def _listing(page, key: str) -> Listing:
    listing = _detail(page).findChild(Listing, key)
    assert isinstance(listing, Listing)
    return listing


def _entry(page) -> Entry:
    detail = page.view.split.detail
    assert isinstance(detail, Entry)
    return detail


def _fill(page, **typed):
    for name, text in typed.items():
        _entry(page).form.editor(name).set_typed(text)


def _button(widget, words):
    return next(button for button in widget.findChildren(QPushButton) if button.text() == words)


# Records inside records


def test_what_belongs_to_a_record_begins_in_it_and_is_shown_there(opened, ward, trial, submission, press, settle):
    page = opened(trial.study, "ethics", submission)
    assert "none yet" in said(_detail(page))
    _button(_detail(page), "New question").click()
    settle()
    assert [field.name for field in _entry(page).form.fields] == ["asked_on", "text"]
    _fill(page, asked_on="2026-01-20", text="Is the dose safe?")
    press((KEY.Key_S, CTRL))
    assert [row.text for row in ward.read(questions, study=trial.study)] == ["Is the dose safe?"]
    assert "submission" not in {column.key for column in _listing(page, "ethics-question").rows_model.columns}


def test_one_goes_into_a_record_and_back(opened, ward, trial, submission, press, settle):
    decision = ethics.a_decision(ward, trial.study, submission)
    page = opened(trial.study, "ethics", submission)
    _listing(page, "ethics-decision").setFocus()
    press(KEY.Key_Return)
    assert _detail(page).whole.line.id == decision
    _button(_detail(page), "New condition").click()
    settle()
    _fill(page, text="Report after ten participants")
    press((KEY.Key_S, CTRL))
    assert [row.decision for row in ward.read(conditions, study=trial.study)] == [decision]
    assert _detail(page).whole.line.id == decision
    _button(_detail(page), "Back to Initial application").click()
    settle()
    assert _detail(page).whole.line.id == submission


def test_an_inner_record_is_voided_with_a_reason_and_the_outer_one_shown(
    opened, ward, trial, submission, press, settle
):
    decision = ethics.a_decision(ward, trial.study, submission)
    page = opened(trial.study, "ethics", submission)
    _listing(page, "ethics-decision").setFocus()
    press(KEY.Key_Return)
    _detail(page).acts.press("ethics:decision:void")
    assert isinstance(page.view.split.detail, Aside)
    press(words="Wrong study")
    press(KEY.Key_Return)
    assert decision not in {row.id for row in ward.read(decisions, study=trial.study)}
    assert _detail(page).whole.line.id == submission


def test_a_record_about_another_asks_which_where_none_is_shown(opened, ward, trial, press):
    page = opened(trial.study, "ethics", "ethics-submission:new")
    form = _entry(page).form
    assert form.fields[0].name == "committee"
    box = form.editor("committee").control
    assert isinstance(box, QComboBox)
    assert [box.itemText(place)[:9] for place in range(box.count())] == ["Committee"]
    box.setCurrentIndex(0)
    _fill(page, kind="initial", title="First", submitted_on="2026-02-01")
    press((KEY.Key_S, CTRL))
    assert "First" in {row.title for row in ward.read(submissions, study=trial.study)}


def test_an_act_on_a_record_asks_only_what_it_needs(opened, ward, trial, submission, press, settle):
    ethics.done(ward, ask, trial.study, submission=submission, asked_on=date(2026, 1, 12), text="Why?")
    page = opened(trial.study, "ethics", submission)
    _listing(page, "ethics-question").setFocus()
    press(KEY.Key_Return)
    _detail(page).acts.press("ethics:question:answer")
    settle()
    assert [field.name for field in _entry(page).form.fields] == ["answered_on", "answer"]
    _fill(page, answered_on="2026-01-15", answer="Because.")
    press((KEY.Key_S, CTRL))
    assert "Because." in said(_detail(page))


def test_cancelled_it_leads_back_to_the_record(opened, trial, submission, press, settle):
    page = opened(trial.study, "ethics", submission)
    _button(_detail(page), "New question").click()
    settle()
    press(KEY.Key_Escape)
    assert _detail(page).whole.line.id == submission


# Signing


@pytest.fixture
def version(ward, trial):
    return ward.run(add_protocol_version, study=trial.study, label="1.0", dated_on=date(2026, 1, 2)).result


def _signing(page, settle) -> SignDialog:
    _detail(page).acts.press("studies:protocol:sign")
    settle()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, SignDialog) and w.isVisible())


def _signed(ward, trial, version):
    return ward.read(signatures, record=ProtocolVersion, study=trial.study).get(version, ())


def test_signing_shows_who_when_and_what_it_means_and_asks_the_password(opened, ward, trial, version, settle, qtbot):
    page = opened(trial.study, "design", version)
    dialog = _signing(page, settle)
    for words in ("Ada Lind", "ada", "I have read this protocol version", "Printed name", "Date and time"):
        assert words in said(dialog)
    qtbot.keyClicks(dialog.password, PASSWORD)
    qtbot.keyClick(dialog.password, KEY.Key_Return)
    settle()
    assert [each.name for each in _signed(ward, trial, version)] == ["Ada Lind"]
    assert "Ada Lind" in said(_detail(page))


def test_a_wrong_password_signs_nothing_and_may_be_tried_again(opened, ward, trial, version, settle, qtbot):
    page = opened(trial.study, "design", version)
    dialog = _signing(page, settle)
    qtbot.keyClicks(dialog.password, "no such horse")
    qtbot.keyClick(dialog.password, KEY.Key_Return)
    settle()
    assert dialog.isVisible()
    assert dialog.refused.text()
    assert _signed(ward, trial, version) == ()
    qtbot.keyClick(dialog, KEY.Key_Escape)
    settle()
    assert isinstance(page.view.split.detail, Detail)


def test_a_signature_of_what_was_changed_since_is_shown_as_superseded(opened, ward, trial, version, settle):
    ward.run(sign_protocol_version, study=trial.study, protocol_version=version, signed_with=PASSWORD)
    ward.run(
        correct_protocol_version, reason="Typo", study=trial.study, protocol_version=version, version=1, label="1.1"
    )
    page = opened(trial.study, "design", version)
    assert "superseded" in said(_detail(page))


def test_no_step_holds_the_window_up(opened, ward, trial, submission, swift, settle):
    page = opened(trial.study, "ethics", submission)
    _button(_detail(page), "New decision").click()
    settle()
    assert isinstance(page.view.split.detail, Entry)

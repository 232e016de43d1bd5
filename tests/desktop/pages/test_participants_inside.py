"""What belongs to a participant, on the participant's own page: consents, eligibility, endings, and further acts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from tests.desktop.pages.conftest import CTRL, said
from tests.support.acts import ON, a_colleague
from tests.support.desks import CHEAP, OWNER, PASSWORD
from tests.support.trial import ENVELOPES, Trial
from trialdesk.desktop.pages.participants.record import Record
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.passphrase import PassphraseEditor
from trialdesk.enrollment.actions import allocate_blinded, load_slots
from trialdesk.enrollment.queries import participants

KEY = Qt.Key


@pytest.fixture
def run(ward):
    return Trial(ward, blinding="double")


def _button(widget, words) -> QPushButton:
    found: QPushButton = next(button for button in widget.findChildren(QPushButton) if button.text() == words)
    return found


def _entry(page) -> Entry:
    detail = page.split.detail
    assert isinstance(detail, Entry)
    return detail


def _listing(page, name) -> Listing:
    found = page.split.detail.findChild(Listing, name)
    assert isinstance(found, Listing)
    return found


def _state(ward, study):
    return {row.number: row.state for row in ward.read(participants, study=study, on=ON)}


def test_a_consent_is_recorded_where_the_participant_is_looked_at(window, run, press, settle):
    who = run.person()
    page = window(run.study, focus=who).page
    _button(page.split.detail, "Record consent").click()
    settle()
    form = _entry(page).form
    assert "participant" not in {field.name for field in form.fields}
    form.editor("consent_version").set_typed(run.version)
    form.editor("consented_on").set_typed("2026-03-02")
    press((KEY.Key_S, CTRL))
    assert isinstance(page.split.detail, Record)
    assert _listing(page, "enrollment-consent").rows_model.rowCount() == 1


def test_one_of_them_is_opened_voided_and_the_participant_shown_again(window, run, press, settle):
    who = run.person()
    run.consented(who)
    page = window(run.study, focus=who).page
    _listing(page, "enrollment-consent").setFocus()
    press(KEY.Key_Return)
    detail = page.split.detail
    assert isinstance(detail, Detail)
    assert "Back to 01-001" in {button.text() for button in detail.findChildren(QPushButton)}
    detail.acts.press("enrollment:consent:void")
    press(words="Another study")
    press(KEY.Key_Return)
    assert isinstance(page.split.detail, Record)
    assert page.split.detail.findChild(Listing, "enrollment-consent") is None


def test_participation_is_ended_by_one_of_the_further_acts(window, run, ward, press, settle):
    who = run.ready()
    page = window(run.study, focus=who).page
    page.split.detail.further.press("enrollment:participant:withdraw")
    settle()
    form = _entry(page).form
    form.editor("occurred_on").set_typed("2026-03-04")
    form.editor("why").set_typed("WITHDRAWAL BY SUBJECT")
    press((KEY.Key_S, CTRL))
    assert _state(ward, run.study)["001"] in ("discontinued", "screen failure")
    assert isinstance(page.split.detail, Record)


def _asked_whether_meant(page) -> QMessageBox:
    box = page.window().findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    return box


def test_the_code_is_broken_after_asking_and_told_to_who_did_it(window, run, ward, press, settle):
    who = run.ready()
    a_colleague(ward, run.study, "pharmacist")
    ward.sign_in("bo", "another horse")
    rows = [{"number": "S001", "arm": "A"}, {"number": "S002", "arm": "P"}]
    ward.run(load_slots, study=run.study, rows=rows, passphrase=ENVELOPES, cost=CHEAP)
    ward.sign_in(OWNER, PASSWORD)
    ward.run(allocate_blinded, study=run.study, participant=who)
    page = window(run.study, focus=who).page
    page.split.detail.further.press("enrollment:code:break")
    settle()
    form = _entry(page).form
    assert form.editor("emergency").value() is True
    form.editor("grounds").set_typed("Anaphylaxis")
    passphrase = form.editor("passphrase")
    assert isinstance(passphrase, PassphraseEditor)
    passphrase.line.setText(ENVELOPES)
    assert passphrase.typed() == ""
    press((KEY.Key_S, CTRL))
    box = _asked_whether_meant(page)
    next(button for button in box.buttons() if button.text() == "Break the code…").click()
    settle()
    assert "The treatment is: Active" in said(page.split.detail)

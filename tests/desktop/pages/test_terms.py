"""Writing terms in the window: from a template to what counts, with the checks, the money and the bench beside."""

from __future__ import annotations

import re
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.desktop.pages.conftest import said
from tests.payments.playing import SECOND, Trial, at, on
from tests.payments.test_money import TERMS
from trialdesk.contracts.approvals import approvals
from trialdesk.contracts.queries import terms_versions
from trialdesk.desktop.pages.terms import Terms
from trialdesk.desktop.pages.terms.amending import Amending
from trialdesk.desktop.pages.terms.choosing import NEW
from trialdesk.desktop.pages.terms.page import PAUSE_MS
from trialdesk.desktop.phrases import Phrases
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.terms import Bench, Checks, Moves
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.signing import SignDialog
from trialdesk.payments.phrases import Phrase
from trialdesk.payments.templates import following


@pytest.fixture
def owing(ward):
    made = Trial(ward)
    at(ward, on("2026-07-20"))
    made.load(TERMS)
    for number, day in (("001", "2026-06-30"), ("002", "2026-07-01")):
        made.happened(number, "V2", day)
    return made


@pytest.fixture
def page(shell, owing, settle):
    shell.go(Spot("studies", owing.study, "terms", ""))
    settle()
    assert isinstance(shell.page, Terms)
    assert shell.page.choosing.begin_next()
    return shell.page


@pytest.fixture
def write(page, settle):
    def written(text):
        page.editor.setPlainText(text)
        QTest.qWait(PAUSE_MS + 60)
        settle()

    return written


def versions(owing):
    return owing.desk.read(terms_versions, contract=owing.contract)


SECOND_VERSION = following(TERMS, no=2, effective_from=date(2026, 7, 1)).replace("1500.00", "1650.00")


def test_what_counts_is_looked_at_and_not_changed_and_from_it_the_next_version_begins(shell, owing, settle):
    shell.go(Spot("studies", owing.study, "terms", ""))
    settle()
    page = shell.page
    assert page.editor.isReadOnly()
    assert "1500.00" in page.editor.toPlainText()
    assert "never changed" in page.hint.text()
    assert not page.save.isEnabled()
    (counting,) = versions(owing)
    page._start_after(counting)
    settle()
    assert page.choosing.versions.currentData() == NEW
    assert not page.editor.isReadOnly()
    assert "no: 2" in page.editor.toPlainText()
    shell.go(Spot("studies", owing.study, "contracts", ""))
    shell.go(Spot("studies", owing.study, "terms", ""))
    settle()
    assert shell.page.choosing.versions.currentData() == NEW, "what was begun is gone on with"
    QTest.qWait(PAUSE_MS + 60)
    settle()


def test_the_template_is_commented_and_checked(page, write, settle):
    page._start_anew()
    QTest.qWait(PAUSE_MS + 60)
    settle()
    assert page.editor.toPlainText().startswith("# Terms of payment")
    assert "no: 2" in page.editor.toPlainText()
    checks = page.split.detail
    assert isinstance(checks, Checks)
    words = said(checks)
    assert "W7: Nothing is said on fair market value." in words
    assert "2 warnings want a named approver" in words


def test_a_visit_the_schedule_does_not_have_is_told_and_keeps_nothing_back(page, write):
    write(SECOND_VERSION.replace("visit: V2}", "visit: V22}"))
    words = said(page.split.detail)
    assert "V2 pays for the visit V22, which the study's schedule does not have." in words
    assert "Nearest in the schedule: V2." in words
    assert "until the errors are mended" not in words


def test_what_is_wrong_leads_to_its_line(page, write):
    write(SECOND_VERSION.replace('"1650.00"', "1650.00"))
    (found,) = page._found
    assert found.weight == "unreadable"
    page.split.detail.line_wanted.emit(found.line)
    assert "1650.00" in page.editor.textCursor().block().text()
    assert not page.activate.isEnabled()
    assert page.activate.toolTip()


def test_terms_before_the_contracts_first_are_refused_while_they_are_written(page, write, settle):
    write(re.sub(r"effective_from: \S+", "effective_from: 2020-01-01", SECOND_VERSION))
    settle()
    words = said(page.split.detail)
    assert "These terms are effective before the contract's first, which count from" in words
    assert "Nothing stands in the way" not in words
    page.segments.choose("moves")
    settle()
    assert "What the checks refuse moves nothing yet" in page.split.detail.text()


def test_what_is_typed_outlives_the_page(page, write, shell, owing, settle):
    write("# half a thought")
    shell.go(Spot("studies", owing.study, "contracts", ""))
    shell.go(Spot("studies", owing.study, "terms", ""))
    settle()
    assert shell.page.editor.toPlainText() == "# half a thought"


def test_a_draft_tells_what_it_moves(page, write, settle):
    write(SECOND_VERSION)
    page.segments.choose("moves")
    settle()
    assert isinstance(page.split.detail, Moves)
    assert "Version 2 moves one line, +CN¥165.00" in said(page.split.detail)
    write(SECOND_VERSION.replace("1650.00", "1500.00"))
    assert "moves nothing" in said(page.split.detail)


def test_a_rule_is_tried_on_somebody(page, write, settle):
    write(SECOND_VERSION)
    page.segments.choose("try")
    settle()
    bench = page.split.detail
    assert isinstance(bench, Bench)
    bench.who.setCurrentIndex(bench.who.findData("002"))
    bench.who.activated.emit(bench.who.currentIndex())
    settle()
    assert "visit_done" in bench.facts.toPlainText()
    words = said(bench)
    assert "V2 002 · V2: Earned, CN¥1,633.50 payable" in words
    assert bench.facts.minimumHeight() == bench.facts.maximumHeight() > 100, "a long answer leaves the facts in sight"
    assert "not: participant is voided" in words
    bench.facts.setPlainText("- {kind: visit_done, visit: V2}")
    bench._try()
    settle()
    assert "on which day it happened" in said(bench)


def test_one_drafts_another_approves_and_activates(page, write, owing, shell, settle):
    write(SECOND_VERSION)
    page.segments.choose("amends")
    page.split.detail.editors["occasion"].set_typed("budget")
    page.segments.choose("checks")
    page._save()
    settle()
    page.segments.choose("amends")
    page.split.detail.editors["retroactive_grounds"].set_typed("The supporter's letter of 3 July")
    page.segments.choose("checks")
    page._save()
    page.split.detail.findChild(ReasonPrompt).given.emit("As negotiated")
    settle()
    draft = versions(owing)[-1]
    assert (draft.number, draft.text, draft.activated_on) == (2, SECOND_VERSION, None)
    assert page.choosing.versions.currentData() == draft.id
    assert not page._unsaved()
    owing.as_second()
    page.refresh()
    settle()
    page._approve("W7")
    prompt = page.split.detail.findChild(ReasonPrompt)
    prompt.given.emit("A public price list")
    settle()
    (approval,) = owing.desk.read(approvals, terms_version=draft.id, text=draft.text)
    assert (approval.code, approval.approved_by, approval.grounds) == ("W7", "Bo Berg", "A public price list")
    assert "Approved by Bo Berg on 20 Jul 2026: A public price list" in said(page.split.detail)
    assert page.activate.isEnabled()
    page._activate()
    page.split.detail.findChild(ReasonPrompt).given.emit("As agreed")
    settle()
    (dialog,) = page.window().findChildren(SignDialog)
    dialog.given.emit(SECOND[1], "")
    settle()
    assert versions(owing)[-1].activated_by == "Bo Berg"
    assert {each.code for each in owing.desk.read(approvals, terms_version=draft.id, text=draft.text)} == {
        "W4",
        "W7",
        "W9",
    }


def test_a_changed_draft_wants_a_reason_and_its_approvals_anew(page, write, owing, settle):
    write(SECOND_VERSION)
    page._save()
    settle()
    write(SECOND_VERSION.replace("1650.00", "1700.00"))
    page._save()
    page.split.detail.findChild(ReasonPrompt).given.emit("As negotiated")
    settle()
    assert "1700.00" in versions(owing)[-1].text
    assert isinstance(page.split.detail, Checks)


def test_an_amendment_says_what_for_before_it_counts(page, write, owing, settle):
    write(SECOND_VERSION)
    page.segments.choose("amends")
    settle()
    panel = page.split.detail
    assert isinstance(panel, Amending)
    page._save()
    settle()
    owing.as_second()
    page.refresh()
    settle()
    assert not page.activate.isEnabled()
    assert "under “Amendment”" in page.activate.toolTip()
    page.segments.choose("amends")
    settle()
    panel = page.split.detail
    panel.editors["occasion"].set_typed("budget")
    assert page._unsaved()
    page._save()
    page.split.detail.findChild(ReasonPrompt).given.emit("As negotiated")
    settle()
    draft = versions(owing)[-1]
    assert (draft.occasion, draft.text) == ("budget", SECOND_VERSION)
    assert not page._unsaved()
    assert not page.activate.isEnabled()
    assert "why these terms reach back" in page.activate.toolTip()


def test_the_first_version_amends_nothing(page, settle):
    page.choosing.versions.setCurrentIndex(page.choosing.versions.findText("Version 1", Qt.MatchFlag.MatchStartsWith))
    page._choose_version()
    page.segments.choose("amends")
    settle()
    assert "amends nothing" in page.split.detail.text()


def test_what_can_be_written_is_found_by_what_it_means_and_put_where_the_cursor_stands(page, settle):
    page.segments.choose("words")
    settle()
    words = page.split.detail
    assert isinstance(words, Phrases)
    words.sought.setText("consent valid")
    (found,) = words.lists[0].rows_model.shown_rows()
    assert isinstance(found, Phrase)
    assert (found.written, words.lists[2].rows_model.rowCount()) == ("consent_valid(unit.date)", 0)
    page.editor.setPlainText("require: []")
    cursor = page.editor.textCursor()
    cursor.setPosition(len("require: ["))
    page.editor.setTextCursor(cursor)
    words.lists[0].select(found.id)
    QTest.keyClick(words.lists[0], Qt.Key.Key_Return)
    assert page.editor.toPlainText() == "require: [consent_valid(unit.date)]"
    QTest.qWait(PAUSE_MS + 60)
    settle()
    assert page.split.detail is words, "what is looked for stays where it was found"


def test_what_counts_is_not_written_into(page, settle):
    page.choosing.version_chosen.emit()
    page.editor.setReadOnly(True)
    before = page.editor.toPlainText()
    page.segments.choose("words")
    settle()
    page.split.detail.wanted.emit("eligible(subject)")
    assert page.editor.toPlainText() == before


def test_a_fact_to_try_is_chosen_and_not_spelled(page, settle):
    page.segments.choose("try")
    settle()
    settle()
    bench = page.split.detail
    assert isinstance(bench, Bench)
    bench.on.set_value(date(2026, 7, 1))
    bench.add_fact("consent_signed")
    bench.add_fact("visit_done")
    assert bench.facts.toPlainText() == (
        "- {kind: consent_signed, occurred_on: 2026-07-01, icf_version: 1}\n"
        '- {kind: visit_done, occurred_on: 2026-07-01, visit: "V2"}\n'
    )

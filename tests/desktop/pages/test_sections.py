"""Every section of a study is reached by keys, and the keys are shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from tests.desktop.pages.conftest import CTRL, focused, said
from tests.support.acts import a_study
from trialdesk.desktop.pages.catalog import CATALOGUE, SECTIONS
from trialdesk.desktop.spot import Spot


def test_each_section_has_a_letter_of_its_own():
    letters = [section.letter for section in SECTIONS]
    assert len(set(letters)) == len(SECTIONS)
    assert all(len(letter) == 1 and letter.isupper() for letter in letters)


@pytest.mark.parametrize("section", [SECTIONS[3], SECTIONS[11], SECTIONS[13]], ids=lambda each: each.key)
def test_its_letter_leads_to_it(shell, ward, settle, section):
    shell.go(Spot("studies", a_study(ward), "overview"))
    settle()
    QTest.keySequence(focused(), QKeySequence(f"Ctrl+G, {section.letter}"))
    settle()
    assert shell.spot.section == section.key
    assert f"Ctrl+G, {section.letter}" in shell._section_list[section.key].toolTip()


def test_one_steps_through_them_round_and_round(shell, ward, settle, press):
    shell.go(Spot("studies", a_study(ward), "overview"))
    settle()
    press((Qt.Key.Key_PageUp, CTRL))
    assert shell.spot.section == SECTIONS[-1].key
    press((Qt.Key.Key_PageDown, CTRL), (Qt.Key.Key_PageDown, CTRL))
    assert shell.spot.section == SECTIONS[1].key


def test_the_help_shows_the_keys_of_all(shell, ward, settle):
    shell.toggle_help()
    assert "Ctrl+G" not in said(shell.help)
    shell.go(Spot("studies", a_study(ward), "overview"))
    settle()
    assert all(f"Ctrl+G, {section.letter}" in said(shell.help) for section in CATALOGUE.sections)

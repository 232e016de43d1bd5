from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu

from tests.desktop.bench import Notes, Participants, catalogue, participants, rename
from trialdesk.desktop.page import Command
from trialdesk.desktop.pages.catalog import PLACES
from trialdesk.desktop.pages.studies import Studies
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot

PEOPLE = Spot("studies", "s1", "participants")


def _keys(qtbot, shell, key, modifier=Qt.KeyboardModifier.ControlModifier):
    qtbot.keyClick(shell.window().focusWidget() or shell, key, modifier)


def _menu(shell: Shell) -> dict[str, QAction]:
    return {
        action.text().split("\t")[0]: action for menu in shell.menu_bar.findChildren(QMenu) for action in menu.actions()
    }


def test_it_begins_at_the_first_place_with_its_studies(shell):
    assert shell.spot == Spot("studies")
    assert isinstance(shell.page, Studies)
    assert [head.acronym for head in shell.page.table.rows()] == ["ATLAS", "BREATHE"]
    assert not shell.header.isVisible()


def test_a_study_opens_as_a_workspace_with_its_head(shell, settle):
    shell.page.table.activated.emit(shell.page.table.rows()[0])
    settle()
    assert shell.spot == PEOPLE
    assert shell.header.isVisible()
    words = " ".join(label.text() for label in shell.header.findChildren(QLabel))
    assert "ATLAS" in words
    assert "PI Chen Wei" in words
    assert len(shell.page.table.rows()) == 40


def test_what_comes_next_is_one_click_away(shell, settle, qtbot):
    shell.go(PEOPLE)
    settle()
    qtbot.mouseClick(shell.header._next, Qt.MouseButton.LeftButton)
    assert shell.spot == Spot("studies", "s1", "notes")


def test_what_comes_next_says_what_is_late_and_gives_way_where_there_is_no_room(shell, settle):
    shell.go(PEOPLE)
    settle()
    head = replace(shell._heads["s1"], next_action="Assess the deviation " * 12, late=True)
    shell.header.show_study(head)
    assert shell.header._next.text().endswith("…")
    assert shell.header._next.toolTip().count("Assess the deviation") == 12
    assert shell.header._next.geometry().right() < shell.header.width()
    assert shell.header._acronym.text() == "ATLAS"


def test_places_and_sections_have_keys_and_one_goes_back(shell, settle, qtbot):
    shell.go(PEOPLE)
    settle()
    with qtbot.waitActive(shell):
        shell.activateWindow()
    _keys(qtbot, shell, Qt.Key.Key_2)
    assert isinstance(shell.page, Notes)
    _keys(qtbot, shell, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert shell.spot == Spot("settings")
    shell.back()
    assert shell.spot == Spot("studies", "s1", "notes")
    shell.back()
    shell.forward()
    assert shell.spot == Spot("studies", "s1", "notes")


def test_a_spot_that_does_not_exist_is_not_gone_to(shell):
    for spot in (Spot("moon"), Spot("studies", "s1", "moon")):
        shell.go(spot)
        assert shell.spot == Spot("studies")


def test_one_goes_straight_to_a_record(shell, settle, bench):
    shell.go(replace(PEOPLE, focus=bench.rows[7].id))
    settle()
    assert shell.page.table.current() == bench.rows[7]
    assert shell.page.form.values()["number"] == "S01-008"


def test_pages_of_a_study_live_until_another_study_is_opened(shell, settle):
    shell.go(PEOPLE)
    page = shell.page
    shell.go(Spot("settings"))
    shell.go(PEOPLE)
    assert shell.page is page
    shell.page.table.filter.setText("overdue")
    shell.go(Spot("studies", "s2"))
    shell.go(PEOPLE)
    settle()
    assert shell.page is not page
    assert shell.page.table.filter.text() == "overdue"


def test_an_act_is_told_refreshes_the_page_and_is_undone(shell, settle, desk, bench, qtbot):
    shell.go(PEOPLE)
    settle()
    page = shell.page
    results: list[object] = []
    desk.act(rename, owner=page, then=results.append, identity=bench.rows[0].id, number="S99")
    settle()
    assert results == [bench.rows[0].id]
    assert shell.notice.words == "Participant changed"
    assert page.table.rows()[0].number == "S99"
    assert "Undo: Participant changed" in _menu(shell)
    qtbot.mouseClick(shell.notice.button, Qt.MouseButton.LeftButton)
    settle()
    assert shell.notice.words == "Undone: Participant changed"
    assert page.table.rows()[0].number == "S01-001"
    desk.undo()
    assert shell.notice.words == "There is nothing to undo."


def test_an_act_that_is_refused_is_told_and_changes_nothing(shell, settle, desk, bench, jobs):
    jobs.set_failure(lambda error, _owner: shell.notice.say_told(error))
    shell.go(PEOPLE)
    desk.act(rename, owner=shell.page, identity=bench.rows[0].id, number="taken")
    settle()
    assert shell.notice.words == "This number is taken."
    assert desk.last_act() == ""


def test_what_cannot_be_undone_any_more_does_not_stand_in_the_way(shell, settle, desk, bench):
    for number in ("S98", "S99"):
        desk.act(rename, owner=desk, identity=bench.rows[0].id, number=number)
        settle()
    del bench.before["t1"]
    desk.undo()
    settle()
    assert shell.notice.words == "The record has changed since."
    desk.undo()
    settle()
    assert bench.rows[0].number == "S01-001"


def test_an_act_whose_page_is_gone_is_noted_all_the_same(shell, settle, desk, bench):
    shell.go(PEOPLE)
    hold = threading.Event()

    def slow(bench, *, reason):
        hold.wait(5)

    desk.act(slow, owner=shell.page, then=lambda _result: pytest.fail("its page is gone"))
    shell.go(Spot("studies", "s2"))
    shell.window().repaint()
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    hold.set()
    settle()
    assert desk.last_act() == "Participant changed"


def test_a_page_out_of_sight_looks_again_when_it_is_seen(shell, settle, desk, bench):
    shell.go(PEOPLE)
    settle()
    page = shell.page
    seen = page.refreshed
    shell.go(Spot("settings"))
    desk.act(rename, owner=desk, identity=bench.rows[0].id, number="S99")
    settle()
    assert page.refreshed == seen
    shell.go(PEOPLE)
    settle()
    assert page.refreshed == seen + 1


def test_ctrl_k_finds_places_studies_sections_commands_and_records(shell, settle, qtbot):
    shell.go(PEOPLE)
    settle()
    box = shell.palette_box

    def first(words: str) -> str:
        shell.open_palette()
        qtbot.keyClicks(box.line, words)
        settle()
        return str(box.entries()[0].title)

    assert first("set") == "Settings"
    assert first("budes") == "BREATHE"
    assert first("notes") == "Notes"
    assert first("undo") == "Undo"
    assert first("s01-009") == "S01-009"
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    settle()
    assert not box.isVisible()
    assert shell.page.table.current().number == "S01-009"


def test_the_palette_is_worked_by_keyboard(shell, qtbot):
    box = shell.palette_box
    shell.open_palette()
    qtbot.keyClick(box.line, Qt.Key.Key_Up)
    assert box.list.currentRow() == box.list.count() - 1
    qtbot.keyClick(box.line, Qt.Key.Key_Down)
    assert box.list.currentRow() == 0
    qtbot.keyClicks(box.line, "zzzzzz")
    assert box.entries() == []
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_help_is_for_the_page_one_sees(shell, settle):
    shell.toggle_help()
    assert "Every study you may see" in " ".join(label.text() for label in shell.help.findChildren(QLabel))
    shell.go(PEOPLE)
    assert "Who takes part." in [label.text() for label in shell.help.findChildren(QLabel)]
    shell.toggle_help()
    assert not shell.help.isVisible()


def test_menus_show_their_keys(shell):
    actions = _menu(shell)
    assert actions["Undo"].shortcut().toString() == "Ctrl+Z"
    assert actions["Find anything…"].shortcut().toString() == "Ctrl+K"
    assert actions["Help for this page"].shortcut().toString() == "F1"
    assert "Studies" in actions


def test_a_declared_command_stands_in_menu_and_palette(qtbot, desk, settle):
    done: list[object] = []
    command = Command("study:new", "New study", done.append, "Ctrl+Shift+N", "add")
    shell = Shell(desk, replace(catalogue(PLACES), commands=(command,)))
    qtbot.addWidget(shell)
    _menu(shell)["New study"].trigger()
    assert done == [desk]
    settle()


def test_counts_tell_what_waits(shell):
    assert shell._rail["studies"].accessibleName() == "Studies: 2"
    assert shell._section_list["participants"].accessibleName() == "Participants: 7"


def test_made_anew_it_stands_where_it_stood_and_nothing_typed_is_lost(qtbot, shell, settle, desk):
    shell.go(PEOPLE)
    settle()
    shell.page.table.filter.setText("overdue")
    shell.page.table.select(shell.page.table.rows()[1].id)
    shell.page.form.editor("note").set_typed("half a sen")
    chosen = shell.page.table.current()
    again = Shell(desk, catalogue(PLACES), shell.state())
    qtbot.addWidget(again)
    again.show()
    settle()
    assert again.spot == PEOPLE
    page = again.page
    assert isinstance(page, Participants)
    assert page.table.current() == chosen
    assert page.form
    assert page.form.editor("note").typed() == "half a sen"


def test_no_step_takes_long(qtbot, shell, settle, desk, swift):
    bench = desk.sources
    shell.go(PEOPLE)
    settle()
    for row in bench.rows[:5]:
        shell.page.table.select(row.id)
        settle()
    qtbot.keyClicks(shell.page.table.filter, "over")
    shell.open_palette()
    qtbot.keyClicks(shell.palette_box.line, "s01")
    settle()
    shell.palette_box.close_palette()
    desk.act(rename, owner=shell.page, identity=bench.rows[0].id, number="S99")
    settle()
    desk.undo()
    settle()
    shell.go(Spot("settings"))
    shell.toggle_help()
    settle()
    assert len(participants(bench)) == 40

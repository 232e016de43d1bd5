from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from tests.desktop.bench import COLUMNS, people
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Sheet, Table


@pytest.fixture
def table(qtbot, memory, jobs):
    made = Table(COLUMNS, name="Participants", key="p", memory=memory, jobs=jobs)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.set_rows(people(190))
    return made


def test_typing_shows_only_what_fits_and_escape_shows_all(qtbot, table):
    qtbot.keyClicks(table.filter, "overdue")
    assert 0 < len(table.rows()) < 190
    assert f"{len(table.rows())} of 190" in [label.text() for label in table.findChildren(QLabel)]
    qtbot.keyClick(table.filter, Qt.Key.Key_Escape)
    assert len(table.rows()) == 190


def test_from_the_filter_one_goes_down_into_the_rows(qtbot, table):
    chosen: list[Any] = []
    table.chosen.connect(chosen.append)
    qtbot.keyClicks(table.filter, "s02-001")
    qtbot.keyClick(table.filter, Qt.Key.Key_Down)
    assert [row.number for row in chosen] == ["S02-001"]
    opened: list[Any] = []
    table.activated.connect(opened.append)
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert [row.number for row in opened] == ["S02-001"]


def test_a_refresh_keeps_selection_and_place(qtbot, table):
    table.select(people(190)[150].id)
    table.view.verticalScrollBar().setValue(140 * 32)
    place = table.view.verticalScrollBar().value()
    table.set_rows(people(190)[1:])
    assert table.current().id == people(190)[150].id
    assert abs(table.view.verticalScrollBar().value() - place) <= 32
    assert [row.id for row in table.selected()] == [people(190)[150].id]


def test_a_row_is_chosen_also_while_a_key_is_held_that_would_take_it_out(qtbot, table):
    wanted = people(190)[3].id
    table.select(wanted)
    qtbot.keyPress(table.view, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        table.select(wanted)
        assert [row.id for row in table.selected()] == [wanted]
    finally:
        qtbot.keyRelease(table.view, Qt.Key.Key_Control)


def test_a_row_asked_for_before_it_is_here_is_chosen_when_it_comes(qtbot, memory):
    table = Table(COLUMNS, name="P", key="q", memory=memory)
    qtbot.addWidget(table)
    table.select(people(3)[2].id)
    table.set_rows(people(3))
    assert table.current() == people(3)[2]


def test_copying_takes_headings_and_only_what_is_shown(qtbot, table):
    table.view.setColumnHidden(4, True)
    model = table.view.selectionModel()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for line in (1, 2):
        model.select(table.model.index(line, 0), flags)
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    if not QGuiApplication.clipboard().text().startswith("Number"):
        table.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Number\tStatus\tConsent\tVisits"
    assert [line.split("\t")[0] for line in lines[1:]] == ["S01-002", "S01-003"]


def test_an_export_gets_values_in_the_order_shown(qtbot, memory):
    got: list[tuple[str, Sheet]] = []
    table = Table(
        COLUMNS, name="Participants", key="e", memory=memory, export=lambda kind, sheet: got.append((kind, sheet))
    )
    qtbot.addWidget(table)
    table.set_rows(people(5))
    actions = {action.text(): action for action in table.menu().actions()}
    actions["Export as CSV…"].trigger()
    actions["Export as Excel…"].trigger()
    assert [kind for kind, _sheet in got] == ["csv", "xlsx"]
    assert got[0][1].headings[:2] == ("Number", "Status")
    assert got[0][1].cells[1][2] == people(5)[1].consented


def test_widths_sort_and_hidden_columns_are_remembered(qtbot, memory, table):
    table.view.setColumnWidth(0, 222)
    table.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    note = next(action for action in table.menu().actions() if action.text() == "Note")
    note.setChecked(False)
    qtbot.mouseRelease(table.view.horizontalHeader().viewport(), Qt.MouseButton.LeftButton)
    again = Table(COLUMNS, name="Participants", key="p", memory=memory)
    qtbot.addWidget(again)
    again.set_rows(people(190))
    assert again.view.columnWidth(0) == 222
    assert again.view.isColumnHidden(4)
    assert again.rows()[0].visits == 8


def test_the_last_column_cannot_be_hidden(qtbot, table):
    for action in table.menu().actions()[: len(COLUMNS)]:
        action.setChecked(False)
    assert sum(not table.view.isColumnHidden(number) for number in range(len(COLUMNS))) == 1


def test_with_no_rows_the_first_step_is_offered(qtbot, memory):
    steps: list[int] = []
    empty = EmptyState("No participant yet", "They stand here.", step="Add one", then=lambda: steps.append(1))
    table = Table(COLUMNS, name="P", key="z", memory=memory, empty=empty)
    qtbot.addWidget(table)
    table.show()
    assert empty.isVisible()
    assert empty.button
    qtbot.keyClick(empty.button, Qt.Key.Key_Space)
    assert steps == [1]
    table.set_rows(people(1))
    assert not empty.isVisible()


def test_a_table_made_anew_looks_as_before(qtbot, memory, table):
    table.filter.setText("overdue")
    table.select(table.rows()[2].id)
    state, current = table.state(), table.current()
    again = Table(COLUMNS, name="Participants", key="p", memory=memory)
    qtbot.addWidget(again)
    again.restore(state)
    again.set_rows(people(190))
    assert again.current() == current
    assert again.filter.text() == "overdue"


def test_100_000_rows_feel_like_100(qtbot, table, settle, swift):
    table.set_rows(people(100_000))
    settle()
    assert table.model.total == 100_000
    table.select(people(100_000)[70_000].id)
    for letter in "overdue":
        qtbot.keyClick(table.filter, letter)
    qtbot.keyClick(table.filter, Qt.Key.Key_Escape)
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    settle()
    for _page in range(3):
        qtbot.keyClick(table.view, Qt.Key.Key_PageDown)
    assert table.rows()[0].status.words == "In treatment"

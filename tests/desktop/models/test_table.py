from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.desktop.bench import COLUMNS, Participant, people
from trialdesk.desktop.models import table
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.table import ROW_ROLE, TableModel, cell


@dataclass(frozen=True)
class Small:
    id: str
    value: int = 0


SMALL = (Column("id", "Id", lambda row: row.id), Column("value", "Value", lambda row: row.value, "number"))

contents = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), unique_by=lambda pair: pair[0], max_size=40).map(
    lambda pairs: [Small(str(identity), value) for identity, value in pairs]
)


def test_it_is_a_sound_model(qtmodeltester):
    model = TableModel(COLUMNS)
    model.set_rows(people(50))
    qtmodeltester.check(model)


@given(st.lists(contents, min_size=2, max_size=5))
def test_any_rows_follow_any_others_without_a_reset_and_every_cell_stays_itself(qapp, versions):
    model = TableModel(SMALL)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_rows(versions[0])
    for before, after in pairwise(versions):
        held = {row.id: QPersistentModelIndex(model.index(line, 1)) for line, row in enumerate(before)}
        model.set_rows(after)
        assert model.shown_rows() == after
        kept = {row.id: row for row in after}
        for identity, index in held.items():
            assert index.isValid() == (identity in kept)
            if identity in kept:
                assert model.row_at(index) == kept[identity]
    assert resets == []


@given(contents, contents)
def test_a_view_that_only_hears_the_signals_knows_the_same(qapp, before, after):
    model = TableModel(SMALL)
    model.set_rows(before)
    mirror = [row.id for row in before]

    def moved(_parent, first, last, _to, line):
        taken = mirror[first : last + 1]
        del mirror[first : last + 1]
        at = line if line < first else line - len(taken)
        mirror[at:at] = taken

    laid: list[int] = []
    model.rowsRemoved.connect(lambda _p, first, last: mirror.__delitem__(slice(first, last + 1)))
    model.rowsMoved.connect(moved)
    model.rowsInserted.connect(
        lambda _p, first, last: mirror.__setitem__(slice(first, first), ["?"] * (last - first + 1))
    )
    model.layoutChanged.connect(lambda: laid.append(1))
    model.set_rows(after)
    if not laid:
        new = {row.id for row in before}
        assert mirror == [row.id if row.id in new else "?" for row in after]


def test_only_what_changed_is_told(qtbot):
    model = TableModel(SMALL)
    rows = [Small(str(n)) for n in range(100)]
    model.set_rows(rows)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.set_rows([Small(row.id, 1) if row.id in ("10", "11", "40") else row for row in rows])
    assert told == [(10, 11), (40, 40)]
    model.set_rows(model.shown_rows())
    assert len(told) == 2


@pytest.mark.parametrize("count", [2_000, 30_000])
def test_a_big_change_keeps_what_was_chosen(qtbot, count):
    model = TableModel(COLUMNS)
    rows = people(count)
    model.set_rows(rows)
    choice = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for line in (3, 500, 1500):
        choice.select(model.index(line, 0), flags)
    model.set_rows(tuple(reversed(rows[2:])))
    chosen = {model.row_at(index) for index in choice.selectedRows()}
    assert chosen == {rows[3], rows[500], rows[1500]}


def test_filter_and_sort_show_a_part_in_order(qtbot):
    model = TableModel(COLUMNS)
    model.set_rows(people(100))
    visits = COLUMNS[3]
    model.seek("overdue")
    model.sort_by(visits, descending=True)
    shown = [row for row in model.shown_rows() if isinstance(row, Participant)]
    assert model.total == 100
    assert 0 < len(shown) < 100
    assert all(row.status.words == "Visit overdue" for row in shown)
    assert [row.visits for row in shown] == sorted((row.visits for row in shown), reverse=True)
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Visits ↓"
    model.seek("")
    assert model.rowCount() == 100


def test_cells_say_what_they_are(qtbot):
    model = TableModel(COLUMNS)
    model.set_rows(people(3))
    index = model.index(1, 1)
    assert index.data() == "Withdrawn"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Status: Withdrawn"
    assert index.data(ROW_ROLE) == people(3)[1]
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Visits"
    right = Qt.AlignmentFlag.AlignRight
    assert model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) & right
    assert model.place_of(people(3)[2].id) == 2
    assert model.place_of("nobody") is None


def test_a_file_gets_values_and_words_for_states():
    row = people(2)[1]
    assert [cell(column, row) for column in COLUMNS] == ["S01-002", "Withdrawn", row.consented, 1, ""]


def test_moves_are_few(monkeypatch):
    old = [str(n) for n in range(30)]
    new = [*old[:5], old[25], *old[5:25], *old[26:]]
    assert table._moves(old, new) == [(25, 5)]
    assert table._moves(old, old) == []
    assert len(table._moves([str(n) for n in range(200)], [str(n) for n in reversed(range(200))])) > table.FEW_STEPS

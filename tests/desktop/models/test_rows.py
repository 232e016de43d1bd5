from __future__ import annotations

import time
from datetime import UTC, datetime

from tests.desktop.bench import COLUMNS, people
from trialdesk.desktop.models.rows import Column, in_order, matching, prepare
from trialdesk.desktop.shown import instant, zoned

ROWS = people(300)


def _column(key: str) -> Column:
    return next(column for column in COLUMNS if column.key == key)


def test_every_word_must_be_found_somewhere_in_the_row():
    prepared = prepare(ROWS, COLUMNS)
    found = matching(prepared, range(len(ROWS)), "OVERDUE s02")
    assert found
    assert all(ROWS[n].status.words == "Visit overdue" and ROWS[n].number.startswith("S02") for n in found)
    assert matching(prepared, range(3), "") == range(3)
    assert matching(prepared, range(3), "nowhere") == ()


def test_one_finds_what_is_shown_not_what_is_stored():
    prepared = prepare(ROWS, COLUMNS)
    assert matching(prepared, range(len(ROWS)), "jan 2026")
    assert not matching(prepared, range(len(ROWS)), "2026-01")


def test_empty_cells_come_last_in_both_directions():
    prepared = prepare(ROWS, COLUMNS)
    for descending in (False, True):
        order = in_order(prepared, _column("consented"), descending=descending)
        values = [ROWS[n].consented for n in order]
        full = [value for value in values if value]
        assert values[len(full) :] == [None] * (len(values) - len(full))
        assert full == sorted(full, reverse=descending)


def test_figures_in_texts_sort_as_numbers_and_chinese_by_sound():
    column = Column("name", "Name", lambda row: row.number)
    names = ("Visit 10", "Visit 2", "visit 1", "张伟", "李娜", "陈静")
    rows = [type(ROWS[0])(str(n), name) for n, name in enumerate(names)]
    order = in_order(prepare(rows, (column,)), column)
    assert [names[n] for n in order] == ["visit 1", "Visit 2", "Visit 10", "陈静", "李娜", "张伟"]


def test_without_a_column_rows_stay_as_they_came():
    assert list(in_order(prepare(ROWS, COLUMNS), None)) == list(range(300))


def test_filtering_100_000_rows_is_one_quick_pass():
    prepared = prepare(people(100_000), COLUMNS)
    order = in_order(prepared, _column("number"))
    best = 1.0
    for _round in range(5):
        began = time.thread_time()
        matching(prepared, order, "overdue s0")
        best = min(best, time.thread_time() - began)
    assert best < 0.05


def test_an_instant_is_copied_and_told_with_its_zone():
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    column = Column("at", "When", lambda _row: at, "date")
    assert column.words(ROWS[0]) == instant(at)
    assert column.copied(ROWS[0]) == zoned(at) != instant(at)

"""Tables: widths, and work that grows with the rows and no faster."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.reporting.specimen import FRAME
from trialdesk.reporting import tables
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.paper import style
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Column, Table

CELL, TITLE = style("cell", "en"), style("columntitle", "en")


def test_columns_fill_the_width_and_no_word_is_cut():
    table = Table((Column("Participant"), Column("n")), [("S-001", "1"), ("a hospitalisation " * 20, "2")])
    sizes = tables.widths(table, 300, CELL, TITLE)
    assert sum(sizes) == pytest.approx(300)
    assert sizes[1] >= CELL.face.width("2", CELL.size)
    assert sizes[0] >= CELL.face.width("hospitalisation", CELL.size)


def test_shares_are_kept_and_a_column_without_one_fits_its_content():
    table = Table((Column("A", 1), Column("B", 3), Column("C")), [("x", "y", "z")])
    first, second, third = tables.widths(table, 400, CELL, TITLE)
    assert second == pytest.approx(3 * first)
    assert third < 20
    assert first + second + third == pytest.approx(400)


def test_no_share_is_less_than_the_longest_word_needs():
    day = "25 Sept 2026"
    table = Table((Column("Title", 6), Column("Dated", 1), Column("By", 2)), [("A", day, "B")])
    first, second, third = tables.widths(table, 300, CELL, TITLE)
    assert second >= CELL.face.width(day, CELL.size) > 300 / 9
    assert first == pytest.approx(3 * third)
    assert first + second + third == pytest.approx(300)


def test_where_nothing_fits_the_broadest_words_are_broken_and_amounts_stay_whole():
    amount, name = "CN¥18,000.00", "study#8e51f9ff.00000150.site_activated_and_more"
    table = Table((Column("Unit", 1), *(Column("Line", 1, "right") for _n in range(4))), [(name, *[amount] * 4)])
    unit, *amounts = tables.widths(table, 300, CELL, TITLE)
    assert all(each >= CELL.face.width(amount, CELL.size) for each in amounts)
    assert unit < CELL.face.width(name, CELL.size)


def test_a_short_chinese_word_is_not_broken_for_a_long_text_beside_it():
    cell, title = style("cell", "zh"), style("columntitle", "zh")
    table = Table((Column("类别"), Column("说明"), Column("影响")), [("访视窗口", "说" * 200, "x" * 60)])
    first, *_others = tables.widths(table, 200, cell, title)
    assert first >= cell.face.width("访视窗口", cell.size)


def test_more_columns_than_fit_still_share_the_page():
    table = Table(tuple(Column(f"Questionnaire{i}") for i in range(30)), [["hospitalisation"] * 30])
    assert sum(tables.widths(table, 300, CELL, TITLE)) == pytest.approx(300)


def test_a_row_without_a_cell_for_every_column_is_refused():
    with pytest.raises(ValueError, match="row 2 has 1 cells for 2 columns"):
        render([Table((Column("A"), Column("B")), [("1", "2"), ("3",)])], FRAME)


def test_every_cell_is_set_twice_however_long_the_table(monkeypatch: pytest.MonkeyPatch):
    calls: Counter[int] = Counter()
    cells = tables._Body.cells

    def counted(self: tables._Body, index: int) -> list[tuple[str, ...]]:
        calls[len(self.rows)] += 1
        return cells(self, index)

    monkeypatch.setattr(tables._Body, "cells", counted)
    for rows in (500, 2000):
        render([Table((Column("A"), Column("B")), [(f"S-{i:05}", "x") for i in range(rows)])], FRAME)
        assert calls[rows] == 2 * rows  # once to know the height, once to draw


def test_ten_thousand_rows_all_arrive_under_repeated_titles():
    rows = [(f"S-{i:05}", f"2026-{1 + i % 12:02}", "resolved") for i in range(10_000)]
    texts = page_texts(render([Table((Column("Participant"), Column("Month"), Column("Outcome")), rows)], FRAME))
    words = " ".join(texts).split()
    assert [word for word in words if word.startswith("S-")] == [row[0] for row in rows]
    full = [text for text in texts if "S-" in text]
    assert all(text.count("Participant") == 1 for text in full)
    assert len(full) > 150

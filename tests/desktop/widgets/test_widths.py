from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.widgets.widths import LEAST, fitted


@pytest.mark.parametrize(
    ("declared", "wanted", "room", "widths"),
    [
        ((100, 100), (80, 90), 400, [100, 100]),
        ((100, 100), (80, 140), 400, [100, 140]),
        ((200, 100), (80, 140), 240, [100, 140]),
        ((200, 200), (80, 140), 240, [100, 140]),
        ((200, 200), (150, 160), 240, [240, 160]),
        ((200, 300), (150, 260), 150 + LEAST, [150, LEAST]),
        ((116, 280, 116), (90, 250, 110), 400, [90, 200, 110]),
        ((200,), (150,), 90, [90]),
        ((100, 100, 100), (900, 120, 50), 320, [150, 120, 50]),
    ],
)
def test_columns_share_the_room_there_is(declared, wanted, room, widths):
    assert fitted(declared, wanted, room) == widths


@pytest.mark.parametrize("room", range(100, 700, 37))
def test_the_edge_never_cuts_a_column_through(room):
    edges, edge = set(), 0
    for width in fitted((120, 160, 200, 140), (90, 150, 240, 100), room):
        edge += width
        edges.add(edge)
    assert room in edges or max(edges) <= room


class Named:
    def __init__(self, *words: str) -> None:
        self.id, self.words = words[0], words


def _word(number: int, row: Named) -> str:
    return row.words[number]


COLUMNS = tuple(Column(f"c{n}", f"Column {n}", partial(_word, n), width=width) for n, width in enumerate((120, 80, 90)))


@pytest.fixture
def table(qtbot, memory):
    made = Table(COLUMNS, name="Named", key="named", memory=memory)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    made.set_rows([Named("a", "a name that is longer than its column", "c")])
    return made


def test_a_table_gives_long_words_the_room_that_is_left(table):
    hint = table.view.cells.width(table.model.index(0, 1))
    assert table.view.columnWidth(1) == hint > 80


def test_a_width_a_person_chose_stays(table):
    table.view.setColumnWidth(1, 70)
    table.resize(900, 300)
    table.set_rows([Named("a", "a name that is much, much longer than its column", "c")])
    assert table.view.columnWidth(1) == 70


def test_lists_under_each_other_have_columns_under_each_other(qtbot):
    short, long = (
        Listing(COLUMNS, [Named("a", words, "c")], name="Named") for words in ("b", "words that need a lot of room")
    )
    for each in (short, long):
        qtbot.addWidget(each)
        each.beneath = (short, long)
        each.resize(600, 100)
        each.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        each.show()
        each.fit()
    assert [short.columnWidth(n) for n in range(2)] == [long.columnWidth(n) for n in range(2)]
    assert short.columnWidth(1) > 80


def test_a_list_dressed_after_it_was_built_shows_its_headings_whole(qtbot):
    listing = Listing(COLUMNS, [Named("a", "b", "c")], name="Named")
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(listing)
    window.setStyleSheet("QHeaderView::section { font-weight: bold; font-size: 30px; padding: 4px 20px; }")
    window.resize(900, 200)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    header = listing.horizontalHeader()
    assert all(listing.columnWidth(n) >= header.sectionSizeHint(n) > 150 for n in range(len(COLUMNS)))


def test_a_list_without_room_for_its_columns_scrolls_to_them_and_hides_no_row_under_its_bar(qtbot):
    rows = [Named(str(n), "words that need a lot of room", "and some more of them here") for n in range(3)]
    listing = Listing(COLUMNS, rows, name="Named")
    qtbot.addWidget(listing)
    listing.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    listing.resize(900, 100)
    listing.show()
    whole = listing.height()
    listing.setFixedWidth(140)
    QApplication.processEvents()
    across = listing.horizontalScrollBar()
    assert across.maximum() > 0
    assert across.isVisible()
    assert listing.height() == whole + across.height()
    assert listing.viewport().height() >= len(rows) * listing.rowHeight(0)
    listing.setFixedWidth(900)
    QApplication.processEvents()
    assert listing.height() == whole

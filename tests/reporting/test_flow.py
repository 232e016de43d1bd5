"""Pieces go onto pages: held together, heads repeated, nothing lost, no empty page."""

from __future__ import annotations

from trialdesk.reporting.flow import Page, Piece, Space, Turn, paginate
from trialdesk.reporting.paper import Area

UPRIGHT = Area(200, 300, 10, 0, 180, 100)
LYING = Area(300, 200, 10, 0, 280, 50)
AREAS = {False: UPRIGHT, True: LYING}


def heights(pages: list[Page]) -> list[list[float]]:
    return [[piece.height for piece, _top in page.placed] for page in pages]


def test_a_page_is_filled_before_the_next_begins():
    assert heights(paginate([Piece(30) for _ in range(7)], AREAS)) == [[30] * 3, [30] * 3, [30]]


def test_the_gap_is_dropped_at_the_top_of_a_page():
    pages = paginate([Piece(60, gap=20), Piece(60, gap=20)], AREAS)
    assert [top for page in pages for _piece, top in page.placed] == [0, 0]


def test_a_heading_stays_with_what_follows():
    assert heights(paginate([Piece(80), Piece(15, keep=True), Piece(20)], AREAS)) == [[80], [15, 20]]


def test_what_is_held_together_but_taller_than_a_page_is_parted():
    assert heights(paginate([Piece(40, keep=True) for _ in range(4)], AREAS)) == [[40, 40], [40, 40]]


def test_a_head_is_repeated_where_its_row_begins_a_page():
    head = Piece(10)
    pages = paginate([head, *(Piece(40, head=head) for _ in range(4))], AREAS)
    assert heights(pages) == [[10, 40, 40], [10, 40, 40]]


def test_turning_the_page_begins_one_but_never_leaves_one_empty():
    pages = paginate([Turn(landscape=True), Piece(10), Turn(), Turn(), Piece(10), Turn(landscape=False)], AREAS)
    assert [page.area for page in pages] == [LYING, LYING]


def test_room_below_something_begins_no_page():
    assert heights(paginate([Piece(98), Space(10)], AREAS)) == [[98]]

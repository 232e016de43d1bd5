from __future__ import annotations

from trialdesk.desktop.palette import Entry, fitting

TITLES = ("Studies", "Settings", "Safety", "Site file", "Undo: Participant added", "受试者", "ATLAS")
ENTRIES = [Entry(title, lambda: None, "Early mobilisation" if title == "ATLAS" else "", "Place") for title in TITLES]


def _found(sought: str) -> list[str]:
    return [entry.title for entry in fitting(ENTRIES, sought)]


def test_nothing_sought_is_everything_in_order():
    assert _found(" ") == list(TITLES)


def test_a_title_that_begins_so_comes_first():
    assert _found("s")[:4] == ["Studies", "Settings", "Safety", "Site file"]
    assert _found("par add") == ["Undo: Participant added"]


def test_details_are_searched_kinds_are_not():
    assert _found("mobil") == ["ATLAS"]
    assert "Studies" not in _found("place")


def test_letters_may_be_left_out_and_chinese_is_found():
    assert "Settings" in _found("stgs")
    assert _found("试者") == ["受试者"]
    assert _found("qqq") == []

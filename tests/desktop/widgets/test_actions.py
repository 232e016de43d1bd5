from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt

from trialdesk.desktop.widgets.actions import ActionBar, Offer
from trialdesk.desktop.widgets.segments import Segments


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def bar(qtbot, pressed):
    offers = tuple(
        Offer(key, f"Do the {key} thing", partial(pressed.append, key), refused="Not now." if key == "c" else "")
        for key in "abcd"
    )
    made = ActionBar(offers)
    qtbot.addWidget(made)
    made.show()
    return made


def _shown(bar):
    return [key for key, button in bar.buttons.items() if button.isVisible()]


def test_where_there_is_room_all_stand_in_a_line(bar):
    bar.resize(bar.sizeHint().width() + 40, 40)
    assert _shown(bar) == list("abcd")
    assert not bar.more.isVisible()


def test_what_finds_no_room_is_in_the_menu(bar, pressed):
    bar.resize(bar.sizeHint().width() // 2, 40)
    shown = _shown(bar)
    assert shown == list("abcd")[: len(shown)]
    assert 0 < len(shown) < 4
    assert bar.more.isVisible()
    assert bar.more.geometry().right() < bar.width()
    menu = bar.menu()
    assert [action.text() for action in menu.actions()] == [
        f"Do the {key} thing: Not now." if key == "c" else f"Do the {key} thing" for key in "abcd"[len(shown) :]
    ]
    menu.actions()[-1].trigger()
    assert pressed == ["d"]


def test_at_least_the_first_is_shown(bar):
    bar.resize(60, 40)
    assert _shown(bar) == ["a"]


def test_what_cannot_be_done_now_says_why(bar, pressed):
    assert not bar.buttons["c"].isEnabled()
    assert bar.buttons["c"].toolTip() == "Not now."
    bar.press("c")
    bar.press("b")
    assert pressed == ["b"]


def test_segments_are_chosen_by_click_and_by_arrow(qtbot):
    made = Segments({"one": "One", "two": "Two", "three": "Three"}, name="Numbers")
    qtbot.addWidget(made)
    chosen: list[str] = []
    made.chosen.connect(chosen.append)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.buttons["two"].setFocus()
    made.buttons["two"].click()
    qtbot.keyClick(made.buttons["two"], Qt.Key.Key_Right)
    made.choose("none of them")
    assert (made.current, chosen) == ("three", ["two", "three"])


def test_what_is_tucked_stands_in_the_menu_with_its_reason(qtbot):
    bar = ActionBar(
        (Offer("a", "Do it", print), Offer("b", "Undo it", print, refused="Not done yet.", tucked=True)),
    )
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    assert _shown(bar) == ["a"]
    assert bar.more.isVisible()
    assert [action.text() for action in bar.menu().actions()] == ["Undo it: Not done yet."]

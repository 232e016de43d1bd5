from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import said
from tests.support.desks import OWNER, PASSWORD
from trialdesk.base.errors import NotAllowed
from trialdesk.desktop.spot import Spot
from trialdesk.trail.access import PASSWORD as CHANGED
from trialdesk.trail.access import entries

NEW = "harbour lights at noon"


@pytest.fixture
def page(shell, settle):
    shell.go(Spot("account"))
    settle()
    return shell.page


def _fill(page, qtbot, settle, current, new, again=None):
    for line, words in ((page.current, current), (page.new, new), (page.again, new if again is None else again)):
        line.clear()
        qtbot.keyClicks(line, words)
    qtbot.keyClick(page.again, Qt.Key.Key_Return)
    settle()


def test_it_says_whose_password_it_is_and_takes_the_keyboard(page):
    assert page.who.text() == "Signed in: Ada Lind (ada)"
    assert page.current.hasFocus()


def test_another_password_opens_the_desk_from_now_on(page, ward, shell, qtbot, settle):
    _fill(page, qtbot, settle, PASSWORD, NEW)
    assert shell.notice.words == "Your password is changed."
    assert [page.current.text(), page.new.text(), page.again.text()] == ["", "", ""]
    assert [entry.what for entry in ward.read(entries, limit=1)] == [CHANGED]
    with pytest.raises(NotAllowed):
        ward.sign_in(OWNER, PASSWORD)
    ward.sign_in(OWNER, NEW)


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [
        ("not this one", NEW, None, "password"),
        (PASSWORD, PASSWORD, None, "This is the password you have."),
        (PASSWORD, "short", None, "Too short"),
        (PASSWORD, NEW, "other", "Not the same as the first."),
        ("", NEW, None, "Needed."),
    ],
)
def test_what_is_wrong_stands_beside_its_line_and_nothing_is_changed(
    page, ward, qtbot, settle, current, new, again, told
):
    _fill(page, qtbot, settle, current, new, again)
    assert told in said(page)
    assert page.change.isEnabled()
    ward.sign_in(OWNER, PASSWORD)


def test_settings_and_palette_lead_to_it(shell, settle, qtbot):
    shell.go(Spot("settings"))
    shell.open_palette()
    qtbot.keyClicks(shell.palette_box.line, "password")
    settle()
    assert shell.palette_box.entries()[0].title == "Change your password…"
    qtbot.keyClick(shell.palette_box.line, Qt.Key.Key_Return)
    settle()
    assert shell.spot == Spot("account")

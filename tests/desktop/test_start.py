from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.desktop.entering import NewDesk, SignIn
from trialdesk.desktop.start import NewDeskForm, OpenForm, SignInForm, StartPage


def _shown(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def form(qtbot, tmp_path):
    made = NewDeskForm(tmp_path)
    qtbot.addWidget(made)
    made.show()
    return made


def test_three_choices_each_explained_and_reached_by_keyboard(qtbot):
    page = StartPage()
    qtbot.addWidget(page)
    page.show()
    asked: list[str] = []
    page.new_wanted.connect(lambda: asked.append("new"))
    page.demonstration_wanted.connect(lambda: asked.append("demonstration"))
    for button in (page.new, page.demonstration, page.department):
        assert button.isEnabled(), "no greyed-out mystery"
        assert button.accessibleDescription()
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked == ["new", "demonstration"]
    assert page.explanation.isVisible()


def test_desks_lately_opened_are_one_click_away(qtbot, tmp_path):
    page = StartPage((tmp_path / "ward.desk", tmp_path / "home.desk"))
    qtbot.addWidget(page)
    opened: list[object] = []
    page.open_wanted.connect(opened.append)
    page.recent[1].click()
    assert opened == [tmp_path / "home.desk"]


def test_a_server_lately_used_is_named_without_its_password(qtbot):
    page = StartPage(("postgresql://ada:secret@db.example:5433/ward",))
    qtbot.addWidget(page)
    page.show()
    assert page.recent[0].text() == "ward"
    assert not any("secret" in said for said in _shown(page))
    form = SignInForm("postgresql://ada:secret@db.example/ward")
    qtbot.addWidget(form)
    form.show()
    assert "ward" in _shown(form)
    assert not any("secret" in said for said in _shown(form))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Needed."),
        ("no/such.desk", "There is no desk here."),
        (".", "This is a folder, not a desk."),
        ("postgresql://", "The address is not complete."),
        ("postgresql://server", "The address is not complete."),
        ("postgresql://server:port/ward", "The address is not complete."),
        ("postgres://[server/ward", "The address is not complete."),
        ("mysql://server/ward", "This version opens files and postgresql:// addresses only."),
    ],
)
def test_what_cannot_be_opened_is_told_beside_the_field(qtbot, typed, words):
    form, wanted = _open_form(qtbot)
    form.where.setText(typed)
    qtbot.keyClick(form.where, Qt.Key.Key_Return)
    assert any(said.startswith(words) for said in _shown(form))
    assert wanted == []


def test_a_file_or_an_address_is_opened(qtbot, tmp_path):
    form, wanted = _open_form(qtbot)
    file = tmp_path / "ward.desk"
    file.touch()
    for typed in (str(file), "postgresql://ada@server/ward", "postgresql:///ward?host=/run/postgresql"):
        form.where.setText(f" {typed} ")
        form.go_on.click()
    assert wanted == [file, "postgresql://ada@server/ward", "postgresql:///ward?host=/run/postgresql"]


def _open_form(qtbot) -> tuple[OpenForm, list[object]]:
    form = OpenForm()
    qtbot.addWidget(form)
    form.show()
    wanted: list[object] = []
    form.wanted.connect(wanted.append)
    return form, wanted


def test_a_new_desk_is_asked_for_whole(qtbot, form, tmp_path):
    wanted: list[NewDesk] = []
    form.wanted.connect(wanted.append)
    qtbot.keyClicks(form.name, "Dr. Chen Wei")
    assert form.user.text() == "chen.wei"
    qtbot.keyClicks(form.password, "correct horse")
    qtbot.keyClicks(form.again, "correct horse")
    assert "The same." in _shown(form)
    qtbot.keyClick(form.again, Qt.Key.Key_Return)
    assert wanted == [NewDesk(tmp_path / "TrialDesk.desk", "Dr. Chen Wei", "chen.wei", "correct horse")]
    assert "horse" not in repr(wanted)
    assert not form.make.isEnabled()
    assert form.make.toolTip()


def test_what_is_missing_is_said_beside_it(qtbot, form):
    wanted: list[NewDesk] = []
    form.wanted.connect(wanted.append)
    qtbot.keyClicks(form.password, "short")
    qtbot.keyClicks(form.again, "shirt")
    form.make.click()
    shown = _shown(form)
    assert shown.count("Needed.") == 2
    assert "Too short: at least 10 characters." in shown
    assert "Not the same as the first." in shown
    assert wanted == []
    assert form.window().focusWidget() is form.name


def test_a_user_name_of_ones_own_is_not_overwritten(qtbot, form):
    qtbot.keyClicks(form.user, "cw")
    qtbot.keyClicks(form.name, "Chen Wei")
    assert form.user.text() == "cw"
    form.user.setText("c w!")
    assert form.user in form.problems()


def test_a_refusal_is_shown_and_can_be_mended(form):
    form.refuse(UserError("There is such a desk already.", remedy="Choose another name."))
    assert "There is such a desk already. Choose another name." in _shown(form)
    assert form.make.isEnabled()


def test_signing_in(qtbot):
    form = SignInForm(Path("ward.desk"), "chen")
    qtbot.addWidget(form)
    form.show()
    wanted: list[SignIn] = []
    form.wanted.connect(wanted.append)
    qtbot.keyClick(form.password, Qt.Key.Key_Return)
    assert wanted == []
    qtbot.keyClicks(form.password, "secret")
    qtbot.keyClick(form.password, Qt.Key.Key_Return)
    assert wanted == [SignIn(Path("ward.desk"), "chen", "secret")]
    assert "secret" not in repr(wanted)
    form.refuse(NotAllowed("The password is wrong."))
    assert form.password.text() == ""
    assert "The password is wrong." in _shown(form)


def test_the_lock_keeps_who_it_is(qtbot):
    form = SignInForm(Path("ward.desk"), "chen", locked=True)
    qtbot.addWidget(form)
    assert form.user.isReadOnly()


def test_tab_leads_from_the_password_to_the_user_name(qtbot):
    form = SignInForm(Path("ward.desk"), "chen")
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    assert QTest.qWaitForWindowActive(form)
    form.setFocus()
    assert form.password.hasFocus()
    for _press in range(3):
        qtbot.keyClick(form.window().focusWidget(), Qt.Key.Key_Tab)
    assert form.user.hasFocus()

"""The small widgets: pill, notice, picture, detail, reason, progress, password."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from trialdesk.base.drawing import Box, Curve, Dot, Drawing, Line, Words
from trialdesk.base.errors import UserError
from trialdesk.desktop import style
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.drawing import DrawingView
from trialdesk.desktop.widgets.notice import Notice
from trialdesk.desktop.widgets.password import PasswordField, strength
from trialdesk.desktop.widgets.progress import ProgressStrip, time_left
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.status import StatusPill


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.mouseMove(made, QPoint(5, 5))
    return made


def test_a_status_is_word_and_icon(qtbot):
    pill = StatusPill(Status("Visit overdue", "warning"))
    qtbot.addWidget(pill)
    pill.show()
    assert pill.accessibleName() == "Visit overdue"
    image = pill.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {style.LIGHT["warning"], style.LIGHT["warning-soft"]} <= colours
    pill.set_status(None)
    assert not pill.isVisible()


def test_a_notice_offers_undo_and_goes_by_itself(qtbot, window):
    undone: list[int] = []
    notice = Notice(window)
    notice.say_done("Participant added", lambda: undone.append(1))
    assert notice.words == "Participant added"
    notice.reach()
    assert window.focusWidget() is notice.button
    qtbot.keyClick(notice.button, Qt.Key.Key_Space)
    assert undone == [1]
    assert not notice.isVisible()
    notice.say("Saved")
    notice._timer.timeout.emit()
    assert not notice.isVisible()


def test_a_notice_one_is_about_to_use_stays(qtbot, window):
    notice = Notice(window)
    notice.say_done("Participant added", lambda: None)
    notice.reach()
    notice._timer.timeout.emit()
    assert notice.isVisible()
    qtbot.keyClick(notice.button, Qt.Key.Key_Escape)
    assert not notice.isVisible()


def test_what_could_not_be_done_stays_until_it_is_closed(qtbot, window):
    notice = Notice(window)
    notice.say_told(UserError("The date is missing.", where="S01-001", remedy="Type it."))
    assert notice.words == "S01-001: The date is missing."
    assert not notice._timer.isActive()
    assert notice.accessibleName() == "S01-001: The date is missing. Type it."
    assert window.rect().contains(notice.geometry())


PICTURE = Drawing(
    400,
    200,
    (
        Box(10, 10, 80, 30, "accent-soft", "line", 4),
        Words(50, 28, "Design", 10, "accent", bold=True, align="centre"),
        Line(90, 25, 120, 25, "muted", 1, arrow=True),
        Line(0, 60, 400, 60, dashed=True),
        Curve(((10, 150), (200, 100), (390, 90)), "good", 2),
        Dot(20, 180, 5, "bad"),
        Dot(50, 180, 5, "bad", "square"),
        Dot(80, 180, 5, "bad", "diamond"),
        Dot(110, 180, 5, "bad", "ring"),
        Dot(140, 180, 5, "bad", "cross"),
    ),
    "Design is done.",
    ((10, 10, 80, 30, "design"), (120, 10, 80, 30, "ethics")),
)


def test_a_picture_fills_its_width_and_says_what_it_shows(qtbot):
    view = DrawingView(PICTURE)
    qtbot.addWidget(view)
    assert view.heightForWidth(400) == pytest.approx(200, abs=1)
    assert view.accessibleDescription() == "Design is done."
    view.resize(400, 200)
    view.show()
    image = view.grab().toImage()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(round(14 * ratio), round(36 * ratio)).name() == style.LIGHT["accent-soft"]
    assert image.pixelColor(round(20 * ratio), round(180 * ratio)).name() == style.LIGHT["bad"]


def test_places_in_a_picture_are_clicked_or_reached_by_keyboard(qtbot):
    view = DrawingView(PICTURE)
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.show()
    gone: list[str] = []
    view.chosen.connect(gone.append)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(130, 20))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
    assert gone == ["ethics"]
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert gone == ["ethics", "design"]
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.accessibleName() == "ethics"


def test_a_record_stands_beside_its_list(qtbot, memory):
    split = ListDetail(QLineEdit(), key="x", memory=memory)
    qtbot.addWidget(split)
    split.resize(1000, 400)
    split.show()
    split.show_detail("S01-001", QLabel("one"))
    assert split.sizes()[1] == pytest.approx(400, abs=20)
    split.setSizes([600, 388])
    split.splitterMoved.emit(600, 1)
    split.show_detail("S01-002", QLabel("two"))
    assert isinstance(split.detail, QLabel)
    assert split.detail.text() == "two"
    split.close_detail()
    assert split.detail is None
    assert memory.get("detail/x") == pytest.approx(388, abs=20)


def test_a_usual_reason_is_one_key_away(qtbot):
    prompt = ReasonPrompt()
    qtbot.addWidget(prompt)
    prompt.show()
    reasons: list[str] = []
    prompt.given.connect(reasons.append)
    prompt.buttons[0].click()
    qtbot.keyClicks(prompt.line, "2")
    qtbot.keyClick(prompt.line, Qt.Key.Key_Return)
    prompt.line.setText("Told by telephone")
    qtbot.keyClick(prompt.line, Qt.Key.Key_Return)
    prompt.line.setText("   ")
    qtbot.keyClick(prompt.line, Qt.Key.Key_Return)
    assert reasons == ["Typing error", "Source document corrected", "Told by telephone"]


def test_long_work_shows_at_the_foot_until_it_ends(qtbot, jobs, settle):
    strip = ProgressStrip(jobs)
    qtbot.addWidget(strip)
    hold, begun = threading.Event(), threading.Event()

    def work(progress) -> None:
        progress(10, 100, "Reading rows")
        begun.set()
        hold.wait(5)
        progress(11, 100)

    jobs.long(work, title="Import")
    qtbot.waitUntil(lambda: any("10 of 100" in label.text() for label in strip.findChildren(QLabel)))
    assert strip.isVisible()
    cancel = strip.findChildren(QPushButton)[0]
    assert cancel.accessibleName() == "Cancel: Import"
    cancel.click()
    assert not cancel.isEnabled()
    assert cancel.toolTip(), "a disabled button says why"
    hold.set()
    settle()
    assert not strip.isVisible()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "5 seconds left"), (42, "45 seconds left"), (61, "2 minutes left"), (59.9, "60 seconds left")],
)
def test_time_left_is_as_rough_as_it_is_known(seconds, words):
    assert time_left(seconds) == words


def test_a_password_can_be_shown(qtbot):
    field = PasswordField("Password")
    qtbot.addWidget(field)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    eye = field.actions()[0]
    eye.trigger()
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    eye.trigger()
    assert field.echoMode() == QLineEdit.EchoMode.Password


@pytest.mark.parametrize(
    ("password", "begins"),
    [
        ("", ""),
        ("short", "Too short"),
        ("aaaaaaaaaaaa", "Weak"),
        ("sunnymorn1", "Fair"),
        ("correct horse battery", "Strong"),
    ],
)
def test_a_passwords_strength_is_said_in_words(password, begins):
    assert strength(password).startswith(begins)
    assert bool(strength(password)) == bool(begins)

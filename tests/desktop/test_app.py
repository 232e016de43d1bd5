from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel

from tests.desktop.bench import Bench, Participants, catalogue
from trialdesk.base.i18n import language
from trialdesk.desktop import look, style
from trialdesk.desktop.app import Main
from trialdesk.desktop.entering import SignIn
from trialdesk.desktop.pages.catalog import PLACES
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.start import NewDeskForm, OpenForm, SignInForm, StartPage

ROOT = Path(__file__).parents[2]


@pytest.fixture
def main(qtbot, jobs, memory, bench, qapp):
    made = Main(memory, jobs, lambda: bench, lambda: catalogue(PLACES))
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.end()
    look.apply(qapp, "light")


def _inside(main: Main) -> Any:
    """Return what the window shows."""
    stack: Any = main.window.centralWidget()
    return stack.currentWidget()


def _open(main: Main, settle, bench: Bench) -> Any:
    main._show_desk(bench.sign_in(SignIn(Path("ward.desk"), "chen", "correct horse")))
    settle()
    assert main.shell
    return main.shell


def test_from_the_first_start_to_a_desk(main, settle, qtbot, memory):
    main.begin(None)
    start = _inside(main)
    assert isinstance(start, StartPage)
    start.new.click()
    form = _inside(main)
    assert isinstance(form, NewDeskForm)
    form.name.setText("Nobody")
    form.user.setText("chen")
    for line in (form.password, form.again):
        line.setText("correct horse")
    form.make.click()
    settle()
    assert "There is such a desk already. Choose another name." in form.failure.accessibleName()
    form.name.setText("Chen Wei")
    form.make.click()
    settle()
    assert isinstance(_inside(main), Shell)
    assert main.window.windowTitle() == "Today – TrialDesk"
    assert memory.texts("desks")[0].endswith("TrialDesk.desk")


def test_the_demonstration_opens(main, settle):
    main.begin(None)
    _inside(main).demonstration.click()
    settle()
    assert isinstance(_inside(main), Shell)


def test_a_wrong_password_lets_nobody_in(main, settle):
    main.begin(Path("ward.desk"))
    form = _inside(main)
    assert isinstance(form, SignInForm)
    form.user.setText("chen")
    form.password.setText("wrong")
    form.enter.click()
    settle()
    assert _inside(main) is form
    assert "The user name or the password is wrong." in [label.text() for label in form.findChildren(QLabel)]
    assert not form.failure.isVisible()
    form.password.setText("correct horse")
    form.enter.click()
    settle()
    assert isinstance(_inside(main), Shell)


def test_another_language_loses_nothing(main, settle, qtbot, bench):
    shell = _open(main, settle, bench)
    shell.go(Spot("studies", "s1", "participants"))
    settle()
    shell.page.table.select(bench.rows[3].id)
    shell.page.form.editor("note").set_typed("half a sen")
    shell.window_asked.emit("language:zh")
    settle()
    assert language() == "zh"
    assert main.shell is not shell
    page = main.shell.page
    assert isinstance(page, Participants)
    assert page.form
    assert page.form.editor("note").typed() == "half a sen"
    assert main.shell._rail["settings"].text() == "设置"


def test_light_and_dark_are_chosen_and_kept(main, settle, bench, memory):
    shell = _open(main, settle, bench)
    shell.go(Spot("settings"))
    shell.window_asked.emit("look:dark")
    assert style.is_dark()
    assert memory.words("look") == "dark"


def test_the_lock_covers_and_keeps_what_was_typed(main, settle, bench, qtbot):
    shell = _open(main, settle, bench)
    shell.go(Spot("studies", "s1", "participants"))
    settle()
    shell.page.table.select(bench.rows[3].id)
    editor = shell.page.form.editor("note")
    editor.set_typed("half a sen")
    main.lock()
    main.lock()
    assert bench.interrupted == 1, "who signs next gives user name and password"
    form = _inside(main)
    assert isinstance(form, SignInForm)
    assert not shell.isVisible()
    assert not main.window.menuBar().isEnabled()
    form.password.setText("wrong")
    form.enter.click()
    settle()
    assert main.window.covered
    form.password.setText("correct horse")
    form.enter.click()
    settle()
    assert _inside(main) is shell
    assert editor.typed() == "half a sen"
    assert bench.closed == 1, "what was opened to prove who is there is closed"


def test_it_locks_itself_when_nobody_is_there(main, settle, bench, qtbot):
    _open(main, settle, bench)
    assert main.window._idle.interval() == 15 * 60_000
    before = main.window._idle.timerId()
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    main.window.eventFilter(main.window, event)
    assert main.window._idle.timerId() != before, "a key begins the wait anew"
    main.window.idle.emit()
    assert main.window.covered


def test_a_server_is_opened_by_its_address_and_its_password_not_kept(main, settle, bench, memory):
    address = "postgresql://ada:secret@db.example/ward"
    main.begin(None)
    settle()
    start = _inside(main)
    assert isinstance(start, StartPage)
    start.open_wanted.emit(None)
    settle()
    form = _inside(main)
    assert isinstance(form, OpenForm)
    form.where.setText(address)
    form.go_on.click()
    settle()
    sign_in = _inside(main)
    assert isinstance(sign_in, SignInForm)
    sign_in.user.setText("ada")
    sign_in.password.setText("correct horse")
    sign_in.enter.click()
    settle()
    assert main.shell is not None
    main.shell.window_asked.emit("open")
    settle()
    assert "secret" not in str([memory.get(key) for key in ("last_desk", "desks", "last_users", "places")])


def test_a_desk_opens_where_this_person_left_it(main, settle, bench, memory):
    shell = _open(main, settle, bench)
    shell.go(Spot("studies", "s1", "participants", bench.rows[3].id))
    settle()
    shell.window_asked.emit("open")
    settle()
    assert bench.rows[3].id not in str(memory.get("places")), "whom one looked at is study data"
    assert _open(main, settle, bench).spot == Spot("studies", "s1", "participants")
    main._show_desk(bench.sign_in(SignIn(Path("ward.desk"), "obi", "correct horse")))
    settle()
    assert main.shell.spot == Spot("today"), "another person begins where everybody begins"


@pytest.mark.parametrize("left", ["studies/gone/participants", "studies/s1/gone", "gone//", "////", "studies//x"])
def test_what_is_not_there_any_more_is_not_gone_to(main, settle, bench, memory, left):
    memory.keep("places", {"chen ward.desk": left})
    shell = _open(main, settle, bench)
    assert shell.page is not None
    assert shell.spot.study in {"", "s1"}
    assert shell.spot.section in {"", *shell._sections}


def test_another_desk_can_be_opened(main, settle, bench):
    shell = _open(main, settle, bench)
    shell.window_asked.emit("open")
    settle()
    assert isinstance(_inside(main), StartPage)
    assert bench.closed == 1


def test_the_first_window_is_painted_before_anything_heavy_is_imported(tmp_path):
    """What is heavy waits: database, reports, the numbers of languages; and what no first page asks for."""
    script = """
import json, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from trialdesk.desktop import app
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            heavy = ("sqlalchemy", "reportlab", "babel", "alembic", "pikepdf", "concurrent.futures", "dataclasses")
            print(json.dumps([name for name in heavy if name in sys.modules]), flush=True)
            watched.removeEventFilter(self)
            QTimer.singleShot(0, watched.window().close)
        return False
make = app.make_application
watch = Watch()
from trialdesk.desktop.window import Window
show = Window.show
def shown(window):
    window.centralWidget().installEventFilter(watch)
    show(window)
Window.show = shown
app.run([], lambda: None)
"""
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    answer = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(answer.stdout.splitlines()[0]) == []

"""What starting costs: process start to first paint, and to a study's participants with their data on an unlocked desk.

The baselines are windows of bare PySide6 with one table; the second also imports SQLAlchemy and reads the same rows.
Every run is a process of its own, offscreen; what is measured is the time from the process's start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Bar, compared
from tests.support.acts import a_site, a_study
from tests.support.desks import PASSWORD, desk_at
from tests.trail.test_trail import screen_many

PEOPLE = 500

PAINTED = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    '''Tells when the widget was painted and `ready` says so, and ends. Only that widget's events are slower for it.'''
    def __init__(self, widget, ready=lambda: True):
        super().__init__(widget)
        self.ready = ready
        widget.installEventFilter(self)
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.ready():
            print(time.monotonic() - float(os.environ["BEGAN"]), flush=True)
            os._exit(0)
        return False
"""

MODEL = """
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QMainWindow, QTableView

class Model(QAbstractTableModel):
    def __init__(self, rows):
        super().__init__()
        self.rows = rows
    def rowCount(self, parent=None):
        return len(self.rows)
    def columnCount(self, parent=None):
        return 8
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return str(self.rows[index.row()][index.column()]) if role == Qt.ItemDataRole.DisplayRole else None

application = QApplication([])
window = QMainWindow()
view = QTableView()
window.setCentralWidget(view)
window.resize(1366, 768)
"""

BARE = (
    PAINTED
    + MODEL
    + """
watch = Watch(window)
model = Model([[f"{row} {column}" for column in range(8)] for row in range(500)])
view.setModel(model)
window.show()
application.exec()
"""
)

OURS = (
    PAINTED
    + """
from trialdesk.desktop import app
def spin(*_):
    (window,) = (each for each in QApplication.topLevelWidgets() if each.isVisible())
    watch = Watch(window)
    return QApplication.instance().__class__.__base__.exec()
QApplication.exec = spin
def doors():
    raise RuntimeError("no desk is opened here")
app.run([], doors)
"""
)

BARE_ROWS = (
    PAINTED
    + MODEL
    + """
window.show()
application.processEvents()
import sqlalchemy as sa
engine = sa.create_engine("sqlite:///" + sys.argv[1])
with engine.connect() as connection:
    rows = connection.execute(sa.text("SELECT * FROM enrollment_participant")).all()
assert len(rows) == 500
watch = Watch(view.viewport())
model = Model(rows)
view.setModel(model)
application.exec()
"""
)

OUR_ROWS = (
    PAINTED
    + """
from pathlib import Path
import trialdesk.desktop.app as app
from trialdesk.desktop.entering import SignIn
path, password, study = sys.argv[1:4]
def unlocked():
    # An unlocked desk: what the password costs is not what is measured.
    from trialdesk.people import credentials
    from trialdesk.desktop.doors import DomainDoors
    keys = credentials.Keys(bytes.fromhex(os.environ["SECRET"]), bytes.fromhex(os.environ["DESK_KEY"]))
    credentials.unlock = lambda *_: keys
    return DomainDoors(lambda *_: None)
original = app.Main._show_desk
def show_desk(main, opened):
    # The window opens where it was left.
    main._memory.keep("places", {f"ada {path}": f"studies/{study}/participants"})
    original(main, opened)
    table = main.shell.page.table
    main.watch = Watch(table.view.viewport(), lambda: len(table.rows()) == 500)
app.Main._show_desk = show_desk
begin = app.Main.begin
def sign_in_at_once(main, _path):
    begin(main, Path(path))
    main._enter(lambda doors: doors.sign_in(SignIn(Path(path), "ada", password)), print)
app.Main.begin = sign_in_at_once
app.run([path], unlocked)
"""
)


def bars() -> list[Bar]:
    with tempfile.TemporaryDirectory() as folder:
        return [
            compared(
                "process start to first paint / a bare window with one table",
                lambda: child(OURS, folder),
                lambda: child(BARE, folder),
                at_most=1.5,
                runs=21,
            ),
            with_rows(folder),
        ]


def with_rows(folder: str) -> Bar:
    path = Path(folder) / "rows.desk"
    desk = desk_at(str(path), Path(folder))
    study = a_study(desk)
    desk.run(screen_many, study=study, site=a_site(desk, study), count=PEOPLE)
    assert desk.session is not None
    secrets = {"SECRET": desk.session.keys.account_secret.hex(), "DESK_KEY": desk.session.keys.desk_key.hex()}
    desk.close()
    return compared(
        "process start to participants / a bare window, SQLAlchemy and the same rows",
        lambda: child(OUR_ROWS, folder, str(path), PASSWORD, study, **secrets),
        lambda: child(BARE_ROWS, folder, str(path)),
        at_most=2.0,
        runs=21,
    )


def child(program: str, home: str, *words: str, **environment: str) -> float:
    """Run a program and return the seconds from its start to what it tells."""
    import time

    settings = {
        # Compiled modules are kept between runs, as they are on anybody's machine.
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_STATE_HOME": f"{home}/state",
        **environment,
    }
    told = subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**settings, "BEGAN": str(time.monotonic())},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    return float(told.stdout.split()[-1])

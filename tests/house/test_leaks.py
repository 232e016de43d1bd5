"""The watch over leaks bites: each test below leaves something behind and fails for it, the clean ones pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.support.checkout import ROOT

LEAVING = """
import logging
import threading

from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QDialog, QWidget

kept = []


def test_thread():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, args=(60,), name="straggler", daemon=True).start()


def test_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(60_000)


def test_qt_thread(qapp):
    kept.append(QThread(objectName="pool"))
    kept[-1].start()


def test_window(qtbot):
    kept.append(QDialog(objectName="forgotten"))


def test_log():
    logging.getLogger("trialdesk.sync").warning("the clock is %d s slow", 90)


def test_log_that_never_came(expected_log):
    expected_log("trialdesk.sync", logging.ERROR, "no route")


def test_clean_log(expected_log):
    expected_log("trialdesk", logging.WARNING, r"\\d+ s slow")
    logging.getLogger("trialdesk.sync").warning("the clock is %d s slow", 90)


def test_clean_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.timer = QTimer(window)
    window.timer.start(60_000)
    window.show()


def test_clean_thread():
    thread = threading.Thread(target=int)
    thread.start()

"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("leaving") / "test_leaving.py"
    place.write_text(LEAVING)
    plugins = ["-p", "tests.support.leaks", "-p", "no:randomly", "-p", "no:cacheprovider"]
    words = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-v", *plugins, str(place)]
    # Options of the run around it would change what it prints.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("thread", "thread straggler is running"),
        ("timer", "is active"),
        ("qt_thread", "is running"),
        ("window", 'name="forgotten"'),
        ("log", "an unexpected WARNING of trialdesk.sync: the clock is 90 s slow"),
        ("log_that_never_came", "no record of trialdesk.sync matches 'no route'"),
    ],
)
def test_what_is_left_fails_the_test_that_left_it(answer: str, test: str, words: str):
    failure = answer.split(f" ERROR at teardown of test_{test} _", 1)[1].split("\n___", 1)[0]
    assert words in failure


@pytest.mark.parametrize("test", ["clean_log", "clean_window", "clean_thread"])
def test_what_cleans_up_passes(answer: str, test: str):
    assert re.search(rf"::test_{test} PASSED", answer)
    assert not re.search(rf"::test_{test} ERROR", answer)

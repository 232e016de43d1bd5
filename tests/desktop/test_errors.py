from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from trialdesk.base.errors import UserError
from trialdesk.base.support import support_text
from trialdesk.desktop.errors import Failures
from trialdesk.desktop.widgets.fault import Fault


def _visit(name: str) -> None:
    raise ValueError(f"no visit for {name}") from KeyError("S01-001")


def _fault() -> Exception:
    try:
        _visit("Zhang Wei")
    except ValueError as error:
        return error
    pytest.fail("nothing raised")


def test_support_gets_places_and_no_values():
    text = support_text(_fault())
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_errors.py" in text
    assert "Zhang" not in text
    assert "S01-001" not in text


def test_what_a_person_can_mend_is_told_in_words(qapp):
    told: list[str] = []
    Failures(lambda error: told.append(str(error))).show(UserError("The date is missing.", where="S01-001"))
    assert told == ["S01-001: The date is missing."]


def test_a_fault_of_ours_opens_one_window_with_details_to_copy(qtbot, capsys):
    failures = Failures(lambda _told: pytest.fail("told"))
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    failures.show(_fault(), parent)
    failures.show(_fault(), parent)
    dialogs = parent.findChildren(Fault)
    assert len(dialogs) == 1
    details = dialogs[0].findChildren(QPlainTextEdit)[0]
    assert not details.isVisible()
    fold, copy, close = dialogs[0].findChildren(QPushButton)
    fold.click()
    assert details.isVisible()
    copy.click()
    assert QGuiApplication.clipboard().text().count("ValueError") == 2
    close.click()
    assert not dialogs[0].isVisible()
    assert "Zhang" not in capsys.readouterr().err


def test_what_a_thread_does_not_catch_is_shown_on_the_main_thread(qtbot):
    told: list[tuple[str, bool]] = []
    main = threading.get_ident()
    failures = Failures(lambda error: told.append((error.words, threading.get_ident() == main)))
    failures.install()
    try:
        thread = threading.Thread(target=_raise)
        thread.start()
        thread.join()
        sys.excepthook(UserError, UserError("From a slot."), None)
        assert told == [], "not before the event loop comes to it"
        qtbot.waitUntil(lambda: len(told) == 2)
    finally:
        failures.uninstall()
    assert told == [("From a thread.", True), ("From a slot.", True)]


def _raise() -> None:
    raise UserError("From a thread.")

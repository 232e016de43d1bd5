"""A pytest plugin: a test that leaves something running, a window open or a warning unexpected fails, naming what.

Watched are threads, started QThreads and QTimers, top-level widgets, and log records from WARNING on.
"""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakSet

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_GRACE_MS = 1000
"""Milliseconds in which a thread that was told to end may do so."""

_Started = TypeVar("_Started", QTimer, QThread)

ExpectLog = Callable[[str, int, str], None]


@dataclass
class _Expectation:
    logger: str
    level: int
    pattern: re.Pattern[str]

    def is_met_by(self, record: logging.LogRecord) -> bool:
        named = record.name == self.logger or record.name.startswith(f"{self.logger}.")
        return named and record.levelno == self.level and bool(self.pattern.search(record.getMessage()))


@dataclass
class _Watch:
    """What was there before the test, and what it did since."""

    threads: set[threading.Thread]
    windows: set[int]
    records: list[logging.LogRecord] = field(default_factory=list)
    expected: list[_Expectation] = field(default_factory=list)


_watch = pytest.StashKey[_Watch]()
_started_timers: WeakSet[QTimer] = WeakSet()
_started_threads: WeakSet[QThread] = WeakSet()


class _Recorder(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@pytest.fixture
def expected_log(request: pytest.FixtureRequest) -> ExpectLog:
    """Say which warning or error the test provokes: `expected_log("trialdesk.sync", logging.WARNING, "no route")`.

    The logger, or one below it, must log a record of that level whose message matches the pattern; each call allows
    and demands one or more of them. A record of WARNING or above that no call expects fails the test.
    """
    expected = request.node.stash[_watch].expected

    def expect(logger: str, level: int, pattern: str) -> None:
        expected.append(_Expectation(logger, level, re.compile(pattern)))

    return expect


def pytest_configure() -> None:
    """Remember every timer and thread of Qt that is started."""
    _remember(QTimer, _started_timers)
    _remember(QThread, _started_threads)


def _remember(kind: type[_Started], started: WeakSet[_Started]) -> None:
    start = vars(kind)["start"]

    def start_remembered(self: _Started, *words: object) -> None:
        started.add(self)
        start(self, *words)

    setattr(kind, "start", start_remembered)  # noqa: B010 - the types know of no such assignment


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Record what is logged from the set-up of the first fixture to the end of the last."""
    item.stash[_watch] = watch = _Watch(set(threading.enumerate()), set(_windows()))
    recorder = _Recorder(watch.records)
    logging.getLogger().addHandler(recorder)
    try:
        return (yield)
    finally:
        logging.getLogger().removeHandler(recorder)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Look when every fixture has cleaned up."""
    result = yield
    watch = item.stash[_watch]
    found = [*_left_threads(watch), *_left_qt(), *_left_windows(watch), *_log(watch)]
    if found:
        pytest.fail("The test left behind:\n" + "\n".join(found), pytrace=False)
    return result


def _left_threads(watch: _Watch) -> Iterator[str]:
    for thread in set(threading.enumerate()) - watch.threads:
        # Python's stand-in for a thread that Qt made stays listed after that has ended.
        if isinstance(thread, threading._DummyThread):
            continue
        thread.join(_GRACE_MS / 1000)
        if thread.is_alive():
            yield f"thread {thread.name} is running"


def _left_qt() -> Iterator[str]:
    for timer in list(_started_timers):
        if shiboken6.isValid(timer) and timer.isActive():
            timer.stop()
            yield f"timer {timer!r} is active"
    for thread in list(_started_threads):
        if shiboken6.isValid(thread) and thread.isRunning() and not thread.wait(_GRACE_MS):
            yield f"thread {thread!r} is running"
            thread.quit()
            thread.wait(_GRACE_MS)
    _started_timers.clear()
    _started_threads.clear()


def _windows() -> dict[int, QWidget]:
    if not isinstance(QApplication.instance(), QApplication):
        return {}
    return {shiboken6.getCppPointer(widget)[0]: widget for widget in QApplication.topLevelWidgets()}


def _left_windows(watch: _Watch) -> Iterator[str]:
    if set(_windows()) <= watch.windows:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    for pointer, widget in _windows().items():
        if pointer not in watch.windows:
            yield f"window {widget!r} is alive"
            shiboken6.delete(widget)


def _log(watch: _Watch) -> Iterator[str]:
    for expectation in watch.expected:
        if not any(expectation.is_met_by(record) for record in watch.records):
            yield f"no record of {expectation.logger} matches {expectation.pattern.pattern!r}, though one was expected"
    for record in watch.records:
        if not any(expectation.is_met_by(record) for expectation in watch.expected):
            yield f"an unexpected {record.levelname} of {record.name}: {record.getMessage()}"

"""Watches the GUI thread: every event's handling is timed, and one that takes too long is kept with its name.

A step is what runs between Qt's handing out an event and its being done. It is too long when the thread's own work in
it passes the limit (50 ms on an ordinary machine, more on a slower one and while others keep it busy), or when it
stands still: three times the limit asleep, which is waiting for something. Time in which it was ready and others had
the processors is neither; where the system does not tell it, ten times the limit on the clock is standing still. What
the watching itself costs is taken off: every event within a step passes through here, too, and dressing a form is
thousands of them. So is what Python's collector takes when its turn falls into a step: it looks through all that a
session of tests keeps alive (70 ms a time after imports alone), which the program puts aside for good once it is up.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

LIMIT_MS = 50.0

TOLL_US = 18.0
"""What passing through `notify` costs one event: a form of 18 fields is dressed by 2,224 events, in 42 ms unwatched and
in 70 to 105 ms watched."""

ASK_EVERY = 0.25
"""Seconds after which the machine is asked again how busy others keep it."""


@dataclass(frozen=True)
class Step:
    """One event's handling."""

    receiver: str
    event: str
    worked_ms: float
    took_ms: float
    slept_ms: float = 0.0
    """How long the thread waited for something other than a processor; 0 where the system does not tell."""

    def __str__(self) -> str:
        return (
            f"{self.receiver} {self.event}: worked {self.worked_ms:.0f} ms, slept {self.slept_ms:.0f} ms, "
            f"took {self.took_ms:.0f} ms"
        )


class WatchedApplication(QApplication):
    """The application of all desktop tests."""

    watching = False
    slow: list[Step]

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.slow = []
        self._depth = 0
        self._within = 0
        self._busy = 1.0
        self._asked = 0.0
        self._collecting = (0.0, 0.0)
        self._collected = (0.0, 0.0)

    def collector(self, phase: str, _told: dict[str, int]) -> None:
        """Add up what the collector takes of the window's thread, worked and on the clock; it calls this itself."""
        if threading.current_thread() is not threading.main_thread():
            return
        now = time.thread_time(), time.perf_counter()
        if phase == "start":
            self._collecting = now
        else:
            worked, took = (ended - began for ended, began in zip(now, self._collecting, strict=True))
            self._collected = self._collected[0] + worked, self._collected[1] + took

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Hand out an event, timing it."""
        if not self.watching:
            return super().notify(receiver, event)
        if self._depth:
            self._within += 1
            return super().notify(receiver, event)
        if time.monotonic() - self._asked > ASK_EVERY:
            self._busy, self._asked = _busy(), time.monotonic()
        name, kind = type(receiver).__name__, event.type().name
        self._depth += 1
        self._within = 0
        self._collected = 0.0, 0.0
        queued, worked, began = _queued(), time.thread_time(), time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            took = time.perf_counter() - began - self._collected[1]
            ran, waited = time.thread_time() - worked - self._collected[0], _queued()
            slept = 0.0 if queued is None or waited is None else took - ran - (waited - queued)
            toll = self._within * TOLL_US / 1e6 * max(1.0, _slowness())
            step = Step(name, kind, (ran - toll) * 1000, took * 1000, slept * 1000)
            if is_slow(step) and is_slow(step, busy=max(self._busy, _busy())):
                self.slow.append(step)


@contextmanager
def watched(application: WatchedApplication) -> Iterator[list[Step]]:
    """Give a list that fills with the steps that take too long while the block runs."""
    limit_ms()
    application.slow.clear()
    application.watching = True
    gc.callbacks.append(application.collector)
    try:
        yield application.slow
    finally:
        gc.callbacks.remove(application.collector)
        application.watching = False


def is_slow(step: Step, *, busy: float = 1.0) -> bool:
    """Say whether a step worked too long or stood still, on a machine `busy` times slower than it can be."""
    limit = limit_ms() * max(1.0, busy)
    return step.worked_ms > limit or step.slept_ms > 3 * limit or step.took_ms > 10 * limit


def limit_ms() -> float:
    """Return the limit on this machine, times `TRIALDESK_STEP_FACTOR` where that is set."""
    return LIMIT_MS * max(1.0, _slowness()) * float(os.environ.get("TRIALDESK_STEP_FACTOR", "1"))


def _queued() -> float | None:
    """Return the seconds in which this thread was ready and others ran; None where the system does not tell."""
    try:
        told = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(told, 100).split()[1]) / 1e9
    finally:
        os.close(told)


def _busy() -> float:
    """Return how much slower others make this machine just now than it can be."""
    now = _counting()
    return now / _at_best(now)


def _slowness() -> float:
    """Return how much slower than an ordinary machine this one counts to 100,000 (4 ms)."""
    return _at_best() / 0.004


_BEST: list[float] = []


def _at_best(now: float | None = None) -> float:
    """Return the seconds that counting takes when nobody is in the way: the best that was ever seen here.

    Others may well be in the way when it is first asked: what is seen later counts, so that one busy moment at the
    start does not make the rule lax for all that follows.
    """
    seen = [*_BEST, *([] if now is None else [now])] or [_counting() for _round in range(5)]
    _BEST[:] = [min(seen)]
    return _BEST[0]


def _counting() -> float:
    """Return the seconds of its own that this thread needs to count to 100,000 now: the best of three."""
    best = 1.0
    for _round in range(3):
        began = time.thread_time()
        total = 0
        for number in range(100_000):
            total += number
        best = min(best, time.thread_time() - began)
    return best

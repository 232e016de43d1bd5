"""Watches the GUI thread: every event's handling is timed, and one that takes too long is kept with its name.

A step is what runs between Qt's handing out an event and its being done. It is too long when the thread's own work in
it passes the limit (50 ms on an ordinary machine, more on a slower one), or when it stands still: ten times the limit
on the clock, which is waiting for something. What the watching itself costs is taken off: every event within a step
passes through here, too, and dressing a form is thousands of them.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

LIMIT_MS = 50.0

TOLL_US = 12.0
"""What passing through `notify` costs one event: a form of 18 fields is dressed by 2,224 events in 42 ms unwatched, and
in at least 70 ms watched."""


@dataclass(frozen=True)
class Step:
    """One event's handling."""

    receiver: str
    event: str
    worked_ms: float
    took_ms: float

    def __str__(self) -> str:
        return f"{self.receiver} {self.event}: worked {self.worked_ms:.0f} ms, took {self.took_ms:.0f} ms"


class WatchedApplication(QApplication):
    """The application of all desktop tests."""

    watching = False
    slow: list[Step]

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.slow = []
        self._depth = 0
        self._within = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Hand out an event, timing it."""
        if not self.watching:
            return super().notify(receiver, event)
        if self._depth:
            self._within += 1
            return super().notify(receiver, event)
        name, kind = type(receiver).__name__, event.type().name
        self._depth += 1
        self._within = 0
        worked, began = time.thread_time(), time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            toll = self._within * TOLL_US / 1e6 * max(1.0, _slowness())
            step = Step(name, kind, (time.thread_time() - worked - toll) * 1000, (time.perf_counter() - began) * 1000)
            if is_slow(step):
                self.slow.append(step)


def is_slow(step: Step) -> bool:
    """Say whether a step worked too long or stood still."""
    limit = limit_ms()
    return step.worked_ms > limit or step.took_ms > 10 * limit


@cache
def limit_ms() -> float:
    """Return the limit on this machine, times `TRIALDESK_STEP_FACTOR` where that is set."""
    return LIMIT_MS * max(1.0, _slowness()) * float(os.environ.get("TRIALDESK_STEP_FACTOR", "1"))


@cache
def _slowness() -> float:
    """Return how much slower than an ordinary machine this one counts to 300,000 (12 ms); the best of five."""
    best = 1.0
    for _round in range(5):
        began = time.thread_time()
        total = 0
        for number in range(300_000):
            total += number
        best = min(best, time.thread_time() - began)
    return best / 0.012

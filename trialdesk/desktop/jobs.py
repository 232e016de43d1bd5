"""Work beside the window: one writer, several readers, and one door through which every answer comes back.

A piece of work is a plain callable run on a thread of a pool; what it returns or raises is handed to `then` or
`failed` on the main thread. Answers whose owner is gone, or that a newer question has overtaken, are dropped.
Nothing else in the desktop makes threads.
"""

from __future__ import annotations

import sys
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
_Pool = Literal["writer", "reader"]

HANDED_OVER = 0.001
"""Seconds for which a worker may keep the interpreter from the window, which asks for it again with every cell it
paints: at Python's own 5 ms, one painting beside a busy worker stood still for a third of a second."""

TELL_EVERY = 0.1
"""Seconds between two progress reports of one piece of work that reach the window."""


class Stopped(BaseException):
    """Raised inside long work whose person pressed Cancel; it passes through handlers of ordinary failures."""


class Progress(Protocol):
    """What long work calls to say how far it is. Raises Stopped once the person has cancelled."""

    def __call__(self, done: int, total: int = 0, words: str = "") -> None:
        """Say that `done` of `total` steps are done (0: not known) and, in words, what is being done now."""
        ...


class Job:
    """One piece of work under way: what the progress strip shows."""

    def __init__(self, title: str = "", *, long: bool = False) -> None:
        self.title = title
        self.long = long
        self.done = 0
        self.total = 0
        self.words = ""
        self.began = time.monotonic()
        self._stop = threading.Event()
        self._told = 0.0

    def cancel(self) -> None:
        """Ask the work to stop at its next step; an answer already under way is dropped."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Say whether Cancel was pressed."""
        return self._stop.is_set()

    def seconds_left(self) -> float | None:
        """Return the seconds left at the pace so far; None before enough is known to say."""
        spent = time.monotonic() - self.began
        if not self.total or self.done <= 0 or spent < 1:
            return None
        return spent / self.done * max(self.total - self.done, 0)


class _Asker(NamedTuple):
    """Who wants the answer, and which question it answers."""

    then: Callable[[Any], object] | None
    failed: Callable[[BaseException], object] | None
    owner: weakref.ref[QObject] | None = None
    question: tuple[int, str] | None = None
    serial: int = 0


class Jobs(QObject):
    """The two pools and the door. Make one, on the main thread; `shutdown` it before the application ends."""

    started = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    stopped = Signal(object)
    """Long work gave up because Cancel was pressed."""
    _answered = Signal(object, object, object, object)
    _advanced = Signal(object)

    def __init__(
        self,
        *,
        readers: int = 3,
        on_failure: Callable[[BaseException, QObject | None], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        sys.setswitchinterval(HANDED_OVER)
        self._threads: dict[_Pool, int] = {"writer": 1, "reader": readers}
        self._pools: dict[_Pool, ThreadPoolExecutor] = {}
        self._on_failure = on_failure
        self._newest: dict[tuple[int, str], int] = {}
        self._serial = 0
        self._running: dict[Job, Future[None]] = {}
        self._held: list[Callable[[], object]] = []
        self._open = True
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._advanced.connect(self._advance, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        work: Callable[[], T],
        *,
        then: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        owner: QObject | None = None,
        latest: str = "",
        can_wait: bool = False,
    ) -> Job:
        """Run `work` on a reader and hand what it returns to `then`, what it raises to `failed`.

        With `latest`, only the newest question of that name and owner is answered. What `can_wait` is asked once
        what was asked before is answered, long work aside. Without `failed`, a failure goes to the one place that
        shows failures.
        """
        asker, job = self._asker(then, failed, owner, latest), Job()
        ask = partial(self._submit, "reader", lambda _progress: work(), job, asker)
        if can_wait and self._asked():
            self._held.append(ask)
        else:
            ask()
        return job

    def write(
        self,
        work: Callable[[], T],
        *,
        then: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Run `work` on the writer, after everything written before; else as `read`."""
        return self._submit("writer", lambda _progress: work(), Job(), self._asker(then, failed, owner))

    def long(
        self,
        work: Callable[[Progress], T],
        *,
        title: str,
        writes: bool = False,
        then: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Run long work, shown in the progress strip under `title` (translated) until it ends or is cancelled.

        `work` gets a `Progress` to call at every step. Work that stopped because of Cancel has no
        answer; work that was done all the same has one.
        """
        pool: _Pool = "writer" if writes else "reader"
        return self._submit(pool, work, Job(title=title, long=True), self._asker(then, failed, owner))

    def set_failure(self, show: Callable[[BaseException, QObject | None], object]) -> None:
        """Say where failures go that nobody asked to hear of."""
        self._on_failure = show

    def idle(self) -> bool:
        """Say whether no work is under way or waits, and no answer waits to be delivered."""
        return not self._running and not self._held

    def shutdown(self) -> None:
        """End: cancel long work and questions, finish what is being written, deliver nothing more. Waits for it."""
        self._open = False
        self._held.clear()
        for job in list(self._running):
            job.cancel()
        for name in ("reader", "writer"):
            if pool := self._pools.get(name):
                # A question nobody waits for is dropped; what is to be written is written.
                pool.shutdown(wait=True, cancel_futures=name == "reader")
        self._running.clear()

    def _asker(
        self,
        then: Callable[[T], object] | None,
        failed: Callable[[BaseException], object] | None,
        owner: QObject | None,
        latest: str = "",
    ) -> _Asker:
        self._serial += 1
        question = (id(owner), latest) if latest else None
        if question:
            self._newest[question] = self._serial
        known = weakref.ref(owner) if owner is not None else None
        return _Asker(cast("Callable[[Any], object] | None", then), failed, known, question, self._serial)

    def _submit(self, pool: _Pool, work: Callable[[Progress], T], job: Job, asker: _Asker) -> Job:
        def run() -> None:
            value: object = None
            error: BaseException | None = None
            try:
                if not self._overtaken(asker):
                    value = work(self._progress_of(job))
            except BaseException as raised:  # noqa: BLE001 - whatever was raised is carried to the main thread
                error = raised
            if self._open:
                self._answered.emit(job, asker, value, error)

        self._running[job] = self._pool(pool).submit(run)
        if job.long:
            self.started.emit(job)
        return job

    def _pool(self, name: _Pool) -> ThreadPoolExecutor:
        """Return the pool, made with its first work: the first window is painted before there is any."""
        if name not in self._pools:
            from concurrent.futures import ThreadPoolExecutor

            self._pools[name] = ThreadPoolExecutor(self._threads[name], thread_name_prefix=name)
        return self._pools[name]

    def _overtaken(self, asker: _Asker) -> bool:
        return asker.question is not None and self._newest.get(asker.question) != asker.serial

    def _progress_of(self, job: Job) -> Progress:
        def progress(done: int, total: int = 0, words: str = "") -> None:
            if job.cancelled:
                raise Stopped
            job.done, job.total, job.words = done, total, words or job.words
            now = time.monotonic()
            if now - job._told >= TELL_EVERY or done == total:  # noqa: SLF001 - a job's own clock
                job._told = now  # noqa: SLF001 - as above
                self._advanced.emit(job)

        return progress

    @Slot(object)
    def _advance(self, job: Job) -> None:
        if job in self._running:
            self.progressed.emit(job)

    @Slot(object, object, object, object)
    def _deliver(self, job: Job, asker: _Asker, value: object, error: BaseException | None) -> None:
        if self._running.pop(job, None) is None:
            return
        try:
            self._hand_over(job, asker, value, error)
        finally:
            if self._held and not self._asked():
                # Painting what was answered comes first.
                QTimer.singleShot(0, self, self._let_go)

    def _let_go(self) -> None:
        if self._asked():
            return
        held, self._held = self._held, []
        for ask in held:
            ask()

    def _asked(self) -> bool:
        return any(not job.long for job in self._running)

    def _hand_over(self, job: Job, asker: _Asker, value: object, error: BaseException | None) -> None:
        if job.long:
            self.ended.emit(job)
        overtaken = self._overtaken(asker)
        if asker.question and not overtaken:
            del self._newest[asker.question]
        owner = asker.owner() if asker.owner else None
        if overtaken or (asker.owner and (owner is None or not shiboken6.isValid(owner))):
            return
        if isinstance(error, Stopped):
            self.stopped.emit(job)
        elif error is None:
            if asker.then:
                asker.then(value)
        elif asker.failed:
            asker.failed(error)
        elif self._on_failure:
            self._on_failure(error, owner)
        else:
            raise error

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trialdesk.desktop.jobs import Job, Jobs, Progress, Stopped


def test_work_is_done_elsewhere_and_answered_here(jobs: Jobs, settle):
    seen: list[object] = []
    main = threading.get_ident()
    jobs.read(threading.get_ident, then=lambda there: seen.append((there != main, threading.get_ident() == main)))
    settle()
    assert seen == [(True, True)]


def test_writes_are_done_one_after_the_other_in_order(jobs: Jobs, settle):
    order: list[int] = []

    def write(number: int) -> None:
        time.sleep(0.002 * (5 - number))
        order.append(number)

    for number in range(5):
        jobs.write(partial(write, number))
    settle()
    assert order == [0, 1, 2, 3, 4]


def test_only_the_newest_question_is_answered(jobs: Jobs, settle):
    answers: list[str] = []
    hold = threading.Event()
    owner = QObject()
    jobs.read(lambda: "old" if hold.wait(5) else "", then=answers.append, owner=owner, latest="rows")
    jobs.read(lambda: "new", then=answers.append, owner=owner, latest="rows")
    jobs.read(lambda: "other", then=answers.append, owner=owner, latest="counts")
    hold.set()
    settle()
    assert sorted(answers) == ["new", "other"]


def test_what_can_wait_is_asked_once_the_rest_is_answered(jobs: Jobs, settle):
    order: list[str] = []
    hold, go_on = threading.Event(), threading.Event()
    jobs.long(lambda _progress: go_on.wait(5), title="Import", then=lambda _done: order.append("long"))
    jobs.read(lambda: hold.wait(5), then=lambda _done: order.append("page"))

    def ask() -> None:
        order.append("asked")
        go_on.set()

    jobs.read(ask, then=lambda _done: order.append("rest"), can_wait=True)
    assert order == []
    assert not jobs.idle()
    hold.set()
    settle()
    assert order[:2] == ["page", "asked"]
    assert sorted(order[2:]) == ["long", "rest"], "long work is not waited for"


def test_what_can_wait_waits_for_nothing_where_nothing_is_asked(jobs: Jobs, settle):
    seen: list[str] = []
    jobs.read(lambda: "at once", then=seen.append, can_wait=True)
    settle()
    assert seen == ["at once"]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(jobs: Jobs, settle, qtbot):
    answers: list[int] = []
    hold = threading.Event()
    kept, gone = QWidget(), QWidget()
    qtbot.addWidget(kept)
    for owner in (kept, gone):
        jobs.read(lambda: hold.wait(5), then=lambda _done: answers.append(1), owner=owner)
    gone.deleteLater()
    qtbot.wait(1)
    hold.set()
    settle()
    assert answers == [1]


def test_an_owner_that_only_python_held_is_not_kept_alive(jobs: Jobs, settle):
    answers: list[int] = []
    hold = threading.Event()
    jobs.read(lambda: hold.wait(5), then=lambda _done: answers.append(1), owner=QObject())
    hold.set()
    settle()
    assert answers == []


def test_failures_go_to_who_asked_else_to_the_one_place(jobs: Jobs, settle):
    seen: list[str] = []
    jobs.set_failure(lambda error, _owner: seen.append(f"place {error}"))

    def fail() -> None:
        raise ValueError("x")

    jobs.read(fail, failed=lambda error: seen.append(f"asker {error}"))
    jobs.read(fail)
    settle()
    assert sorted(seen) == ["asker x", "place x"]


def test_long_work_tells_how_far_it_is_and_how_long_it_takes(jobs: Jobs, qtbot, settle):
    told: list[tuple[int, int, str]] = []
    jobs.progressed.connect(lambda job: told.append((job.done, job.total, job.words)))

    def work(progress) -> str:
        for number in range(1, 1001):
            progress(number, 1000, "Counting")
        return "done"

    answers: list[str] = []
    with qtbot.waitSignals([jobs.started, jobs.ended]):
        job = jobs.long(work, title="Count", then=answers.append)
    settle()
    assert answers == ["done"]
    assert told[-1] == (1000, 1000, "Counting")
    assert len(told) < 50, "the window is not told of every step"
    job.began -= 10
    job.done = 250
    assert job.seconds_left() == pytest.approx(30, abs=1)
    assert Job().seconds_left() is None


def test_cancelled_work_stops_at_its_next_step_and_has_no_answer(jobs: Jobs, qtbot, settle):
    answers: list[object] = []
    begun = threading.Event()

    def work(progress) -> None:
        for number in range(100_000):
            progress(number, 100_000)
            begun.set()
            time.sleep(0.001)

    job = jobs.long(work, title="Long", then=answers.append, failed=answers.append)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(jobs.stopped):
        job.cancel()
    settle()
    assert answers == []


def test_work_that_was_done_in_spite_of_cancel_has_its_answer(jobs: Jobs, settle):
    answers: list[str] = []
    hold = threading.Event()
    job = jobs.long(
        lambda _progress: "written" if hold.wait(5) else "", title="Write", writes=True, then=answers.append
    )
    job.cancel()
    hold.set()
    settle()
    assert answers == ["written"]


def test_stopping_passes_through_handlers_of_failures():
    assert not issubclass(Stopped, Exception)


def test_the_end_finishes_what_is_being_written_and_delivers_nothing(qapp):
    jobs = Jobs()
    written: list[int] = []
    answers: list[object] = []

    def write(number: int) -> None:
        time.sleep(0.01)
        written.append(number)

    def dawdle(progress: Progress) -> None:
        for number in range(10_000):
            progress(number)
            time.sleep(0.01)

    for number in range(3):
        jobs.write(partial(write, number), then=answers.append)
    jobs.long(dawdle, title="Long")
    jobs.shutdown()
    qapp.processEvents()
    assert written == [0, 1, 2]
    assert answers == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("writer", "reader"))]


def test_the_window_answers_while_work_goes_on(jobs: Jobs, qtbot, swift, settle):
    ticks: list[int] = []
    jobs.read(lambda: time.sleep(0.2))
    while not jobs.idle():
        qtbot.wait(5)
        ticks.append(1)
    settle()
    assert len(ticks) > 5

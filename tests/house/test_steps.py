"""The watch on the GUI thread tells a step that works too long or stands still from one that others held up."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QTimer

from tests.support import steps
from tests.support.steps import Step, is_slow, limit_ms, watched


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> float:
    """Take a machine that counts as fast as an ordinary one."""
    monkeypatch.delenv("TRIALDESK_STEP_FACTOR", raising=False)
    monkeypatch.setattr(steps, "_BEST", [0.004])
    return limit_ms()


def test_the_limit_is_fifty_milliseconds_on_an_ordinary_machine(limit: float):
    assert limit == steps.LIMIT_MS == 50


@pytest.mark.parametrize(
    ("step", "slow"),
    [
        (Step("Page", "Paint", worked_ms=49, took_ms=60), False),
        (Step("Page", "Paint", worked_ms=51, took_ms=60), True),
        (Step("Page", "Paint", worked_ms=5, took_ms=160, slept_ms=151), True),
        (Step("Page", "Paint", worked_ms=5, took_ms=400, slept_ms=10), False),
        (Step("Page", "Paint", worked_ms=5, took_ms=501), True),
    ],
    ids=["short", "works", "sleeps", "held up", "stands still"],
)
def test_a_step_is_too_long_by_what_it_does_itself(limit: float, step: Step, slow: bool):
    assert limit
    assert is_slow(step) is slow


def test_a_busy_machine_is_given_more_time(limit: float):
    step = Step("Page", "Paint", worked_ms=limit * 1.5, took_ms=limit * 2)
    assert is_slow(step)
    assert not is_slow(step, busy=1.6)


def test_a_busy_moment_at_the_start_makes_the_rule_not_lax_for_good(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(steps, "_BEST", [0.010])
    monkeypatch.setattr(steps, "_counting", lambda: 0.005)
    assert steps._busy() == 1
    monkeypatch.setattr(steps, "_counting", lambda: 0.010)
    assert steps._busy() == 2
    assert steps._slowness() == 0.005 / 0.004


def test_what_the_collector_takes_in_a_step_is_not_the_steps_own_work(qtbot, qapp):
    kept = [[number] for number in range(300_000)]
    with watched(qapp) as slow:
        QTimer.singleShot(0, qapp, lambda: [gc.collect() for _round in range(3)])
        qtbot.wait(1)
        assert slow == []
        QTimer.singleShot(0, qapp, lambda: sum(len(one) for _round in range(40) for one in kept))
        qtbot.wait(1)
        assert len(slow) == 1

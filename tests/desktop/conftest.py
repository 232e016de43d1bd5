"""What every test of the window stands on: a watched application, the bundled look, English, nothing left running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.bench import Bench, catalogue
from tests.support.steps import Step, WatchedApplication, limit_ms, watched
from trialdesk.base.i18n import set_language
from trialdesk.desktop import look, remember
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.pages.catalog import PLACES
from trialdesk.desktop.remember import Memory
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot


@pytest.fixture(scope="session")
def _dressed(qapp: WatchedApplication) -> None:
    look.apply(qapp, "light")


@pytest.fixture(autouse=True)
def english(_dressed: None) -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def swift(qapp: WatchedApplication) -> Iterator[list[Step]]:
    """Fail the test if, in it, a step on the GUI thread takes too long."""
    with watched(qapp) as slow:
        yield slow
    assert not qapp.slow, f"over {limit_ms():.0f} ms: " + "; ".join(map(str, qapp.slow))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return remember.in_file(tmp_path / "memory.json")


@pytest.fixture
def jobs(qapp: WatchedApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


@pytest.fixture
def settle(qtbot: QtBot, jobs: Jobs) -> Callable[[], None]:
    """Wait until all work is done and every event handed out."""

    def settled() -> None:
        qtbot.waitUntil(jobs.idle, timeout=10_000)
        qtbot.wait(1)
        qtbot.waitUntil(jobs.idle, timeout=10_000)

    return settled


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def desk(bench: Bench, jobs: Jobs, memory: Memory) -> Desk:
    return Desk(bench, bench, jobs=jobs, memory=memory)


@pytest.fixture
def shell(qtbot: QtBot, desk: Desk, settle: Callable[[], None]) -> Shell:
    made = Shell(desk, catalogue(PLACES))
    made.resize(1366, 768)
    qtbot.addWidget(made)
    made.show()
    made.go(Spot("studies"), remember=False)
    settle()
    return made


def pytest_configure(config: pytest.Config) -> None:
    """Let the platform without a screen say that it has none."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")

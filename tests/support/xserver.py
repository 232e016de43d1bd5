"""A pytest plugin: tests marked `xvfb` run in a second pytest of their own on an X server started for them.

One process has one window system, and everything else runs offscreen; so the marked tests go last, are run together
by a child, and the child's reports are given out as if they had been made here.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import RELAY
from tests.support.groups import plain

_reports = pytest.StashKey[dict[str, list[pytest.TestReport]]]()


def _is_child() -> bool:
    """Whether this pytest is the one on the X server."""
    return RELAY in os.environ


@contextmanager
def x_server() -> Iterator[str]:
    """Run an X server with a screen of 1600 by 1000 and no network; give its display. It ends with the block."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(words, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the marked tests last, after the shuffling: nothing of this process is set up anew once they have begun."""
    items.sort(key=_is_marked)
    if not _is_child():
        for item in filter(_is_marked, items):
            # The child keeps the time of each; the first of them here waits for all.
            item.add_marker(pytest.mark.timeout(0))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Give out what the child reported on a marked test."""
    if _is_child() or not _is_marked(item):
        return None
    session = item.session
    if _reports not in session.stash:
        session.stash[_reports] = _run_child([one for one in session.items if _is_marked(one)], session.config)
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in session.stash[_reports][item.nodeid]:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """In a child, write the report down."""
    if not _is_child() or _reporting is None:
        return
    data = _reporting.hook.pytest_report_to_serializable(config=_reporting, report=report)
    with Path(os.environ[RELAY]).open("ab") as relay:
        pickle.dump(data, relay)


_reporting: pytest.Config | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Remember the configuration: the hook that reports is not told it."""
    global _reporting
    _reporting = config


def _is_marked(item: pytest.Item) -> bool:
    return item.get_closest_marker("xvfb") is not None


def _run_child(items: Sequence[pytest.Item], config: pytest.Config) -> dict[str, list[pytest.TestReport]]:
    if shutil.which("Xvfb") is None:
        return {item.nodeid: [_made_here(item, "skipped", "Xvfb is not installed")] for item in items}
    folder = config._tmp_path_factory.mktemp("xvfb")  # type: ignore[attr-defined] # there is no public way to it
    relay = folder / "reports"
    relay.touch()
    with x_server() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", RELAY: str(relay)}
        options = ["--long"] if config.getoption("--long", default=False) else []
        options += ["-p", "no:randomly", "-p", "no:cacheprovider", "--basetemp", str(folder / "temp")]
        words = [sys.executable, "-m", "pytest", *options, *(plain(item.nodeid) for item in items)]
        child = subprocess.run(
            words, cwd=config.rootpath, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    reports: dict[str, list[pytest.TestReport]] = {item.nodeid: [] for item in items}
    ids = {plain(nodeid): nodeid for nodeid in reports}
    with relay.open("rb") as written:
        while written.peek(1):
            report = config.hook.pytest_report_from_serializable(config=config, data=pickle.load(written))
            report.nodeid = ids[report.nodeid]
            reports[report.nodeid].append(report)
    for item in items:
        if not any(report.when == "teardown" for report in reports[item.nodeid]):
            told = f"the pytest on the X server ended with {child.returncode} before this test did"
            reports[item.nodeid].append(_made_here(item, "failed", f"{told}\n{child.stdout}{child.stderr}"))
    return reports


def _made_here(item: pytest.Item, outcome: str, words: str) -> pytest.TestReport:
    place = (str(item.path), (item.location[1] or 0) + 1, f"Skipped: {words}")
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="skipped" if outcome == "skipped" else "failed",
        longrepr=place if outcome == "skipped" else words,
        when="setup",
    )

"""What every test stands on: no screen, no network, a home of its own, nothing left behind, a Postgres when asked."""

from __future__ import annotations

import gc
import itertools
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.support import RELAY

# Settled before anything reads it.
if RELAY not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.pop("DISPLAY", None)
_settled = ("LC_", "LANGUAGE", "WAYLAND_", "QT_SCALE", "TRIALDESK_DESK", "TRIALDESK_PASSWORD")
for _name in [name for name in os.environ if name.startswith(_settled)]:
    del os.environ[_name]
os.environ.update(LANG="C.UTF-8", TZ="UTC")

import hypothesis  # noqa: E402 - the environment is settled first
import pytest  # noqa: E402 - likewise

from tests.support import postgres  # noqa: E402 - likewise
from tests.support.steps import WatchedApplication  # noqa: E402 - likewise
from trialdesk.base.collecting import put_aside  # noqa: E402 - likewise

pytest_plugins = [f"tests.support.{name}" for name in ("demonstration", "desks", "groups", "leaks", "xserver")]

SET_ASIDE_EVERY = 50
"""Tests after which what they keep alive is put aside for the collector."""

hypothesis.settings.register_profile(
    "ci", derandomize=True, database=None, deadline=None, max_examples=60, print_blob=True
)
hypothesis.settings.register_profile("long", database=None, deadline=None, max_examples=1500, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`."""
    parser.addoption("--long", action="store_true", help="run the tests marked long, too, and more examples of each")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how hard hypothesis tries, and shut the network."""
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "ci")
    sys.addaudithook(_no_network)


def _no_network(event: str, words: tuple[object, ...]) -> None:
    """Refuse a connection to any machine but this one."""
    if event != "socket.connect":
        return
    connection, address = words
    if not isinstance(connection, socket.socket) or connection.family == socket.AF_UNIX:
        return
    if not isinstance(address, tuple) or address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise PermissionError(f"tests reach no network, not even {address}")


_not_run = pytest.StashKey[int]()


def pytest_testnodedown(node: object) -> None:
    """Keep what a worker left out: all of them collect the same tests."""
    told = getattr(node, "workeroutput", {})
    node.config.stash[_not_run] = told.get("not_run", 0)  # type: ignore[attr-defined] # a worker has no public type


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests marked long out of a short run."""
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.stash[_not_run] = len(long)
    if hasattr(config, "workeroutput"):
        config.workeroutput["not_run"] = len(long)
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out."""
    if count := config.stash.get(_not_run, 0):
        terminalreporter.write_line(f"{count} tests marked long were not run: `packaging/test --long` runs them")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a long run, put every test of Postgres to the oldest server supported as well, where there is one."""
    if "postgres_server" in metafunc.fixturenames and metafunc.config.getoption("--long") and postgres.DEBIAN.is_dir():
        metafunc.parametrize(
            "postgres_server", [postgres.programs(), postgres.DEBIAN], ids=["postgres", "postgres-15"], indirect=True
        )


_finished = itertools.count(1)


def pytest_runtest_logfinish() -> None:
    """Put aside for Python's collector, now and then, what the tests so far keep alive.

    Late in a session one full collection would look through all of it for a second and a half, again and again.
    """
    if next(_finished) % SET_ASIDE_EVERY == 0:
        gc.collect()
        put_aside()


@pytest.fixture(scope="session")
def qapp_cls() -> type[WatchedApplication]:
    """Give the one application there is for all tests of a process: whichever asks first makes it."""
    return WatchedApplication


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home and XDG folders that are its own and empty."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for name, place in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
    ):
        monkeypatch.setenv(name, str(folder / place))
    runtime = folder / ".run"
    runtime.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    return folder


@pytest.fixture(scope="session")
def _servers() -> Iterator[dict[Path, postgres.Server]]:
    """Keep the servers started so far, by their programs; all end with the session."""
    with ExitStack() as stack:

        class Started(dict[Path, postgres.Server]):
            def __missing__(self, programs: Path) -> postgres.Server:
                self[programs] = stack.enter_context(postgres.server(programs))
                return self[programs]

        yield Started()


@pytest.fixture
def postgres_server(request: pytest.FixtureRequest, _servers: dict[Path, postgres.Server]) -> postgres.Server:
    """Give a running Postgres, one a session; `postgres_server.database(template=…)` makes databases on it."""
    return _servers[getattr(request, "param", None) or postgres.programs()]


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Give the SQLAlchemy URL of a new, empty database that is gone after the test."""
    with postgres_server.database() as name:
        yield postgres_server.url(name)

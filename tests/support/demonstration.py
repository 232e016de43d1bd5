"""The demonstration for tests: built once a session, read where it lies, copied where something is done to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest

from trialdesk.commandline.demonstration import build, story

EARLY = datetime(2026, 2, 27, 16, 30)  # noqa: DTZ001 - by the clock of the study
"""Where a shortened story stops: all documents can be made by then, of a fifth of the acts."""


@pytest.fixture(scope="session")
def built_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the whole demonstration, built once. It is only read: `demonstration` gives a copy."""
    folder = tmp_path_factory.mktemp("demonstration") / "built"
    build(folder)
    return folder


@pytest.fixture
def demonstration(built_demonstration: Path, tmp_path: Path) -> Path:
    """Give a copy of the whole demonstration, to do something to."""
    return Path(copytree(built_demonstration, tmp_path / "demonstration"))


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the story stop early: what is built then is its beginning."""
    monkeypatch.setattr(story, "NOW", EARLY)

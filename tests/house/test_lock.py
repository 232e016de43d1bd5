"""The locks are in step with pyproject.toml: `packaging/lock` writes them."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = [Requirement(text) for text in PROJECT["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]


def pins(name: str) -> dict[str, str]:
    """Return each package's entry in a lock: its pin, hashes and who asked for it."""
    lines = (ROOT / "packaging" / name).read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    entries = ["\n".join(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    return {canonicalize_name(entry.split("==")[0]): entry for entry in entries}


def version(entry: str) -> str:
    return re.split(r"[\s;]", entry.split("==")[1])[0]


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.txt", RUN), ("requirements-dev.txt", RUN + DEV)])
def test_a_lock_holds_what_is_asked_for(lock: str, wanted: list[Requirement]):
    locked = pins(lock)
    asked = {canonicalize_name(name) for name, entry in locked.items() if "trialdesk (pyproject.toml)" in entry}
    assert asked == {canonicalize_name(one.name) for one in wanted}
    assert [one for one in wanted if version(locked[canonicalize_name(one.name)]) not in one.specifier] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "tools.txt"])
def test_every_package_has_its_hash(lock: str):
    locked = pins(lock)
    assert locked
    assert [name for name, entry in locked.items() if "--hash=sha256:" not in entry] == []


def test_what_the_tests_run_with_is_what_the_program_runs_with():
    development = {name: version(entry) for name, entry in pins("requirements-dev.txt").items()}
    assert {name: version(entry) for name, entry in pins("requirements.txt").items()}.items() <= development.items()

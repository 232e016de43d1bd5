"""What is committed: nothing that holds only on one machine, and nothing that has no place."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, files

TOP = {"pyproject.toml", "trialdesk", "migrations", "resources", "tests", "packaging", "README.md"}

# Put together here, so that this file does not find itself.
WELL_KNOWN = ["files." + "pythonhosted", "pypi" + ".org/simple"]
OWN_FOLDERS = re.compile(rb"(^|[^A-Za-z0-9_.])/(work|farm|root)/", re.MULTILINE)


def configured_registries() -> Iterator[str]:
    """Give the hosts from which this machine takes packages, as its clients are told them."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    places = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*"), home / ".npmrc",
              home / ".m2" / "settings.xml", home / ".config" / "uv" / "uv.toml"]  # fmt: skip
    told = [place.read_text(encoding="utf-8", errors="replace") for place in places if os.access(place, os.R_OK)]
    told += [value for name, value in os.environ.items() if name.startswith(("UV_", "PIP_", "npm_config_"))]
    words = [sys.executable, "-m", "pip", "config", "list"]
    told.append(subprocess.run(words, capture_output=True, text=True, check=False).stdout)
    for text in told:
        lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        yield from re.findall(r"//(?:[^/@\s]*@)?([A-Za-z0-9.-]+\.[A-Za-z0-9-]+)", "\n".join(lines))


@pytest.fixture(scope="module")
def contents() -> dict[Path, bytes]:
    return {path: (ROOT / path).read_bytes() for path in files()}


def test_no_file_names_a_registry(contents: dict[Path, bytes]):
    names = {*WELL_KNOWN, *configured_registries()} - {"www.w3.org"}
    found = [(path, name) for path, content in contents.items() for name in names if name.encode() in content]
    assert found == []


def test_no_file_names_a_folder_of_one_machine(contents: dict[Path, bytes]):
    found = [(path, match[0]) for path, content in contents.items() if (match := OWN_FOLDERS.search(content))]
    assert found == []


@pytest.mark.parametrize("text", [b"cd /" + b"work/x", b'"/' + b'farm/"', b"/" + b"root/.venv"])
def test_such_a_folder_would_be_found(text: bytes):
    assert OWN_FOLDERS.search(text)


@pytest.mark.parametrize("text", [b"the network/work/home", b"docs/work/", b"./root/"])
def test_another_folder_would_not(text: bytes):
    assert not OWN_FOLDERS.search(text)


def test_no_lock_names_hosts(contents: dict[Path, bytes]):
    assert not {"uv.lock", "pylock.toml"} & {path.name for path in contents}
    locks = [content for path, content in contents.items() if path.match("packaging/*.txt")]
    assert len(locks) == 3
    assert not any(b"://" in content for content in locks)


def test_everything_has_its_place(contents: dict[Path, bytes]):
    assert {path.parts[0] for path in contents if not path.parts[0].startswith(".")} <= TOP


def test_scripts_can_be_run(contents: dict[Path, bytes]):
    scripts = [path for path, content in contents.items() if content.startswith(b"#!")]
    assert Path("packaging/run") in scripts
    assert [path for path in scripts if not os.access(ROOT / path, os.X_OK)] == []

"""The source distribution and the wheel carry everything that the program looks for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, files

PLANTED = {
    "resources": ["icons/planted.svg", "locale/zh/planted.po", "rules/planted"],
    "migrations": ["env.py", "versions/0001_planted.py"],
}

LOOK = """
import importlib.metadata
from pathlib import Path
from trialdesk.base import places
for folder in (places.resources(), places.migrations()):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            print(path.relative_to(folder).as_posix())
print("version", importlib.metadata.version("trialdesk"))
"""


def call(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution from a checkout, the wheel from that, and install it into an empty environment."""
    folder = tmp_path_factory.mktemp("dist")
    checkout = folder / "checkout"
    for name in [*files(), *(Path(top) / one for top, ones in PLANTED.items() for one in ones)]:
        place = checkout / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, place)
        else:
            place.touch()
    call(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=checkout)
    (sdist,) = folder.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    call(*pip, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", folder, sdist, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    call(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
    call(*pip, "--python", environment / "bin" / "python", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    return environment


def test_the_program_finds_its_things(installed: Path):
    *found, version = call(installed / "bin" / "python", "-I", "-c", LOOK, cwd=installed).splitlines()
    carried = [path.relative_to(top).as_posix() for top in PLANTED for path in files() if path.parts[0] == top]
    assert set(found) == {*carried, *(one for ones in PLANTED.values() for one in ones)}
    assert version.startswith("version 0.")


def test_the_command_is_there(installed: Path):
    assert (installed / "bin" / "trialdesk").is_file()


def test_the_licence_travels(installed: Path):
    (licence,) = installed.rglob("trialdesk-*.dist-info/licenses/**/LICENSE")
    assert licence.read_bytes() == (ROOT / "packaging" / "LICENSE").read_bytes()

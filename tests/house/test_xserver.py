"""Tests marked `xvfb` run on a real X server, and what came of each is told here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.support.checkout import ROOT

MARKED = """
import os
import pytest
from PySide6.QtGui import QGuiApplication

pytestmark = pytest.mark.xvfb


def test_on_x(qapp):
    assert QGuiApplication.platformName() == "xcb"


def test_wrong():
    assert os.environ["DISPLAY"] == "none"


def test_skipped():
    pytest.skip("no printer")


@pytest.mark.xfail
def test_known():
    raise ValueError


def test_z_crash():
    os._exit(3)
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("marked")
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.support.xserver"]')
    (folder / "test_marked.py").write_text(MARKED)
    words = [sys.executable, "-m", "pytest", "-v", "-p", "no:randomly", "-p", "no:cacheprovider", "test_marked.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("on_x", "PASSED"),
        ("wrong", "FAILED"),
        ("skipped", r"SKIPPED \(no printer\)"),
        ("known", "XFAIL"),
        ("z_crash", "ERROR"),
    ],
)
def test_each_report_arrives(answer: str, test: str, words: str):
    assert re.search(rf"::test_{test} {words}", answer), answer


def test_a_crash_is_told(answer: str):
    assert "the pytest on the X server ended with 3 before this test did" in answer
    assert "assert ':" in answer.split("test_wrong", 1)[1]

"""Linter and types: what they say is what a reviewer need not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.checkout import ROOT


@pytest.mark.timeout(600)
@pytest.mark.parametrize("words", ["ruff check --quiet --output-format=concise", "mypy"])
def test_nothing_is_found(words: str):
    done = subprocess.run([sys.executable, "-m", *words.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

"""Calling the command line: within the test, or as the program a person starts."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from tests.support.checkout import ROOT
from tests.support.desks import OWNER, PASSWORD
from trialdesk.__main__ import main


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.out)


def call(*words: object, user: str = OWNER, password: str | None = PASSWORD) -> Said:
    """Run a command within this process, where nobody can be asked for a password."""
    out, err = io.StringIO(), io.StringIO()
    environment = {"TRIALDESK_USER": user}
    if password is not None:
        environment["TRIALDESK_PASSWORD"] = password
    with (
        patch.dict(os.environ, environment),
        patch("sys.stdin", io.StringIO()),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main([str(word) for word in words])
    return Said(code, out.getvalue(), err.getvalue())


def start(
    *words: object, environment: Mapping[str, str] | None = None, limit_bytes: int | None = None, stdin: str = ""
) -> Said:
    """Run a command as a program of its own. `limit_bytes` is the largest file it may write."""
    done = subprocess.run(
        command(words),
        env={**os.environ, "PYTHONPATH": str(ROOT), "TRIALDESK_PASSWORD": PASSWORD, **(environment or {})},
        input=stdin.encode(),
        capture_output=True,
        check=False,
        timeout=90,
        preexec_fn=(lambda: _limit(limit_bytes)) if limit_bytes is not None else None,
    )
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def command(words: tuple[object, ...]) -> list[str]:
    """Return the words that start the program, warnings being errors there too."""
    return [sys.executable, "-W", "error", "-m", "trialdesk", *map(str, words)]


def _limit(largest: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

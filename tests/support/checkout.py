"""The checkout that the tests run in."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files() -> list[Path]:
    """Return what is tracked, or would be by the next `git add`, relative to `ROOT`."""
    # Whoever owns the checkout: a container often has another owner than its runner.
    words = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [Path(name) for name in sorted(set(listed)) if name and (ROOT / name).is_file()]

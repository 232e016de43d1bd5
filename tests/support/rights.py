"""Who may read a file, where the system has such rights."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ALONE = 0o600


def rights_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def without_a_mask() -> Iterator[None]:
    """Let the system give everybody every right by default: the hardest case for what is to be private."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)

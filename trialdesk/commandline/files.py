"""Writing a file whole: it is there with all of its content, or as it was before."""

from __future__ import annotations

import os
from pathlib import Path

from trialdesk.base.errors import Environment
from trialdesk.base.i18n import _


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, in place of a file that was there. Raises Environment where it cannot be written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Environment(
            _("The file cannot be written: {why}.").format(why=error.strerror or str(error)),
            where=str(path),
            remedy=_("Nothing was changed. Choose another place, or make room."),
        ) from error

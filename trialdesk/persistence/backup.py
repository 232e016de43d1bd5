"""Copying a desk's file whole: SQLite's own copy of one moment, not the bytes of a file that may be written."""

from __future__ import annotations

import os
from pathlib import Path

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _
from trialdesk.persistence.database import Database


def refuse_taken(target: Path) -> None:
    """Raise Environment if something of this name is there already, or its folder is not."""
    if target.exists():
        raise Environment(
            _("There is already a file of this name."),
            where=str(target),
            remedy=_("Choose another name. Nothing in it was touched."),
        )
    if not target.parent.is_dir():
        raise Environment(_("There is no such folder."), where=str(target.parent), remedy=_("Choose another folder."))


def copy_whole(source: Database, target: Path) -> None:
    """Write the desk as it is at this moment to `target`, which must not be there; on disk when this returns.

    Raises UserError for a desk on a server, whose own tools make its copies; Environment where the disk is full. A copy
    that fails leaves nothing.
    """
    if source.path is None:
        raise UserError(
            _("This desk is on a database server."),
            remedy=_("Copy it with the server's own tools: pg_dump makes a backup, pg_restore brings it back."),
        )
    refuse_taken(target)
    try:
        source.copy_to(target)
        _to_disk(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _to_disk(path: Path) -> None:
    """Wait until the file is on disk, which copying does not."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())

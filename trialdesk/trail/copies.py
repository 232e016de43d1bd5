"""Copies of a desk that are proven before they count: a backup nobody tried to restore is a hope."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from trialdesk.persistence.backup import copy_whole, refuse_taken
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.database import Database, look_at_file
from trialdesk.persistence.upgrade import check_revision, upgrade
from trialdesk.trail.tables import guards
from trialdesk.trail.verify import Look, Progress, Verdict, verify


def copy_with_proof(
    source: Database,
    target: Path,
    catalogue: Catalogue,
    progress: Progress = lambda *_counts: None,
    looks: Iterable[Look] = (),
) -> Verdict:
    """Copy a desk to `target`, open the copy, bring it up to date and prove it; then, at once, it is there.

    The copy is there also if the verdict finds something: it is as good as its source. Raises Environment if `target`
    exists, its folder does not, or the disk is full; UserError for a desk on a server. `source` is not changed.
    """
    refuse_taken(target)
    if source.path is not None:
        look_at_file(source.path)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        beside = Path(folder) / "copy.desk"
        copy_whole(source, beside)
        copy = Database(str(beside))
        try:
            if check_revision(copy):
                upgrade(copy, guards)
            # What this computer saw of the desk is no measure here: a copy may be older.
            verdict = verify(copy, catalogue, outside={}, progress=progress, looks=looks)
        finally:
            copy.close()
        beside.rename(target)
    return verdict

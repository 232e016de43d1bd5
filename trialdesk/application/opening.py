"""What is looked at before a desk is made or opened, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.application.stages import CATALOGUE, DEMONSTRATE, LOOKS
from trialdesk.base.addresses import is_address
from trialdesk.base.clock import ResumedClock
from trialdesk.base.errors import Environment
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.settings import state_folder
from trialdesk.persistence.database import Database
from trialdesk.persistence.upgrade import revision
from trialdesk.trail.access import LOG, has_entry, log_end
from trialdesk.trail.outside import Mark, Outside
from trialdesk.trail.position import first_act, last_act, stream_heads
from trialdesk.trail.tables import desk

if TYPE_CHECKING:
    from trialdesk.trail.verify import Progress, Verdict


def refuse_taken(database: Database) -> None:
    """Raise Environment where a desk or another file already is; make the folder for a new one."""
    path = database.path
    if path is not None:
        if path.exists():
            raise Environment(
                _("There is already a file of this name."),
                where=str(path),
                remedy=_("Open it, or choose another name. Nothing in it was touched."),
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Environment(
                _("The folder cannot be made: {why}.").format(why=error.strerror or str(error)),
                where=str(path.parent),
                remedy=_("Choose another folder."),
            ) from error
        return
    with database.reading() as connection:
        if revision(connection) is not None:
            raise Environment(
                _("There is already a desk in this database."),
                remedy=_("Open it, or make a new database."),
            )


def remove_half_made(database: Database) -> None:
    """Close and remove a desk whose making failed."""
    database.close()
    if database.path is not None:
        for suffix in ("", "-wal", "-shm"):
            database.path.with_name(database.path.name + suffix).unlink(missing_ok=True)


def ends(connection: sa.Connection) -> list[tuple[Id, int, bytes]]:
    """Return what of a desk is kept outside it: the end of every stream and of the access log."""
    log = log_end(connection)
    return [*stream_heads(connection), *([log] if log else [])]


def meet(connection: sa.Connection, outside: Outside) -> None:
    """Hold a desk that is being opened against what this computer has seen of it; what is new is taken note of.

    An access log that lost entries is marked before anything is written to it again: verify names it ever after.
    """

    def holds(marks: Mapping[Id, Mark]) -> bool:
        mark = marks.get(LOG)
        return mark is None or has_entry(connection, mark.number, mark.hash)

    outside.find(holds)
    outside.gather(lost=() if holds(outside.marks()) else {LOG})
    outside.meet(ends(connection))


def is_demonstration(connection: sa.Connection) -> bool:
    """Say whether a desk was begun as a demonstration: its first event says so, and no later act can."""
    return first_act(connection) == DEMONSTRATE


def resumed_clock(connection: sa.Connection) -> ResumedClock | None:
    """Return the clock of a demonstration, which goes on from its last act; None where nothing is recorded."""
    last = last_act(connection)
    return None if last is None else ResumedClock(last[0], offset=last[1])


def renew_epoch_if_behind(database: Database, outside: Outside, heads: Mapping[str, int]) -> str | None:
    """Begin new streams if the file is behind what this computer has seen: restored, cut or copied.

    A file that began beside another of the same desk begins its own too, or both would write one stream differently;
    what the other holds beyond it is told once and no finding. `heads` are the numbers up to which the desk holds its
    streams. Returns what the person should know, or None.
    """
    marks, apart = outside.marks(), outside.is_apart()
    lost = {name: mark for name, mark in marks.items() if _behind(heads, name, mark) and not mark.lost}
    if not lost and not apart:
        return None
    with database.writing() as connection:
        connection.execute(sa.update(desk).values(epoch=desk.c.epoch + 1))
    ahead = {name: mark for name, mark in outside.elsewhere().items() if _behind(heads, name, mark)} if apart else {}
    outside.gather(lost=lost, apart=False)
    events = sum(mark.number - heads.get(name, 0) for name, mark in (ahead | lost).items())
    if not events:
        return None
    return _(
        "This desk is older than what this computer has seen: {count} recorded changes are not in it. It was "
        "restored or copied back. Work goes on from here; look for the newer file before you rely on it."
    ).format(count=events)


def _behind(heads: Mapping[str, int], name: Id, mark: Mark) -> bool:
    return name != LOG and heads.get(name, 0) < mark.number


def restore_desk(
    source: Path, target: Path, progress: Progress = lambda *_counts: None, marks: Path | None = None
) -> Verdict:
    """Make the desk `target` from a backup and prove it. Raises what `copy_with_proof` raises.

    Marks begin anew for a place this computer has not seen. Where the desk itself was at `target`, its marks stay, and
    verify names what was given up. `marks` is the folder of marks, given by tests only.
    """
    from trialdesk.trail.copies import copy_with_proof

    backup = Database(str(source))
    try:
        verdict = copy_with_proof(backup, target, CATALOGUE, progress, LOOKS)
    finally:
        backup.close()
    restored = Database(str(target))
    try:
        with restored.reading() as connection:
            replica = connection.scalar(sa.select(desk.c.replica))
    finally:
        restored.close()
    if replica is not None:
        Outside(marks or state_folder() / "seen", replica, str(target)).begin()
    return verdict


def normalised(where: str) -> str:
    """Return a desk's name as it is kept: an absolute path, or the address as it stands."""
    return where if is_address(where) else str(Path(where).expanduser().absolute())

"""Builds the demonstration: the desk on which the story was lived, its documents as PDF, pictures of the main pages.

Clock, ids and keys repeat, so that two builds give the same documents byte for byte. What the desk shows went in by the
same acts that everybody uses.
"""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.errors import Environment
from trialdesk.base.i18n import LANGUAGES, _
from trialdesk.base.ids import seeded_ids
from trialdesk.base.settings import state_folder
from trialdesk.base.values import dataclass
from trialdesk.commandline.demonstration import story, team
from trialdesk.commandline.demonstration.cohort import SEED
from trialdesk.commandline.demonstration.design import SHORT_NAME
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.commandline.output import Progress, complain, say
from trialdesk.commandline.program import DONE
from trialdesk.payments.queries import invoices
from trialdesk.people.credentials import Cost
from trialdesk.people.rules import ROLES
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import make
from trialdesk.studies.queries import the_study
from trialdesk.trail.outside import forget

DESK, DOCUMENTS, PICTURES = "demonstration.desk", "documents", "pictures"
USER, PASSWORD = team.PI, "harbour lights at noon"
_BEGUN = datetime(2025, 5, 12, 0, 30, tzinfo=UTC)
"""Half past eight in the morning, by the clock of the study."""
_CHEAP = Cost(time_cost=1, memory_kib=64, lanes=1)
"""The password is printed: making it slow to guess would only make the building slow."""

Tell = Callable[[int, int], None]
TakePictures = Callable[[Application, Path], object]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left, where."""

    desk: Path
    documents: tuple[Path, ...]
    pictures: tuple[Path, ...]


def demo(arguments: Namespace) -> int:
    """Build the demonstration and say where everything lies."""
    folder = Path(arguments.DIR).expanduser().absolute()
    built = build(folder, pictures=arguments.pictures, tell=Progress(_("Building")))
    say(_("The demonstration is ready. It is invented: no person in it lives."))
    say(_("Desk: {path}").format(path=built.desk))
    say(_("User {user}, password: {password}").format(user=USER, password=PASSWORD))
    labels = dict(ROLES)
    say(
        _("With the same password, in other roles: {users}").format(
            users=_("; ").join(f"{each.user} ({_(labels[each.role])})" for each in team.MEMBERS)
        )
    )
    if built.documents:
        say(_("Documents ({count}): {path}").format(count=len(built.documents), path=folder / DOCUMENTS))
    if built.pictures:
        say(_("Pictures ({count}): {path}").format(count=len(built.pictures), path=folder / PICTURES))
    say(_("Open it in the window: trialdesk {path}").format(path=built.desk))
    return DONE


def build(folder: Path, *, pictures: TakePictures | None = None, tell: Tell = lambda *_counts: None) -> Built:
    """Build the demonstration in `folder`, in place of what an earlier build left there.

    Raises Environment if the folder holds anything else. A build that fails or is stopped leaves what was there.
    """
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        made = Path(beside) / "made"
        made.mkdir(mode=0o755)
        replica = _fill(made, Path(beside) / "seen", pictures, tell)
        if folder.exists():
            folder.rename(Path(beside) / "before")
        made.rename(folder)
    # What this computer saw of an earlier build is no measure of this one.
    forget(state_folder() / "seen", replica)
    return Built(folder / DESK, _files(folder / DOCUMENTS, ".pdf"), _files(folder / PICTURES, ".png"))


def _fill(folder: Path, marks: Path, pictures: TakePictures | None, tell: Tell) -> str:
    clock = SetClock(_BEGUN, step=timedelta(seconds=1), offset=OFFSET)
    # Its keys repeat too: built again, it is the same desk, and this computer's marks of it still hold.
    entropy = Random(SEED).randbytes  # noqa: S311 - its password is printed, it guards nothing
    application = Application(
        str(folder / DESK), clock=clock, new_id=seeded_ids(clock, SEED), marks=marks, entropy=entropy, cost=_CHEAP
    )
    try:
        application.make(name=team.PI_NAME, username=USER, password=PASSWORD, demonstration=True)
        story.live(application, clock, password=PASSWORD, progress=tell)
        application.sign_in(USER, PASSWORD)
        (folder / DOCUMENTS).mkdir()
        for name, key, given in _documents(application):
            for language in LANGUAGES:
                made = make(application, key, study=SHORT_NAME, language=language, **given)
                (folder / DOCUMENTS / f"{name}-{language}.pdf").write_bytes(made.pdf)
        if pictures is not None:
            (folder / PICTURES).mkdir()
            try:
                pictures(application, folder / PICTURES)
            except Environment as told:
                complain(str(told))
        return application.replica
    finally:
        application.close()


def _documents(application: Application) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each document's name, its report and what it is made with: of the invoices, one that was credited.

    Once there is a credit note it is a document of its own beside it.
    """
    study = application.read(the_study, name=SHORT_NAME).id
    notes = [each for each in application.read(invoices, study=study) if each.original_number]
    for report in REPORTS:
        if report.key == "invoice" and notes:
            yield "invoice", report.key, {"number": str(notes[-1].original_number)}
            yield "credit-note", report.key, {"number": notes[-1].number}
        else:
            yield report.key, report.key, {}


def _refuse_foreign(folder: Path) -> None:
    """Raise Environment unless the folder is not there, is empty, or holds only what a build leaves."""
    if not folder.exists():
        return
    foreign = folder if not folder.is_dir() else next(filter(_is_foreign, _below(folder)), None)
    if foreign is not None:
        raise Environment(
            _("There is something else here, which is not touched."),
            where=str(foreign),
            remedy=_("Choose another folder for the demonstration."),
        )


def _below(folder: Path) -> list[Path]:
    return [Path(place) / name for place, _folders, names in os.walk(folder) for name in names]


def _is_foreign(path: Path) -> bool:
    if path.name.startswith(DESK):
        return False
    return (path.parent.name, path.suffix) not in {(DOCUMENTS, ".pdf"), (PICTURES, ".png")}


def _files(folder: Path, suffix: str) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(f"**/*{suffix}")))

"""The demonstration: a desk with an invented study, its documents as PDF and pictures of the main pages.

Clock and ids repeat, so that two builds give the same documents byte for byte. What it shows went in by the same
import that everybody uses.
"""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.errors import Environment
from trialdesk.base.i18n import LANGUAGES, _
from trialdesk.base.ids import seeded_ids
from trialdesk.base.places import resources
from trialdesk.base.settings import state_folder
from trialdesk.commandline.output import Progress, complain, say
from trialdesk.commandline.program import DONE
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import make

DESK, DOCUMENTS, PICTURES = "demonstration.desk", "documents", "pictures"
USER, PASSWORD = "demo", "harbour lights at noon"
_NAME = "Dr Rosalind Amory"
_AT = datetime(2025, 7, 1, 8, tzinfo=UTC)
"""The day after the study's last visits."""
_SEED = 20250701

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
    (state_folder() / "seen" / f"{replica}.seen").unlink(missing_ok=True)
    return Built(folder / DESK, _files(folder / DOCUMENTS, ".pdf"), _files(folder / PICTURES, ".png"))


def _fill(folder: Path, marks: Path, pictures: TakePictures | None, tell: Tell) -> str:
    clock = SetClock(_AT, step=timedelta(seconds=1), offset=60)
    new_id = seeded_ids(clock, _SEED)
    # Its keys repeat too: built again, it is the same desk, and this computer's marks of it still hold.
    entropy = Random(_SEED).randbytes  # noqa: S311 - its password is printed, it guards nothing
    application = Application(str(folder / DESK), clock=clock, new_id=new_id, marks=marks, entropy=entropy)
    try:
        application.make(name=_NAME, username=USER, password=PASSWORD)
        contents = sdtm.read(resources() / "demo" / "sdtm")
        (folder / DOCUMENTS).mkdir()
        short_name = str(contents.study["short_name"])
        application.run(bring_in, study=None, contents=contents, short_name=short_name, tell=tell)
        for key, language in _documents():
            made = make(application, key, study=short_name, language=language)
            (folder / DOCUMENTS / f"{key}-{language}.pdf").write_bytes(made.pdf)
        if pictures is not None:
            (folder / PICTURES).mkdir()
            try:
                pictures(application, folder / PICTURES)
            except Environment as told:
                complain(str(told))
        return application.replica
    finally:
        application.close()


def _documents() -> list[tuple[str, str]]:
    return [(report.key, language) for report in REPORTS for language in LANGUAGES]


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

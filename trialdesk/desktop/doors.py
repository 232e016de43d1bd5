"""The doors to the domain: a desk made or opened for the window. Imported, and called, on worker threads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trialdesk.application import Application, normalised
from trialdesk.base.i18n import N_, _
from trialdesk.base.settings import data_folder
from trialdesk.desktop.app import Demonstration, Opened
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.spot import Found, StudyHead
from trialdesk.desktop.start import NewDesk, SignIn
from trialdesk.studies.queries import StudyRow, studies

BLINDING = {"open": N_("Open label"), "single": N_("Single blind"), "double": N_("Double blind")}


class DomainDoors:
    """Doors to desks of this computer; `demonstration` builds the demonstration and says how to enter it."""

    def __init__(self, demonstration: Demonstration) -> None:
        self._demonstration = demonstration

    def make(self, request: NewDesk) -> Opened:
        """Make a desk and its owner, and open it. Raises Told."""
        application = Application(normalised(str(request.path)))
        application.make(name=request.name, username=request.user, password=request.password)
        return _opened(application, request.path, request.user)

    def sign_in(self, request: SignIn) -> Opened:
        """Open a desk for an account. Raises Told."""
        application = Application(normalised(str(request.path))).open()
        try:
            application.sign_in(request.user, request.password)
        except BaseException:
            application.close()
            raise
        return _opened(application, request.path, request.user)

    def demonstration(self, progress: Progress) -> Opened:
        """Build the demonstration where there is none yet, and open it. Raises Told."""

        def tell(done: int, total: int) -> None:
            progress(done, total, _("Building the demonstration"))

        path, user, password = self._demonstration(data_folder() / "demonstration", tell)
        return self.sign_in(SignIn(path, user, password))


@dataclass(frozen=True)
class DeskSources:
    """What the window itself reads of a desk."""

    application: Application

    def studies(self) -> tuple[StudyHead, ...]:
        """Return the studies this account may see."""
        return tuple(head_of(row) for row in self.application.read(studies))

    def counts(self) -> Mapping[str, int]:
        """Return what waits, by place; nothing is counted yet."""
        return {}

    def find(self, words: str) -> tuple[Found, ...]:
        """Return what else fits the words; the palette finds studies, places and commands by itself."""
        del words
        return ()


def head_of(row: StudyRow) -> StudyHead:
    """Return what the window's header and list say of a study."""
    return StudyHead(row.id, row.short_name, row.title or "", _stage(row), blinding=_blinding(row))


def _opened(application: Application, path: Path, user: str) -> Opened:
    notes = tuple(application.notes)
    application.notes.clear()
    return Opened(application, DeskSources(application), path, user, notes=notes, close=application.close)


def _stage(row: StudyRow) -> Status:
    if row.ended:
        return Status(_("Ended"), "neutral")
    if row.started:
        return Status(_("Running"), "good")
    return Status(_("Planned"), "info")


def _blinding(row: StudyRow) -> Status | None:
    if row.unblinded:
        return Status(_("Treatment is known"), "warning", "eye")
    if row.blinding in BLINDING:
        return Status(_(BLINDING[row.blinding]), "neutral", "eye" if row.blinding == "open" else "eye-off")
    return None

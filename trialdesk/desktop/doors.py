"""How the window reaches the domain: makes, opens and signs in to real desks. Imported on a worker thread only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trialdesk.application import Application
from trialdesk.base.settings import data_folder
from trialdesk.desktop.app import Opened
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.start import NewDesk, SignIn

Build = Callable[[Path, Callable[[int, int], None]], tuple[Path, str, str]]
"""Builds the demonstration in a folder where there is none yet; returns its desk, its user and its password."""


class DeskDoors:
    """The doors to desks on this computer."""

    def __init__(self, build: Build) -> None:
        self._build = build

    def make(self, request: NewDesk) -> Opened:
        """Make a desk and its owner, and open it. Raises what `Application.make` raises."""
        application = Application(str(request.path))
        application.make(name=request.name, username=request.user, password=request.password)
        return _opened(application, request.path, request.user)

    def sign_in(self, request: SignIn) -> Opened:
        """Open a desk for an account. Raises what `Application.open` and `sign_in` raise."""
        application = Application(str(request.path)).open()
        try:
            application.sign_in(request.user, request.password)
        except BaseException:
            application.close()
            raise
        return _opened(application, request.path, request.user)

    def demonstration(self, progress: Progress) -> Opened:
        """Build the demonstration in this person's data folder where it is not there yet, and open it."""
        desk, user, password = self._build(data_folder() / "demonstration", progress)
        return self.sign_in(SignIn(desk, user, password))


def _opened(application: Application, path: Path, user: str) -> Opened:
    notes = tuple(application.notes)
    application.notes.clear()
    return Opened(application, DeskSources(application), path, user, notes=notes, close=application.close)

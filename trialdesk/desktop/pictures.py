"""Pictures of the main pages, as the demonstration shows them: every place and every section of the first study."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from trialdesk.desktop import look, remember
from trialdesk.desktop.app import make_application
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.shell import STUDIES, Shell
from trialdesk.desktop.spot import Spot

if TYPE_CHECKING:
    from trialdesk.application import Application

SIZE = (1366, 768)
LOOK_EVERY_MS = 20


def take(application: Application, folder: Path) -> list[Path]:
    """Write a picture of each page into the folder, in the language in force and light; return the files.

    Makes Qt's application if there is none yet, so call it on the main thread.
    """
    running = QApplication.instance()
    qt = running if isinstance(running, QApplication) else make_application()
    look.apply(qt, "light")
    jobs = Jobs()
    sources = DeskSources(application)
    with tempfile.TemporaryDirectory() as forgotten:
        memory = remember.in_file(Path(forgotten) / "memory.json")
        desk = Desk(application, sources, jobs=jobs, memory=memory)
        shell = Shell(desk, CATALOGUE)
        shell.resize(*SIZE)
        shell.show()
        files = []
        for name, spot in _spots(sources):
            shell.go(spot)
            _wait(jobs.idle)
            file = folder / f"{name}.png"
            shell.grab().save(str(file))
            files.append(file)
        jobs.shutdown()
        shell.close()
        shell.deleteLater()
    return files


def _spots(sources: DeskSources) -> list[tuple[str, Spot]]:
    places = [(place.key, Spot(place.key)) for place in CATALOGUE.places]
    first = next(iter(sources.studies()), None)
    if first is None:
        return places
    return places + [(f"study-{s.key}", Spot(STUDIES, first.id, s.key)) for s in CATALOGUE.sections]


def _wait(ready: Callable[[], bool]) -> None:
    """Let events be handled until it is ready, and once more, for what the last answer asked to be painted."""
    loop = QEventLoop()
    timer = QTimer()
    seen: list[bool] = []

    def look_again() -> None:
        seen.append(ready())
        if seen[-2:] == [True, True]:
            loop.quit()

    timer.timeout.connect(look_again)
    timer.start(LOOK_EVERY_MS)
    loop.exec()
    timer.stop()

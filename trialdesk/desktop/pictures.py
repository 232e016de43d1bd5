"""Pictures of the main pages, as the demonstration shows them: in each language, light and dark."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QLayout, QWidget

from trialdesk.base.i18n import language, set_language
from trialdesk.base.places import resources
from trialdesk.desktop import look, remember, style
from trialdesk.desktop.app import make_application
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.pages.bringing import Import
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.shell import STUDIES, Shell
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.window import Window

if TYPE_CHECKING:
    from trialdesk.application import Application

SIZE = (1366, 768)
LOOK_EVERY_MS = 20
LOOKS: tuple[style.Choice, ...] = ("light", "dark")
TELLING: dict[str, Callable[[Any], bool]] = {"owed": lambda row: row.state == "FAILED"}
"""Which row of a section tells most; elsewhere it is the first."""
INSIDE = {"gates": "payments-gates", "certificates": "payments-certificate", "billing": "payments-billing"}
"""Registers of the payments page that have a picture of their own, by its name."""
IMPORTED = Path("harbour") / "sdtm"
"""The folder that the picture of an import names in place of where this program keeps its demonstration."""


def take(
    application: Application,
    folder: Path,
    languages: Sequence[str] = ("en", "zh"),
    looks: Sequence[style.Choice] = LOOKS,
) -> list[Path]:
    """Write `page-language-look.png` of each main page into the folder and return the files.

    Shown are all places, and all sections of the first study. Makes Qt's application if there is none yet, so call it
    on the main thread. The language and the look in force before are in force again afterwards.
    """
    running = QApplication.instance()
    qt = running if isinstance(running, QApplication) else make_application()
    spoken, dark = language(), style.is_dark()
    files: list[Path] = []
    try:
        for code in languages:
            for choice in looks:
                set_language(code)
                look.apply(qt, choice)
                files += _pages(application, folder, f"{code}-{choice}")
    finally:
        set_language(spoken)
        look.apply(qt, "dark" if dark else "light")
    return files


def _pages(application: Application, folder: Path, name: str) -> Iterator[Path]:
    sources = DeskSources(application)
    with _window(application, sources) as (window, shell, jobs):
        for key, spot in _spots(sources):
            shell.go(spot)
            _wait(jobs.idle)
            if isinstance(shell.page, Import):
                shell.page.path.setText(str(resources() / "demo" / "sdtm"))
                shell.page.read()
                _wait(jobs.idle)
                shell.page.path.setText(str(IMPORTED))
            elif spot.study and shell.page:
                _choose(shell.page, spot.section)
            _wait(jobs.idle)
            file = folder / f"{key}-{name}.png"
            window.grab().save(str(file))
            yield file


def _choose(page: QWidget, section: str) -> None:
    """Choose a row where there are some: what stands beside it belongs to the picture."""
    wanted = TELLING.get(section, lambda _row: True)
    for table in page.findChildren(Table):
        if table.isVisible() and (rows := table.rows()):
            table.select(next(filter(wanted, rows), rows[0]).id)


@contextmanager
def _window(application: Application, sources: DeskSources) -> Iterator[tuple[Window, Shell, Jobs]]:
    jobs = Jobs()
    with tempfile.TemporaryDirectory() as forgotten:
        memory = remember.in_file(Path(forgotten) / "memory.json")
        desk = Desk(application, sources, jobs=jobs, memory=memory)
        window = Window(memory)
        window.resize(*SIZE)
        shell = Shell(desk, CATALOGUE)
        window.show_widget(shell, shell.menu_bar)
        if layout := window.layout():
            # Without a screen the smallest size of a window cannot be told to anybody, and Qt would complain.
            layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        window.show()
        try:
            yield window, shell, jobs
        finally:
            jobs.shutdown()
            window.close()
            window.deleteLater()
            desk.deleteLater()


def _spots(sources: DeskSources) -> list[tuple[str, Spot]]:
    places = [(place.key, Spot(place.key)) for place in CATALOGUE.places]
    first = next(iter(sources.studies()), None)
    if first is None:
        return places
    return [
        *places,
        *((section.key, Spot(STUDIES, first.id, section.key)) for section in CATALOGUE.sections),
        *((name, Spot(STUDIES, first.id, "payments", f"{register}:")) for name, register in INSIDE.items()),
    ]


def _wait(ready: Callable[[], bool]) -> None:
    """Let events be handled until it is ready, and more than once, for what the last answer asked to be painted."""
    loop = QEventLoop()
    timer = QTimer()
    seen: list[bool] = []

    def look_again() -> None:
        seen.append(ready())
        if seen[-4:] == [True] * 4:
            loop.quit()

    timer.timeout.connect(look_again)
    timer.start(LOOK_EVERY_MS)
    loop.exec()
    timer.stop()

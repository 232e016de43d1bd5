"""Somebody before the program as it is when it was just started for the first time.

`TRIALDESK_SCREENS` names a folder to keep a picture of every step in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.person import Person
from trialdesk.desktop import remember, style
from trialdesk.desktop.app import Main
from trialdesk.desktop.doors import DomainDoors
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.pages.catalog import CATALOGUE


def _never(folder: Path, tell: object) -> tuple[Path, str, str]:
    raise AssertionError("nobody asked for the demonstration")


@contextmanager
def somebody(folder: Path, spoken: str, choice: style.Choice) -> Iterator[Person]:
    """Give a person who speaks this language, with this look; the program remembers in `folder`."""
    jobs = Jobs()
    main = Main(remember.in_file(folder / "memory.json"), jobs, lambda: DomainDoors(_never), lambda: CATALOGUE)
    main.window.speak(spoken)
    main.window.dress(choice)
    main.begin(None)
    main.window.resize(1366, 768)
    main.window.show()
    main.window.activateWindow()
    assert QTest.qWaitForWindowActive(main.window)

    def settle() -> None:
        for _turn in range(3):
            while not jobs.idle():
                QTest.qWait(5)
            QTest.qWait(1)

    shots = os.environ.get("TRIALDESK_SCREENS")
    try:
        yield Person(
            main.window, settle, Path(shots) / f"{QApplication.platformName()}-{spoken}-{choice}" if shots else None
        )
    finally:
        main.end()
        main.window.close()
        main.window.deleteLater()
        main.deleteLater()

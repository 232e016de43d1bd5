"""From an empty folder to a proven document, through the real window, by keys and clicks alone.

`TRIALDESK_SCREENS` names a folder to keep a picture of every step in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from tests.support.person import Person
from trialdesk.base.i18n import _
from trialdesk.base.places import resources
from trialdesk.desktop import look
from trialdesk.desktop.app import Main
from trialdesk.desktop.pages.catalog import CATALOGUE

LOOKS = [("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark")]
PASSWORD = "correct horse battery"


def _never(_folder: Path, _tell: object) -> tuple[Path, str, str]:
    raise AssertionError("nobody asked for the demonstration")


class Strays(QObject):
    """Notes every widget that is shown as a window of its own and takes the keyboard from the one there is."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowType()
            if kind == Qt.WindowType.Window and not isinstance(watched, QMainWindow):
                self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def strays(qapp) -> Iterator[Strays]:
    made = Strays()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)
    assert made.seen == []


@pytest.fixture
def main(qtbot, jobs, memory, qapp) -> Iterator[Main]:
    def doors():
        from trialdesk.desktop.doors import DomainDoors

        return DomainDoors(_never)

    made = Main(memory, jobs, doors, lambda: CATALOGUE)
    qtbot.addWidget(made.window)
    made.begin(None)
    made.window.resize(1366, 768)
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowActive(made.window)
    yield made
    made.end()
    look.apply(qapp, "light")


def _person(main: Main, settle, name: str) -> Person:
    folder = os.environ.get("TRIALDESK_SCREENS")
    return Person(main.window, settle, Path(folder) / name if folder else None)


def _first_day(person: Person, folder: Path) -> None:
    """Go through the day. Words are looked for in the language in force, so that none may be missing in it."""
    source = folder / "sdtm"
    shutil.copytree(resources() / "demo" / "sdtm", source)
    document = folder / "flow.pdf"

    person.look("start")
    person.click(_("Start a desk on this computer"))
    person.type("Chen Wei")
    person.tab_to(_("Password"))
    person.type(PASSWORD)
    person.tab_to(_("Password again"))
    person.type(PASSWORD)
    person.tab_to(_("Where the desk lies"))
    person.retype(str(folder / "ward.desk"))
    person.look("new desk")
    person.press("Return")
    person.wait_for(_("No study yet"))
    person.look("no study")

    person.press("Ctrl+I")
    person.type(str(source))
    person.press("Return")
    person.wait_for(_("Visits that happened"))
    assert person.sees("195")
    assert person.sees("AESTDTC")
    person.look("preview")
    person.press("Space")
    person.wait_for(_("Participant flow"))
    person.wait_for(_("Study imported"))
    assert person.sees("HARBOUR")
    person.look("imported")

    person.press("Ctrl+2")
    person.wait_for("101-001 |")
    person.press("Down")
    person.wait_for("HARBOUR-101-001")
    person.look("participant")
    person.press("F2")
    person.tab_to(_("Age"))
    person.retype("65")
    person.press("Ctrl+S")
    person.wait_for(_("Why is this changed?"))
    person.look("reason")
    person.type("1")
    person.press("Return")
    person.wait_for(_("Participant corrected"))
    person.look("corrected")
    person.press("Ctrl+Z")
    person.wait_for(_("Undone: {act}").format(act=_("Participant corrected")))

    person.press("Ctrl+3")
    person.wait_for(_("{count} pages").format(count=2) if _("Reports") == "Reports" else _("Save PDF…"))
    person.look("report")
    person.press("Ctrl+S")
    person.choose_file(document)
    person.wait_for(_("Saved: {name}").format(name="flow.pdf"))
    assert document.read_bytes().startswith(b"%PDF")

    _check(person, document)
    person.wait_for(_("Unaltered, and still true"))
    person.look("proven")

    person.press("Alt+1")
    person.wait_for("HARBOUR |")
    person.press("Down")
    person.press("Return")
    person.wait_for(_("Participant flow"))
    person.press("Ctrl+2")
    person.wait_for("101-001 |")
    person.press("Down")
    person.wait_for("HARBOUR-101-001")
    person.click(_("Void"))
    person.wait_for(_("Why is this voided?"))
    person.type("2")
    person.press("Return")
    person.wait_for(_("Participant voided"))
    _check(person, document)
    person.wait_for(_("Unaltered, but the desk has changed since"))
    assert person.sees(f"{_('Assessed for eligibility')} | 40 | 39")
    person.look("changed since")

    document.write_bytes(document.read_bytes().replace(b"HARBOUR", b"HARBORS"))
    _check(person, document)
    person.wait_for(_("Altered"))


def _check(person: Person, document: Path) -> None:
    person.press("Ctrl+K")
    person.type(_("Check a PDF…"))
    person.press("Return")
    person.wait_for(_("PDF made by TrialDesk"))
    person.retype(str(document))
    person.press("Return")


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_from_an_empty_folder_to_a_proven_document(main, settle, tmp_path, spoken, swift):
    main.window.speak(spoken)
    main._show_start()
    _first_day(_person(main, settle, f"{spoken}-offscreen"), tmp_path)


@pytest.mark.xvfb
@pytest.mark.parametrize("looks", LOOKS, ids="-".join)
def test_the_same_day_on_a_real_screen(main, settle, tmp_path, looks, strays):
    spoken, choice = looks
    main.window.speak(spoken)
    main.window.dress(choice)
    main._show_start()
    _first_day(_person(main, settle, f"{spoken}-{choice}"), tmp_path)

"""From an empty folder to a proven document, through the real window, by keys and clicks alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.person import Person
from tests.support.somebody import somebody
from tests.support.steps import watched
from trialdesk.base.i18n import _, n_
from trialdesk.base.places import resources
from trialdesk.desktop import style
from trialdesk.reporting.terms import age_words

LOOKS: list[tuple[str, style.Choice]] = [("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark")]
PASSWORD = "correct horse battery"


def _first_day(person: Person, folder: Path) -> None:
    """Go through the day. Words are looked for in the language in force, so that none may be missing in it.

    What is waited for stays in sight: a notice may be gone again before a slow machine looks for it.
    """
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
    assert person.sees("HARBOUR")
    person.look("imported")

    person.press("Ctrl+7")
    person.wait_for("101-001 |")
    person.press("Down")
    person.wait_for("HARBOUR-101-001")
    person.wait_for(age_words(64, "YEARS"))
    person.look("participant")
    person.press("F2")
    person.tab_to(_("Age"))
    person.retype("65")
    person.press("Ctrl+S")
    person.wait_for(_("Why is this changed?"))
    person.look("reason")
    person.type("1")
    person.press("Return")
    person.wait_for(age_words(65, "YEARS"))
    person.look("corrected")
    person.press("Ctrl+Z")
    person.wait_for(age_words(64, "YEARS"))

    person.click(_("Reports"))
    person.wait_for(_("{count} pages").format(count=2) if _("Reports") == "Reports" else _("Save PDF…"))
    person.look("report")
    person.press("Ctrl+S")
    person.choose_file(document)
    person.wait_until(document.exists, "flow.pdf is written")
    assert document.read_bytes().startswith(b"%PDF")

    _check(person, document)
    person.wait_for(_("Unaltered, and still true"))
    person.look("proven")

    person.press("Alt+2")
    person.wait_for("HARBOUR |")
    person.press("Down")
    person.press("Return")
    person.wait_for(_("Participant flow"))
    person.press("Ctrl+7")
    person.wait_for("101-001 |")
    person.press("Down")
    person.wait_for("HARBOUR-101-001")
    person.click(_("Void"))
    person.wait_for(_("Why is this voided?"))
    person.type("2")
    person.press("Return")
    person.wait_for(n_("{count} row", "{count} rows", 39).format(count=39))
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
def test_from_an_empty_folder_to_a_proven_document(tmp_path, spoken, strays):
    with somebody(tmp_path, spoken, "light") as person:
        _first_day(person, tmp_path)


def test_no_step_of_the_day_is_long(tmp_path, qapp):
    """A step is long if it is so every time: others may keep the machine busy for a while."""
    slow: list[list[str]] = []
    while not slow or (slow[-1] and len(slow) < 3):
        folder = tmp_path / f"{len(slow)}"
        folder.mkdir()
        with somebody(folder, "en", "light") as person, watched(qapp) as steps:
            _first_day(person, folder)
        slow.append([str(step) for step in steps])
    assert slow[-1] == [], slow


@pytest.mark.xvfb
@pytest.mark.parametrize("looks", LOOKS, ids="-".join)
def test_the_same_day_on_a_real_screen(tmp_path, looks, strays):
    with somebody(tmp_path, *looks) as person:
        _first_day(person, tmp_path)

"""No English shows through on any page of the window, and nothing reaches beyond it, with words a third longer."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.desktop.pages.conftest import DEMO
from tests.support.acts import a_study
from tests.support.pseudo import pseudo_language, untranslated
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.pages import reports
from trialdesk.desktop.pages.bringing import Import
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.spot import Spot

DATA = (
    "HARBOUR",
    "Heart failure and iron: bolus intravenous or oral replacement, an open randomised trial",
    "Iron deficiency in chronic heart failure",
    "Harbour University Hospital (investigator-initiated)",
    "HUH-CARD-2023-07",
    "Intravenous iron",
    "Oral iron",
    "Ada Lind",
    "Ada Lind (ada)",
    "EMPTY",
    str(DEMO),
    "4 Mar 2024",
    "Wednesday, 4 March 2026",
    "III",
)


def _beyond(window: QWidget) -> list[str]:
    """Return the words and buttons in sight that are cut at the window's right edge."""
    return [
        widget.accessibleName() or widget.text()
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton)
        and widget.isVisible()
        and widget.mapTo(window, widget.rect().topRight()).x() > window.width()
    ]


@pytest.fixture
def opened(ward, harbour, jobs, memory, settle, qtbot, monkeypatch):
    # A document is made in a real language.
    monkeypatch.setattr(reports, "language", lambda: "en")
    empty = a_study(ward, "EMPTY")
    with pseudo_language():
        desk = Desk(ward, DeskSources(ward), jobs=jobs, memory=memory)
        shell = Shell(desk, CATALOGUE)
        desk.setParent(shell)
        qtbot.addWidget(shell)
        shell.resize(1366, 740)
        shell.show()
        settle()

        def go(place: str, section: str = "", *, study: str = "") -> Shell:
            shell.go(Spot(place, study or (harbour if section else ""), section))
            settle()
            return shell

        yield go, empty


@pytest.mark.parametrize("section", ["overview", "reports"])
def test_sections_of_a_study(opened, section):
    go, empty = opened
    shell = go("studies", section)
    assert untranslated(shell, *DATA) == []
    assert _beyond(shell) == []
    shell = go("studies", section, study=empty)
    assert untranslated(shell, *DATA) == []


def test_forms_for_what_is_new(opened, settle):
    go, empty = opened
    shell = go("studies")
    shell.page.new_record()
    settle()
    assert untranslated(shell, *DATA) == []
    shell = go("studies", "overview", study=empty)
    shell.page.new_record()
    settle()
    assert untranslated(shell, *DATA) == []


def test_an_import_from_end_to_end(opened, settle, tmp_path):
    go, _empty = opened
    shell = go("import")
    assert isinstance(shell.page, Import)
    assert untranslated(shell, *DATA) == []
    shell.page.path.setText(str(tmp_path))
    shell.page.read()
    settle()
    assert untranslated(shell, str(tmp_path), *DATA) == []
    shell.page.path.setText(str(DEMO))
    shell.page.read()
    settle()
    assert untranslated(shell, str(tmp_path), *DATA) == []
    assert _beyond(shell) == []


def test_the_check_of_a_document(opened, settle, tmp_path):
    go, _empty = opened
    shell = go("check")
    assert untranslated(shell, *DATA) == []
    path = tmp_path / "none.pdf"
    shell.page.path.setText(str(path))
    shell.page.check()
    settle()
    assert untranslated(shell, str(path), "No such file or directory", *DATA) == []

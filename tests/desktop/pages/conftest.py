"""A real desk behind the window: a file, a study with sites, a schedule and somebody on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.support.acts import ON, a_participant, a_site, a_study
from tests.support.desks import quick_desk
from tests.support.trial import consented
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.base.places import resources
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.jobs import Jobs
from trialdesk.desktop.page import Catalogue, Section
from trialdesk.desktop.pages.catalog import CATALOGUE, PLACES
from trialdesk.desktop.pages.participants import Participants
from trialdesk.desktop.pages.trail import Trail
from trialdesk.desktop.remember import Memory
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.window import Window
from trialdesk.enrollment.actions import record_visit
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.studies.actions import add_planned_visit

DEMO = resources() / "demo" / "sdtm"
SCHEDULE = (("Screening", -7, 7, 0), ("Baseline", 1, 0, 0), ("Week 2", 14, 3, 3), ("Week 8", 56, 5, 5))


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Application]:
    application = quick_desk(tmp_path)
    yield application
    application.close()


@dataclass(frozen=True)
class Trial:
    study: Id
    site: Id
    other: Id
    plans: tuple[Id, ...]
    person: Id


@pytest.fixture
def trial(ward: Application) -> Trial:
    study = a_study(ward)
    site, other = a_site(ward, study), a_site(ward, study, "02")
    plans = tuple(
        ward.run(
            add_planned_visit,
            study=study,
            number=Decimal(number),
            name=name,
            planned_day=day,
            window_before=before,
            window_after=after,
        ).result
        for number, (name, day, before, after) in enumerate(SCHEDULE, start=1)
    )
    person = a_participant(
        ward,
        study,
        site,
        screened_on="2025-12-30",
        informed_consent_on="2025-12-30",
        reference_start="2026-01-06",
        sex="F",
        age=64,
        age_unit="YEARS",
    )
    consented(ward, study, person, on=date(2025, 12, 30))
    ward.run(record_visit, study=study, participant=person, planned_visit=plans[0], started_on="2025-12-30")
    ward.run(record_visit, study=study, participant=person, planned_visit=plans[2], started_on="2026-01-26")
    return Trial(study, site, other, plans, person)


@pytest.fixture
def window(
    ward: Application, jobs: Jobs, memory: Memory, qtbot: QtBot, settle: Callable[[], None]
) -> Callable[..., Shell]:
    """Give a way to open the window, on a study's section if one is named; refusals go to its notice."""

    kept: list[Window] = []

    def opened(study: Id = "", section: str = "participants", focus: str = "") -> Shell:
        sections = (
            Section("participants", "Participants", lambda desk, study: Participants(desk, study, today=lambda: ON)),
            Section("trail", "Trail", lambda desk, study: Trail(desk, study, today=lambda: ON)),
        )
        desk = Desk(ward, DeskSources(ward), jobs=jobs, memory=memory)
        shell = Shell(desk, Catalogue(PLACES, sections))
        desk.setParent(shell)
        jobs.set_failure(lambda error, _owner: shell.notice.say_told(error))  # type: ignore[arg-type]
        around = Window(memory)
        kept.append(around)
        qtbot.addWidget(around)
        around.show_widget(shell, shell.menu_bar)
        around.resize(1366, 800)
        around.show()
        with qtbot.waitActive(around):
            around.activateWindow()
        settle()
        if study:
            shell.go(Spot("studies", study, section, focus))
            settle()
        return shell

    return opened


@pytest.fixture
def harbour(ward: Application) -> Id:
    """Bring the demonstration's study in; give its id."""
    found: Id = ward.run(bring_in, study=None, contents=sdtm.read(DEMO), short_name="HARBOUR").result.study
    return found


@pytest.fixture
def shell(ward: Application, jobs: Jobs, memory: Memory, qtbot: QtBot, settle: Callable[[], None]) -> Shell:
    """Give the window with all pages there are, at the studies."""
    desk = Desk(ward, DeskSources(ward), jobs=jobs, memory=memory)
    made = Shell(desk, CATALOGUE)
    desk.setParent(made)
    jobs.set_failure(lambda error, _owner: made.notice.say_told(error))  # type: ignore[arg-type]
    around = Window(memory)
    # The shell's wrapper keeps the window's: nothing else does.
    made.around = around  # type: ignore[attr-defined]
    qtbot.addWidget(around)
    around.show_widget(made, made.menu_bar)
    around.resize(1366, 768)
    around.show()
    with qtbot.waitActive(around):
        around.activateWindow()
    made.go(Spot("studies"), remember=False)
    settle()
    return made


@pytest.fixture
def press(qtbot: QtBot, settle: Callable[[], None]) -> Callable[..., None]:
    """Give a way to press keys, or type words, wherever the focus is."""

    def pressed(*keys: Any, words: str = "") -> None:
        for key in keys:
            kind, modifiers = key if isinstance(key, tuple) else (key, Qt.KeyboardModifier.NoModifier)
            qtbot.keyClick(focused(), kind, modifiers)
            settle()
        if words:
            qtbot.keyClicks(focused(), words)
            settle()

    return pressed


def focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None, "nothing has the focus"
    return focused


def said(widget: QWidget) -> str:
    """Return every word shown in a widget's labels."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

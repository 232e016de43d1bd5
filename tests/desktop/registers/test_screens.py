"""Registers at 1366×768 in both languages, light and dark. `TRIALDESK_SCREENS` names a folder for the pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.support.acts import a_colleague
from tests.support.screens import screens
from trialdesk.base.problems import Problem
from trialdesk.desktop import look
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.spot import Spot
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.rows import Contents

ODD = [
    Problem("ae.csv", "“20l6-13” is no date; it is kept as it was written, in the event's term.", 7, "AESTDTC"),
    Problem("ae.csv", "A fatal event is not marked serious.", 9, "AESER"),
    Problem("dm.csv", "No informed consent is recorded for 3 of 12 participants.", None, "RFICDTC"),
]


def _beyond(window: QWidget) -> list[str]:
    """Return the words and buttons in sight that are cut at the window's right edge."""
    return [
        widget.accessibleName() or widget.text()
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton)
        and widget.isVisible()
        and widget.mapTo(window, widget.rect().topRight()).x() > window.width()
    ]


@pytest.mark.parametrize(
    ("section", "focus"),
    [
        ("sites", "site"),
        ("design", "studies-planned_visit"),
        ("ethics", ""),
        ("ethics", "ethics-submission:new"),
        ("participants", "person"),
        ("documents", ""),
        ("documents", "documents-document:new"),
        ("contracts", "contracts-contract:new"),
        ("payments", "payments-receipt"),
        ("owed", ""),
        ("sharing", ""),
        ("safety", ""),
        ("problems", ""),
        ("", ""),
    ],
)
def test_every_look(qapp, ward, trial, jobs, memory, settle, qtbot, tmp_path, section, focus):
    a_colleague(ward, trial.study, "coordinator")
    ward.run(bring_in, study=trial.study, contents=Contents([], ODD), short_name="")
    folder = Path(os.environ.get("TRIALDESK_SCREENS", tmp_path))
    beyond: list[str] = []
    made: list[Shell] = []

    def build() -> QWidget:
        desk = Desk(ward, DeskSources(ward), jobs=jobs, memory=memory)
        shell = Shell(desk, CATALOGUE)
        look.wear(shell)
        desk.setParent(shell)
        made.append(shell)
        if section:
            shell.go(
                Spot("studies", trial.study, section, {"site": trial.other, "person": trial.person}.get(focus, focus))
            )
        return shell

    def settled() -> None:
        settle()
        beyond.extend(_beyond(made[-1]))

    files = screens(qapp, folder, f"{section}-{focus.rpartition(':')[2]}", build, settled)
    assert len(files) == 4
    assert beyond == []

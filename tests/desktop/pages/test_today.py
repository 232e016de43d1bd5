from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import CTRL, said
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.pages.today import LATE, Today, when
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.sources import DeskSources
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.overview.rules.waiting import Waiting

KEY = Qt.Key
AT = date(2026, 3, 4)


def _row(state="late", due=AT, **more) -> Waiting:
    return Waiting(
        id=f"{state}/{due}",
        group="visits",
        words="Record {subject}",
        whose="001",
        due=due,
        state=state,
        study="s1",
        study_name="HARBOUR",
        section="participants",
        focus="p1",
        act="Open",
        values={"subject": "Week 2"},
        **more,
    )


@pytest.fixture
def page(trial, shell, settle):
    shell.go(Spot("today"))
    settle()
    assert isinstance(shell.page, Today)
    return shell.page


def _whats(listing):
    return [row.what for row in listing.rows_model.shown_rows()]


def test_it_is_the_first_place_and_where_a_desk_opens(ward, jobs, memory, settle, qtbot):
    desk = Desk(ward, DeskSources(ward), jobs=jobs, memory=memory)
    shell = Shell(desk, CATALOGUE)
    desk.setParent(shell)
    qtbot.addWidget(shell)
    settle()
    assert isinstance(shell.page, Today)


def test_what_waits_stands_in_groups(page):
    assert any("Week 2" in what or "Baseline" in what for what in _whats(page.listings[LATE]))
    for key, listing in page.listings.items():
        assert listing.isVisible() == bool(_whats(listing)), key


def test_the_models_are_sound(page, qtmodeltester):
    for listing in page.listings.values():
        qtmodeltester.check(listing.model())


def test_enter_leads_to_where_it_is_done(page, shell, trial, press, settle):
    page.listings[LATE].setFocus()
    press(KEY.Key_Return)
    assert shell.spot is not None
    assert (shell.spot.study, shell.spot.section, shell.spot.focus) == (trial.study, "participants", trial.person)


def test_a_click_on_what_comes_next_leads_there_too_and_elsewhere_only_chooses(page, shell, qtbot, settle):
    listing = page.listings[LATE]
    columns = [column.key for column in listing.rows_model.columns]
    for key, expected in (("what", "today"), ("act", "studies")):
        index = listing.rows_model.index(0, columns.index(key))
        listing.scrollTo(index)
        qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=listing.visualRect(index).center())
        settle()
        assert shell.spot.place == expected


def test_typing_filters_all_groups(page, press):
    press((KEY.Key_F, CTRL), words="no such thing")
    assert not any(listing.isVisible() for listing in page.listings.values())
    press(*[KEY.Key_Backspace] * len("no such thing"))
    assert page.listings[LATE].isVisible()


def test_the_rail_tells_how_much_presses(page, shell):
    assert shell._rail["today"].accessibleName() == f"Today: {len(_whats(page.listings[LATE]))}"


def test_a_desk_without_studies_offers_the_first(shell, settle):
    shell.go(Spot("today"))
    settle()
    assert "No study yet" in said(shell.page)
    shell.page.findChild(EmptyState).button.click()
    assert shell.spot == Spot("studies", focus="new")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (_row(due=AT - timedelta(days=9)), "9 days late"),
        (_row(due=AT - timedelta(days=1)), "1 day late"),
        (_row("due today"), "Today"),
        (_row("nearly", AT + timedelta(days=2)), "In 2 days"),
        (_row("running", None), "Waits"),
    ],
)
def test_when_it_is_due_is_said_in_words(row, words):
    assert when(row, AT).words == words

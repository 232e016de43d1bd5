from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.desktop.pages.conftest import CTRL, said
from tests.support.acts import a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.statements import counted
from tests.support.trial import ready_to_be_allocated
from trialdesk.desktop.spot import Spot
from trialdesk.enrollment.actions import record_allocation
from trialdesk.enrollment.queries import consort
from trialdesk.overview.drawings import rails_drawing
from trialdesk.overview.progress import progress
from trialdesk.reporting.diagrams import flow_drawing, flow_labels
from trialdesk.studies.actions import add_arm
from trialdesk.studies.queries import sites

KEY = Qt.Key


def _open(shell, study, settle, focus=""):
    shell.go(Spot("studies", study, "overview", focus))
    settle()
    return shell.page


def _figures(page):
    return [button.accessibleName() for button in page.figures.findChildren(QPushButton) if button.isVisible()]


def test_one_study_on_one_page(shell, ward, harbour, settle):
    page = _open(shell, harbour, settle)
    assert _figures(page) == [
        "Screened: 40",
        "Enrolled: 34",
        "Planned participants: 34",
        "Completed: 29",
        "Discontinued: 5",
        "Adverse events: 62",
    ]
    words = said(page)
    assert "No assessment of eligibility is recorded for 40 imported participants." in words
    assert "No approval by an ethics committee is recorded." in words
    assert "1 participant is in another arm than planned." in words
    assert "Phase III" in words
    assert "4 Mar 2024" in words
    assert "101\n22\n21\n21" in words


def test_the_flow_is_the_one_of_the_document_and_leads_to_the_participants(shell, ward, harbour, settle, qtbot):
    page = _open(shell, harbour, settle)
    flow = ward.read(consort, study=harbour, on=ward.today)
    drawn = flow_drawing(flow, flow_labels())
    assert (page.flow.drawing.shapes, page.flow.drawing.says) == (drawn.shapes, drawn.says)
    names = [target[4] for target in page.flow.drawing.targets]
    assert names[0] == "Assessed for eligibility (n\u00a0=\u00a040)"
    assert len(names) == len(set(names)), "each box is told from the others"
    page.flow.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.flow, KEY.Key_Return)
    settle()
    assert shell.spot == Spot("studies", harbour, "participants")


def test_the_rails_say_how_far_it_has_come_and_lead_on(shell, ward, harbour, settle, qtbot):
    page = _open(shell, harbour, settle)
    come = ward.read(progress, study=harbour, on=ward.today)
    drawn = rails_drawing(come.rails, come.holders, width=page.rails.drawing.width)
    assert (page.rails.drawing.shapes, page.rails.drawing.says) == (drawn.shapes, drawn.says)
    assert "Ethics approval: Not recorded" in page.rails.accessibleName()
    page.rails.setFocus(Qt.FocusReason.TabFocusReason)
    names = [target[4] for target in page.rails.drawing.targets]
    for _step in range(names.index("Recruitment: Done 34/34")):
        qtbot.keyClick(page.rails, KEY.Key_Right)
    qtbot.keyClick(page.rails, KEY.Key_Return)
    settle()
    assert shell.spot == Spot("studies", harbour, "participants")


def test_recruitment_is_drawn_where_there_is_any(shell, ward, harbour, settle):
    page = _open(shell, harbour, settle)
    assert page.curve.isVisible()
    assert page.curve.drawing.says.startswith("Allocated: 34;")
    page = _open(shell, a_study(ward, "EMPTY"), settle)
    assert not page.curve.isVisible()


def test_every_number_leads_to_what_it_counts(shell, harbour, settle):
    page = _open(shell, harbour, settle)
    page.figures.chosen.emit("events")
    settle()
    assert (shell.spot.section, shell.page._report.key) == ("reports", "safety-summary")
    shell.go(Spot("studies", harbour, "overview"))
    page.figures.chosen.emit("completed")
    assert shell.spot.section == "participants"


def test_the_first_site_is_added_where_it_is_missing(shell, ward, press, settle):
    study = a_study(ward)
    shell._desk.changes.emit({"*"})
    page = _open(shell, study, settle)
    assert "No site yet" in said(page)
    assert "The participant flow is drawn here" in said(page)
    shell.header._next.click()
    settle()
    press(words="01")
    press(KEY.Key_Tab, words="Harbour Hospital")
    press((KEY.Key_Return, CTRL))
    assert [(row.number, row.name) for row in ward.read(sites, study=study)] == [("01", "Harbour Hospital")]
    assert "01 Harbour Hospital\n0\n0\n0" in said(page)
    assert page._entry is None
    settle()
    assert "Screen the first participant" in shell.header._next.text()


def test_in_a_blinded_study_the_arms_are_one(shell, ward, settle):
    study = a_study(ward, blinding="double")
    arm = ward.run(add_arm, study=study, code="A", name="Verum").result
    person = a_participant(ward, study, a_site(ward, study))
    ready_to_be_allocated(ward, study, person)
    a_colleague(ward, study, "pharmacist")
    ward.sign_in("bo", "another horse")
    ward.run(record_allocation, study=study, participant=person, arm=arm)
    ward.sign_in(OWNER, PASSWORD)
    shell._desk.changes.emit({"*"})
    page = _open(shell, study, settle)
    assert "All arms together" in page.flow.drawing.says
    assert "Verum" not in page.flow.drawing.says
    assert "Blinded" in shell.header._blinding.accessibleName()


def test_the_page_follows_what_is_recorded(shell, ward, settle):
    study = a_study(ward)
    site = a_site(ward, study)
    page = _open(shell, study, settle)
    assert _figures(page)[0] == "Screened: 0"
    a_participant(ward, study, site)
    shell._desk.changes.emit({"enrollment.participant"})
    settle()
    assert _figures(page)[0] == "Screened: 1"


def test_looking_costs_no_more_for_more_participants(shell, ward, harbour, settle):
    page = _open(shell, harbour, settle)
    with counted(ward) as said_:
        page.refresh()
        settle()
    assert 0 < len(said_) <= 100

"""The forecast page: months to come, the fall from accrued to received, and when the holdback comes free."""

from __future__ import annotations

from datetime import date

import pytest

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS
from tests.support.acts import a_study
from trialdesk.desktop.spot import Spot
from trialdesk.enrollment.records import Participant
from trialdesk.payments.prospect import prospect
from trialdesk.studies.records import PlannedVisit


@pytest.fixture
def owing(ward):
    made = Trial(ward)
    at(ward, on("2026-03-10"))
    made.load(TERMS)
    for number in ("001", "002"):
        made.happened(number, "V2", "2026-02-20")
    return made


@pytest.fixture
def opened(shell, owing, settle):
    def go():
        shell.go(Spot("studies", owing.study, "forecast"))
        settle()
        return shell.page

    return go


def test_chart_months_and_grounds_stand_there_with_what_holds_money_back(opened):
    page = opened()
    words = said(page)
    assert "This is an estimate. None of it is earned, posted or invoiced." in words
    assert "CN¥330.00 is held until HB is earned (report signed)." in words
    assert "nothing has arrived yet, so no cash is foretold" in words
    assert "Nobody in the study has a visit to come that the terms pay for" in words
    assert not page.chart.isVisible()
    assert not page.contract.isVisible()


def test_visits_to_come_are_drawn_and_listed_month_by_month(opened, owing):
    owing.visit("V2", date(2026, 5, 4))
    edit(owing.desk, owing.study, PlannedVisit, owing.visit("V2"), planned_day=93)
    owing.add(
        Participant(
            number="003", identifier="003", site=owing.site, reference_start="2026-02-01", screened_on="2026-02-01"
        )
    )
    page = opened()
    assert page.chart.drawing.says == page.lead.text().partition(": ")[2]
    rows = page.months.rows_model.shown_rows()
    assert [row.month.base for row in rows] == [0, 165000, *[0] * 10]
    assert [column.words(rows[1]) for column in page.months.rows_model.columns][:3] == [
        "May 2026",
        "CN¥1,650.00",
        "CN¥1,650.00",
    ]
    assert "The last visit planned so far is on 4 May 2026." in said(page)


def test_the_day_on_which_holdback_came_free_is_said(opened, owing):
    owing.tell_deliverable("report_signed", "2026-03-05")
    words = said(opened())
    assert "CN¥330.00 came free on 5 Mar 2026, when HB was earned." in words
    assert "is held until" not in words


def test_every_step_down_to_what_was_received_follows_from_the_one_before(owing, ward):
    owing.certify()
    owing.invoice()
    owing.happened("003", "V2", "2026-02-21")
    told = ward.read(prospect, study=owing.study, on=ward.today)
    at_ = 0
    for each in told.steps:
        if each.level and each is not told.steps[0]:
            assert each.amount == at_, each.words
        at_ = each.amount if each.level else at_ - each.amount
    amounts = {each.words: each.amount for each in told.steps}
    assert (amounts["Accrued"], amounts["Held"], amounts["Waits for a certificate"]) == (495000, 49500, 148500)
    assert (amounts["Invoiced with tax"], amounts["Received"]) == (314820, 0)


def test_the_fall_is_told_in_words_too(opened, owing):
    owing.certify()
    owing.invoice()
    says = opened().fall.drawing.says
    assert says.startswith("Accrued: CN¥3,300.00; ")
    assert "Held: -CN¥330.00" in says
    assert says.endswith("Received: CN¥0.00")


def test_without_terms_that_count_the_page_says_what_it_needs(shell, settle, ward):
    study = a_study(ward, "EMPTY")
    shell.go(Spot("studies", study, "forecast"))
    settle()
    assert "Nothing can be foretold yet" in said(shell.page)

"""All studies in few statements, one study on a page, participants found by a few letters of their number."""

from __future__ import annotations

from tests.support.acts import a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.places import resources
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.overview.queries import find_participants, overview, portfolio
from trialdesk.overview.rules.standing import Gap

DEMO = resources() / "demo" / "sdtm"


def _brought(desk: Application, short_name: str = "HARBOUR") -> str:
    return str(desk.run(bring_in, study=None, contents=sdtm.read(DEMO), short_name=short_name).result.study)


def test_every_study_with_its_stage_its_leader_and_what_comes_next(desk: Application):
    empty = a_study(desk, "EMPTY")
    small = a_study(desk, "small", planned_participants=3)
    a_participant(desk, small, a_site(desk, small))
    _brought(desk)
    rows = desk.read(portfolio, on=desk.today)
    assert [(row.study.short_name, row.stage, row.next_step, row.pi) for row in rows] == [
        ("EMPTY", "set-up", "site", "Ada Lind"),
        ("HARBOUR", "ended", "gaps", "Ada Lind"),
        ("small", "enrolling", "report", "Ada Lind"),
    ]
    assert [row.study.id for row in desk.read(portfolio, on=desk.today, study=empty)] == [empty]


def test_ten_studies_cost_no_more_statements_than_one(sqlite_desk: Application):
    a_study(sqlite_desk, "S0")
    with counted(sqlite_desk) as few:
        sqlite_desk.read(portfolio, on=sqlite_desk.today)
    for number in range(1, 10):
        study = a_study(sqlite_desk, f"S{number}")
        a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    with counted(sqlite_desk) as many:
        assert len(sqlite_desk.read(portfolio, on=sqlite_desk.today)) == 10
    assert len(many) == len(few) <= 8, "seven and the beginning"


def test_one_study_on_a_page(desk: Application):
    study = _brought(desk)
    page = desk.read(overview, study=study, on=desk.today)
    assert (page.flow.assessed, page.flow.excluded.total, page.flow.randomised) == (40, 6, 34)
    tally = page.standing.tally
    assert (tally.sites, tally.screened, tally.entered, tally.adverse_events) == (2, 40, 34, 62)
    assert tally.ended == sum(arm.completed + arm.discontinued.total for arm in page.flow.arms)
    assert [(row.site.number, row.screened) for row in page.sites] == [("101", 22), ("102", 18)]
    assert sum(row.entered for row in page.sites) == 34
    assert sum(row.completed + row.discontinued for row in page.sites) == tally.ended
    assert page.standing.gaps == (
        Gap("eligibility", 40, 40),
        Gap("approval", 1, 1),
        Gap("arms", 1, 34),
    )


def test_a_page_costs_the_same_for_any_number_of_participants(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    site = a_site(sqlite_desk, study)
    with counted(sqlite_desk) as few:
        sqlite_desk.read(overview, study=study, on=sqlite_desk.today)
    for number in range(20):
        a_participant(sqlite_desk, study, site, f"{number:03}")
    with counted(sqlite_desk) as many:
        sqlite_desk.read(overview, study=study, on=sqlite_desk.today)
    assert len(many) == len(few) <= 30


def test_participants_are_found_by_a_few_letters(desk: Application):
    _brought(desk)
    found = desk.read(find_participants, words="harbour-101-0", limit=3)
    assert len(found) == 3
    assert {row.short_name for row in found} == {"HARBOUR"}
    assert all("101-0" in row.identifier for row in found)
    assert desk.read(find_participants, words="100%_") == ()

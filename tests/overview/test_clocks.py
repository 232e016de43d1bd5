"""The clocks of a desk, and what of them waits today: found in the records of every stage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.overview.stages import keep
from tests.support.acts import ON, a_colleague, a_participant, a_study
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.base.places import resources
from trialdesk.enrollment.records import Disposition, Participant, Visit
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.overview.clocks import clocks, today
from trialdesk.overview.rulebook import rules
from trialdesk.overview.triggers.catalog import TRIGGERS
from trialdesk.people.actions import delegate
from trialdesk.people.queries import account_named
from trialdesk.people.records import Delegation, Training
from trialdesk.studies.actions import add_planned_visit, add_site, correct_study
from trialdesk.studies.queries import planned_visits
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import PlannedVisit


def a_place(desk: Application, study: Id, country: str | None = "USA") -> Id:
    made: Id = desk.run(add_site, study=study, number="01", country=country).result
    return made


def a_week(desk: Application, study: Id, day: int = 8, name: str = "Week 1") -> Id:
    made: Id = desk.run(
        add_planned_visit, study=study, number=Decimal(day), name=name, planned_day=day, window_before=2, window_after=3
    ).result
    return made


def states(desk: Application, on: date, rule: str) -> list[tuple[str, date, str]]:
    return [(each.started.whose, each.due, each.state) for each in desk.read(clocks, on=on) if each.rule.id == rule]


@pytest.fixture
def brought(desk: Application) -> tuple[Id, Id, Id]:
    """Give a study, a visit of its plan and a participant, as an import brings them: no gate asks for a consent."""
    study = a_study(desk, imported=True)
    site, visit = a_place(desk, study), a_week(desk, study)
    fields = {
        "number": "001",
        "identifier": "01-001",
        "reference_start": "2026-03-01",
        "informed_consent_on": "2026-02-27",
        "imported": True,
    }
    return study, visit, keep(desk, Participant, study, site=site, **fields)


def test_a_window_closes(desk: Application, brought: tuple[Id, Id, Id]):
    study, visit, person = brought
    closes = date(2026, 3, 11)
    assert states(desk, ON, "VISIT") == [("01-001", closes, "running")]
    assert states(desk, closes, "VISIT") == [("01-001", closes, "due today")]
    assert states(desk, date(2026, 3, 12), "VISIT") == [("01-001", closes, "late")]
    (row,) = [each for each in desk.read(today, on=date(2026, 3, 12)) if each.group == "visits"]
    assert (row.what, row.whose, row.state, row.focus) == ("Visit Week 1", "01-001", "late", person)
    assert (row.study, row.study_name, row.act_words) == (study, "HARBOUR", "Open the participant")
    keep(desk, Visit, study, participant=person, planned_visit=visit, happened=True, started_on="2026-03-04")
    assert states(desk, date(2026, 3, 12), "VISIT") == [("01-001", closes, "done")]
    assert not [each for each in desk.read(today, on=date(2026, 3, 12)) if each.group == "visits"]


def test_a_missed_visit_waits_for_nobody(desk: Application, brought: tuple[Id, Id, Id]):
    study, visit, person = brought
    keep(desk, Visit, study, participant=person, planned_visit=visit, happened=False)
    assert states(desk, date(2026, 3, 12), "VISIT") == [("01-001", date(2026, 3, 11), "done")]


def test_who_left_is_not_seen_any_more(desk: Application, brought: tuple[Id, Id, Id]):
    study, _visit, person = brought
    a_week(desk, study, 29, "Week 4")
    ended = {"category": "event", "reason": "WITHDRAWAL BY SUBJECT", "occurred_on": "2026-03-20"}
    keep(desk, Disposition, study, participant=person, **ended)
    assert states(desk, date(2026, 4, 12), "VISIT") == []


def test_a_visit_counted_from_the_one_before_moves_with_it(desk: Application, brought: tuple[Id, Id, Id]):
    study, visit, person = brought
    keep(desk, PlannedVisit, study, number=Decimal(9), name="Next", anchor="previous", planned_day=7)
    due = [each.due for each in desk.read(clocks, on=ON) if each.started.name == "Next"]
    assert due == [date(2026, 3, 15)]
    keep(desk, Visit, study, participant=person, planned_visit=visit, happened=True, started_on="2026-03-04")
    due = [each.due for each in desk.read(clocks, on=ON) if each.started.name == "Next"]
    assert due == [date(2026, 3, 11)]


def test_the_first_participant_asks_for_a_registration_where_the_law_does(desk: Application):
    study = a_study(desk)
    site = a_place(desk, study)
    a_participant(desk, study, site, informed_consent_on="2026-03-02")
    a_participant(desk, study, site, "002", informed_consent_on="2026-03-01")
    assert states(desk, ON, "CTGOV-REG") == [("", date(2026, 3, 22), "running")]
    other = a_study(desk, "COAST")
    a_participant(desk, other, a_place(desk, other, None), informed_consent_on="2026-03-02")
    assert len(states(desk, ON, "CTGOV-REG")) == 1
    version = desk.read(study_row, study=study).version
    desk.run(correct_study, study=study, version=version, registry_number="NCT01234567", reason="Registered")
    assert states(desk, ON, "CTGOV-REG") == [("", date(2026, 3, 22), "done")]


def test_a_delegation_that_was_renewed_ends_for_nobody(desk: Application):
    study = a_study(desk)
    a_colleague(desk, study, "coordinator")
    person = desk.read(account_named, username="bo").person
    for ends in (date(2026, 4, 1), date(2026, 5, 1)):
        desk.run(delegate, study=study, person=person, role="monitor", starts_on=ON, ends_on=ends)
    assert states(desk, ON, "DELEGATION") == [("Bo", date(2026, 5, 1), "running")]
    desk.run(delegate, study=study, person=person, role="monitor", starts_on=ON)
    assert states(desk, ON, "DELEGATION") == []


def test_training_that_was_repeated_ends_later(desk: Application):
    study, other = a_study(desk), a_study(desk, "OTHER")
    a_colleague(desk, study, "coordinator")
    person = desk.read(account_named, username="bo").person
    done = {"person": person, "topic": "gcp", "title": "GCP"}
    keep(desk, Training, study, completed_on=date(2024, 3, 1), expires_on=date(2026, 3, 1), **done)
    assert states(desk, ON, "TRAINING") == [("Bo", date(2026, 3, 1), "late")]
    keep(desk, Training, study, completed_on=date(2026, 3, 1), expires_on=date(2028, 3, 1), **done)
    assert states(desk, ON, "TRAINING") == [("Bo", date(2028, 3, 1), "running")]
    assert {each.study for each in desk.read(today, on=date(2028, 2, 20)) if each.group == "team"} == {study}
    assert other != study


def test_a_delegation_waits_for_the_investigators_signature(desk: Application):
    study = a_study(desk)
    a_colleague(desk, study, "coordinator")
    person = desk.read(account_named, username="bo").person
    keep(desk, Delegation, study, person=person, role="monitor", starts_on=ON, awaits_signature=True)
    (row,) = [each for each in desk.read(today, on=ON) if each.group == "signatures"]
    assert (row.what, row.state) == ("Sign the delegation of Bo", "due today")


def test_a_study_that_ended_asks_for_its_results_alone(desk: Application):
    study = a_study(desk, ended="2026-02-10")
    site = a_place(desk, study)
    a_week(desk, study)
    a_participant(desk, study, site, reference_start="2026-01-01", informed_consent_on="2026-01-01")
    assert [(each.rule.id, each.due) for each in desk.read(clocks, on=ON)] == [("CTGOV-RES", date(2027, 2, 10))]
    assert desk.read(today, on=ON) == ()


def test_a_study_brought_in_runs_its_visits_by_its_plan(desk: Application):
    study = desk.run(
        bring_in, study=None, contents=sdtm.read(resources() / "demo" / "sdtm"), short_name="HARBOUR"
    ).result.study
    found = desk.read(clocks, on=desk.today, study=study)
    planned = {row.name for row in desk.read(planned_visits, study=study)}
    assert {each.started.name for each in found if each.rule.id == "VISIT"} <= planned
    assert all(each.due <= desk.today for each in found if each.state == "late")


def test_of_several_studies_one_can_be_asked_for(desk: Application):
    first, second = a_study(desk, "A"), a_study(desk, "B")
    for study in (first, second):
        a_participant(desk, study, a_place(desk, study), informed_consent_on="2026-03-02")
    assert {each.study for each in desk.read(today, on=ON)} == {first, second}
    assert {each.study for each in desk.read(today, on=ON, study=second)} == {second}


def test_ten_studies_cost_no_more_statements_than_one(sqlite_desk: Application):
    def one(name: str) -> None:
        study = a_study(sqlite_desk, name)
        site = a_place(sqlite_desk, study)
        a_week(sqlite_desk, study)
        a_participant(sqlite_desk, study, site, reference_start="2026-03-01")

    one("S0")
    with counted(sqlite_desk) as few:
        sqlite_desk.read(today, on=ON)
    for number in range(1, 6):
        one(f"S{number}")
    with counted(sqlite_desk) as many:
        assert len(sqlite_desk.read(today, on=ON + timedelta(days=8))) >= 6
    assert len(many) == len(few)


def test_every_rule_has_its_trigger_and_every_trigger_a_rule():
    assert {rule.trigger for rule in rules()} >= {trigger.name for trigger in TRIGGERS}

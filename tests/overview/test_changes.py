"""The trail in people's terms: names for links, fields as declared, and nothing told to who may not know it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.trial import consented, ready_to_be_allocated
from trialdesk.application import CATALOGUE, Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import correct_participant, identify, record_allocation, record_visit
from trialdesk.overview.changes import Change, Unseen, record_changes, step_changes
from trialdesk.overview.recorded import recorded
from trialdesk.studies.actions import add_arm, add_planned_visit
from trialdesk.trail.history import change_sets


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def person(desk: Application, study: Id) -> Id:
    return a_participant(desk, study, a_site(desk, study), age=64, age_unit="YEARS")


def of_record(desk: Application, study: Id, record: Id) -> tuple[Change, ...]:
    found: tuple[Change, ...] = desk.read(record_changes, record=record, study=study, on=ON, catalogue=CATALOGUE)
    return found


def of_step(desk: Application, study: Id, transaction: Id | None) -> dict[str, object]:
    found = desk.read(step_changes, transaction=transaction, study=study, on=ON, catalogue=CATALOGUE)
    return {change.field.name: change.new for change in found}


def test_a_history_is_newest_first_in_declared_order_with_names(desk: Application, study: Id, person: Id):
    desk.run(correct_participant, reason="Typing error", study=study, participant=person, version=1, age=65, sex="F")
    found = of_record(desk, study, person)
    assert [(each.field.name, each.old, each.new) for each in found[:2]] == [("age", 64, 65), ("sex", None, "F")]
    assert {each.reason for each in found[:2]} == {"Typing error"}
    assert [each.field.name for each in found[2:]] == ["number", "identifier", "site", "screened_on", "age", "age_unit"]
    assert found[4].new == "01 Harbour Hospital"
    assert {each.who for each in found} == {"Ada Lind"}
    assert {each.name for each in found} == {"01-001"}


def test_a_visit_is_told_by_whose_and_which_it_is(desk: Application, study: Id, person: Id):
    plan = desk.run(add_planned_visit, study=study, number=Decimal(1), name="Baseline", planned_day=1).result
    consented(desk, study, person)
    done = desk.run(record_visit, study=study, participant=person, planned_visit=plan, started_on="2026-03-02")
    (change, *_rest) = desk.read(step_changes, transaction=done.transaction, study=study, on=ON, catalogue=CATALOGUE)
    assert change.name == "01-001 · Baseline"
    assert of_step(desk, study, done.transaction) == {
        "participant": "01-001",
        "planned_visit": "Baseline",
        "happened": True,
        "started_on": "2026-03-02",
    }


def test_a_private_value_is_sealed_for_everybody(desk: Application, study: Id, person: Id):
    done = desk.run(identify, study=study, participant=person, name="Maria Beispiel")
    assert of_step(desk, study, done.transaction) == {"participant": "01-001", "name": Unseen.SEALED}


def test_an_arm_is_told_to_the_unblinded_alone(desk: Application, study: Id, person: Id):
    arm = desk.run(add_arm, study=study, code="A", name="Verum").result
    a_colleague(desk, study, "pharmacist")
    ready_to_be_allocated(desk, study, person)
    desk.sign_in("bo", "another horse")
    done = desk.run(record_allocation, study=study, participant=person, arm=arm)
    assert of_step(desk, study, done.transaction)["arm"] == "Verum"
    desk.sign_in(OWNER, PASSWORD)
    assert of_step(desk, study, done.transaction)["arm"] is Unseen.WITHHELD


def test_a_record_is_read_as_it_stands(desk: Application, study: Id, person: Id):
    found = desk.read(recorded, kind="enrollment.participant", record=person, catalogue=CATALOGUE)
    assert (found.id, found.version, found.voided) == (person, 1, False)
    assert found.values["age"] == 64
    assert set(found.values) == set(CATALOGUE["enrollment.participant"].record.FIELDS)
    with pytest.raises(UserError):
        desk.read(recorded, kind="enrollment.participant", record=study, catalogue=CATALOGUE)


@pytest.mark.parametrize("kind", ["enrollment.identity", "enrollment.allocation"])
def test_what_not_everybody_may_see_has_no_form(desk: Application, study: Id, person: Id, kind: str):
    with pytest.raises(TypeError):
        desk.read(recorded, kind=kind, record=person, catalogue=CATALOGUE)


def test_days_are_days(desk: Application, study: Id):
    a_colleague(desk, study, "monitor")
    (given,) = [each for each in desk.read(change_sets, study=study) if each.action == "people:delegation:give"]
    told = of_step(desk, study, given.id)
    assert (told["person"], told["role"], told["starts_on"]) == ("Bo", "monitor", date(2026, 3, 4))

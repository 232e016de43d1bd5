"""Imports that try to carry something past a gate: refused whole, on both databases, with nothing left behind."""

from __future__ import annotations

from typing import Any

import pytest

import trialdesk.enrollment.actions as acts
from tests.studies.test_closing import closed
from tests.support.acts import ON, a_colleague, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.trial import Trial, brought_in
from trialdesk.application import RECORDS, Application
from trialdesk.base.errors import UserError
from trialdesk.enrollment.queries import participants
from trialdesk.exchange.bringing import KINDS, bring_in
from trialdesk.exchange.rows import Contents, Row
from trialdesk.persistence.declaration import Record
from trialdesk.studies.actions import correct_study
from trialdesk.studies.queries import arms, sites

STUDY = "studies.study"
BOUND = [each for each in RECORDS if each.KIND not in KINDS]
"""What no import brings: consent, approval, assessments, slots, contracts, money, signatures, people."""


def bring(desk: Application, study: str, *rows: Row) -> Any:
    return desk.run(bring_in, study=study, contents=Contents(list(rows), []), short_name="HARBOUR").result


def row(kind: str, *key: str, links: Any = None, **values: Any) -> Row:
    return Row(kind, key, values, links or {}, ("dm.csv", 2))


@pytest.mark.parametrize("record", BOUND, ids=lambda each: each.KIND)
def test_what_happened_nowhere_is_not_brought_in(sqlite_desk: Application, record: type[Record]):
    study = a_study(sqlite_desk)
    before = sqlite_desk.position()
    with pytest.raises(TypeError, match=record.KIND):
        bring(sqlite_desk, study, row(record.KIND, "1"))
    assert sqlite_desk.position() == before


def test_who_was_brought_in_is_not_thereby_ready(desk: Application):
    trial = Trial(desk)
    trial.list("A")
    who = brought_in(desk, trial.study, trial.site)
    with pytest.raises(UserError, match="not consented"):
        trial.allocate(who)
    trial.consented(who)
    with pytest.raises(UserError, match="not been assessed"):
        trial.allocate(who)


@pytest.mark.parametrize("values", [{"blinding": "open"}, {"unblinded": True}])
def test_sealed_arms_are_opened_by_no_import_and_no_correction(desk: Application, values: dict[str, Any]):
    trial = Trial(desk, blinding="double")
    a_colleague(desk, trial.study, "pharmacist")
    who = trial.ready()
    desk.sign_in("bo", "another horse")
    desk.run(acts.record_allocation, study=trial.study, participant=who, arm=trial.arms[0])
    desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(UserError, match="stays blinded"):
        bring(desk, trial.study, row(STUDY, "HARBOUR", **values))
    if "blinding" in values:
        with pytest.raises(UserError, match="stays blinded"):
            desk.run(correct_study, study=trial.study, version=1, reason="typed wrongly", **values)
    assert {each.arm for each in desk.read(participants, study=trial.study, on=ON)} == {None}


def test_a_sealed_list_alone_keeps_a_study_blinded(sqlite_desk: Application):
    trial = Trial(sqlite_desk, blinding="double")
    a_colleague(sqlite_desk, trial.study, "pharmacist")
    sqlite_desk.sign_in("bo", "another horse")
    trial.list("A", "P")
    sqlite_desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(UserError, match="stays blinded"):
        bring(sqlite_desk, trial.study, row(STUDY, "HARBOUR", blinding="open"))
    sqlite_desk.run(correct_study, study=trial.study, version=1, reason="one side knows", blinding="single")


def test_an_import_into_a_closed_study_is_refused(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    closed(sqlite_desk, study)
    before = sqlite_desk.position()
    with pytest.raises(UserError, match="no longer change"):
        bring(sqlite_desk, study, row("studies.site", "9", number="9"))
    assert sqlite_desk.position() == before


def test_who_was_allocated_elsewhere_is_not_allocated_again(sqlite_desk: Application):
    trial = Trial(sqlite_desk)
    trial.list("A", "P")
    person = ("enrollment.participant", ("x",))
    bring(
        sqlite_desk,
        trial.study,
        row(STUDY, "HARBOUR", imported=True),
        row("studies.site", "77", number="77"),
        row(person[0], "x", links={"site": ("studies.site", ("77",))}, number="x", identifier="x"),
        row("studies.arm", "S", code="S", name="Sham"),
        row("enrollment.treatment", "x", links={"participant": person, "planned_arm": ("studies.arm", ("S",))}),
    )
    (who,) = (each.id for each in sqlite_desk.read(participants, study=trial.study, on=ON) if each.identifier == "x")
    trial.consented(who)
    trial.assessed(who)
    with pytest.raises(UserError, match="already allocated"):
        trial.allocate(who)


def coming(number: str = "1", identifier: str = "X-1") -> tuple[Row, ...]:
    """One participant at site 01 in the arm a, as a source has them."""
    site, arm, who = ("studies.site", ("01",)), ("studies.arm", ("a",)), ("enrollment.participant", ("X-1",))
    return (
        row(STUDY, "HARBOUR"),
        row("studies.site", "01", number="01", name="Another name"),
        row("studies.arm", "a", code="a", name="Active"),
        row("enrollment.participant", "X-1", links={"site": site}, number=number, identifier=identifier),
        row("enrollment.treatment", "X-1", links={"participant": who, "planned_arm": arm}),
    )


def test_a_site_and_an_arm_made_here_are_taken_and_not_doubled(desk: Application):
    trial = Trial(desk)
    for new in (2, 0):
        done = bring(desk, trial.study, *coming())
        assert done.new == new
        assert [each.words.split(":")[0] for each in done.problems] == [
            "Site 01 is here already",
            "Arm A is here already",
        ]
    (site,) = desk.read(sites, study=trial.study)
    assert (site.id, site.name) == (trial.site, "Harbour Hospital")
    assert [each.id for each in desk.read(arms, study=trial.study)] == trial.arms
    (who,) = desk.read(participants, study=trial.study, on=ON)
    assert (who.site, who.identifier) == (trial.site, "X-1")


def test_a_number_somebody_at_the_site_has_is_not_brought_in_again(desk: Application):
    trial = Trial(desk)
    trial.person("001")
    with pytest.raises(UserError, match="already a participant 001 at site 01"):
        bring(desk, trial.study, *coming("001"))
    assert len(desk.read(participants, study=trial.study, on=ON)) == 1

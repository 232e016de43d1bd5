"""How far a study has come, read from its records."""

from __future__ import annotations

from datetime import date

from tests.overview.stages import keep
from tests.support.acts import ON, a_site, a_study
from tests.support.desks import PASSWORD
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.base.places import resources
from trialdesk.enrollment.records import Participant, Treatment
from trialdesk.ethics.records import Committee, Decision, Submission
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import bring_in
from trialdesk.overview.progress import progress, recruitment
from trialdesk.studies.actions import (
    add_arm,
    add_protocol_version,
    add_recruitment_target,
    sign_protocol_version,
)


def states(desk: Application, study: Id, on: date = ON) -> dict[str, str]:
    found = desk.read(progress, study=study, on=on)
    return {step.code: step.state for rail in found.rails for step in rail.steps}


def test_a_study_comes_along_its_rails(desk: Application):
    study = a_study(desk, planned_participants=4)
    assert states(desk, study)["protocol"] == "now"
    version = desk.run(add_protocol_version, study=study, label="1.0", dated_on=date(2026, 1, 1)).result
    assert states(desk, study)["protocol"] == "now"
    desk.run(sign_protocol_version, study=study, protocol_version=version, signed_with=PASSWORD)
    desk.run(add_arm, study=study, code="A", name="A")
    committee = keep(desk, Committee, study, name="EC")
    asked = keep(desk, Submission, study, committee=committee, kind="initial", title="P", submitted_on=date(2026, 1, 2))
    assert states(desk, study)["approval"] == "now"
    keep(
        desk,
        Decision,
        study,
        submission=asked,
        decided_on=date(2026, 1, 9),
        outcome="approved",
        expires_on=date(2026, 3, 1),
    )
    assert (states(desk, study)["protocol"], states(desk, study)["approval"]) == ("done", "late")
    assert states(desk, study, date(2026, 2, 1))["approval"] == "late", "the renewal had to be asked for in January"


def test_a_study_brought_in_shows_what_is_not_recorded(desk: Application):
    study = desk.run(
        bring_in, study=None, contents=sdtm.read(resources() / "demo" / "sdtm"), short_name="HARBOUR"
    ).result.study
    found = states(desk, study, desk.today)
    assert (found["arms"], found["protocol"], found["approval"]) == ("done", "missing", "missing")
    seen = desk.read(recruitment, study=study, on=desk.today)
    assert seen.months[-1].actual == 34


def test_recruitment_against_the_plan(desk: Application):
    study = a_study(desk, imported=True)
    site = a_site(desk, study)
    arm = desk.run(add_arm, study=study, code="A", name="A").result
    desk.run(add_recruitment_target, study=study, month=date(2026, 2, 1), planned=3)
    for number, day in (("001", "2026-02-03"), ("002", "2026-03-01"), ("003", None)):
        fields = {"number": number, "identifier": number, "reference_start": day, "imported": True}
        person = keep(desk, Participant, study, site=site, **fields)
        if day is not None:
            keep(desk, Treatment, study, participant=person, planned_arm=arm)
    found = desk.read(recruitment, study=study, on=ON)
    assert [(each.month.month, each.planned, each.actual) for each in found.months] == [(2, 3, 1), (3, 3, 2)]


def test_it_costs_the_same_for_any_number_of_participants(sqlite_desk: Application):
    study = a_study(sqlite_desk, imported=True)
    site = a_site(sqlite_desk, study)

    def somebody(number: int) -> None:
        name = f"{number:03}"
        keep(sqlite_desk, Participant, study, site=site, number=name, identifier=name, imported=True)

    somebody(0)
    with counted(sqlite_desk) as few:
        sqlite_desk.read(progress, study=study, on=ON)
    for number in range(1, 8):
        somebody(number)
    with counted(sqlite_desk) as many:
        sqlite_desk.read(progress, study=study, on=ON)
    assert len(many) == len(few)

"""T8: private and blinded values reach nobody, no file and no text that may not hold them, whatever the role."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.trial import ready_to_be_allocated
from trialdesk.application import CATALOGUE, Application
from trialdesk.base.errors import NotAllowed
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import identify, record_allocation
from trialdesk.enrollment.queries import participant, participants
from trialdesk.exchange.sheet_files import write_csv
from trialdesk.exchange.sheets import study_sheets
from trialdesk.overview.access import access_log
from trialdesk.overview.changes import record_changes, step_changes
from trialdesk.people.rules import IDENTIFYING, ROLES, UNBLINDED
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.studies.actions import add_arm
from trialdesk.trail.access import access
from trialdesk.trail.history import change_sets

NAME, CONTACT, ARM = "Grace Hopper-Ørsted", "555-0199-777", "Tanshinone verum"


@dataclass(frozen=True, slots=True)
class Trial:
    """A blinded study with somebody named and allocated in it, and an account for every role."""

    study: Id
    someone: Id
    arm: Id


@pytest.fixture
def trial(desk: Application) -> Trial:
    study = a_study(desk, blinding="double")
    arm = desk.run(add_arm, study=study, code="A", name=ARM).result
    someone = a_participant(desk, study, a_site(desk, study))
    desk.run(identify, study=study, participant=someone, name=NAME, contact=CONTACT)
    ready_to_be_allocated(desk, study, someone)
    for role, _label in ROLES[::-1]:  # the principal investigator last: until then the owner delegates
        a_colleague(desk, study, role, role.replace("_", "-"), _password(role))
    desk.sign_in("pharmacist", _password("pharmacist"))
    desk.run(record_allocation, study=study, participant=someone, arm=arm)
    desk.sign_in(OWNER, PASSWORD)
    return Trial(study, someone, arm)


DESIGN = ("synopsis", "spirit", "m11", "filing", "registration", "chictr", "ctgov", "e3-synopsis")
"""Documents that tell which arms there are, and nobody's."""


def _password(role: str) -> str:
    return f"{role[::-1]} rides a horse"


def everything(desk: Application, trial: Trial, folder: Path) -> dict[str, str]:
    """Return all that an account can obtain of a study, by where it got it, but for looking at the participant."""
    study, on = trial.study, ON
    told: dict[str, Any] = {
        "participants": desk.read(participants, study=study, on=on),
        "history": desk.read(record_changes, record=trial.someone, study=study, on=on, catalogue=CATALOGUE),
    }
    # That there is such an arm is the design's, for everybody to read; who is in it is not.
    sets = [each for each in desk.read(change_sets, study=study) if each.action != "studies:arm:add"]
    told["trail"] = (
        sets,
        [desk.read(step_changes, transaction=e.id, study=study, on=on, catalogue=CATALOGUE) for e in sets],
    )
    for report in REPORTS:
        told[report.key] = json.dumps(facts_json(facts(desk, report.key, study=study)), ensure_ascii=False)
    write_csv(desk.read(study_sheets, study=study, on=on, catalogue=CATALOGUE), folder)
    told["export"] = "\n".join(
        line
        for file in sorted(folder.iterdir())
        if file.stem != "studies.arm"
        for line in (f"== {file.stem}", file.read_text("utf-8"))
    )
    try:
        told["access"] = desk.read(access_log, study=study, on=on)
    except NotAllowed:
        told["access"] = ()
    return {where: str(said) for where, said in told.items()}


def test_names_and_arms_reach_those_alone_who_may_hold_them(desk: Application, trial: Trial, tmp_path: Path):
    for role, _label in ROLES:
        desk.sign_in(role.replace("_", "-"), _password(role))
        found = everything(desk, trial, tmp_path / role)
        for where, said in found.items():
            # The list of who is behind which code is for those alone who may know.
            knows = where == "code-list" and role in IDENTIFYING
            assert (NAME in said) is knows, (role, where)
            assert (CONTACT in said) is knows, (role, where)
            arms = where not in DESIGN and (ARM in said or trial.arm in said)
            assert role in UNBLINDED or not arms, (role, where)
        assert (ARM in found["participants"]) is (role in UNBLINDED)
        detail = desk.read(participant, study=trial.study, participant=trial.someone, on=ON)
        assert (detail.name == NAME) is (role in IDENTIFYING), role


def test_the_owner_of_the_desk_is_nobody_in_a_study_that_has_its_investigator(
    desk: Application, trial: Trial, tmp_path
):
    found = everything(desk, trial, tmp_path / "owner")
    assert not any(NAME in said or CONTACT in said for said in found.values())
    detail = desk.read(participant, study=trial.study, participant=trial.someone, on=ON)
    assert detail.name is None


def test_no_table_outside_the_sealed_holds_them(desk: Application, trial: Trial):
    """Not the keyring, not the access log, not an event outside the stream of its audience."""
    with desk.database.reading() as connection:
        for row in connection.execute(sa.select(access)):
            assert NAME.encode() not in row.bytes
            assert trial.arm.encode() not in row.bytes
        for name in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                cells = [bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for c in row]
                assert not [cell for cell in cells if NAME.encode() in cell or CONTACT.encode() in cell], name

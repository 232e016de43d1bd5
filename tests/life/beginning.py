"""The study, who works on it, its papers and its design."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step
from tests.life.words import (
    CO,
    LETTER,
    SIGNED_LETTER,
    mended,
)
from tests.support.desks import OWNER


def team() -> Iterator[Step]:
    """Give the study and who works on it."""
    yield Step(
        act="studies:study:create",
        study=None,
        given={"short_name": "HARBOUR", "blinding": "double", "planned_participants": "60", "needs_contract": "yes",
               "needs_insurance": "yes"},
        broken={"short_name": "PIER"},
        refusal="already a study",
    )  # fmt: skip
    yield Step(
        act="studies:study:correct",
        given={"study": "HARBOUR", "title": "Harbour light for winter fatigue", "sponsor": "Harbour Hospital"},
        reason="Title as approved",
    )

    yield Step(
        act="people:person:add",
        study=None,
        given={"name": "Gu Lan", "position": "Nurse"},
        broken={"name": " "},
        keep="person",
    )
    yield Step(
        act="people:person:correct",
        study=None,
        given={"person": "{person}", "initials": "GL"},
        reason="Asked",
    )
    yield Step(
        act="people:person:add",
        study=None,
        given={"name": "Gu Lan", "position": "Nurse, again"},
        keep="twice",
        plain=True,
    )
    yield Step(
        act="people:person:void",
        study=None,
        given={"person": "{twice}"},
        broken={"person": "Ada Lind"},
        reason="Entered twice",
    )
    yield Step(
        act="people:account:add",
        study=None,
        given={"name": "Gu Lan", "username": "gu", "password": "lamps along the quay", "person": "{person}"},
        broken={"password": "short"},
        keep="account",
    )
    yield Step(
        act="people:account:deactivate",
        study=None,
        given={"account": "gu"},
        broken={"account": OWNER},
    )
    yield Step(act="people:account:reactivate", study=None, given={"account": "gu"}, broken={"account": "nobody"})
    yield Step(
        act="people:account:reset_password",
        study=None,
        given={"account": "gu", "password": "lamps along the pier"},
        broken={"password": "short"},
        reason="Forgotten on leave",
    )
    yield Step(
        act="people:delegation:give",
        given={"person": "{person}", "role": "coordinator", "starts_on": "2026-03-04"},
        broken={"ends_on": "2026-03-01"},
        keep="delegation",
    )
    yield Step(
        act="people:delegation:give",
        given={"person": "{person}", "role": "monitor", "starts_on": "2026-03-04"},
        keep="delegation_spare",
        plain=True,
    )
    yield Step(
        act="people:delegation:void",
        given={"delegation": "{delegation_spare}"},
        reason="Entered twice",
    )
    yield Step(
        act="people:delegation:authorise",
        given={"delegation": "{delegation}"},
        broken={"delegation": "{delegation_spare}"},
    )
    yield Step(
        act="people:delegation:correct",
        given={"delegation": "{delegation}", "tasks": "1, 4"},
        reason="Tasks were left out",
    )
    yield Step(
        act="people:delegation:end",
        given={"delegation": "{delegation}", "ends_on": "2026-03-04"},
        broken={"ends_on": "2026-03-01"},
    )
    yield Step(
        act="people:training:add",
        who=CO,
        given={"person": "{person}", "topic": "gcp", "completed_on": "2026-02-01"},
        broken={"expires_on": "2026-01-01"},
        keep="training",
    )
    yield from mended(
        "people:training:add",
        "training",
        corrected={"evidence": "Certificate 12"},
        again={"person": "{person}", "topic": "protocol", "completed_on": "2026-02-02"},
    )


def papers() -> Iterator[Step]:
    """Give documents and their versions."""
    yield Step(
        act="documents:document:attach",
        who=CO,
        given={"title": "Approval letter", "category": "approval", "file_name": "letter.txt", "data": LETTER},
        broken={"title": " "},
        keep="document",
    )
    yield from mended(
        "documents:document:attach",
        "document",
        corrected={"title": "Letter of approval"},
        again={"title": "Twice", "category": "other", "file_name": "twice.txt", "data": LETTER},
    )
    yield Step(
        act="documents:document:attach_to",
        who=CO,
        given={"title": "Curriculum vitae", "category": "qualification", "about_kind": "people.person",
               "about_record": "{person}", "file_name": "vita.txt", "data": LETTER},
        broken={"about_record": "0" * 32},
    )  # fmt: skip
    yield Step(
        act="documents:document_version:add",
        who=CO,
        given={"document": "{document}", "file_name": "letter-2.txt", "data": SIGNED_LETTER, "note": "Signed copy"},
        broken={"document": "{document_spare}"},
        keep="document_version",
    )
    yield Step(
        act="documents:document_version:correct",
        who=CO,
        given={"document_version": "{document_version}", "note": "Signed copy, page 2"},
        reason="More exact",
    )
    yield Step(
        act="documents:document_version:void",
        who=CO,
        given={"document_version": "{document_version}"},
        reason="Another study's",
    )


def design() -> Iterator[Step]:
    """Give the protocol, its arms, visits, schedule and criteria, the sites and the plan."""
    yield Step(
        act="studies:protocol:add",
        who=CO,
        given={"label": "1.0", "dated_on": "2026-01-10"},
        broken={"effective_on": "2026-01-09"},
        refusal="before it is dated",
        keep="protocol_version",
    )
    yield from mended(
        "studies:protocol:add",
        "protocol_version",
        corrected={"effective_on": "2026-01-20"},
        again={"label": "1.1", "dated_on": "2026-01-12"},
        who=OWNER,
    )
    yield Step(
        act="studies:protocol:sign",
        given={"protocol_version": "{protocol_version}"},
        broken={"protocol_version": "9.9"},
    )
    yield Step(
        act="studies:site:add",
        who=CO,
        given={"number": "01", "name": "Harbour Hospital", "target": "40"},
        broken={"target": "-1"},
        keep="site",
    )
    yield from mended("studies:site:add", "site", corrected={"country": "CN"}, again={"number": "03"}, who=OWNER)
    yield Step(act="studies:site:add", who=CO, given={"number": "02", "name": "Quay Clinic"}, plain=True)
    yield Step(
        act="studies:site:activate",
        who=CO,
        given={"site": "01", "activated_on": "2026-02-01"},
        broken={"activated_on": "2031-01-01"},
        refusal="future",
    )
    yield Step(
        act="studies:recruitment_target:add",
        who=CO,
        given={"month": "2026-03-01", "planned": "5"},
        broken={"planned": "-5"},
        keep="recruitment_target",
    )
    yield from mended(
        "studies:recruitment_target:add",
        "recruitment_target",
        corrected={"planned": "6"},
        again={"month": "2026-04-01", "planned": "5"},
    )
    yield Step(act="studies:arm:add", given={"code": "A", "name": "Light"}, broken={"ratio": "0"}, keep="arm")
    yield Step(act="studies:arm:add", given={"code": "B", "name": "Dim light"}, plain=True)
    yield from mended(
        "studies:arm:add", "arm", corrected={"ratio": "1"}, again={"code": "X", "name": "Dark"}, who=OWNER
    )
    yield Step(
        act="studies:planned_visit:add",
        who=CO,
        given={"number": "1", "name": "V1", "planned_day": "1", "window_before": "0", "window_after": "3"},
        broken={"planned_day": "0"},
        refusal="no study day 0",
        keep="planned_visit",
    )
    yield Step(
        act="studies:planned_visit:add",
        who=CO,
        given={"number": "2", "name": "V2", "planned_day": "15", "window_before": "3", "window_after": "3"},
        plain=True,
    )
    yield from mended(
        "studies:planned_visit:add",
        "planned_visit",
        corrected={"window_after": "4"},
        again={"number": "9", "name": "V9", "planned_day": "99"},
    )
    yield Step(
        act="studies:activity:add",
        who=CO,
        given={"name": "Questionnaire", "category": "questionnaire"},
        broken={"name": ""},
        keep="activity",
    )
    yield from mended("studies:activity:add", "activity", corrected={"order": "1"}, again={"name": "Blood"})
    yield Step(
        act="studies:scheduled_activity:add",
        who=CO,
        given={"activity": "Questionnaire", "planned_visit": "V1"},
        broken={"planned_visit": "V9"},
        keep="scheduled_activity",
    )
    yield from mended(
        "studies:scheduled_activity:add",
        "scheduled_activity",
        corrected={"note": "before breakfast"},
        again={"activity": "Questionnaire", "planned_visit": "V2"},
    )
    yield Step(
        act="studies:criterion:add",
        given={"code": "I01", "category": "inclusion", "text": "Aged 18 or more"},
        broken={"text": ""},
        keep="criterion",
    )
    yield from mended(
        "studies:criterion:add",
        "criterion",
        corrected={"text": "Aged 18 to 80"},
        again={"code": "E01", "category": "exclusion", "text": "Works at night"},
        who=OWNER,
    )
    yield Step(
        act="studies:registration:add",
        who=CO,
        given={"registry": "ChiCTR", "purpose": "registration", "submitted_on": "2026-02-20"},
        broken={"submitted_on": "2031-01-01"},
        keep="registration",
    )
    yield from mended(
        "studies:registration:add",
        "registration",
        corrected={"reference": "ChiCTR2600000001"},
        again={"registry": "ChiCTR", "purpose": "update", "submitted_on": "2026-02-21"},
        who=OWNER,
    )

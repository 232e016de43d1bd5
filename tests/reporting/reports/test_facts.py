"""What reports gather from small studies, in statements whose number does not grow with the study."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.reporting.building import PEOPLE, Someone, bring
from tests.support.acts import ON, a_colleague, a_study
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.enrollment.actions import record_allocation
from trialdesk.enrollment.queries import participants
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.rows import Contents, Key, Row
from trialdesk.people.actions import add_training, delegate
from trialdesk.people.queries import account_named
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports import monitoring, progress_shapes, progress_yearly
from trialdesk.studies.closing import close_study
from trialdesk.studies.queries import arms

KEYS = [report.key for report in REPORTS]
MONITORED = [report.key for report in monitoring.REPORTS]
COURSES = [shape.key for shape in (*progress_shapes.SHAPES, *progress_yearly.SHAPES)]


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def test_the_flow_of_a_small_study(desk: Application):
    bring(desk)
    assert told(desk, "consort") == {
        "assessed": 7,
        "excluded": {"total": 1, "reasons": {"SCREEN FAILURE": 1}},
        "screening": 1,
        "criteria": {},
        "randomised": 5,
        "arms": [
            {
                "arm": "Active",
                "allocated": 3,
                "received": 3,
                "completed": 1,
                "discontinued": {"total": 2, "reasons": {"LOST TO FOLLOW-UP": 1, "MOVED TO ANOTHER TOWN": 1}},
                "lost_to_follow_up": 1,
                "analysed": {"ITT": 3, "SAFETY": 1},
            },
            {
                "arm": "Placebo",
                "allocated": 2,
                "received": 1,
                "completed": 1,
                "discontinued": {"total": 0, "reasons": {}},
                "lost_to_follow_up": 0,
                "analysed": {"ITT": 2, "SAFETY": 1},
            },
        ],
    }


def test_disposition_and_adverse_events_of_a_small_study(desk: Application):
    bring(desk)
    assert told(desk, "disposition") == {
        "Active": {"COMPLETED": 1, "LOST TO FOLLOW-UP": 1, "MOVED TO ANOTHER TOWN": 1},
        "Placebo": {"COMPLETED": 1},
        "Screen Failure": {"SCREEN FAILURE": 1},
    }
    assert told(desk, "safety-summary") == {
        "Active": {"events": 2, "participants": 1, "serious": 0, "fatal": 0, "by_severity": {"MILD": 2}},
        "Placebo": {"events": 1, "participants": 1, "serious": 1, "fatal": 1, "by_severity": {"SEVERE": 1}},
    }


def test_the_log_has_everybody_with_a_state_and_agrees_with_the_flow(desk: Application):
    bring(desk)
    log = told(desk, "screening-log")
    assert [(row["identifier"], row["state"], row["arm"]) for row in log["rows"]] == [
        ("01-001", "completed", "Active"),
        ("01-002", "discontinued", "Active"),
        ("01-004", "completed", "Placebo"),
        ("01-006", "screen failure", None),
        ("01-007", "screening", None),
        ("02-003", "discontinued", "Active"),
        ("02-005", "in study", "Placebo"),
    ]
    assert log["flow"] == {
        "assessed": 7,
        "excluded": 1,
        "entered": 5,
        "completed": 2,
        "discontinued": 2,
        "screening": 1,
    }


def test_one_site_and_one_day_restrict_every_report(desk: Application):
    bring(desk)
    assert told(desk, "consort", site="02")["assessed"] == 2
    assert told(desk, "disposition", site="02") == {"Active": {"MOVED TO ANOTHER TOWN": 1}, "Placebo": {}}
    assert told(desk, "safety-summary", site="02")["Active"]["events"] == 0
    assert [row["number"] for row in told(desk, "screening-log", site="02")["rows"]] == ["003", "005"]
    early = {"as_of": date(2025, 1, 15)}
    assert told(desk, "consort", **early)["randomised"] == 0
    assert told(desk, "disposition", **early) == {"Active": {}, "Placebo": {}, "Screen Failure": {"SCREEN FAILURE": 1}}
    assert told(desk, "safety-summary", **early)["Active"]["events"] == 0
    states = [row["state"] for row in told(desk, "screening-log", **early)["rows"]]
    assert states == ["screening"] * 3 + ["screen failure"] + ["screening"] * 3
    assert told(desk, "screening-log", as_of=date(2025, 1, 4))["rows"] == []


def test_the_delegation_log_says_who_signed_for_whom_and_whose_training_holds(desk: Application):
    study = bring(desk)
    a_colleague(desk, study, "coordinator")
    person = desk.read(account_named, username="bo").person
    desk.run(delegate, study=study, person=person, role="monitor", starts_on=ON + timedelta(days=9))
    desk.run(add_training, study=study, person=person, topic="gcp", completed_on=ON - timedelta(days=9), expires_on=ON)
    log = told(desk, "delegation")
    signed, waiting = log["delegations"]
    assert (signed["role"], signed["authorised"]["name"], signed["awaits_signature"]) == (
        "coordinator",
        "Ada Lind",
        False,
    )
    assert (waiting["role"], waiting["authorised"], waiting["awaits_signature"]) == ("monitor", None, True)
    assert [(row["topic"], row["expired"]) for row in log["trainings"]] == [("gcp", None)]
    assert log["untrained"] == []
    desk.clock.at += timedelta(days=40)  # type: ignore[attr-defined]
    assert told(desk, "delegation") == log, "what it says does not depend on when it is made"
    then = told(desk, "delegation", as_of=ON + timedelta(days=1))
    assert ([row["role"] for row in then["delegations"]], then["untrained"]) == (["coordinator"], ["Bo"])
    assert [row["expired"] for row in then["trainings"]] == [True]
    assert told(desk, "delegation", as_of=ON - timedelta(days=30))["members"] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_study_of_nobody_has_a_document(desk: Application, key: str):
    a_study(desk)
    found = told(desk, key)
    if key == "consort":
        assert found["assessed"] == 0
    elif key == "delegation":
        assert not any(found.values())
    elif key in ("screening-log", "consent-versions") or key in ("enrolment-log", "sae-log", "deviation-log"):
        assert found["rows"] == []
    elif key == "destruction":
        assert (found["movements"], found["batches"]) == ([], [])
    elif key == "reconsent":
        assert (found["versions"], found["rows"]) == ([], [])
    elif key == "consent-log":
        assert found == {"consents": [], "due": [], "without": [], "amiss": []}
    elif key == "ethics":
        assert found.pop("standing") is None
        assert set(map(len, found.values())) == {0}
    elif key in (
        "payment-statement",
        "invoice",
        "ageing",
        "forecast",
        "reconciliation",
        "sae-report",
        "cioms",
        "form-3500a",
        "safety-letter",
        "deviation-report",
        "date-card",
        "amendment",
        "reportable",
        "note-to-file",
        "milestone-certificate",
        "money-close-out",
    ):
        assert found is None
    elif key == "transparency":
        assert (found["transfers"], found["given"]) == ([], [])
    elif key == "profit-and-loss":
        assert (found["accounts"], found["shared"], found["gifts"]) == ([], [], [])
    elif key == "distribution-statement":
        assert found["statements"] == []
    elif key == "code-list":
        assert found["rows"] == []
    elif key == "ethics-package":
        assert (found["committee"], found["held"], found["checks"]["numbers_agree"]) == (None, [], None)
    elif key == "synopsis":
        assert (found["short_name"], found["visits"], found["activities"]) == ("HARBOUR", [], [])
    elif key in COURSES:
        none = {"all": 0, "since": None}
        assert (found["people"]["screened"], found["since"], found["kept"]) == (none, None, None)
    elif key in ("spirit", "m11"):
        assert (found["versions"], found["design"]["visits"], found["standing"]) == ([], [], None)
    elif key == "registration":
        assert (found["entered"], found["first_in"], found["entries"]) == (0, None, [])
    elif key == "site-file":
        assert (found["filed"], set(found["kept"].values())) == ([], {0})
    elif key == "study-report":
        assert (found["kept"], found["open"], found["accounts"], found["times"]["closed"]) == (None, {}, [], None)
    elif key in ("chictr", "ctgov"):
        assert (found["told"]["entered"], found["investigator"], found["sites"]) == (0, None, [])
    elif key == "accountability":
        assert (found["stocks"], found["given"], found["doses"], found["holders"]) == ([], [], [], 0)
    elif key == "e3-synopsis":
        assert (found["flow"]["assessed"], found["kept"], found["design"]["visits"]) == (0, None, [])
    elif key in MONITORED:
        assert (found["screened"]["all"], found["consents"], found["deviations"]) == (0, [], [])
    elif key == "evidence":
        assert (found["changes"], found["cut"], {row["broken_at"] for row in found["streams"]}) == ([], False, {None})
    else:
        assert set(found) <= {"all"}


def test_a_closed_study_tells_its_end(desk: Application):
    study = bring(desk, [Someone("001", "Active", "COMPLETED"), Someone("002", ending="SCREEN FAILURE")])
    found = told(desk, "study-report")
    assert (found["open"], found["kept"], found["times"]["closed"]) == ({}, None, None)
    assert (found["flow"]["assessed"], found["flow"]["randomised"]) == (2, 1)
    kept: dict[str, Any] = {
        "archive": "Cellar",
        "custodian": "Ada Lind",
        "retained_until": date(2041, 1, 1),
        "closed_on": desk.today,
    }
    desk.run(close_study, study=study, **kept, outcome="None", signed_with="correct horse battery")
    found = told(desk, "study-report")
    assert (found["times"]["closed"], found["kept"]["archive"]) == (desk.today.isoformat(), "Cellar")
    assert [(each["name"], each["stands"]) for each in found["kept"]["signatures"]] == [("Ada Lind", True)]
    desk.clock.at += timedelta(days=90)  # type: ignore[attr-defined]
    assert told(desk, "study-report") == found, "it tells the same on any day"


def test_a_study_without_arms_excludes_nobody_from_the_log(desk: Application):
    bring(desk, [Someone("001"), Someone("002", ending="SCREEN FAILURE")], arms=())
    assert told(desk, "consort") == {
        "assessed": 2,
        "excluded": {"total": 1, "reasons": {"SCREEN FAILURE": 1}},
        "screening": 1,
        "criteria": {},
        "randomised": 0,
        "arms": [],
    }
    assert told(desk, "disposition") == {"Screen Failure": {"SCREEN FAILURE": 1}}


def test_in_a_blinded_study_arms_are_shown_to_the_unblinded_and_in_the_log_to_nobody(sqlite_desk: Application):
    desk = sqlite_desk
    study = bring(desk, unblinded=False)
    a_colleague(desk, study, "pharmacist")
    people = {row.number: row.id for row in desk.read(participants, study=study, on=desk.today)}
    arm_ids = {row.name: row.id for row in desk.read(arms, study=study)}
    desk.sign_in("bo", "another horse")
    for someone in PEOPLE:
        if someone.arm:
            desk.run(record_allocation, study=study, participant=people[someone.number], arm=arm_ids[someone.arm])
    assert [each["arm"] for each in told(desk, "consort")["arms"]] == ["Active", "Placebo"]
    assert told(desk, "safety-summary")["Placebo"]["fatal"] == 1
    log = told(desk, "screening-log")
    assert not log["arms_shown"]
    assert {row["arm"] for row in log["rows"]} == {None}
    desk.sign_in("ada", "correct horse battery")
    assert [(each["arm"], each["allocated"]) for each in told(desk, "consort")["arms"]] == [("all", 5)]
    assert set(told(desk, "safety-summary")) == {"all"}
    assert set(told(desk, "disposition")) == {"all", "Screen Failure"}
    assert told(desk, "screening-log") == log


def test_consent_kept_as_a_milestone_is_in_the_log(sqlite_desk: Application):
    study = bring(sqlite_desk, [Someone("001"), Someone("002")])
    who: dict[str, tuple[str, Key]] = {"participant": ("enrollment.participant", ("001",))}
    milestone = {"category": "milestone", "reason": "INFORMED CONSENT OBTAINED", "occurred_on": "2025-01-02"}
    rows = [
        Row("studies.study", ("HARBOUR",), {"unblinded": True, "blinding": "double"}, {}, ("", 1)),
        Row("enrollment.disposition", ("001", "consent"), dict(milestone), who, ("", 1)),
    ]
    sqlite_desk.run(bring_in, study=study, contents=Contents(rows, []), short_name="HARBOUR")
    assert [row["consented_on"] for row in told(sqlite_desk, "screening-log")["rows"]] == ["2025-01-02", None]


@pytest.mark.parametrize("key", KEYS)
def test_three_hundred_cost_no_more_statements_than_three(sqlite_desk: Application, key: str):
    bring(sqlite_desk, [Someone(f"{n:03}", "Active", "COMPLETED") for n in range(3)], name="SMALL")
    bring(sqlite_desk, [Someone(f"{n:03}", "Active", "COMPLETED") for n in range(300)], name="LARGE")
    counts = []
    for name in ("SMALL", "LARGE"):
        with counted(sqlite_desk) as said:
            facts(sqlite_desk, key, study=name)
        counts.append(len(said))
    small = {"study-report": 60, "e3-synopsis": 60, "site-file": 75}
    most = {**small, **dict.fromkeys(MONITORED, 130), **dict.fromkeys(COURSES, 65)}
    assert counts[0] == counts[1] <= most.get(key, 35)

"""What the ethics log and the consent version log tell, also of an earlier day, and that they are proven later."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.support.acts import a_study
from tests.support.ethics import a_committee, a_decision, a_submission, a_version, done
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import Id
from trialdesk.documents.actions import attach_to
from trialdesk.ethics import actions
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.proving import prove
from trialdesk.reporting.report import facts_json
from trialdesk.studies.actions import add_protocol_version


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def approved_study(desk: Application) -> Id:
    """Submitted on 10 January, asked on the 15th, approved on 1 February with a condition met on the 20th."""
    study = a_study(desk)
    done(desk, actions.add_review, study, body="Board", requested_on=date(2025, 12, 1))
    protocol = done(desk, add_protocol_version, study, label="1.0", dated_on=date(2026, 1, 2))
    submission = a_submission(desk, study, a_committee(desk, study), protocol_version=protocol)
    question = done(desk, actions.ask, study, submission=submission, asked_on=date(2026, 1, 15), text="Why?")
    desk.run(actions.answer, study=study, question=question, answered_on=date(2026, 1, 20), answer="So.")
    decision = a_decision(
        desk, study, submission, outcome="approved_with_conditions", expires_on=date(2027, 1, 31), reference="EC-17"
    )
    condition = done(desk, actions.add_condition, study, decision=decision, text="Insure.", due_on=date(2026, 3, 1))
    desk.run(actions.meet, study=study, condition=condition, met_on=date(2026, 2, 20))
    a_version(desk, study, decision=decision)
    a_version(desk, study, "2.0", dated_on=date(2026, 2, 10))
    desk.run(
        attach_to,
        study=study,
        title="Letter",
        category="approval",
        file_name="letter.pdf",
        data=b"%PDF-1.7",
        dated_on=date(2026, 2, 1),
        about_kind="ethics.decision",
        about_record=decision,
    )
    return study


def test_the_ethics_log_tells_it_in_order(desk: Application):
    approved_study(desk)
    log = told(desk, "ethics")
    assert log["standing"] == {
        "committee": "Harbour ethics committee",
        "reference": "EC-17",
        "from_": "2026-02-01",
        "expires_on": "2027-01-31",
        "renewal_due": "2027-01-01",
        "expires_by": None,
    }
    assert [(row["number"], row["kind"], row["protocol"]) for row in log["submissions"]] == [(1, "initial", "1.0")]
    assert [(row["submission"], row["answer"]) for row in log["questions"]] == [(1, "So.")]
    assert [(row["outcome"], row["expires_on"]) for row in log["decisions"]] == [
        ("approved_with_conditions", "2027-01-31")
    ]
    assert [row["met_on"] for row in log["conditions"]] == ["2026-02-20"]
    assert [(row["category"], row["version"], row["file_name"]) for row in log["documents"]] == [
        ("protocol", "1.0", None),
        ("approval", "1", "letter.pdf"),
    ]


def test_as_of_a_day_nothing_later_is_told(sqlite_desk: Application):
    approved_study(sqlite_desk)
    asked = told(sqlite_desk, "ethics", as_of=date(2026, 1, 16))
    assert asked["standing"] is None
    assert [(row["answered_on"], row["answer"]) for row in asked["questions"]] == [(None, None)]
    assert asked["decisions"] == asked["conditions"] == []
    assert [row["category"] for row in asked["documents"]] == ["protocol"]
    approved = told(sqlite_desk, "ethics", as_of=date(2026, 2, 1))
    assert approved["standing"]["from_"] == "2026-02-01"
    assert [row["met_on"] for row in approved["conditions"]] == [None]
    lapsed = told(sqlite_desk, "ethics", as_of=date(2027, 2, 1))
    assert lapsed["standing"] is None
    assert len(lapsed["decisions"]) == 1
    assert told(sqlite_desk, "ethics", as_of=date(2025, 11, 30))["reviews"] == []


def test_the_version_log_tells_what_was_approved_then(sqlite_desk: Application):
    approved_study(sqlite_desk)
    rows = told(sqlite_desk, "consent-versions")["rows"]
    assert [(row["version"], row["used_from"], row["reference"]) for row in rows] == [
        ("1.0", "2026-02-01", "EC-17"),
        ("2.0", None, None),
    ]
    early = told(sqlite_desk, "consent-versions", as_of=date(2026, 1, 31))["rows"]
    assert [(row["version"], row["approved_on"], row["committee"]) for row in early] == [("1.0", None, None)]


def test_both_are_proven_on_a_later_day(sqlite_desk: Application, tmp_path: Path):
    approved_study(sqlite_desk)
    for key in ("ethics", "consent-versions"):
        file = tmp_path / f"{key}.pdf"
        file.write_bytes(make(sqlite_desk, key, study="HARBOUR", language="en").pdf)
        assert isinstance(sqlite_desk.clock, SetClock)
        sqlite_desk.clock.at += timedelta(days=400)
        assert prove(sqlite_desk, file).unaltered


def test_ten_submissions_cost_no_more_statements_than_one(sqlite_desk: Application):
    study = approved_study(sqlite_desk)
    with counted(sqlite_desk) as few:
        facts(sqlite_desk, "ethics", study="HARBOUR")
    committee = a_committee(sqlite_desk, study, "Another")
    for number in range(1, 10):
        submission = a_submission(sqlite_desk, study, committee, kind="renewal", title=f"Renewal {number}")
        a_decision(sqlite_desk, study, submission)
    with counted(sqlite_desk) as many:
        facts(sqlite_desk, "ethics", study="HARBOUR")
    assert len(many) == len(few)

"""What committees and institutions set off: approvals that end, questions, conditions, consents to renew."""

from __future__ import annotations

from datetime import date

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import ON, a_participant, a_study
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Consent
from trialdesk.ethics.records import (
    Committee,
    Condition,
    ConsentVersion,
    Decision,
    InstitutionalApproval,
    Question,
    Submission,
)
from trialdesk.overview.clocks import clocks, today
from trialdesk.studies.actions import add_site


def found(desk: Application, on: date, rule: str) -> list[tuple[str, date, str]]:
    return [(each.started.name, each.due, each.state) for each in desk.read(clocks, on=on) if each.rule.id == rule]


def approved(
    desk: Application, study: Id, committee: Id, on: date, expires: date | None, kind: str = "initial", name: str = "E1"
) -> Id:
    asked = keep(desk, Submission, study, committee=committee, kind=kind, title="Protocol", submitted_on=on)
    return keep(
        desk, Decision, study, submission=asked, decided_on=on, outcome="approved", expires_on=expires, reference=name
    )


@pytest.fixture
def study(desk: Application) -> Id:
    made = a_study(desk)
    desk.run(add_site, study=made, number="01", country="CN")
    return made


@pytest.fixture
def committee(desk: Application, study: Id) -> Id:
    return keep(desk, Committee, study, name="Harbour EC")


def test_an_approval_is_renewed_before_it_ends(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 4, 1), date(2026, 3, 31))
    assert found(desk, ON, "EC-RENEW") == [("E1", date(2026, 3, 1), "late")]
    assert found(desk, ON, "EC-EXPIRY") == [("E1", date(2026, 3, 31), "running")]
    keep(desk, Submission, study, committee=committee, kind="renewal", title="Renewal", submitted_on=date(2026, 3, 4))
    assert found(desk, ON, "EC-RENEW") == [("E1", date(2026, 3, 1), "done late")]
    approved(desk, study, committee, date(2026, 3, 20), date(2027, 3, 31), "renewal", "E2")
    assert found(desk, date(2026, 3, 20), "EC-EXPIRY") == [("E2", date(2027, 3, 31), "running")]


def test_an_approval_that_lapsed_is_late(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 1, 1), date(2025, 12, 31))
    assert found(desk, ON, "EC-EXPIRY") == [("E1", date(2025, 12, 31), "late")]
    (row, *_rest) = [each for each in desk.read(today, on=ON) if each.group == "ethics"]
    assert (row.state, row.section) == ("late", "ethics")


def test_the_committee_names_its_own_notice(desk: Application, study: Id):
    own = keep(desk, Committee, study, name="Slow EC", renewal_days=60)
    approved(desk, study, own, date(2025, 8, 1), date(2026, 7, 31))
    assert found(desk, ON, "EC-RENEW") == [("E1", date(2026, 6, 1), "running")]


def test_an_approval_without_end_asks_for_no_renewal(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 8, 1), None)
    assert found(desk, ON, "EC-RENEW") == found(desk, ON, "EC-EXPIRY") == []


def test_an_approval_asks_for_a_yearly_report(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 2, 1), None)
    assert found(desk, ON, "CN-IIT-ANN") == [
        ("E1", date(2026, 2, 1), "late"),
        ("E1", date(2027, 2, 1), "running"),
    ]
    keep(desk, Submission, study, committee=committee, kind="renewal", title="Year 1", submitted_on=date(2026, 1, 20))
    assert [state for _name, _due, state in found(desk, ON, "CN-IIT-ANN")] == ["done", "running"]


def test_a_closed_study_has_no_approval_to_renew(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 4, 1), date(2026, 3, 31))
    approved(desk, study, committee, date(2026, 2, 1), None, "closure", "E9")
    assert found(desk, ON, "EC-RENEW") == found(desk, ON, "EC-EXPIRY") == found(desk, ON, "CN-IIT-ANN") == []


def test_a_renewal_that_has_still_to_begin_ends_the_worry(desk: Application, study: Id, committee: Id):
    approved(desk, study, committee, date(2025, 4, 1), date(2026, 3, 31))
    asked = keep(
        desk, Submission, study, committee=committee, kind="renewal", title="R", submitted_on=date(2026, 2, 20)
    )
    keep(
        desk,
        Decision,
        study,
        submission=asked,
        decided_on=date(2026, 3, 2),
        effective_on=date(2026, 4, 1),
        expires_on=date(2027, 3, 31),
        outcome="approved",
    )
    assert found(desk, ON, "EC-RENEW") == [("E1", date(2026, 3, 1), "done")]
    assert found(desk, ON, "EC-EXPIRY") == [("E1", date(2026, 3, 31), "done")]


def test_questions_are_answered_within_working_days(desk: Application, study: Id, committee: Id):
    asked = keep(
        desk, Submission, study, committee=committee, kind="initial", title="Protocol", submitted_on=date(2026, 2, 1)
    )
    question = keep(desk, Question, study, submission=asked, asked_on=date(2026, 2, 26), text="Why placebo?")
    assert found(desk, ON, "EC-QUESTION") == [("Why placebo?", date(2026, 3, 11), "running")]
    change(desk, Question, study, question, answered_on=date(2026, 3, 3), answer="Because")
    assert found(desk, ON, "EC-QUESTION") == [("Why placebo?", date(2026, 3, 11), "done")]


def test_conditions_and_institutions(desk: Application, study: Id, committee: Id):
    decision = approved(desk, study, committee, date(2026, 2, 1), None)
    keep(desk, Condition, study, decision=decision, text="Insure", due_on=date(2026, 3, 1))
    keep(desk, Condition, study, decision=decision, text="Some day")
    assert found(desk, ON, "EC-CONDITION") == [("Insure", date(2026, 3, 1), "late")]
    for given, ends in ((date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 4, 1))):
        keep(desk, InstitutionalApproval, study, institution="Harbour", approved_on=given, expires_on=ends)
    assert found(desk, ON, "INST-EXPIRY") == [("Harbour", date(2026, 4, 1), "half")]


def test_who_signed_an_earlier_version_signs_again(desk: Application, study: Id, committee: Id):
    decision = approved(desk, study, committee, date(2026, 1, 1), None)
    version = {"form": "main", "language": "en", "dated_on": date(2026, 1, 1), "decision": decision}
    first = keep(desk, ConsentVersion, study, label="1.0", number=1, **version)
    site = desk.run(add_site, study=study, number="02").result
    person = a_participant(desk, study, site, screened_on="2026-02-01")
    keep(desk, Consent, study, participant=person, consent_version=first, consented_on=date(2026, 2, 1))
    assert found(desk, ON, "RECONSENT") == []
    later = {"effective_on": date(2026, 3, 1), "mandatory_on": date(2026, 3, 10)}
    second = keep(desk, ConsentVersion, study, label="2.0", number=2, **version, **later)
    assert found(desk, ON, "RECONSENT") == [("2.0", date(2026, 3, 10), "half")]
    (row,) = [each for each in desk.read(today, on=ON) if each.words.startswith("Renew the consent")]
    assert (row.what, row.whose, row.focus) == ("Renew the consent: version 2.0", "02-001", person)
    keep(desk, Consent, study, participant=person, consent_version=second, consented_on=date(2026, 3, 3))
    assert found(desk, ON, "RECONSENT") == []

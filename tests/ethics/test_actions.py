"""What is recorded of committees and consent versions: rights, what is refused, what follows, undo, as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.acts import a_colleague, a_site, a_study
from tests.support.ethics import (
    APPROVED,
    SUBMITTED,
    a_committee,
    a_decision,
    a_submission,
    a_version,
    an_approval,
    done,
)
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.ethics import actions, queries
from trialdesk.ethics.rules import Again, Signed
from trialdesk.studies.actions import add_protocol_version

TODAY = date(2026, 3, 4)
LATER = date(2026, 3, 5)


def approval(desk: Application, study: Id, on: date = TODAY, **asked: Any) -> queries.Approval | None:
    found: queries.Approval | None = desk.read(queries.approval_in_force, study=study, on=on, **asked)
    return found


def in_use(desk: Application, study: Id, on: date = TODAY, **asked: Any) -> str | None:
    found = desk.read(queries.consent_version_in_force, study=study, on=on, **asked)
    return found.label if found else None


def test_from_submission_to_approval(desk: Application):
    study = a_study(desk)
    protocol = done(desk, add_protocol_version, study, label="2.0", dated_on=date(2026, 1, 2))
    committee = a_committee(desk, study, renewal_days=60)
    submission = a_submission(desk, study, committee, protocol_version=protocol)
    question = done(
        desk, actions.ask, study, submission=submission, asked_on=date(2026, 1, 15), text="Who keeps the key?"
    )
    desk.run(actions.answer, study=study, question=question, answered_on=date(2026, 1, 20), answer="The pharmacist.")
    a_decision(desk, study, submission, outcome="deferred", decided_on=date(2026, 1, 22))
    assert approval(desk, study) is None
    decision = a_decision(
        desk, study, submission, outcome="approved_with_conditions", expires_on=date(2027, 1, 31), reference="EC-17"
    )
    found = approval(desk, study)
    assert found is not None
    assert (found.decision, found.committee_name, found.effective_on) == (
        decision,
        "Harbour ethics committee",
        APPROVED,
    )
    assert (found.expires_on, found.renewal_due) == (date(2027, 1, 31), date(2026, 12, 2))
    assert approval(desk, study, date(2026, 1, 31)) is None
    assert approval(desk, study, date(2027, 2, 1)) is None
    (row,) = desk.read(queries.submissions, study=study)
    assert (row.protocol, row.committee_name, row.site_number) == ("2.0", "Harbour ethics committee", None)
    (asked,) = desk.read(queries.questions, study=study)
    assert (asked.answered_on, asked.answer) == (date(2026, 1, 20), "The pharmacist.")


def test_an_approval_for_a_site_is_one_for_that_site(desk: Application):
    study = a_study(desk)
    one, two = a_site(desk, study, "01"), a_site(desk, study, "02")
    submission = a_submission(desk, study, a_committee(desk, study), site=one)
    a_decision(desk, study, submission)
    assert approval(desk, study, site=one) is not None
    assert approval(desk, study, site=two) is None
    assert approval(desk, study) is not None


def test_conditions_are_met_once_and_only_after_the_decision(desk: Application):
    study = a_study(desk)
    decision = an_approval(desk, study, outcome="approved_with_conditions")
    condition = done(
        desk, actions.add_condition, study, decision=decision, text="Send the insurance.", due_on=date(2026, 4, 1)
    )
    with pytest.raises(UserError, match="before the decision"):
        desk.run(actions.meet, study=study, condition=condition, met_on=date(2026, 1, 31))
    with pytest.raises(UserError, match="still to come"):
        desk.run(actions.meet, study=study, condition=condition, met_on=LATER)
    desk.run(actions.meet, study=study, condition=condition, met_on=TODAY)
    with pytest.raises(UserError, match="was met on 2026-03-04"):
        desk.run(actions.meet, study=study, condition=condition, met_on=TODAY)
    (row,) = desk.read(queries.conditions, study=study)
    assert row.met_on == TODAY
    refused = a_decision(
        desk, study, a_submission(desk, study, a_committee(desk, study, "Another")), outcome="rejected"
    )
    with pytest.raises(UserError, match="Only an approval has conditions"):
        desk.run(actions.add_condition, study=study, decision=refused, text="Anything")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"decided_on": date(2026, 1, 9)}, "before it was submitted"),
        ({"decided_on": LATER}, "still to come"),
        ({"effective_on": date(2026, 1, 31)}, "no effect before it is decided"),
        ({"effective_on": date(2026, 2, 9), "expires_on": date(2026, 2, 8)}, "expire before it takes effect"),
        ({"outcome": "rejected", "expires_on": date(2026, 9, 1)}, "Only an approval expires"),
        ({"outcome": "perhaps"}, "not one of the choices"),
        ({"outcome": None}, "left empty"),
    ],
)
def test_a_decision_that_cannot_be(sqlite_desk: Application, fields: dict[str, Any], words: str):
    study = a_study(sqlite_desk)
    submission = a_submission(sqlite_desk, study, a_committee(sqlite_desk, study))
    with pytest.raises(UserError, match=words):
        a_decision(sqlite_desk, study, submission, **fields)
    assert sqlite_desk.read(queries.decisions, study=study) == ()


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        (actions.add_review, {"body": "Board", "decided_on": TODAY}, "says nothing without this"),
        (
            actions.add_review,
            {"body": "Board", "requested_on": TODAY, "decided_on": APPROVED, "outcome": "favourable"},
            "before it was requested",
        ),
        (actions.add_committee, {"name": "harbour ETHICS committee"}, "already an ethics committee"),
        (actions.add_committee, {"name": "  "}, "left empty"),
        (actions.add_committee, {"name": "Other", "renewal_days": -1}, "cannot be less than 0"),
        (actions.add_institutional_approval, {"institution": "Harbour", "approved_on": LATER}, "still to come"),
        (
            actions.add_institutional_approval,
            {"institution": "Harbour", "approved_on": TODAY, "expires_on": APPROVED},
            "expire before",
        ),
    ],
)
def test_what_is_refused_in_words(sqlite_desk: Application, action: Any, fields: dict[str, Any], words: str):
    study = a_study(sqlite_desk)
    a_committee(sqlite_desk, study)
    with pytest.raises(UserError, match=words):
        sqlite_desk.run(action, study=study, **fields)


def test_a_question_is_asked_and_answered_in_order(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    submission = a_submission(sqlite_desk, study, a_committee(sqlite_desk, study))
    with pytest.raises(UserError, match="before the submission"):
        sqlite_desk.run(actions.ask, study=study, submission=submission, asked_on=date(2026, 1, 9), text="Why?")
    question = done(sqlite_desk, actions.ask, study, submission=submission, asked_on=SUBMITTED, text="Why?")
    with pytest.raises(UserError, match="answered before it was asked"):
        sqlite_desk.run(actions.answer, study=study, question=question, answered_on=date(2026, 1, 9), answer="So.")
    with pytest.raises(UserError, match="says nothing without this"):
        sqlite_desk.run(actions.answer, study=study, question=question, answered_on=TODAY, answer=" ")
    sqlite_desk.run(actions.answer, study=study, question=question, answered_on=TODAY, answer="So.")
    with pytest.raises(UserError, match="was answered on"):
        sqlite_desk.run(actions.answer, study=study, question=question, answered_on=TODAY, answer="So.")


def test_consent_versions_are_counted_approved_used_and_withdrawn(desk: Application):
    study = a_study(desk)
    decision = an_approval(desk, study)
    first = a_version(desk, study)
    assert in_use(desk, study) is None
    desk.run(actions.approve_consent_version, study=study, consent_version=first, decision=decision)
    assert [in_use(desk, study, on) for on in (date(2026, 1, 31), APPROVED)] == [None, "1.0"]
    with pytest.raises(UserError, match="approved already"):
        desk.run(actions.approve_consent_version, study=study, consent_version=first, decision=decision)
    second = a_version(
        desk, study, "2.0", language="EN", decision=decision, effective_on=TODAY, mandatory_on=date(2026, 4, 30)
    )
    a_version(desk, study, "1.0", language="zh", decision=decision)
    rows = {(row.language, row.number): row for row in desk.read(queries.consent_versions, study=study)}
    assert set(rows) == {("en", 1), ("en", 2), ("zh", 1)}
    assert (rows["en", 1].used_from, rows["en", 1].superseded_on) == (APPROVED, TODAY)
    assert [in_use(desk, study, on, language="en") for on in (date(2026, 3, 3), TODAY)] == ["1.0", "2.0"]
    assert in_use(desk, study, language="de") is None
    signed = [Signed("p", first, date(2026, 2, 3))]
    again = desk.read(queries.consent_again, study=study, on=TODAY, signed=signed)
    assert again == (Again("p", second, date(2026, 4, 30)),)
    desk.run(actions.withdraw_consent_version, study=study, consent_version=second, withdrawn_on=date(2026, 3, 10))
    assert [in_use(desk, study, date(2026, 3, day), language="en") for day in (9, 10)] == ["2.0", None]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"label": "1.0"}, "already a version of this name"),
        ({"dated_on": LATER}, "still to come"),
        ({"dated_on": TODAY, "effective_on": APPROVED}, "used before it is dated"),
        ({"effective_on": TODAY, "mandatory_on": APPROVED}, "before the version is used"),
        ({"form": "poster"}, "not one of the choices"),
    ],
)
def test_a_consent_version_that_cannot_be(sqlite_desk: Application, fields: dict[str, Any], words: str):
    study = a_study(sqlite_desk)
    a_version(sqlite_desk, study)
    with pytest.raises(UserError, match=words):
        a_version(sqlite_desk, study, **{"label": "2.0", **fields})


def test_only_an_approval_given_after_it_was_written_approves_a_version(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    submission = a_submission(sqlite_desk, study, a_committee(sqlite_desk, study))
    deferred, approved = (a_decision(sqlite_desk, study, submission, outcome=code) for code in ("deferred", "approved"))
    with pytest.raises(UserError, match="did not approve anything"):
        a_version(sqlite_desk, study, decision=deferred)
    with pytest.raises(UserError, match="dated after the decision"):
        a_version(sqlite_desk, study, dated_on=date(2026, 2, 2), decision=approved)
    version = a_version(sqlite_desk, study)
    elsewhere = an_approval(sqlite_desk, a_study(sqlite_desk, "OTHER"))
    with pytest.raises(UserError, match="another study"):
        sqlite_desk.run(actions.approve_consent_version, study=study, consent_version=version, decision=elsewhere)


def test_what_is_still_used_is_not_voided_and_a_correction_needs_its_reason(desk: Application):
    study = a_study(desk)
    decision = an_approval(desk, study)
    version = a_version(desk, study, decision=decision)
    with pytest.raises(UserError, match="still used: Consent version"):
        desk.run(actions.void_decision, reason="Mistyped", study=study, decision=decision, version=1)
    with pytest.raises(UserError, match="needs a reason"):
        desk.run(actions.void_consent_version, study=study, consent_version=version, version=1)
    desk.run(actions.void_consent_version, reason="Twice", study=study, consent_version=version, version=1)
    desk.run(actions.void_decision, reason="Mistyped", study=study, decision=decision, version=1)
    assert approval(desk, study) is None
    assert desk.read(queries.consent_versions, study=study) == ()
    assert desk.verify().proven


def test_a_corrected_expiry_lapses_the_approval_and_undo_brings_it_back(desk: Application):
    study = a_study(desk)
    decision = an_approval(desk, study)
    with pytest.raises(UserError, match="expire before"):
        desk.run(
            actions.correct_decision,
            reason="Read anew",
            study=study,
            decision=decision,
            version=1,
            expires_on=date(2026, 1, 1),
        )
    done_ = desk.run(
        actions.correct_decision,
        reason="Read anew",
        study=study,
        decision=decision,
        version=1,
        expires_on=date(2026, 3, 3),
    )
    assert approval(desk, study) is None
    assert done_.transaction is not None
    desk.undo(done_.transaction, reason="It was right")
    assert approval(desk, study) is not None


def test_the_desk_tells_what_was_approved_then(desk: Application):
    study = a_study(desk)
    submission = a_submission(desk, study, a_committee(desk, study))
    then = desk.position()
    a_version(desk, study, decision=a_decision(desk, study, submission))
    with desk.reading_at(then) as read:
        assert queries.approval_in_force(read, study=study, on=TODAY) is None
        assert queries.consent_versions(read, study=study) == ()
        assert len(queries.submissions(read, study=study)) == 1
    assert approval(desk, study) is not None


def test_who_may_record_ethics(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    a_colleague(sqlite_desk, study, "ethics_liaison", "bo")
    a_colleague(sqlite_desk, study, "monitor", "mo")
    sqlite_desk.sign_in("mo", "another horse")
    with pytest.raises(NotAllowed):
        a_committee(sqlite_desk, study)
    sqlite_desk.sign_in("bo", "another horse")
    an_approval(sqlite_desk, study)
    assert approval(sqlite_desk, study) is not None


def test_a_ruling_is_not_prolonged_by_whoever_records_data(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    decision = an_approval(sqlite_desk, study)
    a_colleague(sqlite_desk, study, "data_manager", "bo")
    a_colleague(sqlite_desk, study, "ethics_liaison", "mo")
    change: dict[str, Any] = {"study": study, "decision": decision, "version": 1, "reason": "The letter says so"}
    sqlite_desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed):
        sqlite_desk.run(actions.correct_decision, **change, expires_on=date(2029, 1, 1))
    with pytest.raises(NotAllowed):
        sqlite_desk.run(actions.void_decision, **change)
    sqlite_desk.sign_in("mo", "another horse")
    sqlite_desk.run(actions.correct_decision, **change, expires_on=date(2027, 1, 1))


def test_a_consent_version_may_be_given_its_number(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    a_version(sqlite_desk, study, "4.0", number=4)
    a_version(sqlite_desk, study, "5.0")
    assert [each.number for each in sqlite_desk.read(queries.consent_versions, study=study)] == [4, 5]
    with pytest.raises(UserError, match="already"):
        a_version(sqlite_desk, study, "4.1", number=4)


def test_looking_at_many_versions_takes_one_statement(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    decision = an_approval(sqlite_desk, study)
    for number in range(5):
        a_version(sqlite_desk, study, f"{number}.0", decision=decision)
    for query, most in ((queries.consent_versions, 1), (queries.submissions, 1), (queries.rulings, 1)):
        with counted(sqlite_desk) as said:
            sqlite_desk.read(query, study=study)
        assert len([each for each in said if each.startswith("SELECT")]) == most
    with counted(sqlite_desk) as said:
        approval(sqlite_desk, study)
    assert len([each for each in said if each.startswith("SELECT")]) == 2

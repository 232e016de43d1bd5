"""What stands beside a contract's money: interests, the clock of drafts, supply, clauses, fair value, warnings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.contracts.test_contracts import TERMS, begun, declared, executed, run, state, trial
from tests.payments.playing import SECOND, Trial
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.contracts.actions.agreeing import activate_terms, correct_terms, draft_terms
from trialdesk.contracts.actions.approving import approve_warning, void_approval
from trialdesk.contracts.actions.contracting import (
    abandon_contract,
    activate_contract,
    agree_contract,
    correct_contract,
    negotiate_contract,
    resume_contract,
    send_contract_to_signature,
    suspend_contract,
    terminate_contract,
)
from trialdesk.contracts.actions.dealing import (
    CLAUSES,
    FAIR_VALUES,
    OBLIGATIONS,
    SUPPORT,
    TURNS,
    approve_fair_value,
    meet_obligation,
    return_turn,
)
from trialdesk.contracts.actions.interests import correct_interest, judge_interest
from trialdesk.contracts.actions.parties import add_organisation, correct_organisation
from trialdesk.contracts.approvals import approvals
from trialdesk.contracts.queries import may_allocate, organisations, terms_versions
from trialdesk.contracts.rules import KINDS
from trialdesk.contracts.standing import clocks, in_kind, missing_supply, undeclared, unsettled
from trialdesk.contracts.vocabulary import TOPICS, topics_of
from trialdesk.ethics import records as ethics
from trialdesk.overview.clocks import today

__all__ = ["trial"]


def send(trial: Trial, contract: str, **fields: Any) -> Any:
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    return run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5), **fields)


def test_nothing_is_signed_before_interests_are_declared(trial: Trial):
    contract = begun(trial)
    with pytest.raises(UserError, match="Ada Lind"):
        send(trial, contract)
    assert state(trial) == "negotiating"
    (made,) = declared(trial, has_interest=True, words="Shares of the company")
    with pytest.raises(UserError, match="not accepted: Ada Lind"):
        run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    with pytest.raises(NotAllowed, match="their own interest"):
        run(trial, judge_interest, interest=made, acceptable=True)
    trial.as_second()
    run(
        trial,
        judge_interest,
        interest=made,
        judged_on=date(2026, 2, 4),
        acceptable=True,
        judgement="Sold before the first visit",
    )
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    assert state(trial) == "in_signature"
    (party,) = (row.id for row in trial.desk.read(organisations))
    asked = {"study": trial.study, "organisation": party}
    assert trial.desk.read(undeclared, on=date(2026, 2, 3), **asked) == ("Ada Lind",), "accepted the day after"
    assert trial.desk.read(undeclared, on=date(2026, 2, 4), **asked) == ()
    run(trial, correct_interest, interest=made, version=2, words="More shares", reason="they bought more")
    assert trial.desk.read(undeclared, on=date(2026, 3, 1), **asked) == ("Ada Lind",)


def test_a_declaration_ends(trial: Trial):
    begun(trial)
    declared(trial, expires_on=date(2026, 2, 20))
    (party,) = (row.id for row in trial.desk.read(organisations))
    asked = {"study": trial.study, "organisation": party}
    assert trial.desk.read(undeclared, on=date(2026, 2, 20), **asked) == ()
    assert trial.desk.read(undeclared, on=date(2026, 2, 21), **asked) == ("Ada Lind",)
    assert trial.desk.read(undeclared, on=date(2026, 1, 1), **asked) == ("Ada Lind",), "nobody declares backwards"


def test_some_institutions_sign_only_after_ethics(trial: Trial):
    contract = begun(trial)
    declared(trial)
    ours = run(trial, add_organisation, name="Harbour Hospital", ethics_first=True)
    run(trial, correct_contract, contract=contract, version=1, institution=ours, reason="left out")
    with pytest.raises(UserError, match="only after the ethics approval"):
        send(trial, contract)
    committee = trial.add(ethics.Committee(name="Committee"))
    submission = trial.add(
        ethics.Submission(committee=committee, kind="initial", title="Protocol", submitted_on=date(2026, 1, 2))
    )
    trial.add(
        ethics.Decision(
            submission=submission, decided_on=date(2026, 2, 1), outcome="approved", effective_on=date(2026, 2, 1)
        )
    )
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    row = next(each for each in trial.desk.read(organisations) if each.id == ours)
    run(trial, correct_organisation, organisation=ours, version=row.version, ethics_first=False, reason="new rule")


def test_a_contract_rests_ends_early_or_is_given_up(trial: Trial):
    contract = executed(trial)
    run(trial, activate_contract, contract=contract, effective_from=date(2026, 2, 21))
    run(trial, suspend_contract, contract=contract, suspended_on=date(2026, 2, 25))
    assert state(trial) == "suspended"
    with pytest.raises(UserError, match="follows"):
        run(trial, abandon_contract, contract=contract)
    run(trial, resume_contract, contract=contract, resumed_on=date(2026, 2, 26))
    run(trial, terminate_contract, contract=contract, closed_on=date(2026, 2, 28))
    assert state(trial) == "terminated"


def test_the_clock_counts_days_with_each(trial: Trial):
    contract = begun(trial)
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    turns = {"contract": contract}
    run(trial, TURNS[0], holder="us", sent_on=date(2026, 1, 5), returned_on=date(2026, 1, 12), **turns)
    run(
        trial,
        TURNS[0],
        holder="them",
        sent_on=date(2026, 1, 12),
        returned_on=date(2026, 2, 1),
        issue="indemnity",
        **turns,
    )
    open_ = run(trial, TURNS[0], holder="us", sent_on=date(2026, 2, 1), issue="indemnity", **turns)
    (clock,) = trial.desk.read(clocks, study=trial.study, on=date(2026, 2, 11))
    assert (clock.turns, clock.open_with, clock.days) == (3, "us", {"us": 17, "them": 20, "third": 0})
    assert (clock.final_terms, clock.full_execution, clock.stalls) == (None, None, {"indemnity": 2})
    waiting = trial.desk.read(today, on=date(2026, 3, 1), study=trial.study)
    assert any("Answer the draft of contract C-1" in each.what for each in waiting)
    run(trial, return_turn, turn=open_, returned_on=date(2026, 2, 11))
    with pytest.raises(UserError, match="over already"):
        run(trial, return_turn, turn=open_)
    run(trial, agree_contract, contract=contract, terms_agreed_on=date(2026, 2, 13))
    (clock,) = trial.desk.read(clocks, study=trial.study, on=date(2026, 3, 1))
    assert (clock.open_with, clock.days["us"], clock.final_terms) == (None, 17, 39)


def test_each_kind_of_contract_settles_its_own_matters(trial: Trial):
    contract = begun(trial)
    with pytest.raises(UserError, match="does not settle this"):
        run(trial, CLAUSES[0], contract=contract, topic="royalty", words="3 %")
    left = trial.desk.read(unsettled, contract=contract)
    run(trial, CLAUSES[0], contract=contract, topic="publication", words="30 days", days=30)
    assert trial.desk.read(unsettled, contract=contract) == tuple(each for each in left if each != "publication")
    known = {code for code, _label in TOPICS}
    assert all(set(topics_of(code)) <= known for code, _label in KINDS)
    assert topics_of("other") == tuple(code for code, _label in TOPICS)


def test_an_obligation_waits_in_today_until_it_is_met(trial: Trial):
    contract = begun(trial)
    made = run(trial, OBLIGATIONS[0], contract=contract, what="Yearly report", due_on=date(2026, 3, 10))

    def waits() -> bool:
        return any(
            "Yearly report" in each.what for each in trial.desk.read(today, on=date(2026, 3, 1), study=trial.study)
        )

    assert waits()
    run(trial, meet_obligation, obligation=made, met_on=date(2026, 3, 1))
    assert not waits()
    with pytest.raises(UserError, match="met already"):
        run(trial, meet_obligation, obligation=made)


def test_nobody_is_allocated_before_the_supply_is_there(trial: Trial):
    contract = begun(trial)
    lamps = run(trial, SUPPORT[0], contract=contract, kind="device", name="Lamps", quantity=60, unit_value=20000,
                currency="CNY", needed_first=True)  # fmt: skip
    asked = {"study": trial.study, "on": date(2026, 3, 1)}
    assert "Lamps" in str(trial.desk.read(may_allocate, **asked))
    (given,) = trial.desk.read(in_kind, study=trial.study)
    assert (given.promised, given.received) == (1200000, 0)
    run(trial, SUPPORT[1], in_kind=lamps, version=1, received_on=date(2026, 2, 28), reason="it came")
    assert trial.desk.read(may_allocate, **asked) is None
    assert trial.desk.read(missing_supply, study=trial.study, on=date(2026, 2, 27)) == ("Lamps",)
    assert trial.desk.read(in_kind, study=trial.study)[0].received == 1200000
    run(trial, SUPPORT[1], in_kind=lamps, version=2, received_on=None, reason="it was another's")
    run(trial, abandon_contract, contract=contract)
    assert trial.desk.read(may_allocate, **asked) is None, "of a contract given up nothing is awaited"


def test_what_lies_outside_the_fair_range_is_justified_and_approved_by_another(trial: Trial):
    contract = begun(trial)
    check = {"contract": contract, "item": "V1", "currency": "CNY", "source": "Price list"}
    with pytest.raises(UserError, match="ends before it begins"):
        run(trial, FAIR_VALUES[0], amount=1, low=2, high=1, **check)
    made = run(trial, FAIR_VALUES[0], amount=300, low=100, high=200, **check)
    with pytest.raises(NotAllowed, match="does not approve it"):
        run(trial, approve_fair_value, fair_value=made)
    trial.as_second()
    with pytest.raises(UserError, match="outside the range"):
        run(trial, approve_fair_value, fair_value=made)
    trial.as_owner()
    run(trial, FAIR_VALUES[1], fair_value=made, version=1, justification="Night shifts", reason="asked for")
    trial.as_second()
    run(trial, approve_fair_value, fair_value=made)


def test_a_warning_is_approved_by_name_for_one_text(trial: Trial):
    contract = executed(trial)
    text = TERMS.replace("fair_market_value: survey of 2025, ", "") % (1, "2026-01-01", "1500.00")
    draft = run(trial, draft_terms, contract=contract, text=text)
    with pytest.raises(NotAllowed, match="does not approve"):
        run(trial, approve_warning, terms_version=draft, code="W7", reason="public")
    trial.as_second()
    with pytest.raises(UserError, match="for a reason"):
        run(trial, approve_warning, terms_version=draft, code="W7")
    with pytest.raises(UserError, match="do not cross"):
        run(trial, approve_warning, terms_version=draft, code="W1", reason="public")
    made = run(trial, approve_warning, terms_version=draft, code="W7", reason="A public price list")
    trial.as_owner()
    run(trial, correct_terms, terms_version=draft, version=1, text=text.replace("1500", "1600"), reason="agreed")
    trial.as_second()
    with pytest.raises(UserError, match=r"need a reason: .*W7"):
        run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1])
    run(trial, void_approval, warning_approval=made, version=1, reason="for another text")
    run(trial, approve_warning, terms_version=draft, code="W7", reason="A public price list")
    run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1])
    (row,) = trial.desk.read(terms_versions, contract=contract)
    (one,) = trial.desk.read(approvals, terms_version=draft, text=row.text)
    assert (one.code, one.approved_by, one.grounds) == ("W7", "Bo Berg", "A public price list")
    with pytest.raises(UserError, match="count already"):
        run(trial, approve_warning, terms_version=draft, code="W7", reason="again")


def test_who_activates_approves_the_rest(trial: Trial):
    contract = executed(trial)
    text = TERMS.replace("fair_market_value: survey of 2025, ", "") % (1, "2026-01-01", "1500.00")
    draft = run(trial, draft_terms, contract=contract, text=text)
    trial.as_second()
    run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1], reason="A public price list")
    (one,) = trial.desk.read(approvals, terms_version=draft, text=text)
    assert (one.code, one.approved_by) == ("W7", "Bo Berg")

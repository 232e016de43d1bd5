"""Who is party to a contract and as what; an office that takes it in, its closing, and what amendments are for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.contracts.test_contracts import TERMS, begun, declared, executed, run, state, trial
from tests.payments.playing import SECOND, Trial, edit
from tests.support.desks import PASSWORD
from trialdesk.base.errors import UserError
from trialdesk.contracts.actions.agreeing import activate_terms, correct_terms, draft_terms
from trialdesk.contracts.actions.contracting import (
    activate_contract,
    add_contract,
    begin_closing_contract,
    close_contract,
    execute_contract,
    negotiate_contract,
    send_contract_to_signature,
    take_in_contract,
)
from trialdesk.contracts.actions.dealing import BUDGET_DECISIONS, CLAUSES, PARTIES
from trialdesk.contracts.actions.parties import add_organisation, merge_organisation, void_organisation
from trialdesk.contracts.queries import may_allocate, named_on, organisations, the_contract
from trialdesk.contracts.rules import KINDS, ROLES, usual_roles
from trialdesk.overview.clocks import clocks
from trialdesk.studies import records as studies
from trialdesk.studies.actions import add_protocol_version

__all__ = ["trial"]


def waiting(trial: Trial, rule: str) -> list[tuple[str, date, str]]:
    """Return what the clock of a rule waits for: name, due day, state."""
    found = trial.desk.read(clocks, on=trial.desk.today)
    return [(each.started.name, each.due, each.state) for each in found if each.rule.id == rule]


@pytest.mark.parametrize("kind", [kind for kind, _label in KINDS])
def test_each_kind_of_contract_has_its_usual_roles(kind: str):
    assert {*usual_roles(kind)} <= {role for role, _label in ROLES}
    assert "legal_sponsor" in usual_roles(kind), "somebody sponsors every trial"


def test_whoever_gives_money_supports_the_study_and_does_not_sponsor_it(trial: Trial):
    begun(trial)
    row = trial.desk.read(the_contract, study=trial.study)
    assert (row.our_role, row.their_role) == ("legal_sponsor", "supporter")
    party = run(trial, add_organisation, name="Quay Analytics")
    run(trial, add_contract, number="C-2", kind="service", supporter=party, direction="payable", currency="CNY",
        their_role="smo")  # fmt: skip
    row = trial.desk.read(the_contract, study=trial.study, number="C-2")
    assert (row.our_role, row.their_role) == ("legal_sponsor", "smo")


def test_a_contract_leaves_the_office_that_took_it_in_only_with_declared_interests(trial: Trial):
    contract = begun(trial)
    run(trial, take_in_contract, contract=contract, intake_from=date(2026, 1, 4))
    assert state(trial) == "intake"
    with pytest.raises(UserError, match="Ada Lind"):
        run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    assert state(trial) == "intake"
    declared(trial)
    with pytest.raises(UserError, match="cannot come before"):
        run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 3))
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    assert state(trial) == "negotiating"


def test_a_contract_of_three_is_executed_by_the_last_signature(trial: Trial):
    contract = begun(trial)
    third = run(trial, add_organisation, name="Quay Laboratories")
    add, correct, _void = PARTIES
    (acme,) = (row.id for row in trial.desk.read(organisations) if row.name == "Acme")
    with pytest.raises(UserError, match="one of the two"):
        run(trial, add, contract=contract, organisation=acme, role="vendor")
    made = run(trial, add, contract=contract, organisation=third, role="vendor", signs=True)
    with pytest.raises(UserError, match="names this organisation"):
        run(trial, void_organisation, organisation=third, version=1, reason="not needed")
    party = trial.desk.read(organisations)
    assert {row.name for row in party} >= {"Acme", "Quay Laboratories"}
    declare_all(trial, acme)
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    last = {"contract": contract, "fully_executed_on": date(2026, 2, 20), "signed_on": date(2026, 2, 10)}
    with pytest.raises(UserError, match="Quay Laboratories"):
        run(trial, execute_contract, **last)
    run(trial, correct, party=made, version=1, signed_on=date(2026, 2, 21), reason="their copy came")
    with pytest.raises(UserError, match="have not signed by"):
        run(trial, execute_contract, **last)
    run(trial, correct, party=made, version=2, signed_on=date(2026, 2, 19), reason="read again")
    run(trial, execute_contract, **last)
    assert state(trial) == "fully_executed"


def declare_all(trial: Trial, party: str) -> None:
    from trialdesk.contracts.actions.interests import declare_interest
    from trialdesk.people.queries import persons

    for row in trial.desk.read(persons):
        run(trial, declare_interest, organisation=party, person=row.id, declared_on=date(2026, 1, 2))


def test_a_contract_being_closed_lets_nobody_in_and_still_settles(trial: Trial):
    edit(trial.desk, trial.study, studies.Study, trial.study, needs_contract=True)
    contract = executed(trial)
    run(trial, activate_contract, contract=contract, effective_from=date(2026, 2, 20))
    assert trial.desk.read(may_allocate, study=trial.study, on=date(2026, 2, 25)) is None
    run(trial, begin_closing_contract, contract=contract, closing_from=date(2026, 2, 26))
    assert "Being closed" in trial.desk.read(may_allocate, study=trial.study, on=date(2026, 2, 27))
    draft = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    trial.as_second()
    run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1])
    run(trial, close_contract, contract=contract, closed_on=date(2026, 3, 1))
    assert state(trial) == "closed"


def test_an_amendment_says_what_it_is_for(trial: Trial):
    contract = executed(trial)
    first = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    second = run(trial, draft_terms, contract=contract, text=TERMS % (2, "2026-03-25", "1600.00"))
    trial.as_second()
    run(trial, activate_terms, terms_version=first, signed_with=SECOND[1])
    with pytest.raises(UserError, match="do not say what for"):
        run(trial, activate_terms, terms_version=second, signed_with=SECOND[1])
    trial.desk.sign_in("ada", PASSWORD)
    text = {"terms_version": second, "text": TERMS % (2, "2026-03-25", "1600.00"), "reason": "its occasion"}
    with pytest.raises(UserError, match="not named"):
        run(trial, correct_terms, version=1, occasion="protocol", **text)
    run(trial, correct_terms, version=1, occasion="budget", **text)
    trial.as_second()
    run(trial, activate_terms, terms_version=second, signed_with=SECOND[1])


def test_terms_that_reach_back_say_why(trial: Trial):
    contract = executed(trial)
    first = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    back = (TERMS % (2, "2026-03-25", "1600.00")).replace("no: 2\n", "no: 2\n  retroactive: true\n")
    second = run(trial, draft_terms, contract=contract, text=back, occasion="budget")
    third = (TERMS % (3, "2026-02-25", "1600.00")).replace("no: 3\n", "no: 3\n  retroactive: true\n")
    told = run(trial, draft_terms, contract=contract, text=third, occasion="budget",
               retroactive_grounds="The supporter's letter of 3 February")  # fmt: skip
    unsaid = run(trial, draft_terms, contract=contract, text=TERMS % (4, "2026-02-25", "1600.00"), occasion="budget")
    trial.as_second()
    run(trial, activate_terms, terms_version=first, signed_with=SECOND[1])
    with pytest.raises(UserError, match="reach back"):
        run(trial, activate_terms, terms_version=second, signed_with=SECOND[1])
    run(trial, activate_terms, terms_version=told, signed_with=SECOND[1])
    with pytest.raises(UserError, match="reach back"):
        run(trial, activate_terms, terms_version=unsaid, signed_with=SECOND[1])


def test_no_terms_begin_before_those_that_counted_first(trial: Trial):
    """They would leave every statement, posting and paper of the contract without an answer, for good."""
    contract = executed(trial)
    first = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    why = {"occasion": "budget", "retroactive_grounds": "The supporter's letter of 3 February"}
    early = run(trial, draft_terms, contract=contract, text=TERMS % (2, "2025-12-31", "1600.00"), **why)
    trial.as_second()
    run(trial, activate_terms, terms_version=first, signed_with=SECOND[1])
    with pytest.raises(UserError, match="effective before the contract's first"):
        run(trial, activate_terms, terms_version=early, signed_with=SECOND[1])
    trial.desk.sign_in("ada", PASSWORD)
    with pytest.raises(UserError, match="effective before the contract's first"):
        run(trial, draft_terms, contract=contract, text=TERMS % (3, "2025-12-31", "1600.00"), **why)
    day = run(trial, draft_terms, contract=contract, text=TERMS % (3, "2026-01-01", "1600.00"), **why)
    trial.as_second()
    run(trial, activate_terms, terms_version=day, signed_with=SECOND[1])


def amended(trial: Trial, effective_on: date) -> Any:
    first = run(trial, add_protocol_version, label="1.0", dated_on=date(2026, 1, 1))
    return run(trial, add_protocol_version, label="2.0", dated_on=effective_on, effective_on=effective_on,
               amendment_of=first, change_summary="One visit more")  # fmt: skip


def test_an_amended_protocol_wants_a_decision_on_the_budget_within_a_fortnight(trial: Trial):
    contract = executed(trial)
    amendment = amended(trial, date(2026, 2, 22))
    due = date(2026, 2, 22) + timedelta(14)
    ((name, on, now),) = waiting(trial, "BUDGET")
    assert (name, on) == ("2.0", due)
    assert now != "done"
    add, _correct, _void = BUDGET_DECISIONS
    run(trial, add, contract=contract, protocol_version=amendment, decision="unchanged", decided_on=date(2026, 2, 28),
        grounds="The visit is by telephone")  # fmt: skip
    assert waiting(trial, "BUDGET") == [("2.0", due, "done")]


def test_terms_that_name_the_amendment_are_a_decision_too(trial: Trial):
    contract = executed(trial)
    amendment = amended(trial, date(2026, 2, 22))
    run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-03-01", "1500.00"), occasion="protocol",
        protocol_version=amendment)  # fmt: skip
    assert [now for _name, _due, now in waiting(trial, "BUDGET")] == ["done"]


def test_an_amendment_before_the_contract_bound_asks_for_nothing(trial: Trial):
    executed(trial)
    amended(trial, date(2026, 2, 19))
    assert waiting(trial, "BUDGET") == []


def test_a_clause_that_ends_reminds(trial: Trial):
    contract = executed(trial)
    add, _correct, _void = CLAUSES
    run(trial, add, contract=contract, topic="confidentiality", words="Five years", until=date(2026, 3, 20))
    assert [(name, due) for name, due, _state in waiting(trial, "CLAUSE")] == [("Confidentiality", date(2026, 3, 20))]


def test_a_merged_company_goes_on_under_its_successor(trial: Trial):
    begun(trial)
    (old,) = trial.desk.read(organisations)
    new, later = (run(trial, add_organisation, name=name) for name in ("Bolt", "Crane"))
    with pytest.raises(UserError, match="still to come"):
        run(trial, merge_organisation, organisation=old.id, merged_into=new, merged_on=date(2026, 4, 1))
    for wrong in (old.id, None):
        with pytest.raises(UserError, match=r"cannot take it in|not on this desk"):
            run(trial, merge_organisation, organisation=old.id, merged_into=wrong)
    done = trial.desk.run(merge_organisation, study=trial.study, organisation=old.id, merged_into=new,
                          merged_on=date(2026, 2, 1))  # fmt: skip
    with pytest.raises(UserError, match="has merged into Bolt"):
        run(trial, add_contract, number="C-2", kind="supply", supporter=old.id, direction="payable", currency="CNY")
    with pytest.raises(UserError, match="merged into it"):
        run(trial, void_organisation, organisation=new, version=1, reason="no")
    names = {day: trial.desk.read(named_on, on=day)[old.id] for day in (date(2026, 1, 31), date(2026, 2, 1))}
    assert [*names.values()] == ["Acme", "Bolt (Acme)"]
    run(trial, merge_organisation, organisation=new, merged_into=later, merged_on=date(2026, 2, 10))
    told = [trial.desk.read(named_on, on=date(2026, 2, day))[old.id] for day in (9, 10)]
    assert told == ["Bolt (Acme)", "Crane (Acme)"]
    with pytest.raises(UserError, match="merged"):
        run(trial, merge_organisation, organisation=old.id, merged_into=later)
    assert done.result == old.id


def test_a_site_names_its_own_time_zone_or_none(trial: Trial):
    from trialdesk.studies.actions import add_site

    with pytest.raises(UserError, match="no time zone “Middle/Earth”"):
        run(trial, add_site, number="09", zone="Middle/Earth")
    run(trial, add_site, number="09", country="CN", zone="Asia/Urumqi")

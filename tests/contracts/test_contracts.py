"""Contracts: the one way through their life, terms of two people, terms agreed elsewhere, the gate of allocation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.payments.playing import SECOND, Trial, at, edit, on
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.contracts.actions.agreeing import activate_terms, correct_terms, draft_terms, load_terms, void_terms
from trialdesk.contracts.actions.contracting import (
    activate_contract,
    add_contract,
    close_contract,
    correct_contract,
    execute_contract,
    negotiate_contract,
    send_contract_to_signature,
    void_contract,
)
from trialdesk.contracts.actions.insuring import add_insurance, correct_insurance
from trialdesk.contracts.actions.interests import declare_interest
from trialdesk.contracts.actions.parties import add_organisation, correct_organisation, void_organisation
from trialdesk.contracts.queries import contracts, insurances, may_allocate, organisations, terms_versions, the_contract
from trialdesk.contracts.records import Contract, TermsVersion
from trialdesk.contracts.rules import standing
from trialdesk.contracts.standing import undeclared
from trialdesk.payments.records import Receipt
from trialdesk.payments.terms import reads_terms
from trialdesk.people.queries import persons
from trialdesk.studies import records as studies

TERMS = """currency: CNY
tax: {code: VAT6, rate: "0.06"}
exhibit: {payee: institution, fair_market_value: survey of 2025, consent_names_support: true}
terms:
- no: %d
  effective_from: %s
  rules:
  - {code: START, kind: site_fee, trigger: {fact: site_activated}, amount: {fixed: "500.00"}, evidence: [letter]}
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "%s"}, evidence: [crf]}
"""
LOADED = "contract: C-9\nsupporter: Acme\ndirection: receivable\n" + TERMS % (1, "2026-01-01", "1500.00")


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    at(desk, on("2026-03-01"))
    return made


def run(trial: Trial, action: Any, **arguments: Any) -> Any:
    return trial.desk.run(action, study=trial.study, **arguments).result


def begun(trial: Trial, **fields: Any) -> str:
    party = run(trial, add_organisation, name=fields.pop("party", "Acme"))
    given = {"number": "C-1", "kind": "support", "direction": "receivable", "currency": "CNY", **fields}
    made: str = run(trial, add_contract, supporter=party, **given)
    return made


def declared(trial: Trial, **fields: Any) -> list[str]:
    """Let everybody who runs the study declare their interests in the only party."""
    (party,) = (row.id for row in trial.desk.read(organisations))
    running = trial.desk.read(undeclared, study=trial.study, organisation=party, on=trial.desk.today)
    given = {"declared_on": date(2026, 1, 2), **fields}
    return [
        run(trial, declare_interest, organisation=party, person=row.id, **given)
        for row in trial.desk.read(persons)
        if row.name in running
    ]


def executed(trial: Trial) -> str:
    contract = begun(trial)
    declared(trial)
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    run(trial, execute_contract, contract=contract, fully_executed_on=date(2026, 2, 20), signed_on=date(2026, 2, 10))
    return contract


def state(trial: Trial) -> str:
    return str(trial.desk.read(the_contract, study=trial.study).state)


def test_a_contract_goes_its_way_step_by_step(trial: Trial):
    contract = executed(trial)
    assert state(trial) == "fully_executed"
    run(trial, activate_contract, contract=contract, effective_from=date(2026, 3, 1))
    assert state(trial) == "active"
    with pytest.raises(UserError, match="follows"):
        run(trial, activate_contract, contract=contract)
    done = trial.desk.run(close_contract, study=trial.study, contract=contract)
    assert state(trial) == "closed"
    trial.take_back(done)
    assert state(trial) == "active"


def test_no_step_is_left_out_or_dated_wrongly(trial: Trial):
    contract = begun(trial)
    with pytest.raises(UserError, match="“Draft”"):
        run(trial, execute_contract, contract=contract)
    with pytest.raises(UserError, match="still to come"):
        run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 3, 9))
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 2, 5))
    with pytest.raises(UserError, match="cannot come before"):
        run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 4))
    assert state(trial) == "negotiating"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"currency": "XXQ"}, "is no currency"), ({"net_days": -1}, "negative"), ({"direction": "both"}, "choices")],
)
def test_a_contract_that_cannot_be(trial: Trial, fields: dict[str, Any], words: str):
    with pytest.raises(UserError, match=words):
        begun(trial, **fields)


def test_a_number_stands_once_and_a_party_has_one_name(trial: Trial):
    begun(trial)
    with pytest.raises(UserError, match="already"):
        begun(trial, party="Bolt")
    with pytest.raises(UserError, match="already an organisation"):
        run(trial, add_organisation, name="ACME")
    (acme,) = (row for row in trial.desk.read(organisations) if row.name == "Acme")
    run(trial, correct_organisation, organisation=acme.id, version=1, name="Acme Ltd", reason="legal name")
    with pytest.raises(UserError, match="names this organisation"):
        run(trial, void_organisation, organisation=acme.id, version=2, reason="gone")


def test_terms_are_drafted_by_one_and_activated_by_another(trial: Trial):
    contract = executed(trial)
    draft = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    with pytest.raises(NotAllowed, match="drafted"):
        run(trial, activate_terms, terms_version=draft, signed_with=PASSWORD)
    run(
        trial,
        correct_terms,
        terms_version=draft,
        version=1,
        text=TERMS % (1, "2026-01-01", "1600.00"),
        reason="typed wrong",
    )
    trial.as_second()
    run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1])
    (row,) = trial.desk.read(terms_versions, contract=contract)
    assert (row.drafted_by, row.activated_by, row.number) == ("Ada Lind", "Bo Berg", 1)
    assert row.recorded_at is not None
    assert row.recorded_at > on("2026-03-01")
    assert "1600.00" in row.text


def test_terms_that_count_are_never_changed(trial: Trial):
    contract = executed(trial)
    draft = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    trial.as_second()
    done = trial.desk.run(activate_terms, study=trial.study, terms_version=draft, signed_with=SECOND[1])
    with pytest.raises(UserError, match="cannot be taken back"):
        trial.take_back(done)
    for action, more in ((correct_terms, {"text": TERMS % (1, "2026-01-01", "1.00")}), (void_terms, {})):
        with pytest.raises(UserError, match="count since"):
            run(trial, action, terms_version=draft, version=2, reason="cheaper", **more)
    with pytest.raises(UserError, match="never changed"):
        edit(trial.desk, trial.study, TermsVersion, draft, text="currency: CNY")
    with pytest.raises(UserError, match="has terms that count"):
        run(trial, void_contract, contract=contract, version=4, reason="no")


def test_bright_lines_refuse_and_warnings_want_a_reason(trial: Trial):
    contract = executed(trial)
    trial.as_second()
    bare = TERMS.replace("evidence: [crf]", "evidence: []") % (1, "2026-01-01", "1500.00")
    draft = run(trial, draft_terms, contract=contract, text=bare)
    trial.as_owner()
    with pytest.raises(UserError, match="E4"):
        run(trial, activate_terms, terms_version=draft, signed_with=PASSWORD)
    warned = TERMS.replace("fair_market_value: survey of 2025, ", "") % (1, "2026-01-01", "1500.00")
    trial.as_second()
    run(trial, correct_terms, terms_version=draft, version=1, text=warned, reason="evidence named")
    trial.as_owner()
    with pytest.raises(UserError, match=r"need a reason.*W7"):
        run(trial, activate_terms, terms_version=draft, signed_with=PASSWORD)
    run(trial, activate_terms, terms_version=draft, signed_with=PASSWORD, reason="a public price list")


def test_terms_wait_for_the_last_signature(trial: Trial):
    contract = begun(trial)
    draft = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    trial.as_second()
    with pytest.raises(UserError, match="not fully executed"):
        run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("terms: [", "not YAML"),
        ("- 1", "mapping"),
        (TERMS.replace("CNY", "USD") % (1, "2026-01-01", "1500.00"), "is in CNY"),
        (TERMS % (1, "2026-01-01", "1500.001"), "decimals"),
    ],
)
def test_a_draft_that_cannot_be_terms(trial: Trial, text: str, words: str):
    with pytest.raises(UserError, match=words):
        run(trial, draft_terms, contract=begun(trial), text=text)


def test_versions_are_numbered_upwards(trial: Trial):
    contract = begun(trial)
    run(trial, draft_terms, contract=contract, text=TERMS % (2, "2026-01-01", "1500.00"))
    with pytest.raises(UserError, match="not the next"):
        run(trial, draft_terms, contract=contract, text=TERMS % (2, "2026-07-01", "1500.00"))


def test_terms_agreed_elsewhere_count_at_once_and_are_taken_back_whole(trial: Trial):
    done = trial.desk.run(load_terms, study=trial.study, text=LOADED)
    row = trial.desk.read(the_contract, study=trial.study)
    assert (row.number, row.state, row.currency, row.imported) == ("C-9", "active", "CNY", True)
    assert (row.effective_from, row.fully_executed_on) == (date(2026, 1, 1), None)
    (version,) = trial.desk.read(terms_versions, contract=row.id)
    assert version.recorded_at is not None
    assert "recorded_at" not in version.text
    assert trial.desk.run(load_terms, study=trial.study, text=LOADED).transaction is None
    with pytest.raises(UserError, match="something else"):
        run(trial, load_terms, text=LOADED.replace("1500.00", "9500.00"))
    with pytest.raises(UserError, match="must name its contract"):
        run(trial, load_terms, text=LOADED.replace("supporter: Acme\n", ""))
    trial.take_back(done)
    assert trial.desk.read(contracts, study=trial.study) == ()
    assert trial.desk.read(organisations) == ()


def test_terms_kept_by_an_earlier_version_are_compared_as_they_would_be_kept_now():
    earlier = TERMS.replace("  rules:", '  recorded_at: "1970-01-01T00:00:00Z"\n  rules:') % (
        1,
        "2026-01-01",
        "1500.00",
    )
    (then,), (now,) = (
        [own for *_others, own in reads_terms(text, file="terms").versions]
        for text in (earlier, TERMS % (1, "2026-01-01", "1500.00"))
    )
    assert then == now
    assert "1970" not in now


def test_terms_loaded_for_a_contract_begun_here_are_drafts_for_a_second_person(trial: Trial):
    contract = executed(trial)
    text = LOADED.replace("contract: C-9", "contract: C-1")
    assert run(trial, load_terms, text=text) == contract
    (row,) = trial.desk.read(terms_versions, contract=contract)
    assert (row.activated_on, row.recorded_at) == (None, None)
    with pytest.raises(NotAllowed, match="drafted terms"):
        run(trial, activate_terms, terms_version=row.id, signed_with=PASSWORD, reason="agreed")
    trial.as_second()
    run(trial, activate_terms, terms_version=row.id, signed_with=SECOND[1], reason="agreed")


def test_a_further_version_is_added_to_what_is_here(trial: Trial):
    run(trial, load_terms, text=LOADED)
    more = LOADED + '- no: 2\n  effective_from: 2026-07-01\n  prices: {V2: "1650.00"}\n'
    contract = run(trial, load_terms, text=more)
    rows = trial.desk.read(terms_versions, contract=contract)
    assert [(row.number, row.effective_from.isoformat()) for row in rows] == [(1, "2026-01-01"), (2, "2026-07-01")]
    assert "1650.00" not in rows[0].text


def test_nobody_is_allocated_before_contract_and_insurance_where_they_are_needed(trial: Trial):
    def why(day: str) -> str | None:
        said: str | None = trial.desk.read(may_allocate, study=trial.study, on=date.fromisoformat(day))
        return said

    assert why("2026-02-25") is None
    edit(trial.desk, trial.study, studies.Study, trial.study, needs_contract=True, needs_insurance=True)
    assert "contract" in (why("2026-02-25") or "")
    executed(trial)
    assert "contract" in (why("2026-02-19") or "")
    assert "insurance" in (why("2026-02-25") or "")
    policy = {"insurer": "Shield", "policy": "P-1", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 2, 25)}
    run(trial, add_insurance, **policy)
    assert why("2026-02-25") is None
    assert "insurance" in (why("2026-02-26") or "")


def test_a_contract_whose_last_day_has_passed_is_expired_and_lets_nobody_in(trial: Trial):
    edit(trial.desk, trial.study, studies.Study, trial.study, needs_contract=True)
    contract = executed(trial)
    edit(trial.desk, trial.study, Contract, contract, ends_on=date(2026, 2, 25))
    said = {day: trial.desk.read(may_allocate, study=trial.study, on=date(2026, 2, day)) for day in (25, 26)}
    assert said[25] is None
    assert said[26] == "No contract is in force on 2026-02-26: C-1 is “Expired”."
    assert standing("closed", date(2026, 2, 25), date(2026, 3, 1)) == "closed"
    assert standing("draft", date(2026, 2, 25), date(2026, 3, 1)) == "draft"


def test_an_insurance_ends_after_it_begins(trial: Trial):
    policy = {"insurer": "Shield", "policy": "P-1", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 25)}
    with pytest.raises(UserError, match="end before"):
        run(trial, add_insurance, **policy)
    made = run(trial, add_insurance, **{**policy, "valid_to": date(2026, 12, 31)}, limit=100, currency="CNY")
    run(trial, correct_insurance, insurance=made, version=1, valid_to=date(2027, 12, 31), reason="prolonged")
    (row,) = trial.desk.read(insurances, study=trial.study)
    assert (row.valid_to, row.limit) == (date(2027, 12, 31), 100)


def test_a_correction_keeps_the_order_of_dates(trial: Trial):
    contract = executed(trial)
    with pytest.raises(UserError, match="cannot come before"):
        run(trial, correct_contract, contract=contract, version=4, signed_on=date(2026, 2, 21), reason="seal")


@pytest.mark.parametrize("changed", [{"currency": "EUR"}, {"direction": "payable"}])
def test_a_contract_that_binds_keeps_its_currency_and_who_pays(trial: Trial, changed: dict[str, str]):
    contract = begun(trial)
    first = trial.desk.run(
        correct_contract, study=trial.study, contract=contract, version=1, reason="misread", **changed
    )
    declared(trial)
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    run(trial, execute_contract, contract=contract, fully_executed_on=date(2026, 2, 20), signed_on=date(2026, 2, 10))
    with pytest.raises(UserError, match="begin a new one"):
        trial.take_back(first)
    back = {"currency": "CNY"} if "currency" in changed else {"direction": "receivable"}
    with pytest.raises(UserError, match="begin a new one"):
        run(trial, correct_contract, contract=contract, version=5, reason="misread", **back)
    with pytest.raises(UserError, match="begin a new one"):
        run(trial, correct_contract, contract=contract, version=5, signed_on=None, reason="misread", **back)


def test_a_contract_with_terms_that_count_keeps_its_currency(trial: Trial):
    contract = trial.load(LOADED)
    with pytest.raises(UserError, match="keeps its currency"):
        run(trial, correct_contract, contract=contract, version=1, currency="EUR", reason="misread")
    with pytest.raises(UserError, match="keeps its currency"):
        edit(trial.desk, trial.study, Contract, contract, direction="payable")


def test_a_draft_with_a_receipt_keeps_its_currency(trial: Trial):
    contract = begun(trial)
    trial.add(Receipt(contract=contract, reference="B-1", value_on=date(2026, 2, 1), amount=100, currency="CNY"))
    with pytest.raises(UserError, match="keeps its currency"):
        run(trial, correct_contract, contract=contract, version=1, currency="EUR", reason="misread")


def test_terms_of_a_currency_the_contract_had_before_do_not_count(trial: Trial):
    contract = begun(trial)
    draft = run(trial, draft_terms, contract=contract, text=TERMS % (1, "2026-01-01", "1500.00"))
    run(trial, correct_contract, contract=contract, version=1, currency="EUR", reason="misread")
    declared(trial)
    run(trial, negotiate_contract, contract=contract, negotiating_from=date(2026, 1, 5))
    run(trial, send_contract_to_signature, contract=contract, sent_to_signature_on=date(2026, 2, 5))
    run(trial, execute_contract, contract=contract, fully_executed_on=date(2026, 2, 20), signed_on=date(2026, 2, 10))
    trial.as_second()
    with pytest.raises(UserError, match="the terms are in CNY"):
        run(trial, activate_terms, terms_version=draft, signed_with=SECOND[1], reason="agreed")

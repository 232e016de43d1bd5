"""A contract that is closed says what money it leaves behind, and why it is closed all the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.payments.playing import Trial, at, edit, on
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.contracts.actions.contracting import close_contract
from trialdesk.contracts.queries import the_contract
from trialdesk.contracts.records import Contract
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.books import reconciled
from trialdesk.payments.closing import left

TERMS = """
case: HARBOUR
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
tax: {code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  defaults: {holdback: {rate: "0.10", on: [visit], release: HB}}
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1500.00"},
     require: ["not voided(subject)"], evidence: [crf]}
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, per: study, amount: {fixed: "0.00"},
     holdback: none, evidence: [report]}
"""


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    at(desk, on("2026-03-01"))
    made.load(TERMS)
    edit(made.desk, made.study, Contract, made.contract, state="active", fully_executed_on=date(2026, 1, 1))
    return made


def close(trial: Trial, reason: str = "") -> Any:
    return trial.desk.run(close_contract, study=trial.study, contract=trial.contract, reason=reason)


def state(trial: Trial) -> str:
    return str(trial.desk.read(the_contract, study=trial.study).state)


def test_a_contract_without_open_money_is_closed_without_a_question(trial: Trial):
    close(trial)
    assert state(trial) == "closed"


def test_open_money_is_named_and_asks_for_a_reason(trial: Trial):
    trial.happened("001", "V2", "2026-02-20")
    with pytest.raises(UserError) as refused:
        close(trial)
    said = str(refused.value)
    for words in (
        "Not posted yet: CN¥1,350.00",
        "To be certified: CN¥1,350.00",
        "Held back and not released: CN¥150.00",
    ):
        assert words in said
    assert "why the contract is closed all the same" in refused.value.remedy
    assert state(trial) == "active"
    done = close(trial, "The supporter pays the rest under the next contract.")
    assert state(trial) == "closed"
    # Done again after it was taken back it has its reason already.
    back = trial.take_back(done)
    assert state(trial) == "active"
    trial.take_back(back)
    assert state(trial) == "closed"


def test_each_state_of_the_money_is_told_until_it_has_arrived(trial: Trial):
    trial.happened("001", "V2", "2026-02-20")
    trial.desk.run(post_ledger, study=trial.study, contract=trial.contract)
    trial.certify()
    assert of_the_books(trial) == {"ready": 135000, "held": 15000}
    number = trial.invoice().number
    assert of_the_books(trial) == {"open": 143100, "held": 15000}
    with pytest.raises(UserError, match=r"Invoiced and not received: CN¥1,431\.00"):
        close(trial)
    assert number == "INV-0001"


def of_the_books(trial: Trial) -> dict[str, int]:
    books = trial.desk.read(
        reconciled,
        study=trial.study,
        contract=trial.contract,
        as_of=trial.desk.today,
        known_at=trial.desk.clock.now(),
    )
    found = left(books)
    names = ("unposted", "uncertified", "ready", "to_credit", "open", "disputed", "unapplied", "held")
    return {name: getattr(found, name) for name in names if getattr(found, name)}

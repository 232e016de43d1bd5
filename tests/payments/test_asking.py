"""The queue of certificates and the invoice before its number: they tell what the acts then do, to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.payments.playing import SECOND, Trial, at, edit, on
from tests.support.acts import a_colleague
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.certifying import (
    accept_certificate,
    certify_certificate,
    prepare_certificate,
    verify_certificate,
    withdraw_certificate,
)
from trialdesk.payments.actions.invoicing import credit_invoice
from trialdesk.payments.asking import Askable, askable, next_invoice
from trialdesk.payments.queries import invoices
from trialdesk.payments.queue import queue, vouching

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
  defaults: {overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1333.33"},
     require: ["not voided(subject)"], evidence: [crf]}
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, per: study, amount: {fixed: "0.00"}, overhead: none,
     holdback: none, evidence: [report]}
"""


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    at(desk, on("2026-03-01"))
    made.load(TERMS)
    return made


def the_next(trial: Trial) -> Askable:
    found: Askable = trial.desk.read(next_invoice, study=trial.study, contract=trial.contract, on=trial.desk.today)
    return found


def test_what_is_told_is_what_is_then_asked_for(trial: Trial):
    first = trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    trial.happened("003", "V2", "2026-02-22")
    assert (the_next(trial).lines, the_next(trial).gross) == ((), 0)
    trial.certify()
    assert the_next(trial).due_on is None
    trial.say_who_asks()
    before = the_next(trial)
    invoice = trial.invoice()
    told = [(each.rule, each.unit, each.on, each.net, each.tax) for each in before.lines]
    assert told == [(each.rule, each.unit, each.occurred_on, each.net, each.tax) for each in invoice.lines]
    assert (before.net, before.tax, before.gross) == (invoice.net, invoice.tax, invoice.gross)
    assert before.due_on == invoice.due_on
    assert the_next(trial).net == 0
    edit(trial.desk, trial.study, enrollment.Visit, first, voided=True)
    fallen = the_next(trial)
    ((number, unit, net),) = [(each.invoice, each.unit, each.net) for each in fallen.credits]
    assert (number, unit) == (invoice.number, "001/V2")
    trial.desk.run(credit_invoice, study=trial.study, invoice=invoice.id, grounds="it did not happen")
    note = trial.desk.read(invoices, study=trial.study)[-1]
    assert note.net == net == fallen.credit
    assert the_next(trial).credits == ()


def test_a_certificate_says_what_it_waits_for_and_what_has_fallen_since(trial: Trial):
    visit = trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    a_colleague(trial.desk, trial.study, "data_manager", "di")
    at(trial.desk, on("2026-03-09"))
    given: dict[str, Any] = {"contract": trial.contract, "as_of": trial.desk.today, "needs_verification": True}
    made = trial.desk.run(prepare_certificate, study=trial.study, **given).result

    def waits() -> list[str]:
        return [row.waits_for for row in trial.desk.read(queue, study=trial.study, on=trial.desk.today)]

    assert waits() == ["verify"]
    told = trial.desk.read(vouching, study=trial.study, certificate=made)
    assert [(line.unit, line.pay, line.now) for line in told.lines] == [
        ("001/V2", 131999, None),
        ("002/V2", 131999, None),
    ]
    assert (told.queued.line, told.queued.hold, told.queued.pay) == (293332, 29334, 263998)
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    told = trial.desk.read(vouching, study=trial.study, certificate=made)
    assert [(line.unit, line.now) for line in told.lines] == [("001/V2", 0), ("002/V2", None)]
    trial.desk.sign_in("di", "another horse")
    trial.desk.run(verify_certificate, study=trial.study, certificate=made, signed_with="another horse")
    assert waits() == ["certify"]
    trial.as_second()
    signed: dict[str, Any] = {"certificate": made, "signed_with": SECOND[1]}
    trial.desk.run(certify_certificate, study=trial.study, fallen_known=True, **signed)
    assert waits() == ["accept"]
    told = trial.desk.read(vouching, study=trial.study, certificate=made)
    assert [line.now for line in told.lines] == [None, None], "what is certified stands as it was certified"
    trial.as_owner()
    trial.desk.run(accept_certificate, study=trial.study, certificate=made, accepted_on=trial.desk.today)
    assert waits() == [""]


def test_what_was_withdrawn_is_not_in_the_queue(trial: Trial):
    trial.happened("001", "V2", "2026-02-20")
    given: dict[str, Any] = {"contract": trial.contract, "as_of": trial.desk.today}
    made = trial.desk.run(prepare_certificate, study=trial.study, **given).result
    trial.desk.run(withdraw_certificate, study=trial.study, certificate=made, version=1, reason="prepared too soon")
    assert trial.desk.read(queue, study=trial.study, on=trial.desk.today) == ()
    with pytest.raises(UserError, match="withdrawn"):
        trial.desk.read(vouching, study=trial.study, certificate=made)
    with pytest.raises(UserError, match="not on this desk"):
        trial.desk.read(next_invoice, study=trial.study, contract=made, on=trial.desk.today)


def test_a_desk_where_nothing_is_agreed_has_nothing_to_ask_for(desk: Application):
    trial = Trial(desk)
    assert desk.read(askable, study=trial.study, on=desk.today) == ()

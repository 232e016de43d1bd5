"""The board of deliverables and the gates: each figure is the sum of what other pages say of it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from trialdesk.application import Application
from trialdesk.contracts.actions.contracting import terminate_contract
from trialdesk.contracts.records import Contract
from trialdesk.payments.actions.disputing import raise_dispute
from trialdesk.payments.actions.receiving import allocate_receipt, record_receipt
from trialdesk.payments.board import board, tallies
from trialdesk.payments.books import reconciled
from trialdesk.payments.gates import gates
from trialdesk.payments.owed import owed_lines
from trialdesk.payments.waterfall import steps
from trialdesk.payments.why import why

GATED = """
case: G
currency: CNY
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "100.00"}, gates: [G1]}
  - {code: LATER, kind: milestone, trigger: {fact: db_locked}, amount: {fixed: "900.00"}}
  gates:
  - {code: G1, metric: PDR, test: "< 0.50", min_n: 1,
     on_fail: {defer: [visit], cure_periods: 1, then: {forfeit: "0.10"}}}
facts:
- {id: r1, kind: randomised, subject: "001", occurred_on: 2026-02-02, recorded_at: 2026-02-02T10:00:00Z}
- {id: r2, kind: randomised, subject: "002", occurred_on: 2026-03-02, recorded_at: 2026-03-02T10:00:00Z}
- {id: r3, kind: randomised, subject: "003", occurred_on: 2026-04-02, recorded_at: 2026-04-02T10:00:00Z}
- {id: d1, kind: deviation, subject: "001", occurred_on: 2026-02-03, recorded_at: 2026-02-03T10:00:00Z,
   major: true, confirmed: true}
- {id: v1, kind: visit_done, subject: "001", visit: V2, occurred_on: 2026-02-10, recorded_at: 2026-02-10T15:00:00Z}
"""


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


def test_each_deliverable_goes_from_earned_to_received(trial: Trial):
    desk = trial.desk
    at(desk, on("2026-03-01"))
    trial.load(TERMS)
    for number in ("001", "002"):
        trial.happened(number, "V2", "2026-02-20")
    visits, holdback = desk.read(board, study=trial.study, on=desk.today)
    assert (visits.title, visits.kind, visits.units, visits.earned, visits.held) == (
        "C-1 · V2",
        "visit",
        2,
        330000,
        33000,
    )
    assert (visits.certified, visits.invoiced, visits.received, visits.disputed) == (0, 0, 0, 0)
    assert (holdback.rule, holdback.units, holdback.accrued) == ("HB", 0, 0), "what is only to come stands there too"
    trial.certify()
    invoice = trial.invoice()
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=desk.today, amount=157410,
                  currency="CNY")  # fmt: skip
    first, second = invoice.lines
    run(trial, allocate_receipt, receipt=receipt, line=first.id, amount=157410)
    run(trial, raise_dispute, invoice_line=second.id, raised_on=desk.today, grounds="evidence", amount=1000,
        currency="CNY", words="Where is it?")  # fmt: skip
    visits = desk.read(board, study=trial.study, on=desk.today)[0]
    assert (visits.certified, visits.invoiced) == (330000, sum(line.net + line.tax for line in invoice.lines))
    assert (visits.received, visits.disputed) == (157410, 1000)


def test_the_board_adds_up_to_the_statement(trial: Trial):
    trial.play(GATED)
    at(trial.desk, on("2026-04-10"))
    for day in ("2026-02-28", "2026-03-15", "2026-04-10"):
        (tally,) = tallies(trial.desk.read(board, study=trial.study, on=date.fromisoformat(day)))
        totals = trial.owed(day).assessment.totals
        assert {name: tally.sums[name] for name in ("accrued", "pending", "earned", "gated", "held")} == {
            name: getattr(totals, name) for name in ("accrued", "pending", "earned", "gated", "held")
        }


def test_a_gate_tells_every_month_end_and_whom_it_counts(trial: Trial):
    trial.play(GATED)
    at(trial.desk, on("2026-04-10"))
    (gate,) = trial.desk.read(gates, study=trial.study, on=date(2026, 3, 20))
    assert (gate.code, gate.metric, gate.test, gate.waiting) == ("G1", "PDR", "< 50 %", 10000)
    assert [(each.on, each.numerator, each.denominator, each.passes) for each in gate.verdicts] == [
        (date(2026, 3, 20), 1, 2, False),
        (date(2026, 2, 28), 1, 1, False),
        (date(2026, 1, 31), 0, 0, True),
    ]
    assert (gate.numerator, gate.denominator) == (("001",), ("001", "002"))
    (gate,) = trial.desk.read(gates, study=trial.study, on=date(2026, 4, 10))
    assert (gate.now.passes, gate.denominator) == (True, ("001", "002", "003"))


def test_without_contracts_there_is_nothing(trial: Trial):
    assert trial.desk.read(board, study=trial.study, on=trial.desk.today) == ()
    assert trial.desk.read(gates, study=trial.study, on=trial.desk.today) == ()


def test_what_happened_after_the_contract_ended_is_listed_and_not_owed(trial: Trial):
    desk = trial.desk
    at(desk, on("2026-03-10"))
    trial.load(TERMS)
    trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    edit(desk, trial.study, Contract, trial.contract, state="active", fully_executed_on=date(2026, 1, 1))
    desk.run(terminate_contract, study=trial.study, contract=trial.contract, closed_on=date(2026, 2, 20))
    visits, _holdback = desk.read(board, study=trial.study, on=desk.today)
    assert (visits.units, visits.accrued, visits.earned, visits.held) == (2, 165000, 165000, 16500)
    assert [(part.unit, part.state, part.line) for part in visits.parts] == [
        ("001/V2", "EARNED", 165000),
        ("002/V2", "FAILED", 0),
    ]
    rows = desk.read(owed_lines, study=trial.study, on=desk.today)
    assert [(row.unit, row.state, row.pay) for row in rows] == [("001/V2", "EARNED", 148500), ("002/V2", "FAILED", 0)]
    told = desk.read(why, study=trial.study, rule="V2", unit="002/V2", as_of=desk.today, known_at=visits.known_at)
    assert (told.state, told.pay) == ("FAILED", 0)
    assert told.why_not_more == ("The contract ended on 20 Feb 2026: what happened later is not certified under it.",)
    books = desk.read(reconciled, study=trial.study, as_of=desk.today, known_at=visits.known_at)
    fall = {each.words: each.amount for each in steps(books)}
    assert (fall["After the contract's end"], fall["Waits for a certificate"]) == (148500, 148500)


def test_holdback_comes_free_after_the_contract_ended(trial: Trial):
    desk = trial.desk
    at(desk, on("2026-03-10"))
    trial.load(TERMS)
    trial.happened("001", "V2", "2026-02-20")
    edit(desk, trial.study, Contract, trial.contract, state="active", fully_executed_on=date(2026, 1, 1))
    desk.run(terminate_contract, study=trial.study, contract=trial.contract, closed_on=date(2026, 2, 20))
    trial.tell_deliverable("report_signed", "2026-03-01")
    visits, _holdback = desk.read(board, study=trial.study, on=desk.today)
    assert (visits.earned, visits.held) == (165000, 0)

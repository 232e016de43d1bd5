"""What supporters gave: cash when it came, support in kind when it arrived, delayed where that was agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from trialdesk.application import Application
from trialdesk.contracts.actions.dealing import CLAUSES, SUPPORT
from trialdesk.enrollment.records import ProductMovement
from trialdesk.payments.actions.receiving import record_receipt
from trialdesk.payments.transparency import transfers
from trialdesk.studies.records import Study

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def test_each_transfer_names_what_a_report_names(desk: Application):
    trial = Trial(desk)
    at(desk, on("2026-03-01"))
    trial.load(TERMS)
    assert desk.read(transfers, **YEAR) == ()
    edit(desk, trial.study, Study, trial.study, registry_number="ChiCTR2600000001")
    for moved in ("received", "destroyed"):
        batch: dict[str, Any] = {"product": "Velmorin 20 mg", "batch": "V1", "quantity": 5, "unit": "bottles"}
        trial.add(ProductMovement(site=trial.site, moved=moved, moved_on=date(2026, 2, 1), **batch))
    run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=date(2026, 2, 27), amount=157410,
        currency="CNY")  # fmt: skip
    lamps = {"contract": trial.contract, "kind": "device", "quantity": 3}
    run(trial, SUPPORT[0], name="Lamps", unit_value=20000, currency="CNY", received_on=date(2026, 2, 20), **lamps)
    run(trial, SUPPORT[0], name="Bulbs", received_on=date(2026, 2, 21), **lamps)
    run(trial, SUPPORT[0], name="Promised", unit_value=1, currency="CNY", **lamps)
    first, second, third = desk.read(transfers, **YEAR)
    assert (first.form, first.what, first.amount, first.on) == ("in_kind", "Lamps", 60000, date(2026, 2, 20))
    assert (second.what, second.amount) == ("Bulbs", None)
    assert (third.form, third.amount, third.supporter, third.contract) == ("cash", 157410, "Acme", "C-1")
    assert (third.study, third.investigator, third.delayed, third.until) == ("HARBOUR", "Ada Lind", False, None)
    assert (third.registry_number, third.products) == ("ChiCTR2600000001", ("Velmorin 20 mg",))
    assert desk.read(transfers, first=date(2026, 2, 21), last=date(2026, 2, 27)) == (second, third)
    assert desk.read(transfers, study="elsewhere", **YEAR) == ()


def test_a_delayed_one_is_published_within_four_years(desk: Application):
    trial = Trial(desk)
    at(desk, on("2028-03-01"))
    trial.load(TERMS)
    received = {"contract": trial.contract, "reference": "B-1", "amount": 100, "currency": "CNY"}
    run(trial, record_receipt, value_on=date(2028, 2, 29), **received)
    clause = {"contract": trial.contract, "topic": "delayed_publication", "words": "Until the product is approved"}
    made = run(trial, CLAUSES[0], **clause)
    (one,) = desk.read(transfers, first=date(2028, 1, 1), last=date(2028, 12, 31))
    assert (one.delayed, one.until) == (True, date(2032, 2, 29))
    run(trial, CLAUSES[1], particular=made, version=1, until=date(2029, 1, 1), reason="the day was agreed")
    (one,) = desk.read(transfers, first=date(2028, 1, 1), last=date(2028, 12, 31))
    assert one.until == date(2029, 1, 1)

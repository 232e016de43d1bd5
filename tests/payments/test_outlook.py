"""A contract's forecast as the desk makes it: what it counts, and what it says that it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.payments.playing import Trial, at, on
from trialdesk.application import Application
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.outlook import Outlook, outlook
from trialdesk.studies import records as studies

TERMS = """
case: HARBOUR
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  defaults: {holdback: {rate: "0.10", on: [visit], release: LOCK}}
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1500.00"}, evidence: [crf]}
  - {code: V3, kind: visit, trigger: {fact: visit_done, visit: V3}, amount: {fixed: "500.00"}, evidence: [crf]}
  - {code: DONE, kind: subject_event, trigger: {fact: completed}, per: subject, amount: {fixed: "1200.00"},
     holdback: none, evidence: [visit_record]}
  - {code: FAIL, kind: screen_failure, trigger: {fact: screen_failed}, per: subject, amount: {fixed: "900.00"},
     holdback: none, ratio: {x: 1, y: 4, of: randomised_valid, initial: 2, mode: step}, evidence: [screening_log]}
  - {code: LOCK, kind: milestone, trigger: {fact: db_locked}, per: study, amount: {fixed: "80000.00"},
     holdback: none, evidence: [lock_minutes]}
"""


@pytest.fixture
def trial(sqlite_desk: Application) -> Trial:
    made = Trial(sqlite_desk)
    at(sqlite_desk, on("2026-03-01"))
    made.load(TERMS)
    for number, name, day in ((1, "V2", 14), (2, "V3", 90)):
        visit = made.add(studies.PlannedVisit(number=Decimal(number), name=name, planned_day=day))
        made._visits[name] = visit
    return made


def told(trial: Trial) -> Outlook:
    found: Outlook = trial.desk.read(
        outlook, study=trial.study, as_of=date(2026, 3, 1), known_at=trial.desk.clock.now(), contract=trial.contract
    )
    return found


def test_who_is_in_the_study_is_seen_to_the_end_and_then_completes(trial: Trial):
    trial.subject("001")  # day 1 is 1 February: seen on 14 February, and again on 1 May
    trial.add(
        enrollment.Disposition(
            participant=trial.subject("001"), category="milestone", reason="RANDOMIZED", occurred_on="2026-02-01"
        )
    )
    trial.happened("001", "V2", "2026-02-14")
    found = told(trial)
    assert (found.due, found.last_visit) == (1, date(2026, 5, 1))
    assert found.unasked == 135_000
    sums = {each.month.month: (each.base, each.hold) for each in found.months}
    # A third of somebody comes in each month, is seen at once, and after three months again, and completes.
    assert sums[4] == (50_000, 5_000)
    assert sums[5] == (50_000 + 50_000 + 120_000, 5_000 + 5_000)
    assert sums[7] == (50_000 + 16_667 + 40_000, 5_000 + 1_667)


def test_a_forecast_says_what_it_knows_nothing_of(trial: Trial):
    assert told(trial).left_out == ("FAIL", "LOCK")

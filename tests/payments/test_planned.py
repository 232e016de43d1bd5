"""What terms come to as a study is planned, reckoned by hand."""

from __future__ import annotations

from tests.support.payments import case, version
from trialdesk.payments.rules.planned import planned

RULES = """
  - {code: START, kind: site_fee, trigger: {fact: site_activated}, per: occurrence, amount: {fixed: "1000.00"},
     evidence: [letter]}
  - {code: V1, kind: visit, trigger: {fact: visit_done, visit: V1}, amount: {fixed: "100.05"}, evidence: [crf]}
  - {code: RAND, kind: subject_event, trigger: {fact: randomised}, per: subject, evidence: [list],
     amount: {table: {tiers: [{from: 1, to: 3, each: "10.00"}, {from: 4, each: "20.00"}]}}}
  - {code: FORM2, kind: subject_event, trigger: {fact: consent_signed, icf_version: 2}, per: subject,
     amount: {fixed: "50.00"}, evidence: [consent_form]}
  - {code: FAIL, kind: screen_failure, trigger: {fact: screen_failed}, per: subject, amount: {fixed: "90.00"},
     evidence: [screening_log]}
  - {code: LOCK, kind: milestone, trigger: {fact: db_locked}, per: study, amount: {fixed: "500.00"}, overhead: none,
     holdback: none, evidence: [lock_minutes]}
"""


def test_each_price_with_its_overhead_for_the_number_planned():
    (terms,) = case(version(RULES)).terms
    assert planned(terms, participants=5, sites=2) == {
        "START": 2 * 110000,
        "V1": 5 * (10005 + 1001),
        "RAND": 3 * 1100 + 2 * 2200,
        "FORM2": None,
        "FAIL": None,
        "LOCK": 50000,
    }


def test_fewer_than_the_first_tier_and_no_number_planned():
    (terms,) = case(version(RULES)).terms
    assert planned(terms, participants=2, sites=0)["RAND"] == 2 * 1100
    unplanned = planned(terms, participants=None, sites=1)
    assert (unplanned["V1"], unplanned["RAND"], unplanned["LOCK"]) == (None, None, 50000)

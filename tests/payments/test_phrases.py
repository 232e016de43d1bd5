"""The words offered beside the terms: each can be read as it is offered, and none of the language is left out."""

from __future__ import annotations

from datetime import date

import pytest

from tests.payments.test_money import TERMS
from trialdesk.payments.phrases import PARTS, conditions, events, facts, parts, sample_fact
from trialdesk.payments.rules.case import read_case
from trialdesk.payments.rules.facts import KINDS, VOID
from trialdesk.payments.rules.predicates import FORMS, calls, parse
from trialdesk.payments.terms import ANY_TIME
from trialdesk.payments.trying import read_facts

CASE = """
currency: CNY
calendars: {hospital: {weekend: [6, 7], holidays: [2026-01-01]}}
terms:
- no: 1
  effective_from: 2026-01-01
  gates: [{code: QUALITY, metric: RET, test: '>= 0.84', min_n: 10, on_fail: {defer: [visit], cure_periods: 2}}]
  rules:
  - {code: FINAL_REPORT, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: "1.00"}}
  - RULE
"""


def rule(**keys: str) -> str:
    """Return terms whose last rule is a visit's, with these lines in place of its own."""
    said = {
        "kind": "kind: visit",
        "trigger": "trigger: {fact: visit_done, visit: V1}",
        "per": "per: subject",
        "amount": 'amount: {fixed: "10.00"}',
    }
    said.update(keys)
    return CASE.replace("RULE", "{" + ", ".join(["code: R", *said.values()]) + "}")


def test_every_predicate_is_offered_and_means_something():
    offered = {call.name for each in conditions() for call in calls(parse(each.written, {"hospital"}))}
    assert offered == FORMS.keys()
    assert all(each.means and each.means != each.written for each in conditions())


@pytest.mark.parametrize("written", [each.written for each in conditions()])
def test_a_condition_offered_can_be_required(written):
    case = read_case(rule(require=f"require: ['{written}']"), recorded_at=ANY_TIME)
    assert len(case.terms[0].rules[-1].require) == 1


@pytest.mark.parametrize("written", [written for written, _means in PARTS])
def test_a_part_offered_can_stand_in_a_rule(written):
    of_procedure = {"kind": "kind: procedure", "trigger": "trigger: {fact: procedure_done}"}
    said = of_procedure if "actual" in written else {}
    read_case(rule(**{**said, written.partition(":")[0]: written}), recorded_at=ANY_TIME)


def test_what_sets_a_rule_off_is_offered_for_every_kind_of_fact():
    assert {each.written.partition("fact: ")[2].strip("}").partition(",")[0] for each in events("V1")} == (
        KINDS.keys() - {VOID}
    )
    for each in events("Visit 1"):
        read_case(rule(trigger=each.written), recorded_at=ANY_TIME)


@pytest.mark.parametrize("kind", [kind for kind, _words in facts()])
def test_a_fact_offered_can_be_tried(kind):
    case = read_case(TERMS, recorded_at=ANY_TIME)
    (fact,) = read_facts(sample_fact(kind, visit="V2", on=date(2026, 3, 10)), case)
    assert (fact.kind, fact.occurred_on) == (kind, date(2026, 3, 10))
    assert len({each.means for each in parts()}) == len(PARTS)

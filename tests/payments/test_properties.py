"""What holds for every case: the invariants of the language, on cases made at random."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.payments import answered, assessed, case, fact, version
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.case import Case
from trialdesk.payments.rules.ledger import differences, postings

RULES = """
  - {code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: "333.33"}, gates: [G],
     require: ["consent_valid(unit.date)", "not voided(subject)"], cap: {per_subject: "350.00"},
     grade: [{of: max_query_days(unit), bands: [[5, "1.00"], [20, "0.67"]], else: "0.50"}]}
  - {code: SF, kind: screen_failure, trigger: {fact: screen_failed}, amount: {fixed: "77.77"}, ratio: {x: 1, y: 2,
     initial: 1, max: 3, mode: step}}
  - {code: ENR, kind: milestone, amount: {fixed: "500.00"}, overhead: none, require: ["count(randomised_valid) >= 3"]}
  - {code: B, kind: bonus, amount: {rate: "0.05", of: subject_lines}, require: ["metric(PDR) < 0.5"], min_n: 2}
  - {code: P, kind: penalty, trigger: {fact: finding_opened}, amount: {fixed: "11.11"}}
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: "0.00"}, overhead: none,
     holdback: none}"""
MORE = """gates:
- {code: G, metric: PDR, test: '< 0.3', min_n: 2,
   on_fail: {defer: [visit], cure_periods: 1, then: {forfeit: '0.10'}}}
pools: {bonus: {cap: '0.04', of: subject_lines}, penalty: {cap: '20.00'}}
ceiling: '2500.00'"""
DEFAULTS = '{overhead: {rate: "0.13", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}'
TERMS = version(RULES, more=MORE, defaults=DEFAULTS)
FIRST, DAYS = date(2026, 1, 1), 200
KINDS: dict[str, dict[str, Any]] = {
    "consent_signed": {"icf_version": 1},
    "randomised": {},
    "visit_done": {"visit": "V"},
    "query_raised": {"visit": "V", "query": "q"},
    "query_closed": {"visit": "V", "query": "q"},
    "screen_failed": {"reason": "exclusion"},
    "deviation": {"major": True, "confirmed": True},
    "subject_voided": {"reason": "ineligible"},
    "finding_opened": {"finding": "f"},
    "report_signed": {"report": "final"},
}
STUDY_WIDE = {"finding_opened", "report_signed"}

events = st.tuples(
    st.sampled_from(sorted(KINDS)), st.integers(0, 5), st.integers(0, DAYS - 1), st.integers(0, 40), st.booleans()
)
days = st.integers(30, DAYS).map(lambda n: str(FIRST + timedelta(days=n)))


def fact_of(number: int, event: tuple[str, int, int, int, bool]) -> list[dict[str, Any]]:
    kind, subject, happened, later, corrected = event
    on = FIRST + timedelta(days=happened)
    made = fact(
        kind,
        str(on),
        None if kind in STUDY_WIDE else f"S{subject}",
        recorded=f"{on + timedelta(days=later)}T10:00:00Z",
        **KINDS[kind],
    )
    made["id"] = f"f{number}"
    if not corrected:
        return [made]
    again = f"{on + timedelta(days=later + 7)}T10:00:00Z"
    return [
        made,
        {
            **made,
            "id": f"f{number}x",
            "supersedes": made["id"],
            "recorded_at": again,
            "occurred_on": str(on + timedelta(days=1)),
        },
    ]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    drawn = draw(st.lists(events, min_size=5, max_size=40))
    facts = [each for number, event in enumerate(drawn) for each in fact_of(number, event)]
    facts += [fact("consent_signed", "2026-01-01", f"S{n}", icf_version=1) for n in range(6)]
    invoices = draw(st.lists(st.tuples(st.integers(20, DAYS), st.sets(st.integers(0, 5), min_size=1)), max_size=3))
    listed = [
        {
            "no": f"I{number}",
            "on": str(FIRST + timedelta(days=day)),
            "lines": [["V", f"S{n}/V"] for n in sorted(subjects)] + [["ENR", "study"]],
        }
        for number, (day, subjects) in enumerate(sorted(invoices, key=lambda each: each[0]))
    ]
    return case(TERMS, facts, f"invoiced: {json.dumps(listed)}")


@given(cases(), days, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_facts_has_no_meaning_and_the_answer_is_the_same_for_ever(given_case: Case, day: str, random: Any):
    said = json.dumps(answered(given_case, day))
    shuffled = list(given_case.facts)
    random.shuffle(shuffled)
    assert json.dumps(answered(replace(given_case, facts=tuple(shuffled)), day)) == said
    assert json.dumps(answered(given_case, day)) == said


@given(cases(), days)
@settings(max_examples=60, deadline=None)
def test_what_comes_to_be_known_later_changes_no_earlier_answer(given_case: Case, day: str):
    said = answered(given_case, "2027-12-31", day)
    known = replace(given_case, facts=tuple(each for each in given_case.facts if str(each.recorded_at)[:10] <= day))
    assert answered(known, "2027-12-31", day) == said


@given(cases(), days)
@settings(max_examples=60, deadline=None)
def test_the_sums_agree_and_limits_hold(given_case: Case, day: str):
    found = assessed(given_case, day)
    totals = found.totals
    assert totals.accrued == totals.earned + totals.pending
    assert totals.earned == totals.gated + totals.held + totals.payable
    counted = [line for line in found.lines if line.state in {"EARNED", "PENDING", "CAPPED", "GATED"}]
    assert sum(line.amount for line in counted) <= 250000
    assert sum(line.unit.rule.code == "SF" for line in counted) <= 3
    for line in found.lines:
        assert line.base >= 0
        assert line.overhead >= 0
        assert line.unit.rule.code != "V" or line.state in {"DEFERRED", "EXCESS"} or line.amount <= 35000
        if line.state in {"EARNED", "CAPPED"}:
            assert line.pay == line.amount - line.forfeit - line.hold >= 0
        else:
            assert line.hold == line.pay == 0
    bonus = sum(row.amount for row in found.study_level if row.rule.code == "B")
    penalty = sum(row.amount for row in found.study_level if row.rule.code == "P")
    assert -2000 <= penalty <= 0 <= bonus


@given(cases(), days)
@settings(max_examples=60, deadline=None)
def test_the_ledger_adds_up_to_the_assessment_and_posting_twice_posts_nothing(given_case: Case, day: str):
    found = assessed(given_case, day)
    posted = postings(found)
    assert sum(each.amount for each in posted) == found.totals.payable
    assert differences(posted, posted) == ()
    later = postings(assessed(given_case, "2027-12-31"))
    assert differences(later, [*posted, *differences(later, posted)]) == ()


@given(cases(), days)
@settings(max_examples=60, deadline=None)
def test_credits_never_exceed_what_an_invoice_asked_for(given_case: Case, day: str):
    for invoice, note in ((each, each.of) for each in assessed(given_case, day).corrections):
        on = next(str(each.on) for each in given_case.invoiced if each.no == note)
        alone = replace(given_case, invoiced=tuple(each for each in given_case.invoiced if str(each.on) <= on))
        lines = {line.unit.line: line.pay for line in assessed(alone, on).lines}
        assert invoice.net < 0
        assert all(-amount <= lines[line] for line, amount in invoice.lines.items())
        assert -invoice.tax <= -invoice.net


@given(cases(), days)
@settings(max_examples=40, deadline=None)
def test_documents_bring_what_is_billed_to_what_is_payable(given_case: Case, day: str):
    """Whoever issues what is asked for, every day anew, has asked for exactly what is payable now."""
    bare = replace(given_case, invoiced=())
    whole = assessed(bare, day)
    assert whole.document.net == whole.totals.payable
    assert sum(whole.document.lines.values()) == whole.document.net


@given(cases(), st.integers(40, 180))
@settings(max_examples=60, deadline=None)
def test_terms_effective_from_a_day_change_no_line_before_it(given_case: Case, after: int):
    since = FIRST + timedelta(days=after)
    old = replace(given_case.terms[0], ceiling=None)
    rules = tuple(replace(rule, overhead=Fraction(1, 2), cap_per_subject=None) for rule in old.rules)
    new = replace(old, no=2, effective_from=since, rules=rules)
    before, amended = (
        {
            line.unit.line: answer_line
            for line, answer_line in zip(found.lines, answer(found)["lines"], strict=True)
            if line.unit.day < since
        }
        for found in (
            assessed(replace(given_case, terms=terms, invoiced=()), "2026-12-31") for terms in ((old,), (old, new))
        )
    )
    assert amended == before


def floats_in(value: Any) -> list[Any]:
    if isinstance(value, float):
        return [value]
    if is_dataclass(value):
        return [each for one in fields(value) for each in floats_in(getattr(value, one.name))]
    if isinstance(value, dict):
        return [each for pair in value.items() for one in pair for each in floats_in(one)]
    return (
        [each for one in value for each in floats_in(one)] if isinstance(value, tuple | list | set | frozenset) else []
    )


@given(cases(), days)
@settings(max_examples=20, deadline=None)
def test_no_floating_point_is_anywhere(given_case: Case, day: str):
    found = assessed(given_case, day)
    assert floats_in(found) == []
    assert floats_in(answer(found, ledger=True)) == []


@given(cases())
@settings(max_examples=20, deadline=None)
def test_keys_are_sorted_everywhere(given_case: Case):
    def sorted_throughout(value: Any) -> bool:
        if isinstance(value, dict):
            return all(a < b for a, b in pairwise(value)) and all(map(sorted_throughout, value.values()))
        return all(map(sorted_throughout, value)) if isinstance(value, list) else True

    assert sorted_throughout(answered(given_case, "2026-12-31"))

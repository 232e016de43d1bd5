"""Cases at the edge of the worked examples: days on a border, what is to come, what is nothing."""

from __future__ import annotations

import pytest

from tests.support.payments import answered, assessed, case, fact, the_line, version
from trialdesk.payments.rules.case import Unreadable
from trialdesk.payments.rules.invoicing import filled

VISIT = "{code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: '%s'}%s}"
RELEASE = (
    "{code: HB, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: '0.00'}, overhead: none,"
    " holdback: none}"
)
HELD = '{overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}'


def rules(price: str = "100.00", more: str = "") -> str:
    return f"[{VISIT % (price, more)}]"


def test_on_the_very_day_an_amendment_is_effective_its_rate_holds():
    terms = [version(rules()), version(rules("200.00"), no=2, since="2026-07-01")]
    facts = [fact("visit_done", day, who, visit="V") for day, who in (("2026-06-30", "1"), ("2026-07-01", "2"))]
    said = answered(case(terms, facts), "2026-07-31")
    assert [(line["unit"], line["terms"], line["base"]) for line in said["lines"]] == [
        ("1/V", 1, 10000),
        ("2/V", 2, 20000),
    ]


def test_an_amendment_effective_before_the_contract_is_refused():
    with pytest.raises(Unreadable, match="before the contract's first"):
        case([version(rules()), version(rules(), no=2, since="2025-12-31")])


def test_a_visit_to_come_is_not_seen_before_its_day():
    given = case(version(rules()), [fact("visit_done", "2026-03-10", "1", visit="V", recorded="2026-03-01T09:00:00Z")])
    assert assessed(given, "2026-03-09").lines == ()
    assert the_line(answered(given, "2026-03-10"), "V")["state"] == "EARNED"


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29)])
def test_a_gate_looks_at_the_last_day_of_february_whichever_it_is(year: int, last: int):
    gate = "gates:\n- {code: G, metric: PDR, test: '< 0.5', min_n: 1, on_fail: {defer: [visit]}}"
    terms = version(rules(more=", gates: [G]"), more=gate)
    facts = [
        fact("randomised", f"{year}-01-10", "1"),
        fact("randomised", f"{year}-02-{last}", "2"),
        fact("randomised", f"{year}-02-{last}", "3"),
        fact("deviation", f"{year}-01-11", "1", major=True, confirmed=True),
        fact("visit_done", f"{year}-02-{last}", "1", visit="V"),
    ]
    # The day before, one of one deviated; the two who came on the last day bring it under the limit.
    assert the_line(answered(case(terms, facts), f"{year}-02-{last}"), "V")["state"] == "EARNED"
    early = [*facts[:1], *facts[3:4], fact("visit_done", f"{year}-02-{last - 1}", "1", visit="V")]
    assert the_line(answered(case(terms, early), f"{year}-02-{last}"), "V")["state"] == "GATED"


def test_a_release_with_nothing_held_makes_no_document():
    terms = version(f"[{VISIT % ('100.00', '')}, {RELEASE}]", defaults=HELD)
    said = answered(case(terms, [fact("report_signed", "2026-03-10")]), "2026-03-31")
    assert said["document"] == {"type": "none", "net": 0, "tax": 0, "gross": 0}
    assert said["ledger"] == []


def test_more_than_is_open_stays_unapplied():
    parts = filled(1000, [("a", 300), ("b", 200)])
    assert parts == (("a", 300), ("b", 200))
    assert 1000 - sum(amount for _line, amount in parts) == 500

"""Payment schedules that others have published, written in our language and reckoned anew."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.payments import answered, case, fact, version
from tests.support.shared import DATA, needed
from trialdesk.base.money import minor_units

FILE = "payments/payment_cases.json"
pytestmark = needed(FILE)


def published(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in json.loads((DATA / FILE).read_text("utf-8"))["cases"] if each["id"] == name
    )
    return found


def head(currency: str) -> str:
    return f"case: published\ncurrency: {currency}\n"


def prices(fees: dict[str, str]) -> str:
    listed = ", ".join(
        f"{{code: {json.dumps(name)}, kind: visit, trigger: {{fact: visit_done, visit: {json.dumps(name)}}}, "
        f"amount: {{fixed: '{fee}'}}, require: [not voided(subject)]}}"
        for name, fee in fees.items()
    )
    return f"[{listed}]"


def visits(subject: str, names: list[str]) -> list[dict[str, Any]]:
    first = date(2026, 1, 5)
    return [fact("visit_done", str(first + timedelta(days=n)), subject, visit=name) for n, name in enumerate(names)]


def payable(rules: str, facts: list[dict[str, Any]], currency: str) -> int:
    given = case(version(rules, defaults="{}"), facts, head=head(currency))
    said = answered(given, "2026-12-31")
    assert said["document"]["net"] == said["totals"]["payable"]
    payable: int = said["totals"]["payable"]
    return payable


def test_a_schedule_by_visit_pays_who_came_for_what_they_came_to():
    told = published("PAY01")
    schedule = [*told["published"]["schedule"], *told["published"]["extension_visits"]]
    rules = prices({each["visit"]: f"{each['amount']}.00" for each in schedule})
    names = [each["visit"] for each in schedule]
    due = [each["due"] for each in told["recomputed_by_us"]]
    came = [125, 118, 112, 107, 101, 96, 90]
    scenarios = [
        visits("1", names[:4]),
        [each for n in range(125) for each in visits(f"S{n}", names[:7])],
        [each for n in range(125) for each in visits(f"S{n}", names[: sum(n < here for here in came)])],
        visits("1", names),
        [each for n in range(88) for each in visits(f"S{n}", names[:1])],
    ]
    assert [payable(rules, facts, "USD") for facts in scenarios] == [100 * each for each in due]


@pytest.mark.parametrize(("subjects", "renewals", "scenario"), [(45, 0, 0), (12, 2, 1), (0, 0, 2)])
def test_a_budget_exhibit_pays_its_start_its_subjects_and_what_is_passed_through(
    subjects: int, renewals: int, scenario: int
):
    told = published("PAY02")
    exhibit = told["published"]
    passed = minor_units(exhibit["passthrough"]["Protocol Annual Renewal Prep Fee (at IRB renewal)"], 2) + minor_units(
        exhibit["passthrough"]["IRB Committee Renewal Review Fee"], 2
    )
    rules = f"""[
      {{code: START, kind: site_fee, amount: {{fixed: '{exhibit["startup_subtotal"]}'}}, overhead: {{rate: '0.26'}}}},
      {{code: SUBJECT, kind: subject_event, trigger: {{fact: completed}},
        amount: {{fixed: '{exhibit["per_subject_total"]}'}}}},
      {{code: IRB, kind: invoiceable, trigger: {{fact: milestone, name: IRB renewal}}, per: occurrence,
        amount: {{fixed: '{passed // 100}.{passed % 100:02d}'}}}}]"""
    facts = [fact("completed", "2026-05-01", f"S{n}") for n in range(subjects)]
    facts += [{**fact("milestone", "2026-05-01", name="IRB renewal"), "id": f"irb{n}"} for n in range(renewals)]
    assert payable(rules, facts, "USD") == minor_units(told["recomputed_by_us"][scenario]["due"], 2)


def test_who_was_wrongly_included_is_worth_nothing_and_who_left_what_was_done():
    told = published("PAY08")["recomputed_by_us"][0]
    status = {
        "screen failure": "screen_failed",
        "withdrawn": "withdrawn",
        "incorrectly included (PI's control)": "subject_voided",
    }
    everyone: list[dict[str, Any]] = []
    for subject in told["subjects"]:
        facts = visits(subject["id"], subject["visits"])
        if subject.get("status") in status:
            facts.append(fact(status[subject["status"]], "2026-02-01", subject["id"]))
        assert payable(prices(told["fees_NOK"]), facts, "NOK") == minor_units(subject["due"], 2), subject["id"]
        everyone += facts
    assert payable(prices(told["fees_NOK"]), everyone, "NOK") == minor_units(told["total"], 2)

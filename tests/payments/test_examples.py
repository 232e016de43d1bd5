"""The worked examples of the rule language, each as a small case of our own with figures reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.payments import DEFAULTS, HEAD, answered, case, fact, the_line, version

GRADED = """
  - code: V2
    kind: visit
    trigger: {fact: visit_done, visit: V2}
    per: subject
    amount: {fixed: "1500.00"}
    require: ["consent_valid(unit.date)", "not voided(subject)"]
    grade:
    - {of: "days(unit.date, crf_signed)", bands: [[5, "1.00"], [15, "0.90"]], else: "0.50"}
    - {of: max_query_days(unit), bands: [[10, "1.00"], [20, "0.90"], [40, "0.75"]], else: "0.50", open_at_lock: "0"}"""
RELEASED = DEFAULTS.replace("on: [visit]", "on: [visit], release: HB")
RELEASE = """
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: "0.00"}, overhead: none,
     holdback: none}"""


def consent(subject: str, on: str = "2026-02-01", icf: int = 1) -> dict[str, object]:
    return fact("consent_signed", on, subject, icf_version=icf)


def visit(subject: str, on: str, name: str = "V2", **more: Any) -> dict[str, Any]:
    return fact("visit_done", on, subject, visit=name, **more)


def plain() -> list[dict[str, object]]:
    return [
        consent("001"),
        visit("001", "2026-03-10"),
        fact("crf_signed", "2026-03-14", "001", visit="V2"),
        fact("query_raised", "2026-03-12", "001", visit="V2", query="q1"),
        fact("query_closed", "2026-03-21", "001", visit="V2", query="q1"),
    ]


def test_a_plain_visit_is_earned_held_invoiced_and_released():
    facts = [*plain(), fact("report_signed", "2026-12-01", report="final")]
    invoiced = 'invoiced: [{no: I1, on: 2026-04-05, lines: [[V2, "001/V2"]]}]'
    given = case(version(GRADED + RELEASE, defaults=RELEASED), facts, invoiced)
    said = answered(given, "2026-03-31")
    line = the_line(said, "V2")
    assert (line["base"], line["overhead"], line["line"], line["hold"], line["pay"]) == (
        150000,
        15000,
        165000,
        16500,
        148500,
    )
    assert said["document"] == {"type": "invoice", "net": 148500, "tax": 8910, "gross": 157410}
    later = answered(given, "2026-12-31")
    assert later["document"] == {"type": "invoice", "net": 16500, "tax": 990, "gross": 17490}
    assert later["totals"]["held"] == 0
    out_and_in = {each["component"]: each["amount"] for each in later["ledger"] if each["key"][1] == "V2"}
    assert out_and_in == {"base": 150000, "overhead": 15000, "hold_out": -16500, "hold_in": 16500}


def test_nothing_is_due_once_all_is_invoiced():
    given = case(version(GRADED), plain(), 'invoiced: [{no: I1, on: 2026-04-05, lines: [[V2, "001/V2"]]}]')
    said = answered(given, "2026-04-30")
    assert said["document"] == {"type": "none", "net": 0, "tax": 0, "gross": 0}
    assert said["corrections"] == []


def test_an_amendment_signed_late_is_billed_on_top():
    old, new = 'prices: {V2: "1500.00"}', 'prices: {V2: "1650.00"}'
    terms = [version(more=old), version(no=2, since="2026-07-01", recorded="2026-08-20T00:00:00Z", more=new)]
    facts = [consent("1"), consent("2"), visit("1", "2026-06-30"), visit("2", "2026-07-01")]
    invoiced = 'invoiced: [{no: I1, on: 2026-08-19, lines: [[V2, "1/V2"], [V2, "2/V2"]]}]'
    given = case(terms, facts, invoiced)
    assert answered(given, "2026-08-19")["totals"]["earned"] == 330000
    said = answered(given, "2026-08-20")
    assert (the_line(said, "V2", "1/V2")["terms"], the_line(said, "V2", "2/V2")["terms"]) == (1, 2)
    assert the_line(said, "V2", "2/V2")["line"] == 181500
    assert said["document"] == {"type": "invoice", "net": 14850, "tax": 891, "gross": 15741}
    assert answered(given, "2026-08-19")["totals"]["earned"] == 330000


def test_a_guard_keeps_old_terms_until_reconsent_and_an_old_form_is_worth_nothing():
    old, new = 'prices: {V4: "2400.00", V5: "1000.00"}', 'prices: {V4: "2640.00", V5: "1100.00"}'
    guard = 'applies_if: "icf_version(subject, unit.date) >= 3"\n' + new
    terms = [version(more=old), version(no=2, since="2026-07-01", more=guard)]
    facts = [
        fact("icf_mandatory", "2026-07-10", icf_version=3),
        *(consent(subject, icf=2) for subject in ("007", "008")),
        visit("007", "2026-07-05", "V4"),
        consent("007", "2026-07-12", 3),
        visit("007", "2026-08-02", "V5"),
        visit("008", "2026-07-20", "V4"),
        consent("008", "2026-07-25", 3),
    ]
    said = answered(case(terms, facts), "2026-08-31")
    found = {each["unit"]: (each["terms"], each["state"], each["line"]) for each in said["lines"]}
    assert found == {"007/V4": (1, "EARNED", 264000), "007/V5": (2, "EARNED", 121000), "008/V4": (1, "FAILED", 0)}
    assert the_line(said, "V4", "008/V4")["why_not_more"] == ["not met: consent valid on its day"]


@pytest.mark.parametrize(
    ("day", "approved", "state", "line", "w"),
    [
        ("2026-03-13", False, "EARNED", 165000, "1"),
        ("2026-03-07", False, "EARNED", 165000, "1"),
        ("2026-03-15", True, "EARNED", 82500, "1/2"),
        ("2026-03-15", False, "PENDING", 82500, "1/2"),
        ("2026-03-16", True, "EARNED", 82500, "1/2"),
        ("2026-03-04", True, "EARNED", 82500, "1/2"),
        ("2026-03-17", True, "FAILED", 0, "0"),
    ],
)
def test_a_window_is_inclusive_and_beyond_it_leave_is_needed(day: str, approved: bool, state: str, line: int, w: str):
    rule = """
  - {code: V3, kind: visit, trigger: {fact: visit_done, visit: V3}, amount: {fixed: "1500.00"},
     window: {days: [-3, 3], outside: {factor: "0.50", up_to: 6, needs: sponsor_approval}, beyond: "0"}}"""
    facts = [visit("041", day, "V3", target_on="2026-03-10")]
    facts += [fact("window_approved", "2026-03-20", "041", visit="V3")] * approved
    found = the_line(answered(case(version(rule), facts), "2026-03-31"), "V3")
    assert (found["state"], found["line"], found["factors"]["w"]) == (state, line, w)
    assert (found["hold"], found["pay"]) == ((0, 0) if state != "EARNED" else (line // 10, line - line // 10))


@pytest.mark.parametrize(
    ("ratio", "randomised", "failed", "earned", "waiting", "state"),
    [
        ("{x: 1, y: 4, initial: 1, max: 6, mode: step}", 7, 4, 2, 2, "DEFERRED"),
        ("{x: 1, y: 4, initial: 1, max: 6, mode: step}", 16, 7, 5, 2, "DEFERRED"),
        ("{x: 1, y: 4, initial: 1, max: 6, mode: step}", 24, 9, 6, 3, "EXCESS"),
        ("{x: 2, y: 3, mode: step}", 5, 4, 2, 2, "DEFERRED"),
        ("{x: 2, y: 3, mode: proportional}", 5, 4, 3, 1, "DEFERRED"),
    ],
)
def test_screen_failures_are_paid_within_their_ratio(
    ratio: str, randomised: int, failed: int, earned: int, waiting: int, state: str
):
    rule = f"""
  - {{code: SF, kind: screen_failure, trigger: {{fact: screen_failed}}, amount: {{fixed: "800.00"}}, ratio: {ratio}}}"""
    facts = [fact("randomised", "2026-03-01", f"E{n}") for n in range(randomised)]
    facts += [fact("screen_failed", "2026-03-02", f"F{n}", reason="exclusion") for n in range(failed)]
    said = answered(case(version(rule), facts), "2026-03-31")
    assert said["totals"]["earned"] == earned * 88000
    assert said["totals"][state.lower()] == waiting * 88000
    assert [each["unit"] for each in said["lines"] if each["state"] == state] == [f"F{n}" for n in range(failed)][
        earned:
    ]


def test_a_visit_done_in_part_is_paid_in_part_and_rounded_once():
    rule = """
  - {code: V3, kind: visit, trigger: {fact: visit_done, visit: V3}, amount: {fixed: "1500.00"},
     complete: {weights: by_procedure, below_min: {min: "0.50", pay: "0"}}}"""
    weights = "weights: {V3: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1}}"
    facts = [visit("012", "2026-05-11", "V3", components=["a", "b", "c", "d"])]
    line = the_line(answered(case(version(rule), facts, weights), "2026-05-31"), "V3")
    assert (line["base"], line["overhead"], line["line"], line["hold"], line["pay"]) == (
        85714,
        8571,
        94285,
        9429,
        84856,
    )
    assert line["factors"] == {"c": "4/7", "w": "1", "g": "1"}
    assert line["why_not_more"][:3] == ["component e missing", "component f missing", "component g missing"]


def late_query() -> list[dict[str, object]]:
    raised = {"visit": "V2", "query": "q"}
    return [
        consent("5"),
        visit("5", "2026-05-01"),
        fact("crf_signed", "2026-05-02", "5", visit="V2"),
        fact("query_raised", "2026-05-04", "5", **raised),
        fact("query_closed", "2026-05-27", "5", **raised),
        fact("query_raised", "2026-06-08", "5", **raised),
        fact("query_closed", "2026-06-18", "5", **raised),
    ]


@pytest.mark.parametrize(
    ("day", "uncertified", "certified"),
    [
        ("2026-05-20", ("PENDING", "9/10"), ("PENDING", "9/10")),
        ("2026-05-27", ("EARNED", "3/4"), ("EARNED", "3/4")),
        ("2026-06-13", ("PENDING", "3/4"), ("EARNED", "3/4")),
        ("2026-06-14", ("PENDING", "1/2"), ("EARNED", "1/2")),
        ("2026-06-18", ("EARNED", "1/2"), ("EARNED", "1/2")),
    ],
)
def test_a_certified_line_does_not_fall_back(day: str, uncertified: tuple[str, str], certified: tuple[str, str]):
    more = 'certified: [{lines: [[V2, "5/V2"]], on: 2026-06-01}]'
    for expected, said in ((uncertified, ""), (certified, more)):
        line = the_line(answered(case(version(GRADED), late_query(), said), day), "V2")
        assert (line["state"], line["factors"]["g"]) == expected


def test_a_query_open_at_lock_is_final():
    facts = [*late_query(), fact("db_locked", "2026-06-10")]
    line = the_line(answered(case(version(GRADED), facts), "2026-06-30"), "V2")
    assert (line["state"], line["factors"]["g"]) == ("FAILED", "0")
    closed_before = [*late_query(), fact("db_locked", "2026-06-01")]
    assert the_line(answered(case(version(GRADED), closed_before), "2026-06-30"), "V2")["factors"]["g"] == "1/2"


GATED = """
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1000.00"}, overhead: none,
     gates: [G1]}"""
GATE = (
    "gates: [{code: G1, metric: PDR, test: '< 0.05', min_n: 10, evaluate: month_end, "
    "on_fail: {defer: [visit], cure_periods: 1, then: {forfeit: '0.10'}}}]"
)


def gate_facts(randomised: int) -> list[dict[str, object]]:
    return [
        *(fact("randomised", "2026-04-01", f"R{n}") for n in range(14)),
        *(fact("randomised", f"2026-{6 if n < 6 else 7:02d}-02", f"L{n}") for n in range(randomised)),
        fact("deviation", "2026-04-10", "R1", major=True, confirmed=True),
        visit("R2", "2026-04-20"),
    ]


def test_a_gate_holds_back_until_a_month_end_passes_and_takes_what_was_not_cured_in_time():
    given = case(version(GATED, more=GATE), gate_facts(10))
    april = answered(given, "2026-04-30")
    assert (the_line(april, "V2")["state"], april["totals"]["gated"], april["totals"]["payable"]) == (
        "GATED",
        100000,
        0,
    )
    assert answered(given, "2026-04-29")["totals"]["payable"] == 90000  # March's end decides: nobody to count yet
    assert answered(given, "2026-05-31")["totals"]["gated"] == 90000  # the second failure is one more than may be cured
    june = answered(given, "2026-06-30")["totals"]  # 1/20 is not below 0.05
    assert (june["gated"], june["forfeited"]) == (90000, 10000)
    july = answered(given, "2026-07-31")["totals"]
    assert (july["earned"], july["gated"], july["forfeited"], july["held"], july["payable"]) == (
        90000,
        0,
        10000,
        9000,
        81000,
    )


def test_below_its_least_number_a_gate_passes_and_what_is_certified_is_not_gated_again():
    few = [each for each in gate_facts(0) if each["id"] not in {f"randomised-R{n}-2026-04-01" for n in range(5, 14)}]
    assert answered(case(version(GATED, more=GATE), few), "2026-04-30")["totals"]["gated"] == 0
    certified = 'certified: [{lines: [[V2, "R2/V2"]], on: 2026-04-25}]'
    assert (
        answered(case(version(GATED, more=GATE), gate_facts(0), certified), "2026-06-30")["totals"]["payable"] == 90000
    )


def test_yen_have_no_decimals_and_the_tax_is_floored():
    head = 'case: J\ncurrency: JPY\ntax: {code: T, rate: "0.10", rounding: floor}\n'
    rules = """
  - {code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: "40000"}, complete: {}}
  - {code: SAE, kind: invoiceable, trigger: {fact: sae_reported}, per: occurrence, amount: {fixed: "12345"},
     overhead: none}"""
    facts = [
        visit("1", "2026-03-02", "V", components=["a", "b"]),
        visit("2", "2026-03-02", "V"),
        fact("sae_reported", "2026-03-03", "2", hours=12),
    ]
    terms = version(rules, defaults=DEFAULTS.replace('rate: "0.10", mode', 'rate: "0.15", mode'))
    said = answered(case(terms, facts, "weights: {V: {a: 1, b: 1, c: 1}}", head), "2026-03-31")
    line = the_line(said, "V", "1/V")
    assert (line["base"], line["overhead"], line["line"], line["hold"], line["pay"]) == (
        26667,
        4000,
        30667,
        3067,
        27600,
    )
    assert the_line(said, "SAE")["unit"] == "2#sae_reported-2-2026-03-03"
    assert said["document"] == {"type": "invoice", "net": 81345, "tax": 8134, "gross": 89479}


MILESTONES = """
  - {code: FPI, kind: milestone, trigger: {fact: randomised}, amount: {fixed: "200.00"}, overhead: none,
     grade: [{of: "days(site_activated, unit.date)", bands: [[30, "1.00"]], else: "0.80"}]}
  - {code: ENR, kind: milestone, amount: {fixed: "250.00"}, overhead: none, require: ["count(randomised_valid) >= 3"],
     undo: UNDO}
  - {code: DBL, kind: milestone, trigger: {fact: db_locked}, amount: {fixed: "600.00"}, overhead: none,
     grade: [{of: "days(lplv, db_locked)", bands: [[45, "1.00"], [60, "0.85"]], else: "0.40"}]}"""


def milestones(undo: str = "suspend") -> str:
    return version(MILESTONES.replace("UNDO", undo))


def enrolled() -> list[dict[str, object]]:
    return [
        fact("site_activated", "2026-01-10"),
        *(fact("randomised", f"2026-02-{day}", f"S{day}") for day in (10, 12, 14)),
        fact("lplv", "2026-08-01"),
        fact("lplv", "2026-09-01"),
        fact("db_locked", "2026-10-23"),
    ]


def test_milestones_are_dated_by_what_reached_them():
    said = answered(case(milestones(), enrolled()), "2026-12-31")
    assert (the_line(said, "FPI")["line"], the_line(said, "FPI")["rate_date"]) == (16000, "2026-02-10")
    assert (the_line(said, "ENR")["line"], the_line(said, "ENR")["rate_date"]) == (25000, "2026-02-14")
    assert the_line(said, "DBL")["line"] == 51000  # 52 days after the latest of the last visits


def test_a_voided_subject_moves_the_first_and_suspends_the_count_until_it_is_reached_again():
    facts = [
        *enrolled(),
        fact("subject_voided", "2026-03-01", "S10", reason="ineligible"),
        fact("randomised", "2026-05-05", "S55"),
    ]
    given = case(milestones(), facts)
    between = answered(given, "2026-04-01")
    assert the_line(between, "FPI")["rate_date"] == "2026-02-12"
    assert [each for each in between["lines"] if each["rule"] == "ENR"] == []
    again = answered(given, "2026-05-31")
    assert the_line(again, "ENR")["rate_date"] == "2026-05-05"


@pytest.mark.parametrize(("undo", "lost", "again"), [("suspend", 0, 25000), ("claw", 0, 0), ("keep", 25000, 25000)])
def test_what_a_count_that_falls_undoes_is_for_the_terms_to_say(undo: str, lost: int, again: int):
    facts = [*enrolled(), fact("subject_voided", "2026-03-01", "S10"), fact("randomised", "2026-05-05", "S55")]
    given = case(milestones(undo), facts, "invoiced: [{no: I1, on: 2026-02-20, lines: [[ENR, study]]}]")

    def reached(day: str) -> int:
        return sum(each["line"] for each in answered(given, day)["lines"] if each["rule"] == "ENR")

    assert (reached("2026-02-20"), reached("2026-04-01"), reached("2026-05-31")) == (25000, lost, again)
    credited = answered(given, "2026-04-01")["corrections"]
    assert [each["net"] for each in credited] == ([-25000] if lost == 0 else [])


def test_new_terms_bring_again_what_was_clawed_back():
    facts = [*enrolled(), fact("subject_voided", "2026-03-01", "S10"), fact("randomised", "2026-05-05", "S55")]
    terms = [milestones("claw"), milestones("claw").replace("no: 1", "no: 2").replace("2026-01-01", "2026-06-01")]
    line = the_line(answered(case(terms, facts), "2026-06-30"), "ENR")
    assert (line["terms"], line["rate_date"], line["line"]) == (2, "2026-06-01", 25000)


POOLS = """
  - {code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: "1000.00"}, overhead: none}
  - {code: BC, kind: bonus, amount: {rate: "0.04", of: subject_lines}, require: ["metric(CMP) >= 0.98"], min_n: MIN}
  - {code: BR, kind: bonus, amount: {rate: "0.02", of: subject_lines}, require: ["metric(RET) >= 0.50"]}
  - {code: LATE, kind: penalty, trigger: {fact: finding_opened}, amount: {fixed: "30.00"},
     require: ["not within(due_on, finding_closed, 0)"]}"""


@pytest.mark.parametrize(
    ("least", "bonuses", "states"),
    [("20", [4000, 1000], ["EARNED", "CAPPED"]), ("2000", [0, 2000], ["PENDING", "EARNED"])],
)
def test_bonuses_and_penalties_have_their_own_pools(least: str, bonuses: list[int], states: list[str]):
    pools = 'pools: {bonus: {cap: "0.05", of: subject_lines}, penalty: {cap: "50.00"}}'
    facts = [
        visit("1", "2026-05-01", "V"),
        fact("randomised", "2026-05-01", "1"),
        fact("completed", "2026-06-01", "1"),
        fact("metric_reported", "2026-06-02", metric="CMP", numerator=985, denominator=1000),
        *(
            {**fact("finding_opened", "2026-05-01", finding=f"m{n}", due_on="2026-05-31"), "id": f"m{n}"}
            for n in range(4)
        ),
        fact("finding_closed", "2026-05-31", finding="m3"),
    ]
    said = answered(case(version(POOLS.replace("MIN", least), more=pools), facts), "2026-06-30")
    rows = said["study_level"]
    assert [row["amount"] for row in rows] == [*bonuses, -3000, -2000, 0, 0]
    assert [row["state"] for row in rows] == [*states, "EARNED", "CAPPED", "CAPPED", "FAILED"]
    assert said["document"]["net"] == 90000 + sum(bonuses) - 5000


def test_what_is_known_later_changes_later_answers_alone_and_a_moved_visit_is_billed_anew():
    old, new = 'prices: {V3: "1500.00"}', 'prices: {V3: "1650.00"}'
    terms = [version(more=old), version(no=2, since="2026-07-01", recorded="2026-06-15T09:00:00Z", more=new)]
    facts = [
        *(consent(subject) for subject in ("1", "2", "3")),
        visit("1", "2026-06-02", "V3"),
        visit("2", "2026-06-30", "V3"),
        visit("3", "2026-06-25", "V3", recorded="2026-07-10T10:00:00Z"),
        visit("2", "2026-07-01", "V3", recorded="2026-07-15T10:00:00Z", supersedes="visit_done-2-V3-2026-06-30"),
    ]
    given = case(terms, facts, 'invoiced: [{no: I6, on: 2026-07-02, lines: [[V3, "1/V3"], [V3, "2/V3"]]}]')
    assert answered(given, "2026-06-30", "2026-07-02")["totals"]["earned"] == 330000
    assert answered(given, "2026-06-30", "2026-07-31")["totals"]["earned"] == 330000  # one came, one moved to July
    july = answered(given, "2026-07-31")
    assert july["totals"]["earned"] == 165000 * 2 + 181500
    assert july["document"]["net"] == 148500 + 163350
    assert july["corrections"] == [{"type": "credit_note", "of": "I6", "net": -148500, "tax": -8910, "gross": -157410}]


def test_tax_is_rounded_for_the_document_or_for_each_line_and_credits_take_the_difference():
    rule = """
  - {code: S, kind: invoiceable, trigger: {fact: screened}, amount: {fixed: "4.25"}, overhead: none,
     require: ["not voided(subject)"]}"""
    facts = [fact("screened", "2026-03-01", subject) for subject in ("1", "2", "3")]
    facts += [fact("subject_voided", "2026-04-01", "1"), fact("subject_voided", "2026-05-01", "2")]
    more = """
invoiced: [{no: I, on: 2026-03-31, lines: [[S, "1"], [S, "2"], [S, "3"]]}]
credited: [{no: N, of: I, on: 2026-04-02}]"""
    for scope, tax, notes in (("document", 77, [-26, -25]), ("line", 78, [-26, -26])):
        given = case(version(rule), facts, more, HEAD.replace("scope: document", f"scope: {scope}"))
        assert (
            answered(case(version(rule), facts, "", HEAD.replace("document", scope)), "2026-03-31")["document"]["tax"]
            == tax
        )
        first, second = (answered(given, day)["corrections"] for day in ("2026-04-01", "2026-05-02"))
        assert [note["net"] for note in (*first, *second)] == [-425, -425]
        assert [note["tax"] for note in (*first, *second)] == notes

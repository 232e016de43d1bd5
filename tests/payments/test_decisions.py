"""What the language decides where its text is open: a small case for each decision no worked example shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.payments import DEFAULTS, HEAD, answered, case, fact, the_line, version

PAID = "{fixed: '100.00'}, overhead: none, holdback: none"
VISIT = f"\n  - {{code: V, kind: visit, trigger: {{fact: visit_done, visit: V}}, amount: {PAID}"


def visit(subject: str = "1", on: str = "2026-03-10", **more: Any) -> dict[str, Any]:
    return fact("visit_done", on, subject, visit="V", **more)


def states(said: dict[str, list[dict[str, object]]]) -> dict[object, tuple[object, object]]:
    return {each["unit"]: (each["state"], each["line"]) for each in said["lines"]}


def required(condition: str) -> str:
    return version(VISIT + f", require: [{condition}]}}")


def test_a_fact_is_hidden_by_what_replaced_it_even_where_that_is_void_itself():
    facts = [
        visit(),
        {**fact("void", "2026-03-11"), "id": "x1", "supersedes": "visit_done-1-V-2026-03-10"},
        {**fact("void", "2026-03-12"), "id": "x2", "supersedes": "x1"},
    ]
    given = case(version(VISIT + "}"), facts)
    assert states(answered(given, "2026-03-10")) == {"1/V": ("EARNED", 10000)}
    assert answered(given, "2026-03-11")["lines"] == []
    assert answered(given, "2026-03-12")["lines"] == []


def test_a_correction_hides_whatever_day_it_speaks_of():
    moved = visit(on="2026-09-01", recorded="2026-03-20T10:00:00Z", supersedes="visit_done-1-V-2026-03-10")
    given = case(version(VISIT + "}"), [visit(), moved])
    assert answered(given, "2026-03-31", "2026-03-31")["lines"] == []
    assert answered(given, "2026-03-31", "2026-03-19")["totals"]["earned"] == 10000


def test_a_price_in_short_needs_consent_and_a_rule_of_its_code_replaces_it():
    terms = version(VISIT + "}", more="prices: {V: '7.00', W: '9.00'}")
    said = answered(case(terms, [visit(), fact("visit_done", "2026-03-10", "1", visit="W")]), "2026-03-31")
    assert states(said) == {"1/V": ("EARNED", 10000), "1/W": ("FAILED", 0)}


def test_of_a_visit_recorded_twice_the_first_recorded_counts_by_its_first_recording():
    facts = [
        visit(on="2026-03-09", recorded="2026-03-12T10:00:00Z"),
        {**visit(on="2026-03-10", recorded="2026-03-11T10:00:00Z"), "id": "a"},
        {**visit(on="2026-03-11", recorded="2026-03-13T10:00:00Z"), "id": "b", "supersedes": "a"},
    ]
    said = answered(case(version(VISIT + "}"), facts), "2026-03-31")
    assert [each["rate_date"] for each in said["lines"]] == ["2026-03-11"]
    assert said["errors"] == [{"fact": "visit_done-1-V-2026-03-09", "problem": "same visit recorded twice"}]


def test_a_person_screened_out_under_two_numbers_is_paid_once():
    rule = f"\n  - {{code: SF, kind: screen_failure, trigger: {{fact: screen_failed}}, amount: {PAID}}}"
    facts = [fact("screen_failed", f"2026-03-0{n}", f"F{n}", reason="r", person_key="p") for n in (1, 2)]
    said = answered(case(version(rule), facts), "2026-03-31")
    assert states(said) == {"F1": ("EARNED", 10000)}
    assert [each["fact"] for each in said["errors"]] == ["screen_failed-F2-2026-03-02"]


def test_what_happened_before_the_contract_is_told_and_not_paid():
    said = answered(case(version(VISIT + "}"), [visit(on="2025-12-31"), visit("2", "2026-01-01")]), "2026-03-31")
    assert states(said) == {"2/V": ("EARNED", 10000)}
    assert [each["fact"] for each in said["errors"]] == ["visit_done-1-V-2025-12-31"]


@pytest.mark.parametrize(
    ("condition", "facts", "state"),
    [
        ("eligible(subject)", [], "PENDING"),
        ("eligible(subject)", [fact("eligible", "2026-03-01", "1")], "EARNED"),
        (
            "eligible(subject)",
            [fact("eligible", "2026-03-01", "1"), fact("screen_failed", "2026-03-02", "1")],
            "FAILED",
        ),
        ("exists(crf_signed)", [fact("crf_signed", "2026-03-12", "1", visit="W")], "FAILED"),
        ("exists(crf_signed)", [fact("crf_signed", "2026-03-12", "1", visit="V")], "EARNED"),
        ("'within(unit.date, crf_signed, 21)'", [], "PENDING"),
        ("'within(unit.date, crf_signed, 20)'", [], "FAILED"),
        ("'within(unit.date, crf_signed, 2)'", [fact("crf_signed", "2026-03-12", "1", visit="V")], "EARNED"),
        ("'days(unit.date, crf_signed) < 22'", [], "PENDING"),
        ("'days(unit.date, crf_signed) < 21'", [], "FAILED"),
        ("'days(crf_signed, unit.date) <= 5'", [], "PENDING"),
        ("max_query_days(unit) <= 5", [], "EARNED"),
        ("max_query_days(unit) <= 5", [fact("query_raised", "2026-03-28", "1", visit="V", query="q")], "PENDING"),
        ("max_query_days(unit) <= 5", [fact("query_raised", "2026-03-21", "1", visit="V", query="q")], "FAILED"),
        ("max_query_days(unit) <= 5", [fact("query_closed", "2026-03-21", "1", visit="V", query="q")], "EARNED"),
        ("count(visit_done) >= 2", [visit("2")], "EARNED"),
        ("count(visit_done) >= 2", [visit("2"), fact("subject_voided", "2026-03-20", "2")], "FAILED"),
        ("metric(CMP) >= 0.9", [], "PENDING"),
        ("'icf_version(subject, unit.date) = 0'", [], "EARNED"),
        ("{any: [eligible(subject), exists(consent_signed)]}", [], "PENDING"),
        ("{all: [eligible(subject), exists(consent_signed)]}", [], "FAILED"),
        ("{not: eligible(subject)}", [], "PENDING"),
        ("not exists(withdrawn)", [], "EARNED"),
    ],
)
def test_predicates_are_true_false_or_not_to_be_said_yet(condition: str, facts: list[dict[str, object]], state: str):
    said = answered(case(required(condition), [visit(), *facts]), "2026-03-31")
    assert the_line(said, "V", "1/V")["state"] == state


def test_a_subject_taken_back_into_the_study_is_paid_again():
    facts = [
        visit(),
        {**fact("subject_voided", "2026-03-20", "1"), "id": "sv"},
        {**fact("void", "2026-03-25"), "id": "x", "supersedes": "sv"},
    ]
    given = case(required("not voided(subject)"), facts)
    assert [the_line(answered(given, f"2026-03-{day}"), "V")["state"] for day in (19, 20, 25)] == [
        "EARNED",
        "FAILED",
        "EARNED",
    ]


def test_working_days_follow_the_calendar_of_the_case():
    calendars = "calendars: {CN: {weekend: [6, 7], holidays: [2026-03-11], workdays: [2026-03-14]}}"
    facts = [visit(), fact("crf_signed", "2026-03-16", "1", visit="V")]  # Tuesday to Monday: 12, 13, 14, 16
    for limit, state in ((4, "EARNED"), (3, "FAILED")):
        terms = required(f"'business_days(unit.date, crf_signed, CN) <= {limit}'")
        assert the_line(answered(case(terms, facts, calendars), "2026-03-31"), "V")["state"] == state


def test_a_visit_without_target_date_waits_for_it_where_its_rule_has_a_window():
    terms = version(VISIT + ", window: {days: [-1, 1]}}")
    assert states(answered(case(terms, [visit()]), "2026-03-31")) == {"1/V": ("PENDING", 10000)}


def test_below_the_least_share_is_less_not_equal():
    terms = version(VISIT + ", complete: {weights: by_procedure, below_min: {min: '0.50', pay: '0.10'}}}")
    facts = [visit("1", components=["a"]), visit("2", components=["b"]), visit("3")]
    said = answered(case(terms, facts, "weights: {V: {a: 1, b: 2, c: 1}}"), "2026-03-31")
    assert states(said) == {"1/V": ("EARNED", 1000), "2/V": ("EARNED", 5000), "3/V": ("EARNED", 10000)}


def test_a_crf_that_is_missing_counts_to_today_and_waits():
    rule = VISIT + ", grade: [{of: 'days(unit.date, crf_signed)', bands: [[5, '1.00'], [15, '0.90']], else: '0'}]}"
    given = case(version(rule), [visit()])
    found = [the_line(answered(given, f"2026-03-{day}"), "V") for day in (15, 16, 25, 26)]
    assert [(each["state"], each["line"], each["pay"]) for each in found] == [
        ("PENDING", 10000, 0),
        ("PENDING", 9000, 0),
        ("PENDING", 9000, 0),
        ("FAILED", 0, 0),
    ]


def test_grades_are_the_least_or_the_product_as_the_terms_say():
    half = "bands: [], else: '0.50'}"
    rule = f"{VISIT}, grade: [{{of: 'days(unit.date, crf_signed)', {half}, {{of: max_query_days(unit), {half}]}}"
    facts = [visit(), fact("crf_signed", "2026-03-11", "1", visit="V")]
    for how, line in (("min", 5000), ("product", 2500)):
        terms = version(rule, defaults=f"{{combine_grades: {how}}}")
        assert the_line(answered(case(terms, facts), "2026-03-31"), "V")["line"] == line


@pytest.mark.parametrize(("how", "lines"), [("half_up", [1, 1, 3]), ("half_even", [0, 1, 2]), ("floor", [0, 1, 2])])
def test_lines_are_rounded_as_the_defaults_say(how: str, lines: list[int]):
    rule = (
        "\n  - {{code: V{n}, kind: visit, trigger: {{fact: visit_done, visit: V}}, amount: {{fixed: '0.0{n}'}}, "
        "window: {{days: [0, 0], beyond: '0.50'}}}}"
    )
    rules = "".join(rule.format(n=n) for n in (1, 2, 5))
    facts = [visit(target_on="2026-03-01")]
    said = answered(case(version(rules, defaults=f"{{round: {how}}}"), facts), "2026-03-31")
    assert [each["line"] for each in said["lines"]] == lines


def test_nothing_but_what_is_certified_enters_the_document_where_the_file_has_a_list():
    facts = [visit("1"), visit("2"), visit("3")]
    more = "certified: [{on: 2026-04-01, lines: [[V, 1/V]]}]\ninvoiced: [{no: I, on: 2026-04-03, lines: [[V, 2/V]]}]"
    given = case(version(VISIT + "}"), facts, more)
    assert [answered(given, day)["document"]["net"] for day in ("2026-03-31", "2026-04-01", "2026-04-03")] == [
        0,
        10000,
        10000,
    ]
    assert answered(given, "2026-04-03", "2026-03-31")["document"]["net"] == 0  # not known to be certified by then
    assert answered(case(version(VISIT + "}"), facts, "certified: []"), "2026-04-03")["document"]["net"] == 0


def test_the_day_of_an_instant_is_that_of_the_zone():
    more = "certified: [{on: 2026-04-02, lines: [[V, 1/V]]}]"
    for zone, net in (("UTC", 0), ("Asia/Shanghai", 10000)):
        given = case(version(VISIT + "}"), [visit()], f"{more}\nzone: {zone}")
        assert answered(given, "2026-04-30", "2026-04-01")["document"]["net"] == net


def test_a_rise_is_billed_on_top_and_a_fall_credits_the_latest_invoice_first():
    rule = VISIT + ", grade: [{of: max_query_days(unit), bands: [[5, '1.00'], [10, '0.60']], else: '0.50'}]}"
    late = "2026-04-20T10:00:00Z"
    facts = [
        visit(),
        {**fact("query_raised", "2026-03-11", "1", visit="V", query="q"), "id": "r"},
        {**fact("query_closed", "2026-03-20", "1", visit="V", query="q"), "id": "c"},
        {
            **fact("query_closed", "2026-03-14", "1", visit="V", query="q", recorded="2026-04-10T10:00:00Z"),
            "id": "c2",
            "supersedes": "c",
        },
        {
            **fact("query_closed", "2026-03-30", "1", visit="V", query="q", recorded=late),
            "id": "c3",
            "supersedes": "c2",
        },
    ]
    more = "invoiced: [{no: I1, on: 2026-04-01, lines: [[V, 1/V]]}, {no: I2, on: 2026-04-12, lines: [[V, 1/V]]}]"
    given = case(version(rule), facts, more)
    assert answered(given, "2026-04-10")["document"]["net"] == 4000
    notes = {each["of"]: each["net"] for each in answered(given, "2026-04-20")["corrections"]}
    assert notes == {"I2": -4000, "I1": -1000}


def test_amounts_by_tier_count_units_in_slot_order_and_beyond_the_last_tier_is_excess():
    rule = """
  - {code: V, kind: visit, trigger: {fact: visit_done, visit: V}, require: [not voided(subject)], overhead: none,
     amount: {table: {tiers: [{from: 1, to: 2, each: '5.00'}, {from: 3, to: 3, each: '4.00'}]}}, holdback: none}"""
    facts = [visit(str(n), f"2026-03-0{5 - n}", recorded=f"2026-03-1{n}T10:00:00Z") for n in range(5)]
    facts.append(fact("subject_voided", "2026-03-20", "1"))
    said = answered(case(version(rule), facts), "2026-03-31")
    assert states(said) == {
        "0/V": ("EARNED", 500),
        "1/V": ("FAILED", 0),
        "2/V": ("EARNED", 500),
        "3/V": ("EARNED", 400),
        "4/V": ("EXCESS", 0),
    }


def test_an_actual_cost_is_paid_up_to_its_cap():
    rule = """
  - {code: CT, kind: procedure, trigger: {fact: procedure_done, procedure: ct}, per: occurrence,
     amount: {actual: {cap: '50.00'}}, overhead: none}"""
    done = [("a", {"cost": "49.99"}), ("b", {"cost": "60.00"}), ("c", {})]
    facts = [{**fact("procedure_done", "2026-03-01", "1", procedure="ct", **cost), "id": name} for name, cost in done]
    said = answered(case(version(rule), facts), "2026-03-31")
    assert states(said) == {"1/ct#a": ("EARNED", 4999), "1/ct#b": ("EARNED", 5000), "1/ct#c": ("PENDING", 5000)}


def test_caps_cut_lines_in_slot_order_base_and_overhead_in_proportion():
    rule = """
  - {code: S, kind: invoiceable, trigger: {fact: sae_reported}, per: occurrence, amount: {fixed: '100.00'},
     cap: {per_subject: '150.01'}}"""
    facts = [
        {**fact("sae_reported", f"2026-03-0{n}", subject, hours=1), "id": f"{subject}{n}"}
        for n in (1, 2, 3)
        for subject in "AB"
    ]
    said = answered(case(version(rule, more="ceiling: '270.00'"), facts), "2026-03-31")
    assert states(said) == {
        "A#A1": ("EARNED", 11000),
        "B#B1": ("EARNED", 11000),
        "A#A2": ("CAPPED", 4001),
        "B#B2": ("CAPPED", 999),
        "A#A3": ("CAPPED", 0),
        "B#B3": ("CAPPED", 0),
    }
    cut = the_line(said, "S", "A#A2")
    assert (cut["base"], cut["overhead"]) == (3637, 364)  # 4001 x 10000 / 11000 = 3637.27
    assert said["totals"]["capped"] == 66000 - 27000


def test_a_ceiling_raised_later_gives_back_what_was_cut_and_one_lowered_takes_nothing():
    facts = [visit("1"), visit("2", "2026-03-11"), visit("3", "2026-07-01")]
    low, high = ("ceiling: '150.00'", "ceiling: '1000.00'")
    raised = case([version(VISIT + "}", more=low), version(VISIT + "}", no=2, since="2026-06-01", more=high)], facts)
    assert answered(raised, "2026-05-31")["totals"]["earned"] == 15000
    assert answered(raised, "2026-07-31")["totals"]["earned"] == 30000
    lowered = case([version(VISIT + "}", more=high), version(VISIT + "}", no=2, since="2026-06-01", more=low)], facts)
    assert answered(lowered, "2026-07-31")["totals"]["earned"] == 20000


def test_a_guard_is_false_for_what_has_no_subject():
    rule = f"\n  - {{code: DBL, kind: milestone, trigger: {{fact: db_locked}}, amount: {PAID}}}"
    terms = [version(rule), version(rule, no=2, since="2026-02-01", more="applies_if: not voided(subject)")]
    said = answered(case(terms, [fact("db_locked", "2026-03-01")]), "2026-03-31")
    assert the_line(said, "DBL")["terms"] == 1


def test_of_terms_effective_on_one_day_those_recorded_later_hold():
    terms = [
        version(VISIT + "}", no=1),
        version(VISIT.replace("100.00", "200.00") + "}", no=3, since="2026-03-10", recorded="2026-02-01T09:00:00Z"),
        version(VISIT.replace("100.00", "300.00") + "}", no=2, since="2026-03-10", recorded="2026-02-02T09:00:00Z"),
    ]
    assert the_line(answered(case(terms, [visit()]), "2026-03-31"), "V")["line"] == 30000


def test_a_trigger_may_ask_for_more_than_its_kind():
    rule = f"\n  - {{code: RC, kind: invoiceable, trigger: {{fact: consent_signed, icf_version: 3}}, amount: {PAID}}}"
    facts = [fact("consent_signed", f"2026-03-0{n}", "1", icf_version=n) for n in (2, 3)]
    assert states(answered(case(version(rule), facts), "2026-03-31")) == {"1": ("EARNED", 10000)}


def test_a_site_fee_without_condition_is_due_when_the_contract_begins():
    rule = f"\n  - {{code: START, kind: site_fee, amount: {PAID}}}"
    line = the_line(answered(case(version(rule)), "2026-03-31"), "START")
    assert (line["unit"], line["rate_date"], line["subject"]) == ("study", "2026-01-01", None)


def test_without_a_tax_there_is_none_and_without_a_release_a_hold_stays():
    head = HEAD.splitlines(keepends=True)[0] + "currency: CNY\n"
    rule = "\n  - {code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: '100.00'}}"
    said = answered(case(version(rule, defaults=DEFAULTS), [visit()], head=head), "2029-12-31")
    assert said["document"] == {"type": "invoice", "net": 9900, "tax": 0, "gross": 9900}
    assert said["totals"]["held"] == 1100


def test_retention_leaves_the_dead_out_and_counts_the_valid_alone():
    rule = VISIT + "}\n  - {code: B, kind: bonus, amount: {fixed: '1.00'}, require: ['metric(RET) >= 0.75'], min_n: 4}"
    ends = ["completed", "completed", "completed", "withdrawn", "withdrawn", "withdrawn"]
    facts = [fact("randomised", "2026-02-01", str(n)) for n in range(6)]
    facts += [fact(kind, "2026-03-01", str(n)) for n, kind in enumerate(ends)]
    facts += [fact("died", "2026-03-02", "4"), fact("subject_voided", "2026-03-02", "5")]
    (row,) = answered(case(version(rule), facts), "2026-03-31")["study_level"]
    assert (row["state"], row["amount"]) == ("EARNED", 100)
    (row,) = answered(case(version(rule), facts), "2026-03-01")["study_level"]
    assert (row["state"], row["amount"]) == ("FAILED", 0)

"""How policies share out: the worked examples to the cent, caps, fixed amounts, and what a policy must not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import call
from tests.support.policies import HOSPITAL, LICENCE, RECEIVED, TOLD, X10, X15, case, given, simple
from trialdesk.payments.rules.case import Unreadable
from trialdesk.payments.rules.reading_policies import read_sharing, read_told
from trialdesk.payments.rules.sharing import Unshareable, distribute, less
from trialdesk.payments.rules.sharing_answer import answer


def test_a_hospital_shares_a_receipt_out():
    assert given(X15) == {
        "tax_payable": 600000,
        "ec_account": 500000,
        "archive_office": 300000,
        "hospital": 600000 + 720000,
        "radiology": 600000,
        "lab": 800000,
        "p1": 3162857,
        "p2": 2005714,
        "p3": 1311429,
    }
    assert sum(given(X15).values()) == 10600000


def test_who_has_no_valid_declaration_waits_and_the_others_get_no_more():
    blocked = answer(case(X15 + "findings: {p2: [coi_valid]}\n"))
    free = answer(case(X15))
    assert [row["amount"] for row in blocked["shares"]] == [row["amount"] for row in free["shares"]]
    waiting = [row for row in blocked["shares"] if row["state"] == "SUSPENSE"]
    assert [(row["beneficiary"], row["amount"], row["suspended_for"]) for row in waiting] == [
        ("p2", 2005714, "coi_valid")
    ]
    assert blocked["totals"]["p2"] == {"payable": 0, "suspense": 2005714}


def test_a_warning_suspends_nothing():
    said = answer(case(X15 + "findings: {p1: [training_valid]}\n"))
    (row,) = (each for each in said["shares"] if each["beneficiary"] == "p1")
    assert (row["state"], row["warnings"]) == ("PAYABLE", ["training_valid"])


def test_licence_income_after_patent_cost_and_office():
    assert given(X10) == {
        "patent_cost": 1234568,
        "transfer_office": 876543,
        "ann": 1314815,
        "ben": 788889,
        "cai": 525926,
        "unit": 2629630,
        "institution": 2629629,
    }


def test_an_office_of_all_that_was_received():
    said = given(X10.replace("of: remaining", "of: received"))
    assert (said["transfer_office"], said["unit"], said["institution"]) == (1000000, 2588477, 2588477)
    assert said["ann"] + said["ben"] + said["cai"] == 2588478


def test_equal_halves_of_an_odd_amount_and_their_mirror():
    text = simple('[{split: {inventor: "1", hospital: "1"}}]', '{net: "1234.57"}')
    assert given(text) == {"inventor": 61729, "hospital": 61728}
    assert given(text, reverse=True) == {"inventor": -61729, "hospital": -61728}


def test_what_an_inspection_takes_back():
    steps = '[{take: net, split: {hospital: "10", team: "60", department: "30"}}]'
    back = {"hospital": -328210, "team": -1969260, "department": -984630}
    text = simple(steps, '{net: "32821.00"}')
    assert given(text, reverse=True) == back
    policy = case(text).policy
    before, after = distribute(policy, {"net": 10000003}), distribute(policy, {"net": 10000003 - 3282100})
    taken = {each.beneficiary: each.amount for each in less(after, before)}
    assert sum(taken.values()) == -3282100
    assert all(abs(taken[name] - amount) <= 1 for name, amount in back.items())


def test_credits_one_after_the_other_never_take_back_more_than_was_given():
    text = simple('[{take: net, to: office, fixed: "5.00"}, {take: net, split: {a: "1", b: "1", c: "1"}}]',
                  '{net: "100.00"}')  # fmt: skip
    policy = case(text).policy
    sums: dict[str, int] = {}
    left = 10000
    for step in (0, 3333, 3333, 3334):
        before, after = distribute(policy, {"net": left}) if step else (), distribute(policy, {"net": left - step})
        left -= step
        for each in less(after, before):
            sums[each.beneficiary] = sums.get(each.beneficiary, 0) + each.amount
            assert sums[each.beneficiary] >= 0
    assert set(sums.values()) == {0}


def test_what_one_may_not_have_the_others_share_and_what_none_may_have_stays():
    capped = '[{take: net, split: {a: "2", b: "1", c: "1"}, caps: {a: "10.00", b: "30.00"}}, {take: net, to: rest}]'
    assert given(simple(capped, '{net: "100.00"}')) == {"a": 1000, "b": 3000, "c": 6000}
    both = '[{take: net, split: {a: "1", b: "1"}, caps: {a: "10.00", b: "20.00"}}, {take: remaining, to: rest}]'
    assert given(simple(both, '{net: "100.00"}')) == {"a": 1000, "b": 2000, "rest": 7000}


def test_fixed_amounts_caps_and_shares_take_no_more_than_there_is():
    steps = """
- {take: net, to: office, fixed: "40.00"}
- {take: net, to: archive, share: "0.50", cap: "10.00"}
- {deduct: {fixed: "30.00"}, to: bank}
- {take: remaining, to: fund}"""
    assert given(simple(steps, '{net: "100.00"}')) == {"office": 4000, "archive": 1000, "bank": 3000, "fund": 2000}
    assert given(simple(steps, '{net: "45.00"}')) == {"office": 4000, "archive": 250, "bank": 250}


def test_a_currency_without_decimals():
    text = simple('[{take: net, split: {a: "1", b: "1", c: "1"}}]', '{net: "100"}', currency="JPY")
    assert given(text) == {"a": 34, "b": 33, "c": 33}


def test_who_has_too_few_points_gets_nothing():
    said = given(X15.replace("p3: 17", "p3: 0"))
    assert "p3" not in said
    assert said["p1"] + said["p2"] == 6480000


UNSHAREABLE = {
    "a measure missing": (HOSPITAL + RECEIVED, "workload"),
    "a measure nobody asks for": (X15.replace("{workload:", "{beauty: {a: 1}, workload:"), "beauty"),
    "a cost missing": (LICENCE + 'received: {net: "10.00"}\n', "patent_cost"),
    "something left over": (simple("[{take: tax, to: office}]", '{tax: "6.00", net: "1.00"}'), "net"),
    "tax that no step takes": (simple("[{take: net, to: office}]", '{tax: "6.00", net: "1.00"}'), "tax"),
    "nobody with enough points": (X15.replace("min_points: 1", "min_points: 50"), "contribution_points"),
}


@pytest.mark.parametrize("name", UNSHAREABLE)
def test_what_cannot_be_shared_is_refused(name: str):
    text, words = UNSHAREABLE[name]
    with pytest.raises(Unshareable, match=words):
        given(text)


def test_what_a_run_must_tell_is_shown_as_it_is_written():
    with pytest.raises(Unshareable, match=r"written as points: \{workload: \{somebody: 30, another: 20\}\}"):
        given(X15.replace("workload: {radiology: 3, lab: 4}, ", ""))
    with pytest.raises(Unshareable, match=r'written as costs: \{patent_cost: "120\.00"\}'):
        given(X10.replace('told: {costs: {patent_cost: "12345.68"}}', ""))


def test_what_comes_and_what_is_taken_back_are_not_mixed():
    with pytest.raises(Unshareable, match="apart"):
        distribute(case(X15).policy, {"tax": 1, "observation": -1})


def test_a_rule_without_a_category_is_refused():
    policy = case(X15).policy
    assert (policy.category("RAD"), policy.category("V1")) == ("tests", "observation")
    with pytest.raises(Unshareable, match="V1"):
        case(X15.replace("observation: rest", "observation: [V2]")).policy.category("V1")


MISTAKES: dict[str, tuple[str, str, str]] = {
    "an unknown key": (X15.replace("rounding:", "colour:"), "colour", "not known here"),
    "an unknown key of a step": (X15.replace('share: "1"}', 'shares: "1"}', 1), "steps[1].shares", "not known here"),
    "an unknown pool": (X15.replace("take: tax", "take: taxes"), "steps[0].take", "taxes"),
    "a real number for a share": (X15.replace('share: "1"}', "share: 0.5}", 1), "steps[1].share", "in quotes"),
    "more than all": (X15.replace('share: "1"}', 'share: "1.5"}', 1), "steps[1].share", "More than all"),
    "an unknown category": (X15.replace("{category: tests}", "{category: test}"), "steps[3]", "no category test"),
    "a branch that is not there": (X15.replace("then: {team", "then: {teams"), "steps[4]", "no branch teams"),
    "weights of nothing": (X15.replace('{hospital: "10", team: "90"}', '{team: "0"}'), "steps[4].split", "No weight"),
    "a share and an amount": (X15.replace('share: "1"}', 'share: "1", fixed: "2.00"}', 1), "steps[1]", "or a fixed"),
    "two ways of dividing": (X15.replace("to: ec_account", "to: ec_account, by: workload"), "steps[1]", "one of to"),
    "no way of dividing": (X15.replace("take: tax, to: tax_payable", "take: tax"), "steps[0]", "one of to"),
    "points for one": (X15.replace("to: tax_payable", "to: tax_payable, min_points: 2"), "steps[0]", "measure"),
    "an unknown guard": (X15.replace("coi_valid:", "coi:"), "guards.coi", "not known here"),
    "an unknown answer of a guard": (X15.replace("warn", "shout"), "guards.training_valid", "shout"),
    "another rounding": (X15.replace("largest_remainder", "luck"), "rounding", "luck"),
    "a category after all that remains": (
        X15.replace("tax_payable}\n", "tax_payable}\n- {take: remaining, to: hospital}\n"),
        "steps[2]",
        "before anything",
    ),
    "a rule in two categories": (X15.replace("archiving: [ARC]", "archiving: [EC]"), "categories.archiving", "two"),
    "two rests": (X15.replace("archiving: [ARC]", "archiving: rest"), "categories.observation", "Only one"),
    "a category called net": (X15.replace("archiving", "net"), "categories.net", "cannot be"),
    "money of another exponent": (X15.replace('"6000.00"', '"6000.001"'), "received.tax", "decimals"),
    "an unknown currency": (X15.replace("CNY", "CNX"), "currency", "ISO 4217"),
    "no steps": (X15[: X15.index("steps:")] + RECEIVED, "", "licence_income"),
    "both variants": (X10.replace("points:", "steps: [{take: net, to: a}]\npoints:"), "", "not both"),
    "a deduction that says twice": (X10.replace("{deduct: patent_cost}", "{deduct: patent_cost, share: '1'}"),
                                    "licence_income[0]", "says itself"),
    "a rate of something else": (X10.replace("of: remaining", "of: gross"), "licence_income[1].deduct.of", "gross"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_path_and_line(name: str):
    text, path, words = MISTAKES[name]
    with pytest.raises(Unreadable) as refused:
        read_sharing(text, "policy.yaml")
    assert path in {wrong.where.path for wrong in refused.value.wrongs}
    assert words in str(refused.value)
    assert all(line.startswith("policy.yaml:") for line in str(refused.value).splitlines())
    assert all(wrong.where.line > 0 for wrong in refused.value.wrongs)


def test_what_a_run_tells_is_read_alone():
    points, costs = read_told("points: {workload: {radiology: 3, lab: 4}}\ncosts: {patent_cost: '1.00'}", 2)
    assert ({name: int(each) for name, each in points["workload"].items()}, costs) == (
        {"radiology": 3, "lab": 4},
        {"patent_cost": 100},
    )
    assert read_told(" ", 2) == ({}, {})
    with pytest.raises(Unreadable, match="workloads"):
        read_told("workloads: {}", 2)


def test_the_command_says_the_same(tmp_path: Path):
    file = tmp_path / "x15.yaml"
    text = X15 + "findings: {p2: [coi_valid]}\n"
    file.write_text(text)
    assert call("payments", "distribute", file, "--json").data == answer(case(text))
    shown = call("payments", "distribute", file, "--reverse").out
    assert "-20057.14" in shown
    assert "SUSPENSE coi_valid" in shown
    file.write_text(text.replace("rounding:", "colour:"))
    said = call("payments", "distribute", file)
    assert (said.code, said.out) == (2, "")
    assert f"{file}:16:colour" in said.err
    file.write_text(HOSPITAL + RECEIVED + TOLD.replace("workload", "work"))
    said = call("payments", "distribute", file)
    assert said.code == 2
    assert "workload" in said.err

"""A rule of the terms is told in words: every part of it, and nothing that it does not say."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from trialdesk.base.i18n import speaking
from trialdesk.payments.rules import terms
from trialdesk.payments.rules.explaining import explained, told_words
from trialdesk.payments.rules.predicates import Call, parse

HALF = Fraction(1, 2)
PLAIN = terms.Rule(
    "W12", terms.VISIT, terms.Trigger("visit_done", {"visit": "W12"}), terms.PER_SUBJECT, terms.Fixed(160000)
)
GRADE = terms.Grade(Call("max_query_days", ("unit",)), ((14, Fraction(1)), (21, Fraction(9, 10))), Fraction(3, 4), HALF)
MORE: dict[str, Any] = {
    "per": terms.PER_OCCURRENCE,
    "trigger": None,
    "require": (parse("consent_valid(unit.date)", ()), parse("not voided(subject)", ())),
    "window": terms.Window(-5, 5, terms.Outside(HALF, 10, None), Fraction(0)),
    "complete": terms.Complete(Fraction(4, 5), Fraction(0)),
    "grades": (GRADE,),
    "gates": ("G1",),
    "overhead": Fraction(3, 10),
    "holdback": terms.Holdback(Fraction(1, 10), "LOCK"),
    "ratio": terms.Ratio(2, 3, terms.RANDOMISED_VALID, 5, 20, terms.STEP),
    "cap_per_subject": 500000,
    "undo": terms.CLAW,
    "min_n": 10,
    "evidence": ("visit_record",),
}
AMOUNTS = (
    terms.Actual(None),
    terms.Actual(90000),
    terms.Tiers((terms.Tier(1, 10, 10000), terms.Tier(11, None, 8000))),
    terms.Share(Fraction(1, 20)),
)


def money(amount: int) -> str:
    return f"${amount / 100:,.2f}"


def words(rule: terms.Rule) -> dict[str, str]:
    return dict(explained(rule, money))


def test_a_rule_is_told_as_a_person_would():
    told = words(replace(PLAIN, **{name: value for name, value in MORE.items() if name not in {"per", "trigger"}}))
    assert told == {
        "Paid for": "visit done: W12, once for each participant",
        "Price": "$1,600.00",
        "Only if": "consent valid on its day\nnot: participant is voided",
        "In time": "−5 to +5 days from the target date\n"
        "outside it, up to 10 days from the target date: factor 0.5\nbeyond that: factor 0",
        "Done in part": "by the share of its procedures done; less than 80 %: factor 0",
        "Quality": "days its longest query took\nup to 14: factor 1\nup to 21: factor 0.9\nelse: factor 0.75\n"
        "open when the database is locked: factor 0.5",
        "Held back by the gates": "G1",
        "Overhead": "30 %",
        "Held back": "10 % until LOCK is earned",
        "How many": "2 for each 3: valid randomised participants\n5 from the start\nat most 20",
        "At most for a participant": "$5,000.00",
        "Shares count from": "10 cases",
        "If lost later": "it is clawed back for good",
        "Evidence": "visit record",
    }


def test_what_a_rule_leaves_open_is_not_told():
    assert set(words(PLAIN)) == {"Paid for", "Price", "If lost later"}


@pytest.mark.parametrize("name", MORE)
def test_every_part_of_a_rule_is_told(name):
    assert words(replace(PLAIN, **{name: MORE[name]})) != words(PLAIN)


def test_no_part_of_a_rule_is_unknown_here():
    assert set(MORE) | {"code", "kind", "amount", "multiply_grades", "where"} == set(terms.Rule.__dataclass_fields__)


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: type(amount).__name__)
def test_every_price_is_told(amount):
    told = words(replace(PLAIN, amount=amount))["Price"]
    assert told
    assert told != words(PLAIN)["Price"]


@pytest.mark.parametrize("multiplied", [True, False])
def test_several_grades_say_how_they_are_joined(multiplied):
    told = words(replace(PLAIN, grades=(GRADE, GRADE), multiply_grades=multiplied))["Quality"]
    assert told.endswith("the factors are multiplied" if multiplied else "the lowest factor counts")


def test_in_chinese_nothing_stays_english():
    with speaking("zh"):
        told = words(replace(PLAIN, **{**MORE, "trigger": PLAIN.trigger}))
    bare = re.sub(r"W12|G1|LOCK|visit record", "", " ".join((*told, *told.values())))
    assert not re.search(r"[A-Za-z]", bare)


def test_points_and_costs_are_told_by_line():
    assert told_words("") == ""
    assert told_words("points: {contribution_points: {amory: 30, shen: 24}}\ncosts: {drug: 100.10}") == (
        "contribution points: amory 30, shen 24\ncosts: drug 100.10"
    )

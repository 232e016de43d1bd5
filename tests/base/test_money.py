"""Money is exact: read from text, rounded where a rule says so, shared out without a remainder."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.base.i18n import speaking
from trialdesk.base.money import exact, exponent_of, minor_units, money_text, plain_money, rounded, shares


@pytest.mark.parametrize(
    ("currency", "exponent"), [("CNY", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("IQD", 3), ("HUF", 2)]
)
def test_exponents_are_those_of_the_standard(currency: str, exponent: int):
    assert exponent_of(currency) == exponent


def test_an_unknown_currency_is_no_currency():
    with pytest.raises(KeyError):
        exponent_of("XYZ")


@pytest.mark.parametrize(
    ("text", "exponent", "amount"), [("1200.00", 2, 120000), ("12", 2, 1200), ("0.5", 3, 500), ("40000", 0, 40000)]
)
def test_text_is_read_exactly(text: str, exponent: int, amount: int):
    assert minor_units(text, exponent) == amount


@pytest.mark.parametrize("text", ["1.005", "-1.00", "1,000.00", " 1", "1e3", "", ".5", "5.", "１", "NaN"])
def test_what_is_no_amount_is_refused(text: str):
    with pytest.raises(ValueError):
        minor_units(text, 2)


@pytest.mark.parametrize("value", [1.5, 3, None])
def test_numbers_are_refused_where_text_is_due(value: object):
    with pytest.raises(TypeError):
        exact(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        minor_units(value, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "expected"),
    [("half_up", [1, 2, 3, -1, -2, 0]), ("half_even", [0, 2, 2, 0, -2, 0]), ("floor", [0, 1, 2, -1, -2, 0])],
)
def test_halves_are_rounded_as_said(how: str, expected: list[int]):
    halves = [Fraction(n, 2) for n in (1, 3, 5, -1, -3)] + [Fraction(49, 100)]
    assert [rounded(each, how) for each in halves] == expected  # type: ignore[arg-type]


def test_shares_add_up_and_ties_go_in_order():
    assert shares(7888889, [1, 1, 1]) == (2629630, 2629630, 2629629)
    assert shares(2629630, [50, 30, 20]) == (1314815, 788889, 525926)
    assert shares(123457, [1, 1]) == (61729, 61728)
    assert shares(-123457, [1, 1]) == (-61729, -61728)
    assert shares(6480000, [41, 26, 17]) == (3162857, 2005714, 1311429)


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.fractions(0, 100), min_size=1, max_size=8).filter(lambda each: sum(each) > 0),
)
def test_shares_sum_exactly_and_a_negative_mirrors(amount: int, weights: list[Fraction]):
    found = shares(amount, weights)
    assert sum(found) == amount
    assert shares(-amount, weights) == tuple(-each for each in found)
    total = sum(weights)
    assert all(abs(each - amount * weight / total) < 1 for each, weight in zip(found, weights, strict=True))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_shares_of_nobody_are_refused(weights: list[int]):
    with pytest.raises(ValueError):
        shares(1, weights)


def test_money_is_shown_with_the_decimals_of_its_currency():
    assert [plain_money(*each) for each in ((157410, 2), (-5, 2), (119839, 0), (1, 3))] == [
        "1574.10",
        "-0.05",
        "119839",
        "0.001",
    ]
    assert money_text(119839, "JPY").endswith("119,839")
    assert money_text(1234, "IQD").endswith("1.234")
    with speaking("zh"):
        assert money_text(157410, "CNY") == "¥1,574.10"

"""Amounts as people write them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.base.amounts import LARGEST, read_amount
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.money import money_text, plain_money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("100", "CNY", 10_000),
        ("100.00", "CNY", 10_000),
        ("1,000.00", "EUR", 100_000),
        ("1,000", "EUR", 100_000),
        ("CN¥5", "CNY", 500),
        ("¥ 1,200.50", "CNY", 120_050),
        ("cny 7", "CNY", 700),
        ("¥7", "JPY", 7),
        ("€0.10", "EUR", 10),
        ("1,234.5", "CNY", 123_450),
        (".5", "CNY", 50),
        ("0", "CNY", 0),
        ("40000", "JPY", 40_000),
        ("1.000", "KWD", 1_000),
        ("9999999999999.99", "CNY", LARGEST),
    ],
)
def test_an_amount_is_in_whole_units(text: str, currency: str, minor: int):
    assert read_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("1.000", "CNY", "more decimals than CNY"),
        ("1.000", "EUR", "A comma sets thousands apart"),
        ("100.0", "JPY", "JPY has no decimals"),
        ("1,00", "EUR", "no amount"),
        ("€5", "CNY", "no amount"),
        ("CN¥5", "JPY", "no amount"),
        ("CN¥", "CNY", "no amount"),
        ("5 CNY CNY", "CNY", "no amount"),
        ("NaN", "CNY", "no amount"),
        ("Infinity", "CNY", "no amount"),
        ("1e3", "CNY", "no amount"),
        ("ten", "CNY", "no amount"),
        ("-5", "CNY", "not less than nothing"),
        ("\u22125.00", "CNY", "not less than nothing"),
        ("10000000000000", "CNY", "more than can be recorded"),
        ("9" * 5000, "CNY", "more than can be recorded"),
    ],
)
def test_what_is_doubtful_is_refused_in_words(text: str, currency: str, words: str):
    with pytest.raises(UserError) as refused:
        read_amount(text, currency)
    assert words in str(refused.value)


@given(st.integers(0, LARGEST), st.sampled_from([("CNY", 2), ("JPY", 0), ("KWD", 3)]))
def test_what_is_printed_reads_back(minor: int, of: tuple[str, int]):
    currency, places = of
    assert read_amount(plain_money(minor, places), currency) == minor


@pytest.mark.parametrize("language", ["en", "zh"])
@given(minor=st.integers(0, LARGEST), currency=st.sampled_from(["CNY", "EUR", "JPY", "KWD", "USD"]))
def test_what_is_shown_reads_back(language: str, minor: int, currency: str):
    with speaking(language):
        assert read_amount(money_text(minor, currency), currency) == minor


@given(st.text(max_size=24))
def test_any_text_is_an_amount_or_refused_in_words(text: str):
    with suppress(UserError):
        assert read_amount(text, "CNY") >= 0

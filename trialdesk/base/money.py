"""Money: integers of the currency's minor unit, rates as exact fractions, one rounding where a rule says so.

No floating point enters: what is not a whole number or decimal text is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.i18n import babel_locale

Rounding = Literal["half_up", "half_even", "floor"]

_DECIMAL = re.compile(r"(?P<whole>\d+)(\.(?P<part>\d+))?", re.ASCII)


def exponent_of(currency: str) -> int:
    """Return how many decimals the currency's minor unit has. Raises KeyError for a code ISO 4217 does not list."""
    return EXPONENTS[currency]


def exact(text: str) -> Fraction:
    """Return a rate or factor written as decimal text. Raises ValueError for anything else, also for a sign.

    A floating-point number raises TypeError: it has lost what was written.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Fraction(text)


def minor_units(text: str, exponent: int) -> int:
    """Return money written as decimal text in minor units.

    Raises ValueError for other text and for more decimals than `exponent`, TypeError for a number: money is written
    as text.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match["part"] or "") > exponent:
        raise ValueError(text)
    return int(match["whole"] + (match["part"] or "").ljust(exponent, "0"))


def rounded(amount: Fraction, how: Rounding = "half_up") -> int:
    """Round to whole minor units: `half_up` is half away from zero, `half_even` the banker's, `floor` downwards."""
    if amount.denominator == 1:
        return amount.numerator
    if how == "floor":
        return floor(amount)
    if how == "half_even":
        return round(amount)
    nearest = floor(abs(amount) + Fraction(1, 2))
    return nearest if amount >= 0 else -nearest


def part_of(amount: int, rate: Fraction, how: Rounding = "half_up") -> int:
    """Return that part of an amount, rounded to whole minor units."""
    whole, rest = divmod(amount * rate.numerator, rate.denominator)
    return whole if not rest else rounded(amount * rate, how)


def shares(amount: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Share `amount` out by weight so that the shares add up to it: largest remainders first, ties in order.

    A negative amount mirrors the positive one. Raises ValueError where a weight is negative or none is positive.
    """
    total = Fraction(sum(weights, Fraction(0)))
    if total <= 0 or min(weights) < 0:
        raise ValueError(weights)
    sign = -1 if amount < 0 else 1
    ideal = [abs(amount) * Fraction(weight) / total for weight in weights]
    whole = [floor(each) for each in ideal]
    left = abs(amount) - sum(whole)
    by_remainder = sorted(range(len(ideal)), key=lambda index: (whole[index] - ideal[index], index))
    for index in by_remainder[:left]:
        whole[index] += 1
    return tuple(sign * each for each in whole)


def plain_money(amount: int, exponent: int) -> str:
    """Return money as decimal text without currency or grouping: 142.50, -3.00, 119839."""
    return f"{Decimal(amount).scaleb(-exponent):.{exponent}f}"


def money_text(amount: int, currency: str) -> str:
    """Return money as people of the language in force write it, with all decimals of the currency and no others."""
    from babel import Locale

    return _applied(Locale.parse(babel_locale()).currency_formats["standard"].pattern, amount, currency)


def figure_text(amount: int, currency: str) -> str:
    """Return money as `money_text` does, without saying the currency: for a table whose row or heading says it."""
    from babel import Locale

    return _applied(Locale.parse(babel_locale()).decimal_formats[None].pattern, amount, currency)


def _applied(written: str, amount: int, currency: str) -> str:
    from babel import Locale
    from babel.numbers import parse_pattern

    exponent = exponent_of(currency)
    locale = Locale.parse(babel_locale())
    pattern = parse_pattern(written)
    # Babel's own decimals are those of daily use (no fils in Iraq), not the standard's.
    pattern.frac_prec = (exponent, exponent)
    said: str = pattern.apply(Decimal(amount).scaleb(-exponent), locale, currency=currency, currency_digits=False)
    return said

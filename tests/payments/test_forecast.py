"""X18, and what holds of every forecast."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as some

from trialdesk.payments.rules.case import Tax
from trialdesk.payments.rules.documents import tax_on
from trialdesk.payments.rules.forecast import (
    Month,
    Newcomer,
    Rates,
    Visit,
    forecast,
    line_of,
    month_of,
    months_between,
    reached,
    spread_over,
)

JULY = date(2026, 7, 1)
TENTH = Fraction(1, 10)
RATES = Rates(Fraction("0.95"), Fraction(2), Fraction(4), Fraction(6))


def test_a_month_of_visits_due_and_of_people_to_come():
    """X18."""
    assert line_of(150000, TENTH, TENTH) == (165000, 16500)
    due = [Visit(JULY + timedelta(days=n), *line_of(150000, TENTH, TENTH)) for n in range(10)]
    new = [Newcomer(0, *line_of(120000, TENTH, TENTH)), Newcomer(0, *line_of(200000, TENTH, TENTH))]
    told = forecast(due, new, RATES, first=JULY, months=1, delays={2: 60, 3: 40})
    assert told == (Month(JULY, 2271500, 2975500, 3679500, 297550, 2677950),)
    assert tax_on([told[0].net], Tax("VAT6", Fraction("0.06"), "half_up", per_line=False)) == 160677
    assert spread_over(told[0].net, {2: 60, 3: 40}) == {2: 1606770, 3: 1071180}
    later = forecast(due, [], RATES, first=JULY, months=4, delays={2: 60, 3: 40})
    assert [each.cash for each in later] == [0, 0, 846450, 564300]


def test_who_comes_later_brings_visits_later():
    new = [Newcomer(0, 1000, 0), Newcomer(2, 500, 0)]
    told = forecast([], new, Rates(Fraction(1), Fraction(0), Fraction(1), Fraction(2)), first=JULY, months=4, delays={})
    assert [each.base for each in told] == [1000, 1000, 1500, 1500]
    assert [each.low for each in told] == [0] * 4
    assert [each.cash for each in told] == [0] * 4


def test_nobody_comes_once_all_places_are_taken():
    told = forecast([], [Newcomer(0, 1000, 0)], RATES, first=JULY, months=4, delays={}, places=5)
    assert [each.low for each in told] == [2000, 2000, 1000, 0]
    assert [each.base for each in told] == [4000, 1000, 0, 0]
    assert [each.high for each in told] == [5000, 0, 0, 0]


def test_nothing_is_foretold_beyond_the_ceiling():
    due = [Visit(month_of(JULY, n), 1000, 100) for n in range(4)]
    rates = Rates(Fraction(1), Fraction(0), Fraction(0), Fraction(0))
    told = forecast(due, [], rates, first=JULY, months=4, delays={0: 1}, room=2500)
    assert [(each.base, each.hold, each.net, each.cash) for each in told] == [
        (1000, 100, 900, 900),
        (1000, 100, 900, 900),
        (500, 50, 450, 450),
        (0, 0, 0, 0),
    ]
    assert reached(7500, told, 10000) == month_of(JULY, 2)
    fast = forecast([], [Newcomer(0, 1000, 0)], RATES, first=JULY, months=3, delays={}, room=9000)
    assert [(each.low, each.base, each.high) for each in fast] == [
        (2000, 4000, 6000),
        (2000, 4000, 3000),
        (2000, 1000, 0),
    ]
    assert {each.base for each in forecast(due, [], rates, first=JULY, months=4, delays={}, room=-1)} == {0}


def test_who_comes_faster_brings_as_much_sooner():
    told = forecast([], [Newcomer(0, 1000, 0), Newcomer(1, 10, 0)], RATES, first=JULY, months=9, delays={}, places=12)
    sums = [list(accumulate(getattr(each, name) for each in told)) for name in ("low", "base", "high")]
    assert all(low <= base <= high for low, base, high in zip(*sums, strict=True))
    assert {each[-1] for each in sums} == {12 * 1010}


def test_the_ceiling_is_reached_in_the_month_that_fills_it():
    told = forecast([Visit(date(2026, 8, 15), 500, 0)], [], RATES, first=JULY, months=3, delays={})
    assert reached(600, told, 1075) == date(2026, 8, 1)
    assert reached(600, told, 1076) is None
    assert reached(600, told, None) is None


def test_months_go_over_the_year_and_end_in_february():
    assert month_of(date(2027, 12, 31), 2) == date(2028, 2, 1)
    assert months_between(date(2027, 12, 31), date(2028, 2, 29)) == 2


lines = some.tuples(some.integers(0, 400), some.integers(0, 10**6)).map(
    lambda said: Visit(JULY + timedelta(days=said[0]), said[1], said[1] // 10)
)


@given(
    some.lists(lines, max_size=20),
    some.fractions(0, 1),
    some.dictionaries(some.integers(0, 5), some.integers(1, 9)),
)
@settings(max_examples=150, deadline=None)
def test_low_middle_and_high_are_in_order_and_all_cash_comes_of_what_is_invoiced(
    due: list[Visit], stay: Fraction, delays: dict[int, int]
):
    rates = Rates(stay, Fraction(1), Fraction(2), Fraction(3))
    told = forecast(due, [Newcomer(1, 7000, 700)], rates, first=JULY, months=30, delays=delays)
    assert all(0 <= each.low <= each.base <= each.high for each in told)
    assert all(each.net == each.base - each.hold >= 0 for each in told)
    assert sum(each.cash for each in told) <= sum(each.net for each in told)
    early = sum(each.net for each in told[: 30 - 6])
    assert not delays or sum(each.cash for each in told) >= early

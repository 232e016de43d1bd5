"""What is open ages by the calendar, disputes stop only their own clock, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from trialdesk.payments.rules.receivables import (
    AGES,
    DISPUTED,
    LATE,
    OVERPAID,
    Billed,
    Pause,
    age_of,
    aged,
    days_outstanding,
    days_to_pay,
    interest,
    open_parts,
)

DUE = date(2026, 8, 19)
RATE = Fraction("0.0003")
REST = Billed("INV-1", "rest", 5194530, DUE, paid=((date(2026, 9, 10), 5191030),), interest=RATE)
DISPUTE = (Pause(date(2026, 8, 15), date(2026, 9, 20), 314820),)
UPHELD = Billed("INV-1", "upheld", 314820, DUE, disputes=DISPUTE, interest=RATE)
DUPLICATE = Billed(
    "INV-1", "twice", 157410, DUE, credits=((date(2026, 9, 20), -157410),),
    disputes=(Pause(date(2026, 8, 15), date(2026, 9, 20), 157410),), interest=RATE,
)  # fmt: skip
INVOICE = (REST, UPHELD, DUPLICATE)


def test_a_short_payment_and_a_dispute_upheld_in_part():
    """X16: a bank fee short, two of three disputed visits upheld, the third credited."""
    assert sum(line.gross for line in INVOICE) == 5666760
    sums = aged(open_parts(INVOICE, date(2026, 9, 30)))
    assert (sums["1-30"], sums["31-60"], sum(sums.values())) == (314820, 3500, 318320)
    late = {part.line: (part.due_on, part.days_late) for part in open_parts(INVOICE, date(2026, 9, 30))}
    assert late == {"rest": (DUE, 42), "upheld": (date(2026, 9, 24), 6)}
    assert interest(INVOICE, date(2026, 9, 10)) == {"INV-1": 34284}


def test_a_dispute_lost_is_written_off_and_the_rest_keeps_its_clock():
    line = replace(UPHELD, written_off=((date(2026, 9, 20), 100000),))
    before, after = (aged(open_parts((line,), day)) for day in (date(2026, 9, 19), date(2026, 9, 30)))
    assert (before[DISPUTED], sum(before.values())) == (314820, 314820)
    assert (after["1-30"], sum(after.values())) == (214820, 214820)
    whole = replace(UPHELD, written_off=((date(2026, 9, 20), 314820),))
    assert sum(aged(open_parts((whole,), date(2026, 9, 30))).values()) == 0
    assert interest((whole,), date(2026, 9, 30)) == {"INV-1": 0}


def test_days_sales_outstanding_are_of_the_year_before():
    issued = [(date(2025, 1, 1), 999), (date(2026, 1, 1), 3000), (date(2026, 2, 1), 1000)]
    assert days_outstanding(issued, 2000, date(2026, 4, 10)) == 50  # half of what was invoiced in a hundred days
    assert days_outstanding(issued, -5, date(2026, 4, 10)) == 0
    assert days_outstanding(issued[:1], 999, date(2026, 4, 10)) is None
    assert days_outstanding([], 0, date(2026, 4, 10)) is None


def test_while_it_lasts_a_dispute_is_apart_and_bears_nothing():
    on = date(2026, 9, 1)
    assert aged(open_parts(INVOICE, on))[DISPUTED] == 472230
    assert aged(open_parts(INVOICE, on))["1-30"] == 5194530
    assert interest((UPHELD,), on)["INV-1"] == 0
    assert interest((UPHELD,), date(2026, 9, 30)) == {"INV-1": 567}


def test_of_a_line_disputed_in_part_the_rest_stays_due_and_is_paid_first():
    line = replace(UPHELD, disputes=(Pause(date(2026, 8, 15), None, 100000),), paid=((date(2026, 9, 1), 250000),))
    sums = aged(open_parts((line,), date(2026, 9, 10)))
    assert (sums[DISPUTED], sum(sums[age] for age in LATE)) == (64820, 0)


def test_what_was_paid_and_then_credited_is_owed_back():
    line = Billed("INV-1", "x", 1000, DUE, credits=((date(2026, 9, 1), -1000),), paid=((date(2026, 8, 1), 1000),))
    sums = aged(open_parts((line,), date(2026, 12, 31)))
    assert (sums[OVERPAID], sum(sums.values())) == (-1000, -1000)
    assert open_parts((line,), date(2026, 8, 31)) == ()


@pytest.mark.parametrize(
    ("days", "age"),
    [(-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "over_90")],
)  # fmt: skip
def test_the_first_day_late_is_the_day_after_it_was_due(days: int, age: str):
    assert age_of(days) == age


def test_without_a_due_date_or_a_rate_nothing_is_late_or_bears_interest():
    line = Billed("INV-1", "x", 1000, None, interest=RATE)
    assert aged(open_parts((line,), date(2030, 1, 1)))["not_due"] == 1000
    assert interest((line,), date(2030, 1, 1)) == {"INV-1": 0}
    assert interest((replace(REST, interest=None),), date(2030, 1, 1)) == {}


def test_days_to_pay_are_weighed_by_amount():
    issued = date(2026, 7, 1)
    assert days_to_pay([(issued, [(date(2026, 7, 11), 300), (date(2026, 7, 31), 100)])]) == 15
    assert days_to_pay([(issued, [])]) is None


days = some.integers(0, 200).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@some.composite
def billed(draw: some.DrawFn, number: int = 0) -> Billed:
    gross = draw(some.integers(0, 10_000))
    credited = draw(some.integers(0, gross))
    paid, left = [], gross
    for day in draw(some.lists(days, max_size=4)):
        part = draw(some.integers(0, left))
        left -= part
        paid.append((day, part))
    disputes = []
    for day in draw(some.lists(days, max_size=2)):
        after = draw(some.one_of(some.none(), some.integers(0, 90)))
        resolved = None if after is None else day + timedelta(days=after)
        disputes.append(Pause(day, resolved, draw(some.integers(1, max(gross, 1)))))
    written_off = [(draw(days), draw(some.integers(0, left)))] if draw(some.booleans()) else []
    return Billed(
        f"INV-{number}",
        "line",
        gross,
        draw(some.one_of(some.none(), days)),
        credits=((draw(days), -credited),) if credited else (),
        paid=tuple(paid),
        disputes=tuple(disputes),
        interest=RATE,
        written_off=tuple(written_off),
    )


@given(some.lists(billed(), max_size=6), days)
@settings(max_examples=300, deadline=None)
def test_invoiced_is_received_and_open_and_in_dispute_on_every_day(lines: list[Billed], on: date):
    sums = aged(open_parts(lines, on))
    asked = sum(line.gross + sum(amount for day, amount in line.credits if day <= on) for line in lines)
    received = sum(amount for line in lines for day, amount in line.paid if day <= on)
    given_up = sum(amount for line in lines for day, amount in line.written_off if day <= on)
    assert asked == received + given_up + sum(sums.values())
    assert set(sums) == set(AGES)
    assert all(amount >= 0 for age, amount in sums.items() if age != OVERPAID)
    assert sums[OVERPAID] <= 0


@given(billed(), days, some.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_interest_only_grows_and_a_dispute_never_makes_it_more(line: Billed, on: date, more: int):
    later = on + timedelta(days=more)
    calm = replace(line, disputes=(), credits=(), written_off=())
    before, after = (interest((calm,), day).get(calm.invoice, 0) for day in (on, later))
    assert 0 <= before <= after
    disputed = interest((replace(line, credits=()),), later).get(line.invoice, 0)
    assert 0 <= disputed <= after

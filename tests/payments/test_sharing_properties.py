"""What holds for every policy and every amount: I4 and its kin, on policies made at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from trialdesk.payments.rules.pools import NET, REMAINING, TAX
from trialdesk.payments.rules.shared_parts import Billed, Paid, Part, taken_back, to_share, to_take_back, totals
from trialdesk.payments.rules.sharing import By, Policy, Share, Split, Step, distribute, less, mirrored

NAMES = ("a", "b", "c", "d", "e")
weight = st.builds(Fraction, st.integers(0, 60), st.integers(1, 7))
weights = st.dictionaries(st.sampled_from(NAMES), weight, min_size=1).filter(lambda each: any(each.values()))
money = st.one_of(st.none(), st.integers(0, 20_000))
parts = st.builds(Fraction, st.integers(0, 8), st.just(8))


@st.composite
def splits(draw: st.DrawFn, depth: int = 1) -> Split:
    by = draw(weights)
    caps = draw(st.dictionaries(st.sampled_from(sorted(by)), st.integers(0, 30_000), max_size=2))
    below = st.just(By("points")) if depth == 0 else st.one_of(st.just(By("points")), splits(depth=depth - 1))
    # What a deeper split leaves for its caps stays in the pool: every level may have them.
    then = draw(st.dictionaries(st.sampled_from(sorted(by)), below, max_size=1))
    return Split(by, then, caps)


targets = st.one_of(st.sampled_from(NAMES), st.just(By("points", Fraction(1))), splits())


@st.composite
def steps(draw: st.DrawFn, pool: str) -> Step:
    share, fixed, cap = draw(parts), draw(money), draw(money)
    return Step(pool, draw(targets), share=Fraction(1) if fixed is not None else share, fixed=fixed, cap=cap)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    own = draw(st.lists(st.sampled_from((NET, TAX)).flatmap(steps), max_size=3))
    rest = draw(st.lists(steps(REMAINING), max_size=2))
    # The last ones take whatever is left, so that every amount can be shared out.
    last = (Step(TAX, "office"), Step(REMAINING, draw(st.sampled_from(("fund", *NAMES)))))
    return Policy("P", 1, date(2026, 1, 1), "CNY", 2, (*own, *rest, *last))


amounts = st.fixed_dictionaries({NET: st.integers(0, 3_000_000), TAX: st.integers(0, 200_000)})
points = st.fixed_dictionaries({"points": weights.filter(lambda each: max(each.values()) >= 1)})


def sums(shares: tuple[Share, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in shares:
        found[each.beneficiary] = found.get(each.beneficiary, 0) + each.amount
    return found


def told(policy: Policy, told: dict[str, dict[str, Fraction]]) -> dict[str, dict[str, Fraction]]:
    return told if policy.measures else {}


@given(policies(), amounts, points)
def test_shares_add_up_to_what_was_received_and_nobody_owes_for_it(policy, amounts, points):
    shares = distribute(policy, amounts, told(policy, points))
    assert sum(each.amount for each in shares) == sum(amounts.values())
    assert all(each.amount > 0 and type(each.amount) is int for each in shares)
    for step in policy.steps:
        given_ = sum(each.amount for each in shares if policy.steps[each.step - 1] is step)
        assert step.cap is None or given_ <= step.cap
        assert step.fixed is None or given_ <= step.fixed


@given(policies(), amounts, points)
def test_taking_it_back_is_the_exact_mirror(policy, amounts, points):
    shares = distribute(policy, amounts, told(policy, points))
    back = distribute(policy, {name: -each for name, each in amounts.items()}, told(policy, points))
    assert back == mirrored(shares)
    assert sums((*shares, *back)).keys() <= sums(shares).keys()
    assert not any(sums((*shares, *back)).values())
    assert less((), shares) == tuple(sorted(back, key=lambda each: (each.step, each.path)))
    assert less(shares, shares) == ()


@given(policies(), amounts, points, st.lists(st.integers(0, 1_000_000), max_size=4))
def test_credits_add_up_to_what_was_credited_and_never_leave_anybody_below_nothing(policy, amounts, points, falls):
    measures = told(policy, points)
    now, standing = amounts, sums(distribute(policy, amounts, measures))
    for credit in [*falls, amounts[NET] + amounts[TAX]]:
        then = dict(now)
        for pool in (NET, TAX):
            taken = min(credit, then[pool])
            then[pool] -= taken
            credit -= taken  # noqa: PLW2901 - what is left of it goes to the next pool
        taken_back = less(distribute(policy, then, measures), distribute(policy, now, measures))
        assert sum(each.amount for each in taken_back) == sum(then.values()) - sum(now.values())
        for name, amount in sums(taken_back).items():
            standing[name] = standing.get(name, 0) + amount
        assert min(standing.values(), default=0) >= 0
        now = then
    assert not any(standing.values())


@given(weights, st.integers(0, 10**9))
def test_the_order_of_beneficiaries_decides_nothing_but_ties(by, amount):
    found: dict[str, set[int]] = {}
    for order in list(permutations(by))[:24]:
        policy = Policy("P", 1, date(2026, 1, 1), "CNY", 2, (Step(NET, Split({name: by[name] for name in order})),))
        mine = sums(distribute(policy, {NET: amount}))
        for name in by:
            found.setdefault(name, set()).add(mine.get(name, 0))
    total = sum(by.values(), Fraction(0))
    remainders = [amount * each / total - amount * each // total for each in by.values() if each]
    for name, got in found.items():
        exact = amount * by[name] / total
        assert all(abs(each - exact) < 1 for each in got)
        if remainders.count(exact - exact // 1) <= 1:
            assert len(got) == 1


@given(weights, st.integers(0, 10**9), st.integers(1, 10**6))
def test_weights_say_how_much_one_has_of_all_and_not_how_they_are_written(by, amount, factor):
    policy = Policy("P", 1, date(2026, 1, 1), "CNY", 2, (Step(NET, Split(by)),))
    scaled = replace(policy, steps=(Step(NET, Split({name: each * factor for name, each in by.items()})),))
    assert sums(distribute(policy, {NET: amount})) == sums(distribute(scaled, {NET: amount}))


@settings(max_examples=200)
@given(weights, st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10**6)), st.integers(0, 10**7))
def test_caps_hold_and_what_is_left_for_them_is_all_that_is_left(by, caps, amount):
    mine = {name: each for name, each in caps.items() if name in by}
    policy = Policy("P", 1, date(2026, 1, 1), "CNY", 2, (Step(NET, Split(by, caps=mine)), Step(REMAINING, "rest")))
    got = sums(distribute(policy, {NET: amount}))
    assert all(got.get(name, 0) <= cap for name, cap in mine.items())
    if got.get("rest"):
        assert all(got.get(name, 0) == mine[name] for name, each in by.items() if each)


paid = st.lists(st.integers(1, 500_000), min_size=1, max_size=6)


@given(st.integers(1, 10**6), st.integers(0, 10**5), paid, st.integers(0, 10**6), st.data())
def test_a_line_paid_in_any_parts_is_shared_to_the_unit_and_lowered_to_what_it_owes(net, tax, amounts, credited, data):
    gross = net + tax
    billed = {"L": Billed(gross, tax, gross)}
    shared: list[Part] = []
    left = gross
    for place, amount in enumerate([*amounts, gross]):
        amount = min(amount, left)  # noqa: PLW2901 - no more is allocated than the line owes
        left -= amount
        found = to_share([Paid(f"A{place}", "L", "V", "001", amount)] if amount else [], billed, shared)
        assert all(each.net >= 0 and each.tax >= 0 for each in found)
        assert sum(each.gross for each in found) == amount
        shared += found
    assert totals(shared) == (net, tax)
    owed = {"L": Billed(gross, tax, max(0, gross - credited))}
    # Distributions follow the credit note one after the other, in any order.
    order = data.draw(st.permutations(range(len(amounts) + 1)))
    for place in order:
        own = [each for each in shared if each.allocation == f"A{place}"]
        back = to_take_back(own, owed, shared)
        assert all(each.net <= 0 and each.tax <= 0 for each in back)
        shared += back
    assert sum(each.gross for each in shared) == owed["L"].left
    assert to_share([Paid("A9", "L", "V", "001", gross)], owed, shared) == ()
    assert totals((*shared, *taken_back(shared))) == (0, 0)

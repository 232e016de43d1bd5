"""What came and went of the study product: never more than there was, whatever is recorded, corrected or voided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.support.acts import a_site
from tests.support.trial import Trial
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.actions import correct_movement, record_movement, void_movement
from trialdesk.enrollment.queries.products import batches, movements
from trialdesk.enrollment.stock import COMES, MOVEMENTS, after_each, kept_by, on_hand, short_on
from trialdesk.studies.queries import sites

CODES = tuple(code for code, _label in MOVEMENTS)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement on plain values."""

    moved: str
    moved_on: date
    quantity: int
    participant: Id | None = None


moves = some.lists(
    some.builds(
        Moved, some.sampled_from(CODES), some.dates(date(2026, 1, 1), date(2026, 1, 9)), some.integers(1, 9),
        some.sampled_from(("p", "q")),
    ),
    max_size=12,
)  # fmt: skip


@given(moves, some.randoms(use_true_random=False))
def test_stock_is_what_came_less_what_went_in_whatever_order_it_is_told(given_moves: list[Moved], random: Any):
    came = sum(each.quantity for each in given_moves if each.moved in COMES)
    went = sum(each.quantity for each in given_moves if each.moved not in COMES)
    assert on_hand(given_moves) == came - went
    mixed = random.sample(given_moves, len(given_moves))
    assert short_on(mixed) == short_on(given_moves)
    assert kept_by(mixed) == kept_by(given_moves)


@given(moves)
def test_the_first_day_that_is_short_is_the_first_whose_days_before_and_it_add_up_to_less_than_nothing(
    given_moves: list[Moved],
):
    days = sorted({each.moved_on for each in given_moves})
    ends = [(day, on_hand([each for each in given_moves if each.moved_on <= day])) for day in days]
    first = next((day for day, left in ends if left < 0), None)
    found = short_on(given_moves)
    assert (found.on if found else None) == first
    assert [left for _each, left in after_each(given_moves)][-1:] == [left for _day, left in ends][-1:]


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


def move(trial: Trial, moved: str, quantity: int, on: str = "2026-03-03", **more: Any) -> Id:
    site = next(iter(trial.desk.read(sites, study=trial.study))).id
    said = {"site": site, "product": "Iron 20 mg", "batch": "B-1", "unit": "bottles", **more}
    made: Id = trial.desk.run(
        record_movement, study=trial.study, moved=moved, quantity=quantity, moved_on=date.fromisoformat(on), **said
    ).result
    return made


def left(trial: Trial) -> list[int]:
    return [on_hand(rows) for rows in batches(trial.desk.read(movements, study=trial.study)).values()]


def test_a_batch_is_followed_from_its_delivery_to_its_destruction(trial: Trial):
    who = trial.ready("001")
    move(trial, "received", 10, "2026-03-01")
    move(trial, "given", 3, participant=who, batch=" b-1")
    move(trial, "returned", 1, participant=who, unit="Bottles")
    move(trial, "destroyed", 1, reference="Certificate 7")
    assert left(trial) == [7]


@pytest.mark.parametrize(
    ("moved", "more", "words"),
    [
        ("given", {}, "To or by whom"),
        ("destroyed", {"quantity": 11}, "1 more of batch B-1"),
        ("destroyed", {"on": "2026-02-28", "quantity": 1}, "On 2026-02-28"),
        ("received", {"quantity": 0}, "one unit or more"),
        ("received", {"unit": "tablets"}, "counted in “bottles”"),
        ("received", {"on": "2026-03-09"}, "still to come"),
        ("lost", {"participant": "somebody"}, "Only what is given"),
        ("returned", {"participant": "somebody"}, "would have returned 2 more"),
    ],
)
def test_what_cannot_have_been_is_refused_and_changes_nothing(
    trial: Trial, moved: str, more: dict[str, Any], words: str
):
    who = trial.ready("001")
    move(trial, "received", 10, "2026-03-01")
    said = {"quantity": 2, **more}
    if "participant" in said:
        said["participant"] = who
    with pytest.raises(UserError, match=words):
        move(trial, moved, **said)
    assert left(trial) == [10]


def test_a_delivery_is_not_taken_from_under_what_was_given_of_it(trial: Trial):
    who = trial.ready("001")
    delivery = move(trial, "received", 10, "2026-03-01")
    move(trial, "given", 8, participant=who)
    about: dict[str, Any] = {
        "study": trial.study,
        "product_movement": delivery,
        "version": 1,
        "reason": "counted again",
    }
    with pytest.raises(UserError, match="8 more of batch"):
        trial.desk.run(void_movement, **about)
    with pytest.raises(UserError, match="3 more of batch"):
        trial.desk.run(correct_movement, **about, quantity=5)
    with pytest.raises(UserError, match="On 2026-03-03"):
        trial.desk.run(correct_movement, **about, moved_on=date(2026, 3, 4))
    trial.desk.run(correct_movement, **about, quantity=9)
    assert left(trial) == [1]


def test_another_site_has_stock_of_its_own(trial: Trial):
    move(trial, "received", 10)
    other = a_site(trial.desk, trial.study, "02")
    with pytest.raises(UserError, match="2 more of batch"):
        move(trial, "sent_back", 2, site=other)

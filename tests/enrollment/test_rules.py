"""Flow, disposition, visits against windows: sums close whatever the history."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.enrollment.rules import (
    COMPLETED,
    LOST_TO_FOLLOW_UP,
    NOT_ALLOCATED,
    Ending,
    Subject,
    counted,
    disposition,
    flow,
    happened_by,
    odd_dates,
    planned_date,
    visit_state,
)

ARMS = ("Active", "Placebo", "Empty")
REASONS = [COMPLETED, "ADVERSE EVENT", LOST_TO_FOLLOW_UP, "SCREEN FAILURE", "因不良事件"]
ENDINGS = st.builds(
    Ending,
    st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2021, 1, 1)).map(date.isoformat), st.just("2020-06")),
    st.one_of(st.none(), st.integers(1, 9)),
    st.sampled_from(REASONS),
)
SUBJECTS = st.lists(
    st.builds(
        Subject,
        st.one_of(st.none(), st.sampled_from(ARMS[:2])),
        st.booleans(),
        st.lists(ENDINGS, max_size=3).map(tuple),
        st.frozensets(st.sampled_from(["ITT", "SAFETY"])),
    ),
    max_size=40,
)


@given(SUBJECTS)
def test_the_flow_closes(subjects: list[Subject]):
    found = flow(subjects, ARMS, ["ITT", "SAFETY"])
    assert found.assessed == len(subjects) == found.excluded.total + found.screening + found.randomised
    assert found.randomised == sum(arm.allocated for arm in found.arms)
    assert [arm.arm for arm in found.arms] == list(ARMS)
    for arm in found.arms:
        assert arm.completed + arm.discontinued.total <= arm.allocated
        assert arm.discontinued.total == sum(arm.discontinued.reasons.values())
        assert arm.lost_to_follow_up == arm.discontinued.reasons.get(LOST_TO_FOLLOW_UP, 0)
        assert arm.received <= arm.allocated
        assert all(count <= arm.allocated for count in arm.analysed.values())
    assert sum(found.excluded.reasons.values()) == found.excluded.total, "who has no outcome is still in screening"


@given(SUBJECTS)
def test_disposition_and_flow_agree(subjects: list[Subject]):
    found, table = flow(subjects, ARMS, []), disposition(subjects, ARMS)
    for arm in found.arms:
        assert table[arm.arm].get(COMPLETED, 0) == arm.completed
        assert sum(table[arm.arm].values()) == arm.completed + arm.discontinued.total
    left = sum(sum(table.get(name, {}).values()) for name in NOT_ALLOCATED.values())
    assert left == sum(found.excluded.reasons.values())


def test_the_last_ending_counts():
    earlier, later = Ending("2020-03-01", 9, "ADVERSE EVENT"), Ending("2020-05-01", 1, COMPLETED)
    assert Subject("Active", exposed=True, endings=(later, earlier)).ending == COMPLETED
    assert Subject("Active", exposed=True).ending is None


def test_reasons_come_most_frequent_first_and_an_unknown_one_counts_in_the_total():
    found = counted(["B", "A", "B", ""])
    assert (found.total, list(found.reasons.items())) == (4, [("B", 2), ("A", 1)])


@pytest.mark.parametrize(
    ("partial", "as_of", "expected"),
    [
        ("2020-03-01", date(2020, 3, 1), True),
        ("2020-03-01", date(2020, 2, 29), False),
        ("2020-03", date(2020, 3, 1), True),
        ("2020", date(2019, 12, 31), False),
        (None, date(2020, 3, 1), False),
        (None, None, True),
    ],
)
def test_what_had_happened_by_a_day(partial: str | None, as_of: date | None, expected: bool):
    assert happened_by(partial, as_of) is expected


def test_day_one_is_the_reference_day():
    assert planned_date(1, "2020-03-01") == date(2020, 3, 1)
    assert planned_date(-1, "2020-03-01") == date(2020, 2, 29)
    assert planned_date(14, "2020-03-01") == date(2020, 3, 14)
    assert planned_date(14, "2020-03") is None
    assert planned_date(None, "2020-03-01") is None


@given(st.integers(-40, 40), st.integers(0, 10), st.integers(0, 10))
def test_the_days_of_the_window_are_inside_it(offset: int, before: int, after: int):
    planned = date(2020, 6, 15)
    on = planned + timedelta(days=offset)
    state = visit_state(
        planned_on=planned, before=before, after=after, started_on=on.isoformat(), happened=True, today=on
    )
    assert state == ("early" if offset < -before else "late" if offset > after else "in window")
    waiting = visit_state(planned_on=planned, before=before, after=after, started_on=None, happened=None, today=on)
    assert waiting == ("planned" if offset < -before else "overdue" if offset > after else "due")


@pytest.mark.parametrize(
    ("planned_on", "started_on", "happened", "expected"),
    [
        (None, None, None, "planned"),
        (None, "2020-03-01", True, "done"),
        (date(2020, 3, 1), "2020-03", True, "done"),
        (date(2020, 3, 1), None, True, "done"),
        (date(2020, 3, 1), None, False, "missed"),
    ],
)
def test_what_cannot_be_judged_is_simply_done(
    planned_on: date | None, started_on: str | None, happened: bool | None, expected: str
):
    state = visit_state(
        planned_on=planned_on, before=1, after=1, started_on=started_on, happened=happened, today=date(2020, 3, 9)
    )
    assert state == expected


def test_without_a_window_a_visit_is_neither_early_nor_late():
    assert (
        visit_state(
            planned_on=date(2020, 3, 1),
            before=None,
            after=None,
            started_on="2020-04-09",
            happened=True,
            today=date(2020, 5, 1),
        )
        == "done"
    )


@pytest.mark.parametrize(
    ("planned_on", "state"),
    [(date(2026, 1, 10), "overdue"), (date(2026, 1, 20), "not due"), (None, "not due")],
)
def test_who_ended_owes_no_visit_planned_for_later(planned_on, state):
    found = visit_state(
        planned_on=planned_on,
        before=3,
        after=3,
        started_on=None,
        happened=None,
        today=date(2026, 3, 4),
        ended_on=date(2026, 1, 15),
    )
    assert found == state


def test_dates_that_cannot_be_are_said_by_field():
    today = date(2026, 3, 4)
    values = {"screened_on": "2026-03-05", "started_on": "2026-02", "ended_on": "2026-01-31", "age": 3, "name": None}
    found = odd_dates(values, today, ("started_on", "ended_on"), ("age", "name"))
    assert found == {"screened_on": "This day is still to come.", "ended_on": "This day is before it began."}
    assert odd_dates({"started_on": "2026-02-14", "ended_on": "2026-02"}, today, ("started_on", "ended_on")) == {}
    assert odd_dates({"screened_on": "2026-03"}, today) == {}

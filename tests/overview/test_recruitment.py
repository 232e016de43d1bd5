"""The recruitment curve: planned and actual, added up month by month."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from trialdesk.base.drawing import Curve as Stroke
from trialdesk.overview.drawings import recruitment_drawing
from trialdesk.overview.rules.recruitment import Curve, Target, curve

ON = date(2026, 3, 15)
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def figures(found: Curve) -> list[tuple[str, int | None, int | None]]:
    return [(f"{each.month:%y-%m}", each.planned, each.actual) for each in found.months]


def test_what_was_planned_by_month_is_added_up_beside_what_was_done():
    plan = [Target(None, date(2026, month, 1), 2) for month in (1, 2, 3, 4)]
    days = [date(2026, 1, 5), date(2026, 3, 1), date(2026, 3, 20)]
    found = curve(plan, days, on=ON)
    assert figures(found) == [("26-01", 2, 1), ("26-02", 4, 1), ("26-03", 6, 2), ("26-04", 8, None)]
    assert (found.target, found.behind) == (8, 4)


def test_the_plan_of_the_whole_counts_before_those_of_the_sites():
    month = date(2026, 3, 1)
    by_site = [Target("a", month, 3), Target("b", month, 4)]
    assert curve(by_site, [], on=ON).months[0].planned == 7
    assert curve([*by_site, Target(None, month, 5)], [], on=ON).months[0].planned == 5


def test_without_a_plan_by_month_the_target_is_spread_over_the_time():
    found = curve([], [], on=ON, target=10, starts_on=date(2026, 1, 20), ends_on=date(2026, 4, 2))
    assert [each.planned for each in found.months] == [2, 5, 7, 10]


def test_without_any_plan_there_is_what_was_done():
    found = curve([], [date(2025, 12, 3), date(2026, 2, 3)], on=ON)
    assert figures(found) == [("25-12", None, 1), ("26-01", None, 1), ("26-02", None, 2)]
    assert found.behind == 0


def test_nothing_planned_and_nobody_there_is_no_picture():
    found = curve([], [], on=ON, target=5)
    assert found == Curve((), 5)
    assert recruitment_drawing(found).shapes == ()


def test_the_drawing_has_both_lines_and_says_how_it_stands():
    plan = [Target(None, date(2026, month, 1), 2) for month in (1, 2, 3, 4)]
    drawing = recruitment_drawing(curve(plan, [date(2026, 1, 5)], on=ON))
    assert drawing.says == "Allocated: 1; planned by then: 6."
    strokes = [shape for shape in drawing.shapes if isinstance(shape, Stroke)]
    assert [(each.dashed, len(each.points)) for each in strokes] == [(True, 5), (False, 4)]


@given(
    planned=st.lists(st.tuples(st.none() | st.sampled_from(["a", "b"]), DAYS, st.integers(0, 30)), max_size=8),
    days=st.lists(DAYS, max_size=30),
    on=DAYS,
)
def test_curves_only_rise_and_end_with_all(planned: list[tuple[str | None, date, int]], days: list[date], on: date):
    found = curve((Target(*each) for each in planned), days, on=on)
    for name in ("planned", "actual"):
        known = [value for each in found.months if (value := getattr(each, name)) is not None]
        assert known == sorted(known)
    actual = [each.actual for each in found.months if each.actual is not None]
    assert (actual[-1] if actual else 0) == sum(day <= on for day in days)
    months = [each.month for each in found.months]
    assert months == sorted(set(months))
    drawing = recruitment_drawing(found)
    for shape in drawing.shapes:
        if isinstance(shape, Stroke):
            assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in shape.points)

"""Visits against windows as a picture: every state has a shape and a word, and all of it is said in text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.base.drawing import Box, Dot, Drawing, Line, Words
from trialdesk.base.i18n import speaking
from trialdesk.enrollment.drawings import _MARKS, STATES, visit_timeline, visit_words
from trialdesk.enrollment.queries import VisitRow
from trialdesk.enrollment.rules import VisitState

TODAY = date(2026, 3, 4)
ALL: tuple[VisitState, ...] = get_args(VisitState)


def visit(state: VisitState = "in window", *, on: str | None = "2026-02-03", planned: date | None = date(2026, 2, 2)):
    window = timedelta(days=3)
    return VisitRow(
        id="v",
        version=1,
        name="Week 4",
        number=None,
        planned_on=planned,
        opens_on=planned - window if planned else None,
        closes_on=planned + window if planned else None,
        started_on=on,
        ended_on=None,
        state=state,
        reason=None,
    )


def shapes(drawing: Drawing, kind: type) -> list[Any]:
    return [shape for shape in drawing.shapes if isinstance(shape, kind)]


def test_every_state_has_a_word_and_a_mark_and_no_two_marks_are_told_by_colour_alone():
    assert set(STATES) == set(_MARKS) == set(ALL)
    words = [STATES[state] for state in ALL]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("state", ALL)
def test_a_visit_is_drawn_with_its_word(state: VisitState):
    drawing = visit_timeline([visit(state)], TODAY)
    assert STATES[state] in [words.text for words in shapes(drawing, Words)]
    assert STATES[state] in drawing.says
    assert drawing.targets[0][4] == visit_words(visit(state))


def test_what_happened_lies_right_of_an_earlier_window():
    drawing = visit_timeline([visit("late", on="2026-02-20")], TODAY)
    (window,) = shapes(drawing, Box)
    (mark,) = shapes(drawing, Dot)
    assert mark.shape == "diamond"
    assert mark.x > window.x + window.width


def test_today_is_marked_only_while_it_is_near():
    def todays(today: date) -> int:
        return sum(
            line.dashed for line in shapes(visit_timeline([visit(), visit(planned=date(2026, 3, 1))], today), Line)
        )

    assert todays(TODAY) == 1
    assert todays(date(2031, 3, 4)) == 0


def test_nothing_known_is_said_and_nothing_is_drawn_at_a_day():
    drawing = visit_timeline([visit("planned", on=None, planned=None)], TODAY)
    assert shapes(drawing, Dot) == []
    assert visit_timeline([], TODAY).says == "No visit is planned or recorded."


def test_it_speaks_the_language_in_force():
    with speaking("zh"):
        assert "窗口内" in visit_timeline([visit()], TODAY).says
        assert "2026年2月3日" in visit_words(visit())


DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))


@given(st.lists(st.tuples(DAYS, DAYS, st.sampled_from(ALL)), max_size=12), st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_whatever_is_drawn_stays_on_the_canvas(rows, today):
    visits = [visit(state, on=on.isoformat() if on else None, planned=planned) for on, planned, state in rows]
    drawing = visit_timeline(visits, today)
    for shape in drawing.shapes:
        xs = {
            Line: lambda s: (s.x1, s.x2),
            Box: lambda s: (s.x, s.x + s.width),
            Dot: lambda s: (s.x - s.radius, s.x + s.radius),
            Words: lambda s: (s.x,),
        }[type(shape)](shape)
        assert min(xs) >= 0
        assert max(xs) <= drawing.width
    assert len(drawing.targets) == len(visits)

"""The three rails: what is done, at hand, late, to come or passed over."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.overview.drawings import rails_drawing
from trialdesk.overview.rules.rails import STATES, WORDS, Milestones, next_step, rails

RUNNING = Milestones(
    protocols=1,
    protocol_signed=True,
    arms=2,
    planned_visits=5,
    criteria=9,
    planned=40,
    reviewed=True,
    submitted=True,
    approved=True,
    institution=True,
    registered=True,
    sites=2,
    screened=20,
    entered=15,
    ended=3,
)


def states(known: Milestones) -> dict[str, str]:
    return {step.code: step.state for rail in rails(known) for step in rail.steps}


def test_a_new_study_begins_with_the_first_of_each_rail():
    found = states(Milestones())
    assert {code for code, state in found.items() if state == "now"} == {"protocol", "review", "sites"}
    assert set(found.values()) == {"now", "next"}
    assert [rail.code for rail in rails(Milestones())] == ["design", "regulatory", "conduct"]


def test_contract_and_insurance_stand_there_where_they_are_needed():
    assert not {"contract", "insurance"} & states(Milestones()).keys()
    found = states(Milestones(contracted=False, insured=True))
    assert (found["contract"], found["insurance"]) == ("next", "done")


def test_a_running_study_recruits_and_follows_up():
    found = states(RUNNING)
    assert (found["recruiting"], found["following"], found["closing"], found["results"]) == (
        "now",
        "now",
        "next",
        "now",
    )
    recruiting = next(step for rail in rails(RUNNING) for step in rail.steps if step.code == "recruiting")
    assert (recruiting.count, recruiting.of) == (15, 40)


def test_what_was_passed_over_is_missing():
    found = states(replace(RUNNING, reviewed=False, registered=False, criteria=0))
    assert {code for code, state in found.items() if state == "missing"} == {"review", "registration", "criteria"}


def test_a_lapsed_approval_and_late_clocks_are_late():
    found = states(replace(RUNNING, approved=False, lapsed=True, late=frozenset({"visits", "safety"})))
    assert {code for code, state in found.items() if state == "late"} == {"approval", "following", "events"}
    step = next_step(rails(replace(RUNNING, lapsed=True)))
    assert step is not None
    assert (step.code, step.who, step.section) == ("approval", "ethics_liaison", "ethics")


def test_a_closed_study_is_done():
    known = replace(RUNNING, entered=40, ended=40, results=True, closed=True, study_ended=True, recruitment_over=True)
    assert set(states(known).values()) == {"done"}
    assert next_step(rails(known)) is None


def _any_milestones() -> st.SearchStrategy[Milestones]:
    values = {
        bool: st.booleans(),
        int: st.integers(0, 3),
    }
    kinds = {"bool": bool, "int": int}
    chosen = {
        each.name: st.none() | values[kinds[str(each.type).split(" ")[0]]]
        if "None" in str(each.type)
        else values[kinds[str(each.type)]]
        for each in fields(Milestones)
        if each.name != "late"
    }
    late = st.frozensets(st.sampled_from(["visits", "safety", "ethics", "contracts", "study"]))
    return st.builds(Milestones, late=late, **chosen)


@given(known=_any_milestones())
def test_every_stage_has_a_state_and_what_is_next_is_of_the_rails(known: Milestones):
    found = rails(known)
    steps = [step for rail in found for step in rail.steps]
    assert all(step.state in STATES and step.code in WORDS for step in steps)
    step = next_step(found)
    assert step in steps or (step is None and not {"late", "now", "missing"} & {each.state for each in steps})
    drawing = rails_drawing(found, {"pi": "Ada Lind"})
    assert len(drawing.targets) == len(steps)
    assert all(x >= 0 and x + width <= drawing.width + 1 for x, _y, width, _height, _name in drawing.targets)


def test_the_drawing_says_what_it_shows():
    drawing = rails_drawing(rails(replace(RUNNING, lapsed=True)), {"ethics_liaison": "Bo Berg"})
    assert "Ethics approval: Overdue · Bo Berg" in drawing.says
    assert "Recruitment: In hand 15/40" in drawing.says


@pytest.mark.parametrize("width", [420.0, 640.0, 900.0])
def test_nothing_is_drawn_outside(width: float):
    drawing = rails_drawing(rails(RUNNING), {}, width=width)
    assert drawing.width == width
    bottom = max(y + height for _x, y, _width, height, _name in drawing.targets)
    assert bottom <= drawing.height

"""State is a function of the set of events: order never matters, parents decide, older schemas read as today's."""

from __future__ import annotations

import random
from typing import Any

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis import given

from trialdesk.base.i18n import N_
from trialdesk.persistence.catalogue import Upcast, build
from trialdesk.persistence.declaration import Record, text, whole
from trialdesk.persistence.folding import fold, together


class Dose(Record, kind="tests.dose", label=N_("Dose"), within=sa.MetaData()):
    amount: int | None = whole("Amount", group="dose")
    unit: str | None = text("Unit", group="dose")
    note: str | None = text("Note")


KIND = build([Dose])["tests.dose"]


def event(
    id_: str, change: dict[str, Any], clock: int, parents: dict[str, list[str]] | None = None, **more: Any
) -> Any:
    made = {
        "id": id_,
        "change": {name: [None, value] for name, value in change.items()},
        "clock": f"{clock:017x}",
        "stream": "s",
        "number": clock,
        "schema": 1,
        **more,
    }
    return made if parents is None else {**made, "parents": parents}


CREATED = event("a", {"note": "one", "amount": 5, "unit": "mg"}, 1)


def test_one_head_gives_the_value():
    state = fold(KIND, [CREATED, event("b", {"note": "two"}, 2, {"a": ["note"]})])
    assert state.values == {"note": "two", "amount": 5, "unit": "mg"}
    assert state.heads["note"] == ("b",)
    assert (state.conflicts, state.version) == ((), 2)


def test_two_heads_with_different_values_are_a_conflict_shown_with_the_later_clock():
    left = event("b", {"note": "left"}, 2, {"a": ["note"]}, stream="l")
    right = event("c", {"note": "right"}, 3, {"a": ["note"]}, stream="r")
    state = fold(KIND, [CREATED, left, right])
    assert state.values["note"] == "right"
    assert state.conflicts == ("note",)
    decided = event("d", {"note": "left"}, 4, {"b": ["note"], "c": ["note"]})
    assert fold(KIND, [CREATED, left, right, decided]).conflicts == ()


def test_two_heads_with_equal_values_are_none():
    state = fold(
        KIND, [CREATED, event("b", {"note": "x"}, 2, {"a": ["note"]}), event("c", {"note": "x"}, 3, {"a": ["note"]})]
    )
    assert state.conflicts == ()
    assert state.heads["note"] == ("b", "c")


def test_there_and_back_against_elsewhere_is_a_conflict():
    """1→2→1 on one desk against 1→3 on another: the old value is the same again, the history is not."""
    there = event("b", {"note": "two"}, 2, {"a": ["note"]}, stream="l")
    back = event("c", {"note": "one"}, 3, {"b": ["note"]}, stream="l")
    other = event("d", {"note": "three"}, 4, {"a": ["note"]}, stream="r")
    assert fold(KIND, [CREATED, there, back, other]).conflicts == ("note",)


def test_a_void_that_did_not_see_an_edit_conflicts_with_it():
    seen = {"a": ["note", "amount", "unit"]}
    voided = event("v", {"voided": True}, 2, seen, stream="l")
    unseen = event("e", {"note": "new"}, 3, {"a": ["note"]}, stream="r")
    assert fold(KIND, [CREATED, voided]).voided
    assert fold(KIND, [CREATED, voided]).conflicts == ()
    assert fold(KIND, [CREATED, voided, unseen]).conflicts == ("voided",)
    restored = event("r", {"voided": False}, 4, {"v": ["voided"], "e": ["note"], "a": ["amount", "unit"]})
    after = event("f", {"note": "newer"}, 5, {"e": ["note"], "r": ["voided"]})
    state = fold(KIND, [CREATED, voided, unseen, restored, after])
    assert (state.conflicts, state.voided, state.values["note"]) == ((), False, "newer")


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Three desks editing what each has seen, now and then hearing from the others."""
    made = [CREATED]
    seen: list[list[Any]] = [[CREATED], [CREATED], [CREATED]]
    for number in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, 2))
        if draw(st.booleans()):
            seen[at] = seen[at] + [each for each in seen[draw(st.integers(0, 2))] if each not in seen[at]]
        state = fold(KIND, seen[at])
        name = draw(st.sampled_from(["note", "amount", "voided"]))
        value: Any = draw({"note": st.sampled_from("xyz"), "amount": st.integers(1, 3), "voided": st.booleans()}[name])
        names = set(state.heads) if name == "voided" else {name, "voided"}
        parents: dict[str, list[str]] = {}
        for each in names:
            for parent in state.heads.get(each, ()):
                parents.setdefault(parent, []).append(each)
        one = event(f"e{number}", {name: value}, number + 2, parents, stream=f"s{at}")
        made.append(one)
        seen[at] = [*seen[at], one]
    return made


@given(histories(), st.randoms())
def test_order_of_arrival_never_matters(history: list[Any], chance: random.Random):
    expected = fold(KIND, history)
    shuffled = list(history)
    chance.shuffle(shuffled)
    assert fold(KIND, shuffled) == expected
    assert expected.version == len(history)


@given(histories())
def test_a_decision_over_all_heads_ends_every_conflict(history: list[Any]):
    state = fold(KIND, history)
    parents: dict[str, list[str]] = {}
    for name, heads in state.heads.items():
        for head in heads:
            parents.setdefault(head, []).append(name)
    values = {name: state.values.get(name) for name in state.heads}
    decided = fold(KIND, [*history, event("z", values, 99, parents)])
    assert decided.conflicts == ()
    assert decided.values == {**state.values, **values}


def test_fields_of_a_group_are_written_together():
    assert together(KIND, ["amount"]) == {"amount", "unit"}
    assert together(KIND, ["note"]) == {"note"}


def test_events_of_an_older_schema_read_as_todays():
    kind = build(
        [Dose],
        [
            Upcast("tests.dose", 2, "rename", "remark", to="note"),
            Upcast("tests.dose", 3, "drop", "colour"),
            Upcast("tests.dose", 3, "default", "unit", value="mg"),
            Upcast("tests.dose", 4, "values", "note", mapping={"ok": "fine"}),
        ],
    )["tests.dose"]
    old = event("a", {"remark": "ok", "colour": "red", "amount": 5}, 1)
    edit = event("b", {"remark": "bad"}, 2, {"a": ["remark"]})
    new = event("c", {"note": "ok"}, 3, {"b": ["note"]}, schema=4)
    assert fold(kind, [old]).values == {"note": "fine", "amount": 5, "unit": "mg"}
    assert fold(kind, [old, edit]).values["note"] == "bad"
    state = fold(kind, [old, edit, new])
    assert (state.values["note"], state.conflicts) == ("ok", ())

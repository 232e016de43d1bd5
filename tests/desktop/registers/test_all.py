"""Every declared register holds: its fields are there, its acts can be asked, nobody declares what does not exist."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import trialdesk.desktop.pages
from trialdesk.application import CATALOGUE, FIELDS
from trialdesk.application.acts import ACTIONS
from trialdesk.desktop.pages.participants.inside import PARTICIPANT, VISITS
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.showing import asked_fields


def _all() -> dict[str, Register]:
    found = [PARTICIPANT, VISITS]
    for module in iter_modules(trialdesk.desktop.pages.__path__):
        found += getattr(import_module(f"trialdesk.desktop.pages.{module.name}"), "REGISTERS", ())
    waiting = list(found)
    known: list[Register] = []
    while waiting:
        register = waiting.pop()
        known += [] if any(register is each for each in known) else [register]
        waiting += register.follows
    # Several workers must name them alike, though some are of one name.
    return {f"{register.name} {place}": register for place, register in enumerate(known)}


REGISTERS = _all()


@pytest.mark.parametrize("register", REGISTERS.values(), ids=REGISTERS)
def test_it_shows_only_what_there_is(register: Register, qapp):
    assert CATALOGUE[register.kind].audience == "open"
    assert len({column.key for column in register.made_columns()}) == len(register.columns)
    named = {fact for fact in register.made_facts() if isinstance(fact, str)}
    assert named <= set(FIELDS[register.kind])
    for child in register.follows:
        assert FIELDS[child.kind][child.link_to(register.kind)].link == register.kind


@pytest.mark.parametrize("register", REGISTERS.values(), ids=REGISTERS)
def test_each_act_asks_for_something_or_needs_no_form(register: Register):
    for action in register.beginning():
        fields, _about = asked_fields(register, action, None)
        assert fields, action.name
    for action in register.doing():
        assert action.about == register.kind
        assert action.button


def test_every_act_about_an_open_kind_is_offered_somewhere():
    offered = {action.name for each in REGISTERS.values() for action in (*each.doing(), *each.beginning())}
    own = {
        "studies:study:create",
        "enrollment:participant:screen",
        "enrollment:participant:correct",
        "enrollment:participant:void",
        "enrollment:identity:record",
        "enrollment:identity:erase",
        "enrollment:visit:record",
        "exchange:study:import",
        # Where reports are: made final is what is seen there.
        "documents:issue:finalise",
    }
    # In every record's detail, whatever its register: see `Attached`.
    everywhere = {"documents:document:attach_to"}
    assert sorted({action.name for action in ACTIONS} - offered - own - everywhere) == []

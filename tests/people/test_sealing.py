"""The sealed list: opened by the unblinded alone, or from its envelope with the passphrase held apart."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidTag

from tests.support.acts import ON, a_colleague, a_study
from tests.support.desks import CHEAP, OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.people.acting import Action
from trialdesk.people.rules import PI
from trialdesk.people.sealing import (
    break_envelope,
    has_unblinding_key,
    new_unblinding_key,
    open_arm,
    seal_arm,
)
from trialdesk.persistence.vault import Hidden
from trialdesk.persistence.work import Work

APART = "emergency envelope key"
ARMS = ("0a" * 16, "0b" * 16)
SLOTS = tuple(f"{number:032x}" for number in range(1, 9))


def _make_list(work: Work, *, study: Id, slots: tuple[Id, ...] = SLOTS) -> dict[Id, tuple[str, str]]:
    new_unblinding_key(work, study, APART, cost=CHEAP)
    return {slot: seal_arm(work, study, slot, ARMS[number % 2]) for number, slot in enumerate(slots)}


MAKE = Action("test:list:make", "List made", frozenset({PI}), final=False, perform=_make_list)


@pytest.fixture
def study(desk: Application) -> Id:
    study = a_study(desk, blinding="double")
    a_colleague(desk, study, "pharmacist", "pha", "pestle and mortar")
    return study


@pytest.fixture
def sealed(desk: Application, study: Id) -> dict[Id, tuple[str, str]]:
    made: dict[Id, tuple[str, str]] = desk.run(MAKE, study=study).result
    return made


def opened(desk: Application, study: Id, slot: Id, seal: str) -> Id | Hidden:
    found: Id | Hidden = desk.read(open_arm, study=study, slot_id=slot, sealed=seal, on=ON)
    return found


def test_who_made_the_list_cannot_read_it_and_the_pharmacist_can(desk: Application, study: Id, sealed):
    assert {opened(desk, study, slot, seal) for slot, (seal, _envelope) in sealed.items()} == {Hidden.NOT_ALLOWED}
    desk.sign_in("pha", "pestle and mortar")
    assert [opened(desk, study, slot, sealed[slot][0]) for slot in SLOTS] == [*ARMS] * 4
    desk.sign_out()
    assert opened(desk, study, SLOTS[0], sealed[SLOTS[0]][0]) is Hidden.NOT_ALLOWED


def test_two_slots_of_one_arm_have_nothing_in_common(sealed):
    seals = [b64decode(text) for pair in sealed.values() for text in pair]
    assert len({len(seal) for seal in seals}) == 1
    assert len({seal[:8] for seal in seals}) == len({seal[-8:] for seal in seals}) == 2 * len(SLOTS)
    assert not [seal for seal in seals for arm in ARMS if bytes.fromhex(arm) in seal]


def test_a_seal_opens_in_its_own_slot_only(desk: Application, study: Id, sealed):
    desk.sign_in("pha", "pestle and mortar")
    with pytest.raises(InvalidTag):
        opened(desk, study, SLOTS[1], sealed[SLOTS[0]][0])
    with pytest.raises(InvalidTag):
        opened(desk, study, SLOTS[0], sealed[SLOTS[0]][1])


def test_an_envelope_opens_with_the_key_held_apart(desk: Application, study: Id, sealed):
    def broken(slot: Id, envelope: str, passphrase: str = APART) -> Id:
        found: Id = desk.read(break_envelope, study=study, slot_id=slot, envelope=envelope, passphrase=passphrase)
        return found

    assert [broken(slot, envelope) for slot, (_seal, envelope) in sealed.items()] == [*ARMS] * 4
    with pytest.raises(NotAllowed, match="passphrase"):
        broken(SLOTS[0], sealed[SLOTS[0]][1], APART.upper())
    with pytest.raises(UserError, match="another slot"):
        broken(SLOTS[1], sealed[SLOTS[0]][1])
    with pytest.raises(UserError, match="another slot"):
        broken(SLOTS[0], sealed[SLOTS[0]][0])


def test_a_list_needs_somebody_who_may_open_it_and_a_passphrase(desk: Application):
    study = a_study(desk, blinding="double")
    with pytest.raises(UserError, match="Nobody may open"):
        desk.run(MAKE, study=study)
    assert not desk.read(has_unblinding_key, study=study)
    weak = Action(
        "test:list:weak", "", frozenset({PI}), False, lambda work, study: new_unblinding_key(work, study, "x")
    )
    with pytest.raises(UserError, match="10 characters"):
        desk.run(weak, study=study)
    unsealed = Action("test:list:none", "", frozenset({PI}), False, lambda w, study: seal_arm(w, study, *ARMS))
    with pytest.raises(UserError, match="no sealed list"):
        desk.run(unsealed, study=study)


def test_a_list_has_one_key(desk: Application, study: Id, sealed):
    assert sealed
    assert desk.read(has_unblinding_key, study=study)
    with pytest.raises(UserError, match="already"):
        desk.run(MAKE, study=study)


def test_a_failed_act_leaves_no_key(desk: Application, study: Id):
    def fail(work: Work, *, study: Id) -> None:
        new_unblinding_key(work, study, APART, cost=CHEAP)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        desk.run(Action("test:list:fail", "", frozenset({PI}), final=False, perform=fail), study=study)
    assert not desk.read(has_unblinding_key, study=study)
    desk.sign_in(OWNER, PASSWORD)

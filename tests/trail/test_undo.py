"""Steps over the same record go back one after the other; a step that was changed since does not."""

from __future__ import annotations

import pytest

from tests.support.acts import ON, a_colleague, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application, Done
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.parties import add_organisation
from trialdesk.enrollment.actions import correct_participant, screen, void_participant
from trialdesk.enrollment.queries import participants


def screened(desk: Application) -> tuple[Id, Done]:
    study = a_study(desk)
    done = desk.run(screen, study=study, site=a_site(desk, study), number="001", screened_on="2026-03-01")
    return study, done


def corrected(desk: Application, study: Id, version: int, age: int) -> Done:
    who = desk.read(participants, study=study, on=ON)[0].id
    return desk.run(correct_participant, reason="Asked", study=study, participant=who, version=version, age=age)


def take_back(desk: Application, done: Done) -> Done:
    assert done.transaction is not None
    return desk.undo(done.transaction)


def ages(desk: Application, study: Id) -> list[int | None]:
    return [row.age for row in desk.read(participants, study=study, on=ON)]


def test_the_later_step_first_then_the_earlier(desk: Application):
    study, made = screened(desk)
    first = corrected(desk, study, 1, 41)
    second = corrected(desk, study, 2, 42)
    with pytest.raises(UserError, match="Take the later change back first"):
        take_back(desk, first)
    take_back(desk, second)
    assert ages(desk, study) == [41]
    take_back(desk, first)
    assert ages(desk, study) == [None]
    take_back(desk, made)
    assert ages(desk, study) == []
    assert desk.verify().proven


def test_a_step_done_again_goes_back_by_either_name(desk: Application):
    study, _made = screened(desk)
    first = corrected(desk, study, 1, 41)
    again = take_back(desk, take_back(desk, first))
    assert ages(desk, study) == [41]
    undone = take_back(desk, again)
    assert ages(desk, study) == [None]
    take_back(desk, undone)
    assert ages(desk, study) == [41]
    take_back(desk, first)
    assert ages(desk, study) == [None]
    assert desk.verify().proven


def test_what_was_taken_back_is_not_taken_back_twice(desk: Application):
    study, _made = screened(desk)
    first = corrected(desk, study, 1, 41)
    undone = take_back(desk, first)
    position = desk.position()
    with pytest.raises(UserError, match="taken back already"):
        take_back(desk, first)
    take_back(desk, undone)
    with pytest.raises(UserError, match="taken back already"):
        take_back(desk, undone)
    assert desk.position() != position


def test_a_change_after_the_later_step_was_taken_back_still_stands_in_the_way(desk: Application):
    study, made = screened(desk)
    take_back(desk, corrected(desk, study, 1, 41))
    other = corrected(desk, study, 3, 43)
    with pytest.raises(UserError, match="Take the later change back first"):
        take_back(desk, made)
    take_back(desk, other)
    take_back(desk, made)
    assert ages(desk, study) == []


def test_a_void_that_was_taken_back_is_out_of_the_way(desk: Application):
    study, made = screened(desk)
    who = desk.read(participants, study=study, on=ON)[0].id
    voided = desk.run(void_participant, reason="Twice", study=study, participant=who, version=1)
    with pytest.raises(UserError, match="Take the later change back first"):
        take_back(desk, made)
    take_back(desk, voided)
    take_back(desk, made)
    assert ages(desk, study) == []
    assert desk.verify().proven


def test_a_step_after_one_done_again_goes_back(desk: Application):
    study, _made = screened(desk)
    first = corrected(desk, study, 1, 41)
    take_back(desk, take_back(desk, first))
    second = corrected(desk, study, 4, 42)
    take_back(desk, second)
    assert ages(desk, study) == [41]
    with pytest.raises(UserError, match="taken back already"):
        take_back(desk, second)


def test_who_took_a_step_back_may_do_it_again(desk: Application):
    study, _made = screened(desk)
    a_colleague(desk, study, "coordinator")
    desk.sign_in("bo", "another horse")
    first = corrected(desk, study, 1, 41)
    take_back(desk, take_back(desk, first))
    assert ages(desk, study) == [41]


def test_a_step_in_the_directory_is_taken_back_by_who_did_it_or_the_owner(desk: Application):
    study = a_study(desk)
    for role, name in (("finance", "fin"), ("finance", "fay")):
        a_colleague(desk, study, role, name, "another horse")
    desk.sign_in("fin", "another horse")
    done = desk.run(add_organisation, study=study, name="Quayside")
    desk.sign_in("fay", "another horse")
    with pytest.raises(NotAllowed):
        take_back(desk, done)
    desk.sign_in("fin", "another horse")
    again = take_back(desk, done)
    desk.sign_in(OWNER, PASSWORD)
    take_back(desk, again)
    assert desk.verify().proven

"""Which step `undo` without a name means: the newest of one's own that stands."""

from __future__ import annotations

import pytest

from tests.support.acts import a_colleague, a_site, a_study
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.studies.actions import add_site, correct_site, create_study


def last(desk: Application) -> Id:
    found = desk.last_step()
    assert found is not None
    return found[0]


def test_a_new_desk_has_no_step(desk: Application):
    assert desk.last_step() is None


def test_steps_go_back_in_their_order_and_forward_again(desk: Application):
    study = desk.run(create_study, short_name="HARBOUR")
    site = desk.run(add_site, study=study.result, number="01")
    named = desk.run(correct_site, reason="Moved", study=study.result, site=site.result, version=1, name="Quay")
    assert desk.last_step() == (named.transaction, "studies:site:correct")
    undone = desk.undo(last(desk))
    assert last(desk) == site.transaction
    assert undone.transaction is not None
    redone = desk.undo(undone.transaction)
    # Done again: this is the step now, and it is what it was.
    assert desk.last_step() == (redone.transaction, "studies:site:correct")
    for name in ("studies:site:correct", "studies:site:add", "studies:study:create"):
        found = desk.last_step()
        assert found is not None
        assert found[1] == name
        desk.undo(found[0])
    assert desk.last_step() is None
    assert desk.verify().proven


def test_another_person_s_step_is_not_ones_own(desk: Application):
    study = a_study(desk)
    a_colleague(desk, study, "coordinator")
    a_site(desk, study)
    mine = last(desk)
    desk.sign_in("bo", "another horse")
    assert desk.last_step() is None
    a_site(desk, study, "02")
    assert last(desk) != mine
    desk.sign_in("ada", "correct horse battery")
    assert last(desk) == mine


def test_nobody_has_no_step(desk: Application):
    desk.sign_out()
    with pytest.raises(Exception, match="Sign in first"):
        desk.last_step()

"""Roles by the day, passwords, and what is sealed under them."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from pkgutil import walk_packages

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import given

import trialdesk
from tests.support.acts import ON, a_colleague, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.application.acts import ACTIONS, SAID
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.people.acting import Action
from trialdesk.people.actions import add_account, delegate
from trialdesk.people.credentials import Cost, Keys, credential, keep, unlock
from trialdesk.people.queries import account_named, delegations, principal_investigator
from trialdesk.people.rules import OWNER as OWNS
from trialdesk.people.rules import PI, password_weakness, roles_on

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, st.one_of(st.none(), DAYS))
def test_a_role_is_held_from_its_first_to_its_last_day(on: date, starts: date, ends: date | None):
    held = roles_on(on, owner=False, delegations=[("coordinator", starts, ends)], study_has_pi=True)
    assert ("coordinator" in held) is (starts <= on and (ends is None or on <= ends))


def test_the_owner_stands_as_pi_until_the_log_has_one():
    assert roles_on(ON, owner=True, delegations=[], study_has_pi=False) == {OWNS, PI}
    assert roles_on(ON, owner=True, delegations=[], study_has_pi=True) == {OWNS}
    assert roles_on(ON, owner=False, delegations=[], study_has_pi=False) == frozenset()


def test_a_delegation_ends(desk: Application):
    study = a_study(desk)
    a_colleague(desk, study, "coordinator")
    person = desk.read(account_named, username="bo").person
    with pytest.raises(UserError, match="before it begins"):
        desk.run(delegate, study=study, person=person, role="monitor", starts_on=ON, ends_on=ON - timedelta(days=1))
    desk.sign_in("bo", "another horse")
    a_site(desk, study)
    desk.clock.at += timedelta(days=-1)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        a_site(desk, study, "02")


def test_the_pi_is_the_delegated_one_or_the_owner(desk: Application):
    study = a_study(desk)
    assert desk.read(principal_investigator, study=study, on=ON) == "Ada Lind"
    a_colleague(desk, study, "pi")
    assert desk.read(principal_investigator, study=study, on=ON) == "Bo"
    assert [row.role for row in desk.read(delegations, study=study)] == ["pi"]
    with pytest.raises(NotAllowed):
        a_site(desk, study)  # the owner no longer stands as PI


def test_a_user_name_is_taken_once(desk: Application):
    study = a_study(desk)
    a_colleague(desk, study, "coordinator")
    with pytest.raises(UserError, match="already taken"):
        desk.run(add_account, name="Bo Dahl", username="bo", password="another horse")
    with pytest.raises(UserError, match="Bo is known here already"):
        a_colleague(desk, study, "coordinator")
    assert desk.sign_in(f" {OWNER} ", PASSWORD).account.name == "Ada Lind"


@pytest.mark.parametrize("password", ["", "correct horse batter", "Correct horse battery", "correct horse battery "])
def test_only_the_password_opens(desk: Application, password: str):
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in(OWNER, password)


def test_the_seal_is_bound_to_its_account(desk: Application):
    keys, cost = Keys(b"a" * 32, b"b" * 32), Cost(1, 64, 1)
    with desk.database.writing() as connection:
        keep(connection, "1" * 32, "a password of mine", keys, cost)
        assert unlock(connection, "1" * 32, "a password of mine") == keys
        mine = credential.c.account == "1" * 32
        connection.execute(sa.update(credential).where(mine).values(account="02" * 16))
        with pytest.raises(NotAllowed):
            unlock(connection, "02" * 16, "a password of mine")


@given(st.text(max_size=9))
def test_a_short_password_is_weak(password: str):
    assert password_weakness(password) is not None


def test_every_act_that_is_written_is_listed():
    stages = (name for _finder, name, _folder in walk_packages(trialdesk.__path__, "trialdesk."))
    written = {
        found.name
        for name in stages
        if not name.startswith(("trialdesk.desktop", "trialdesk.__main__"))
        for found in vars(import_module(name)).values()
        if isinstance(found, Action)
    }
    assert sorted(written - {action.name for action in ACTIONS}) == []


def test_every_action_is_named_once_and_said():
    names = [action.name for action in ACTIONS]
    assert len(set(names)) == len(names)
    assert all(
        len(name.split(":")) == 3 and SAID[name] and action.by for name, action in zip(names, ACTIONS, strict=True)
    )

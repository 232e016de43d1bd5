"""Accounts: opened, closed, locked after failures, given another password; and the keys that follow the roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import given

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study, delegated
from tests.support.desks import OWNER, PASSWORD, reopened
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import identify
from trialdesk.enrollment.queries import participant
from trialdesk.people.actions import (
    add_account,
    deactivate_account,
    end_delegation,
    reactivate_account,
    reset_password,
)
from trialdesk.people.queries import account_named, accounts, delegations
from trialdesk.people.rules import LONGEST_WAIT, TRIES, wait_after
from trialdesk.persistence.vault import Hidden
from trialdesk.persistence.wrapping import keyring

CO, CO_PASSWORD, NEW = "co", "coordinators horse", "quite another horse"


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk, blinding="double")


@pytest.fixture
def someone(desk: Application, study: Id) -> Id:
    made = a_participant(desk, study, a_site(desk, study))
    desk.run(identify, study=study, participant=made, name="Grace")
    return made


@pytest.fixture
def co(desk: Application, study: Id) -> Id:
    return a_colleague(desk, study, "coordinator", CO, CO_PASSWORD)


def name_of(desk: Application, study: Id, someone: Id) -> str | Hidden | None:
    detail = desk.read(participant, study=study, participant=someone, on=ON)
    found: str | Hidden | None = detail.name_hidden or detail.name
    return found


def later(desk: Application, **time: int) -> None:
    desk.clock.at += timedelta(**time)  # type: ignore[attr-defined]


def fail(desk: Application, times: int, username: str = CO) -> list[str]:
    told = []
    for _ in range(times):
        with pytest.raises(NotAllowed) as refusal:
            desk.sign_in(username, "not this one at all")
        told.append(str(refusal.value))
    return told


def holders(desk: Application, study: Id) -> set[Id]:
    with desk.database.reading() as connection:
        return set(connection.scalars(sa.select(keyring.c.recipient).where(keyring.c.subject == study)))


@given(st.integers(0, 10_000))
def test_the_wait_grows_to_an_hour_and_never_shrinks(failures: int):
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT
    assert (wait_after(failures) > timedelta()) is (failures >= TRIES)


def test_five_wrong_passwords_lock_an_account_for_longer_each_time(desk: Application, co: Id):
    told = fail(desk, TRIES)
    assert all("wrong" in words for words in told[:-1])
    assert "After 5 wrong passwords this account is locked. Try again in 1 minute." in told[-1]
    with pytest.raises(NotAllowed, match="Try again in 1 minute"):
        desk.sign_in(CO, CO_PASSWORD)  # the right one does not help now
    desk.sign_in(OWNER, PASSWORD)  # counted per account
    later(desk, minutes=2)
    assert "Try again in 2 minutes" in fail(desk, 1)[0]
    again = reopened(desk)
    assert "Try again in 2 minutes" in fail(again, 1)[0]
    later(again, minutes=3)
    again.sign_in(CO, CO_PASSWORD)
    assert "wrong" in fail(again, 1)[0]  # counted from the beginning again
    again.close()


def test_a_name_nobody_has_is_refused_in_the_same_words(desk: Application, co: Id):
    assert fail(desk, 2, "nobody") == fail(desk, 2, CO)


def test_a_wrong_password_to_sign_is_counted_too(desk: Application, study: Id, co: Id):
    person = desk.read(account_named, username=CO).person
    for _ in range(TRIES):
        with pytest.raises(NotAllowed):
            delegated(desk, study, person, "monitor", signed_with="not this one")
    with pytest.raises(NotAllowed, match="locked"):
        desk.sign_in(OWNER, PASSWORD)


def test_a_closed_account_signs_in_no_more_and_its_keys_are_taken(desk: Application, study: Id, someone: Id, co: Id):
    assert co in holders(desk, study)
    desk.run(deactivate_account, account=co)
    assert co not in holders(desk, study)
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in(CO, CO_PASSWORD)
    desk.run(reactivate_account, account=co)
    desk.sign_in(CO, CO_PASSWORD)
    assert name_of(desk, study, someone) == "Grace"
    owner = desk.read(account_named, username=OWNER).id
    with pytest.raises(NotAllowed):
        desk.run(deactivate_account, account=owner)
    desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(UserError, match="stays open"):
        desk.run(deactivate_account, account=owner)


def test_one_s_own_password_is_changed_and_the_keys_stay(desk: Application, study: Id, someone: Id):
    with pytest.raises(NotAllowed, match="wrong"):
        desk.change_password("not this one", NEW)
    with pytest.raises(UserError, match="10 characters"):
        desk.change_password(PASSWORD, "short")
    with pytest.raises(UserError, match="the password you have"):
        desk.change_password(PASSWORD, PASSWORD)
    desk.change_password(PASSWORD, NEW)
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in(OWNER, PASSWORD)
    desk.sign_in(OWNER, NEW)
    assert name_of(desk, study, someone) == "Grace"


def test_a_forgotten_password_is_made_anew_and_the_keys_handed_on(desk: Application, study: Id, someone: Id, co: Id):
    fail(desk, TRIES)
    before = desk.read(account_named, username=CO)
    with pytest.raises(UserError, match="reason"):
        desk.run(reset_password, account=co, password=NEW)
    done = desk.run(reset_password, account=co, password=NEW, reason="forgotten")
    assert not done.undoable
    desk.sign_in(CO, NEW)
    assert desk.read(account_named, username=CO) == before
    assert name_of(desk, study, someone) == "Grace"
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in(CO, CO_PASSWORD)
    assert desk.verify().proven


def test_a_password_that_alone_opens_something_is_not_thrown_away(desk: Application, study: Id):
    a_colleague(desk, study, "pi", "pi", "investigators horse")
    desk.sign_in("pi", "investigators horse")
    made = a_participant(desk, study, a_site(desk, study))
    desk.run(identify, study=study, participant=made, name="Grace")
    mine = desk.read(account_named, username="pi").id
    desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(UserError, match="would be lost"):
        desk.run(reset_password, account=mine, password=NEW, reason="forgotten")
    own = desk.read(account_named, username=OWNER).id
    with pytest.raises(UserError, match="your own account"):
        desk.run(reset_password, account=own, password=NEW, reason="forgotten")
    desk.sign_in("pi", "investigators horse")
    assert name_of(desk, study, made) == "Grace"


def test_a_person_can_have_another_account(desk: Application, study: Id, co: Id):
    person = desk.read(account_named, username=CO).person
    desk.run(add_account, name="", username="co2", password=NEW, person=person, identity_checked="Staff card 7")
    assert {row.username for row in desk.read(accounts) if row.person == person} == {CO, "co2"}
    desk.sign_in("co2", NEW)
    a_site(desk, study)  # roles belong to the person


def test_whoever_may_identify_gets_the_key_when_it_is_made(desk: Application, study: Id, co: Id, someone: Id):
    """The coordinator was there before the first name was: the key reaches both."""
    desk.sign_in(CO, CO_PASSWORD)
    assert name_of(desk, study, someone) == "Grace"


def test_the_key_goes_with_the_role(desk: Application, study: Id, someone: Id, co: Id):
    (row,) = desk.read(delegations, study=study)
    desk.run(end_delegation, study=study, delegation=row.id, ends_on=ON, signed_with=PASSWORD)
    assert co in holders(desk, study)  # today it still counts
    later(desk, days=1)
    desk.sign_in(CO, CO_PASSWORD)
    assert co not in holders(desk, study)
    assert name_of(desk, study, someone) is Hidden.NOT_ALLOWED
    desk.sign_in(OWNER, PASSWORD)
    delegated(desk, study, row.person, "sub_investigator", starts_on=desk.today)
    desk.sign_in(CO, CO_PASSWORD)
    assert name_of(desk, study, someone) == "Grace"


def test_a_key_withdrawn_is_gone_for_who_is_signed_in(desk: Application, study: Id, someone: Id, co: Id):
    other = Application(
        desk.database.where, clock=desk.clock, new_id=desk.new_id, cost=desk.cost, marks=desk._marks
    ).open()
    other.sign_in(CO, CO_PASSWORD)
    assert name_of(other, study, someone) == "Grace"
    desk.run(deactivate_account, account=co)
    assert name_of(other, study, someone) is Hidden.NOT_ALLOWED
    other.close()


def test_the_last_who_can_open_something_keeps_the_key(desk: Application, study: Id, someone: Id):
    """The owner stood as PI; the one who follows has not been here while the key could be handed on."""
    owner = desk.read(account_named, username=OWNER).id
    a_colleague(desk, study, "pi", "pi", "investigators horse")
    assert holders(desk, study) == {desk.read(account_named, username="pi").id}
    desk.sign_in("pi", "investigators horse")
    assert name_of(desk, study, someone) == "Grace"
    desk.sign_in(OWNER, PASSWORD)
    assert name_of(desk, study, someone) is Hidden.NOT_ALLOWED
    desk.run(deactivate_account, account=desk.read(account_named, username="pi").id)
    assert owner not in holders(desk, study)
    assert len(holders(desk, study)) == 1


def test_a_key_reaches_nobody_by_undo(desk: Application, study: Id, someone: Id, co: Id):
    done = desk.run(deactivate_account, account=co)
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert co in holders(desk, study)
    assert desk.verify().proven


def test_somebody_known_here_gets_no_second_identity_unless_a_reason_says_who_else_it_is(desk: Application):
    asked: dict[str, Any] = {"username": "ada2", "password": "three blind horses"}
    with pytest.raises(UserError, match="known here already"):
        desk.run(add_account, name="ada  LIND", **asked)
    desk.run(add_account, name="Ada Lind", **asked, reason="her cousin of the same name")
    ada = desk.read(account_named, username=OWNER).person
    desk.run(add_account, name="Ada Lind", **{**asked, "username": "ada3"}, person=ada)
    assert len({row.person for row in desk.read(accounts)}) == 2

"""The delegation log: given, signed for, corrected, ended; and the training that goes with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.support.acts import ON, a_colleague, a_site, a_study, delegated
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import Conflict, NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.people.actions import (
    add_person,
    add_training,
    authorise_delegation,
    correct_delegation,
    correct_person,
    correct_training,
    delegate,
    end_delegation,
    void_delegation,
    void_training,
)
from trialdesk.people.queries import (
    account_named,
    delegations,
    persons,
    principal_investigator,
    trainings,
    untrained,
)
from trialdesk.people.records import Delegation
from trialdesk.people.rules import counts_from
from trialdesk.people.signing import signatures

DAY = timedelta(days=1)


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def bo(desk: Application, study: Id) -> Id:
    """Bo has an account and, as yet, no role that counts in the study."""
    a_colleague(desk, study, "monitor")
    person: Id = desk.read(account_named, username="bo").person
    return person


def later(desk: Application, days: int) -> None:
    desk.clock.at += days * DAY  # type: ignore[attr-defined]


def log(desk: Application, study: Id) -> list[tuple[str, str, bool | None, date | None]]:
    rows = desk.read(delegations, study=study)
    return [(row.name, row.role, row.awaits_signature, row.authorised_on) for row in rows]


@given(st.dates(), st.one_of(st.none(), st.dates()))
def test_nothing_counts_before_it_began_or_was_signed(starts: date, signed: date | None):
    since = counts_from(starts, signed)
    assert since >= starts
    assert signed is None or since >= signed
    assert since in (starts, signed)


def test_a_role_counts_once_it_is_signed_for(desk: Application, study: Id, bo: Id):
    given = desk.run(delegate, study=study, person=bo, role="coordinator", tasks="1, 4", starts_on=ON).result
    assert ("Bo", "coordinator", True, None) in log(desk, study)
    desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed, match="role"):
        a_site(desk, study)
    desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(NotAllowed, match="password"):
        desk.run(authorise_delegation, study=study, delegation=given)
    with pytest.raises(NotAllowed, match="wrong"):
        desk.run(authorise_delegation, study=study, delegation=given, signed_with="not this one")
    done = desk.run(authorise_delegation, study=study, delegation=given, signed_with=PASSWORD)
    assert not done.undoable
    assert ("Bo", "coordinator", False, ON) in log(desk, study)
    (signed,) = desk.read(signatures, record=Delegation, study=study, of=[given])[given]
    assert (signed.name, signed.meaning, signed.stands) == (
        "Ada Lind",
        "Authorised by the principal investigator",
        True,
    )
    with pytest.raises(UserError, match="already"):
        desk.run(authorise_delegation, study=study, delegation=given, signed_with=PASSWORD)
    desk.sign_in("bo", "another horse")
    a_site(desk, study)
    assert desk.verify().proven


def test_what_is_signed_late_counts_from_then(desk: Application, study: Id, bo: Id):
    delegated(desk, study, bo, "coordinator", starts_on=ON - 30 * DAY)
    (row,) = [each for each in desk.read(delegations, study=study) if each.role == "coordinator"]
    assert row.late
    assert (row.counts_on(ON - DAY), row.counts_on(ON)) == (False, True)


def test_a_correction_is_signed_and_shows_the_first_signature_as_superseded(desk: Application, study: Id, bo: Id):
    given = delegated(desk, study, bo, "coordinator", tasks="1")
    later(desk, 3)
    asked: dict[str, Any] = {
        "study": study,
        "delegation": given,
        "version": 2,
        "tasks": "1, 2",
        "signed_with": PASSWORD,
    }
    with pytest.raises(UserError, match="reason"):
        desk.run(correct_delegation, **asked)
    desk.run(correct_delegation, **asked, reason="task 2 was left out")
    with pytest.raises(Conflict):
        desk.run(correct_delegation, **asked, reason="again")
    kept = desk.read(signatures, record=Delegation, study=study)[given]
    assert [each.stands for each in kept] == [False, True]
    (row,) = [each for each in desk.read(delegations, study=study) if each.id == given]
    assert (row.tasks, row.authorised_on) == ("1, 2", ON)


def test_another_role_counts_from_the_day_it_is_signed_for(desk: Application, study: Id, bo: Id):
    given = delegated(desk, study, bo, "coordinator")
    later(desk, 5)
    desk.run(
        correct_delegation,
        study=study,
        delegation=given,
        version=2,
        role="pharmacist",
        reason="moved to the pharmacy",
        signed_with=PASSWORD,
    )
    (row,) = [each for each in desk.read(delegations, study=study) if each.id == given]
    assert (row.counts_on(ON + 4 * DAY), row.counts_on(ON + 5 * DAY)) == (False, True)


def test_an_earlier_beginning_counts_for_no_day_nobody_had_signed_for(desk: Application, study: Id, bo: Id):
    given = delegated(desk, study, bo, "coordinator", starts_on=ON + 20 * DAY)
    later(desk, 10)
    asked: dict[str, Any] = {"study": study, "delegation": given, "reason": "began sooner", "signed_with": PASSWORD}
    desk.run(correct_delegation, **asked, version=2, starts_on=ON)
    (row,) = [each for each in desk.read(delegations, study=study) if each.id == given]
    assert (row.counts_on(ON + 9 * DAY), row.counts_on(ON + 10 * DAY)) == (False, True)
    desk.run(correct_delegation, **asked, version=3, starts_on=ON - 5 * DAY)
    (row,) = [each for each in desk.read(delegations, study=study) if each.id == given]
    assert (row.counts_on(ON + 9 * DAY), row.counts_on(ON + 10 * DAY)) == (False, True)


def test_a_delegation_ends_with_its_last_day(desk: Application, study: Id, bo: Id):
    given = delegated(desk, study, bo, "coordinator")
    with pytest.raises(UserError, match="before it begins"):
        desk.run(end_delegation, study=study, delegation=given, ends_on=ON - DAY, signed_with=PASSWORD)
    desk.run(end_delegation, study=study, delegation=given, ends_on=ON + 2 * DAY, signed_with=PASSWORD)
    desk.sign_in("bo", "another horse")
    later(desk, 2)
    a_site(desk, study)
    later(desk, 1)
    with pytest.raises(NotAllowed):
        a_site(desk, study, "02")


def test_a_study_is_never_without_a_principal_investigator(desk: Application, study: Id, bo: Id):
    first = delegated(desk, study, bo, "pi")
    desk.sign_in("bo", "another horse")
    ends = ON + 9 * DAY
    asked: dict[str, Any] = {"study": study, "delegation": first, "signed_with": "another horse"}
    with pytest.raises(UserError, match="without a principal"):
        desk.run(end_delegation, **asked, ends_on=ends)
    with pytest.raises(UserError, match="without a principal"):
        desk.run(void_delegation, study=study, delegation=first, version=2, reason="left")
    for fields in ({"role": "monitor"}, {"ends_on": ends}, {"starts_on": ON + DAY}):
        with pytest.raises(UserError, match="without a principal"):
            desk.run(correct_delegation, **asked, version=2, reason="x", **fields)
    ada = desk.read(account_named, username=OWNER).person
    desk.run(delegate, study=study, person=ada, role="pi", starts_on=ends + DAY)
    with pytest.raises(UserError, match="without a principal"):
        desk.run(end_delegation, **asked, ends_on=ends)  # the successor is not signed for
    successor = desk.read(delegations, study=study)[-1].id
    desk.run(authorise_delegation, study=study, delegation=successor, signed_with="another horse")
    desk.run(end_delegation, **asked, ends_on=ends)
    assert desk.read(principal_investigator, study=study, on=ends) == "Bo"
    assert desk.read(principal_investigator, study=study, on=ends + DAY) == "Ada Lind"


def test_a_principal_investigator_still_to_come_leaves_the_owner_in_place(desk: Application, study: Id, bo: Id):
    delegated(desk, study, bo, "pi", starts_on=ON + DAY)
    a_site(desk, study)
    later(desk, 1)
    with pytest.raises(NotAllowed):
        a_site(desk, study, "02")


def test_an_error_is_voided_before_it_counts(desk: Application, study: Id, bo: Id):
    given = desk.run(delegate, study=study, person=bo, role="pi", starts_on=ON).result
    desk.run(void_delegation, study=study, delegation=given, version=1, reason="the wrong Bo")
    assert [row[1] for row in log(desk, study)] == ["monitor"]


def test_what_was_signed_is_not_taken_back(desk: Application, study: Id, bo: Id):
    given = desk.run(delegate, study=study, person=bo, role="coordinator", starts_on=ON)
    signed = desk.run(authorise_delegation, study=study, delegation=given.result, signed_with=PASSWORD)
    with pytest.raises(UserError, match="final"):
        desk.undo(signed.transaction)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="signed"):
        desk.undo(given.transaction)  # type: ignore[arg-type]
    assert desk.verify().proven


def test_persons_are_kept_by_the_owner(desk: Application, study: Id, bo: Id):
    made = desk.run(add_person, name="  Chen   Wei ", initials="CW", licence="110-22").result
    assert [row.name for row in desk.read(persons)] == ["Ada Lind", "Bo", "Chen Wei"]
    with pytest.raises(UserError, match="reason"):
        desk.run(correct_person, person=made, version=1, position="Nurse")
    desk.run(correct_person, person=made, version=1, position="Nurse", reason="was left out")
    with pytest.raises(UserError, match="left empty"):
        desk.run(correct_person, person=made, version=2, name=" ", reason="x")
    desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed, match="owner"):
        desk.run(add_person, name="Dee")


def test_training_is_recorded_corrected_and_voided(desk: Application, study: Id, bo: Id):
    fields = {"study": study, "person": bo, "topic": "protocol", "version_trained": "2.0"}
    with pytest.raises(UserError, match="future"):
        desk.run(add_training, **fields, completed_on=ON + DAY)
    with pytest.raises(UserError, match="expire before"):
        desk.run(add_training, **fields, completed_on=ON, expires_on=ON - DAY)
    made = desk.run(add_training, **fields, completed_on=ON, evidence="Certificate 12").result
    desk.run(correct_training, study=study, training=made, version=1, trainer="Ada", reason="was left out")
    (row,) = desk.read(trainings, study=study)
    assert (row.name, row.topic, row.version_trained, row.trainer) == ("Bo", "protocol", "2.0", "Ada")
    desk.run(void_training, study=study, training=made, version=2, reason="somebody else's")
    assert desk.read(trainings, study=study) == ()


def test_who_acts_without_valid_training_is_listed_and_not_stopped(desk: Application, study: Id, bo: Id):
    delegated(desk, study, bo, "coordinator")
    assert [(each.name, each.since) for each in desk.read(untrained, study=study, on=ON)] == [("Bo", None)]
    desk.run(add_training, study=study, person=bo, topic="gcp", completed_on=ON - 9 * DAY, expires_on=ON)
    assert desk.read(untrained, study=study, on=ON) == ()
    (lapsed,) = desk.read(untrained, study=study, on=ON + DAY)
    assert lapsed.since == ON
    desk.run(add_training, study=study, person=bo, topic="gcp", completed_on=ON)
    assert desk.read(untrained, study=study, on=ON + 999 * DAY) == ()
    desk.sign_in("bo", "another horse")
    later(desk, 400)
    a_site(desk, study)

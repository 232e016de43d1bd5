"""T7: a signature is bound to account, meaning, time and the record's canonical form; and how it is given."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import given

from tests.support.acts import a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application, Proof
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import correct_participant
from trialdesk.enrollment.records import Allocation, Participant
from trialdesk.people.acting import Action, action
from trialdesk.people.records import Signature
from trialdesk.people.rules import PI
from trialdesk.people.signing import digest_of, sign, signatures
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

MEANING = "Reviewed"
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8))


@action("test:participant:sign", "Reviewed", by=frozenset({PI}), signs=MEANING)
def review(work: Work, *, study: Id, participant: Id, **fields: Any) -> Id:
    """Sign a participant, changed in the same act or not."""
    found = found_in(work, Participant, participant, study)
    found.__dict__.update(fields)
    return sign(work, found, MEANING)


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def site(desk: Application, study: Id) -> Id:
    return a_site(desk, study)


@pytest.fixture
def someone(desk: Application, study: Id, site: Id) -> Id:
    return a_participant(desk, study, site)


def signed(desk: Application, study: Id, someone: Id, **more: Any) -> Id:
    made: Id = desk.run(review, study=study, participant=someone, signed_with=PASSWORD, **more).result
    return made


def standing(desk: Application, study: Id, someone: Id) -> list[bool]:
    return [each.stands for each in desk.read(signatures, record=Participant, study=study).get(someone, ())]


@given(
    st.fixed_dictionaries(
        {"number": TEXTS, "sex": TEXTS, "race": TEXTS, "age": st.one_of(st.none(), st.integers(0, 120))}
    )
)
def test_the_hash_binds_every_field_the_record_its_kind_and_whether_it_stands(values: dict[str, Any]):
    record = {"id": "0a" * 16, "voided": False, **values}
    own = digest_of(Participant, record)
    assert own == digest_of(Participant, dict(reversed(record.items())))
    for name, value in values.items():
        other = {**record, name: 121 if name == "age" else f"{value}x"}
        assert digest_of(Participant, other) != own
    assert digest_of(Participant, {**record, "id": "0b" * 16}) != own
    assert digest_of(Participant, {**record, "voided": True}) != own


@given(st.lists(TEXTS, min_size=2, max_size=2, unique=True))
def test_values_do_not_run_into_each_other(pair: list[str | None]):
    first, second = pair
    base = {"id": "0a" * 16, "voided": False}
    assert digest_of(Participant, {**base, "sex": first, "race": second}) != digest_of(
        Participant, {**base, "sex": second, "race": first}
    )


def test_what_is_sealed_or_blinded_is_not_hashed_in_the_open():
    with pytest.raises(TypeError, match="not open"):
        digest_of(Allocation, {"id": "0a" * 16, "voided": False})


def test_a_later_change_shows_the_signature_as_superseded(desk: Application, study: Id, someone: Id):
    signed(desk, study, someone)
    (row,) = desk.read(signatures, record=Participant, study=study)[someone]
    assert (row.name, row.meaning, row.of_version, row.stands) == ("Ada Lind", MEANING, 1, True)
    desk.run(correct_participant, study=study, participant=someone, version=1, age=61, reason="was left out")
    assert standing(desk, study, someone) == [False]
    signed(desk, study, someone, age=62)
    assert standing(desk, study, someone) == [False, True]
    assert [each.of_version for each in desk.read(signatures, record=Participant, study=study)[someone]] == [1, 3]


def test_it_stands_again_when_the_change_is_taken_back(desk: Application, study: Id, someone: Id):
    signed(desk, study, someone)
    done = desk.run(correct_participant, study=study, participant=someone, version=1, age=61, reason="wrong one")
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert standing(desk, study, someone) == [True]


def test_a_signature_cannot_be_put_on_another_record(desk: Application, study: Id, site: Id, someone: Id):
    other = a_participant(desk, study, site, "002")
    original = signed(desk, study, someone)

    def copy(work: Work, *, study: Id) -> Id:
        kept = work.get(Signature, original)
        values = {name: getattr(kept, name) for name in Signature.FIELDS}
        return work.add(Signature(study=study, **{**values, "of_record": other})).id

    desk.run(Action("test:signature:copy", "", frozenset({PI}), final=False, perform=copy), study=study)
    assert standing(desk, study, other) == [False]
    assert standing(desk, study, someone) == [True]


def test_a_signature_changed_in_its_table_is_found(desk: Application, study: Id, someone: Id):
    signed(desk, study, someone)
    with desk.database.writing() as connection:
        connection.execute(sa.update(Signature.TABLE).values(name="Somebody else"))
    (finding,) = desk.verify().findings
    assert "Somebody else" in finding.words


def test_what_led_to_a_signed_record_is_not_taken_back(desk: Application, study: Id, someone: Id):
    done = desk.run(correct_participant, study=study, participant=someone, version=1, age=61, reason="x")
    signed(desk, study, someone)
    with pytest.raises(UserError, match="signed since"):
        desk.undo(done.transaction)  # type: ignore[arg-type]
    assert standing(desk, study, someone) == [True]


def test_what_signs_is_final():
    assert review.final


def test_in_a_session_the_password_signs(desk: Application, study: Id, someone: Id):
    with pytest.raises(NotAllowed, match="password again"):
        desk.run(review, study=study, participant=someone)
    with pytest.raises(NotAllowed, match="wrong"):
        desk.run(review, study=study, participant=someone, signed_with="not this one")
    assert standing(desk, study, someone) == []
    signed(desk, study, someone)


def test_after_an_interruption_user_name_and_password_sign_first(desk: Application, study: Id, someone: Id):
    desk.interrupt()
    with pytest.raises(NotAllowed, match="user name and your password"):
        signed(desk, study, someone)
    a_colleague_s = Proof(PASSWORD, "bo")
    for proof in (a_colleague_s, Proof("not this one", OWNER)):
        with pytest.raises(NotAllowed, match="wrong"):
            desk.run(review, study=study, participant=someone, signed_with=proof)
    with pytest.raises(NotAllowed, match="user name and your password"):
        signed(desk, study, someone)
    desk.run(review, study=study, participant=someone, signed_with=Proof(PASSWORD, f" {OWNER} "))
    signed(desk, study, someone)
    desk.interrupt()
    desk.sign_in(OWNER, PASSWORD)  # both were given: a session of its own
    signed(desk, study, someone)


def test_nobody_signs_for_another(desk: Application, study: Id, someone: Id):
    a_colleague(desk, study, "pi")
    desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed, match="wrong"):
        desk.run(review, study=study, participant=someone, signed_with=PASSWORD)
    with pytest.raises(NotAllowed, match="wrong"):
        desk.run(review, study=study, participant=someone, signed_with=Proof(PASSWORD, OWNER))

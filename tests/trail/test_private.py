"""Private and blinded values: apart in events and streams, sealed, erasable, never where they may not be."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD, reopened
from tests.support.trial import ready_to_be_allocated
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import erase_identity, identify, record_allocation
from trialdesk.enrollment.queries import consort, participant, participants
from trialdesk.persistence.vault import Hidden
from trialdesk.persistence.wrapping import keyring
from trialdesk.studies.actions import add_arm
from trialdesk.trail.tables import event, stream

NAME = "Grace Hopper-Ørsted 林"


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk, blinding="double")


@pytest.fixture
def someone(desk: Application, study: Id) -> Id:
    return a_participant(desk, study, a_site(desk, study))


def name_of(desk: Application, study: Id, someone: Id) -> str | Hidden | None:
    detail = desk.read(participant, study=study, participant=someone, on=ON)
    found: str | Hidden | None = detail.name_hidden or detail.name
    return found


def everything(desk: Application) -> bytes:
    """Return all bytes a desk holds, whichever table they are in."""
    with desk.database.reading() as connection:
        if desk.database.path is not None:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return desk.database.path.read_bytes()
        kept = []
        for table in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                kept += [bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for c in row]
        return b"\0".join(kept)


def test_a_name_is_sealed_in_every_table_and_event(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name=NAME, contact="555-0199")
    assert name_of(desk, study, someone) == NAME
    assert NAME.encode() not in everything(desk)
    assert b"Hopper" not in everything(desk)
    assert b"555-0199" not in everything(desk)
    with desk.database.reading() as connection:
        query = sa.select(stream.c.audience).join(event, event.c.stream == stream.c.id)
        assert set(connection.scalars(query.where(event.c.kind == "enrollment.identity"))) == {"private"}
    assert desk.verify().proven


def test_it_opens_again_for_who_may_identify_and_for_nobody_else(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name=NAME)
    a_colleague(desk, study, "monitor", "mo", "monitors horse")
    a_colleague(desk, study, "coordinator", "co", "coordinators horse")
    again = reopened(desk)
    assert name_of(again, study, someone) == NAME
    again.sign_in("co", "coordinators horse")
    assert name_of(again, study, someone) == NAME
    again.sign_in("mo", "monitors horse")
    assert name_of(again, study, someone) is Hidden.NOT_ALLOWED
    again.sign_out()
    assert name_of(again, study, someone) is Hidden.NOT_ALLOWED
    again.close()


def test_equal_values_are_equal_bytes_and_others_tell_nothing(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name="A", contact="A")
    before = desk.position()
    assert desk.run(identify, study=study, participant=someone, name="A", contact="A").transaction is None
    assert desk.position() == before
    with desk.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT name, contact FROM enrollment_identity").one()
    assert bytes(row[0]) != bytes(row[1])


def test_undo_copies_sealed_values(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name="Wrong")
    done = desk.run(identify, study=study, participant=someone, name=NAME, reason="misspelt")
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert name_of(desk, study, someone) == "Wrong"
    assert desk.verify().proven


def test_erasure_takes_the_key_and_leaves_chain_and_replay_whole(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name=NAME)
    known = desk.position()
    with pytest.raises(UserError, match="reason"):
        desk.run(erase_identity, study=study, participant=someone, decided_on=ON)
    done = desk.run(erase_identity, study=study, participant=someone, decided_on=ON, reason="asked in writing")
    assert not done.undoable
    with pytest.raises(UserError, match="final"):
        desk.undo(done.transaction)  # type: ignore[arg-type]
    assert name_of(desk, study, someone) is Hidden.ERASED
    with desk.reading_at(known) as past:
        assert participant(past, study=study, participant=someone, on=ON).name_hidden is Hidden.ERASED
    with desk.database.reading() as connection:
        assert not connection.scalar(sa.select(sa.func.count()).where(keyring.c.subject == someone))
    with pytest.raises(UserError, match="erased"):
        desk.run(identify, study=study, participant=someone, name=NAME)
    assert [row.number for row in desk.read(participants, study=study, on=ON)] == ["001"]
    assert desk.verify().proven


def test_an_erased_key_is_in_no_file_of_the_database(desk: Application, study: Id, someone: Id):
    desk.run(identify, study=study, participant=someone, name=NAME)
    key = sa.select(keyring.c.wrapped).where(keyring.c.subject == someone)
    with desk.database.reading() as connection:
        wrapped = [bytes(each) for each in connection.scalars(key)]
    assert wrapped
    assert all(each in on_disk(desk) for each in wrapped)
    desk.run(erase_identity, study=study, participant=someone, decided_on=ON, reason="asked in writing")
    assert not any(each in on_disk(desk) for each in wrapped)
    assert desk.verify().proven


def on_disk(desk: Application) -> bytes:
    """Return the bytes of the files a desk lies in: SQLite's with its log, the server's file of the table of keys."""
    if desk.database.path is not None:
        return b"".join(each.read_bytes() for each in desk.database.path.parent.glob(f"{desk.database.path.name}*"))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
        name = connection.exec_driver_sql("SELECT pg_relation_filepath('keyring')").scalar_one()
    file = Path(folder) / name
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*") if each.stat().st_size)


def test_an_arm_is_known_to_the_unblinded_alone(desk: Application, study: Id, someone: Id):
    arm = desk.run(add_arm, study=study, code="A", name="Active").result
    with pytest.raises(NotAllowed):
        desk.run(record_allocation, study=study, participant=someone, arm=arm)
    a_colleague(desk, study, "pharmacist", "pha", "pharmacists horse")
    ready_to_be_allocated(desk, study, someone)
    desk.sign_in("pha", "pharmacists horse")
    desk.run(record_allocation, study=study, participant=someone, arm=arm)
    assert [row.arm for row in desk.read(participants, study=study, on=ON)] == ["Active"]
    assert [each.arm for each in desk.read(consort, study=study, on=ON).arms] == ["Active"]
    desk.sign_in(OWNER, PASSWORD)
    (row,) = desk.read(participants, study=study, on=ON)
    assert row.arm is None
    assert row.state == "in study"
    flow = desk.read(consort, study=study, on=ON)
    assert [(each.arm, each.allocated) for each in flow.arms] == [("all", 1)]
    with desk.database.reading() as connection:
        blinded = sa.select(stream.c.id).where(stream.c.audience == "blinded")
        held = connection.scalars(sa.select(event.c.bytes).where(event.c.stream.not_in(blinded))).all()
    assert held
    # Outside the stream of the unblinded no event of this participant names the arm.
    assert not [data for data in held if someone.encode() in bytes(data) and arm.encode() in bytes(data)]


def test_what_a_role_does_not_allow_is_refused_below_the_screen(desk: Application, study: Id, someone: Id):
    a_colleague(desk, study, "monitor", "mo", "monitors horse")
    desk.sign_in("mo", "monitors horse")
    before = desk.position()
    with pytest.raises(NotAllowed, match="Principal investigator"):
        a_site(desk, study, "02")
    assert desk.position() == before
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in("mo", "monitors cow")
    with pytest.raises(NotAllowed, match="wrong"):
        desk.sign_in("nobody", "monitors horse")
    desk.sign_out()
    with pytest.raises(UserError, match="Sign in"):
        a_site(desk, study, "02")

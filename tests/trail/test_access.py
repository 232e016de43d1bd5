"""The access log: what is noted, that nothing private stands in it, that it cannot be changed unseen."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD, reopened
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import identify
from trialdesk.enrollment.queries import participant
from trialdesk.persistence.vault import Hidden
from trialdesk.studies.actions import add_site
from trialdesk.trail.access import WORDS, Note, access, entries, note
from trialdesk.trail.tables import GUARDED

COPIED = (
    "UPDATE access SET bytes = o.bytes, hash = o.hash, at = o.at, what = o.what, account = o.account, study = o.study, "
    "about = o.about FROM (SELECT * FROM access WHERE number = 3) AS o WHERE access.number = 2"
)


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def someone(desk: Application, study: Id) -> Id:
    made = a_participant(desk, study, a_site(desk, study))
    desk.run(identify, study=study, participant=made, name="Grace Hopper")
    return made


def noted(desk: Application) -> list[str]:
    """Return what was noted, oldest first."""
    return [each.what for each in reversed(desk.read(entries))]


def look(desk: Application, study: Id, someone: Id) -> str | Hidden | None:
    detail = desk.read(participant, study=study, participant=someone, on=ON)
    found: str | Hidden | None = detail.name_hidden or detail.name
    return found


def behind(desk: Application, statement: str) -> None:
    """Change the table as somebody does who first takes the guards away, and puts them back."""
    with desk.database.writing() as connection:
        guards = [f"access_no_{verb.lower()}" for verb in GUARDED["access"]]
        if desk.database.dialect == "sqlite":
            kept = [
                connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (guard,)).scalar_one()
                for guard in guards
            ]
            for guard in guards:
                connection.exec_driver_sql(f"DROP TRIGGER {guard}")
            connection.exec_driver_sql(statement)
            for guard in kept:
                connection.exec_driver_sql(guard)
        else:
            connection.exec_driver_sql("ALTER TABLE access DISABLE TRIGGER USER")
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("ALTER TABLE access ENABLE TRIGGER USER")


def test_coming_in_going_out_and_failing_is_noted(desk: Application, study: Id):
    a_colleague(desk, study, "monitor")
    with pytest.raises(NotAllowed):
        desk.sign_in("bo", "wrong entirely")
    with pytest.raises(NotAllowed):
        desk.sign_in("my password in the wrong field", "x")
    desk.sign_out()
    assert noted(desk) == ["sign_in", "signature", "sign_in_failed", "sign_in_failed", "sign_out"]
    known, unknown = desk.read(entries, what=["sign_in_failed"])[::-1]
    assert known.account is not None
    assert (unknown.account, unknown.about) == (None, "")


def test_a_refusal_is_noted_though_nothing_was_done(desk: Application, study: Id):
    a_colleague(desk, study, "monitor")
    desk.sign_in("bo", "another horse")
    before = desk.position()
    with pytest.raises(NotAllowed):
        a_site(desk, study)
    assert desk.position() == before
    (entry,) = desk.read(entries, what=["refused"])
    assert (entry.study, entry.about) == (study, "studies:site:add")
    assert entry.account == desk.session.account.id  # type: ignore[union-attr]


def test_seeing_who_somebody_is_is_noted_once_a_session_and_without_the_name(desk: Application, study: Id, someone: Id):
    assert look(desk, study, someone) == "Grace Hopper"
    assert look(desk, study, someone) == "Grace Hopper"
    assert noted(desk).count("private_read") == 1
    (entry,) = desk.read(entries, study=study, what=["private_read"])
    assert entry.about == someone
    desk.sign_in(OWNER, PASSWORD)
    known = desk.position()
    with desk.reading_at(known) as past:
        assert participant(past, study=study, participant=someone, on=ON).name == "Grace Hopper"
    assert noted(desk).count("private_read") == 2
    with desk.database.reading() as connection:
        assert not [row for row in connection.execute(sa.select(access.c.bytes)) if b"Grace" in row[0]]


def test_what_stays_hidden_is_not_noted(desk: Application, study: Id, someone: Id):
    a_colleague(desk, study, "monitor")
    desk.sign_in("bo", "another horse")
    assert look(desk, study, someone) is Hidden.NOT_ALLOWED
    assert "private_read" not in noted(desk)


def test_keys_given_and_withdrawn_are_noted(desk: Application, study: Id, someone: Id):
    account = a_colleague(desk, study, "coordinator")
    (entry,) = desk.read(entries, what=["key_given"])
    assert (entry.study, entry.about) == (study, f"privacy {account}")


def test_looking_at_the_log_of_one_study(desk: Application, study: Id):
    desk.note("export", study=study, about="csv")
    desk.note("export", study=a_study(desk, "SECOND"), about="csv")
    assert [each.about for each in desk.read(entries, study=study)] == ["csv"]
    assert len(desk.read(entries, limit=2)) == 2
    with desk.database.writing() as connection, pytest.raises(ValueError, match="gossip"):
        note(connection, desk.clock.now(), Note("gossip"))
    assert all(WORDS[each.what] for each in desk.read(entries))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM access WHERE number = 2", {"missing"}),
        ("UPDATE access SET about = 'nothing to see' WHERE number = 2", {"altered"}),
        ("UPDATE access SET account = NULL WHERE number = 2", {"altered"}),
        ("UPDATE access SET bytes = (SELECT bytes FROM access WHERE number = 1) WHERE number = 2", {"altered"}),
        (COPIED, {"altered"}),
    ],
)
def test_a_log_changed_behind_the_application_is_found(desk: Application, study: Id, statement: str, told: set[str]):
    for about in ("csv", "xlsx", "csv"):
        desk.note("export", study=study, about=about)
    assert desk.verify().proven
    behind(desk, statement)
    findings = desk.verify().findings
    assert {each.what for each in findings} == {"access"}
    assert findings[0].place == "access.2"
    assert told <= {each.words.split()[-1].rstrip(".") for each in findings}


def test_undo_and_replay_leave_it_alone(desk: Application, study: Id):
    done = desk.run(add_site, study=study, number="07")
    count = len(noted(desk))
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert len(noted(desk)) == count
    assert desk.verify().proven


def cut(desk: Application, after: int) -> None:
    behind(desk, f"DELETE FROM access WHERE number > {after}")


def test_a_tail_cut_off_the_log_is_found_by_what_this_computer_has_seen(desk: Application, study: Id):
    for about in ("csv", "xlsx"):
        desk.note("export", study=study, about=about)
    assert desk.verify().proven
    last = len(noted(desk))
    cut(desk, last - 1)
    assert [(each.what, each.place) for each in desk.verify().findings] == [("access", f"access.{last}")]
    # Nor is it hidden by what is noted afterwards, or when the desk is opened again.
    again = reopened(desk)
    for about in ("csv", "xlsx", "csv"):
        again.note("export", study=study, about=about)
    assert [(each.what, each.place) for each in again.verify().findings] == [("access", f"access.{last}")]
    again.close()


@pytest.mark.parametrize("what", ["sign_in_failed", "refused", "signature"])
def test_whatever_was_noted_last_is_not_cut_off_unseen(desk: Application, study: Id, what: str):
    if what == "sign_in_failed":
        with pytest.raises(NotAllowed):
            desk.sign_in(OWNER, "guessed")
    elif what == "refused":
        a_colleague(desk, study, "monitor")
        desk.sign_in("bo", "another horse")
        with pytest.raises(NotAllowed):
            desk.run(add_site, study=study, number="07")
    else:
        a_colleague(desk, study, "monitor")
    last = noted(desk)
    assert last[-1] == what
    cut(desk, len(last) - 1)
    assert {each.what for each in desk.verify().findings} == {"access"}

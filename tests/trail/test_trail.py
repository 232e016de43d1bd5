"""The invariants of the trail, on both databases and through both doors of Work."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.acts import ON, a_participant, a_site, a_study
from tests.support.checkout import ROOT
from tests.support.desks import OWNER, PASSWORD, desk_at, reopened
from trialdesk.application import CATALOGUE, Application
from trialdesk.base.canonical import canonical
from trialdesk.base.clock import instant_text
from trialdesk.base.errors import Conflict, UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import correct_participant, screen, void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.records import Participant
from trialdesk.people.acting import action
from trialdesk.people.rules import STAFF
from trialdesk.persistence.database import Database
from trialdesk.persistence.work import Work
from trialdesk.studies.records import Site
from trialdesk.trail.events import StreamName, event_hash, parse
from trialdesk.trail.history import change_sets, record_history, transaction_changes
from trialdesk.trail.tables import GUARDED, event, stream


@action("enrollment:participant:screen_many", "Participants screened", by=STAFF)
def screen_many(work: Work, *, study: Id, site: Id, count: int) -> list[Id]:
    rows = ({"number": f"{n:03}", "identifier": f"01-{n:03}", "site": site} for n in range(count))
    return work.add_many(Participant, study, rows)


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def site(desk: Application, study: Id) -> Id:
    return a_site(desk, study)


def numbers(desk: Application, study: Id) -> list[str]:
    return [row.number for row in desk.read(participants, study=study, on=ON)]


def behind(desk: Application, statement: str, **parameters: object) -> None:
    """Write as somebody does who has the database and not the application: the triggers put aside and put back."""
    with desk.database.writing() as connection:
        sqlite = connection.dialect.name == "sqlite"
        aside = []
        if sqlite:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            aside = list(connection.exec_driver_sql(query).all())
            for name, _sql in aside:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        done = connection.execute(sa.text(statement), parameters)
        assert done.rowcount != 0
        for _name, sql in aside:
            connection.exec_driver_sql(sql)
        if not sqlite:
            connection.exec_driver_sql("SET session_replication_role = origin")


def found(desk: Application) -> set[str]:
    return {finding.what for finding in desk.verify().findings}


def test_every_difference_is_an_event_in_the_same_transaction(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, sex="F", age=61)
    done = desk.run(correct_participant, study=study, participant=participant, version=1, reason="misread", age=62)
    told = desk.read(transaction_changes, transaction=done.transaction)
    assert [(each.field, each.old, each.new, each.reason) for each in told if each.field == "age"] == [
        ("age", 61, 62, "misread")
    ]
    history = desk.read(record_history, record=participant)
    assert {each.field for each in history if each.created} >= {"number", "sex", "age", "site"}
    assert desk.verify().proven


def test_a_failing_action_leaves_neither_row_nor_event(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site, "001")
    before = desk.position()
    with pytest.raises(UserError, match="already a participant of this number"):
        a_participant(desk, study, site, "001")
    with pytest.raises(UserError, match="cannot be kept"):
        a_participant(desk, study, site, "002", died_on="2026-02-30")
    assert desk.position() == before
    assert numbers(desk, study) == ["001"]


def test_what_does_not_differ_writes_nothing(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, age=61)
    before = desk.position()
    done = desk.run(correct_participant, study=study, participant=participant, version=1, reason="none", age=61)
    assert done.transaction is None
    assert desk.position() == before


@pytest.mark.parametrize("count", [1, 7, 1203])
def test_the_second_door_writes_the_same_events(desk: Application, study: Id, site: Id, count: int):
    done = desk.run(screen_many, study=study, site=site, count=count)
    assert len(numbers(desk, study)) == count
    assert desk.verify().proven
    assert desk.read(change_sets, study=study)[0].records == count
    desk.undo(done.transaction)  # type: ignore[arg-type]
    assert numbers(desk, study) == []
    assert desk.verify().proven


def test_the_second_door_checks_what_the_first_does(desk: Application, study: Id, site: Id):
    @action("enrollment:participant:wrong", "Wrong", by=STAFF)
    def wrong(work: Work, *, study: Id, **row: object) -> None:
        work.add_many(Participant, study, [{"site": site, "identifier": "x", "number": "1", **row}])

    with pytest.raises(UserError, match="cannot be kept"):
        desk.run(wrong, study=study, died_on="yesterday")
    with pytest.raises(UserError, match="left empty"):
        desk.run(wrong, study=study, number=None)
    with pytest.raises(UserError, match="cannot be kept"):
        desk.run(wrong, study=study, sex="F\0")
    assert desk.verify().proven


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
@pytest.mark.parametrize("table", list(GUARDED))
def test_trail_rows_cannot_be_changed(desk: Application, study: Id, table: str, verb: str):
    statement = f"DELETE FROM {table}" if verb == "DELETE" else f"UPDATE {table} SET clock = '0'"
    if verb == "UPDATE" and table != "event":
        statement = f"UPDATE {table} SET number = number - 1"
    with pytest.raises((sa.exc.DBAPIError, UserError)), desk.database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert desk.verify().proven


def test_an_edit_behind_the_application_is_found_and_named(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, age=61)
    behind(desk, "UPDATE enrollment_participant SET age = 16 WHERE age = 61")
    (finding,) = desk.verify().findings
    assert finding.what == "value"
    assert finding.place == f"enrollment.participant {participant} age"
    assert "16" in finding.words
    assert "61" in finding.words


def test_all_that_was_altered_is_counted_and_the_first_of_each_kind_are_told(desk: Application, study: Id, site: Id):
    desk.run(screen_many, study=study, site=site, count=250)
    behind(desk, "UPDATE enrollment_participant SET age = 16")
    behind(desk, "UPDATE studies_site SET name = 'elsewhere'")
    verdict = desk.verify()
    assert dict(verdict.totals) == {"enrollment.participant": 250, "studies.site": 1}
    assert verdict.count == 251
    told = Counter(finding.subject for finding in verdict.findings)
    assert told["studies.site"] == 1
    assert 1 < told["enrollment.participant"] < 250


def test_a_row_added_or_taken_behind_the_application_is_found(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    behind(desk, "DELETE FROM enrollment_participant")
    assert found(desk) == {"row"}


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("altered", "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'HARBOUR', 'HARBOUS') AS BLOB)"),
        ("gap", "DELETE FROM event WHERE number = 2"),
        ("cut", "DELETE FROM event WHERE number = (SELECT max(number) FROM event)"),
        ("copy", "UPDATE event SET action = 'enrollment:participant:void' WHERE action = 'studies:site:add'"),
        ("chain", "UPDATE event SET number = 5 - number WHERE number IN (2, 3)"),
        ("stream", "UPDATE stream SET audience = 'private' WHERE audience = 'open'"),
        ("signature", "UPDATE stream SET signature = CAST(signature || X'00' AS BLOB)"),
        ("signature", "UPDATE stream SET signature = NULL"),
    ],
)
def test_tampering_is_named(sqlite_desk: Application, what: str, statement: str):
    study = a_study(sqlite_desk)
    site = a_site(sqlite_desk, study)
    for number in range(3):
        a_participant(sqlite_desk, study, site, str(number))
    if what == "chain":
        behind(sqlite_desk, "UPDATE event SET number = -number WHERE number IN (2, 3)")
        statement = "UPDATE event SET number = 5 + number WHERE number < 0"
    behind(sqlite_desk, statement)
    assert what in found(sqlite_desk)


def test_a_tail_cut_with_its_head_moved_back_is_found_by_what_this_computer_has_seen(
    sqlite_desk: Application, tmp_path
):
    study = a_study(sqlite_desk)
    sqlite_desk.database.close()
    path = sqlite_desk.database.path
    assert path is not None
    yesterday = path.read_bytes()
    site = a_site(sqlite_desk, study)
    assert site
    sqlite_desk.database.close()
    path.write_bytes(yesterday)
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    assert "cut" in found(sqlite_desk)


def test_a_restored_file_begins_new_streams_and_says_so(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    sqlite_desk.database.close()
    path = sqlite_desk.database.path
    assert path is not None
    yesterday = path.read_bytes()
    a_site(sqlite_desk, study)
    sqlite_desk.close()
    path.write_bytes(yesterday)
    again = reopened(sqlite_desk)
    assert any("older than what this computer has seen: 1 " in note for note in again.notes)
    a_site(again, study)
    with again.database.reading() as connection:
        assert set(connection.scalars(sa.select(stream.c.epoch))) == {1, 2}
    # What was lost stays named, and is told as news once only.
    assert found(again) == {"cut"}
    third = reopened(again)
    assert third.notes == []
    assert found(third) == {"cut"}
    third.close()


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("event_no_update", "DROP TRIGGER event_no_update"),
        ("stream_forward", "DROP TRIGGER stream_forward"),
        (
            "helpful",
            "CREATE TRIGGER helpful AFTER INSERT ON event BEGIN UPDATE safety_adverse_event SET serious = 0; END",
        ),
    ],
)
def test_guards_taken_away_or_put_in_are_named(sqlite_desk: Application, name: str, statement: str):
    a_study(sqlite_desk)
    with sqlite_desk.database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert [(each.what, each.place) for each in sqlite_desk.verify().findings] == [("guard", name)]


def test_a_guard_made_toothless_is_named(sqlite_desk: Application):
    with sqlite_desk.database.writing() as connection:
        query = "SELECT sql FROM sqlite_master WHERE name = 'event_no_update'"
        sql = str(connection.exec_driver_sql(query).scalar())
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql(sql.replace("BEGIN", "WHEN 0 BEGIN"))
    assert found(sqlite_desk) == {"guard"}


def test_a_guard_disabled_on_postgres_is_named(postgres_url: str, tmp_path):
    made = desk_at(postgres_url, tmp_path)
    assert made.verify().proven
    with made.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER event_no_update")
    assert [(each.what, each.place) for each in made.verify().findings] == [("guard", "event_no_update")]
    made.close()


def test_a_missing_table_or_a_foreign_column_is_named_and_not_a_fault_of_ours(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE enrollment_population")
        connection.exec_driver_sql("ALTER TABLE studies_site ADD COLUMN extra TEXT")
        connection.exec_driver_sql("ALTER TABLE safety_adverse_event DROP COLUMN outcome")
    assert {(each.what, each.place) for each in desk.verify().findings} == {
        ("structure", "enrollment_population"),
        ("structure", "safety_adverse_event.outcome"),
        ("structure", "studies_site.extra"),
    }


def test_a_chain_made_anew_by_somebody_without_the_key_is_found_on_any_computer(sqlite_desk: Application, tmp_path):
    """The whole stream rewritten consistently: bytes, hashes, head, table, and the signature left out."""
    study = a_study(sqlite_desk)
    a_participant(sqlite_desk, study, a_site(sqlite_desk, study), sex="F")
    with sqlite_desk.database.reading() as connection:
        kept = connection.execute(
            sa.select(event)
            .join(stream, stream.c.id == event.c.stream)
            .where(stream.c.study == study)
            .order_by(event.c.number)
        ).all()
    previous = StreamName(sqlite_desk.replica, 1, study, "open").genesis
    behind(sqlite_desk, "DELETE FROM event WHERE number > 0 AND kind <> 'people.person' AND kind <> 'people.account'")
    with sqlite_desk.database.writing() as connection:
        for row in kept:
            told = parse(row.bytes)
            told["previous"] = previous.hex()
            if "sex" in told["change"]:
                told["change"]["sex"] = [None, "M"]
            data = canonical(told)
            previous = event_hash(data)
            connection.execute(sa.insert(event).values({**row._mapping, "bytes": data, "hash": previous}))
    behind(sqlite_desk, "UPDATE stream SET hash = :hash, signature = NULL WHERE study IS NOT NULL", hash=previous)
    behind(sqlite_desk, "UPDATE enrollment_participant SET sex = 'M'")
    assert found(sqlite_desk) == {"replaced", "signature"}
    elsewhere = Application(sqlite_desk.database.where, cost=sqlite_desk.cost, marks=tmp_path / "elsewhere").open()
    assert found(elsewhere) == {"signature"}
    elsewhere.close()


def test_as_of_shows_what_was_known_then(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site, "001")
    position = desk.position()
    instant = desk.clock.now()
    a_participant(desk, study, site, "002")
    for past in (position, desk.position_known(instant_text(instant)), desk.position_known(position.text())):
        with desk.reading_at(past) as read:
            assert [row.number for row in participants(read, study=study, on=ON)] == ["001"]
            assert change_sets(read, study=study)[0].action == screen.name
    assert numbers(desk, study) == ["001", "002"]


def test_known_at_an_instant_takes_no_event_recorded_later_even_if_a_clock_was_set_back(
    desk: Application, study: Id, site: Id
):
    a_participant(desk, study, site, "001")
    instant = desk.clock.now()
    desk.clock.at += timedelta(hours=1)  # type: ignore[attr-defined]
    a_participant(desk, study, site, "002")
    desk.clock.at -= timedelta(hours=2)  # type: ignore[attr-defined]
    a_participant(desk, study, site, "003")
    with desk.reading_at(desk.position_known(instant_text(instant))) as read:
        assert [row.number for row in participants(read, study=study, on=ON)] == ["001"]
    order = [each.action for each in desk.read(change_sets, study=study)]
    assert order[:3] == [screen.name] * 3
    assert desk.verify().proven


def test_a_position_this_desk_does_not_hold_is_refused(desk: Application, study: Id):
    elsewhere = desk.position_known("0" * 32 + ".7")
    with pytest.raises(UserError, match="cannot tell"), desk.reading_at(elsewhere):
        pass
    with pytest.raises(UserError, match="neither"):
        desk.position_known("yesterday")


def test_undo_writes_the_befores_back_and_can_be_undone(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, age=61)
    done = desk.run(correct_participant, study=study, participant=participant, version=1, reason="misread", age=62)
    undone = desk.undo(done.transaction)  # type: ignore[arg-type]
    assert desk.read(participants, study=study, on=ON)[0].age == 61
    desk.undo(undone.transaction)  # type: ignore[arg-type]
    assert desk.read(participants, study=study, on=ON)[0].age == 62
    assert desk.verify().proven


def test_undo_of_a_creation_voids_it_and_redo_restores_it(desk: Application, study: Id, site: Id):
    before = desk.read(change_sets, study=study)
    a_participant(desk, study, site)
    created = desk.read(change_sets, study=study)[0].id
    undone = desk.undo(created)
    assert numbers(desk, study) == []
    desk.undo(undone.transaction)  # type: ignore[arg-type]
    assert numbers(desk, study) == ["001"]
    assert len(desk.read(change_sets, study=study)) == len(before) + 3


def test_undo_refuses_once_a_record_moved_on(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, age=61)
    first = desk.run(correct_participant, study=study, participant=participant, version=1, reason="a", age=62)
    desk.run(correct_participant, study=study, participant=participant, version=2, reason="b", age=63)
    with pytest.raises(UserError, match="changed again"):
        desk.undo(first.transaction)  # type: ignore[arg-type]
    # Another field did not move on with it.
    other = desk.run(correct_participant, study=study, participant=participant, version=3, reason="c", sex="F")
    desk.run(correct_participant, study=study, participant=participant, version=4, reason="d", age=64)
    desk.undo(other.transaction)  # type: ignore[arg-type]
    assert desk.read(participants, study=study, on=ON)[0].sex is None


def test_two_windows_on_one_record_meet_a_conflict(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site, age=61)
    second = Application(
        desk.database.where, clock=desk.clock, new_id=desk.new_id, cost=desk.cost, marks=desk._marks
    ).open()
    second.sign_in(OWNER, PASSWORD)
    second.run(correct_participant, study=study, participant=participant, version=1, reason="a", age=62)
    with pytest.raises(Conflict):
        desk.run(correct_participant, study=study, participant=participant, version=1, reason="b", age=63)
    assert desk.read(participants, study=study, on=ON)[0].age == 62
    second.close()


def test_a_void_keeps_the_record_and_needs_a_reason(desk: Application, study: Id, site: Id):
    participant = a_participant(desk, study, site)
    with pytest.raises(UserError, match="reason"):
        desk.run(void_participant, study=study, participant=participant, version=1)
    desk.run(void_participant, study=study, participant=participant, version=1, reason="entered twice")
    assert numbers(desk, study) == []
    assert [each.reason for each in desk.read(record_history, record=participant)][-1] == "entered twice"
    a_participant(desk, study, site)  # the number is free again
    assert desk.verify().proven


def test_reading_cannot_write(desk: Application, study: Id):
    with pytest.raises(Exception, match=r"read-only|readonly|not written"), desk.database.reading() as connection:
        connection.execute(sa.delete(Site.TABLE))
    with desk.reading() as read, pytest.raises(TypeError):
        read.rows(sa.delete(Site.TABLE))  # type: ignore[arg-type]


def test_one_reading_sees_one_state(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site, "001")
    with desk.reading() as read:
        before = [row.number for row in participants(read, study=study, on=ON)]
        a_participant(desk, study, site, "002")
        assert [row.number for row in participants(read, study=study, on=ON)] == before == ["001"]
    assert numbers(desk, study) == ["001", "002"]


def test_only_work_set_up_and_upgrade_open_a_write_transaction():
    writers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "trialdesk").rglob("*.py")
        if re.search(r"\.writing\(", path.read_text("utf-8"))
    }
    assert writers == {
        "trialdesk/application/desk.py",
        "trialdesk/application/entering.py",
        "trialdesk/application/opening.py",
        "trialdesk/persistence/database.py",
        "trialdesk/persistence/upgrade.py",
        "trialdesk/trail/replay.py",
        "trialdesk/trail/verify.py",
    }


def test_streams_keep_audiences_and_studies_apart(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    a_study(desk, "SECOND")
    with desk.database.reading() as connection:
        named = {(row.study, row.audience) for row in connection.execute(sa.select(stream))}
        kinds = connection.execute(
            sa.select(event.c.kind, stream.c.audience).join(stream, stream.c.id == event.c.stream)
        ).all()
    assert len(named) == 3  # the directory and two studies
    assert all(CATALOGUE[kind].audience == audience for kind, audience in kinds)


def test_the_desk_can_be_opened_again(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    again = reopened(desk)
    assert numbers(again, study) == ["001"]
    assert again.notes == []
    a_participant(again, study, site, "002")
    assert again.verify().proven
    again.close()


def test_a_clock_set_back_is_told_and_loses_nothing(desk: Application, study: Id, site: Id):
    a_participant(desk, study, site)
    desk.clock.at -= timedelta(days=400)  # type: ignore[attr-defined]
    again = reopened(desk)
    assert any("Check the clock" in note for note in again.notes)
    with pytest.raises(UserError, match="still to come"):
        a_participant(again, study, site, "002")
    a_participant(again, study, site, "002", screened_on=again.today.isoformat())
    assert again.verify().proven
    again.close()


def test_the_database_is_nobody_elses(tmp_path):
    assert Database(str(tmp_path / "x.desk")).dialect == "sqlite"

"""What recording costs: one act commit for commit, and bulk, against the same rows written bare."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.benchmarks.measure import Bar, compared, seconds
from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import desk_at
from tests.support.trial import brought_in, consented
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Visit
from trialdesk.people.acting import action
from trialdesk.people.rules import STAFF
from trialdesk.persistence.database import Database
from trialdesk.persistence.work import Work
from trialdesk.trail.tables import event, stream

ACTS = 200
ROWS = 20_000


@action("enrollment:visit:record_many", "Visits recorded", by=STAFF)
def record_many(work: Work, *, study: Id, rows: list[dict[str, Any]]) -> None:
    work.add_many(Visit, study, rows)


def bars() -> list[Bar]:
    with tempfile.TemporaryDirectory() as folder:
        return [one_act(Path(folder)), bulk(Path(folder))]


def one_act(folder: Path) -> Bar:
    """A visit recorded by an action, against its row, its event and its stream's head written by SQLAlchemy."""
    desk = desk_at(str(folder / "act.desk"), folder)
    study = a_study(desk)
    participant = a_participant(desk, study, a_site(desk, study))
    consented(desk, study, participant)
    from trialdesk.enrollment.actions import record_visit

    def ours() -> float:
        def run() -> None:
            for number in range(ACTS):
                desk.run(
                    record_visit, study=study, participant=participant, name=f"Week {number}", started_on="2026-03-04"
                )

        return seconds(run) / ACTS

    bare = _Bare(desk, folder / "act-bare.desk", study)

    def theirs() -> float:
        def run() -> None:
            for _number in range(ACTS):
                with bare.database.writing() as connection:
                    bare.write(connection, [bare.fresh()])

        return seconds(run) / ACTS

    bar = compared("one recorded act / the same rows by bare SQLAlchemy", ours, theirs, at_most=3.0)
    desk.close()
    bare.database.close()
    return bar


def bulk(folder: Path) -> Bar:
    """Visits in bulk with their trail, against a bare executemany of the same records without any."""
    desk = desk_at(str(folder / "bulk.desk"), folder)
    study = a_study(desk)
    participant = brought_in(desk, study, a_site(desk, study), informed_consent_on="2026-02-01")
    rows = [
        {
            "participant": participant,
            "name": f"Week {number % 26}",
            "happened": True,
            "planned": True,
            "started_on": "2026-03-04",
            "ended_on": "2026-03-04",
            "study_day": number,
            "epoch": "TREATMENT",
        }
        for number in range(ROWS)
    ]
    bare = _Bare(desk, folder / "bulk-bare.desk", study)

    def ours() -> float:
        return seconds(lambda: desk.run(record_many, study=study, rows=rows))

    def theirs() -> float:
        full = [{**row, "id": desk.new_id(), "study": study, "version": 1, "voided": False} for row in rows]

        def run() -> None:
            with bare.database.writing() as connection:
                connection.execute(sa.insert(Visit.TABLE), full)

        return seconds(run)

    bar = compared("bulk import with trail / bare executemany of the records", ours, theirs, at_most=10.0, runs=3)
    desk.close()
    bare.database.close()
    return Bar(bar.name, bar.ratio, bar.at_most, f"{bar.details}, {ROWS} records")


class _Bare:
    """The same tables and rows without TrialDesk's Work."""

    def __init__(self, desk: Application, path: Path, study: Id) -> None:
        self.database = Database(str(path))
        self.new_id = desk.new_id
        with self.database.writing() as connection:
            for table in (Visit.TABLE, event, stream):
                table.create(connection)
        with desk.database.reading() as connection:
            self.stream = connection.execute(sa.select(stream).where(stream.c.study == study)).mappings().one()
            self.event = dict(connection.execute(sa.select(event).limit(1)).mappings().one())
        with self.database.writing() as connection:
            connection.execute(sa.insert(stream).values(dict(self.stream)))
        self.number = 0
        self.study = study

    def fresh(self) -> dict[str, Any]:
        return {
            "id": self.new_id(),
            "study": self.study,
            "version": 1,
            "voided": False,
            "participant": self.new_id(),
            "name": "Week 1",
            "happened": True,
            "started_on": "2026-03-04",
        }

    def write(self, connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
        connection.execute(sa.select(stream).where(stream.c.study == self.study)).one()
        connection.execute(sa.insert(Visit.TABLE), rows)
        events = []
        for _row in rows:
            self.number += 1
            events.append({**self.event, "stream": self.stream["id"], "number": self.number, "id": self.new_id()})
        connection.execute(sa.insert(event), events)
        connection.execute(
            sa.update(stream).where(stream.c.id == self.stream["id"]).values(number=self.number, hash=b"x" * 32)
        )

"""A desk killed at any instant of mixed work: what was told as done is there, nothing is half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.desks import CHEAP, OWNER, PASSWORD, desk_at
from trialdesk.application import Application
from trialdesk.trail.tables import event

WORK = """
import sys
from pathlib import Path
from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import CHEAP, OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.ids import ids
from trialdesk.enrollment.actions import correct_participant, record_visit
from trialdesk.enrollment.queries import participants
from trialdesk.trail.history import change_sets
from tests.support.acts import ON
from tests.support.trial import brought_in

folder, turn = Path(sys.argv[1]), sys.argv[2]
desk = Application(str(folder / "study.desk"), cost=CHEAP, marks=folder / "seen").open()
desk.sign_in(OWNER, PASSWORD)
study = a_study(desk, "TURN" + turn)
site = a_site(desk, study)
print("ready", flush=True)
number = 0
while True:
    number += 1
    made = brought_in(desk, study, site, "n%05d" % number, age=40)
    print(made, flush=True)
    desk.run(correct_participant, study=study, participant=made, version=1, reason="again", age=number % 90)
    done = desk.run(record_visit, study=study, participant=made, name="Week 1", started_on="2026-03-02")
    if number % 3 == 0:
        desk.undo(done.transaction)
    if number % 7 == 0:
        from tests.trail.test_crash import many
        desk.run(many, study=study, site=site, prefix=str(number), count=200)
    print("round", number, flush=True)
"""


def _many():
    from trialdesk.enrollment.records import Participant
    from trialdesk.people.acting import action
    from trialdesk.people.rules import STAFF

    @action("enrollment:participant:screen_many", "Participants screened", by=STAFF)
    def many(work, *, study, site, prefix, count):
        rows = [{"number": f"{prefix}-{n}", "identifier": f"m{prefix}-{n}", "site": site} for n in range(count)]
        return work.add_many(Participant, study, rows)

    return many


many = _many()


@pytest.mark.parametrize("kills", [12, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.timeout(900)
def test_killed_at_random_instants(tmp_path: Path, kills: int):
    desk_at(str(tmp_path / "study.desk"), tmp_path).close()
    chance = random.Random(kills)
    told: set[str] = set()
    for turn in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", WORK, str(tmp_path), str(turn)], stdout=subprocess.PIPE, text=True
        ) as working:
            assert working.stdout is not None
            assert working.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.6))
            os.kill(working.pid, signal.SIGKILL)
            words = working.stdout.read().split()
        told |= {word for word in words if len(word) == 32}
        if turn % 4 == 3 or turn == kills - 1:
            _whole(tmp_path, told)
    assert told


def _whole(folder: Path, told: set[str]) -> None:
    desk = Application(str(folder / "study.desk"), cost=CHEAP, marks=folder / "seen").open()
    desk.sign_in(OWNER, PASSWORD)
    assert desk.notes == []
    verdict = desk.verify()
    assert verdict.findings == ()
    with desk.database.reading() as connection:
        kept = set(connection.scalars(sa.select(event.c.record)))
        sizes = connection.execute(
            sa.select(sa.func.count()).where(event.c.action == many.name).group_by(event.c.transaction)
        ).scalars()
        assert set(sizes) <= {200}
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert told <= kept
    desk.close()

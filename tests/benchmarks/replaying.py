"""What proof costs: replay of ten thousand and a hundred thousand events. Linear in events, bounded in memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Bar, seconds
from tests.benchmarks.writing import record_many
from tests.support.acts import a_site, a_study
from tests.support.desks import desk_at
from tests.support.trial import brought_in
from trialdesk.application import CATALOGUE
from trialdesk.persistence.database import Database
from trialdesk.persistence.declaration import complete
from trialdesk.trail.replay import replay

SMALL, LARGE = 10_000, 100_000


def bars() -> list[Bar]:
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_replayed(Path(folder), count) for count in (SMALL, LARGE))
    ratio = large[0] / small[0] / (LARGE / SMALL)
    details = (
        f"{large[0]:.1f} s for {LARGE} events, {small[0]:.1f} s for {SMALL}; "
        f"{large[1]} MB at most against {small[1]} MB"
    )
    return [
        Bar("replay, time of an event at 100,000 / at 10,000", ratio, 1.3, details),
        Bar("replay, memory at 100,000 / at 10,000", large[1] / small[1], 2.0, details),
    ]


def _replayed(folder: Path, count: int) -> tuple[float, int]:
    """Return seconds and peak megabytes of a replay, each in a process of its own."""
    path = folder / f"{count}.desk"
    desk = desk_at(str(path), folder)
    study = a_study(desk)
    participant = brought_in(desk, study, a_site(desk, study), informed_consent_on="2026-02-01")
    rows = [
        {"participant": participant, "name": "Week 1", "happened": True, "started_on": "2026-03-04"}
        for _number in range(10_000)
    ]
    for _part in range(count // len(rows)):
        desk.run(record_many, study=study, rows=rows)
    desk.close()
    told = subprocess.run(
        [sys.executable, "-m", __name__, str(path)], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(told[0]), int(told[1])


def _alone(path: str) -> None:
    source, target = Database(path), Database(path + ".again")

    def run() -> None:
        with source.reading() as reading, target.writing() as writing:
            complete().create_all(writing)
            replay(reading, writing, CATALOGUE)

    took = seconds(run)
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)  # noqa: T201 - what the parent reads


if __name__ == "__main__":
    _alone(sys.argv[1])

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trialdesk.base.places import resources
from trialdesk.exchange.sdtm import preview, read

ROOT = Path(__file__).parents[3]
DEMO = resources() / "demo" / "sdtm"


def test_the_committed_files_are_what_the_script_writes(tmp_path: Path):
    script = ROOT / "packaging" / "make-demo-sdtm"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in DEMO.iterdir()
    }


def test_the_demonstration_has_a_bit_of_everything():
    contents = read(DEMO)
    figures = preview(contents)
    assert (figures["participants"], figures["screen_failures"]) == (40, 6)
    assert figures["arms"] == {"Intravenous iron": 17, "Oral iron": 17}
    assert figures["sites"] == {"101": 22, "102": 18}
    reasons = [
        row.values["reason"] for row in contents.of("enrollment.disposition") if row.values["category"] == "event"
    ]
    assert [reasons.count(reason) for reason in ("COMPLETED", "DEATH", "LOST TO FOLLOW-UP")] == [29, 1, 1]
    visits = list(contents.of("enrollment.visit"))
    assert sum(not row.values["planned"] for row in visits) == 3
    events = list(contents.of("safety.adverse_event"))
    assert sum(row.values["serious"] is True for row in events) == 4
    assert sum(row.values["fatal"] is True for row in events) == 1


def test_its_imperfections_are_the_intended_ones():
    assert [problem.column for problem in read(DEMO).problems if problem.row is not None] == [
        "AESTDTC",
        "ACTARMCD",
        "AESER",
    ]

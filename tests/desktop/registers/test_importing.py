"""What can be done is imported when a desk is open, and beside the window: a desk opens sooner without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.acts import a_study
from tests.support.desks import OWNER, PASSWORD, desk_at

PROGRAM = """
import sys
from datetime import date
from trialdesk.application import Application, normalised
from trialdesk.desktop.registers import reading

path, user, password, study = sys.argv[1:]
told = lambda: "trialdesk.application.acts" in sys.modules
desk = Application(normalised(path)).open()
desk.sign_in(user, password)
from trialdesk.desktop.pages.sites import REGISTERS
print(told())
desk.read(reading.listed, register=REGISTERS[0], study=study, on=date(2026, 3, 4))
print(told())
desk.close()
"""


def test_a_desk_opens_without_what_can_be_done_and_a_list_brings_it(tmp_path: Path):
    path = tmp_path / "desk.desk"
    desk = desk_at(str(path), tmp_path)
    study = a_study(desk)
    desk.close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), OWNER, PASSWORD, study],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "True"]

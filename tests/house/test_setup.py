"""`packaging/run` and `packaging/test` on machines that lack something. The whole way is `packaging/fresh-machine`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT


def shell(script: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run words of `packaging/ready.sh` with nothing in the environment but these."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'. "{ROOT}/packaging/ready.sh"; {script}'],
        env={"PATH": os.environ["PATH"], **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_home_that_is_there_is_kept(home: Path):
    done = shell("settle; echo $HOME", {"HOME": str(home)})
    assert (done.stdout, done.stderr) == (f"{home}\n", "")


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"HOME": "/nonexistent"}])
def test_without_a_home_one_beside_the_program_is_used(tmp_path: Path, environment: dict[str, str]):
    done = shell(f"root='{tmp_path}'; settle; echo $HOME", environment)
    assert done.stdout == f"{tmp_path}/.home\n"
    assert (tmp_path / ".home").is_dir()
    assert "is no folder that can be written to" in done.stderr


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C"}, {"LANG": "xx_XX.UTF-8"}, {"LANG": "C.UTF-8"}])
def test_every_name_can_be_written(home: Path, environment: dict[str, str]):
    assert shell("settle; locale charmap", {"HOME": str(home), **environment}).stdout == "UTF-8\n"


def test_what_is_missing_is_named_by_its_package():
    script = "missing_libraries libc.so.6=libc6 libno.so.1=libno1; missing_commands sh=dash nothing=nothing-bin"
    assert shell(script).stdout.split() == ["libno1", "nothing-bin"]


def test_nothing_is_missing_here():
    assert shell("missing_libraries $offscreen_libraries $window_libraries").stdout == ""


def test_without_rights_the_line_to_paste_is_all_that_happens(tmp_path: Path):
    # A sudo that wants a password, before any other.
    sudo = tmp_path / "sudo"
    sudo.write_text("#!/bin/sh\nexit 1\n")
    sudo.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = shell("id() { echo 1000; }; install_packages libnothing1 nothing-bin; echo done", {"PATH": path})
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.endswith("sudo apt-get install --no-install-recommends libnothing1 nothing-bin")


def test_the_stamp_knows_lock_and_place(tmp_path: Path):
    shutil.copy(ROOT / "packaging" / "requirements.txt", tmp_path / "lock")
    stamps = [shell(f"stamp '{tmp_path}/lock'").stdout, shell(f"root=/elsewhere; stamp '{tmp_path}/lock'").stdout]
    with (tmp_path / "lock").open("a") as lock:
        lock.write("another==1\n")
    stamps.append(shell(f"stamp '{tmp_path}/lock'").stdout)
    assert len(set(stamps)) == 3


def test_an_environment_of_someone_else_is_left_alone(tmp_path: Path):
    (tmp_path / "theirs").touch()
    done = shell(f"venv='{tmp_path}'; environment packaging/requirements.txt")
    assert done.returncode == 2
    assert "was not made by this" in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "theirs"]


def test_the_command_starts_this_program_wherever_it_is_called(tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "an environment"], check=True)
    assert shell(f"venv='{tmp_path}/an environment'; use_in_place").returncode == 0
    (tmp_path / "td").symlink_to(tmp_path / "an environment" / "bin" / "trialdesk")
    (tmp_path / "trialdesk").mkdir()
    (tmp_path / "trialdesk" / "__main__.py").write_text("raise SystemExit('a stranger was run')")

    python = tmp_path / "an environment" / "bin" / "python"
    words = [str(python), "-P", "-c", "import trialdesk; print(trialdesk.__path__[0])"]
    found = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout == f"{ROOT}/trialdesk\n"
    done = subprocess.run([tmp_path / "td", "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "stranger" not in done.stderr

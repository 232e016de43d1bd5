"""Binders at the command line: written, listed, checked with a desk and without one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reporting.building import bring
from tests.support.commands import Said, call
from tests.support.desks import desk_at
from trialdesk.reporting.catalog import REPORTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "study.desk"
    application = desk_at(str(where), tmp_path)
    bring(application)
    application.close()
    return where


def refused(said: Said, words: str) -> bool:
    return (said.code, said.out) == (2, "") and words in said.err and "Traceback" not in said.err


def test_a_binder_is_written_and_verified(path: Path, tmp_path: Path):
    folder = tmp_path / "binder"
    said = call("--desk", path, "binder", "HARBOUR", "--to", folder, "--language", "zh", "--as-of", "2025-03-01")
    assert said.code == 0, said.err
    sha256 = said.out.split()[-1]
    handed = [each for each in REPORTS if not (each.audience == "inside" or each.section == "money" or each.occasional)]
    assert f"{len(handed)} documents, for: The regulator." in said.out
    assert str(folder) in said.out
    told = json.loads((folder / "manifest.json").read_bytes())
    assert (told["language"], told["as_of"], told["audience"]) == ("zh", "2025-03-01", "regulator")
    said = call("--desk", path, "verify", folder)
    assert said.code == 0, said.err
    assert "none is altered, missing or extra" in said.out
    assert "The desk's access log says that it made this binder: 2" in said.out
    assert f"Unaltered, and still true: {len(told['papers'])} of {len(told['papers'])}" in said.out
    assert sha256 in said.out
    assert f"binder regulator {sha256}" in call("--desk", path, "access").out


def test_a_damaged_binder_is_not_in_order_and_says_why(path: Path, tmp_path: Path):
    folder = tmp_path / "binder"
    made = call("--desk", path, "binder", "HARBOUR", "--to", folder, "--audience", "outside", "--json").data
    paper = made["papers"][0]["file"]
    (folder / paper).write_bytes(b"%PDF-1.7 another")
    (folder / "extra \u202e.pdf").write_bytes(b"")
    said = call("--desk", path, "verify", folder)
    assert said.code == 1
    assert f"Altered: {paper}" in said.out
    assert "Not of the binder: extra \\u{202e}.pdf" in said.out
    assert "2 files are not as the manifest says." in said.out
    said = call("--desk", path, "verify", folder, "--json")
    assert (said.code, said.data["manifest_sha256"]) == (1, made["manifest_sha256"])
    assert said.data["found"] == [
        {"what": "altered", "file": paper},
        {"what": "extra", "file": "extra \u202e.pdf"},
    ]
    assert len(said.data["desk"]["papers"]) == len(made["papers"]) - 1


def test_a_binder_is_checked_where_there_is_no_desk(path: Path, tmp_path: Path, home: Path):
    folder = tmp_path / "binder"
    assert call("--desk", path, "binder", "HARBOUR", "--to", folder, "--audience", "outside").code == 0
    state = home / ".config"
    for file in sorted(state.rglob("*")):
        if file.is_file():
            file.unlink()
    path.unlink()
    said = call("verify", folder, password=None)
    assert said.code == 0, said.err
    assert "No desk is named, so nothing was compared with one." in said.out
    assert call("verify", folder, "--json", password=None).data["desk"] is None
    own = subprocess.run([sys.executable, folder / "verify.py"], capture_output=True, text=True, check=False)
    assert own.returncode == 0
    (folder / "index.pdf").unlink()
    assert call("verify", folder, password=None).code == 1


def test_what_makes_no_sense_is_told_and_leaves_nothing(path: Path, tmp_path: Path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").write_text("mine")
    words = ("--desk", path, "binder", "HARBOUR", "--to")
    assert refused(call(*words, taken), "This folder is not empty. Nothing in it was touched.")
    assert refused(call(*words, tmp_path / "no" / "where"), "There is no such folder.")
    assert refused(call(*words, tmp_path / "b", "--as-of", "soon"), "“soon” is not a date. Write it as 2026-03-04.")
    assert refused(call("--desk", path, "binder", "NOWHERE", "--to", tmp_path / "b"), "no study “NOWHERE”")
    assert call(*words, tmp_path / "b", "--audience", "press").code == 2
    assert refused(call("--desk", path, "verify", taken), "This folder is no binder")
    assert {each.name for each in tmp_path.iterdir()} <= {
        "study.desk",
        "taken",
        "study.desk-wal",
        "study.desk-shm",
        "seen",
    }

"""What was altered, is missing or was added is named: by the folder's own verifier, by TrialDesk, and by the desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.building import bring
from tests.support.desks import quick_desk
from trialdesk.application import Application
from trialdesk.base.canonical import canonical, digest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.enrollment.actions import void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.reporting.binder import verify
from trialdesk.reporting.binder.checking import FOUND, as_json, check_files, compare
from trialdesk.reporting.binder.writing import Binder, write_binder

PAPER = "01-protocol/001-registration-en-draft.pdf"
OUTSIDE = ("001-registration", "002-chictr", "003-ctgov")
"""The papers of a binder for outside, as its files are called."""


@pytest.fixture
def desk(sqlite_desk: Application) -> Application:
    bring(sqlite_desk)
    return sqlite_desk


@pytest.fixture
def made(desk: Application, tmp_path: Path) -> Binder:
    return write_binder(desk, tmp_path / "binder", study="HARBOUR", language="en", audience="outside")


def own_verifier(folder: Path) -> tuple[int, list[str], str]:
    """Start the folder's verifier as whoever received it does: with Python alone, none of our packages in reach."""
    # A home of the interpreter's own and no site packages: what it imports is the standard library.
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", folder / "verify.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
    )
    return said.returncode, said.stdout.decode().splitlines(), said.stderr.decode()


def test_a_binder_as_it_was_written_is_whole(desk: Application, made: Binder):
    whole = check_files(made.folder)
    assert (whole.found, whole.files, whole.manifest_sha256) == ((), 5, made.manifest_sha256)
    assert whole.contents == made.contents
    code, lines, errors = own_verifier(made.folder)
    assert (code, errors) == (0, "")
    assert lines[0] == "5 files are those the manifest names; none is altered, missing or extra."
    assert made.manifest_sha256 in lines[1]
    assert check_files(made.folder).found == (), "the verifier leaves nothing behind"
    against = compare(desk, whole)
    assert against.made_at is not None
    assert (against.altered, against.changed, against.untold, len(against.papers)) == ((), (), (), len(OUTSIDE))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def linked(folder: Path) -> None:
    (folder / PAPER).rename(folder.parent / "elsewhere.pdf")
    (folder / PAPER).symlink_to(folder.parent / "elsewhere.pdf")


def folder_linked(folder: Path) -> None:
    (folder / "01-protocol").rename(folder.parent / "elsewhere")
    (folder / "01-protocol").symlink_to(folder.parent / "elsewhere")


def folder_in_place(folder: Path) -> None:
    (folder / PAPER).unlink()
    (folder / PAPER).mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "a bit": (lambda folder: flip(folder / PAPER), [("altered", PAPER)]),
    "cut": (lambda folder: (folder / PAPER).write_bytes(b""), [("altered", PAPER)]),
    "the index": (lambda folder: flip(folder / "index.pdf"), [("altered", "index.pdf")]),
    "gone": (lambda folder: (folder / PAPER).unlink(), [("missing", PAPER)]),
    "renamed": (
        lambda folder: (folder / PAPER).rename(folder / "01-protocol" / "x.pdf"),
        [("missing", PAPER), ("extra", "01-protocol/x.pdf")],
    ),
    "added": (lambda folder: (folder / "附件 \u202e.pdf").write_bytes(b"x"), [("extra", "附件 \u202e.pdf")]),
    "a folder": (lambda folder: (folder / "new").mkdir(), [("extra", "new/")]),
    "a full folder": (lambda folder: (folder / "new" / "deep").mkdir(parents=True), [("extra", "new/")]),
    "a second manifest": (
        lambda folder: (folder / "01-protocol" / "manifest.json").write_text("{}"),
        [("extra", "01-protocol/manifest.json")],
    ),
    "a link": (linked, [("altered", PAPER)]),
    "a linked folder": (
        folder_linked,
        [
            ("altered", PAPER.replace("001-registration", each))
            for each in ("001-registration", "002-chictr", "003-ctgov")
        ],
    ),
    "a folder in its place": (folder_in_place, [("missing", PAPER), ("extra", f"{PAPER}/")]),
    "a pipe": (lambda folder: os.mkfifo(folder / "pipe"), [("extra", "pipe")]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_damage_is_named(made: Binder, damage: str):
    harm, expected = DAMAGE[damage]
    harm(made.folder)
    assert list(check_files(made.folder).found) == expected
    code, lines, _errors = own_verifier(made.folder)
    assert code == 1
    assert lines[: len(expected)] == [
        verify.WORDS["en"][what].format(name=verify.plainly(name)) for what, name in expected
    ]
    assert lines[len(expected)] == f"{len(expected)} files are not as the manifest says."
    assert "\u202e" not in "".join(lines)


def rewritten(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    told = json.loads((folder / "manifest.json").read_bytes())
    change(told)
    (folder / "manifest.json").write_bytes(canonical(told))


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a//b", "C:\\x", "a/../../b", "nul\0", "", ".", "manifest.json"]
)
def test_a_name_that_leads_elsewhere_is_not_looked_at(made: Binder, name: str):
    (made.folder.parent / "secret").write_text("x")
    rewritten(made.folder, lambda told: told["files"].update({name: {"sha256": digest(b"x"), "bytes": 1}}))
    assert ("unsafe", name) in check_files(made.folder).found
    code, lines, errors = own_verifier(made.folder)
    assert (code, errors) == (1, "")
    assert any(line.startswith("UNSAFE") for line in lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "its manifest is not one of TrialDesk"),
        (b"\xff\xfe", "its manifest is not one of TrialDesk"),
        (b"[]", "its manifest is not one of TrialDesk"),
        (b'{"format":"another"}', "its manifest is not one of TrialDesk"),
        (b'{"format":"trialdesk-binder","format_version":1}', "its manifest is not one of TrialDesk"),
        (b'{"format":"trialdesk-binder","format_version":1,"files":{"a":7}}', "its manifest is not one of TrialDesk"),
        (b"[" * 100_000, "its manifest is not one of TrialDesk"),
        (b'{"format":"trialdesk-binder","format_version":2,"files":{}}', "newer version"),
        (b'{"format":"trialdesk-binder","format_version":1,"files":{}}', "makes no sense: it was altered"),
        (None, "it has no manifest that can be read"),
    ],
)
def test_what_is_no_binder_is_told(made: Binder, text: bytes | None, words: str):
    file = made.folder / "manifest.json"
    if text is None:
        file.unlink()
    else:
        file.write_bytes(text)
    with pytest.raises(UserError, match=words):
        check_files(made.folder)
    code, _lines, errors = own_verifier(made.folder)
    assert code == (1 if "sense" in words else 2)
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["papers"][0].pop("title"),
        lambda told: told["papers"][0].update(issue="1"),
        lambda told: told["papers"].append(7),
        lambda told: told.update(papers=None),
        lambda told: told.pop("study"),
    ],
)
def test_a_manifest_that_tells_nonsense_is_refused(made: Binder, change: Callable[[dict[str, Any]], object]):
    rewritten(made.folder, change)
    with pytest.raises(UserError, match="makes no sense: it was altered"):
        check_files(made.folder)


def test_a_manifest_that_says_otherwise_than_the_index_is_found(desk: Application, made: Binder):
    rewritten(made.folder, lambda told: told["papers"][0].update(state="final"))
    whole = check_files(made.folder)
    assert whole.found == (("index", "index.pdf"),)
    assert compare(desk, whole).made_at is None, "the access log knows another manifest"


def test_a_paper_forged_with_its_hash_is_found_by_the_desk(desk: Application, made: Binder):
    flip(made.folder / PAPER)
    data = (made.folder / PAPER).read_bytes()
    rewritten(made.folder, lambda told: told["files"].update({PAPER: {"sha256": digest(data), "bytes": len(data)}}))
    whole = check_files(made.folder)
    assert whole.found == (), "files and manifest agree: of themselves they cannot tell"
    against = compare(desk, whole)
    assert (against.altered, against.made_at) == ((PAPER,), None)


def test_what_the_desk_says_by_now_is_told_and_no_fault(desk: Application, tmp_path: Path):
    made = write_binder(desk, tmp_path / "binder", study="HARBOUR", language="zh", audience="sponsor")
    study = made.contents.study_id
    (first, *_others) = desk.read(participants, study=study, on=desk.today)
    desk.run(void_participant, reason="entered twice", study=study, participant=first.id, version=first.version)
    heard: list[int] = []
    against = compare(desk, check_files(made.folder), lambda done, _total=0, _words="": heard.append(done))
    assert against.altered == against.untold == ()
    assert any("consort" in each for each in against.changed)
    assert len(against.changed) < len(against.papers) == heard[-1]
    assert against.made_at is not None


def test_another_desk_cannot_tell(made: Binder, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    other = quick_desk(tmp_path / "elsewhere", seed=7)
    against = compare(other, whole := check_files(made.folder))
    assert (against.made_at, len(against.untold)) == (None, len(OUTSIDE))
    told = as_json(whole, against)
    assert [each["unaltered"] for each in told["desk"]["papers"]] == [None] * len(OUTSIDE)
    assert as_json(whole, None)["desk"] is None
    other.close()


def test_a_chinese_binder_is_checked_in_chinese(desk: Application, tmp_path: Path):
    made = write_binder(desk, tmp_path / "资料册", study="HARBOUR", language="zh", audience="outside")
    code, lines, _errors = own_verifier(made.folder)
    assert (code, lines[0]) == (0, "5 个文件与清单一致；没有改动、缺失或多余的文件。")
    (made.folder / "index.pdf").unlink()
    code, lines, _errors = own_verifier(made.folder)
    assert (code, lines[:2]) == (1, ["缺失    index.pdf", "1 个文件与清单不一致。"])


def test_the_verifier_speaks_both_languages_alike_and_needs_nothing_else():
    assert verify.WORDS["zh"].keys() == verify.WORDS["en"].keys()
    assert FOUND.keys() - {"index"} <= verify.WORDS["en"].keys()
    with speaking("zh"):
        assert verify.plainly("a\u202eb\udcff") == "a\\u{202e}b\\u{dcff}"


def test_the_verifier_checks_the_folder_it_is_told(made: Binder, tmp_path: Path):
    assert verify.main([str(made.folder)]) == 0
    assert verify.main([str(tmp_path)]) == 2

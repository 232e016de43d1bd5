"""Each command on a desk: what it answers, and what it says where it cannot."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest

from tests.support.acts import a_colleague, a_participant, a_site, a_study
from tests.support.commands import Said, call, start
from tests.support.desks import PASSWORD, desk_at
from tests.support.shared import DATA, needed
from trialdesk.application import Application
from trialdesk.base.places import resources
from trialdesk.base.settings import Settings
from trialdesk.commandline.opening import password, remember
from trialdesk.exchange import sdtm
from trialdesk.studies.actions import add_planned_visit
from trialdesk.studies.queries import studies

DEMO = resources() / "demo" / "sdtm"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a closed desk with one study, HARBOUR, and one participant."""
    where = tmp_path / "study.desk"
    application = desk_at(str(where), tmp_path)
    study = a_study(application)
    a_participant(application, study, a_site(application, study))
    application.close()
    return where


@pytest.fixture
def imported(path: Path) -> Path:
    said = call("--desk", path, "import", "sdtm", DEMO, "--study", "IMPORTED")
    assert said.code == 0, said.err
    return path


def refused(said: Said, words: str) -> bool:
    """Whether it was told in words, on the right stream, with nothing done."""
    return (said.code, said.out) == (2, "") and words in said.err and "Traceback" not in said.err


def test_new_makes_a_desk_that_is_opened_next_without_being_named(tmp_path: Path):
    where = tmp_path / "first.desk"
    assert call("new", where, "--user", "ada", "--name", "Ada Lind").code == 0
    said = call("studies")
    assert (said.code, said.out) == (0, "There is no study on this desk yet.\n")
    assert refused(call("new", where, "--user", "ada", "--name", "Ada Lind"), "already a file of this name")


@pytest.mark.parametrize(
    ("words", "password", "complaint"),
    [
        (("--user", "ada", "--name", "Ada"), "short", "At least 10 characters"),
        (("--user", "a b", "--name", "Ada"), PASSWORD, "one word without spaces"),
        (("--user", "ada", "--name", " "), PASSWORD, "argument --name: nothing is named"),
        (("--user", "ada", "--name", "Ada"), None, "The password of ada is needed"),
    ],
)
def test_new_makes_nothing_of_half_an_answer(
    tmp_path: Path, words: tuple[str, ...], password: str | None, complaint: str
):
    assert refused(call("new", tmp_path / "first.desk", *words, password=password), complaint)
    assert list(tmp_path.iterdir()) == []


def test_new_asks_twice_at_a_terminal(tmp_path: Path):
    answers = iter(["correct horse battery", "correct horse batery"])
    with patch("sys.stdin") as stdin, patch("getpass.getpass", lambda _prompt: next(answers)):
        stdin.isatty.return_value = True
        with pytest.raises(Exception, match="two passwords differ"):
            password("ada", new=True)
    with patch("sys.stdin") as stdin, patch("getpass.getpass", side_effect=EOFError):
        stdin.isatty.return_value = True
        with pytest.raises(Exception, match="No password was given"):
            password("ada")


def test_the_desk_is_the_one_named_else_of_the_environment_else_the_last(path: Path, monkeypatch: pytest.MonkeyPatch):
    assert refused(call("studies"), "Which desk?")
    monkeypatch.setenv("TRIALDESK_DESK", str(path))
    assert "HARBOUR" in call("studies").out
    monkeypatch.delenv("TRIALDESK_DESK")
    assert "HARBOUR" in call("studies").out
    other = path.with_name("other.desk")
    assert refused(call("studies", "--desk", other), "no desk here")
    assert "HARBOUR" in call("studies").out


def test_an_address_with_a_password_is_not_remembered():
    remember("postgresql://ada:secret@localhost/trials")
    assert Settings().get("desks") is None
    remember("postgresql://localhost/trials")
    assert Settings().get("desks") == ["postgresql://localhost/trials"]


def test_a_malformed_address_is_told_without_repeating_it():
    said = call("--desk", "postgresql://ada:secret@localhost:port/x", "verify")
    assert refused(said, "not complete")
    assert "secret" not in said.err


def test_the_account_is_the_one_named_else_the_only_one_else_the_last(path: Path):
    assert call("--desk", path, "studies", user="").code == 0
    application = Application(str(path)).open()
    application.sign_in("ada", PASSWORD)
    study = application.read(studies)[0].id
    a_colleague(application, study, "monitor")
    application.close()
    assert call("--desk", path, "studies", user="").code == 0
    assert call("--desk", path, "--user", "bo", "studies", password="another horse").code == 0
    assert refused(call("--desk", path, "studies", user=""), "User name or password is wrong")
    Settings().set("users", {})
    assert refused(call("--desk", path, "studies", user=""), "Who are you?")


def test_a_wrong_password_is_told(path: Path):
    before = call("--desk", path, "trail", "--json").data
    said = call("--desk", path, "import", "sdtm", DEMO, password="wrong horse battery")
    assert refused(said, "User name or password is wrong")
    assert call("--desk", path, "trail", "--json").data == before
    assert refused(call("--desk", path, "studies", password=None), "The password of ada is needed")


def test_the_access_log_is_listed_for_those_who_check_it(path: Path, tmp_path: Path):
    refused(call("--desk", path, "studies", password="wrong horse battery"), "wrong")
    call("--desk", path, "export", "csv", tmp_path / "out", "--study", "HARBOUR")
    call("--desk", path, "report", "consort", "--study", "HARBOUR", "--out", tmp_path / "flow.pdf")
    rows = call("--desk", path, "access", "--json").data
    assert [row["what"] for row in rows[:5]] == ["sign_in", "export", "sign_in", "export", "sign_in"]
    assert (rows[1]["about"], rows[1]["study_name"], rows[1]["name"]) == ("pdf consort", "HARBOUR", "Ada Lind")
    assert "sign_in_failed" in {row["what"] for row in rows}
    own = call("--desk", path, "access", "--study", "HARBOUR", "--limit", "1", "--json").data
    assert [row["about"] for row in own] == ["pdf consort"]
    assert "Taken out" in call("--desk", path, "access").out
    with closing(Application(str(path)).open()) as application:
        application.sign_in("ada", PASSWORD)
        a_colleague(application, application.read(studies)[0].id, "monitor")
    said = call("--desk", path, "--user", "bo", "access", "--study", "HARBOUR", password="another horse")
    assert refused(said, "Your role does not allow this")


def test_studies_and_participants_are_listed(path: Path):
    row = call("--desk", path, "studies", "--json").data[0]
    assert row["short_name"] == "HARBOUR"
    for name in ("harbour", row["id"]):
        people = call("--desk", path, "participants", "--study", name, "--json").data
        assert [(each["number"], each["site"], each["state"]) for each in people] == [("001", "01", "screening")]
    assert "001" in call("--desk", path, "participants", "--study", "HARBOUR", "--site", "01").out
    assert refused(call("--desk", path, "participants", "--study", "HARBOUR", "--site", "09"), "no site “09”")
    assert refused(call("--desk", path, "participants", "--study", "LAKE"), "Studies here: HARBOUR")


def test_the_trail_tells_who_did_what(path: Path):
    said = call("--desk", path, "trail", "--study", "HARBOUR", "--json").data
    assert [each["action"] for each in said] == [
        "enrollment:participant:screen",
        "studies:site:add",
        "studies:study:create",
    ]
    assert {each["name"] for each in said} == {"Ada Lind"}
    assert len(call("--desk", path, "trail", "--study", "HARBOUR", "--limit", "1", "--json").data) == 1
    assert "Participant screened" in call("--desk", path, "trail", "--study", "HARBOUR").out
    assert refused(call("--desk", path, "trail", "--study", "HARBOUR", "--limit", "0"), "not a number of steps")


def test_steps_are_taken_back_one_after_the_other(path: Path):
    assert "Participant screened" in call("--desk", path, "undo").out
    assert call("--desk", path, "participants", "--study", "HARBOUR", "--json").data == []
    said = call("--desk", path, "undo")
    assert "Site added" in said.out
    again = said.out.split()[-1]
    assert "Step taken back" in call("--desk", path, "undo", again).out
    assert "Site added" in call("--desk", path, "undo").out
    assert "Study created" in call("--desk", path, "undo").out
    assert refused(call("--desk", path, "undo"), "nothing of yours to take back")


def test_a_step_that_is_none_is_told(path: Path):
    assert refused(call("--desk", path, "undo", "yesterday"), "not the id of a step")
    assert refused(call("--desk", path, "undo", "0" * 32), "not on this desk")


def test_a_dry_run_needs_neither_desk_nor_password():
    said = call("import", "sdtm", DEMO, "--dry-run", "--json", password=None)
    assert said.code == 0
    assert said.data == sdtm.preview(sdtm.read(DEMO))
    assert set(said.data) == {
        "participants",
        "screen_failures",
        "visits",
        "planned_visits",
        "adverse_events",
        "arms",
        "sites",
        "problems",
    }
    assert "Participants: " in call("import", "sdtm", DEMO, "--dry-run", password=None).out


def test_an_import_makes_the_study_once(path: Path):
    first = call("--desk", path, "import", "sdtm", DEMO, "--study", "NEW", "--json").data
    assert first["new"] > 0
    assert first["transaction"]
    second = call("--desk", path, "import", "sdtm", DEMO, "--study", "new", "--json").data
    assert (second["study"], second["short_name"], second["transaction"]) == (first["study"], "NEW", None)
    assert (second["new"], second["unchanged"]) == (0, first["new"])
    by_id = call("--desk", path, "import", "sdtm", DEMO, "--study", first["study"])
    assert "nothing was written" in by_id.out
    assert refused(call("--desk", path, "import", "sdtm", DEMO, "--study", "0" * 32), "There is no study")


@pytest.mark.parametrize(
    "source", [DEMO, pytest.param(DATA / "pilot_slice", marks=needed("pilot_slice"))], ids=["demo", "pilot"]
)
def test_what_is_said_before_an_import_is_what_the_trail_says_after_it(path: Path, source: Path):
    before = call("import", "sdtm", source, "--dry-run").out
    words = re.search(r"these are (\d+) records: (\d+) of the data, (\d+) of the problems", before)
    assert words is not None
    records, rows, problems = map(int, words.groups())
    assert problems > 0

    def brought() -> list[int]:
        done = call("--desk", path, "import", "sdtm", source, "--study", "NEW", "--json").data
        (step, *_older) = call("--desk", path, "trail", "--study", "NEW", "--json").data
        return [done["new"], done["restored"], done["noted"], step["records"]]

    assert brought() == [rows, 0, problems, records]
    assert call("--desk", path, "undo").code == 0
    assert brought() == [0, rows, problems, records]
    said = call("--desk", path, "import", "sdtm", source, "--study", "NEW").out
    assert "Problems recorded: 0" in said
    assert "nothing was written" in said


def test_an_import_takes_the_name_in_the_data(tmp_path: Path):
    desk_at(str(tmp_path / "x.desk"), tmp_path).close()
    assert call("--desk", tmp_path / "x.desk", "import", "sdtm", DEMO, "--json").data["short_name"] == "HARBOUR"


@pytest.mark.parametrize("made", ["empty folder", "no folder", "workbook", "folder without dm"])
def test_what_is_no_sdtm_is_told_and_changes_nothing(path: Path, tmp_path: Path, made: str):
    source = tmp_path / "source"
    if made == "workbook":
        source = tmp_path / "source.xlsx"
        openpyxl.Workbook().save(source)
    elif made != "no folder":
        source.mkdir()
        if made == "folder without dm":
            shutil.copy(DEMO / "ae.csv", source)
    for words in (("import", "sdtm", source, "--dry-run"), ("--desk", path, "import", "sdtm", source)):
        said = call(*words)
        assert (said.code, said.out) == (2, "")
        assert "fault" not in said.err
        assert source.name in said.err
    assert len(call("--desk", path, "studies", "--json").data) == 1


@pytest.mark.parametrize("what", ["other program", "newer", "damaged", "text"])
def test_what_is_no_desk_of_ours_is_told(path: Path, tmp_path: Path, what: str):
    if what == "other program":
        wrong = tmp_path / "mail.db"
        with sqlite3.connect(wrong) as other:
            other.execute("CREATE TABLE mail (id)")
        other.close()
        complaint = "another program"
    elif what == "newer":
        wrong = path
        with sqlite3.connect(wrong) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.close()
        complaint = "newer version"
    elif what == "damaged":
        wrong = path
        content = bytearray(wrong.read_bytes())
        content[4096:] = b"\xaa" * (len(content) - 4096)
        wrong.write_bytes(content)
        complaint = "damaged"
    else:
        wrong = tmp_path / "notes.txt"
        wrong.write_text("notes")
        complaint = "not a desk"
    before = wrong.read_bytes()
    assert refused(call("--desk", wrong, "import", "sdtm", DEMO), complaint)
    assert wrong.read_bytes() == before


def test_documents_are_listed_made_and_proven(imported: Path, tmp_path: Path):
    listed = call("report", "--list", "--json", password=None).data
    assert {"consort", "disposition", "safety-summary"} <= {each["key"] for each in listed}
    assert "consort" in call("report", "--list", password=None).out
    pdf = tmp_path / "flow.pdf"
    words = ("--desk", imported, "report", "consort", "--study", "IMPORTED")
    told = call(*words, "--out", pdf, "--lang", "zh", "--json").data
    assert told == call(*words, "--json").data
    assert told["assessed"] == sdtm.preview(sdtm.read(DEMO))["participants"]
    first = pdf.read_bytes()
    assert call(*words, "--out", pdf, "--lang", "zh").code == 0
    assert pdf.read_bytes() == first
    said = call("--desk", imported, "verify", pdf, "--json")
    assert (said.code, said.data["unaltered"], said.data["same_now"]) == (0, True, True)
    call("--desk", imported, "undo")
    # The study itself is gone again: what the document says is no longer so.
    after = call("--desk", imported, "verify", pdf)
    assert after.code in {1, 2}
    assert "Traceback" not in after.err
    pdf.write_bytes(first[:-7] + b"\n%%EOF\n")
    assert call("--desk", imported, "verify", pdf).code in {1, 2}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "Which report?"),
        (("banana", "--study", "IMPORTED"), "no report “banana”"),
        (("consort",), "Of which study?"),
        (("consort", "--study", "IMPORTED"), "Where to?"),
        (("consort", "--study", "IMPORTED", "--json", "--as-of", "4.3.26"), "not a date"),
        (("consort", "--study", "IMPORTED", "--json", "--known-at", "noon"), "neither an instant nor a position"),
        (("consort", "--study", "IMPORTED", "--json", "--known-at", "2001-01-01T00:00Z"), "At that time"),
        (("consort", "--study", "IMPORTED", "--json", "--site", "999"), "no site “999”"),
        (("consort", "--study", "IMPORTED", "--out", "/nowhere/x.pdf"), "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_made_is_told(imported: Path, words: tuple[str, ...], complaint: str):
    assert refused(call("--desk", imported, "report", *words), complaint)


def test_all_records_leave_as_tables(imported: Path, tmp_path: Path):
    folder, book = tmp_path / "out", tmp_path / "out.xlsx"
    assert call("--desk", imported, "export", "csv", folder, "--study", "IMPORTED").code == 0
    assert call("--desk", imported, "export", "xlsx", book, "--study", "IMPORTED").code == 0
    with (folder / "enrollment.participant.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sdtm.preview(sdtm.read(DEMO))["participants"]
    assert {"id", "number", "identifier", "site"} <= set(rows[0])
    sheets = openpyxl.load_workbook(book, read_only=True)
    assert sorted(sheets.sheetnames) == sorted(file.stem for file in folder.iterdir())
    assert sum(1 for _row in sheets["enrollment.participant"].rows) == len(rows) + 1
    sheets.close()
    assert refused(call("--desk", imported, "export", "csv", folder, "--study", "IMPORTED"), "already something")
    assert refused(
        call("--desk", imported, "export", "xlsx", tmp_path / "no" / "x.xlsx", "--study", "IMPORTED"), "no such folder"
    )


def test_verify_finds_an_edit_behind_its_back(path: Path):
    assert call("--desk", path, "verify", password=None).code == 0
    with sqlite3.connect(path) as behind:
        behind.execute("UPDATE enrollment_participant SET age = 7")
    behind.close()
    said = call("--desk", path, "verify", "--json", password=None)
    assert said.code == 1
    assert not said.data["proven"]
    assert said.data["findings"][0]["place"].startswith("enrollment.participant ")
    assert said.data["totals"] == {"enrollment.participant": said.data["found"]}
    told = call("--desk", path, "verify", password=None).out
    assert "age" in told
    assert f"Participant: {said.data['found']}" in told


def test_a_copy_is_proven_and_makes_a_desk_again(path: Path, tmp_path: Path):
    copy, again = tmp_path / "copy.desk", tmp_path / "again.desk"
    assert call("--desk", path, "backup", copy, password=None).code == 0
    path.unlink()
    assert call("restore", copy, again, password=None).code == 0
    assert "HARBOUR" in call("--desk", again, "studies").out
    assert refused(call("--desk", again, "backup", copy), "already a file of this name")
    assert refused(call("restore", copy, tmp_path / "no" / "x.desk"), "no such folder")
    assert refused(call("restore", tmp_path / "none", tmp_path / "x.desk"), "no desk here")


def test_a_copy_of_an_altered_desk_says_so(path: Path, tmp_path: Path):
    with sqlite3.connect(path) as behind:
        behind.execute("UPDATE enrollment_participant SET age = 7")
    behind.close()
    said = call("--desk", path, "backup", tmp_path / "copy.desk")
    assert said.code == 1
    assert "1 thing is not as the trail says" in said.out
    assert (tmp_path / "copy.desk").exists()


def test_a_full_disk_is_told_and_loses_nothing(path: Path, tmp_path: Path):
    # What is written goes to a file beside the desk first, whose size this bounds.
    limit = 131_072
    said = start("--desk", path, "import", "sdtm", DEMO, "--study", "FULL", limit_bytes=limit)
    assert refused(said, "disk is full or cannot be written")
    assert call("--desk", path, "verify").code == 0
    assert [each["short_name"] for each in call("--desk", path, "studies", "--json").data] == ["HARBOUR"]
    assert refused(start("new", tmp_path / "new.desk", "--user", "bo", "--name", "Bo", limit_bytes=8_192), "full")
    assert not (tmp_path / "new.desk").exists()
    copy = tmp_path / "copy.desk"
    assert refused(start("--desk", path, "backup", copy, limit_bytes=16_384), "full")
    assert not copy.exists()
    said = start(
        "--desk", path, "report", "screening-log", "--study", "HARBOUR", "--out", tmp_path / "x.pdf", limit_bytes=9_000
    )
    assert refused(said, "cannot be written")
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_that_may_not_be_written_is_told(path: Path, tmp_path: Path):
    locked = tmp_path / "locked"
    locked.mkdir()
    shutil.copy(path, locked / "study.desk")
    (locked / "study.desk").chmod(0o400)
    locked.chmod(0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("who runs this may write anywhere")
    try:
        for words in (
            ("new", locked / "new.desk", "--user", "ada", "--name", "Ada"),
            ("--desk", locked / "study.desk", "undo"),
            ("--desk", path, "backup", locked / "copy.desk"),
            ("--desk", path, "report", "consort", "--study", "HARBOUR", "--out", locked / "x.pdf"),
            ("--desk", path, "export", "csv", locked / "out", "--study", "HARBOUR"),
            ("demo", locked / "demo"),
        ):
            said = call(*words)
            assert (said.code, said.out) == (2, "")
            assert "fault" not in said.err
    finally:
        locked.chmod(0o700)


def test_terms_are_dumped_and_loaded_on_another_desk_to_the_byte(path: Path, tmp_path: Path):
    file = tmp_path / "terms.yaml"
    one = """# rates of 2026: 按访视付费
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
terms:
- {no: 1, effective_from: 2026-01-01, prices: {V1: "100.00"}}
"""
    second = one.replace("no: 1", "no: 2").replace("2026-01-01", "2026-07-01")
    file.write_text(f"{one}---\n{second}", "utf-8")
    words = ("--desk", path, "contracts", "load", file, "--study", "HARBOUR")
    assert call(*words).code == 0
    dumped = call("--desk", path, "contracts", "dump", "--study", "HARBOUR")
    assert dumped.code == 0
    assert dumped.out.count("# rates of 2026: 按访视付费") == 2
    out = tmp_path / "dump.yaml"
    assert call("--desk", path, "contracts", "dump", "--study", "HARBOUR", "--contract", "C-1", "--out", out).code == 0
    assert out.read_bytes() == dumped.out.encode()
    other = tmp_path / "other.desk"
    application = desk_at(str(other), tmp_path)
    a_study(application)
    application.close()
    assert call("--desk", other, "contracts", "load", out, "--study", "HARBOUR").code == 0
    again = call("--desk", other, "contracts", "dump", "--study", "HARBOUR")
    assert again.out == dumped.out
    assert "already" in call("--desk", path, "contracts", "load", out, "--study", "HARBOUR").out
    assert call("contracts", "lint", out).code == 0
    assert refused(call("--desk", path, "contracts", "dump", "--study", "HARBOUR", "--contract", "C-9"), "no contract")


def test_lint_of_a_study_names_visits_its_schedule_does_not_have(path: Path, tmp_path: Path):
    file = tmp_path / "terms.yaml"
    file.write_text(
        """contract: C-1
supporter: Acme
direction: receivable
currency: CNY
terms:
- {no: 1, effective_from: 2026-01-01, prices: {BASE LINE: "100.00", Week 9: "50.00"}}
""",
        "utf-8",
    )
    alone = call("contracts", "lint", file)
    assert alone.code == 0
    assert "is not known here: give --study" in alone.out
    words = ("--desk", path, "contracts", "lint", file, "--study", "HARBOUR")
    assert "has no schedule yet" in call(*words).out
    planned = tmp_path / "planned.desk"
    application = desk_at(str(planned), tmp_path)
    application.run(add_planned_visit, study=a_study(application), number=Decimal(1), name="BASE LINE", planned_day=1)
    application.close()
    words = ("--desk", planned, "contracts", "lint", file, "--study", "HARBOUR")
    said = call(*words)
    assert "pays for the visit Week 9, which the study's schedule does not have." in said.out
    assert "BASE LINE pays" not in said.out
    told = [each for each in call(*words, "--json").data if each["level"] == "advice"]
    assert [(each["line"], each["code"]) for each in told] == [(6, "")]
    assert refused(call("contracts", "lint", file, "--study", "NONE", "--desk", path), "NONE")


def test_records_of_a_study_are_not_denied_where_none_is_named(imported: Path):
    said = call("--desk", imported, "records", "studies.site")
    assert (said.code, said.out) == (2, "")
    assert "Name a study with --study:" in said.err
    assert call("--desk", imported, "records", "people.person").code == 0

"""All records as tables: every field, no secret, no arm for who may not know it, and no formula."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import OWNER, PASSWORD
from tests.support.rights import OWNER_ALONE, rights_of, without_a_mask
from tests.support.trial import ready_to_be_allocated
from trialdesk.application import CATALOGUE, Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import identify, record_allocation, void_participant
from trialdesk.exchange.sheet_files import write_csv, write_xlsx
from trialdesk.exchange.sheets import Sheet, study_sheets
from trialdesk.studies.actions import add_arm, correct_site

NAME = "Eliza Quill"


@pytest.fixture
def study(sqlite_desk: Application) -> Id:
    """Give a blinded study with a named, allocated participant and one voided."""
    own = a_study(sqlite_desk)
    site = a_site(sqlite_desk, own)
    who = a_participant(sqlite_desk, own, site)
    arm = sqlite_desk.run(add_arm, study=own, code="A", name="Active").result
    sqlite_desk.run(identify, study=own, participant=who, name=NAME)
    ready_to_be_allocated(sqlite_desk, own, who)
    a_colleague(sqlite_desk, own, "pharmacist", "rx", "pestle and mortar")
    a_colleague(sqlite_desk, own, "monitor", "bo")
    twice = a_participant(sqlite_desk, own, site, "002")
    sqlite_desk.run(void_participant, reason="Twice", study=own, participant=twice, version=1)
    sqlite_desk.sign_in("rx", "pestle and mortar")
    sqlite_desk.run(record_allocation, study=own, participant=who, arm=arm)
    sqlite_desk.sign_in(OWNER, PASSWORD)
    return own


def sheets(desk: Application, study: Id) -> dict[str, Sheet]:
    found = desk.read(study_sheets, study=study, on=ON, catalogue=CATALOGUE)
    return {sheet.kind: sheet for sheet in found}


def test_every_open_record_is_there_the_voided_too(sqlite_desk: Application, study: Id):
    found = sheets(sqlite_desk, study)
    people = found["enrollment.participant"]
    assert people.headings[:3] == ("id", "version", "voided")
    assert set(CATALOGUE["enrollment.participant"].types) <= set(people.headings)
    assert sorted(row[2] for row in people.rows) == [False, True]
    assert "people.account" not in found


def test_secrets_never_leave(sqlite_desk: Application, study: Id, tmp_path: Path):
    identity = sheets(sqlite_desk, study)["enrollment.identity"]
    assert identity.headings == ("id", "version", "voided", "participant")
    write_csv(list(sheets(sqlite_desk, study).values()), tmp_path / "out")
    assert not any(NAME in file.read_text("utf-8") for file in (tmp_path / "out").iterdir())


def test_each_gets_what_the_account_may_see(sqlite_desk: Application, study: Id):
    assert "enrollment.allocation" not in sheets(sqlite_desk, study)
    sqlite_desk.sign_in("rx", "pestle and mortar")
    assert "enrollment.allocation" in sheets(sqlite_desk, study)
    sqlite_desk.sign_in("bo", "another horse")
    assert not {"enrollment.allocation", "enrollment.identity"} & set(sheets(sqlite_desk, study))
    assert "enrollment.participant" in sheets(sqlite_desk, study)


def test_values_are_written_as_they_are(tmp_path: Path):
    row = (None, True, 7, Decimal("1.50"), ON, '=HYPERLINK("x")', "a\x07b", "“桌”, 2\nlines")
    sheet = Sheet("some.kind", tuple("abcdefgh"), (row,))
    (file,) = write_csv([sheet], tmp_path / "out")
    with file.open(encoding="utf-8", newline="") as text:
        assert list(csv.reader(text)) == [
            list("abcdefgh"),
            ["", "true", "7", "1.50", "2026-03-04", '\'=HYPERLINK("x")', "a\x07b", "“桌”, 2\nlines"],
        ]
    write_xlsx([sheet], tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = next(iter(book["some.kind"].iter_rows(min_row=2)))
    assert [cell.value for cell in cells[:4]] == [None, True, 7, 1.5]
    assert cells[4].value.date() == ON
    assert (cells[5].value, cells[5].data_type) == ('=HYPERLINK("x")', "s")
    assert cells[6].value == "a\ufffdb"
    assert cells[7].value == "“桌”, 2\nlines"


def test_too_many_rows_for_a_workbook_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("trialdesk.exchange.sheet_files._MOST_ROWS", 2)
    with pytest.raises(Exception, match="CSV instead"):
        write_xlsx([Sheet("some.kind", ("a",), ((1,), (2,)))], tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_site_s_correction_is_exported(sqlite_desk: Application, study: Id):
    before = sheets(sqlite_desk, study)["studies.site"].rows[0]
    sqlite_desk.run(correct_site, reason="Moved", study=study, site=before[0], version=1, name="Quay")
    after = sheets(sqlite_desk, study)["studies.site"].rows[0]
    assert (after[0], after[1], "Quay" in after) == (before[0], 2, True)


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter on this system")
def test_what_is_exported_is_its_owners_alone(tmp_path: Path):
    sheets = [Sheet("participants", ("number",), (("001",),))]
    with without_a_mask():
        (file,) = write_csv(sheets, tmp_path / "folder")
        write_xlsx(sheets, tmp_path / "book.xlsx")
    assert rights_of(file.parent) == 0o700
    assert rights_of(file) == rights_of(tmp_path / "book.xlsx") == OWNER_ALONE

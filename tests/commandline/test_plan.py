"""A study planned, submitted and approved by words alone, with its letter attached."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.acts import a_study
from tests.support.commands import Said, call
from tests.support.desks import desk_at
from trialdesk.application.acts import action_named

SIGN = action_named("studies:protocol:sign")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a closed desk with one study and nothing in it."""
    where = tmp_path / "study.desk"
    application = desk_at(str(where), tmp_path)
    a_study(application)
    application.close()
    return where


def do(path: Path, act: str, *words: str) -> Said:
    return call("--desk", path, "do", act, *words, "--study", "HARBOUR")


def test_from_the_synopsis_to_the_approval_letter(path: Path, tmp_path: Path):
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7 approved")
    for act, *words in (
        ("studies:study:correct", "objective=Whether it helps", "--reason", "Agreed"),
        ("studies:protocol:add", "label=1.0", "dated_on=2026-01-02"),
        ("studies:protocol:sign", "protocol_version=1.0"),
        ("ethics:committee:add", "name=Harbour EC"),
        ("ethics:submission:record", "committee=Harbour EC", "kind=initial", "title=First", "submitted_on=2026-01-10"),
        ("ethics:decision:record", "submission=First", "outcome=approved", "decided_on=2026-02-01", "reference=EC-17"),
        ("ethics:consent_version:add", "form=main", "language=en", "label=1.0", "dated_on=2026-01-05"),
        ("ethics:consent_version:approve", "consent_version=en 1.0", "decision=2026-02-01 approved"),
        ("documents:document:attach", "title=Letter", "category=approval", f"data={letter}"),
    ):
        said = do(path, act, *words)
        assert said.code == 0, (act, said.err)
    log = call("--desk", path, "report", "ethics", "--study", "HARBOUR", "--json").data
    assert log["standing"]["reference"] == "EC-17"
    assert [row["file_name"] for row in log["documents"]] == [None, "letter.pdf"]
    (version,) = call("--desk", path, "report", "consent-versions", "--study", "HARBOUR", "--json").data["rows"]
    assert version["used_from"] == "2026-02-01"
    assert call("--desk", path, "verify").code == 0


def test_what_a_signature_means_and_who_signs_is_said_before_it_is_given(path: Path):
    assert do(path, "studies:protocol:add", "label=1.0", "dated_on=2026-01-02").code == 0
    said = do(path, "studies:protocol:sign", "protocol_version=1.0", "--json")
    assert said.code == 0
    assert f"Ada Lind (ada) signs: {SIGN.signs}" in said.err
    assert "binds you" in said.err
    assert said.data["act"] == "studies:protocol:sign"
    refused = call("--desk", path, "do", "studies:protocol:sign", "--study", "HARBOUR")
    assert "signs:" not in refused.err


def test_a_file_that_is_not_there_and_one_that_is_no_pdf_are_told(path: Path, tmp_path: Path):
    said = do(path, "documents:document:attach", "title=Letter", "category=approval", f"data={tmp_path / 'none.pdf'}")
    assert (said.code, "cannot be read" in said.err) == (2, True)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"scanned")
    said = do(path, "documents:document:attach", "title=Letter", "category=approval", f"data={letter}")
    assert (said.code, "cannot be read as .pdf" in said.err) == (2, True)

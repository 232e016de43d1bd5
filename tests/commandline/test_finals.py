"""Final documents at the command line: made, listed, signed, proven; certificates made and brought along."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.reporting.building import bring
from tests.reporting.signing.test_stamping import STAMPED
from tests.support.certificates import PASSPHRASE, pkcs12
from tests.support.commands import Said, call
from tests.support.desks import desk_at
from tests.support.stamping import service, stamping
from trialdesk.reporting.signing.checking import signatures_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "study.desk"
    application = desk_at(str(where), tmp_path)
    bring(application)
    application.close()
    return where


def refused(said: Said, words: str) -> bool:
    return (said.code, said.out) == (2, "") and words in said.err and "Traceback" not in said.err


def test_a_report_is_made_final_signed_and_proven(path: Path, tmp_path: Path):
    out, signed = tmp_path / "final.pdf", tmp_path / "signed.pdf"
    words = ("report", "disposition", "--study", "HARBOUR", "--site", "01", "--final", "--places", "1", "--out", out)
    made = call("--desk", path, *words)
    assert made.code == 0, made.err
    assert "Document made final: Participant disposition, version 1" in made.out
    assert refused(call("--desk", path, "sign", out, "--meaning", "approval"), "no certificate")
    assert call("--desk", path, "certificate", "--study", "HARBOUR").code == 0
    assert refused(call("--desk", path, "certificate", "--study", "HARBOUR"), "still holds")
    said = call("--desk", path, "sign", out, "--meaning", "approval", "--out", signed)
    assert said.code == 0, said.err
    assert "1. Ada Lind, Approval" in said.out
    assert [each.valid for each in signatures_in(signed.read_bytes()) or ()] == [True]
    for file, count in ((out, 0), (signed, 1)):
        verdict = call("--desk", path, "verify", file, "--json")
        assert verdict.code == 0, verdict.out
        assert (verdict.data["state"], verdict.data["state_now"]) == ("final", "final")
        assert [each["name"] for each in verdict.data["signatures"]] == ["Ada Lind"] * count
    printed = call("--desk", path, "verify", signed).out
    assert "valid; certificate of Ada Lind, for whom nobody else vouches; bound to the electronic signature" in printed
    (row,) = call("--desk", path, "finals", "--study", "HARBOUR", "--json").data
    assert (row["report"], row["number"], row["state"], len(row["signatures"])) == ("disposition", 1, "final", 1)
    assert "Ada Lind (Approval)" in call("--desk", path, "finals", "--study", "HARBOUR").out


@pytest.mark.parametrize("words", [("verify",), ("sign", "--meaning", "approval")], ids=["verify", "sign"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no PDF at all", "This file is not a readable PDF. It is of another kind, locked, or damaged: get it again"),
        (b"%PDF-1.7\n", "This file is not a readable PDF. It is of another kind"),
        (None, "The file cannot be read: No such file or directory. Nothing was changed. See whether it is there"),
    ],
)
def test_a_file_that_is_no_document_is_named_with_what_to_do(
    path: Path, tmp_path: Path, words: tuple[str, ...], content: bytes | None, says: str
):
    file = tmp_path / "letter.pdf"
    if content is not None:
        file.write_bytes(content)
    said = call("--desk", path, words[0], file, *words[1:])
    assert refused(said, f"{file}: {says}")


def test_a_document_of_another_program_or_another_desk_is_named_with_what_to_do(path: Path, tmp_path: Path):
    file = tmp_path / "flow.pdf"
    assert call("--desk", path, "report", "disposition", "--study", "HARBOUR", "--out", file).code == 0
    said = call("--desk", path, "sign", file, "--meaning", "approval")
    assert refused(said, f"{file}: This file is no final document of this desk. Make the report final first")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    said = call("--desk", path, "verify", file)
    assert refused(said, f"{file}: This file does not say from which data it was made")
    assert "Choose the PDF as TrialDesk wrote it" in said.err


def test_an_altered_signature_is_not_in_order(path: Path, tmp_path: Path):
    out, signed = tmp_path / "final.pdf", tmp_path / "signed.pdf"
    assert call("--desk", path, "certificate", "--study", "HARBOUR").code == 0
    words = ("report", "disposition", "--study", "HARBOUR", "--final", "--places", "1", "--out", out)
    assert call("--desk", path, *words).code == 0
    assert call("--desk", path, "sign", out, "--meaning", "review", "--out", signed).code == 0
    data = signed.read_bytes()
    signed.write_bytes(
        data.replace(b"/Reason (Review)", b"/Reason (Revise)") if b"/Reason (Review)" in data else data[:-3]
    )
    said = call("--desk", path, "verify", signed)
    assert said.code == 1
    assert "altered" in said.out


def test_a_certificate_is_brought_along(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "ada.p12"
    file.write_bytes(pkcs12("A. Lind"))
    words = ("--desk", path, "certificate", "--study", "HARBOUR", "--bring", file)
    assert refused(call(*words), "passphrase of ada.p12 is needed")
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", "not this")
    assert refused(call(*words), "does not open")
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", PASSPHRASE)
    assert call(*words).code == 0
    (row,) = call("--desk", path, "certificates", "--json").data
    assert (row["name"], row["issuer"], row["made_here"]) == ("A. Lind", "Harbour Trust Services", False)
    assert "A. Lind" in call("--desk", path, "certificates").out
    assert refused(call(*words[:-1], tmp_path / "none.p12"), "cannot be read")


def test_a_time_stamp_is_asked_of_the_service_named(path: Path, tmp_path: Path):
    out, signed = tmp_path / "final.pdf", tmp_path / "signed.pdf"
    assert call("--desk", path, "certificate", "--study", "HARBOUR").code == 0
    words = ("report", "disposition", "--study", "HARBOUR", "--final", "--places", "1", "--out", out)
    assert call("--desk", path, *words).code == 0
    with service(stamping(STAMPED)) as address:
        said = call("--desk", path, "sign", out, "--meaning", "review", "--out", signed, "--service", address, "--json")
    assert said.data["signatures"][0]["time_stamp"] == STAMPED.isoformat()
    assert "time stamp of 2026-11-22 19:00:09 UTC" in call("--desk", path, "verify", signed).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--known-at", "2026-01-01"), "from what the desk knows now"),
        (("--places", "two"), "is not a number"),
        (("--places", "9"), "at most 8"),
        (("--as-of", "soon"), "not a date"),
    ],
)
def test_what_makes_no_sense_is_told(path: Path, words: tuple[str, ...], told: str):
    said = call("--desk", path, "report", "disposition", "--study", "HARBOUR", "--final", *words)
    assert refused(said, told)


def test_a_draft_is_not_signed(path: Path, tmp_path: Path):
    out = tmp_path / "draft.pdf"
    assert call("--desk", path, "report", "disposition", "--study", "HARBOUR", "--out", out).code == 0
    assert refused(call("--desk", path, "sign", out, "--meaning", "review"), "no final document of this desk")
    assert "It is a draft." in call("--desk", path, "verify", out).out

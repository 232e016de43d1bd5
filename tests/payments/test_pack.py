"""A recompute pack proves itself without a desk; what was altered is named, what is no pack is refused in words."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from tests.support.commands import call
from tests.support.desks import quick_desk
from trialdesk.application import Application
from trialdesk.base.canonical import canonical, digest
from trialdesk.base.errors import UserError
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.collecting import write_off
from trialdesk.payments.actions.disputing import raise_dispute
from trialdesk.payments.actions.invoicing import credit_invoice
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.pack import archive
from trialdesk.payments.pack.archive import MANIFEST, fingerprint, read_pack, written
from trialdesk.payments.pack.contents import Pack
from trialdesk.payments.pack.packing import packed
from trialdesk.payments.pack.recomputing import recompute
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import assess
from trialdesk.payments.rules.case import read_case
from trialdesk.studies import records as studies

AMENDED = (
    TERMS.replace("no: 1", "no: 2")
    .replace("effective_from: 2026-01-01", "effective_from: 2026-03-15\n  retroactive: true")
    .replace("1500.00", "1650.00")
    .replace("0.06", "0.13")
)


def lived(desk: Application) -> Trial:
    """Live through postings, certificates, invoices, an amendment, a credit note, a receipt, a dispute, a write-off."""
    trial = Trial(desk)
    at(desk, on("2026-03-01"))
    trial.load(TERMS)
    first = trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    trial.happened("004", "V2", "2026-02-22")
    at(desk, on("2026-03-31", 9))
    run(trial, post_ledger, contract=trial.contract)
    at(desk, on("2026-03-31", 10))
    trial.certify()
    at(desk, on("2026-04-01"))
    invoice = trial.invoice()
    at(desk, on("2026-04-10"))
    trial.load(AMENDED)
    edit(desk, trial.study, studies.PlannedVisit, trial.visit("V2"), name="WEEK 4")
    at(desk, on("2026-04-20"))
    trial.happened("003", "V2", "2026-03-20")
    at(desk, on("2026-04-30", 9))
    run(trial, post_ledger, contract=trial.contract)
    at(desk, on("2026-04-30", 10))
    trial.certify()
    at(desk, on("2026-05-02"))
    run(trial, raise_dispute, invoice_line=invoice.lines[1].id, raised_on=date(2026, 5, 1), grounds="not_done",
        amount=1000, currency="CNY", words="which visit?")  # fmt: skip
    at(desk, on("2026-05-03"))
    trial.invoice()
    at(desk, on("2026-05-10"))
    edit(desk, trial.study, enrollment.Visit, first, voided=True)
    at(desk, on("2026-05-11"))
    run(trial, credit_invoice, invoice=invoice.id, grounds="the visit did not happen")
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=date(2026, 5, 11),
                  amount=150000, currency="CNY")  # fmt: skip
    run(trial, settle_invoice, receipt=receipt, invoice=invoice.id)
    run(trial, write_off, invoice_line=invoice.lines[2].id, words="agreed by both",
        written_off_on=date(2026, 5, 11), grounds="rounding",
        amount=120, currency="CNY")  # fmt: skip
    at(desk, on("2026-05-31"))
    run(trial, post_ledger, contract=trial.contract)
    at(desk, on("2026-06-01"))
    return trial


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory):
    desk = quick_desk(tmp_path_factory.mktemp("pack"))
    yield lived(desk)
    desk.close()


@pytest.fixture(scope="module")
def pack(trial: Trial) -> bytes:
    return written(taken(trial))


def taken(trial: Trial) -> Pack:
    found: Pack = trial.desk.read(packed, study=trial.study, as_of=date(2026, 5, 31))
    return found


def altered(data: bytes, change: Mapping[str, Callable[[bytes], bytes]], *, vouched: bool = True) -> bytes:
    """Change files of a pack; `vouched` writes their new hashes into the manifest too, as a forger would."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    for name, edited in change.items():
        assert edited(files[name]) != files[name]
        files[name] = edited(files[name])
    if vouched:
        manifest = json.loads(files[MANIFEST])
        for name in manifest["files"]:
            manifest["files"][name] = {"sha256": digest(files[name]), "bytes": len(files[name])}
        files[MANIFEST] = canonical(manifest)
    return zipped(files)


def zipped(files: Mapping[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_what_a_desk_packed_is_recomputed_without_a_difference(trial: Trial, pack: bytes):
    found = recompute(read_pack(pack))
    assert found.differences == ()
    assert (found.certificates, found.invoices) == (2, 3)
    assert found.entries > 10
    assert found.assessment.totals == trial.owed("2026-05-31").assessment.totals


def test_the_same_desk_gives_the_same_bytes_and_what_is_read_is_what_was_written(trial: Trial, pack: bytes):
    again = taken(trial)
    assert written(again) == pack
    assert read_pack(pack) == again
    assert written(read_pack(pack)) == pack


def test_a_pack_of_before_there_were_write_offs_is_still_read(pack: bytes):
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        files = {name: opened.read(name) for name in opened.namelist() if name != "write_offs.csv"}
    manifest = json.loads(files[MANIFEST])
    del manifest["files"]["write_offs.csv"]
    files[MANIFEST] = canonical(manifest)
    assert recompute(read_pack(zipped(files))).differences == ()


def test_the_case_within_is_one_that_anybody_can_assess(trial: Trial, pack: bytes):
    own = read_pack(pack)
    case = read_case(own.case, "case.yaml")
    said = answer(assess(case, own.head.as_of, own.head.known_at))
    here = trial.owed("2026-05-31").answer()
    assert said["lines"] == here["lines"]
    assert said["totals"] == here["totals"]


def test_no_name_of_a_file_and_no_word_about_a_person_is_in_it(pack: bytes):
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        assert set(opened.namelist()) == {
            *archive.TABLES, MANIFEST, "case.yaml", "assessment.json", "certificates.json",
            "terms/1.yaml", "terms/2.yaml",
        }  # fmt: skip
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


REPLACED = {
    "fact": ("case.yaml", b'"occurred_on": "2026-03-20"', b'"occurred_on": "2026-03-10"', "WEEK 4|V2 003"),
    "price": ("terms/1.yaml", b"1500.00", b"1600.00", "posted as of 2026-03-31"),
    "terms as written": ("case.yaml", b"1650.00", b"1750.00", "base"),
    "ledger": ("ledger.csv", b",150000,", b",150001,", "V2 001/V2 base, posted as of"),
    "invoice": ("invoices.csv", b"445500", b"445501", "net of its lines"),
    "line of an invoice": ("invoice_lines.csv", b",148500,", b",148400,", "net of its lines"),
    "certificate": ("certificates.json", b'"pay":148500', b'"pay":158500', "C-1/1"),
    "what was told": ("assessment.json", b'"payable":', b'"payable":1', "totals payable"),
    "evidence": ("evidence.csv", b".visit_done,", b".visit_gone,", "no record"),
    "receipt": ("receipts.csv", b",150000,", b",100,", "1500.00"),
    "write-off": ("write_offs.csv", b",120,", b",157420,", "1574.20"),
}


@pytest.mark.parametrize("what", sorted(REPLACED))
def test_what_was_altered_and_vouched_for_is_a_named_difference(pack: bytes, what: str):
    file, old, new, words = REPLACED[what]
    forged = altered(pack, {file: lambda data: data.replace(old, new, 1)})
    found = recompute(read_pack(forged)).differences
    assert found
    told = "\n".join(f"{each.file} {each.what} {each.said} {each.found}" for each in found)
    assert any(word in told for word in words.split("|")), told


@pytest.mark.parametrize("file", ["case.yaml", "ledger.csv", "terms/1.yaml", "invoices.csv", "certificates.json"])
def test_what_was_altered_after_it_was_made_is_refused_by_the_manifest(pack: bytes, file: str):
    with pytest.raises(UserError, match="altered after") as refused:
        read_pack(altered(pack, {file: lambda data: data + b"\n"}, vouched=False))
    assert refused.value.where == file


def declared(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/passwd", "terms/../x.yaml", "terms\\1.yaml", "C:evil", "terms/0.yaml", "more.csv"]
)
def test_a_name_that_no_pack_has_is_refused_wherever_it_would_lead(pack: bytes, name: str, tmp_path: Path):
    with pytest.raises(UserError, match="no file of this name"):
        read_pack(zipped({**declared(pack), name: b"x"}))
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_is_refused_before_it_is_unpacked(pack: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 4 * 2**20)
    bomb = zipped({**declared(pack), "ledger.csv": b"0" * 2**26}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 2**20
    with pytest.raises(UserError, match="more in it than"):
        read_pack(bomb)
    with pytest.raises(UserError, match="larger than a pack"):
        read_pack(b"PK" + bytes(4 * 2**20))
    with pytest.raises(UserError, match="more files"):
        read_pack(zipped({f"f{n}": b"" for n in range(1001)}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_pack_is_refused_in_words(pack: bytes):
    files = declared(pack)
    manifest = json.loads(files[MANIFEST])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as twice:
        for name, content in [*files.items(), ("ledger.csv", b"id\n")]:
            twice.writestr(name, content)
    broken: list[tuple[bytes, str]] = [
        (b"", "no readable ZIP"),
        (b"not a zip at all", "no readable ZIP"),
        (pack[: len(pack) // 2], "no readable ZIP"),
        (zipped({}), "not the JSON"),
        (zipped({**files, MANIFEST: b"[" * 100_000}), "not the JSON"),
        (zipped({**files, MANIFEST: b'{"format": 1.5}'}), "not the JSON"),
        (zipped({**files, MANIFEST: b"{}"}), "no recompute pack"),
        (zipped({**files, MANIFEST: canonical({**manifest, "format_version": 2})}), "newer version"),
        (zipped({**files, MANIFEST: canonical({**manifest, "files": []})}), "lists no files"),
        (zipped({name: data for name, data in files.items() if name != "ledger.csv"}), "not in the pack"),
        (altered(pack, {"ledger.csv": lambda _data: b"id,rule\n"}), "not the table"),
        (altered(pack, {"ledger.csv": lambda data: data.replace(b",150000,", b",1500.00,")}), "at line"),
        (altered(pack, {"ledger.csv": lambda data: data + b'"'}), "not the table"),
        (altered(pack, {"case.yaml": lambda _data: b"\xff\xfe"}), "not UTF-8"),
        (altered(pack, {"certificates.json": lambda _data: b'[{"number": 1}]'}), "no certificates"),
        (altered(pack, {"assessment.json": lambda _data: b"[]"}), "mapping"),
        (altered(pack, {"terms.csv": lambda data: b"\n".join(data.split(b"\n")[:2]) + b"\n"}), "versions listed"),
        (out.getvalue(), "there twice"),
    ]
    for data, words in broken:
        with pytest.raises(UserError, match=words):
            read_pack(data)


def test_an_encrypted_file_is_refused(pack: bytes):
    at_ = pack.rfind(b"PK\x01\x02")
    flags = struct.unpack_from("<H", pack, at_ + 8)[0] | 1
    with pytest.raises(UserError, match="encrypted"):
        read_pack(pack[: at_ + 8] + struct.pack("<H", flags) + pack[at_ + 10 :])


def test_terms_that_cannot_be_read_and_an_unknown_evaluator_are_refused(pack: bytes):
    forged = altered(pack, {"terms/1.yaml": lambda data: data.replace(b"fixed", b"fixt")})
    with pytest.raises(UserError, match="version 1:14:terms"):
        recompute(read_pack(forged))
    with pytest.raises(UserError, match="evaluator 9"):
        recompute(read_pack(altered(pack, {"ledger.csv": lambda data: data.replace(b"Z,1,", b"Z,9,", 1)})))
    with pytest.raises(UserError, match="no invoice INV-0009"):
        recompute(read_pack(altered(pack, {"invoice_lines.csv": lambda data: data.replace(b"INV-0001", b"INV-0009")})))


def test_one_person_alone_is_a_difference(pack: bytes):
    def alone(data: bytes) -> bytes:
        rows: list[dict[str, Any]] = json.loads(data)
        return canonical([{**row, "certified_by": row["prepared_by"]} for row in rows])

    found = recompute(read_pack(altered(pack, {"certificates.json": alone}))).differences
    assert {each.found for each in found} == {"two people"}


def test_the_command_line_writes_recomputes_and_says_what_differs(
    pack: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    good, bad, none = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "none.zip"
    good.write_bytes(pack)
    bad.write_bytes(altered(pack, {"ledger.csv": lambda data: data.replace(b",150000,", b",150001,", 1)}))
    none.write_bytes(b"nothing")
    said = call("payments", "recompute", good)
    assert (said.code, "Nothing differs." in said.out, fingerprint(pack) in said.out) == (0, True, True)
    data = call("payments", "recompute", good, "--json").data
    assert data["differences"] == []
    assert data["manifest_sha256"] == fingerprint(pack)
    said = call("payments", "recompute", bad)
    assert (said.code, "ledger.csv" in said.out, "1500.01" in said.out) == (1, True, True)
    assert call("payments", "recompute", bad, "--json").data["differences"][0]["file"] == "ledger.csv"
    said = call("payments", "recompute", none)
    assert (said.code, "none.zip" in said.err) == (2, True)
    assert call("payments", "recompute", tmp_path / "missing.zip").code == 2

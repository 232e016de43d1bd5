"""A binder is whole or not there, holds what its readers may be handed and no more, and says what is in it."""

from __future__ import annotations

import errno
import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest

from tests.reporting.building import PEOPLE, bring
from tests.support import verapdf
from tests.support.acts import a_colleague
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.canonical import canonical, digest
from trialdesk.base.errors import Environment, UserError
from trialdesk.base.ids import Id
from trialdesk.documents.issued import issues
from trialdesk.documents.issuing import finalise, sign_issue
from trialdesk.documents.queries import file_of
from trialdesk.enrollment.actions import identify, record_allocation
from trialdesk.enrollment.queries import participants
from trialdesk.people.actions import make_certificate
from trialdesk.reporting.binder.choosing import EACH, HANDED, SECTIONS
from trialdesk.reporting.binder.index import SECTIONS as TITLES
from trialdesk.reporting.binder.writing import Binder, noted_about, write_binder
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import make
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.proving import prove
from trialdesk.reporting.report import AUDIENCES, Thing
from trialdesk.studies.actions import correct_study
from trialdesk.studies.queries import arms
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.access import EXPORT, entries


@pytest.fixture
def desk(sqlite_desk: Application) -> Application:
    return sqlite_desk


@pytest.fixture
def study(desk: Application) -> Id:
    return bring(desk, title="Oral iron 在贫血患者中的应用")


def bound(desk: Application, target: Path, **asked: Any) -> Binder:
    return write_binder(desk, target, **{"study": "HARBOUR", "language": "en", "audience": "outside", **asked})


def closely(text: str) -> str:
    return "".join(text.split())


def unhyphened(text: str) -> str:
    return re.sub(r"[^\w./]", "", text)


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_paper_is_there_and_index_and_manifest_say_so(
    desk: Application, study: Id, tmp_path: Path, language: str
):
    made = bound(desk, tmp_path / "binder", audience="regulator", language=language)
    papers = made.contents.papers
    assert made.contents.left_out == ()
    assert {each.report for each in papers} == {
        each.key for each in REPORTS if each.audience != "inside" and each.section != "money" and not each.occasional
    }
    assert below(made.folder) == {each.file for each in papers} | {"index.pdf", "manifest.json", "verify.py"}
    data = (made.folder / "manifest.json").read_bytes()
    told = json.loads(data)
    assert data == canonical(told)
    assert digest(data) == made.manifest_sha256
    for name in below(made.folder) - {"manifest.json"}:
        file = (made.folder / name).read_bytes()
        assert told["files"][name] == {"sha256": digest(file), "bytes": len(file)}
    index = (made.folder / "index.pdf").read_bytes()
    text = closely("".join(page_texts(index)))
    for each in papers:
        assert (each.state, each.language) == ("draft", language)
        pdf = make(desk, each.report, study="HARBOUR", language=language, **json.loads(each.parameters)).pdf
        assert (made.folder / each.file).read_bytes() == pdf
        for said in (each.title, each.sha256, each.digest):
            assert closely(said) in text
        # What reads the page takes a hyphen at the end of a line for one that was put there to break the word.
        assert unhyphened(each.file) in unhyphened(text)
    with pikepdf.open(made.folder / "index.pdf") as opened, opened.open_outline() as outline:
        marks = [item.title for item in outline.root]
    assert len(marks) == len({each.section for each in papers}) + 2


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_every_index_conforms(desk: Application, study: Id, tmp_path: Path, flavour: verapdf.Flavour):
    files = [bound(desk, tmp_path / language, language=language).folder / "index.pdf" for language in ("en", "zh")]
    assert [verdict.failures for verdict in verapdf.verdicts(files, flavour).values()] == [[], []]


def test_every_pdf_is_read_by_another_program(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder")
    for file in sorted(made.folder.rglob("*.pdf")):
        checked = subprocess.run(["qpdf", "--check", file], check=False, capture_output=True, text=True)
        assert (checked.returncode, checked.stderr) == (0, "")
        assert page_texts(file.read_bytes())[0]


def test_a_final_version_goes_in_as_it_was_kept_with_its_signatures(desk: Application, study: Id, tmp_path: Path):
    desk.run(make_certificate, study=study)
    issue = desk.run(finalise, study=study, report="disposition", language="zh", places=1).result
    desk.run(sign_issue, signed_with=PASSWORD, study=study, issue=issue, meaning="approval")
    desk.run(finalise, study=study, report="disposition", language="en", parameters='{"site": "01"}')
    made = bound(desk, tmp_path / "binder", audience="sponsor")
    rows = {row.language: row for row in desk.read(issues, study=study)}
    found = [each for each in made.contents.papers if each.report == "disposition"]
    assert [(each.language, each.state, each.issue, each.signatures) for each in found] == [
        ("en", "final", 1, 0),
        ("zh", "final", 1, 1),
    ], "of the whole study there is a final version, so there is no draft"
    for each in found:
        row = rows[each.language]
        assert (made.folder / each.file).read_bytes() == desk.read(file_of, study=study, version=row.file).data
        assert (each.position, each.digest) == (row.position, row.digest)
    assert found[1].file.endswith("disposition-zh-final-1-signed.pdf")
    assert found[0].chosen == "Site: 01"


def test_of_a_superseded_version_the_later_goes_in(desk: Application, study: Id, tmp_path: Path):
    desk.run(finalise, study=study, report="registration", language="en")
    row = desk.read(study_row, study=study)
    desk.run(correct_study, study=study, version=row.version, reason="Named", title="Oral iron once more")
    desk.run(finalise, study=study, report="registration", language="en")
    (found,) = (each for each in bound(desk, tmp_path / "binder").contents.papers if each.report == "registration")
    assert (found.issue, found.state) == (2, "final")


def test_as_of_a_day_it_holds_what_stood_then(desk: Application, study: Id, tmp_path: Path):
    desk.run(finalise, study=study, report="disposition", language="en")
    made = bound(desk, tmp_path / "before", audience="sponsor", as_of=date(2025, 3, 1))
    (early,) = (each for each in made.contents.papers if each.report == "disposition")
    assert (early.issue, json.loads(early.parameters), early.chosen) == (
        0,
        {"as_of": "2025-03-01"},
        "As of: 2025-03-01",
    )
    then = make(desk, "disposition", study="HARBOUR", language="en", as_of=date(2025, 3, 1)).pdf
    assert (made.folder / early.file).read_bytes() == then
    assert "As of 1 March 2025" in "".join(page_texts((made.folder / "index.pdf").read_bytes()))
    made = bound(desk, tmp_path / "now", audience="sponsor", as_of=desk.today)
    found = [each for each in made.contents.papers if each.report == "disposition"]
    assert [each.issue for each in found] == [1, 0], "the final version of now, and the draft of that day"


# -- who may be handed what -------------------------------------------------------------------------------------------


@pytest.fixture
def secrets(desk: Application) -> Id:
    """Give a blinded study whose first participant is named; the pharmacist `bo` knows its arms, `ada` does not."""
    made = bring(desk, unblinded=False)
    people = {row.number: row.id for row in desk.read(participants, study=made, on=desk.today)}
    desk.run(identify, study=made, participant=people["001"], name="Xiuying 王秀英", contact="+86 10 5555 0199")
    a_colleague(desk, made, "pharmacist")
    desk.sign_in("bo", "another horse")
    arm_ids = {row.name: row.id for row in desk.read(arms, study=made)}
    for someone in PEOPLE:
        if someone.arm:
            desk.run(record_allocation, study=made, participant=people[someone.number], arm=arm_ids[someone.arm])
    desk.sign_in(OWNER, PASSWORD)
    return made


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_it_tells_no_name_and_no_arm_to_whom_it_must_not(desk: Application, secrets: Id, tmp_path: Path, audience: Any):
    blinded = bound(desk, tmp_path / "ada", audience=audience)
    desk.sign_in("bo", "another horse")
    unblinded = bound(desk, tmp_path / "bo", audience=audience)
    for made in (blinded, unblinded):
        assert {each.blinding for each in made.contents.papers} == {"blinded"}
        assert {each.audience for each in made.contents.papers} <= HANDED[audience]
        assert made.contents.left_out == ()
    told = [
        {(each.report, each.parameters): each.digest for each in made.contents.papers if each.report != "code-list"}
        for made in (blinded, unblinded)
    ]
    assert told[0] == told[1], "who knows the arms hands out the same"
    for file in sorted(blinded.folder.rglob("*.pdf")):
        text = closely("".join(page_texts(file.read_bytes())))
        named = "王秀英" in text or "Xiuying" in text or "55550199" in text
        assert named == ("code-list" in file.name)
    assert any("code-list" in name for name in below(blinded.folder)) == (audience == "inside")


def test_a_final_version_that_shows_arms_stays_out_of_a_blinded_study(desk: Application, study: Id, tmp_path: Path):
    desk.run(finalise, study=study, report="consort", language="en")
    assert read_back(make(desk, "consort", study="HARBOUR", language="en").pdf).blinding == "unblinded"
    row = desk.read(study_row, study=study)
    desk.run(correct_study, study=study, version=row.version, reason="It was never unblinded", unblinded=False)
    made = bound(desk, tmp_path / "binder", audience="sponsor")
    assert "consort" not in {each.report for each in made.contents.papers}
    (left,) = made.contents.left_out
    assert (left.report, left.why) == ("consort", "It shows treatment allocation, and the study is blinded.")
    assert left.why in " ".join("".join(page_texts((made.folder / "index.pdf").read_bytes())).split())


def test_what_nobody_wrote_and_who_was_paid_what_is_not_handed_to_an_inspector(
    desk: Application, study: Id, tmp_path: Path
):
    before = {each.report for each in bound(desk, tmp_path / "before", audience="regulator").contents.papers}
    assert before.isdisjoint({"note-to-file", "reportable", "e3-synopsis", "distribution-statement", "invoice"})
    assert "note-to-file" not in {
        each.report for each in bound(desk, tmp_path / "own", audience="site").contents.papers
    }
    assert "ageing" in {each.report for each in bound(desk, tmp_path / "site", audience="site").contents.papers}
    desk.run(finalise, study=study, report="date-card", language="en")
    papers = bound(desk, tmp_path / "after", audience="regulator").contents.papers
    (card,) = (each for each in papers if each.report == "date-card")
    assert card.state == "final"


def test_each_report_has_a_section_and_its_parameter():
    assert list(TITLES) == list(SECTIONS)
    assert set(HANDED) == set(AUDIENCES)
    assert {*EACH, ""} == set(get_args(Thing))
    for report in REPORTS:
        assert report.section in SECTIONS
        assert not report.each or EACH[report.each][0] in {field.name for field in report.parameters}
    assert {each for papers in HANDED.values() for each in papers} == set(AUDIENCES)


# -- whole or not at all ----------------------------------------------------------------------------------------------


def test_it_is_told_to_the_access_log_by_its_manifest(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder")
    with desk.reading() as read:
        (entry,) = entries(read, study=study, what=(EXPORT,))
    assert entry.about == noted_about("outside", made.manifest_sha256)


def test_the_same_record_gives_the_same_binder_wherever_it_lies(desk: Application, study: Id, tmp_path: Path):
    empty = tmp_path / "空 folder\u202e with (odd) 'name'"
    empty.mkdir()
    first, second = bound(desk, tmp_path / "one"), bound(desk, empty)
    assert second.folder == empty
    assert first.manifest_sha256 == second.manifest_sha256
    assert (first.folder.stat().st_mode & 0o77, (first.folder / "index.pdf").stat().st_mode & 0o77) == (0, 0)


def test_a_hostile_study_is_bound_under_plain_names(desk: Application, tmp_path: Path):
    name = "../../etc/\u202eHARBOUR <b>&"
    bring(desk, name=name, title="\u2067ملف\u2069 😀 </title>" + "long " * 500)
    made = bound(desk, tmp_path / "binder", study=name)
    assert made.contents.left_out == ()
    assert all(each.isascii() and ".." not in each for each in below(made.folder))
    assert {each.name for each in tmp_path.iterdir()} >= {"binder"}


def refused(desk: Application, target: Path, words: str, **asked: Any) -> None:
    before = sorted(target.parent.rglob("*")) if target.parent.exists() else []
    with pytest.raises((Environment, UserError), match=words):
        bound(desk, target, **asked)
    assert (sorted(target.parent.rglob("*")) if target.parent.exists() else []) == before
    with desk.reading() as read:
        assert entries(read, what=(EXPORT,)) == ()


def test_what_is_in_the_way_is_left_alone_and_told(desk: Application, study: Id, tmp_path: Path):
    place = tmp_path / "place"
    (place / "taken").mkdir(parents=True)
    (place / "taken" / "mine.txt").write_text("mine")
    (place / "file").write_text("mine")
    refused(desk, place / "taken", "This folder is not empty. Nothing in it was touched")
    refused(desk, place / "file", "There is already something of this name")
    refused(desk, place / "nowhere" / "binder", "There is no such folder")
    refused(desk, place / ("n" * 300), "cannot be written: File name too long.*Nothing was left behind")
    refused(desk, place / "file" / "binder", "There is no such folder")
    refused(desk, place / "nul\0", "cannot be written")
    with pytest.raises(Environment, match="cannot be written"):  # where not even root may make a folder
        bound(desk, Path("/proc/binder"))
    (place / "link").symlink_to(place / "link")
    refused(desk, place / "link", "There is already something of this name|cannot be written")
    refused(desk, place / "b", "language “fr”", language="fr")
    refused(desk, place / "b", "audience “press”", audience="press")
    refused(desk, place / "b", "no study “NOWHERE”", study="NOWHERE")


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_full_disk_leaves_nothing(
    desk: Application, study: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
):
    count = iter(range(100))
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if next(count) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    refused(desk, place / "binder", "cannot be written: No space left on device.*make room")


def test_what_the_system_refuses_to_hold_leaves_nothing(desk: Application, study: Id, tmp_path: Path):
    resource = pytest.importorskip("resource")
    place = tmp_path / "place"
    place.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(Environment, match="cannot be written: File too large"):
            bound(desk, place / "binder")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("at", [0, 1, 2])
def test_cancelled_it_leaves_nothing(desk: Application, study: Id, tmp_path: Path, at: int):
    class Stopped(BaseException):
        pass

    heard: list[tuple[int, int, str]] = []

    def tell(done: int, total: int = 0, words: str = "") -> None:
        heard.append((done, total, words))
        if done == at:
            raise Stopped

    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(Stopped):
        bound(desk, place / "binder", tell=tell)
    assert list(place.iterdir()) == []
    assert heard[-1][:2] == (at, 4)
    assert all(words for _done, _total, words in heard)
    with desk.reading() as read:
        assert entries(read, study=study, what=(EXPORT,)) == ()


def test_the_index_alone_proves_nothing_and_says_what_does(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder")
    with pytest.raises(UserError, match=r"index of an inspection binder.*trialdesk verify FOLDER"):
        prove(desk, made.folder / "index.pdf")
    for each in made.contents.papers:
        assert prove(desk, made.folder / each.file).in_order

"""The site file's documents in a binder: as they came, by whom it is for, and what may name somebody stays."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.building import bring
from tests.support import verapdf
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.documents.actions import add_version, attach, attach_to
from trialdesk.documents.issuing import finalise
from trialdesk.documents.rules import CATEGORIES
from trialdesk.enrollment.queries import participants
from trialdesk.reporting.binder.checking import check_files, compare
from trialdesk.reporting.binder.filing import FILED_IN, HANDED_ON
from trialdesk.reporting.binder.manifest import Kept, read_contents
from trialdesk.reporting.binder.writing import Binder, write_binder
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.report import AUDIENCES
from trialdesk.safety.actions import record_adverse_event


@pytest.fixture
def desk(sqlite_desk: Application) -> Application:
    return sqlite_desk


@pytest.fixture
def study(desk: Application) -> Id:
    """Return a study with a protocol in two versions, an approval, a contract and a discharge letter of 001."""
    made = bring(desk)
    protocol = desk.run(
        attach, study=made, title="Protocol", category="protocol", **a_file("方案 1.0.PDF", date(2025, 1, 2))
    ).result
    desk.run(add_version, study=made, document=protocol, note="Version 2", **a_file("v2.txt", date(2025, 6, 3)))
    for title, category in (("Approval", "approval"), ("Agreement", "contract"), ("Odd ../name", "other")):
        desk.run(attach, study=made, title=title, category=category, **a_file(f"{title}.pdf", date(2025, 1, 2)))
    someone = desk.read(participants, study=made, on=desk.today)[0]
    event = desk.run(record_adverse_event, study=made, participant=someone.id, term="Syncope").result
    about = {"about_kind": "safety.adverse_event", "about_record": event}
    letter = a_file("letter.pdf", date(2025, 3, 1))
    desk.run(attach_to, study=made, title="Discharge letter", category="safety", **about, **letter)
    return made


def a_file(name: str, on: date) -> dict[str, Any]:
    return {"file_name": name, "data": data_of(name, on), "dated_on": on}


def data_of(name: str, on: date) -> bytes:
    told = f"{name} of {on}"
    return f"%PDF-1.7\n{told}\n%%EOF\n".encode() if name.lower().endswith(".pdf") else told.encode()


def bound(desk: Application, target: Path, **asked: Any) -> Binder:
    return write_binder(desk, target, **{"study": "HARBOUR", "language": "en", "audience": "regulator", **asked})


def titles(found: Iterable[Kept]) -> list[tuple[str, int, str]]:
    return [(each.title, each.version, each.state) for each in found]


def test_every_version_goes_along_as_it_came_and_what_may_name_somebody_stays(
    desk: Application, study: Id, tmp_path: Path
):
    made = bound(desk, tmp_path / "binder")
    assert titles(made.contents.kept) == [
        ("Protocol", 1, "superseded"),
        ("Protocol", 2, "final"),
        ("Approval", 1, "final"),
        ("Odd ../name", 1, "final"),
    ]
    first, second, _approval, odd = made.contents.kept
    assert (made.folder / first.file).read_bytes() == data_of("方案 1.0.PDF", date(2025, 1, 2))
    assert first.file.startswith("01-protocol/")
    assert first.file.endswith("-filed-protocol-1.pdf")
    assert second.file.endswith("-filed-protocol-2.txt")
    assert odd.file.isascii()
    (left,) = [each for each in made.contents.left_out if each.report == "filed"]
    assert (left.title, left.why) == (
        "Discharge letter",
        "It is filed as evidence of one participant and may name them: it is shown at the site.",
    )
    text = " ".join("".join(page_texts((made.folder / "index.pdf").read_bytes())).split())
    assert "With them 4 files of the site file, as they came" in text
    assert "Filed here, as they came" in text
    assert left.why in text
    assert "Agreement" not in {title for title, _version, _state in titles(made.contents.kept)}
    assert "Agreement" not in {each.title for each in made.contents.left_out}


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_each_is_handed_what_is_for_them(desk: Application, study: Id, tmp_path: Path, audience: Any):
    made = bound(desk, tmp_path / "binder", audience=audience)
    shown = {each.title for each in made.contents.kept}
    assert {each.category for each in made.contents.kept} <= HANDED_ON[audience]
    assert ("Discharge letter" in shown) == (audience == "inside")
    assert ("Agreement" in shown) == (audience in {"inside", "site", "sponsor"})
    assert bool(shown) == (audience != "outside")


def test_as_of_a_day_the_later_version_is_not_there_yet(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder", as_of=date(2025, 4, 1))
    assert ("Protocol", 1, "final") in titles(made.contents.kept)
    assert not any(each.version == 2 for each in made.contents.kept)


def test_what_was_made_final_here_is_a_paper_and_not_filed_twice(desk: Application, study: Id, tmp_path: Path):
    desk.run(finalise, study=study, report="registration", language="en", places=1)
    made = bound(desk, tmp_path / "binder")
    assert [each.issue for each in made.contents.papers if each.report == "registration"] == [1]
    assert {each.title for each in made.contents.kept} == {"Protocol", "Approval", "Odd ../name"}


def test_evidence_of_what_belongs_to_a_participant_s_record_stays_too(desk: Application, study: Id, tmp_path: Path):
    someone = desk.read(participants, study=study, on=desk.today)[0]
    for kind, record in (("enrollment.participant", someone.id), ("studies.study", study)):
        given = a_file(f"{kind}.pdf", date(2025, 1, 2))
        desk.run(attach_to, study=study, title=kind, category="other", about_kind=kind, about_record=record, **given)
    made = bound(desk, tmp_path / "binder")
    assert {each.title for each in made.contents.left_out} == {"Discharge letter", "enrollment.participant"}
    assert "studies.study" in {title for title, _version, _state in titles(made.contents.kept)}


def test_verifier_and_desk_answer_for_them_too(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder")
    assert read_contents(made.folder) == made.contents
    assert check_files(made.folder).found == ()
    assert compare(desk, check_files(made.folder)).altered == ()
    (made.folder / made.contents.kept[1].file).write_bytes(b"another protocol")
    ran = subprocess.run([sys.executable, "verify.py"], cwd=made.folder, check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert f"ALTERED  {made.contents.kept[1].file}" in ran.stdout


def test_a_binder_written_before_there_were_any_is_still_read(desk: Application, study: Id, tmp_path: Path):
    made = bound(desk, tmp_path / "binder", audience="outside")
    path = made.folder / "manifest.json"
    told = json.loads(path.read_bytes())
    del told["kept"]
    path.write_bytes(json.dumps(told).encode())
    assert read_contents(made.folder).kept == ()


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_the_index_of_a_site_file_conforms(desk: Application, study: Id, tmp_path: Path, flavour: verapdf.Flavour):
    files = [bound(desk, tmp_path / language, language=language).folder / "index.pdf" for language in ("en", "zh")]
    assert [verdict.failures for verdict in verapdf.verdicts(files, flavour).values()] == [[], []]


def test_every_category_has_its_section():
    assert set(FILED_IN) == {code for code, _words in CATEGORIES}
    assert set(HANDED_ON) == set(AUDIENCES)
    assert set().union(*HANDED_ON.values()) <= set(FILED_IN)

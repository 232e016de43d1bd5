"""A document proves itself: untouched and still true, true no longer, altered, or not to be told here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.reporting.building import PEOPLE, bring
from tests.support.acts import a_colleague, a_participant, a_study
from tests.support.desks import OWNER, PASSWORD, desk_at
from trialdesk.application import Application
from trialdesk.base.errors import Environment, UserError
from trialdesk.enrollment.actions import (
    correct_participant,
    erase_identity,
    identify,
    record_allocation,
    void_participant,
)
from trialdesk.enrollment.queries import participants
from trialdesk.reporting import proving
from trialdesk.reporting.catalog import REPORTS, report_named
from trialdesk.reporting.making import make
from trialdesk.reporting.proving import prove
from trialdesk.studies.actions import correct_study
from trialdesk.studies.queries import arms, sites

KEYS = [report.key for report in REPORTS]


@pytest.fixture
def study(desk: Application) -> str:
    return bring(desk)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "document.pdf"


def written(desk: Application, file: Path, key: str = "consort", **asked: Any) -> Path:
    file.write_bytes(make(desk, key, **{"study": "HARBOUR", "language": "en", **asked}).pdf)
    return file


def row(desk: Application, study: str, number: str) -> Any:
    return next(each for each in desk.read(participants, study=study, on=desk.today) if each.number == number)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", KEYS)
def test_an_untouched_document_is_proven(desk: Application, study: str, file: Path, key: str, language: str):
    asks = {field.name for field in report_named(key).parameters}
    verdict = prove(desk, written(desk, file, key, language=language, **({"site": "01"} if "site" in asks else {})))
    state = report_named(key).state
    says = {"draft": "It is a draft.", "final": "It is final with its record."}[state]
    assert verdict.as_json() == {
        "file": str(file),
        "report": key,
        "position": desk.position(study).text(),
        "unaltered": True,
        "same_now": True,
        "changes": [],
        "words": f"The file is unaltered: this desk makes the same document, byte for byte. {says} "
        "The desk still says the same.",
        "state": state,
        "state_now": state,
        "superseded_by": None,
        "signatures": [],
    }
    assert verdict.in_order


def test_what_changed_since_is_told_with_the_act_that_changed_it(desk: Application, study: str, file: Path):
    written(desk, file)
    gone = row(desk, study, "004")
    desk.run(void_participant, reason="entered twice", study=study, participant=gone.id, version=gone.version)
    verdict = prove(desk, file)
    assert (verdict.unaltered, verdict.same_now) == (True, False)
    figures = {each["figure"]: (each["then"], each["now"]) for each in verdict.changes if "figure" in each}
    assert figures["assessed"] == (7, 6)
    assert figures["arms/Placebo/completed"] == (1, 0)
    assert "arms/Active/completed" not in figures
    (act,) = [each for each in verdict.changes if "act" in each]
    assert (act["act"], act["by"], act["reason"], act["records"]) == (
        "Participant voided",
        "Ada Lind",
        "entered twice",
        1,
    )
    (detail,) = act["details"]
    assert (detail["record"], detail["then"], detail["now"]) == ("Participant", False, True)
    assert "Assessed for eligibility: 7, now 6" in verdict.words
    assert not verdict.in_order


def test_a_corrected_row_of_the_log_is_named(desk: Application, study: str, file: Path):
    written(desk, file, "screening-log")
    one = row(desk, study, "002")
    desk.run(
        correct_participant,
        study=study,
        participant=one.id,
        version=one.version,
        reason="Asked",
        screened_on="2025-01-06",
    )
    a_participant(desk, study, one.site, "008")
    verdict = prove(desk, file)
    figures = {each["figure"]: (each["then"], each["now"]) for each in verdict.changes if "figure" in each}
    assert figures["rows/01-002/screened_on"] == ("2025-01-05", "2025-01-06")
    assert figures["rows/01-008"][0] is None
    assert "01-002 › Screened on: 2025-01-05, now 2025-01-06" in verdict.words
    acts = [each["act"] for each in verdict.changes if "act" in each]
    assert acts == ["Participant screened", "Participant corrected"]


def test_what_does_not_touch_the_figures_leaves_the_document_true(desk: Application, study: str, file: Path):
    written(desk, file)
    desk.run(identify, study=study, participant=row(desk, study, "001").id, name="Grace Hopper")
    desk.run(correct_study, reason="Renamed", study=study, version=1, title="Another title", short_name="HAVEN")
    assert prove(desk, file).in_order


def test_every_flipped_byte_is_found(sqlite_desk: Application, file: Path):
    bring(sqlite_desk)
    data = written(sqlite_desk, file).read_bytes()
    for place in range(9, len(data), len(data) // 24):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        try:
            verdict = prove(sqlite_desk, file)
        except UserError:
            continue
        assert verdict.unaltered is not True


def edited(file: Path, change: Any) -> None:
    with pikepdf.open(BytesIO(file.read_bytes())) as pdf:
        change(pdf)
        pdf.save(file)


def test_a_document_only_saved_again_is_told_apart_from_the_data(sqlite_desk: Application, file: Path):
    bring(sqlite_desk)
    written(sqlite_desk, file)
    edited(file, lambda _pdf: None)
    verdict = prove(sqlite_desk, file)
    assert (verdict.unaltered, verdict.same_now) == (False, True)
    assert "the data it names are those of this desk, but its bytes are not" in verdict.words


def metadata(pdf: pikepdf.Pdf, name: str, value: str) -> None:
    packet = pdf.Root.Metadata.read_bytes().decode()
    changed = re.sub(f"<td:{name}>[^<]*<", f"<td:{name}>{value}<", packet)
    assert changed != packet
    pdf.Root.Metadata = pdf.make_stream(changed.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("digest", "0" * 64, "this desk had other data at the position it names"),
        ("account", "Bo (bo)", "its bytes are not"),
        ("role", "Emperor", "its bytes are not"),
        ("state", "approved", "its bytes are not"),
        ("language", "fr", "its bytes are not"),
    ],
)
def test_what_a_file_says_of_itself_is_not_believed(
    sqlite_desk: Application, file: Path, name: str, value: str, words: str
):
    bring(sqlite_desk)
    written(sqlite_desk, file)
    edited(file, lambda pdf: metadata(pdf, name, value))
    verdict = prove(sqlite_desk, file)
    assert verdict.unaltered is False
    assert words in verdict.words


@pytest.mark.parametrize(
    ("name", "value"), [("parameters", "[1"), ("parameters", '{"as_of":"soon"}'), ("position", "here")]
)
def test_nonsense_about_its_own_making_is_told(sqlite_desk: Application, file: Path, name: str, value: str):
    bring(sqlite_desk)
    written(sqlite_desk, file)
    edited(file, lambda pdf: metadata(pdf, name, value))
    with pytest.raises(UserError, match="it was altered"):
        prove(sqlite_desk, file)


@pytest.mark.parametrize("name", ["key", "parameters"])
def test_a_report_or_a_site_that_does_not_exist_is_told(sqlite_desk: Application, file: Path, name: str):
    bring(sqlite_desk)
    written(sqlite_desk, file)
    edited(file, lambda pdf: metadata(pdf, name, {"key": "horoscope", "parameters": '{"site":"77"}'}[name]))
    with pytest.raises(UserError, match=r"no report “horoscope”|no site “77”"):
        prove(sqlite_desk, file)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Application]:
    desk = desk_at(str(tmp_path / "other.desk"), tmp_path, seed=2)
    yield desk
    desk.close()


def test_a_document_of_another_desk_cannot_be_told_here(desk: Application, study: str, other: Application, file: Path):
    bring(other)
    verdict = prove(desk, written(other, file))
    assert (verdict.unaltered, verdict.same_now, verdict.changes) == (None, None, ())
    assert "Cannot tell on this desk" in verdict.words
    assert not verdict.in_order


def test_a_later_position_than_this_desk_has_cannot_be_told(sqlite_desk: Application, file: Path, tmp_path: Path):
    study = bring(sqlite_desk)
    sqlite_desk.close()
    older = tmp_path / "older.desk"
    assert sqlite_desk.database.path is not None
    older.write_bytes(sqlite_desk.database.path.read_bytes())
    sqlite_desk.sign_in(OWNER, PASSWORD)
    a_participant(sqlite_desk, study, sqlite_desk.read(sites, study=study)[0].id, "009")
    written(sqlite_desk, file)
    behind = Application(str(older), clock=sqlite_desk.clock, cost=sqlite_desk.cost, marks=tmp_path / "none").open()
    assert prove(behind, file).unaltered is None
    behind.close()


def test_names_behind_codes_are_proven_in_a_blinded_study_too(sqlite_desk: Application, file: Path):
    study = bring(sqlite_desk, unblinded=False)
    someone = row(sqlite_desk, study, "001").id
    sqlite_desk.run(identify, study=study, participant=someone, name="Mei Lin", contact="By the quay")
    assert prove(sqlite_desk, written(sqlite_desk, file, "code-list")).in_order


@pytest.fixture
def named(sqlite_desk: Application) -> str:
    """Name a participant of an open study, and let a data manager, who may not know names, take part in it."""
    study = bring(sqlite_desk)
    someone = row(sqlite_desk, study, "001").id
    sqlite_desk.run(identify, study=study, participant=someone, name="Mei Lin", contact="By the quay")
    a_colleague(sqlite_desk, study, "data_manager")
    return study


def test_an_erased_name_leaves_its_documents_unproven_but_not_altered(sqlite_desk: Application, named: str, file: Path):
    written(sqlite_desk, file, "code-list")
    someone = row(sqlite_desk, named, "001").id
    sqlite_desk.run(
        erase_identity, reason="Asked for it", study=named, participant=someone, decided_on=sqlite_desk.today
    )
    verdict = prove(sqlite_desk, file)
    assert (verdict.unaltered, verdict.same_now, verdict.in_order) == (None, None, False)
    assert "was erased for good: whether it was altered cannot be told" in verdict.words
    assert "altered:" not in verdict.words
    assert prove(sqlite_desk, written(sqlite_desk, file, "code-list")).in_order
    edited(file, lambda _pdf: None)
    assert prove(sqlite_desk, file).unaltered is False
    a_participant(sqlite_desk, named, row(sqlite_desk, named, "001").site, "009")
    assert prove(sqlite_desk, file).same_now is False


def test_who_may_not_see_names_is_told_that_they_are_not_compared(sqlite_desk: Application, named: str, file: Path):
    written(sqlite_desk, file, "code-list")
    log = written(sqlite_desk, file.with_name("log.pdf"), "screening-log")
    edited(log, lambda _pdf: None)
    sqlite_desk.sign_in("bo", "another horse")
    verdict = prove(sqlite_desk, file)
    assert (verdict.unaltered, verdict.same_now) == (None, None)
    assert "you may not see: it is not compared" in verdict.words
    assert "Mei Lin" not in str(verdict.as_json())
    assert prove(sqlite_desk, log).unaltered is False
    assert prove(sqlite_desk, written(sqlite_desk, file, "code-list")).in_order
    sqlite_desk.sign_in(OWNER, PASSWORD)
    assert prove(sqlite_desk, file).unaltered is False


def test_the_blinded_prove_what_they_may_see(sqlite_desk: Application, file: Path, tmp_path: Path):
    desk = sqlite_desk
    study = bring(desk, unblinded=False)
    a_colleague(desk, study, "pharmacist")
    people = {each.number: each.id for each in desk.read(participants, study=study, on=desk.today)}
    arm_ids = {each.name: each.id for each in desk.read(arms, study=study)}
    desk.sign_in("bo", "another horse")
    for someone in PEOPLE[:4]:
        desk.run(record_allocation, study=study, participant=people[someone.number], arm=arm_ids[someone.arm])
    secret = written(desk, file)
    log = written(desk, tmp_path / "log.pdf", "screening-log")
    assert prove(desk, secret).in_order
    desk.sign_in(OWNER, PASSWORD)
    verdict = prove(desk, secret)
    assert (verdict.unaltered, verdict.same_now) == (None, None)
    assert "your role may not know" in verdict.words
    assert prove(desk, log).in_order
    open_ = written(desk, tmp_path / "open.pdf")
    assert prove(desk, open_).in_order
    desk.sign_in("bo", "another horse")
    assert prove(desk, open_).in_order
    desk.run(record_allocation, study=study, participant=people["005"], arm=arm_ids["Placebo"])
    assert any("Allocation" in str(each) for each in prove(desk, secret).changes)
    desk.sign_in(OWNER, PASSWORD)
    verdict = prove(desk, open_)
    assert verdict.same_now is False
    assert arm_ids["Placebo"] not in str(verdict.changes)


def test_names_are_in_no_verdict(sqlite_desk: Application, file: Path):
    study = bring(sqlite_desk)
    written(sqlite_desk, file)
    gone = row(sqlite_desk, study, "004")
    sqlite_desk.run(identify, study=study, participant=gone.id, name="Grace Hopper")
    sqlite_desk.run(void_participant, reason="twice", study=study, participant=gone.id, version=gone.version)
    changes = prove(sqlite_desk, file).changes
    (identity,) = [each["details"] for each in changes if each.get("act") == "Identity recorded"]
    assert [(detail["record"], detail["what"]) for detail in identity] == [("Identity", "added")]


def test_another_version_proves_by_bytes_where_it_can_and_else_by_the_data(
    sqlite_desk: Application, file: Path, monkeypatch: pytest.MonkeyPatch
):
    bring(sqlite_desk)
    written(sqlite_desk, file)
    monkeypatch.setattr(proving, "__version__", "9.9.9")
    assert prove(sqlite_desk, file).in_order
    edited(file, lambda _pdf: None)
    verdict = prove(sqlite_desk, file)
    assert verdict.unaltered is None
    assert "Its data are those of this desk" in verdict.words
    edited(file, lambda pdf: metadata(pdf, "digest", "0" * 64))
    assert "Whether it was altered cannot be told" in prove(sqlite_desk, file).words


def test_other_files_are_told(sqlite_desk: Application, tmp_path: Path):
    bring(sqlite_desk)
    with pytest.raises(Environment, match="cannot be read"):
        prove(sqlite_desk, tmp_path / "nothing.pdf")
    stranger = tmp_path / "stranger.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(stranger)
    with pytest.raises(UserError, match="not a document of TrialDesk"):
        prove(sqlite_desk, stranger)


def test_the_study_is_found_by_its_records_not_by_its_name(sqlite_desk: Application, file: Path):
    study = bring(sqlite_desk)
    written(sqlite_desk, file)
    sqlite_desk.run(correct_study, reason="Renamed", study=study, version=1, short_name="HAVEN")
    assert a_study(sqlite_desk, "HARBOUR") != study
    assert prove(sqlite_desk, file).in_order

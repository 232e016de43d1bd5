"""From key to document: the frame tells the truth, the past is the past, the same input gives the same bytes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.reporting.building import Someone, bring
from tests.support.acts import a_colleague, a_study
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.enrollment.actions import correct_participant, void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.reporting.catalog import REPORTS, report_named
from trialdesk.reporting.looking import page_sizes, page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.printed import printed_digest
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.report import facts_json
from trialdesk.studies.actions import add_protocol_version, correct_site, correct_study
from trialdesk.studies.queries import sites

KEYS = [report.key for report in REPORTS]


@pytest.fixture
def desk(sqlite_desk: Application) -> Application:
    bring(sqlite_desk, title="Oral iron 在贫血患者中的应用")
    return sqlite_desk


def text_of(desk: Application, key: str = "consort", **asked: Any) -> str:
    asked = {"study": "HARBOUR", "language": "en", **asked}
    return "\n".join(page_texts(make(desk, key, **asked).pdf))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", KEYS)
def test_the_same_input_gives_the_same_bytes(desk: Application, key: str, language: str):
    first = make(desk, key, study="HARBOUR", language=language)
    assert make(desk, key, study="harbour", language=language) == first
    assert first.digest == printed_digest(report_named(key), facts(desk, key, study="HARBOUR"))


def test_a_document_says_of_what_it_was_made(desk: Application):
    made = make(desk, "consort", study="HARBOUR", language="zh", site="02", as_of=date(2025, 3, 1), state="draft")
    proof = read_back(made.pdf)
    assert proof.position == made.position.text() == desk.position(desk.read(own)).text()
    assert json.loads(proof.parameters) == {"as_of": "2025-03-01", "site": "02"}
    assert (proof.key, proof.study, proof.language, proof.state) == ("consort", "HARBOUR", "zh", "draft")
    assert (proof.blinding, proof.account, proof.digest) == ("unblinded", "Ada Lind (ada)", made.digest)
    assert facts_json(made.facts)["assessed"] == 2
    text = "\n".join(page_texts(made.pdf))
    assert "北京协和医院" in text
    assert "Oral iron 在贫血患者中的应用".replace(" ", "") in text.replace(" ", "").replace("\n", "")
    assert "工作台所有者" in text


def own(read: Any) -> str:
    from trialdesk.studies.queries import the_study

    return the_study(read, name="HARBOUR").id


def test_the_site_is_named_and_all_sites_are_counted(desk: Application):
    assert "All sites (2)" in text_of(desk)
    assert "01 Harbour Hospital" in text_of(desk, site="01")


def test_every_page_names_the_protocols_version_and_the_time_of_the_site(desk: Application):
    study = desk.read(own)
    assert "version" not in text_of(desk).splitlines()[1]
    given: dict[str, Any] = {"study": study, "dated_on": date(2024, 12, 1), "change_summary": "First"}
    desk.run(add_protocol_version, label="1.0", effective_on=date(2025, 1, 1), **given)
    desk.run(add_protocol_version, label="9.0", effective_on=date(2099, 1, 1), **given)
    first, second = desk.read(sites, study=study)
    for row, country in ((first, "GB"), (second, "CN")):
        desk.run(correct_site, study=study, site=row.id, version=row.version, country=country, reason="known now")
    both, there = text_of(desk), text_of(desk, site="02")
    assert both.count("version 1.0") >= 2, "in the header of each page and in the head of the first"
    assert "9.0" not in both
    assert "Asia/Shanghai" in there
    assert "Asia/Shanghai" not in both
    assert "UTC" in both


def test_what_was_known_then_is_told_at_an_instant_and_at_a_position(desk: Application):
    study = desk.read(own)
    before, position = desk.clock.now(), desk.position(study)
    old = make(desk, "consort", study="HARBOUR", language="en")
    (first, *_others) = desk.read(participants, study=study, on=desk.today)
    desk.run(void_participant, reason="entered twice", study=study, participant=first.id, version=first.version)
    desk.run(correct_study, reason="Renamed", study=study, version=1, short_name="HAVEN")
    assert facts_json(facts(desk, "consort", study="HAVEN"))["assessed"] == 6
    for known in (before.isoformat(), position.text()):
        then = make(desk, "consort", study="HAVEN", language="en", known_at=known)
        assert then == old
    assert read_back(old.pdf).study == "HARBOUR"
    assert desk.clock.now() > before


def test_paper_is_that_of_whom_the_study_sets_its_papers_for(desk: Application):
    def made(**asked: Any) -> tuple[tuple[float, float], bytes, str]:
        document = make(desk, "consort", study="HARBOUR", language="en", **asked)
        return page_sizes(document.pdf)[0], document.pdf, document.digest

    study, before = desk.read(own), desk.clock.now().isoformat()
    a4, unset, digest = made()
    correction = {"study": study, "reason": "Sent to the FDA"}
    desk.run(correct_study, **correction, version=1, papers="us")
    letter, _pdf, same = made()
    assert a4 == pytest.approx((595.3, 841.9), abs=0.1)
    assert letter == (612, 792)
    assert same == digest  # how a paper looks is no fact of it
    assert made(known_at=before)[1] == unset  # a paper is proved by making it again as it was
    desk.run(correct_study, **correction, version=2, papers="cn")
    assert made()[0] == pytest.approx(a4)
    with pytest.raises(UserError):
        desk.run(correct_study, **correction, version=3, papers="mars")


def test_the_time_told_is_that_of_the_position_not_of_printing(desk: Application):
    first = make(desk, "disposition", study="HARBOUR", language="en")
    for _moment in range(100):
        desk.clock.now()
    bring(desk, [Someone("001")], name="ELSEWHERE")
    assert make(desk, "disposition", study="HARBOUR", language="en").pdf == first.pdf


def test_whose_name_stands_on_it_is_an_input(desk: Application):
    study = desk.read(own)
    a_colleague(desk, study, "pi")
    assert "Ada Lind (ada) · Owner of the desk" in text_of(desk)
    desk.sign_in("bo", "another horse")
    assert "Bo (bo) · Principal investigator" in text_of(desk)
    desk.sign_out()
    assert "not recorded" in text_of(desk)
    assert read_back(make(desk, "consort", study="HARBOUR", language="en").pdf).account == ""


def test_an_open_study_is_marked_neither_blinded_nor_unblinded(sqlite_desk: Application):
    a_study(sqlite_desk, "OPEN", blinding="open", unblinded=True)
    a_study(sqlite_desk, "CLOSED", blinding="double")
    found = {
        name: read_back(make(sqlite_desk, "consort", study=name, language="en").pdf).blinding
        for name in ("OPEN", "CLOSED")
    }
    assert found == {"OPEN": "open", "CLOSED": "blinded"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"key": "consrt"}, "no report “consrt”.*consort, disposition"),
        ({"study": "NOWHERE"}, "no study “NOWHERE”.*HARBOUR"),
        ({"site": "99"}, "no site “99”.*01, 02"),
        ({"language": "fr"}, "language “fr”.*en, zh"),
        ({"known_at": "yesterday"}, "neither an instant nor a position"),
        ({"known_at": "2019-01-01T00:00Z"}, "At that time this study was not on this desk"),
        ({"known_at": "ab" * 16 + ".7"}, "cannot tell"),
    ],
)
def test_what_cannot_be_made_is_told_in_words(desk: Application, asked: dict[str, str], words: str):
    arguments = {"key": "consort", "study": "HARBOUR", "language": "en", **asked}
    with pytest.raises(UserError, match=words):
        make(desk, arguments.pop("key"), **arguments)  # type: ignore[arg-type]


def test_a_correction_changes_the_log(desk: Application):
    desk.sign_in(OWNER, PASSWORD)
    study = desk.read(own)
    before = make(desk, "screening-log", study="HARBOUR", language="en")
    (first, *_others) = desk.read(participants, study=study, on=desk.today)
    desk.run(correct_participant, study=study, participant=first.id, version=first.version, reason="Asked", age=62)
    after = make(desk, "screening-log", study="HARBOUR", language="en")
    assert before.digest != after.digest
    assert "female, 62 years" in "\n".join(page_texts(after.pdf))


@pytest.mark.parametrize(("state", "words"), [(None, "Draft"), ("final", "Final"), ("superseded", "Superseded")])
def test_a_document_is_a_draft_until_someone_says_otherwise(desk: Application, state: Any, words: str):
    made = make(desk, "consort", study="HARBOUR", language="en", state=state)
    assert read_back(made.pdf).state == (state or "draft")
    pages = page_texts(made.pdf)
    assert words in pages[0]
    foot = f"{words} · Confidential." if words != "Final" else "Confidential."
    assert all(foot in page for page in pages)
    assert not any(other in page for other in {"Draft", "Final", "Superseded"} - {words} for page in pages)

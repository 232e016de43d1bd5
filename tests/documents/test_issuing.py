"""Reports made final and signed: what is kept, what is refused, what supersedes what, and what nobody can take back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.building import bring
from tests.support import verapdf
from tests.support.acts import a_colleague
from tests.support.certificates import ENDS, PASSPHRASE, pkcs12
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, Told, UserError
from trialdesk.documents.actions import void_document, void_version
from trialdesk.documents.issued import IssueRow, certificates_of, issue_of_file, issues
from trialdesk.documents.issuing import finalise, sign_issue
from trialdesk.documents.queries import documents, file_of
from trialdesk.enrollment.actions import void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.people.actions import bring_certificate, make_certificate, reset_password, withdraw_certificate
from trialdesk.people.signing import signatures
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import make
from trialdesk.reporting.proving import prove
from trialdesk.reporting.signing.checking import signatures_in

BO = "the harbour at dawn"


@pytest.fixture
def study(desk: Application) -> str:
    return bring(desk)


def final(desk: Application, study: str, **given: Any) -> str:
    asked = {"report": "disposition", "language": "en", "places": 2, **given}
    made: str = desk.run(finalise, study=study, **asked).result
    return made


def row(desk: Application, study: str, issue: str = "") -> IssueRow:
    rows: tuple[IssueRow, ...] = desk.read(issues, study=study)
    return next(each for each in rows if not issue or each.id == issue)


def sign(desk: Application, study: str, issue: str, meaning: str = "approval", password: str = PASSWORD, **given: Any):
    return desk.run(sign_issue, signed_with=password, study=study, issue=issue, meaning=meaning, **given).result


def gone(desk: Application, study: str) -> None:
    """Change what the reports tell."""
    first = desk.read(participants, study=study, on=desk.today)[0]
    desk.run(void_participant, reason="entered twice", study=study, participant=first.id, version=first.version)


def proven(desk: Application, study: str, version: str, tmp_path: Path) -> Any:
    file = desk.read(file_of, study=study, version=version)
    path = tmp_path / file.file_name
    path.write_bytes(file.data)
    return prove(desk, path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_final_document_is_kept_with_what_it_was_made_from(desk: Application, study: str, language: str):
    before = desk.position(study)
    draft = make(desk, "disposition", study="HARBOUR", language=language, site="01")
    found = row(desk, study, final(desk, study, language=language, parameters='{"site": "01"}', digest=draft.digest))
    assert (found.number, found.state, found.places, found.language) == (1, "final", 2, language)
    assert (found.position, found.digest, found.parameters) == (before.text(), draft.digest, '{"site":"01"}')
    unsigned = desk.read(file_of, study=study, version=found.document_version)
    to_sign = desk.read(file_of, study=study, version=found.signing_version)
    assert b"/ByteRange" not in unsigned.data + to_sign.data
    assert (b"AcroForm" in unsigned.data, unsigned.data != to_sign.data, unsigned.data != draft.pdf) == (
        False,
        True,
        True,
    )
    assert desk.read(issue_of_file, study=study, data=unsigned.data).id == found.id
    (document,) = desk.read(documents, study=study)
    assert document.versions[0].sha256 == found.sha256
    assert desk.verify().proven


def test_the_next_final_version_supersedes_the_one_before(desk: Application, study: str, tmp_path: Path):
    first = row(desk, study, final(desk, study))
    other = final(desk, study, language="zh")
    with pytest.raises(UserError, match="Version 1 is final already"):
        final(desk, study)
    gone(desk, study)
    assert proven(desk, study, first.document_version, tmp_path).same_now is False
    second = final(desk, study)
    rows = {each.id: each for each in desk.read(issues, study=study)}
    assert [(each.number, each.state, each.superseded_by) for each in (rows[first.id], rows[second], rows[other])] == [
        (1, "superseded", 2),
        (2, "final", None),
        (1, "final", None),
    ]
    verdict = proven(desk, study, first.document_version, tmp_path)
    assert (verdict.unaltered, verdict.state, verdict.state_now, verdict.superseded_by) == (
        True,
        "final",
        "superseded",
        2,
    )
    assert not verdict.in_order
    assert "superseded by version 2" in verdict.words
    now = proven(desk, study, rows[second].document_version, tmp_path)
    assert (now.in_order, now.state_now) == (True, "final")
    with pytest.raises(UserError, match="superseded"):
        sign(desk, study, first.id)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_last_page_tells_the_final_versions_before(desk: Application, study: str, tmp_path: Path, language: str):
    final(desk, study, language=language)
    other = "zh" if language == "en" else "en"
    final(desk, study, language=other)  # a version of its own
    final(desk, study, language=language, places=1)
    gone(desk, study)
    third = row(desk, study, final(desk, study, language=language, places=0))
    told = "\n".join(page_texts(desk.read(file_of, study=study, version=third.document_version).data))
    words = {
        "en": ("Final versions before this one", "First final version", "With 1 place to sign"),
        "zh": ("此前的最终版本", "首个最终版本", "含1处签署位置"),
    }
    assert all(each in told for each in words[language])
    assert told.count("Ada Lind") >= 2
    verdict = proven(desk, study, third.document_version, tmp_path)
    assert (verdict.unaltered, verdict.in_order) == (True, True)
    first = next(each for each in desk.read(issues, study=study) if (each.number, each.language) == (1, language))
    assert words[language][0] not in "\n".join(
        page_texts(desk.read(file_of, study=study, version=first.document_version).data)
    )


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_a_later_final_version_conforms(desk: Application, study: str, tmp_path: Path, flavour: verapdf.Flavour):
    files = []
    for language in ("en", "zh"):
        final(desk, study, language=language)
        later = row(desk, study, final(desk, study, language=language, places=0))
        assert later.number == 2
        files.append(tmp_path / f"{language}.pdf")
        files[-1].write_bytes(desk.read(file_of, study=study, version=later.document_version).data)
    assert [verdict.failures for verdict in verapdf.verdicts(files, flavour).values()] == [[], []]


def test_the_same_data_may_be_made_final_with_more_places(desk: Application, study: str):
    final(desk, study, places=1)
    assert row(desk, study, final(desk, study, places=2)).number == 2


def test_what_is_missing_is_named_and_nothing_is_kept(desk: Application, study: str):
    before = desk.position()
    with pytest.raises(UserError, match=r"not complete.*Objective: not recorded"):
        final(desk, study, report="ethics-package")
    assert (desk.position(), desk.read(issues, study=study)) == (before, ())


def test_another_state_than_the_one_looked_at_is_not_made_final(desk: Application, study: str):
    seen = make(desk, "disposition", study="HARBOUR", language="en").digest
    gone(desk, study)
    with pytest.raises(UserError, match="changed since you looked"):
        final(desk, study, digest=seen)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"report": "weather"}, "There is no report"),
        ({"language": "xx"}, "not made in the language"),
        ({"places": 9}, "at most 8 places"),
        ({"places": -1}, "at most 8 places"),
        ({"parameters": "{"}, "as JSON"),
        ({"parameters": '["01"]'}, "as JSON"),
        ({"parameters": '{"site": 1}'}, "as JSON"),
        ({"parameters": '{"site": "77"}'}, "77"),
        ({"parameters": '{"as_of": "soon"}'}, "not a date"),
        ({"report": "code-list"}, "who participants are"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Application, study: str, given: dict[str, Any], words: str):
    with pytest.raises(UserError, match=words):
        final(desk, study, **given)
    assert desk.read(issues, study=study) == ()


def test_who_may_not_is_refused(desk: Application, study: str):
    issue = final(desk, study)
    a_colleague(desk, study, "auditor", "bo", BO)
    desk.sign_in("bo", BO)
    for act in (
        lambda: final(desk, study, language="zh"),
        lambda: sign(desk, study, issue, password=BO),
        lambda: desk.run(make_certificate, study=study),
    ):
        with pytest.raises(NotAllowed, match="does not allow"):
            act()


def test_several_sign_in_order_and_each_stands(desk: Application, study: str, tmp_path: Path):
    issue = final(desk, study, language="zh")
    a_colleague(desk, study, "monitor", "bo", BO)
    desk.run(make_certificate, study=study)
    sign(desk, study, issue)
    desk.sign_in("bo", BO)
    desk.run(bring_certificate, study=study, data=pkcs12("B. O. Brown"), passphrase=PASSPHRASE)
    sign(desk, study, issue, "review", BO)
    found = row(desk, study, issue)
    assert [(each.place, each.name, each.meaning, each.certificate, each.stands) for each in found.seals] == [
        (1, "Ada Lind", "Approval", "Ada Lind", True),
        (2, "Bo", "Review", "B. O. Brown", True),
    ]
    files = [desk.read(file_of, study=study, version=each.document_version).data for each in found.seals]
    assert files[1].startswith(files[0])
    inside = signatures_in(files[1]) or ()
    assert [(each.signature, each.at, each.valid) for each in inside] == [
        (each.signature, each.signed_at.replace(microsecond=0), True) for each in found.seals
    ]
    from trialdesk.documents.records import Issue

    assert len(desk.read(signatures, record=Issue, study=study)[issue]) == 2
    for each in found.seals:
        verdict = proven(desk, study, each.document_version, tmp_path)
        assert verdict.in_order, verdict.words
        assert all(one["valid"] and one["bound"] for one in verdict.signatures)
    with pytest.raises(UserError, match="no place left"):
        sign(desk, study, issue, "authorship", BO)
    assert desk.verify().proven


def test_a_signed_file_that_was_altered_is_told(desk: Application, study: str, tmp_path: Path):
    issue = final(desk, study)
    desk.run(make_certificate, study=study)
    sign(desk, study, issue)
    data = desk.read(file_of, study=study, version=row(desk, study, issue).file).data
    unsigned = desk.read(file_of, study=study, version=row(desk, study, issue).signing_version or "").data
    page, appended = bytearray(data), bytearray(data)
    page[2000] ^= 0x01
    appended[data.index(b"Approval", len(unsigned))] ^= 0x01
    for altered in (bytes(page), bytes(appended), data + b"\n%%EOF\n", unsigned + b"\n% /ByteRange\n%%EOF\n"):
        path = tmp_path / "altered.pdf"
        path.write_bytes(altered)
        try:
            verdict = prove(desk, path)
        except UserError:
            continue  # not readable at all
        assert (verdict.unaltered, verdict.in_order) == (False, False), verdict.words


def test_a_file_nobody_made_final_here_is_told(desk: Application, study: str, tmp_path: Path):
    path = tmp_path / "claims.pdf"
    path.write_bytes(make(desk, "disposition", study="HARBOUR", language="en", state="final").pdf)
    verdict = prove(desk, path)
    assert (verdict.unaltered, verdict.state, verdict.state_now, verdict.in_order) == (True, "final", None, False)
    assert "nobody made it final" in verdict.words


def test_signing_needs_the_password_and_a_certificate(desk: Application, study: str):
    issue = final(desk, study)
    with pytest.raises(UserError, match="no certificate to sign with"):
        sign(desk, study, issue)
    desk.run(make_certificate, study=study)
    with pytest.raises(NotAllowed, match="wrong"):
        sign(desk, study, issue, password="not this one")
    with pytest.raises(NotAllowed, match="password again"):
        desk.run(sign_issue, study=study, issue=issue, meaning="approval")
    assert row(desk, study, issue).seals == ()


def test_nobody_signs_twice_with_the_same_meaning(desk: Application, study: str):
    issue = final(desk, study)
    desk.run(make_certificate, study=study)
    sign(desk, study, issue)
    with pytest.raises(UserError, match="before"):
        sign(desk, study, issue)
    sign(desk, study, issue, "authorship")


def test_a_certificate_of_another_a_lapsed_and_a_withdrawn_one_sign_nothing(desk: Application, study: str):
    issue = final(desk, study)
    mine = desk.run(make_certificate, study=study, years=1).result
    a_colleague(desk, study, "monitor", "bo", BO)
    desk.sign_in("bo", BO)
    with pytest.raises(NotAllowed, match="another person: Ada Lind"):
        sign(desk, study, issue, password=BO, certificate=mine)
    with pytest.raises(NotAllowed, match="another person: Ada Lind"):
        desk.run(bring_certificate, study=study, data=pkcs12("Ada Lind"), passphrase=PASSPHRASE)
    with pytest.raises(NotAllowed, match="another person"):
        desk.run(withdraw_certificate, reason="Mine now", study=study, certificate=mine)
    desk.sign_in(OWNER, PASSWORD)
    desk.run(withdraw_certificate, reason="Lost", study=study, certificate=mine)
    with pytest.raises(UserError, match="was withdrawn"):
        sign(desk, study, issue, certificate=mine)
    with pytest.raises(UserError, match="no certificate"):
        sign(desk, study, issue)
    desk.run(make_certificate, study=study, years=1)
    desk.clock.at += timedelta(days=366)  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="holds from 2026-03-04 to 2027-03-04 only"):
        sign(desk, study, issue)


@pytest.mark.parametrize(
    ("data", "passphrase", "words"),
    [
        (pkcs12("A. Lind"), "lantern on the quay", "does not open"),
        (b"not a certificate", PASSPHRASE, "not a certificate with its key"),
        (pkcs12("A. Lind", with_key=False), PASSPHRASE, "no certificate with its secret key"),
        (pkcs12("A. Lind", signs=False), PASSPHRASE, "not for signing"),
        (pkcs12("A. Lind", ends=ENDS.replace(year=2025)), PASSPHRASE, "to 2025-01-01 only"),
        (pkcs12("A. Lind", begins=ENDS.replace(year=2030)), PASSPHRASE, "from 2030-01-01"),
    ],
)
def test_a_file_that_is_no_certificate_to_sign_with_is_refused(
    desk: Application, study: str, data: bytes, passphrase: str, words: str
):
    with pytest.raises(Told, match=words):
        desk.run(bring_certificate, study=study, data=data, passphrase=passphrase)
    assert desk.signed_in().account.id
    assert desk.read(certificates_of, account=desk.signed_in().account.id) == ()


def test_a_certificate_without_passphrase_is_brought_once(desk: Application, study: str):
    data = pkcs12("A. Lind", passphrase="")
    desk.run(bring_certificate, study=study, data=data)
    with pytest.raises(UserError, match="brought this certificate along before"):
        desk.run(bring_certificate, study=study, data=data)


def test_with_a_password_made_anew_the_key_stays_shut(desk: Application, study: str):
    issue = final(desk, study)
    account = a_colleague(desk, study, "monitor", "bo", BO)
    desk.sign_in("bo", BO)
    desk.run(make_certificate, study=study)
    desk.sign_in(OWNER, PASSWORD)
    desk.run(reset_password, reason="Forgotten", account=account, password="another lantern here")
    desk.sign_in("bo", "another lantern here")
    with pytest.raises(NotAllowed, match="cannot open the secret key"):
        sign(desk, study, issue, password="another lantern here")


def test_final_is_not_taken_back_and_its_files_are_not_voided(desk: Application, study: str):
    done = desk.run(finalise, study=study, report="disposition", language="en", places=1)
    desk.run(make_certificate, study=study)
    signed = desk.run(sign_issue, signed_with=PASSWORD, study=study, issue=done.result, meaning="approval")
    for each in (done, signed):
        with pytest.raises(UserError, match="cannot be taken back"):
            desk.undo(each.transaction or "")
    (document,) = desk.read(documents, study=study)
    with pytest.raises(UserError, match="still used"):
        desk.run(void_document, reason="x", study=study, document=document.id, version=document.version)
    for version in document.versions:
        with pytest.raises(UserError, match="still used"):
            desk.run(void_version, reason="x", study=study, document_version=version.id, version=version.version)

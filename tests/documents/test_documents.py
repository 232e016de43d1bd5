"""Files attached to what they evidence: what is taken, what is refused, what verify finds, how they come back."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.support.acts import a_colleague, a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.errors import Environment, NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.documents import actions
from trialdesk.documents.content import content
from trialdesk.documents.queries import DocumentRow, documents, file_of
from trialdesk.documents.rules import ANYTHING, LARGEST, base_name, digest_of, media_type, unfit

PDF = b"%PDF-1.7\nthe approval letter\n%%EOF\n"


def attached(desk: Application, study: Id, **fields: Any) -> Id:
    fields = {"title": "Approval letter", "category": "approval", "file_name": "letter.pdf", "data": PDF, **fields}
    action = actions.attach_to if "about_kind" in fields else actions.attach
    made: Id = desk.run(action, study=study, **fields).result
    return made


def the_only(desk: Application, study: Id, **asked: Any) -> DocumentRow:
    (row,) = desk.read(documents, study=study, **asked)
    assert isinstance(row, DocumentRow)
    return row


def test_a_file_is_attached_to_what_it_evidences_and_read_back(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    attached(desk, study, about_kind="studies.site", about_record=site, dated_on=date(2026, 2, 1))
    attached(desk, study, title="Protocol", category="protocol", data=PDF + b"2")
    row = the_only(desk, study, about=site)
    assert (row.title, row.about_kind) == ("Approval letter", "studies.site")
    latest = row.latest
    assert latest is not None
    assert (latest.number, latest.media_type, latest.size, latest.sha256) == (
        1,
        "application/pdf",
        len(PDF),
        digest_of(PDF),
    )
    file = desk.read(file_of, study=study, version=latest.id)
    assert (file.file_name, file.media_type, file.data) == ("letter.pdf", "application/pdf", PDF)
    assert [each.title for each in desk.read(documents, study=study)] == ["Approval letter", "Protocol"]
    assert desk.verify().proven


def test_a_newer_version_stands_beside_the_older(desk: Application):
    study = a_study(desk)
    document = attached(desk, study)
    with pytest.raises(UserError, match="already has this very file"):
        desk.run(actions.add_version, study=study, document=document, file_name="again.pdf", data=PDF)
    desk.run(actions.add_version, study=study, document=document, file_name="two.pdf", data=PDF + b"2", note="Stamped")
    row = the_only(desk, study)
    assert [(each.number, each.file_name) for each in row.versions] == [(1, "letter.pdf"), (2, "two.pdf")]
    assert [desk.read(file_of, study=study, version=each.id).data for each in row.versions] == [PDF, PDF + b"2"]
    first, second = row.versions
    desk.run(actions.void_version, reason="Wrong scan", study=study, document_version=first.id, version=1)
    with pytest.raises(UserError, match="without any file"):
        desk.run(actions.void_version, reason="Wrong scan", study=study, document_version=second.id, version=1)
    desk.run(
        actions.correct_version, reason="Read", study=study, document_version=second.id, version=1, note="Stamped, 2 p."
    )
    desk.run(actions.correct_document, reason="Clearer", study=study, document=document, version=1, title="EC letter")
    row = the_only(desk, study)
    assert (row.title, [each.note for each in row.versions]) == ("EC letter", ["Stamped, 2 p."])


def test_voided_with_its_versions_and_taken_back(desk: Application):
    study = a_study(desk)
    document = attached(desk, study)
    with pytest.raises(UserError, match="needs a reason"):
        desk.run(actions.void_document, study=study, document=document, version=1)
    done = desk.run(actions.void_document, reason="Not ours", study=study, document=document, version=1)
    assert desk.read(documents, study=study) == ()
    assert done.transaction is not None
    desk.undo(done.transaction, reason="It was ours")
    latest = the_only(desk, study).latest
    assert latest is not None
    assert desk.read(file_of, study=study, version=latest.id).data == PDF
    assert desk.verify().proven


def test_an_earlier_state_has_the_file_it_had(desk: Application):
    study = a_study(desk)
    document = attached(desk, study)
    then = desk.position()
    desk.run(actions.add_version, study=study, document=document, file_name="two.pdf", data=PDF + b"2")
    with desk.reading_at(then) as read:
        (row,) = documents(read, study=study)
        assert len(row.versions) == 1
        assert file_of(read, study=study, version=row.versions[0].id).data == PDF


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"data": b""}, "is empty"),
        ({"data": b"not a PDF"}, "cannot be read as .pdf"),
        ({"file_name": "table.XLSX", "data": b"PK\x03\x04cut short"}, "cannot be read as .XLSX"),
        ({"file_name": "list.csv", "data": b"a,b\0c"}, "cannot be read as .csv"),
        ({"file_name": "scan.dcm", "data": bytes(LARGEST + 1)}, "larger than 50 MB"),
        ({"file_name": ".."}, "no name"),
        ({"dated_on": date(2026, 3, 5)}, "still to come"),
        ({"category": "poem"}, "not one of the choices"),
        ({"title": " "}, "left empty"),
        ({"about_kind": "studies.site", "about_record": "0" * 32}, "no such record"),
        ({"about_kind": "studies.castle", "about_record": "0" * 32}, "no such record"),
        ({"about_kind": "studies.site", "about_record": "the first"}, "no such record"),
        ({"about_kind": "enrollment.allocation", "about_record": "0" * 32}, "no such record"),
    ],
)
def test_what_is_not_taken(sqlite_desk: Application, fields: dict[str, Any], words: str):
    study = a_study(sqlite_desk)
    with pytest.raises(UserError) as told:
        attached(sqlite_desk, study, **fields)
    assert words in str(told.value)
    assert sqlite_desk.read(documents, study=study) == ()


def test_not_about_a_record_of_another_study(sqlite_desk: Application):
    other = a_study(sqlite_desk, "OTHER")
    somebody = a_participant(sqlite_desk, other, a_site(sqlite_desk, other))
    with pytest.raises(UserError, match="no such record"):
        attached(sqlite_desk, a_study(sqlite_desk), about_kind="enrollment.participant", about_record=somebody)
    theirs = attached(sqlite_desk, other)
    row = the_only(sqlite_desk, other)
    assert row.id == theirs
    with pytest.raises(UserError, match="not on this desk"):
        sqlite_desk.read(file_of, study=a_study(sqlite_desk, "THIRD"), version=row.versions[0].id)


def test_verify_names_a_file_that_was_altered_and_one_that_is_gone(desk: Application):
    study = a_study(desk)
    attached(desk, study)
    attached(desk, study, title="Protocol", data=PDF + b"2")
    versions = {row.title: row.versions[0].id for row in desk.read(documents, study=study)}
    with desk.database.writing() as connection:
        altered = sa.update(content).where(content.c.sha256 == digest_of(PDF)).values(bytes=PDF[::-1])
        connection.execute(altered)
        connection.execute(sa.delete(content).where(content.c.sha256 == digest_of(PDF + b"2")))
    found = {each.place: each.words for each in desk.verify().findings}
    assert found == {
        f"documents.document_version {versions['Approval letter']}": (
            "The attached file's bytes were altered: their hash is another."
        ),
        f"documents.document_version {versions['Protocol']}": "The attached file's bytes are missing.",
    }
    with pytest.raises(UserError, match="not on this desk"):
        desk.read(file_of, study=study, version=versions["Protocol"])
    with pytest.raises(Environment, match="their hash is another"):
        desk.read(file_of, study=study, version=versions["Approval letter"])


def test_verify_names_the_missing_table(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    attached(sqlite_desk, study)
    with sqlite_desk.database.writing() as connection:
        content.drop(connection)
    assert "content" in {each.place for each in sqlite_desk.verify().findings}


def test_a_backup_has_the_files(sqlite_desk: Application, tmp_path: Path):
    study = a_study(sqlite_desk)
    attached(sqlite_desk, study)
    copy = tmp_path / "copy.desk"
    assert sqlite_desk.back_up(copy).proven
    again = Application(str(copy)).open()
    try:
        version = again.read(documents, study=study)[0].versions[0].id
        assert again.read(file_of, study=study, version=version).data == PDF
    finally:
        again.close()


def test_the_same_bytes_are_kept_once(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    attached(sqlite_desk, study)
    attached(sqlite_desk, study, title="The same letter")
    with sqlite_desk.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(content)) == 1


def test_who_may_attach(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    a_colleague(sqlite_desk, study, "monitor")
    sqlite_desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed):
        attached(sqlite_desk, study)


def test_a_list_reads_no_bytes_and_asks_twice(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    for number in range(4):
        attached(sqlite_desk, study, title=f"Letter {number}", data=PDF + bytes([number]))
    with counted(sqlite_desk) as said:
        sqlite_desk.read(documents, study=study)
    asked = [each for each in said if each.startswith("SELECT")]
    assert len(asked) == 2
    assert not any(" content" in each for each in asked)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("letter.pdf", "letter.pdf"),
        ("/home/ada/letter.pdf", "letter.pdf"),
        ("C:\\Trials\\letter.pdf", "letter.pdf"),
        (" 批件.pdf ", "批件.pdf"),
        ("..", ""),
    ],
)
def test_a_name_loses_its_folders(name: str, kept: str):
    assert base_name(name) == kept


@given(st.text(max_size=40))
def test_no_name_leads_out_of_a_folder(name: str):
    kept = base_name(name)
    assert "/" not in kept
    assert "\\" not in kept


def test_types_are_told_by_name_and_checked_by_content():
    assert media_type("a.PDF") == "application/pdf"
    assert media_type("a.docx").startswith("application/vnd.openxmlformats")
    assert media_type("scan.dcm") == media_type("README") == ANYTHING
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert unfit("a.docx", whole.getvalue()) is None
    assert unfit("a.docx", whole.getvalue()[:20]) is not None
    assert unfit("a.png", b"\x89PNG\r\n\x1a\n....") is None
    assert unfit("notes.txt", "受试者".encode("utf-16")) is None
    assert unfit("scan.dcm", b"\0\1") is None

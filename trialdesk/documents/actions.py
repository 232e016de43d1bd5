"""What is done with documents."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id, is_id
from trialdesk.documents.content import keep
from trialdesk.documents.records import Document, DocumentVersion
from trialdesk.documents.rules import ATTACHING, LARGEST, base_name, digest_of, media_type, unfit
from trialdesk.people.acting import Action, action, correcting, fields_of, needs_reason, tidied
from trialdesk.people.checks import check_not_future, check_unused, label_of
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

FILE = Field("file", N_("File"), name="data", required=True)
_FILE = (*fields_of(DocumentVersion, "file_name"), FILE, *fields_of(DocumentVersion, "dated_on", "note"))


@action(
    "documents:document:attach",
    N_("Document attached"),
    by=ATTACHING,
    asks=(*fields_of(Document, "title", "category"), *_FILE),
)
def attach(work: Work, *, study: Id, title: str, category: str, **file: Any) -> Id:
    """Attach a file to the study as a whole; returns the document's id.

    Raises UserError for a file that is empty, too large or not what its name says.
    """
    return _begin(work, Document(study=study, title=title, category=category), **file)


@action(
    "documents:document:attach_to",
    N_("Document attached to a record"),
    by=ATTACHING,
    asks=(*fields_of(Document, "title", "category", "about_kind", "about_record"), *_FILE),
)
def attach_to(
    work: Work, *, study: Id, title: str, category: str, about_kind: str, about_record: Id, **file: Any
) -> Id:
    """Attach a file to the record it evidences; returns the document's id.

    Raises UserError as `attach` does, and for a record that is not here, not open to everybody or of another study.
    """
    _check_about(work, study, about_kind, about_record)
    fields = {"title": title, "category": category, "about_kind": about_kind, "about_record": about_record}
    return _begin(work, Document(study=study, **fields), **file)


@action("documents:document_version:add", N_("Document version added"), by=ATTACHING, asks=_FILE, about=Document.KIND)
def add_version(
    work: Work,
    *,
    study: Id,
    document: Id,
    file_name: str,
    data: bytes,
    dated_on: date | None = None,
    note: str | None = None,
) -> Id:
    """Attach a newer file of a document; returns the version's id. The earlier ones stay.

    Raises UserError as `attach` does, and for the very file the document already has.
    """
    record = found_in(work, Document, document, study)
    own = DocumentVersion.TABLE.c
    query = sa.select(own.number, own.sha256, own.voided).where(own.document == document).order_by(own.number)
    known = work.read.rows(query)
    if any(row.sha256 == digest_of(data) for row in known if not row.voided):
        raise UserError(
            _("The document already has this very file."),
            where=_("File"),
            remedy=_("Choose the newer one, or leave the document as it is."),
        )
    number = max((row.number for row in known), default=0) + 1
    return _keep(work, record, number, file_name=file_name, data=data, dated_on=dated_on, note=note)


correct_document = correcting(
    Document, "documents:document:correct", N_("Document corrected"), by=ATTACHING, asks=("title", "category")
)
correct_version = correcting(
    DocumentVersion,
    "documents:document_version:correct",
    N_("Document version corrected"),
    by=ATTACHING,
    asks=("dated_on", "note"),
)


@action("documents:document:void", N_("Document voided"), by=ATTACHING, about=Document.KIND, edit="void")
def void_document(work: Work, *, study: Id, document: Id, version: int) -> Id:
    """Void a document with its versions, attached in error. The bytes stay: the trail still speaks of them."""
    needs_reason(work, Document)
    record = found_in(work, Document, document, study, version)
    own = DocumentVersion.TABLE.c
    ids = [row.id for row in work.read.rows(sa.select(own.id).where(own.document == document, ~own.voided))]
    for each in work.find_all(DocumentVersion, ids).values():
        check_unused(work, each)
        work.void(each)
    work.void(record)
    return record.id


@action(
    "documents:document_version:void",
    N_("Document version voided"),
    by=ATTACHING,
    about=DocumentVersion.KIND,
    edit="void",
)
def void_version(work: Work, *, study: Id, document_version: Id, version: int) -> Id:
    """Void a version attached in error. Raises UserError for the only one a document has."""
    needs_reason(work, DocumentVersion)
    record = found_in(work, DocumentVersion, document_version, study, version)
    check_unused(work, record)
    own = DocumentVersion.TABLE.c
    others = sa.select(own.id).where(own.document == record.document, ~own.voided, own.id != record.id)
    if work.read.first(others) is None:
        raise UserError(
            _("A document without any file is none."),
            where=_("Document version"),
            remedy=_("Void the document, or add the right file first."),
        )
    work.void(record)
    return record.id


def _begin(work: Work, document: Document, **file: Any) -> Id:
    correct(document, tidied(Document, {name: getattr(document, name) for name in Document.FIELDS}))
    _keep(work, work.add(document), 1, **{"dated_on": None, "note": None, **file})
    return document.id


def _keep(
    work: Work,
    document: Document,
    number: int,
    *,
    file_name: str,
    data: bytes,
    dated_on: date | None,
    note: str | None,
) -> Id:
    name = base_name(file_name)
    if not name:
        raise UserError(_("The file has no name."), where=_("File name"))
    why = unfit(name, data)
    if why is not None:
        raise UserError(
            _(why).format(limit=LARGEST // 2**20, ending=PurePosixPath(name).suffix.removeprefix(".")),
            where=name,
            remedy=_("Open the file to see whether it is whole, then attach it again."),
        )
    check_not_future(work, DocumentVersion.FIELDS["dated_on"].label, dated_on)
    sha256 = digest_of(data)
    made = DocumentVersion(
        study=document.study,
        document=document.id,
        number=number,
        file_name=name,
        media_type=media_type(name),
        size=len(data),
        sha256=sha256,
        dated_on=dated_on,
        note=note,
    )
    work.beside(lambda connection: keep(connection, sha256, data))
    return work.add(made).id


def _check_about(work: Work, study: Id, kind: str, record: Id) -> None:
    """Raise UserError unless the record is here, stands, is open to everybody and of the study or the directory."""
    where = label_of(Document, "about_record")
    declared = work.known_kind(kind) if is_id(record) else None
    found = work.find(declared, record) if declared is not None and declared.AUDIENCE == "open" else None
    if found is None or found.voided or found.study not in (None, study):
        raise UserError(_("There is no such record in this study."), where=where, remedy=_("Choose another."))


ACTIONS: tuple[Action, ...] = (
    attach,
    attach_to,
    add_version,
    correct_document,
    correct_version,
    void_document,
    void_version,
)
"""Everything a person can do here, in the order in which it is offered."""

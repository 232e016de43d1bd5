"""Documents and their files to look at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.content import content
from trialdesk.documents.records import Document, DocumentVersion
from trialdesk.documents.rules import digest_of
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class DocumentVersionRow:
    """One file of a document; `size` in bytes."""

    id: Id
    version: int
    document: Id
    number: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    dated_on: date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its versions, oldest first."""

    id: Id
    version: int
    title: str
    category: str
    about_kind: str | None
    about_record: Id | None
    versions: tuple[DocumentVersionRow, ...]

    @property
    def latest(self) -> DocumentVersionRow | None:
        """The newest version; None where none has arrived on this desk."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was attached."""

    file_name: str
    media_type: str
    data: bytes


def attached(read: Read, *, study: Id, to: Collection[Id]) -> dict[Id, tuple[str, ...]]:
    """Return the titles of the documents about each of these records, by record. One statement."""
    own = Document.TABLE.c
    rows = read.rows(
        sa.select(own.about_record, own.title)
        .where(own.study == study, own.about_record.in_(list(to)), ~own.voided)
        .order_by(sa.func.lower(own.title), own.id)
    )
    found: dict[Id, tuple[str, ...]] = {}
    for row in rows:
        found[row.about_record] = (*found.get(row.about_record, ()), row.title)
    return found


def documents(read: Read, *, study: Id, about: Id | None = None) -> tuple[DocumentRow, ...]:
    """Return a study's documents by title, or those about one record. Two statements; no bytes are read."""
    own, file = Document.TABLE.c, DocumentVersion.TABLE.c
    where = [own.study == study, ~own.voided]
    if about is not None:
        where.append(own.about_record == about)
    rows = read.rows(sa.select(Document.TABLE).where(*where).order_by(sa.func.lower(own.title), own.id))
    versions: dict[Id, list[DocumentVersionRow]] = {}
    order = (file.document, file.number, file.id)
    for each in read.shaped(DocumentVersionRow, DocumentVersion, file.study == study, ~file.voided, order=order):
        versions.setdefault(each.document, []).append(each)
    return tuple(
        DocumentRow(
            row.id,
            row.version,
            row.title,
            row.category,
            row.about_kind,
            row.about_record,
            tuple(versions.get(row.id, ())),
        )
        for row in rows
    )


def file_of(read: Read, *, study: Id, version: Id) -> File:
    """Return the file of a document version of a study.

    Raises UserError where its bytes are not on this desk, Environment where they are not those that were attached.
    Two statements. The bytes are those kept now also when an earlier state is read: they never change.
    """
    own = DocumentVersion.TABLE.c
    row = read.first(sa.select(own.file_name, own.media_type, own.sha256).where(own.id == version, own.study == study))
    if row is None:
        raise UserError(_("This record is not on this desk."), where=_(DocumentVersion.LABEL))
    data = read.live.value(sa.select(content.c.bytes).where(content.c.sha256 == row.sha256))
    if data is None:
        raise UserError(
            _("The file's bytes are not on this desk."),
            where=row.file_name,
            remedy=_("They may not have arrived yet. `trialdesk verify` lists every file that is missing."),
        )
    if digest_of(data) != row.sha256:
        raise Environment(
            _("The attached file's bytes were altered: their hash is another."),
            where=row.file_name,
            remedy=_("Restore a backup made before. `trialdesk verify` lists every file that was altered."),
        )
    return File(row.file_name, row.media_type, data)


def latest_file(read: Read, *, study: Id, document: Id) -> File:
    """Return the newest file of a document. Raises as `file_of` does. Three statements."""
    own = DocumentVersion.TABLE.c
    query = sa.select(own.id).where(own.document == document, ~own.voided).order_by(own.number.desc(), own.id).limit(1)
    return file_of(read, study=study, version=read.value(query) or "")

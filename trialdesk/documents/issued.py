"""Final documents to look at: which stands, what superseded which, who signed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import File, file_of
from trialdesk.documents.records import DocumentVersion, Issue, Seal
from trialdesk.documents.rules import FINAL, digest_of
from trialdesk.people.records import Certificate, Signature
from trialdesk.people.signing import signatures
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class SealRow:
    """A signature in the file. `stands` is False once the record that was signed is no longer what it was.

    `meaning` is marked for translation, `sha256` that of the file as this signature left it.
    """

    id: Id
    place: int
    signature: Id
    account: Id
    name: str
    meaning: str
    signed_at: datetime
    stands: bool
    certificate: str
    fingerprint: str
    document_version: Id
    sha256: str
    stamped_at: datetime | None
    stamped_by: str | None


@dataclass(frozen=True, slots=True)
class IssueRow:
    """A final version of a report with its signatures in order; `superseded_by` is the number of the one after it."""

    id: Id
    version: int
    report: str
    title: str
    parameters: str
    language: str
    number: int
    places: int
    position: str
    digest: str
    sha256: str
    state: str
    issued_on: date | None
    superseded_by: int | None
    document_version: Id
    signing_version: Id | None
    seals: tuple[SealRow, ...]

    @property
    def stands(self) -> bool:
        """Whether it is final and not superseded."""
        return self.state == FINAL

    @property
    def file(self) -> Id:
        """The file to hand out: with all signatures, or the copy without any."""
        return self.seals[-1].document_version if self.seals else self.document_version


def issues(read: Read, *, study: Id) -> tuple[IssueRow, ...]:
    """Return a study's final documents, newest version first within a report. Five statements; no bytes are read."""
    c, file = Issue.TABLE.c, DocumentVersion.TABLE.c
    query = (
        sa.select(Issue.TABLE, file.dated_on)
        .join(DocumentVersion.TABLE, file.id == c.document_version, isouter=True)
        .where(c.study == study, ~c.voided)
        .order_by(c.report, c.parameters, c.language, c.number.desc(), c.id)
    )
    rows = read.rows(query)
    if not rows:
        return ()
    numbers = {row.id: row.number for row in rows}
    seals = _seals(read, study)
    return tuple(
        IssueRow(
            id=row.id,
            version=row.version,
            report=row.report,
            title=row.title,
            parameters=row.parameters,
            language=row.language,
            number=row.number,
            places=row.places,
            position=row.position,
            digest=row.digest,
            sha256=row.sha256,
            state=row.state,
            issued_on=row.dated_on,
            superseded_by=numbers.get(row.superseded_by),
            document_version=row.document_version,
            signing_version=row.signing_version,
            seals=tuple(seals.get(row.id, ())),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Edition:
    """A final version of one report, without its files and signatures."""

    id: Id
    number: int
    places: int
    digest: str
    issued_on: date | None


def editions(read: Read, *, study: Id, report: str, parameters: str, language: str) -> tuple[Edition, ...]:
    """Return the final versions of a report with these parameters in a language, the first first. One statement."""
    c, file = Issue.TABLE.c, DocumentVersion.TABLE.c
    rows = read.rows(
        sa.select(c.id, c.number, c.places, c.digest, file.dated_on)
        .join(DocumentVersion.TABLE, file.id == c.document_version, isouter=True)
        .where(c.study == study, c.report == report, c.parameters == parameters, c.language == language, ~c.voided)
        .order_by(c.number)
    )
    return tuple(Edition(row.id, row.number, row.places, row.digest, row.dated_on) for row in rows)


def issue_of_file(read: Read, *, study: Id, data: bytes, where: str = "") -> IssueRow:
    """Return the final document one of whose files these bytes are. Raises UserError where they are none of its.

    `where` is what the error calls the file.
    """
    sha256 = digest_of(data)
    own = DocumentVersion.TABLE.c
    same = {row.id for row in read.rows(sa.select(own.id).where(own.study == study, own.sha256 == sha256))}
    for each in issues(read, study=study):
        files = {each.document_version, each.signing_version, *(seal.document_version for seal in each.seals)}
        if files & same:
            return each
    raise UserError(
        _("This file is no final document of this desk."),
        where=where,
        remedy=_("Make the report final first, then sign what was kept of it."),
    )


def issued_file(read: Read, *, study: Id, issue: Id) -> File:
    """Return the file of a final document to hand out: with all its signatures. Raises as `file_of` does."""
    for each in issues(read, study=study):
        if each.id == issue:
            return file_of(read, study=study, version=each.file)
    raise UserError(_("This record is not on this desk."), where=_(Issue.LABEL))


def signed_file(read: Read, *, study: Id, seal: Id) -> File:
    """Return a file as a signature left it. Raises as `file_of` does. Three statements."""
    c = Seal.TABLE.c
    version = read.value(sa.select(c.document_version).where(c.id == seal, c.study == study))
    return file_of(read, study=study, version=version or "")


def certificate_holders(read: Read) -> dict[str, tuple[Id, str]]:
    """Return whose each known certificate is, by fingerprint: account and name in the certificate. One statement."""
    c = Certificate.TABLE.c
    query = sa.select(c.fingerprint, c.account, c.name).where(~c.voided)
    return {row.fingerprint: (row.account, row.name) for row in read.rows(query)}


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of an account."""

    id: Id
    version: int
    name: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    made_here: bool
    withdrawn_on: date | None


def own_certificates(read: Read, *, on: date) -> tuple[tuple[Id, str], ...]:
    """Return the reading account's certificates it can sign with on a day: id, and words to choose by."""
    mine = certificates_of(read, account=read.account) if read.account else ()
    return tuple(
        (each.id, f"{each.name} ({each.issuer}, {each.valid_until.date().isoformat()})")
        for each in mine
        if each.withdrawn_on is None and each.valid_from.date() <= on <= each.valid_until.date()
    )


def certificates_of(read: Read, *, account: Id) -> tuple[CertificateRow, ...]:
    """Return an account's certificates, the one that holds longest first. One statement."""
    c = Certificate.TABLE.c
    order = (c.valid_until.desc(), c.id)
    return tuple(read.shaped(CertificateRow, Certificate, c.account == account, ~c.voided, order=order))


def _seals(read: Read, study: Id) -> dict[Id, list[SealRow]]:
    c, signed, own, file = Seal.TABLE.c, Signature.TABLE.c, Certificate.TABLE.c, DocumentVersion.TABLE.c
    query = (
        sa.select(
            c.id,
            c.issue,
            c.place,
            c.signature,
            c.document_version,
            c.stamped_at,
            c.stamped_by,
            signed.account,
            signed.name,
            signed.meaning,
            signed.signed_at,
            own.name.label("holder"),
            own.fingerprint,
            file.sha256,
        )
        .join(Signature.TABLE, signed.id == c.signature)
        .join(Certificate.TABLE, own.id == c.certificate)
        .join(DocumentVersion.TABLE, file.id == c.document_version)
        .where(c.study == study, ~c.voided)
        .order_by(c.issue, c.place)
    )
    rows = read.rows(query)
    standing = (
        {each.id: each.stands for some in signatures(read, record=Issue, study=study).values() for each in some}
        if rows
        else {}
    )
    found: dict[Id, list[SealRow]] = {}
    for row in rows:
        found.setdefault(row.issue, []).append(
            SealRow(
                id=row.id,
                place=row.place,
                signature=row.signature,
                account=row.account,
                name=row.name,
                meaning=row.meaning,
                signed_at=row.signed_at,
                stands=standing.get(row.signature, False),
                certificate=row.holder,
                fingerprint=row.fingerprint,
                document_version=row.document_version,
                sha256=row.sha256,
                stamped_at=row.stamped_at,
                stamped_by=row.stamped_by,
            )
        )
    return found

"""Documents and their versions. The bytes stand apart, in `documents.content`: the trail keeps their hash."""

from __future__ import annotations

from datetime import date, datetime

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.documents.rules import CATEGORIES, STATES
from trialdesk.persistence.declaration import Record, choice, day, instant, link, text, whole


class Document(Record, kind="documents.document", label=N_("Document")):
    """Something written that evidences a record, or belongs to the study as a whole."""

    title: str = text(N_("Title"), required=True)
    category: str = choice(N_("Category"), CATEGORIES, required=True)
    about_kind: str | None = text(
        N_("Kind of record"), group="about", help=N_("The record it evidences; none for the study as a whole.")
    )
    about_record: str | None = text(N_("Record"), group="about", help=N_("Its id."))


class DocumentVersion(
    Record, kind="documents.document_version", label=N_("Document version"), named=("number", "file_name")
):
    """One file of a document. What it held on the day it was attached can be proven by its hash."""

    document: Id = link(N_("Document"), "documents.document", required=True)
    number: int = whole(N_("Order of version"), required=True)
    file_name: str = text(N_("File name"), required=True)
    media_type: str = text(N_("Type of file"), required=True)
    size: int = whole(N_("Size"), unit=N_("bytes"), required=True)
    sha256: str = text(N_("SHA-256 of the file"), required=True)
    dated_on: date | None = day(N_("Dated"))
    note: str | None = text(N_("Note"))


class Issue(Record, kind="documents.issue", label=N_("Final document"), named=("title", "number")):
    """A report somebody made final: its very bytes, and what they were made from.

    `document_version` is the copy without signatures, to be submitted; `signing_version` the same with places to sign.
    The next final one of the same report, parameters and language supersedes it.
    """

    AFTERWARDS = frozenset({"state", "superseded_by"})

    document: Id = link(N_("Document"), "documents.document", required=True)
    document_version: Id = link(N_("File"), "documents.document_version", required=True)
    signing_version: Id | None = link(N_("File to sign"), "documents.document_version")
    report: str = text(N_("Report"), required=True)
    title: str = text(N_("Title"), required=True)
    parameters: str = text(N_("Chosen parameters"), required=True)
    language: str = text(N_("Language"), required=True)
    number: int = whole(N_("Final version"), required=True)
    places: int = whole(N_("Places to sign"), required=True)
    position: str = text(N_("Record position"), required=True)
    digest: str = text(N_("SHA-256 of the data"), required=True)
    sha256: str = text(N_("SHA-256 of the file"), required=True)
    state: str = choice(N_("State"), STATES, required=True)
    superseded_by: Id | None = link(N_("Superseded by"), "documents.issue")


class Seal(Record, kind="documents.seal", label=N_("Signature in a file"), named=("place",)):
    """A signature that stands in the file itself (PAdES), bound to the electronic signature of the final document.

    `document_version` is the file with this signature and those before it.
    """

    issue: Id = link(N_("Final document"), "documents.issue", required=True)
    place: int = whole(N_("Order of signature"), required=True)
    document_version: Id = link(N_("Signed file"), "documents.document_version", required=True)
    signature: Id = link(N_("Signature"), "people.signature", required=True)
    certificate: Id = link(N_("Signing certificate"), "people.certificate", required=True)
    stamped_at: datetime | None = instant(N_("Time stamp"))
    stamped_by: str | None = text(N_("Time stamp given by"))

"""Documents and their versions. The bytes stand apart, in `documents.content`: the trail keeps their hash."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.documents.rules import CATEGORIES
from trialdesk.persistence.declaration import Record, choice, day, link, text, whole


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

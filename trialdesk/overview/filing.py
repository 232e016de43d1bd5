"""The study's documents with what each evidences, by name."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import documents
from trialdesk.overview.changes import Names
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Filed:
    """A document and its newest file. `evidences` is the kind and name of its record, empty for the whole study."""

    id: Id
    version: int
    title: str
    category: str
    evidences: str
    file_name: str
    dated_on: date | None
    sha256: str


def filed(read: Read, *, study: Id, catalogue: Catalogue) -> tuple[Filed, ...]:
    """Return a study's documents by title. Two statements, and some for each kind of record they evidence."""
    rows = documents(read, study=study)
    names = Names(read, catalogue)
    names.learn_records((row.about_kind, row.about_record) for row in rows if row.about_kind and row.about_record)
    return tuple(
        Filed(
            row.id,
            row.version,
            row.title,
            row.category,
            _evidences(names, row.about_kind, row.about_record),
            row.latest.file_name if row.latest else "",
            row.latest.dated_on if row.latest else None,
            row.latest.sha256 if row.latest else "",
        )
        for row in rows
    )


def _evidences(names: Names, kind: str | None, record: Id | None) -> str:
    if not kind or not record or kind not in names:
        return ""
    return f"{_(names.label(kind))} {names.of_record(kind, record)}".rstrip()

"""The documents of the site file that a binder takes along as they came: every version, byte for byte.

What stands in them nobody here has read. So what is filed as the evidence of one participant stays behind and is named:
an inspector sees it at the site. Records that tell treatment or identity have no documents (`documents.actions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.issued import issues
from trialdesk.documents.queries import DocumentRow, DocumentVersionRow, documents
from trialdesk.overview.recorded import recorded
from trialdesk.persistence.catalogue import Catalogue, Kind
from trialdesk.persistence.reading import Read
from trialdesk.reporting.binder.choosing import KEPT_BACK
from trialdesk.reporting.report import Audience, Section

FILED_IN: Mapping[str, Section] = {
    "protocol": "protocol",
    "brochure": "product",
    "consent": "ethics",
    "recruitment": "ethics",
    "approval": "ethics",
    "correspondence": "file",
    "contract": "money",
    "insurance": "file",
    "qualification": "team",
    "training": "team",
    "delegation": "team",
    "laboratory": "file",
    "product": "product",
    "safety": "safety",
    "monitoring": "monitoring",
    "report": "results",
    "payment": "money",
    "other": "file",
}
"""By category, the section of the binder a document is filed in."""

_SHOWN = frozenset({"protocol", "brochure", "consent", "recruitment", "approval", "insurance", "qualification"})
HANDED_ON: Mapping[Audience, frozenset[str]] = {
    "inside": frozenset(FILED_IN),
    "site": frozenset(FILED_IN),
    "regulator": frozenset(FILED_IN),
    "sponsor": _SHOWN | {"contract", "training", "delegation", "laboratory", "product", "monitoring"},
    "ethics": _SHOWN,
    "outside": frozenset(),
}
"""By whom a binder is for, the categories of documents it takes along."""

PARTICIPANT = "enrollment.participant"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filed:
    """A version of a document that goes along. `latest` is False for one that a newer version has replaced."""

    document: DocumentRow
    file: DocumentVersionRow
    section: Section
    latest: bool

    def named(self, number: int) -> str:
        """Return the name of its file in the binder, of ASCII letters, digits and hyphens and its own ending."""
        ending = PurePosixPath(self.file.file_name).suffix.lower()
        ending = ending if _SUFFIX.fullmatch(ending) else ""
        return f"{number:03}-filed-{self.document.category}-{self.file.number}{ending}"


@dataclass(frozen=True, slots=True)
class Stays:
    """A document that is not taken along, and why, in the language in force."""

    document: DocumentRow
    section: Section
    why: str


def filed(
    read: Read, *, study: Id, audience: Audience, as_of: date | None, catalogue: Catalogue
) -> Iterator[Filed | Stays]:
    """Yield the documents of a study's site file that those a binder is for may be handed, by title, oldest first.

    With `as_of`, versions dated later are not there yet. What was made final here is a paper of the binder already.
    Eight statements, and one for each document about a record that may be a participant's; no bytes are read.
    """
    made_here = {row.document_version for row in issues(read, study=study)}
    for row in documents(read, study=study):
        section = FILED_IN.get(row.category, "file")
        if row.category not in HANDED_ON[audience] or section in KEPT_BACK.get(audience, ()):
            continue
        files = [each for each in row.versions if as_of is None or each.dated_on is None or each.dated_on <= as_of]
        if not files or any(each.id in made_here for each in row.versions):
            continue
        why = "" if audience == "inside" else _stays(read, row, catalogue)
        if why:
            yield Stays(row, section, why)
            continue
        yield from (Filed(row, each, section, latest=each is files[-1]) for each in files)


def _stays(read: Read, row: DocumentRow, catalogue: Catalogue) -> str:
    """Return why a document may not leave the site, nothing where it may."""
    kind = catalogue.get(row.about_kind or "")
    if kind is None or not _is_of_one(read, row, kind, catalogue):
        return ""
    return _("It is filed as evidence of one participant and may name them: it is shown at the site.")


def _is_of_one(read: Read, row: DocumentRow, kind: Kind, catalogue: Catalogue) -> bool:
    """Say whether what a document evidences is a participant, theirs, or part of what is theirs."""
    if kind.name == PARTICIPANT:
        return True
    if "participant" in kind.record.FIELDS:
        try:
            told = recorded(read, kind=kind.name, record=row.about_record or "", catalogue=catalogue)
        except UserError:  # the record has not arrived on this desk: whose it is nobody can tell
            return True
        return told.values.get("participant") is not None
    above = (catalogue.get(field.link) for field in kind.record.FIELDS.values() if field.link and field.required)
    return any(each is not None and _is_required(each) for each in above)


def _is_required(kind: Kind) -> bool:
    field = kind.record.FIELDS.get("participant")
    return kind.name == PARTICIPANT or (field is not None and field.required)

"""The study's files and their versions: what each evidences, and the hash by which its bytes are proven."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.application import CATALOGUE
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, value_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.documents.actions import attach
from trialdesk.documents.queries import file_of, latest_file
from trialdesk.overview.filing import Filed, filed
from trialdesk.persistence.reading import Read

HASH = 12
"""So many characters of a hash are shown: enough to tell files apart. All of it is copied."""


def _filed(read: Read, *, study: Id, on: date) -> tuple[Filed, ...]:  # noqa: ARG001 - as every register's rows are asked
    return filed(read, study=study, catalogue=CATALOGUE)


def _hash(row: Any) -> str:
    found: str = value_of(row, "sha256") or ""
    return found


def _short(row: Any) -> str:
    return f"{_hash(row)[:HASH]}…" if _hash(row) else ""


def _evidences(row: Filed) -> str:
    return row.evidences or _("The study as a whole")


SHA256 = Column("sha256", N_("SHA-256"), _hash, width=132, text=_short, full=_hash)
EVIDENCES = Column("evidences", N_("Evidences"), _evidences, width=220)
VERSIONS = Register(
    kind="documents.document_version",
    title=N_("Versions"),
    columns=(Shown("number", 128), Shown("file_name", 160), Shown("dated_on", 116), Shown("size", 80), SHA256),
    icon="documents",
    file=lambda read, study, record: file_of(read, study=study, version=record),
)
REGISTERS = (
    Register(
        kind="documents.document",
        title=N_("Documents"),
        columns=(Shown("title", 220), Shown("category", 140), EVIDENCES, SHA256),
        facts=("title", "category", EVIDENCES, SHA256),
        rows=_filed,
        icon="documents",
        empty=N_("Approval letters, certificates, scans: each is attached once, and newer versions stand beside it."),
        begins=(attach,),
        follows=(VERSIONS,),
        file=lambda read, study, record: latest_file(read, study=study, document=record),
    ),
)

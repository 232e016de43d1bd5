"""The study's files, what each evidences and its hash; its final documents and their signatures; certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.application import CATALOGUE
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.settings import TIME_STAMPS, Settings
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, value_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.documents.actions import attach
from trialdesk.documents.issued import issued_file, own_certificates, signed_file
from trialdesk.documents.issuing import sign_issue
from trialdesk.documents.queries import file_of, latest_file
from trialdesk.overview.filing import Filed, filed
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action
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


def _own(read: Any, *, study: str, on: date, subject: Line | None) -> Any:  # noqa: ARG001 - a person has them for all
    return own_certificates(read, on=on)


def _service(action: Action, _line: Line | None, _today: date) -> dict[str, Any]:
    return {"service": Settings().get(TIME_STAMPS)} if action is sign_issue else {}


SEALS = Register(
    kind="documents.seal",
    title=N_("Signatures in the file"),
    columns=(Shown("place", 128), Shown("signature", 180), Shown("certificate", 180), "stamped_at"),
    icon="check",
    file=lambda read, study, record: signed_file(read, study=study, seal=record),
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
    Register(
        kind="documents.issue",
        title=N_("Final documents"),
        columns=(Shown("title", 300), Shown("number", 110), Shown("language", 90), Shown("state", 120)),
        facts=("title", "number", "state", "superseded_by", "language", "parameters", "places", "digest", "sha256"),
        icon="report",
        empty=N_(
            "Reports that were made final, each with its versions and who signed it. It is done where reports are."
        ),
        begins=(),
        follows=(SEALS,),
        options={"certificate": _own},
        starts=_service,
        file=lambda read, study, record: issued_file(read, study=study, issue=record),
    ),
    Register(
        kind="people.certificate",
        title=N_("Signing certificates"),
        columns=(
            Shown("name", 200),
            Shown("issuer", 200),
            Shown("valid_until", 150),
            Shown("made_here", 110),
            "withdrawn_on",
        ),
        facts=("account", "name", "issuer", "valid_from", "valid_until", "made_here", "fingerprint", "withdrawn_on"),
        icon="lock",
        empty=N_("What the people of this desk sign files with: made here, or brought along from whoever issued it."),
    ),
)

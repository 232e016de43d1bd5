"""The study's files and their versions; its final documents with their signatures; what one signs them with."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.base.i18n import N_
from trialdesk.base.settings import TIME_STAMPS, Settings
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.documents.actions import attach
from trialdesk.documents.issued import issued_file, own_certificates, signed_file
from trialdesk.documents.issuing import sign_issue
from trialdesk.documents.queries import file_of, latest_file
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action

VERSIONS = Register(
    kind="documents.document_version",
    title=N_("Versions"),
    columns=(Shown("number", 128), Shown("file_name", 180), Shown("dated_on", 116), Shown("size", 80)),
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
        columns=(Shown("title", 300), Shown("category", 180)),
        facts=("title", "category"),
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

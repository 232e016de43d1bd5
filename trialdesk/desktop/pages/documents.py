"""The study's files and their versions."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.documents.actions import attach
from trialdesk.documents.queries import file_of, latest_file

VERSIONS = Register(
    kind="documents.document_version",
    title=N_("Versions"),
    columns=(Shown("number", 128), Shown("file_name", 180), Shown("dated_on", 116), Shown("size", 80)),
    icon="documents",
    file=lambda read, study, record: file_of(read, study=study, version=record),
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
)

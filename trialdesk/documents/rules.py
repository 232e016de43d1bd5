"""Which files are taken, on plain values: what they are, whether they can be read, how large they may be."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Protocol

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.rules import STAFF

if TYPE_CHECKING:
    from trialdesk.people.certificates import Identity
    from trialdesk.persistence.work import Work

ATTACHING = STAFF | {"ethics_liaison", "pharmacist", "finance", "quality"}

CATEGORIES = (
    ("protocol", N_("Protocol")),
    ("brochure", N_("Investigator's brochure")),
    ("consent", N_("Consent form")),
    ("recruitment", N_("Recruitment material")),
    ("approval", N_("Approval letter")),
    ("correspondence", N_("Correspondence")),
    ("contract", N_("Contract")),
    ("insurance", N_("Insurance certificate")),
    ("qualification", N_("CV or qualification")),
    ("training", N_("Training record")),
    ("delegation", N_("Delegation and signatures")),
    ("laboratory", N_("Laboratory document")),
    ("product", N_("Investigational product")),
    ("safety", N_("Safety report")),
    ("monitoring", N_("Monitoring report")),
    ("report", N_("Study report")),
    ("payment", N_("Invoice or payment")),
    ("other", N_("Other")),
)

FINAL, SUPERSEDED = "final", "superseded"
STATES = ((FINAL, N_("Final")), (SUPERSEDED, N_("Superseded")))

MOST_PLACES = 8

MAKES = "documents:issue:make"
"""Under this name reporting is asked for the bytes of a report that is made final."""
SEALS = "documents:issue:seal"
"""Under this name reporting is asked to sign a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A report as it is made final. `parameters` and `position` as its file says them, `digest` is that of its facts.

    `lacks` says what must be recorded first; while it says anything there are no bytes. `to_sign` is the same document
    with places to sign, where there are to be some.
    """

    title: str
    parameters: str
    position: str
    digest: str
    file_name: str
    lacks: tuple[str, ...] = ()
    data: bytes = b""
    to_sign: bytes | None = None


class Makes(Protocol):
    """Makes a report's final bytes from what is recorded when the act begins.

    `numbered` says for the parameters, written as the file writes them, which number its final version has.

    Raises UserError for a report or parameter that is not there, and for what may not be kept where all can open it.
    """

    def __call__(  # noqa: D102 - said above
        self,
        work: Work,
        *,
        study: Id,
        report: str,
        parameters: Mapping[str, str],
        language: str,
        numbered: Callable[[str], int],
        places: int,
    ) -> Paper: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSeal:
    """What is signed into a file, and at which of its places: printed name, time and meaning (21 CFR 11.50).

    `signature` is the id of the electronic signature it is bound to. `service` is the address of a time-stamp service
    (RFC 3161), or nothing.
    """

    data: bytes
    place: int
    identity: Identity
    name: str
    meaning: str
    at: datetime
    signature: Id
    language: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed file; `stamped_at` and `stamped_by` say when and by whom its time stamp was given."""

    data: bytes
    stamped_at: datetime | None = None
    stamped_by: str | None = None


class Seals(Protocol):
    """Signs a file. Raises Environment where the time-stamp service does not answer as it should."""

    def __call__(self, what: ToSeal) -> Sealed: ...  # noqa: D102 - said above


LARGEST = 50 * 1024 * 1024
"""Bytes of the largest file taken: a scan of some hundred pages. Every backup and every copy carries it."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIPPED = {
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
}
_TEXTS = {
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "xml": "application/xml",
    "json": "application/json",
    "yaml": "application/yaml",
    "eml": "message/rfc822",
}
_BEGINNINGS = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
}
ANYTHING = "application/octet-stream"


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    return sha256(data).hexdigest()


def base_name(file_name: str) -> str:
    """Return a file's name without the folders of whichever system it comes from."""
    name = PurePosixPath(PureWindowsPath(file_name.strip()).name).name
    return "" if name in (".", "..") else name


def media_type(file_name: str) -> str:
    """Return the type of file its name speaks of (RFC 2046)."""
    ending = _ending(file_name)
    if ending in _BEGINNINGS:
        return _BEGINNINGS[ending][0]
    return _ZIPPED.get(ending) or _TEXTS.get(ending) or ANYTHING


def unfit(file_name: str, data: bytes) -> str | None:
    """Return why a file is not taken, marked for translation, or None.

    Looked at are size and whether it is what its name says: a PDF that is none, an office file that was cut short, a
    text with NUL bytes. What a document says is nobody's business here; a type not known is taken as it is.
    """
    if not data:
        return N_("The file is empty.")
    if len(data) > LARGEST:
        return N_("The file is larger than {limit} MB.")
    ending = _ending(file_name)
    if ending in _BEGINNINGS and not data.startswith(_BEGINNINGS[ending][1]):
        return N_("The file is not what its name says: it cannot be read as .{ending}.")
    if ending in _ZIPPED and not zipfile.is_zipfile(BytesIO(data)):
        return N_("The file is not what its name says: it cannot be read as .{ending}.")
    if ending in _TEXTS and b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return N_("The file is not what its name says: it cannot be read as .{ending}.")
    return None


def _ending(file_name: str) -> str:
    return PurePosixPath(file_name).suffix.removeprefix(".").lower()

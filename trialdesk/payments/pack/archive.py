"""A pack as one file: a ZIP with a manifest of hashes. The same pack gives the same bytes on every machine.

What comes from elsewhere is not trusted: only the names declared here are read, never a path; nothing is unpacked to
disk; no more is read than a pack can be; and what the manifest does not vouch for is refused.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from io import BytesIO
from typing import Any, NoReturn

from trialdesk.base.canonical import canonical, digest
from trialdesk.base.clock import instant_text, parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.payments.pack.contents import (
    Applied,
    Bill,
    BillLine,
    Disputed,
    Evidence,
    GivenUp,
    Head,
    Pack,
    Paper,
    Posted,
    Received,
    Signed,
    TermsPart,
    VisitName,
)
from trialdesk.payments.pack.tables import csv_of, rows_of
from trialdesk.payments.rules.certifying import as_text, lines_of

FORMAT, FORMAT_VERSION = "trialdesk-payments-pack", 1
MANIFEST, CASE, TOLD, CERTIFICATES = "manifest.json", "case.yaml", "assessment.json", "certificates.json"
TABLES: Mapping[str, tuple[str, type[Any]]] = {
    "terms.csv": ("terms", TermsPart),
    "evidence.csv": ("evidence", Evidence),
    "visits.csv": ("visits", VisitName),
    "papers.csv": ("papers", Paper),
    "ledger.csv": ("ledger", Posted),
    "invoices.csv": ("invoices", Bill),
    "invoice_lines.csv": ("invoice_lines", BillLine),
    "receipts.csv": ("receipts", Received),
    "allocations.csv": ("allocations", Applied),
    "disputes.csv": ("disputes", Disputed),
    "write_offs.csv": ("write_offs", GivenUp),
}
"""By file, the field of the pack that it holds and what a row of it is."""

LATER = frozenset({"write_offs.csv"})
"""Tables that packs written earlier do not have: they are read as empty."""

MOST_FILES = 1_000
MOST_BYTES = 512 * 2**20
"""Neither the file nor all that is in it may be larger."""

_TEXT_OF_TERMS = re.compile(r"terms/([1-9]\d{0,5})\.yaml", re.ASCII)
_MADE = (1980, 1, 1, 0, 0, 0)
"""A ZIP must date its files; the pack's own dates stand in its manifest."""


def written(pack: Pack) -> bytes:
    """Return a pack as the bytes of its file, uncompressed: compressors differ from machine to machine."""
    files = {
        CASE: pack.case.encode(),
        TOLD: canonical(pack.told),
        CERTIFICATES: canonical([_signed(each) for each in pack.certificates]),
        **{f"terms/{number}.yaml": text.encode() for number, text in pack.texts.items()},
        **{name: csv_of(kind, getattr(pack, field)) for name, (field, kind) in TABLES.items()},
    }
    files[MANIFEST] = canonical(
        {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            **_plain(asdict(pack.head)),
            "files": {name: {"sha256": digest(data), "bytes": len(data)} for name, data in files.items()},
        }
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def fingerprint(data: bytes) -> str:
    """Return the hash of a pack's manifest, which stands for everything in it: what two people compare."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return digest(archive.read(MANIFEST))


def read_pack(data: bytes) -> Pack:
    """Return the pack in a file's bytes.

    Raises UserError, naming the file within, for what is no pack, was altered after it was made, or is larger than a
    pack can be.
    """
    files = _files(data)
    manifest = _json(files.pop(MANIFEST, b""), MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        _refuse(_("This is no recompute pack."), MANIFEST)
    if manifest.get("format_version") != FORMAT_VERSION:
        _refuse(_("This pack was written by a newer version of the program."), MANIFEST)
    _vouched(manifest.get("files"), files)
    missing = sorted({CASE, TOLD, CERTIFICATES, *TABLES} - LATER - files.keys())
    if missing:
        _refuse(_("It is not in the pack."), missing[0])
    told = _json(files[TOLD], TOLD)
    if not isinstance(told, dict):
        _refuse(_("Here stands a mapping of keys to values."), TOLD)
    tables = {field: rows_of(kind, files[name], name) for name, (field, kind) in TABLES.items() if name in files}
    texts = {int(found[1]): _text(files[name], name) for name in files if (found := _TEXT_OF_TERMS.fullmatch(name))}
    if sorted(texts) != sorted(each.number for each in tables["terms"]):
        _refuse(_("The versions listed are not those that are here."), "terms.csv")
    return Pack(
        head=_head(manifest),
        texts=texts,
        case=_text(files[CASE], CASE),
        told=told,
        certificates=_certificates(files[CERTIFICATES]),
        **tables,
    )


def _files(data: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by name: declared names alone, each once, none larger than it says."""
    if len(data) > MOST_BYTES:
        _refuse(_("This file is larger than a pack can be."), "")
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                _refuse(_("There are more files in it than a pack has."), "")
            for entry in entries:
                name = entry.filename
                if name not in {MANIFEST, CASE, TOLD, CERTIFICATES, *TABLES} and not _TEXT_OF_TERMS.fullmatch(name):
                    _refuse(_("A pack has no file of this name."), name[:200])
                if name in files:
                    _refuse(_("It is there twice."), name)
                if entry.flag_bits & 1:
                    _refuse(_("It is encrypted."), name)
                with archive.open(entry) as opened:
                    files[name] = opened.read(left + 1)
                left -= len(files[name])
                if left < 0:
                    _refuse(_("There is more in it than a pack can hold."), name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise UserError(_("This is no readable ZIP file."), remedy=_("Have the pack written again.")) from error
    return files


def _vouched(listed: Any, files: Mapping[str, bytes]) -> None:
    """Refuse what the manifest does not name, names and is not there, or names with another hash."""
    if not isinstance(listed, dict):
        _refuse(_("It lists no files."), MANIFEST)
    for name in sorted({*listed, *files}):
        said = listed.get(name)
        if name not in files:
            _refuse(_("The manifest lists it and it is not in the pack."), name[:200])
        if not isinstance(said, dict) or said.get("sha256") != digest(files[name]):
            raise UserError(
                _("It is not what the manifest vouches for: it was altered after the pack was made."),
                where=name,
                remedy=_("Have the pack written again by the desk it came from."),
            )


def _head(manifest: Mapping[str, Any]) -> Head:
    said = {each.name: manifest.get(each.name) for each in fields(Head)}
    exponent = said.pop("exponent")
    try:
        head = Head(
            **{name: _words(value) for name, value in said.items() if name not in {"as_of", "known_at"}},
            exponent=[0, 1, 2, 3, 4].index(exponent or 0),
            as_of=date.fromisoformat(_words(said["as_of"])),
            known_at=parse_instant(_words(said["known_at"])),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise UserError(_("It does not say what the pack is about."), where=MANIFEST) from error
    return head


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _certificates(data: bytes) -> tuple[Signed, ...]:
    try:
        return tuple(
            Signed(
                **{
                    **each,
                    "as_of": date.fromisoformat(each["as_of"]),
                    "known_at": parse_instant(each["known_at"]),
                    "certified_on": date.fromisoformat(each["certified_on"]) if each["certified_on"] else None,
                    "certified_at": parse_instant(each["certified_at"]) if each["certified_at"] else None,
                    "lines": lines_of(json.dumps(each["lines"])),
                }
            )
            for each in _json(data, CERTIFICATES)
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UserError(_("These are no certificates."), where=CERTIFICATES) from error


def _signed(certificate: Signed) -> dict[str, Any]:
    own = {each.name: getattr(certificate, each.name) for each in fields(Signed) if each.name != "lines"}
    return {**_plain(own), "lines": json.loads(as_text(certificate.lines))}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if hasattr(value, "hour"):
            return instant_text(value)
        return value.isoformat() if isinstance(value, date) else value

    return {key: plain(value) for key, value in values.items()}


def _json(data: bytes, file: str) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise UserError(_("This is not the JSON it should be."), where=file) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs[0])
    return found


def _no_float(written: str) -> NoReturn:
    raise ValueError(written)


def _text(data: bytes, file: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UserError(_("This is not UTF-8 text."), where=file) from error


def _refuse(words: str, file: str) -> NoReturn:
    raise UserError(words, where=file, remedy=_("Have the pack written again."))

"""What a binder says of itself: each paper with what it was made from, each file with its hash; as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from trialdesk.base.canonical import canonical, digest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.reporting.binder import verify

INDEX, VERIFIER = "index.pdf", "verify.py"
FILED = "filed"
"""What stands for a report where a document of the site file is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A paper in the binder, as its file says it; `sha256` and `size` in bytes are those of the file.

    `chosen` are its `parameters` in words. `issue` counts final versions, 0 for a draft; `signatures` are those in the
    file. `state` is what the desk said of it when the binder was made, `cutoff` an instant, `position` the record
    position, `digest` that of the data.
    """

    file: str
    section: str
    report: str
    title: str
    audience: str
    language: str
    state: str
    issue: int
    signatures: int
    parameters: str
    chosen: str
    blinding: str
    cutoff: str
    position: str
    digest: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document of the site file as it came: `version` counts its files, `state` says whether a newer one is here.

    `dated_on` is empty where no day is known. `sha256` and `size` in bytes are those of the file.
    """

    file: str
    section: str
    title: str
    category: str
    file_name: str
    version: int
    state: str
    dated_on: str
    note: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paper that is not in the binder, and why, in the binder's language."""

    section: str
    report: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the index tells: the facts of a binder."""

    study: str
    study_id: str
    audience: str
    language: str
    as_of: str
    papers: tuple[Bound, ...]
    left_out: tuple[LeftOut, ...]
    kept: tuple[Kept, ...] = ()


def manifest(contents: Contents, files: Mapping[str, bytes], *, program: str) -> bytes:
    """Return the manifest of a binder; `files` are those beside the papers, by name."""
    within: tuple[Bound | Kept, ...] = (*contents.papers, *contents.kept)
    hashes = {each.file: {"sha256": each.sha256, "bytes": each.size} for each in within}
    hashes |= {name: {"sha256": digest(data), "bytes": len(data)} for name, data in files.items()}
    told = {
        "format": verify.FORMAT,
        "format_version": verify.FORMAT_VERSION,
        "program": program,
        **asdict(contents),
        "files": hashes,
    }
    return canonical(told)


def read_contents(folder: Path) -> Contents:
    """Return what the manifest of a binder tells. Raises UserError for one that tells it in no way of ours."""
    try:
        told = json.loads((folder / verify.MANIFEST).read_bytes())
        papers = tuple(_row(Bound, each) for each in told["papers"])
        left_out = tuple(_row(LeftOut, each) for each in told["left_out"])
        kept = tuple(_row(Kept, each) for each in told.get("kept", ()))
        head = {name: str(told[name]) for name in ("study", "study_id", "audience", "language", "as_of")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(
            _("The manifest of this binder makes no sense: it was altered."),
            where=str(folder / verify.MANIFEST),
            remedy=_("Get the binder again from where it was made."),
        ) from error
    return Contents(**head, papers=papers, left_out=left_out, kept=kept)


def _row(kind: type[Any], told: Mapping[str, Any]) -> Any:
    wanted = {field.name: int if field.type == "int" else str for field in fields(kind)}
    if not all(isinstance(told[name], type_) for name, type_ in wanted.items()):
        raise TypeError(kind.__name__)
    return kind(**{name: told[name] for name in wanted})

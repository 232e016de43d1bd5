"""A binder written: every paper into a folder beside the target, which takes its name once it is whole."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from trialdesk import __version__
from trialdesk.base.canonical import digest
from trialdesk.base.errors import Environment, Told, UserError
from trialdesk.base.files import make_private
from trialdesk.base.i18n import LANGUAGES, _, speaking
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import file_of
from trialdesk.documents.rules import FINAL, SUPERSEDED
from trialdesk.enrollment.naming import Names
from trialdesk.enrollment.queries.identities import code_list
from trialdesk.persistence.reading import Read
from trialdesk.reporting import making
from trialdesk.reporting.binder import verify
from trialdesk.reporting.binder.choosing import HANDED, SECTIONS, Wanted, wanted
from trialdesk.reporting.binder.filing import Filed, Stays, filed
from trialdesk.reporting.binder.index import index_pdf
from trialdesk.reporting.binder.manifest import FILED, INDEX, VERIFIER, Bound, Contents, Kept, LeftOut, manifest
from trialdesk.reporting.leaks import refuse_names
from trialdesk.reporting.making import Author, author_of, drawn, gathered, standing
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.report import Audience, Section
from trialdesk.studies.queries import StudyRow, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.access import EXPORT
from trialdesk.trail.position import Position

_BESIDE = ".binder-"


class Tell(Protocol):
    """Hears how far a binder is. What it raises stops the making, which then leaves nothing."""

    def __call__(self, done: int, total: int = 0, words: str = "") -> object:
        """Take how many of how many papers are in, and the title of the next."""
        ...


class Desk(making.Desk, Protocol):
    """What a binder needs of the open desk; `Application` is one."""

    def note(self, what: str, *, study: Id | None = None, about: str = "") -> None:
        """Write to the access log."""
        ...


@dataclass(frozen=True, slots=True)
class Binder:
    """A binder as it was written; `manifest_sha256` is what two people compare."""

    folder: Path
    contents: Contents
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class _Making:
    """What is the same for all papers of one binder."""

    desk: Desk
    read: Read
    study: StudyRow
    position: Position
    language: str
    author: Author
    names: Names | None
    """The code list, where this account may know it: no paper for outside is bound that names somebody."""


def write_binder(
    desk: Desk,
    target: Path,
    *,
    study: str,
    language: str,
    audience: Audience = "regulator",
    as_of: date | None = None,
    tell: Tell = lambda _done, _total=0, _words="": None,
) -> Binder:
    """Write the binder of a study into the new or empty folder `target`, all of it from one snapshot.

    Final versions and the documents of the site file go in byte for byte, other papers as drafts in `language`. Arms of
    a blinded study are in none, participants' names only in a binder for `inside`. The access log is told before the
    folder gets its name. A paper that cannot be made is left out and named with the reason.

    Raises UserError for a study, language or audience there is not; Environment where something is in the way or
    cannot be written. Then, or when `tell` raises, nothing is left.
    """
    if language not in LANGUAGES:
        raise UserError(
            _("Documents are not made in the language “{language}”.").format(language=language),
            remedy=_("Languages: {languages}.").format(languages=", ".join(LANGUAGES)),
        )
    if audience not in HANDED:
        raise UserError(
            _("There is no audience “{audience}”.").format(audience=audience),
            remedy=_("Audiences: {audiences}.").format(audiences=", ".join(HANDED)),
        )
    with _told(target):
        target = Path(os.path.realpath(target))
        _refuse_taken(target)
        beside = tempfile.TemporaryDirectory(prefix=_BESIDE, dir=target.parent, ignore_cleanup_errors=True)
    with beside as place:
        made = Path(place) / "made"
        with _told(target):
            made.mkdir(mode=0o700)
        with standing(desk, study, None) as (read, own, position), speaking(language):
            author = author_of(read, own, desk.today, language)
            names = code_list(read, study=own)
            binder = _Making(desk, read, study_row(read, study=own), position, language, author, names)
            papers = tuple(wanted(read, study=own, audience=audience, on=desk.today, as_of=as_of))
            bound, left_out = _bind(binder, papers, made, target, tell)
            along = filed(
                read,
                study=own,
                audience=audience,
                as_of=as_of,
                catalogue=desk.catalogue,
            )
            kept, stay = _take_along(binder, along, len(papers), made, target)
            contents = Contents(
                study=binder.study.short_name,
                study_id=own,
                audience=audience,
                language=language,
                as_of=as_of.isoformat() if as_of else "",
                papers=tuple(bound),
                left_out=(*left_out, *stay),
                kept=tuple(kept),
            )
            tell(len(papers), len(papers) + 1, _("Index"))
            index, _digest = index_pdf(
                read,
                contents,
                study=binder.study,
                all_sites=sites(read, study=own),
                audience=audience,
                position=position,
                author=binder.author,
            )
        files = {INDEX: index, VERIFIER: Path(verify.__file__).read_bytes()}
        listed = manifest(contents, files, program=f"TrialDesk {__version__}")
        with _told(target):
            for name, data in {**files, verify.MANIFEST: listed}.items():
                _write(made / name, data)
        tell(len(papers) + 1, len(papers) + 1)
        desk.note(EXPORT, study=contents.study_id, about=noted_about(audience, digest(listed)))
        with _told(target):
            if target.exists():
                target.rmdir()
            made.rename(target)
    return Binder(target, contents, digest(listed))


def noted_about(audience: str, manifest_sha256: str) -> str:
    """Return how the access log names a binder that was taken out."""
    return f"binder {audience} {manifest_sha256}"


def _bind(
    binder: _Making, papers: tuple[Wanted, ...], folder: Path, target: Path, tell: Tell
) -> tuple[list[Bound], list[LeftOut]]:
    bound: list[Bound] = []
    left_out: list[LeftOut] = []
    for number, each in enumerate(papers):
        title = each.issue.title if each.issue else _(each.report.title)
        tell(number, len(papers) + 1, title)
        try:
            data, title = _final(binder, each) if each.issue else _draft(binder, each)
            paper = _bound(each, data, title, number + 1)
        except (UserError, _Withheld) as told:
            left_out.append(LeftOut(each.report.section, each.report.key, title, str(told)))
            continue
        with _told(target):
            (folder / paper.file).parent.mkdir(mode=0o700, exist_ok=True)
            _write(folder / paper.file, data)
        bound.append(paper)
    return bound, left_out


def _take_along(
    binder: _Making, found: Iterable[Filed | Stays], number: int, folder: Path, target: Path
) -> tuple[list[Kept], list[LeftOut]]:
    """Put documents of the site file in, numbered on from `number`."""
    kept: list[Kept] = []
    stay: list[LeftOut] = []
    for each in sorted(found, key=lambda each: SECTIONS.index(each.section)):
        if isinstance(each, Stays):
            stay.append(LeftOut(each.section, FILED, each.document.title, each.why))
            continue
        try:
            data = file_of(binder.read, study=binder.study.id, version=each.file.id).data
        except Environment as error:  # missing or altered on this desk: the binder says so, and the others go in
            stay.append(LeftOut(each.section, FILED, each.document.title, str(error)))
            continue
        number += 1
        file = f"{_folder(each.section)}/{each.named(number)}"
        with _told(target):
            (folder / file).parent.mkdir(mode=0o700, exist_ok=True)
            _write(folder / file, data)
        kept.append(
            Kept(
                file=file,
                section=each.section,
                title=each.document.title,
                category=each.document.category,
                file_name=each.file.file_name,
                version=each.file.number,
                state=FINAL if each.latest else SUPERSEDED,
                dated_on=each.file.dated_on.isoformat() if each.file.dated_on else "",
                note=each.file.note or "",
                sha256=each.file.sha256,
                size=len(data),
            )
        )
    return kept, stay


class _Withheld(Told):
    """A final version that must not go into this binder, or no longer can."""


def _final(binder: _Making, paper: Wanted) -> tuple[bytes, str]:
    """Return the very bytes that were kept of a final version, with the signatures in them, and its title."""
    row = paper.issue
    assert row is not None
    try:
        data = file_of(binder.read, study=binder.study.id, version=row.file).data
    except Environment as error:  # altered on this desk: the binder says so, and the others go in
        raise _Withheld(error.words, where=error.where, remedy=error.remedy) from error
    if read_back(data, where=row.title).blinding == "unblinded" and not binder.study.arms_known:
        raise _Withheld(_("It shows treatment allocation, and the study is blinded."))
    return data, row.title


def _draft(binder: _Making, paper: Wanted) -> tuple[bytes, str]:
    more = dict(paper.parameters)
    as_of = more.pop("as_of", None)
    found = gathered(
        binder.read,
        paper.report,
        study=binder.study.id,
        site=None,
        as_of=date.fromisoformat(as_of) if as_of else None,
        on=binder.desk.today,
        at=binder.position,
        catalogue=binder.desk.catalogue,
        blinded=not binder.study.arms_known,
        more=more,
    )
    compared = refuse_names(paper.report, found.facts, binder.names)
    author = replace(binder.author, compared=compared)
    made = drawn(binder.read, found, language=binder.language, state=paper.report.state, author=author)
    return made.pdf, paper.report.title_of(found.facts)


def _bound(paper: Wanted, data: bytes, title: str, number: int) -> Bound:
    """Return what the file of a paper says of itself. Its name is of ASCII letters, digits and hyphens alone."""
    row, proof = paper.issue, read_back(data, where=title)
    section = paper.report.section
    signed = len(row.seals) if row else 0
    said = [f"{number:03}", paper.report.key, proof.language, f"final-{row.number}" if row else proof.state]
    name = "-".join([*said, *(["signed"] if signed else [])])
    return Bound(
        file=f"{_folder(section)}/{name}.pdf",
        section=section,
        report=paper.report.key,
        title=title,
        audience=paper.report.audience,
        language=proof.language,
        state=row.state if row else proof.state,
        issue=row.number if row else 0,
        signatures=signed,
        parameters=proof.parameters,
        chosen=_chosen(paper, proof.parameters),
        blinding=proof.blinding,
        cutoff=proof.cutoff,
        position=proof.position,
        digest=proof.digest,
        sha256=digest(data),
        size=len(data),
    )


def _folder(section: Section) -> str:
    return f"{SECTIONS.index(section) + 1:02}-{section}"


def _chosen(paper: Wanted, parameters: str) -> str:
    labels = {field.name: field.label for field in paper.report.parameters}
    given: dict[str, str] = json.loads(parameters)
    return "; ".join(f"{_(labels.get(name, name))}: {value}" for name, value in given.items())


def _write(path: Path, data: bytes) -> None:
    make_private(path)
    path.write_bytes(data)


def _refuse_taken(target: Path) -> None:
    """Raise Environment unless the target is not there yet, or is an empty folder."""
    if target.is_dir():
        if any(target.iterdir()):
            raise Environment(
                _("This folder is not empty."),
                where=str(target),
                remedy=_("Nothing in it was touched. Name a new folder, or an empty one."),
            )
    elif target.exists() or target.is_symlink():
        raise Environment(
            _("There is already something of this name."),
            where=str(target),
            remedy=_("Choose another name. Nothing in it was touched."),
        )
    elif not target.parent.is_dir():
        raise Environment(_("There is no such folder."), where=str(target.parent), remedy=_("Choose another folder."))


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Tell in words what the machine refuses."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name with a character no system takes
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise Environment(
            _("The binder cannot be written: {why}.").format(why=why),
            where=str(target),
            remedy=_("Nothing was left behind. Choose another place, or make room."),
        ) from error

"""A binder checked: its files against its manifest, and against the desk it was made on where that is here."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

from trialdesk.base.clock import instant_text
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read
from trialdesk.reporting.binder import verify
from trialdesk.reporting.binder.manifest import INDEX, Contents, read_contents
from trialdesk.reporting.binder.writing import Tell, noted_about
from trialdesk.reporting.making import Desk
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.proving import Verdict, prove
from trialdesk.reporting.report import facts_digest
from trialdesk.trail.access import EXPORT, noted_at
from trialdesk.trail.position import Position

FOUND = {
    "altered": N_("Altered"),
    "missing": N_("Missing"),
    "extra": N_("Not of the binder"),
    "unreadable": N_("Cannot be read"),
    "unsafe": N_("Not the name of a file in a binder"),
    "index": N_("The index does not say what the manifest says"),
}


@dataclass(frozen=True, slots=True)
class Whole:
    """What a binder's files are beside its manifest; `found` are what (a key of `FOUND`) and file."""

    folder: Path
    contents: Contents
    manifest_sha256: str
    files: int
    found: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Against:
    """What the desk says of a binder: when its access log says it was made (None: it does not), and of each paper."""

    made_at: datetime | None
    papers: tuple[tuple[str, Verdict], ...]

    @property
    def altered(self) -> tuple[str, ...]:
        """The papers that are not what this desk makes, or kept, of the position they name."""
        return tuple(file for file, verdict in self.papers if verdict.unaltered is False)

    @property
    def changed(self) -> tuple[str, ...]:
        """The papers of which the desk says otherwise by now, which does not make them wrong."""
        return tuple(
            file
            for file, verdict in self.papers
            if verdict.unaltered is not False and (verdict.same_now is False or verdict.state != verdict.state_now)
        )

    @property
    def untold(self) -> tuple[str, ...]:
        """The papers of which this desk cannot tell."""
        return tuple(file for file, verdict in self.papers if verdict.unaltered is None)


def check_files(folder: Path, tell: Tell = lambda _done, _total=0, _words="": None) -> Whole:
    """Return how the files of a binder stand beside its manifest. Raises UserError for a folder that is no binder."""
    try:
        sha256, _language, count, found = verify.check(folder, tell)
    except verify.NoBinderError as error:
        raise _refused(error.why, folder) from error
    contents = read_contents(folder)
    if not any(name == INDEX for _what, name in found) and _told_by(folder / INDEX) != facts_digest(contents):
        found = [*found, ("index", INDEX)]
    return Whole(folder, contents, sha256, count, tuple(found))


def compare(desk: Desk, whole: Whole, tell: Tell = lambda _done, _total=0, _words="": None) -> Against:
    """Return what the desk says of each paper of a binder whose file is as the manifest says.

    Each is made again from its position. Raises what `prove` raises for no reason but the desk's own.
    """
    broken = {name for _what, name in whole.found}
    papers = [each for each in whole.contents.papers if each.file not in broken]
    verdicts = []
    with ExitStack() as stack:
        once = _Once(desk, stack)
        for number, each in enumerate(papers):
            tell(number, len(papers), each.title)
            verdicts.append((each.file, prove(once, whole.folder / each.file)))
        about = noted_about(whole.contents.audience, whole.manifest_sha256)
        with desk.reading() as read:
            made_at = noted_at(read, what=EXPORT, about=about)
    tell(len(papers), len(papers))
    return Against(made_at, tuple(verdicts))


def as_json(whole: Whole, against: Against | None) -> dict[str, Any]:
    """Return both answers under the stable keys of the command line."""
    return {
        "folder": str(whole.folder),
        "manifest_sha256": whole.manifest_sha256,
        "files": whole.files,
        "found": [{"what": what, "file": file} for what, file in whole.found],
        "desk": against
        and {
            "made_at": instant_text(against.made_at) if against.made_at else None,
            "papers": [{**verdict.as_json(), "file": file} for file, verdict in against.papers],
        },
    }


class _Once:
    """A desk that opens each past state once, however many papers speak of it."""

    def __init__(self, desk: Desk, stack: ExitStack) -> None:
        self._desk, self._stack = desk, stack
        self._past: dict[str, Read] = {}

    @property
    def today(self) -> date:
        return self._desk.today

    @property
    def catalogue(self) -> Catalogue:
        return self._desk.catalogue

    def reading(self) -> AbstractContextManager[Read]:
        return self._desk.reading()

    def reading_at(self, position: Position) -> AbstractContextManager[Read]:
        name = position.text()
        if name not in self._past:
            self._past[name] = self._stack.enter_context(self._desk.reading_at(position))
        return nullcontext(self._past[name])

    def position_known(self, text: str, study: Id | None = None) -> Position:
        return self._desk.position_known(text, study)

    def said(self, name: str) -> str:
        return self._desk.said(name)


def _told_by(index: Path) -> str:
    """Return the digest of what an index says it tells; nothing for a file that is none."""
    try:
        return read_back(index.read_bytes()).digest
    except (OSError, UserError):
        return ""


def _refused(why: str, folder: Path) -> UserError:
    words = {
        "none": _("This folder is no binder: its manifest is not one of TrialDesk."),
        "newer": _("This binder was written by a newer version of the program."),
        "unread": _("This folder is no binder: it has no manifest that can be read."),
    }
    return UserError(
        words[why], where=str(folder / verify.MANIFEST), remedy=_("Name the folder that `trialdesk binder` wrote.")
    )

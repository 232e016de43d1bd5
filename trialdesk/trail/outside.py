"""What this computer has seen of a desk, kept outside the desk's file: the last number and hash of its streams.

The access log is marked as a stream is. A file that was cut, or put back from yesterday, is behind it and is found. The
mark may itself be behind the file (the power failed between the two): that is no finding.

Marks are kept for each desk and each place of it, so that a copy and its original, which go apart from the first entry
on, are each held against themselves. Who can write this computer's files cannot hide that the desk at a place was cut
or put back there while its marks stand. They can hide it by removing or writing the marks, by leading the reader to an
older copy at a place not seen before while another file stays at the old one, or by reaching a server under another
address: there the look begins anew. The marks find accidents and the careless; against the owner of the machine only
what other people hold (backups, desks synchronised with) is proof.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from trialdesk.base.addresses import is_address, without_password
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass

_PARTS = (3, 4)
_LOST = "lost"
_PLACE = "place "
_APART = "apart"
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a stream was seen."""

    number: int
    hash: bytes
    lost: bool = False
    """Whether it was told that the file ends before this mark: told once, but named by verify ever after."""


class Outside:
    """The marks of one replica at one place, in one small file: a line for every act, gathered up at each opening.

    A line is written with one append and no more: an act must not wait for a second file to reach the disk.
    """

    def __init__(self, folder: Path, replica: Id, where: str) -> None:
        """Name the marks of a desk at a path, of which links are followed, or at a server's address."""
        self._place = without_password(where) if is_address(where) else str(Path(where).resolve())
        digest = sha256(self._place.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._path = folder / f"{replica}.{digest}.seen"
        self._before = folder / f"{replica}.seen"
        """Where marks were kept while they did not tell one file of a desk from another."""

    def find(self, holds: Callable[[Mapping[Id, Mark]], bool]) -> None:
        """Come to this place's marks: its own, else those of a file that is no longer where it was, else none yet.

        A renamed or moved file so keeps its marks. Where several files are gone, those the desk `holds` go before those
        it does not, and the latest before the earlier. Beside a file that is still there a copy begins with nothing.
        """
        with suppress(OSError):
            if self._path.exists():
                return
            left = [path for path in self._others() if path == self._before or self._left(_place(path))]
            if not left:
                self.begin()
                return
            taken = max(left, key=lambda path: (holds(_read(path)), path.stat().st_mtime_ns))
            taken.replace(self._path)
            self.gather()

    def begin(self) -> None:
        """Begin marks for this place unless it has some: a proven copy takes over nobody's."""
        apart = [_APART + "\n"] if self._others() else []
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("x", encoding="utf-8") as file:
                file.write("".join([self._head(), *apart]))

    def is_apart(self) -> bool:
        """Say whether the file began beside another of the same desk and has not begun streams of its own yet."""
        return _APART in _lines_of(self._path)

    def elsewhere(self) -> dict[Id, Mark]:
        """Return how far this computer has seen the desk's streams at its other places."""
        farthest: dict[Id, Mark] = {}
        for path in self._others():
            for stream, mark in _read(path).items():
                if stream not in farthest or farthest[stream].number < mark.number:
                    farthest[stream] = mark
        return farthest

    def marks(self) -> dict[Id, Mark]:
        """Return the marks; none if this computer has never seen the desk. A line that was cut short is passed over.

        A mark that was found lost stays as it was: what came after it says nothing of what is missing.
        """
        return _read(self._path)

    def tell(self, heads: Sequence[tuple[Id, int, bytes]]) -> None:
        """Move the marks forward. A folder that cannot be written costs the marks, never the act itself."""
        try:
            if not self._path.parent.is_dir():
                self._path.parent.mkdir(parents=True, exist_ok=True)
            head = "" if self._path.exists() else self._head()
            with self._path.open("a", encoding="utf-8") as file:
                file.write(head + _lines({stream: Mark(number, hash_) for stream, number, hash_ in heads}))
        except OSError:
            return

    def meet(self, heads: Sequence[tuple[Id, int, bytes]]) -> None:
        """Take note of streams this computer has not seen before; those it has seen are left as they were."""
        marks = self.marks()
        if fresh := [head for head in heads if head[0] not in marks]:
            self.tell(fresh)

    def gather(self, *, lost: Iterable[Id] = (), apart: bool | None = None) -> None:
        """Write each mark once, and mark the streams of which it was told that their end is not in the file.

        `apart` says from now on what `is_apart` answers; None leaves it.
        """
        kept = _APART + "\n" if (self.is_apart() if apart is None else apart) else ""
        told = set(lost)
        marks = {stream: replace(mark, lost=mark.lost or stream in told) for stream, mark in self.marks().items()}
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            beside.write_text(self._head() + kept + _lines(marks), "utf-8")
            beside.replace(self._path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _head(self) -> str:
        return _PLACE + json.dumps(self._place) + "\n"

    def _others(self) -> list[Path]:
        replica = self._before.stem
        return [path for path in self._before.parent.glob(f"{replica}*.seen") if path != self._path]

    def _left(self, place: str | None) -> bool:
        """Say whether nothing is at a place any more, or this very file under another name."""
        if place is None or is_address(place):
            return False
        there, here = Path(place), Path(self._place)
        return not there.exists() or (here.exists() and there.samefile(here))


def forget(folder: Path, replica: Id) -> None:
    """Remove the marks of a replica at all its places."""
    for path in folder.glob(f"{replica}*.seen"):
        path.unlink(missing_ok=True)


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _place(path: Path) -> str | None:
    """Return the place whose marks a file holds; None where it does not say."""
    for line in _lines_of(path):
        if line.startswith(_PLACE):
            with suppress(ValueError):
                return str(json.loads(line.removeprefix(_PLACE)))
    return None


def _read(path: Path) -> dict[Id, Mark]:
    marks: dict[Id, Mark] = {}
    for line in _lines_of(path):
        parts = line.split(" ")
        if (before := marks.get(parts[0])) is not None and before.lost:
            continue
        if len(parts) in _PARTS and parts[1].isdecimal() and _HASH.fullmatch(parts[2]):
            marks[parts[0]] = Mark(int(parts[1]), bytes.fromhex(parts[2]), lost=parts[3:] == [_LOST])
    return marks


def _lines(marks: Mapping[Id, Mark]) -> str:
    return "".join(
        " ".join((stream, str(mark.number), mark.hash.hex(), *([_LOST] if mark.lost else []))) + "\n"
        for stream, mark in marks.items()
    )

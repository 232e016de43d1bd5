"""What this computer has seen of a desk, kept outside the desk's file: the last number and hash of its streams.

The access log is marked as a stream is. A file that was cut, or put back from yesterday, is behind it and is found. The
mark may itself be behind the file (the power failed between the two): that is no finding.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from trialdesk.base.ids import Id

_PARTS = (3, 4)
_LOST = "lost"
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a stream was seen."""

    number: int
    hash: bytes
    lost: bool = False
    """Whether it was told that the file ends before this mark: told once, but named by verify ever after."""


class Outside:
    """The marks of one replica in one small file: a line for every act, gathered up whenever the desk is opened.

    A line is written with one append and no more: an act must not wait for a second file to reach the disk.
    """

    def __init__(self, folder: Path, replica: Id) -> None:
        self._path = folder / f"{replica}.seen"

    def marks(self) -> dict[Id, Mark]:
        """Return the marks; none if this computer has never seen the desk. A line that was cut short is passed over.

        A mark that was found lost stays as it was: what came after it says nothing of what is missing.
        """
        try:
            lines = self._path.read_text("utf-8", errors="replace").splitlines()
        except OSError:
            return {}
        marks: dict[Id, Mark] = {}
        for line in lines:
            parts = line.split(" ")
            if (before := marks.get(parts[0])) is not None and before.lost:
                continue
            if len(parts) in _PARTS and parts[1].isdecimal() and _HASH.fullmatch(parts[2]):
                marks[parts[0]] = Mark(int(parts[1]), bytes.fromhex(parts[2]), lost=parts[3:] == [_LOST])
        return marks

    def tell(self, heads: Sequence[tuple[Id, int, bytes]]) -> None:
        """Move the marks forward. A folder that cannot be written costs the marks, never the act itself."""
        try:
            if not self._path.parent.is_dir():
                self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_lines({stream: Mark(number, hash_) for stream, number, hash_ in heads}))
        except OSError:
            return

    def meet(self, heads: Sequence[tuple[Id, int, bytes]]) -> None:
        """Take note of streams this computer has not seen before; those it has seen are left as they were."""
        marks = self.marks()
        if fresh := [head for head in heads if head[0] not in marks]:
            self.tell(fresh)

    def gather(self, *, lost: Iterable[Id] = ()) -> None:
        """Write each mark once, and mark the streams of which it was told that their end is not in the file."""
        told = set(lost)
        marks = {stream: replace(mark, lost=mark.lost or stream in told) for stream, mark in self.marks().items()}
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            beside.write_text(_lines(marks), "utf-8")
            beside.replace(self._path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _lines(marks: Mapping[Id, Mark]) -> str:
    return "".join(
        " ".join((stream, str(mark.number), mark.hash.hex(), *([_LOST] if mark.lost else []))) + "\n"
        for stream, mark in marks.items()
    )

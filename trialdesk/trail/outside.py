"""What this computer has seen of a desk, kept outside the desk's file: last number and hash of every stream.

A file that was cut, or put back from yesterday, is behind it and is found. The mark may itself be behind the file
(the power failed between the two): that is no finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialdesk.base.ids import Id


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a stream was seen."""

    number: int
    hash: bytes


class Outside:
    """The marks of one replica in one small file, replaced whole at every write."""

    def __init__(self, folder: Path, replica: Id) -> None:
        self._path = folder / f"{replica}.seen"

    def marks(self) -> dict[Id, Mark]:
        """Return the marks; none if this computer has never seen the desk, or the file of marks is damaged."""
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            return {stream: Mark(int(number), bytes.fromhex(hash_)) for stream, (number, hash_) in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def tell(self, heads: Sequence[tuple[Id, int, bytes]]) -> None:
        """Move the marks forward. A folder that cannot be written costs the marks, never the act itself."""
        marks = self.marks()
        marks.update({stream: Mark(number, hash_) for stream, number, hash_ in heads})
        self._write(marks)

    def forget(self, streams: Iterable[Id]) -> None:
        """Drop the marks of streams that were found cut, once that was told."""
        gone = set(streams)
        self._write({stream: mark for stream, mark in self.marks().items() if stream not in gone})

    def _write(self, marks: dict[Id, Mark]) -> None:
        kept = {stream: [mark.number, mark.hash.hex()] for stream, mark in marks.items()}
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(kept), "utf-8")
            beside.replace(self._path)
        except OSError:
            beside.unlink(missing_ok=True)

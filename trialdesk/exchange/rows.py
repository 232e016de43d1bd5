"""What a format's reader hands on: plain rows with natural keys, and the problems found. No database here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from trialdesk.base.problems import Problem
from trialdesk.base.values import dataclass

Key = tuple[str, ...]

STUDY = "studies.study"


@dataclass(frozen=True, slots=True)
class Row:
    """One record to be: its kind, its natural key within the study, its values and the records it points to.

    `key` is what the source itself tells rows of this kind apart by, so the same source gives the same key every time
    and the record's identity can be derived from study, kind and key. A value the source does not hold has no entry
    in `values`: never None, never empty text. `links` is field → (kind, key). `source` is file and row (header = 1).
    """

    kind: str
    key: Key
    values: dict[str, object]
    links: dict[str, tuple[str, Key]]
    source: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that was read: rows in an order in which a link never points forward, problems, and the reader's counts."""

    rows: list[Row]
    problems: list[Problem]
    summary: dict[str, object] = field(default_factory=dict)

    @property
    def study(self) -> dict[str, object]:
        """Return the values of the one study row; empty if the source says nothing of the study."""
        return next((row.values for row in self.rows if row.kind == STUDY), {})

    @property
    def records(self) -> int:
        """Return how many records these are in a study that is not here yet: what came in, and each problem."""
        return len({(row.kind, row.key) for row in self.rows}) + len(set(self.problems))

    def of(self, kind: str) -> Iterator[Row]:
        """Return the rows of one kind, in order."""
        return (row for row in self.rows if row.kind == kind)

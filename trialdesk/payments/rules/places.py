"""Where something stands in a file of terms. Apart from reading the file: what a rule says keeps its place."""

from __future__ import annotations

from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: the path of keys to it, and its line, counted from 1."""

    path: str = ""
    line: int = 0

"""Sums that must close, printed as satisfied or as what does not close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trialdesk.base.i18n import _
from trialdesk.reporting.structure import Block, Checks, Note


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and its parts; with `at_most` the parts may be fewer than the whole."""

    words: str
    whole: int
    parts: tuple[int, ...]
    at_most: bool = False

    @property
    def closes(self) -> bool:
        """Whether it does."""
        total = sum(self.parts)
        return total <= self.whole if self.at_most else total == self.whole

    @property
    def figures(self) -> str:
        """The equation in numbers, true or not."""
        parts = " + ".join(map(str, self.parts)) or "0"
        if self.at_most:
            return f"{parts} ≤ {self.whole}" if self.closes else f"{parts} > {self.whole}"
        return f"{self.whole} {'=' if self.closes else '≠'} {parts}"


def sums(checked: Iterable[Sum]) -> list[Block]:
    """Return a box for each sum, ticked where it closes, and a note naming those that do not."""
    all_ = list(checked)
    blocks: list[Block] = [Checks([(f"{each.words}: {each.figures}", each.closes) for each in all_])]
    if broken := [each for each in all_ if not each.closes]:
        words = "\n".join(f"{each.words}: {each.figures}" for each in broken)
        blocks.append(Note(words, _("These sums do not close; the records need a look.")))
    return blocks

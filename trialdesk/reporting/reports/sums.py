"""Sums that must close, printed as satisfied or as what does not close."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.reporting.structure import Block, Checks, Note


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts it should be the sum of."""

    words: str
    whole: int
    parts: tuple[int, ...]
    figure: Callable[[int], str] = str
    """How a number is printed: money as money."""

    @property
    def closes(self) -> bool:
        """Whether it does."""
        return sum(self.parts) == self.whole

    @property
    def figures(self) -> str:
        """The equation in numbers, true or not."""
        first, *rest = self.parts or (0,)
        parts = "".join(f" − {self.figure(-part)}" if part < 0 else f" + {self.figure(part)}" for part in rest)
        return f"{self.figure(self.whole)} {'=' if self.closes else '≠'} {self.figure(first)}{parts}"

    @property
    def said(self) -> str:
        """Words and numbers in the language in force."""
        return _("{sum}: {figures}").format(sum=self.words, figures=self.figures)


def sums(checked: Iterable[Sum]) -> list[Block]:
    """Return a box for each sum, ticked where it closes, and a note naming those that do not."""
    all_ = list(checked)
    return [Checks([(each.said, each.closes) for each in all_]), *unclosed(all_)]


def unclosed(checked: Iterable[Sum]) -> list[Block]:
    """Return a note naming the sums that do not close, nothing where all do: for who need not see that they do."""
    words = "\n".join(each.said for each in checked if not each.closes)
    return [Note(words, _("These sums do not close; the records need a look."))] if words else []

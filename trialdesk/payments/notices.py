"""What is to be said of a text of terms while it is written: each with its line, its weight and what to do."""

from __future__ import annotations

from typing import Literal

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.payments.terms import reads_terms

Weight = Literal["unreadable", "error", "warning"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said of a text. `line` counts from 1; `code` names the bright line, empty where it cannot be read.

    What is unreadable and an error forbid activation; a warning wants a named approver and a reason.
    """

    id: str
    weight: Weight
    code: str
    line: int
    words: str
    remedy: str


def notices(text: str) -> tuple[Notice, ...]:
    """Return everything to be said of a text of terms, what weighs most first, then by line. Raises nothing."""
    if not text.strip():
        return (Notice("empty", "unreadable", "", 1, _("Nothing is written yet."), _("Start from a template.")),)
    found = reads_terms(text, file="")
    said: list[Notice] = [
        Notice("", "unreadable", "", each.row or 1, f"{each.path}: {each.words}" if each.path else each.words, "")
        for each in found.unreadable
    ]
    for weight, crossed in (("error", found.errors), ("warning", found.warnings)):
        said += [
            Notice("", weight, each.code, each.row or 1, each.words, each.remedy)  # type: ignore[arg-type]  # of the two
            for each in crossed
        ]
    return tuple(
        Notice(f"{place}", each.weight, each.code, each.line, each.words, each.remedy)
        for place, each in enumerate(said)
    )

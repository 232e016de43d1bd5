"""What registries are told, and what may still be open when a study is closed; on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass

BLINDING = (("open", N_("Open label")), ("single", N_("Single blind")), ("double", N_("Double blind")))
PAPERS = (
    ("us", N_("United States, Letter")),
    ("eu", N_("Europe and elsewhere, A4")),
    ("cn", N_("China, A4")),
)
"""For whom the documents of a study are set: paper, margins, typefaces."""
DAY1 = "day1"
"""The anchor of a planned visit that names none."""
ANCHORS = (
    (DAY1, N_("Reference day (day 1)")),
    ("allocation", N_("Allocation")),
    ("consent", N_("Consent")),
    ("previous", N_("Previous visit")),
)
ACTIVITY_CATEGORIES = (
    ("consent", N_("Consent and eligibility")),
    ("procedure", N_("Examination")),
    ("laboratory", N_("Laboratory")),
    ("questionnaire", N_("Questionnaire")),
    ("treatment", N_("Treatment")),
    ("safety", N_("Safety")),
    ("other", N_("Other")),
)
REGISTRY_PURPOSES = (
    ("registration", N_("Registration")),
    ("update", N_("Update")),
    ("results", N_("Results")),
)
"""What a public registry is told."""

CLOSING = "studies:close"
"""Under this name later stages are asked what is still open in a study (`Answer`)."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is not finished: `count` cases.

    `one` and `many` say it with `{count}`; `many` is marked for translation. `waivable` says whether the PI may close
    the study all the same, with grounds.
    """

    code: str
    count: int
    one: str
    many: str
    waivable: bool

    @property
    def words(self) -> str:
        """What is open, in the reader's language."""
        return n_(self.one, self.many, self.count).format(count=self.count)


class Answer(Protocol):
    """A later stage's answer: what is still open in a study as it stands before the act. It refuses nothing itself."""

    def __call__(self, work: Any, *, study: Id, on: date) -> Iterable[Open]: ...  # noqa: D102 - as above


def open_words(points: Iterable[Open]) -> str:
    """Return open points as one text, in the reader's language."""
    return _("; ").join(point.words for point in points)


def open_codes(points: Iterable[Open]) -> str:
    """Return open points as a record keeps them, in no language: `conditions:2 questions:1`."""
    return " ".join(f"{point.code}:{point.count}" for point in points)


GUARDS = ("needs_contract", "needs_insurance", "blinding")
"""What of a study protects its participants: gates before allocation, and who may know the arms."""


def loosened(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return which guards would be weaker: a gate taken away, another blinding. What was never said may be said."""
    changed = (name for name in GUARDS if name in after and before[name] and after[name] != before[name])
    return tuple(changed)

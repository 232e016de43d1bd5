"""How much of what is counted lies in the period a report of progress is of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialdesk.base.dates import PartialDate, earliest
from trialdesk.base.values import dataclass

ENTERED = ("in study", "completed", "discontinued")


@dataclass(frozen=True, slots=True)
class Count:
    """How many in all and, of these, how many in the period; None where there is no period."""

    all: int
    since: int | None


def counted(days: Iterable[PartialDate | None], since: date | None) -> Count:
    """Return how many there are, and how many of them on the day `since` or later; the undated do not count."""
    days = list(days)
    return Count(len(days), None if since is None else sum(within(each, since) for each in days))


def within(day: PartialDate | None, since: date | None) -> bool:
    """Say whether a day is `since` or later; nothing is, where there is neither."""
    return since is not None and bool(day) and earliest(day or "") >= since

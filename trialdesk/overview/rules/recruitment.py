"""The recruitment curve: how many were planned to be allocated by the end of each month, and how many were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.rules.counting import plus_months


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day: planned and actual, both counted from the beginning. None: nobody planned; to come."""

    month: date
    planned: int | None
    actual: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The months from the first that was planned or recruited in to the last; `target` is how many in all."""

    months: tuple[Month, ...]
    target: int | None

    @property
    def behind(self) -> int:
        """How many fewer than planned by the last month that is known; 0 where as many or more, or none was planned."""
        known = [each for each in self.months if each.actual is not None and each.planned is not None]
        return max((known[-1].planned or 0) - (known[-1].actual or 0), 0) if known else 0


@dataclass(frozen=True, slots=True)
class Target:
    """How many are planned for a month, of the whole study (`site` None) or at a site."""

    site: Id | None
    month: date
    planned: int


def curve(
    targets: Iterable[Target],
    allocated: Iterable[date],
    *,
    on: date,
    target: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Curve:
    """Return planned and actual, month by month.

    The plan is what was planned for the months; where no month was planned, the target in even steps over the time
    of recruitment. Of a month planned both as a whole and by site the whole counts. Who was allocated after `on` is
    not counted, and no month after it has an actual figure.
    """
    plan = _by_month(targets) or _even(target, starts_on, ends_on)
    days = [day for day in allocated if day <= on]
    happened = Counter(_first(day) for day in days)
    if not plan and not happened:
        return Curve((), target)
    last = max((*plan, *happened))
    # Up to today while somebody is still to come; a study that is over ends with its last participant.
    if plan and max(plan) >= _first(on):
        last = max(last, _first(on))
    months, month, so_far, planned = [], min((*plan, *happened)), 0, 0
    while month <= last:
        so_far += happened[month]
        planned += plan.get(month, 0)
        months.append(
            Month(month, planned if plan and month >= min(plan) else None, so_far if month <= _first(on) else None)
        )
        month = plus_months(month, 1)
    return Curve(tuple(months), target if target is not None else (planned or None))


def _by_month(targets: Iterable[Target]) -> dict[date, int]:
    whole: dict[date, int] = {}
    by_site: Counter[date] = Counter()
    for each in targets:
        if each.site is None:
            whole[_first(each.month)] = each.planned
        else:
            by_site[_first(each.month)] += each.planned
    return {**by_site, **whole}


def _even(target: int | None, starts_on: date | None, ends_on: date | None) -> Mapping[date, int]:
    if not target or starts_on is None or ends_on is None or ends_on < starts_on:
        return {}
    first, last = _first(starts_on), _first(ends_on)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return {plus_months(first, n): target * (n + 1) // count - target * n // count for n in range(count)}


def _first(day: date) -> date:
    return day.replace(day=1)

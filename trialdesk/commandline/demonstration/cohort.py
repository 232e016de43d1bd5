"""Who takes part: sixty invented people, on which days they come, and how it ends for those for whom it ends early.

What is told of one participant is declared in tables; everything else is drawn from a seed and repeats.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import field
from datetime import date, datetime, time, timedelta
from random import Random

from trialdesk.base.values import dataclass
from trialdesk.commandline.demonstration.design import AMENDED_ON, VISITS
from trialdesk.commandline.demonstration.ethics import RECONSENT_BY

NOW = datetime(2026, 11, 20, 16, 30)  # noqa: DTZ001 - by the clock of the study
"""When the story stops: a Friday of the fourteenth month."""

SEED = 20251013
FIRST_MONTH = (2025, 10)
SCREENED = {
    "01": (2, 4, 3, 3, 2, 4, 3, 3, 3, 1, 2, 3, 4, 3),
    "02": (0, 0, 1, 2, 1, 2, 2, 2, 2, 2, 1, 2, 2, 1),
}
"""By site, how many were screened in each month from the first on."""

NOT_ELIGIBLE = {
    "01-003": "E02",
    "01-009": "I03",
    "01-014": "E01",
    "01-020": "E03",
    "01-027": "E05",
    "01-033": "I02",
    "02-004": "E02",
    "02-010": "I03",
    "02-015": "E01, E05",
}
"""Who failed screening, by which criteria."""

LEFT = {
    "01-006": ("Week 2", 9, "WITHDRAWAL BY SUBJECT", "Moves to another province"),
    "01-019": ("Week 6", 2, "ADVERSE EVENT", "Rash under treatment"),
    "01-023": ("Week 2", 20, "PHYSICIAN DECISION", "Needs treatment the protocol excludes"),
    "02-007": ("Week 6", 50, "LOST TO FOLLOW-UP", "Three calls and a letter unanswered"),
    "01-012": ("Week 6", 16, "DEATH", "Myocardial infarction, not related"),
}
"""Who left early: so many days after which visit, why, and in whose words."""

OFF_PLAN = {
    ("01-004", "Week 6"): 8,
    ("01-010", "Week 12"): 9,
    ("01-017", "Week 2"): 6,
    ("02-002", "Week 6"): 7,
    ("02-006", "Week 12"): -8,
    ("01-026", "Week 6"): 7,
    ("02-013", "Week 12"): 8,
    ("01-032", "Week 6"): 7,
    ("01-036", "Week 2"): 6,
}
"""Visits kept outside their window: so many days after the planned one, or before it."""

MISSED = {("01-008", "Week 2"), ("01-021", "Week 6"), ("02-009", "Week 2")}
NOT_ENTERED = {("01-030", "Week 12"), ("02-017", "Week 6")}
"""Visits that nobody has recorded although their window has closed."""

NOT_AGAIN = {"01-029", "01-031"}
"""Who has not signed version 2.0 of the consent form although the day has passed."""

UNSIGNED = {"01-039"}
"""Whose eligibility is assessed and not signed yet."""

_SURNAMES = tuple("陈林黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许")
_GIVEN = (
    "海宁", "雨桐", "建平", "晓岚", "文博", "秀兰", "志远", "佳怡", "德顺", "静姝",
    "明哲", "玉珍", "子墨", "春霞", "国栋", "思源", "丽娟", "一鸣", "慧敏", "承泽",
)  # fmt: skip
_OTHERS = (
    "Amelie Hart", "Joon Baek", "Sofia Lindqvist", "Dario Conti", "Maeve Nolan", "Pavel Havran", "Noor Haddad",
    "Elias Brandt", "Ruth Okafor", "Imre Balint", "Clara Mendes", "Owen Pryce",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A planned visit of a participant: the day it was kept, or None and the day by which it was known as missed."""

    name: str
    on: date | None
    known: date


@dataclass(frozen=True, slots=True)
class Course:
    """One participant's way. `allocated_on` is None for who was not allocated; `visits` are those after allocation."""

    site: str
    number: str
    name: str
    language: str
    age: int
    sex: str
    screened_on: date
    assessed_on: date
    failed: str = ""
    allocated_on: date | None = None
    arm: str = ""
    visits: tuple[Kept, ...] = ()
    ended: tuple[date, str, str] | None = None
    again_on: date | None = None
    random: Random = field(default_factory=Random, compare=False)

    @property
    def identifier(self) -> str:
        """The study-wide identifier."""
        return f"{self.site}-{self.number}"

    @property
    def last_day(self) -> date:
        """The last day on which something can have happened to this participant."""
        if self.ended is not None:
            return self.ended[0]
        return min(NOW.date(), self.visits[-1].known if self.visits else self.assessed_on)


def workday(day: date) -> date:
    """Return the day, or the Monday after it where it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def allocation_list(site: str) -> tuple[str, ...]:
    """Return the arms of a site's list in order: blocks of four."""
    random = Random(f"{SEED} list {site}")  # noqa: S311 - an invented list
    arms: list[str] = []
    for _block in range(12 if site == "01" else 6):
        arms += random.sample(["A", "A", "B", "B"], 4)
    return tuple(arms)


def cohort() -> tuple[Course, ...]:
    """Return everybody's way, by site and number."""
    return tuple(course for site in SCREENED for course in _site(site))


def _site(site: str) -> list[Course]:
    random = Random(f"{SEED} days {site}")  # noqa: S311 - as above
    days: list[date] = []
    for place, count in enumerate(SCREENED[site]):
        days += _days_in(place, count, site, random)
    begun = [_screened(site, f"{place:03d}", day) for place, day in enumerate(days, 1)]
    allocated = sorted((each for each in begun if each.allocated_on), key=lambda each: (each.allocated_on, each.number))
    arms = {each.number: arm for each, arm in zip(allocated, allocation_list(site), strict=False)}
    return [_followed(each, arms.get(each.number, "")) for each in begun]


def _days_in(place: int, count: int, site: str, random: Random) -> list[date]:
    year, month = FIRST_MONTH[0] + (FIRST_MONTH[1] - 1 + place) // 12, (FIRST_MONTH[1] - 1 + place) % 12 + 1
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if place == 0:
        first = date(2025, 10, 13)
    if (place, site) == (2, "02"):
        first = date(2025, 12, 18)
    last = min(last, NOW.date() - timedelta(days=2))
    open_ = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return sorted(random.sample([day for day in open_ if day.weekday() < 5], count))


def _screened(site: str, number: str, day: date) -> Course:
    identifier = f"{site}-{number}"
    random = Random(f"{SEED} {identifier}")  # noqa: S311 - as above
    foreign = site == "01" and int(number) % 4 == 1
    name = _OTHERS[int(number) // 4 % len(_OTHERS)] if foreign else random.choice(_SURNAMES) + random.choice(_GIVEN)
    assessed = workday(day + timedelta(days=random.randint(2, 7)))
    failed = NOT_ELIGIBLE.get(identifier, "")
    allocated = None if failed or identifier in UNSIGNED else workday(assessed + timedelta(days=random.randint(1, 4)))
    return Course(
        site=site,
        number=number,
        name=name,
        language="en" if foreign else "zh",
        age=random.randint(24, 78),
        sex=random.choice("FM"),
        screened_on=day,
        assessed_on=assessed,
        failed=failed,
        allocated_on=allocated if allocated and allocated <= NOW.date() else None,
        random=random,
    )


def _followed(begun: Course, arm: str) -> Course:
    if begun.allocated_on is None:
        return begun
    left = LEFT.get(begun.identifier)
    visits: list[Kept] = []
    ended: tuple[date, str, str] | None = None
    for _number, name, anchor, planned, _before, after in VISITS[2:]:
        assert anchor == "day1"
        on = begun.allocated_on + timedelta(days=planned - 1)
        shift = OFF_PLAN.get((begun.identifier, name))
        kept = workday(on + timedelta(days=begun.random.randint(-1, 1) if shift is None else shift))
        if (begun.identifier, name) in MISSED:
            visits.append(Kept(name, None, workday(on + timedelta(days=after + 2))))
        elif (begun.identifier, name) not in NOT_ENTERED:
            visits.append(Kept(name, kept, kept))
        if left is not None and left[0] == name:
            ended = workday(kept + timedelta(days=left[1])), left[2], left[3]
            break
    if left is None and visits and visits[-1].name == "Week 16":
        ended = visits[-1].known, "COMPLETED", "Week 16 kept"
    return Course(
        **{
            name: getattr(begun, name) for name in begun.__slots__ if name not in {"arm", "visits", "ended", "again_on"}
        },
        arm=arm,
        visits=tuple(visits),
        ended=ended,
        again_on=_again(begun, visits, ended),
    )


def _again(begun: Course, visits: list[Kept], ended: tuple[date, str, str] | None) -> date | None:
    """Return when somebody who had signed version 1.0 signed the next one: at a visit, else called in for it."""
    if begun.screened_on >= AMENDED_ON or begun.identifier in NOT_AGAIN:
        return None
    if ended is not None and ended[0] < AMENDED_ON:
        return None
    at_visit = [each.on for each in visits if each.on and AMENDED_ON <= each.on <= RECONSENT_BY]
    return at_visit[0] if at_visit else workday(date(2026, 10, 12) + timedelta(days=begun.random.randint(0, 16)))


def by_clock(day: date, clock: str) -> datetime:
    """Return an hour of a day by the clock of the study."""
    return datetime.combine(day, time.fromisoformat(clock))

"""Reads the rules that are data: deadlines, and what law, zone and working days a country has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, tzinfo
from functools import cache
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trialdesk.base.places import resources
from trialdesk.base.values import dataclass
from trialdesk.overview.rules.counting import IsWorkingDay, Unit, weekday
from trialdesk.overview.rules.deadlines import EVERYWHERE, Rule

BASES = frozenset({"IND", "EU", "CN"}) | EVERYWHERE

COLUMNS = (
    "id", "trigger", "condition", "n", "unit", "repeating", "recipient", "product", "source", "basis", "valid_from",
    "valid_to", "remind", "words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Country:
    """A country by ISO 3166 codes and English name; `basis` is empty where none of our rules is its law.

    `zone` is where most people live: a site of a country with several zones names its own.
    """

    code: str
    code3: str
    name: str
    zone: str
    basis: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the deadline rules that travel with the program."""
    return read_rules(resources() / "rules" / "deadlines.csv")


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a table. Raises ValueError naming file, row and column for whatever is not as declared.

    Two rows of one id are two versions of a rule and may not hold on the same day.
    """
    found: list[Rule] = []
    for number, row in _rows(path, COLUMNS):
        rule = _rule(row, f"{path.name}, row {number}")
        for other in found:
            if other.id == rule.id and _overlap(other, rule):
                raise ValueError(f"{path.name}, row {number}: two versions of {rule.id} hold on the same day")
        found.append(rule)
    return tuple(found)


@cache
def countries() -> dict[str, Country]:
    """Return the countries we know, by both codes and by English name, all in lower case."""
    found = {}
    for _number, row in _rows(resources() / "rules" / "countries.csv", ("code", "code3", "name", "zone", "basis")):
        country = Country(**row)
        found.update(dict.fromkeys((country.code.lower(), country.code3.lower(), country.name.lower()), country))
    return found


def country_named(words: str | None) -> Country | None:
    """Return the country that was written as a code or an English name, None where we do not know it."""
    return countries().get((words or "").strip().lower())


@cache
def zone_named(name: str) -> tzinfo:
    """Return a zone by its IANA name, UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        return UTC


@cache
def working_days(code: str) -> IsWorkingDay:
    """Return what the working days of a country are: its weekend and national holidays are none, nor are days off.

    A weekend day that is worked in exchange for a holiday (China) is one. Where the country is not known, Monday to
    Friday. Years whose holidays are not announced yet are forecast, without such exchanges.
    """
    if not code:
        return weekday
    import holidays  # half a second, and most clocks count calendar days

    if code not in holidays.list_supported_countries():
        return weekday
    known = holidays.country_holidays(code)
    return lambda day: bool(known.is_working_day(day))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            raise ValueError(f"{path.name}: its columns are {reader.fieldnames}, not {', '.join(columns)}")
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise ValueError(f"{path.name}, row {number}: more or fewer cells than columns")
            if any(value != value.strip() for value in row.values()):
                raise ValueError(f"{path.name}, row {number}: a cell begins or ends with a space")
            yield number, row


def _rule(row: dict[str, str], place: str) -> Rule:
    for name in ("id", "trigger", "recipient", "product", "source", "words"):
        if not row[name]:
            raise ValueError(f"{place}: {name} is empty")
    if row["unit"] not in get_args(Unit):
        raise ValueError(f"{place}: {row['unit']!r} is no unit")
    if row["basis"] not in BASES:
        raise ValueError(f"{place}: {row['basis']!r} is no basis")
    if row["repeating"] not in ("yes", "no"):
        raise ValueError(f"{place}: repeating is yes or no")
    try:
        n, remind = int(row["n"]), int(row["remind"])
        valid_from = date.fromisoformat(row["valid_from"])
        valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if remind < 0 or (valid_to or date.max) < valid_from or (row["repeating"] == "yes" and n <= 0):
        raise ValueError(f"{place}: its numbers contradict each other")
    return Rule(
        id=row["id"],
        trigger=row["trigger"],
        condition=tuple(row["condition"].split()),
        n=n,
        unit=cast("Unit", row["unit"]),
        repeating=row["repeating"] == "yes",
        recipient=row["recipient"],
        product=row["product"],
        source=row["source"],
        basis=row["basis"],
        valid_from=valid_from,
        valid_to=valid_to,
        remind=remind,
        words=row["words"],
    )


def _overlap(one: Rule, other: Rule) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)

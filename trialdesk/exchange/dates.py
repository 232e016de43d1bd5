"""Dates as people and programs write them → partial ISO dates (`base.dates`), deciding day and month by whole columns.

Understood: ISO 8601 in its extended and basic forms, year first with any sign between, day or month first with a
four-digit year, 2013年2月3日, SAS DATE9 and other English month names, with or without a time; Excel's day numbers
where a whole column holds nothing else. What cannot be told is left out rather than guessed: two-digit years, other
languages' month names, a day and month that may be either where the same column proves both orders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from trialdesk.base.dates import PartialDate, is_partial_date
from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass

NOT_A_DATE = N_("{text} is not a date; it is left out.")
NOT_IN_CALENDAR = N_("{text} is not in the calendar; it is left out.")
TWO_DIGIT_YEAR = N_("The year of {text} has two digits; the date is left out.")
ZONE_LEFT_OUT = N_("The time zone or fraction of a second in {text} is left out.")
CUT_TO_KNOWN = N_("Of {text} only what is known from the year on is kept: {date}.")
EITHER_ORDER = N_("{text} may be day or month first, and the column holds both; only the year is kept.")
PERIOD = N_("{text} is a period; its beginning is kept.")

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_UNKNOWN = r"unk|un|ukn|xxx|xx|nk|\?\?|--?"

_TIME = (
    r"(?:[T:,\s]+\s*(?P<hour>\d{1,2})(?:[:时](?P<minute>\d{2})(?:[:分](?P<second>\d{2})(?P<fraction>[.,]\d+)?)?)?[时分秒]?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>\d{4})\s*年(?:\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号])?)?",
        r"(?P<first>\d{1,2})([-/.])\s?(?P<second_>\d{1,2})\2\s?(?P<year>\d{4})",
        rf"(?P<day>\d{{1,2}}|{_UNKNOWN})?[-/.\s]*(?P<name>[a-z]{{3,9}})\.?,?[-/.\s]*(?P<year>\d{{4}})",
        r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",
    )
)
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")
_YEAR_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})")
_TWO_DIGITS = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}|\d{1,2}[- ]?[a-z]{3}[- ]?\d{2}", re.IGNORECASE)
# ISO 8601 with parts left out on purpose: 2003---15, 2003-12-15T-:15 (SDTM Implementation Guide, section 4.4.2).
_GAPS = re.compile(r"(?P<known>\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2})?)?)?)?)(?:-|T|:).*")
_SLASHED = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?\d{4}\b")
_MIDNIGHT = re.compile(r".*\d[ ]+(?:0{1,2}:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)", re.IGNORECASE)

_MOST = 20
"""So many times more proofs of one order than of the other make the others slips of the pen."""

_EXCEL_ORIGIN = date(1899, 12, 30)
_EXCEL_FROM, _EXCEL_TO = 25569, 58849  # 1970 to 2061: below lie SAS's numbers for our times, above nothing of ours


class Reading(NamedTuple):
    """What a text says as a date: the partial date or None, and an untranslated remark, "" if all is plain."""

    date: PartialDate | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the texts of a column show: how many can only be day first, only month first, either."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    dotted: bool = False
    numbers: bool = False
    midnights: bool = False


@dataclass(frozen=True, slots=True)
class Convention:
    """How a column is read. `day_first` None: it holds both orders, so what may be either keeps its year alone."""

    day_first: bool | None = True
    numbers: bool = False
    midnights: bool = False


def evidence(texts: Iterable[str]) -> Evidence:
    """Look at the different texts of a column; empty ones do not count."""
    day_first = month_first = either = 0
    dotted, numbers, midnights, some = True, True, True, False
    for text in texts:
        if not text:
            continue
        some = True
        numbers = numbers and _is_excel_number(text)
        midnights = midnights and _MIDNIGHT.fullmatch(text) is not None
        if (slashed := _SLASHED.match(text)) is not None:
            first, second = int(slashed[1]), int(slashed[3])
            dotted = dotted and slashed[2] == "."
            day_first += first > 12 >= second
            month_first += second > 12 >= first
            either += first <= 12 and second <= 12 and first != second
    return Evidence(
        day_first, month_first, either, dotted and bool(day_first or either), numbers and some, midnights and some
    )


def convention(column: Evidence, beside: Iterable[Evidence] = ()) -> tuple[Convention, str]:
    """Decide how to read a column, from itself and, where it does not tell, from the columns beside it in the file.

    Returns the convention and an untranslated remark on the column as a whole ("" if it reads itself).
    """
    day_first, month_first = column.day_first, column.month_first
    remark = ""
    if day_first and month_first:
        few, most = sorted((day_first, month_first))
        clear = few * _MOST <= most
        return (
            Convention(day_first > month_first if clear else None, column.numbers, column.midnights),
            N_("Some dates of this column can only be day first ({day_first}), some only month first ({month_first})."),
        )
    if column.either and not day_first and not month_first:
        others = list(beside)
        day_first = sum(other.day_first for other in others)
        month_first = sum(other.month_first for other in others)
        if day_first and not month_first:
            remark = N_("No date tells day from month; the column is read as day first like the file's others.")
        elif month_first and not day_first:
            remark = N_("No date tells day from month; the column is read as month first like the file's others.")
        else:
            month_first = 0
            if not column.dotted:  # day.month.year is the one order in use with dots
                remark = N_("No date tells day from month; the column is read as day/month/year.")
    if column.numbers:
        remark = N_("The column holds Excel's day numbers; they are read as days since 1899-12-30.")
    elif column.midnights:
        remark = N_("Every date of this column has the time 00:00; it is taken as no time.")
    return Convention(not month_first, column.numbers, column.midnights), remark


def read_date(text: str, how: Convention) -> Reading:
    """Read one trimmed, not empty text. Never raises; what is no date gives None and the remark says why."""
    if is_partial_date(text):
        return Reading(text)
    if how.numbers and _is_excel_number(text):
        return Reading((_EXCEL_ORIGIN + timedelta(days=int(text.removesuffix(".0")))).isoformat())
    start, _slash, end = text.partition("/")
    if len(start) >= len("2013-02") and is_partial_date(start) and is_partial_date(end):
        return Reading(start, PERIOD)
    for form in _FORMS:
        if (match := form.fullmatch(text)) is not None:
            return _from_parts(match.groupdict(), how)
    for form in (_YEAR_MONTH, _MONTH_YEAR):
        if (match := form.fullmatch(text)) is not None:
            return _checked(f"{match['year']}-{int(match['month']):02}")
    if _TWO_DIGITS.fullmatch(text):
        return Reading(None, TWO_DIGIT_YEAR)
    if (gaps := _GAPS.fullmatch(text)) is not None and re.fullmatch(r"[\d\-T:+Z.]*", text):
        known = gaps["known"]
        if "--" in text or "-:" in text or text.endswith(("-", "T", ":")):
            return Reading(known, CUT_TO_KNOWN) if is_partial_date(known) else Reading(None, NOT_IN_CALENDAR)
    return Reading(None, NOT_IN_CALENDAR if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text) else NOT_A_DATE)


def surely_after(one: PartialDate, other: PartialDate) -> bool:
    """Say whether `one` is later than `other` whatever the parts that are not known; equal or uncertain is False."""
    shared = min(len(one), len(other))
    return one[:shared] > other[:shared]


def surely_differ(one: PartialDate, other: PartialDate) -> bool:
    """Say whether the two cannot be the same day or instant whatever the parts that are not known."""
    shared = min(len(one), len(other))
    return one[:shared] != other[:shared]


def _is_excel_number(text: str) -> bool:
    number = text.removesuffix(".0")
    return len(number) == 5 and number.isascii() and number.isdigit() and _EXCEL_FROM <= int(number) <= _EXCEL_TO


def _from_parts(part: dict[str, str | None], how: Convention) -> Reading:
    year, month, day = part["year"] or "", part.get("month"), part.get("day")
    if (name := part.get("name")) is not None:
        found = _month(name)
        if found is None:
            unknown = re.fullmatch(rf"({_UNKNOWN})+", name, re.IGNORECASE)
            return Reading(year, CUT_TO_KNOWN) if unknown else Reading(None, NOT_A_DATE)
        month = str(found)
        if day is not None and not day.isdigit():
            return Reading(f"{year}-{found:02}", CUT_TO_KNOWN)
    if (first := part.get("first")) is not None:
        day, month = first, part["second_"] or ""
        if int(month) > 12 >= int(day) or (int(day) <= 12 and how.day_first is False):
            day, month = month, day
        if how.day_first is None and int(day) <= 12 and day != month:
            return Reading(year, EITHER_ORDER)
    if month is None:
        return _checked(year)
    if day is None or int(day) == 0 or int(month) == 0:  # 00 stands for what is not known
        known = year if int(month) == 0 else f"{year}-{int(month):02}"
        return _checked(known, CUT_TO_KNOWN if day is not None else "")
    text = f"{year}-{int(month):02}-{int(day):02}"
    if part["hour"] is None or how.midnights:
        return _checked(text)
    hour = int(part["hour"])
    if (half := part["half"]) is not None:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    text += f"T{hour:02}" + (f":{part['minute']}" if part["minute"] else "")
    text += f":{part['second']}" if part["second"] else ""
    return _checked(text, ZONE_LEFT_OUT if part["zone"] or part["fraction"] else "")


def _checked(text: str, remark: str = "") -> Reading:
    return Reading(text, remark) if is_partial_date(text) else Reading(None, NOT_IN_CALENDAR)


def _month(name: str) -> int | None:
    low = "sep" if (low := name.lower()) == "sept" else low
    return next((at for at, month in enumerate(_MONTHS, 1) if low in (month, month[:3])), None)

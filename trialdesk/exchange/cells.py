"""Text of one column's cells → values of one type. What does not fit is left out, and the problem quotes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal

from trialdesk.base.canonical import LARGEST
from trialdesk.base.i18n import N_
from trialdesk.exchange.dates import Convention, Evidence, evidence, read_date
from trialdesk.exchange.dates import convention as decide
from trialdesk.exchange.findings import Findings

CellType = Literal["text", "whole", "decimal", "flag", "partial"]
Value = str | int | Decimal | bool
Reader = Callable[[str, int], Value | None]
"""Trimmed text of a cell that is not empty and the row's number → the value, or None after saying why."""

MISSING = frozenset({"NA", "<NA>", "N/A", "NaN", "nan", ".", "NULL", "null", "None"})
"""What programs write into a number or date where there is none."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_YES = frozenset({"y", "yes", "1", "1.0", "true", "t", "是", "有", "oui", "o", "ja", "j", "si", "sí", "s", "sim"})
_NO = frozenset({"n", "no", "0", "0.0", "false", "f", "否", "无", "non", "nein", "não"})


def reader(
    kind: CellType,
    *,
    file: str,
    column: str,
    findings: Findings,
    texts: Iterable[str] = (),
    beside: Iterable[Evidence] = (),
) -> Reader:
    """Return the function that reads a column's cells.

    For dates `texts` are all texts of the column and `beside` the evidence of the file's other date columns.
    """
    if kind == "partial":
        column_evidence = evidence(set(texts) - MISSING)
        how, remark = decide(column_evidence, beside)
        if remark:
            findings.add(
                file,
                remark,
                column=column,
                day_first=column_evidence.day_first,
                month_first=column_evidence.month_first,
            )
        return _date_reader(how, file, column, findings)
    if kind == "text":
        return lambda text, _row: text
    convert, sentence = {
        "whole": (_whole, N_("{text} is not a whole number; it is left out.")),
        "decimal": (decimal, N_("{text} is not a number; it is left out.")),
        "flag": (flag, N_("{text} is neither yes nor no; it is left out.")),
    }[kind]

    def read(text: str, row: int) -> Value | None:
        if text in MISSING:
            return None
        value: Value | None = convert(text)
        if value is None:
            findings.add(file, sentence, row, column, text=text)
        return value

    return read


def decimal(text: str) -> Decimal | None:
    """Read a number, None if it is none; a comma is decimal unless three digits follow it, which may mean thousands."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _COMMA.fullmatch(text) and len(text.rpartition(",")[2]) != 3:
        return Decimal(text.replace(",", "."))
    return None


def flag(text: str) -> bool | None:
    """Read yes or no in the languages of `_YES`; None if it is neither."""
    low = text.casefold()
    return True if low in _YES else False if low in _NO else None


def plain(number: Decimal) -> str:
    """Return the shortest text of a number without exponent: 3.50 and 3.5 are the same in a key."""
    return f"{number.normalize() + 0:f}"


def _whole(text: str) -> int | None:
    if len(text) < 16 and text.isascii() and text.isdigit():
        return int(text)
    number = decimal(text)
    return int(number) if number is not None and abs(number) <= LARGEST and number == int(number) else None


def _date_reader(how: Convention, file: str, column: str, findings: Findings) -> Reader:
    plain_dates: dict[str, str] = {}  # dates repeat; what needs no word is read once

    def read(text: str, row: int) -> Value | None:
        if text in plain_dates:
            return plain_dates[text]
        if text in MISSING:
            return None
        reading = read_date(text, how)
        if reading.remark:
            findings.add(file, reading.remark, row, column, text=text, date=reading.date)
        elif reading.date is not None and len(reading.date) < len("2013-02-25"):
            findings.add(file, N_("The date is known only in part: {date}."), row, column, date=reading.date)
        elif reading.date is not None:
            plain_dates[text] = reading.date
        return reading.date

    return read

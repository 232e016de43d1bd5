"""Rows of a declared class as CSV, and back: the class says the columns and what may stand in each."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, TypeVar, get_type_hints

from trialdesk.base.clock import instant_text, parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _

T = TypeVar("T")

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)


def _whole(written: str) -> int:
    if not _WHOLE.fullmatch(written):
        raise ValueError(written)
    return int(written)


def _decimal(written: str) -> Decimal:
    if not _DECIMAL.fullmatch(written):
        raise ValueError(written)
    return Decimal(written)


def _flag(written: str) -> bool:
    return {"true": True, "false": False}[written]


_READ: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: _whole,
    bool: _flag,
    date: date.fromisoformat,
    datetime: parse_instant,
    Decimal: _decimal,
}


def csv_of(kind: type[Any], rows: Iterable[Any]) -> bytes:
    """Return rows as CSV with a head line: UTF-8, lines ended by a line feed, instants in UTC, nothing for None."""
    names = [each.name for each in fields(kind)]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_written(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue().encode()


def rows_of(kind: type[T], data: bytes, file: str) -> tuple[T, ...]:
    """Return the rows that `csv_of` wrote. Raises UserError naming file and line for what does not fit the columns."""
    hints = get_type_hints(kind)
    names = list(hints)
    line = 1
    try:
        lines = csv.reader(StringIO(data.decode(), newline=""), strict=True)
        found: list[T] = []
        head = next(lines, [])
        fits = head == names
        for cells in lines if fits else ():
            line = lines.line_num
            found.append(kind(**{name: _value(hints[name], cell) for name, cell in zip(names, cells, strict=True)}))
    except (csv.Error, ValueError, KeyError) as error:
        raise _misfit(file, line) from error
    if not fits:
        raise _misfit(file, line)
    return tuple(found)


def _misfit(file: str, line: int) -> UserError:
    return UserError(_("This is not the table it should be, at line {line}.").format(line=line), where=file)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant_text(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _value(hint: Any, cell: str) -> Any:
    kinds = getattr(hint, "__args__", (hint,))
    if not cell and type(None) in kinds:
        return None
    return _READ[kinds[0]](cell)

"""Columns declared as data, and rows made ready beside the window: texts to search, order to show. No Qt.

`Prepared` is made on a reader's thread where rows are many; filtering it then costs one pass over texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from trialdesk.base.values import dataclass
from trialdesk.desktop import shown
from trialdesk.desktop.models.status import Status

Kind = Literal["text", "number", "date", "status", "flag", "link"]
Align = Literal["left", "right", "centre"]
Order = tuple[int, ...] | range
"""Positions in `Prepared.rows`, in the order shown."""


class Row(Protocol):
    """A frozen row of a query."""

    @property
    def id(self) -> str:
        """The identity by which a row is found again after a refresh."""
        ...


_BROAD: dict[Kind, int] = {"text": 160, "number": 96, "date": 124, "status": 140, "flag": 80, "link": 180}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `title` and `tooltip` are English marked by `N_`; `value` takes a row.

    What `value` returns is by kind: text, a number (or, with `text`, anything that sorts), a date, partial date or
    instant, a `Status`, a bool. None is shown as nothing and sorts last. `text` words a value differently from its
    kind's usual form (an amount with its currency), `full` is what is copied and found where a cell shortens it. A
    `link` is a text that leads somewhere: one click opens its row.
    """

    key: str
    title: str
    value: Callable[[Any], object]
    kind: Kind = "text"
    width: int = 0
    align: Align | None = None
    tooltip: str = ""
    text: Callable[[Any], str] | None = None
    hidden: bool = False
    full: Callable[[Any], str] | None = None

    @property
    def broad(self) -> int:
        """Return the width in pixels: as declared, else what its kind needs in either language."""
        return self.width or _BROAD[self.kind]

    @property
    def side(self) -> Align:
        """Return on which side the column's cells stand: numbers on the right."""
        return self.align or ("right" if self.kind == "number" else "left")

    def words(self, row: Row) -> str:
        """Return what the cell shows."""
        return self.text(row) if self.text else words(self.value(row))

    def copied(self, row: Row) -> str:
        """Return what is copied, found and told beside the pointer: the whole of what the cell shows.

        An instant is told with its zone, for who reads it elsewhere must know it.
        """
        if self.full:
            return self.full(row)
        value = self.value(row)
        return shown.zoned(value) if isinstance(value, datetime) and not self.text else self.words(row)


@dataclass(frozen=True)
class Prepared:
    """Rows with the lowered text of each, ready to be filtered and sorted."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = field(default=(), repr=False)


def words(value: object) -> str:
    """Return a value in words; see `Column` for what may be a value."""
    match value:
        case None:
            return ""
        case str():
            return shown.partial(value) if value[:2].isdigit() and "-" in value else value
        case bool():
            return shown.flag(value)
        case Status():
            return value.words
        case datetime():
            return shown.instant(value)
        case date():
            return shown.day(value)
        case int() | float() | Decimal():
            return shown.number(value)
        case _:
            return str(value)


def prepare(rows: Sequence[Row], columns: tuple[Column, ...]) -> Prepared:
    """Return the rows made ready. Linear; may be run on any thread."""
    return Prepared(
        columns,
        tuple(rows),
        tuple(row.id for row in rows),
        tuple("\x1f".join([column.copied(row) for column in columns]).lower() for row in rows),
    )


def in_order(prepared: Prepared, column: Column | None, *, descending: bool = False) -> Order:
    """Return all positions sorted by a column, empty cells last either way; without a column, as they came."""
    if column is None:
        return range(len(prepared.rows))
    keys = [_key(column.value(row), column, row) for row in prepared.rows]
    full = [position for position, key in enumerate(keys) if key is not None]
    full.sort(key=keys.__getitem__, reverse=descending)
    return (*full, *(position for position, key in enumerate(keys) if key is None))


def matching(prepared: Prepared, order: Order, sought: str) -> Order:
    """Return the positions of `order` whose row shows every word of `sought`, in any column and any case."""
    for word in sought.lower().split():
        texts = prepared.texts
        order = tuple([position for position in order if word in texts[position]])
    return order


def _key(value: object, column: Column, row: Row) -> Any:
    if value is None or value == "":
        return None
    if column.kind in ("text", "link"):
        return _natural(value if isinstance(value, str) else column.words(row))
    if isinstance(value, Status):
        return _natural(value.words)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date) and column.kind == "date":
        return value.isoformat()
    return value


_figures = re.compile(r"(\d+)")


def _natural(text: str) -> tuple[tuple[int, int, bytes], ...]:
    """Return a key by which visit 2 comes before visit 10, and common Chinese characters by their sound.

    GB 18030 keeps the order of GB 2312, whose first level stands by pinyin.
    """
    return tuple(
        (0, int(part), b"") if part.isascii() and part.isdigit() else (1, 0, part.encode("gb18030", "replace"))
        for part in _figures.split(text.casefold())
        if part
    )

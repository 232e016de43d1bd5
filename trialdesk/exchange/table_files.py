"""A table as somebody sees it, as a file for a spreadsheet, in the words of the screen. Records are `sheets`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from trialdesk.exchange.formulas import harmless
from trialdesk.exchange.sheet_files import plain

Rows = Iterable[Sequence[object]]

_LONGEST_NAME = 31
"""Characters of a sheet's name, as Excel has it."""
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def csv_bytes(title: str, headings: Sequence[str], rows: Rows) -> bytes:  # noqa: ARG001 - as every form
    """Return a table as CSV (RFC 4180, UTF-8 with its mark, without which Excel takes Chinese for something else).

    Dates are ISO 8601; text that a spreadsheet would run is made harmless.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([_text(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, headings: Sequence[str], rows: Rows) -> bytes:
    """Return a table as a workbook of one sheet: numbers and dates as such, text as text and never a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet(title.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or None)
    page.freeze_panes = "A2"
    page.append(list(headings))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(page, _cell(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cells.append(cell)
        page.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMS: Mapping[str, Callable[[str, Sequence[str], Rows], bytes]] = {"csv": csv_bytes, "xlsx": xlsx_bytes}
"""By the ending of the file."""


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case str():
            return harmless(value)
        case _:
            return str(value)


def _cell(value: object) -> object:
    """Return what a workbook's cell holds: an instant without its zone, which Excel has not, as text."""
    match value:
        case datetime():
            return _text(value)
        case None | int() | Decimal() | date():
            return value
        case _:
            return plain(str(value))

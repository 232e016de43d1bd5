"""A table as a file: what a spreadsheet shows is what the screen showed, and nothing in it runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from openpyxl import load_workbook

from trialdesk.exchange.table_files import csv_bytes, xlsx_bytes

HEADINGS = ("名称", "When", "How many")
ROWS = (
    ("=1+1", date(2026, 3, 4), 3),
    ("受试者, “001”", datetime(2026, 3, 4, 8, tzinfo=UTC), Decimal("1.50")),
    (None, None, None),
)


def test_csv_is_read_by_a_spreadsheet_in_any_language_and_runs_nothing():
    data = csv_bytes("Log", HEADINGS, ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["名称", "When", "How many"],
        ["'=1+1", "2026-03-04", "3"],
        ["受试者, “001”", "2026-03-04 08:00:00+00:00", "1.50"],
        ["", "", ""],
    ]


def test_a_workbook_keeps_numbers_and_dates_and_makes_no_formula():
    book = load_workbook(io.BytesIO(xlsx_bytes("What is owed: 2026/03?", HEADINGS, ROWS)))
    page = book.active
    assert page.title == "What is owed  2026 03"
    first = next(page.iter_rows(min_row=2, max_row=2))
    assert (first[0].value, first[0].data_type) == ("=1+1", "s")
    assert first[1].value.date() == date(2026, 3, 4)
    assert first[2].value == 3
    assert page["B3"].value == "2026-03-04 08:00:00+00:00"

"""Sheets as files: a folder of CSV files, or one Excel workbook."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.files import make_private
from trialdesk.base.i18n import _
from trialdesk.exchange.formulas import harmless
from trialdesk.exchange.sheets import Cell, Sheet

_MOST_ROWS = 1_048_576
"""Rows of an Excel sheet, the headings among them."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_csv(sheets: Sequence[Sheet], folder: Path) -> list[Path]:
    """Write each sheet as `<kind>.csv` (RFC 4180, UTF-8) into a new folder and return the files.

    True and false are words, what is not known is empty; text that a spreadsheet would run is made harmless
    (`formulas`). Raises Environment if the folder is there already. A failure
    leaves nothing.
    """
    _refuse_taken(folder)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        made = Path(beside) / "made"
        made.mkdir(0o700)
        for sheet in sheets:
            path = made / f"{sheet.kind}.csv"
            make_private(path)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(sheet.headings)
                writer.writerows([_text(value) for value in row] for row in sheet.rows)
        made.rename(folder)
    return [folder / f"{sheet.kind}.csv" for sheet in sheets]


def write_xlsx(sheets: Sequence[Sheet], path: Path) -> None:
    """Write all sheets as one workbook. Text stays text: nothing in it is a formula.

    Raises Environment if the file is there already, UserError for more rows than a sheet of Excel holds.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    _refuse_taken(path)
    book = Workbook(write_only=True)
    for sheet in sheets:
        if len(sheet.rows) >= _MOST_ROWS:
            raise UserError(
                _("There are more records of “{kind}” than a sheet of Excel holds.").format(kind=sheet.kind),
                where=str(path),
                remedy=_("Export as CSV instead."),
            )
        page = book.create_sheet(sheet.kind)
        page.freeze_panes = "A2"
        page.append(list(sheet.headings))
        for row in sheet.rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, plain(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            page.append(cells)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
        made = Path(beside) / "made.xlsx"
        make_private(made)
        book.save(made)
        made.rename(path)


def _refuse_taken(target: Path) -> None:
    if target.exists():
        raise Environment(
            _("There is already something of this name."),
            where=str(target),
            remedy=_("Choose another name. Nothing in it was touched."),
        )
    if not target.parent.is_dir():
        raise Environment(_("There is no such folder."), where=str(target.parent), remedy=_("Choose another folder."))


def _text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case str():
            return harmless(value)
        case _:
            return str(value)


def plain(value: Cell) -> Cell:
    """Return text without the control characters that a workbook cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value

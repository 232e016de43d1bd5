"""A table in text form (CSV and its kin) → columns and rows that remember their place in the file.

A row's number is the physical line on which it starts, counted from 1; a quoted cell may span several lines. Read by
hand and not by the `csv` module, which neither tells where an open quote began nor goes on after a stray one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Container, Iterator, Sequence
from functools import cache
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.formulas import as_meant
from trialdesk.exchange.text import read_text

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 200
_RETRIES = 20
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line on which it starts, and its cells as they stand, as many as there are columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the file's name, the column names (trimmed, unique, none empty), the rows, the line of the headings."""

    name: str
    columns: tuple[str, ...]
    rows: list[Line]
    delimiter: str = ","
    header: int = 1


@dataclass(slots=True)
class _Record:
    number: int
    cells: list[str]
    lines: int = 1
    stray: bool = False  # text after a closing quote
    unclosed: bool = False
    doubtful: bool = False  # stray text where a cell of several lines closes: that quote may open the next cell


def read(path: Path, findings: Findings, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Read a delimited text file; `encoding` and `delimiter` override the guess.

    Kept and listed: rows with too few cells (filled with empty ones) or too many (the surplus is quoted in the
    problem), repeated or missing column names, lines before the headings, empty rows, stray and unclosed quotes.
    Raises UserError if nothing can be read, Environment if the file cannot be opened.
    """
    lines = io.StringIO(read_text(path, findings, encoding), newline="").readlines()
    skipped = 0
    if (separator := _SEPARATOR_LINE.fullmatch(lines[0])) is not None:
        delimiter, skipped = delimiter or separator[1], 1
    if delimiter is None:
        delimiter = _delimiter(lines)
    records = _sound_records(lines, delimiter, skipped, path.name, findings)
    return _sheet(path.name, records, delimiter, findings)


def _sheet(name: str, records: list[_Record], delimiter: str, findings: Findings) -> Sheet:
    filled = [record for record in records if any(cell.strip() for cell in record.cells)]
    if not filled:
        raise UserError(_("The file holds no table."), where=name, remedy=_("Export it again."))
    header = _header(filled, name, findings)
    first, body = filled[header], filled[header + 1 :]
    _tell_empty(name, records, first.number, filled[-1].number, findings)
    width = len(first.cells)
    kept = [at for at in range(width) if first.cells[at].strip() or any(_cell(row, at).strip() for row in body)]
    columns = _columns(name, first, kept, findings)
    rows = []
    for record in body:
        _tell_ragged(name, record, width, findings)
        cells = record.cells + [""] * (width - len(record.cells))
        chosen = cells if len(kept) == len(cells) else [cells[at] for at in kept]
        rows.append(Line(record.number, tuple(map(as_meant, chosen))))
    return Sheet(name, columns, rows, delimiter, first.number)


def _header(filled: list[_Record], name: str, findings: Findings) -> int:
    """Return which filled record holds the headings: a title over a wider table does not."""
    at = 0
    if max(len(record.cells) for record in filled[:_SAMPLE]) > 1:
        wide = (i for i, record in enumerate(filled[:_SAMPLE]) if sum(bool(cell.strip()) for cell in record.cells) > 1)
        at = next(wide, 0)
    for record in filled[:at]:
        findings.add(
            name,
            N_("A line before the column names is not brought in: {text}"),
            row=record.number,
            text=" ".join(cell for cell in record.cells if cell.strip())[:120],
        )
    return at


def _columns(name: str, header: _Record, kept: Sequence[int], findings: Findings) -> tuple[str, ...]:
    names: list[str] = []
    taken: set[str] = set()
    for at in kept:
        title = plain = " ".join(header.cells[at].split()) or f"#{at + 1}"
        count = 1
        while title in taken:
            count += 1
            title = f"{plain} ({count})"
        if count > 1:
            findings.add(
                name,
                N_("The column name {name} stands here again; this column is called {new}."),
                row=header.number,
                column=plain,
                name=plain,
                new=title,
            )
        taken.add(title)
        names.append(title)
    return tuple(names)


def _cell(record: _Record, at: int) -> str:
    return record.cells[at] if at < len(record.cells) else ""


def _tell_empty(name: str, records: list[_Record], first: int, last: int, findings: Findings) -> None:
    empty = [
        record.number
        for record in records
        if first < record.number < last and not any(cell.strip() for cell in record.cells)
    ]
    if empty:
        findings.add(
            name, N_("Empty rows are passed over ({count}), this being the first."), row=empty[0], count=len(empty)
        )


def _tell_ragged(name: str, record: _Record, width: int, findings: Findings) -> None:
    if len(record.cells) < width:
        findings.add(
            name,
            N_("The row has {count} cells where there are {width} columns; the missing ones are taken as empty."),
            row=record.number,
            count=len(record.cells),
            width=width,
        )
    surplus = [cell for cell in record.cells[width:] if cell.strip()]
    del record.cells[width:]
    if surplus:
        findings.add(
            name,
            N_("The row has more cells than there are columns ({width}); not brought in: {text}"),
            row=record.number,
            width=width,
            text=" | ".join(surplus)[:120],
        )
    if record.stray:
        findings.add(name, N_("Text follows a closing quote; it is kept in the cell."), row=record.number)


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter by which headings stand highest and most rows have as many cells as they, many at best."""

    def fitness(delimiter: str) -> tuple[bool, int, float]:
        records = [record for record in _records(lines[:_SAMPLE], delimiter, 0) if any(map(str.strip, record.cells))]
        if len(records) > 1 and records[-1].unclosed:
            records.pop()
        heads = (at for at, r in enumerate(records) if not r.stray and sum(map(bool, map(str.strip, r.cells))) > 1)
        head = next(heads, None)
        if head is None:
            return False, 0, 0.0
        width = len(records[head].cells)
        share = sum(len(r.cells) == width and not r.stray for r in records[head:]) / len(records[head:])
        return share >= 0.5, -head, share * width

    return max(DELIMITERS, key=fitness)


def _sound_records(lines: Sequence[str], delimiter: str, start: int, name: str, findings: Findings) -> list[_Record]:
    """Return all records; a quote whose end is doubtful is a stray sign if what follows looks like whole rows."""
    records: list[_Record] = []
    trusted: set[int] = set()
    for attempt in range(_RETRIES + 1):
        records.extend(_records(lines, delimiter, start, trusted if attempt < _RETRIES else None))
        last = records[-1] if records else None
        if last is None or not (last.unclosed or last.doubtful):
            break
        within = lines[last.number : last.number + last.lines - 1]
        width = len(records[0].cells)
        whole = sum(line.count(delimiter) >= width - 1 for line in within)
        if attempt < _RETRIES and width > 1 and whole * 2 > len(within):
            findings.add(
                name, N_("A quote opened in this row is never closed; it is read as an ordinary sign."), row=last.number
            )
            records[-1] = _Record(last.number, lines[last.number - 1].rstrip("\r\n").split(delimiter))
            start = last.number
        elif last.doubtful:
            trusted.add(last.number)
            start = records.pop().number - 1
        else:
            findings.add(
                name,
                N_("A quote opened in this row is not closed before the end of the file: it seems cut off."),
                row=last.number,
            )
            break
    for record in records:
        if record.lines > _SAMPLE:
            findings.add(
                name,
                N_("A cell of this row spans {count} lines: a quote may be missing."),
                row=record.number,
                count=record.lines,
            )
    return records


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return a quoted cell that ends on its line, the beginning of one that does not, and text up to the next cell."""
    inside = r'((?>[^"]*(?:""[^"]*)*))'
    return (
        re.compile(rf' *"{inside}"'),
        re.compile(r' *"'),
        re.compile(rf"[^{re.escape(delimiter)}\r\n]*"),
    )


_CLOSING = re.compile(r'((?>[^"]*(?:""[^"]*)*))"')


def _records(
    lines: Sequence[str], delimiter: str, start: int, trusted: Container[int] | None = None
) -> Iterator[_Record]:
    """Yield the records from line `start` (counted from 0) on; only the last may be unclosed.

    Stops after a doubtful record, unless it starts in a `trusted` line (None: all are).
    """
    closed, opening, plain = _patterns(delimiter)
    record = _Record(0, [])
    pending: list[str] | None = None
    for number in range(start, len(lines)):
        line = lines[number]
        if pending is None:
            if '"' not in line:
                yield _Record(number + 1, line.rstrip("\r\n").split(delimiter))
                continue
            record, at, cell = _Record(number + 1, []), 0, None
        else:
            record.lines += 1
            end = _CLOSING.match(line)
            if end is None:
                pending.append(line)
                continue
            cell, at = "".join(pending).replace('""', '"') + end[1].replace('""', '"'), end.end()
            pending = None
        while True:
            if cell is None:
                if (quoted := closed.match(line, at)) is not None:
                    cell, at = quoted[1].replace('""', '"'), quoted.end()
                elif (begin := opening.match(line, at)) is not None:
                    pending = [line[begin.end() :]]
                    break
            rest = plain.match(line, at)
            tail = rest[0] if rest else ""
            at += len(tail)
            if cell is None:
                cell = tail
            elif tail.strip(" "):
                cell, record.stray = cell + tail, True
                record.doubtful = record.lines > 1 and trusted is not None and record.number not in trusted
                if record.doubtful:
                    yield record
                    return
            record.cells.append(cell)
            if not line.startswith(delimiter, at):
                break
            at, cell = at + len(delimiter), None
        if pending is None:
            yield record
    if pending is not None:
        record.cells.append("".join(pending).replace('""', '"'))
        record.unclosed = True
        yield record

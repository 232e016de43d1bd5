from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared import DATA, needed
from trialdesk.base.errors import Environment, UserError
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.formulas import harmless
from trialdesk.exchange.tabular import Sheet, read

CHINESE = "受试者唯一编号,性别,组别,访视日期\n01-001,男,安慰剂,2013年01月06日\n01-002,女,试验组,\n01-003,男,对照,\n"
FRENCH = "Sujet;Âge (années);Décès;Fin\n01-001;76,5;;25/02/2013\n01-002;83,0;Élevé;02/10/2013\n"


def written(folder: Path, data: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def told(folder: Path, data: bytes | str, **options: str) -> tuple[Sheet, list[tuple[int | None, str]]]:
    findings = Findings()
    sheet = read(written(folder, data), findings, **options)
    return sheet, [(problem.row, problem.words) for problem in findings.problems()]


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [line.cells for line in sheet.rows]


def letters(encoding: str) -> st.SearchStrategy[str]:
    if encoding == "cp1252":
        return st.sampled_from([chr(n) for n in range(0x20, 0x7F)] + list("\n\räöüßéèàçÂñ°µ€’"))
    if encoding == "gb18030":
        return st.one_of(st.characters(min_codepoint=0x20, max_codepoint=0x7E), st.sampled_from("受试者编号男女，。\n"))
    return st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd") | st.sampled_from("\n\t")


@st.composite
def tables(draw: st.DrawFn, alphabet: st.SearchStrategy[str]) -> list[list[str]]:
    text = st.text(alphabet, max_size=12)
    width = draw(st.integers(1, 5))
    names = draw(
        st.lists(text.map(lambda name: "c" + " ".join(name.split())), min_size=width, max_size=width, unique=True)
    )
    row = st.lists(text, min_size=width, max_size=width).filter(lambda row: any(cell.strip() for cell in row))
    return [names, *draw(st.lists(row, max_size=8))]


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252")


@given(encoding=st.sampled_from(ENCODINGS), delimiter=st.sampled_from([",", ";", "\t", "|"]), data=st.data())
def test_any_table_comes_back_when_told_how_it_was_written(encoding: str, delimiter: str, data: st.DataObject):
    table = data.draw(tables(letters(encoding)))
    ends = data.draw(st.sampled_from(["\r\n", "\n"]))
    # A carriage return that ends a bare cell cannot be told from the end of the line.
    bare = ends == "\r\n" or not any("\r" in cell for row in table for cell in row)
    quoting: Literal[0, 1] = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL] if bare else [csv.QUOTE_ALL]))
    out = io.StringIO()
    harmless_too = [[harmless(cell) for cell in row] for row in table]
    csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(harmless_too)
    with tempfile.TemporaryDirectory() as folder:
        findings = Findings()
        plain = {"utf-8-sig": "utf-8", "utf-16": None}
        sheet = read(
            written(Path(folder), out.getvalue().encode(encoding)),
            findings,
            encoding=plain.get(encoding, encoding),
            delimiter=delimiter,
        )
    assert [list(sheet.columns), *map(list, cells(sheet))] == table
    assert not findings.problems()


@given(data=st.data(), delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_any_quoted_table_comes_back_without_being_told(data: st.DataObject, delimiter: str):
    table = data.draw(tables(letters("utf-8")).filter(lambda table: len(table[0]) > 1))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    with tempfile.TemporaryDirectory() as folder:
        sheet = read(written(Path(folder), out.getvalue().encode()), Findings())
    assert [list(sheet.columns), *map(list, cells(sheet))] == table


@given(data=st.binary(max_size=400))
def test_any_bytes_give_a_sheet_or_words(data: bytes):
    with tempfile.TemporaryDirectory() as folder:
        try:
            sheet = read(written(Path(folder), data), Findings())
        except UserError:
            return
        assert all(len(line.cells) == len(sheet.columns) for line in sheet.rows)


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (CHINESE, "gb18030", "GB18030"),
        ("编号,性别\n1,男\n", "gb18030", "GB18030"),
        ("id,sex\n1,男\n2,F\n", "gb18030", "GB18030"),
        (FRENCH, "cp1252", "Windows-1252"),
        ("ID;DESCRIÇÃO\n1;MEDICAÇÃO\n2;ALTERAÇÕES\n", "cp1252", "Windows-1252"),
        ("id,größe\n1,Ärzte\n2,Maßnahme – „gut“\n", "cp1252", "Windows-1252"),
        ("id,dose\n1,10 µg\n2,37°C ± 1\n", "cp1252", "Windows-1252"),
        (CHINESE, "utf-16-le", "UTF-16"),
        (FRENCH, "utf-16-be", "UTF-16"),
        (CHINESE, "utf-8", None),
        (CHINESE, "utf-8-sig", None),
        (FRENCH, "utf-16", None),
        (FRENCH, "utf-32", None),
    ],
)
def test_the_encoding_is_told(text: str, encoding: str, guessed: str | None, tmp_path: Path):
    sheet, problems = told(tmp_path, text.encode(encoding))
    delimiter = sheet.delimiter
    assert [delimiter.join(sheet.columns), *map(delimiter.join, cells(sheet))] == text.splitlines()
    assert [words for _row, words in problems] == (
        [f"The file does not say its encoding; read as {guessed}. If letters look wrong, save it as UTF-8."]
        if guessed
        else []
    )


def test_rows_know_the_line_on_which_they_start(tmp_path: Path):
    sheet, problems = told(tmp_path, 'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n')
    assert [(line.number, line.cells) for line in sheet.rows] == [(2, ("1", "x\r\ny")), (5, ("2", "z"))]
    assert problems == [(4, "Empty rows are passed over (1), this being the first.")]


def test_ragged_rows_are_kept_and_listed(tmp_path: Path):
    sheet, problems = told(tmp_path, "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert cells(sheet) == [("1", "2", ""), ("1", "2", "3"), ("1", "2", "3")]
    assert problems == [
        (2, "The row has 2 cells where there are 3 columns; the missing ones are taken as empty."),
        (3, "The row has more cells than there are columns (3); not brought in: 4"),
    ]


def test_column_names_become_unique_and_empty_columns_go(tmp_path: Path):
    sheet, problems = told(tmp_path, "x, x ,,,y\n1,2,3,,4\n")
    assert sheet.columns == ("x", "x (2)", "#3", "y")
    assert cells(sheet) == [("1", "2", "3", "4")]
    assert problems == [(1, "The column name x stands here again; this column is called x (2).")]


def test_a_title_above_the_table_is_no_heading(tmp_path: Path):
    sheet, problems = told(tmp_path, "Export of 2024,,\na,b,c\n1,2,3\n")
    assert (sheet.columns, sheet.header) == (("a", "b", "c"), 2)
    assert problems == [(1, "A line before the column names is not brought in: Export of 2024")]


def test_nul_bytes_are_left_out_and_counted(tmp_path: Path):
    sheet, problems = told(tmp_path, b"a,b\n1,x\0y\n2,\0z\n")
    assert cells(sheet) == [("1", "xy"), ("2", "z")]
    assert problems == [(2, "The file holds NUL bytes (2), the first in this row; they are left out.")]


def test_a_cut_file_keeps_its_last_row(tmp_path: Path):
    sheet, problems = told(tmp_path, 'a,b,c\n1,2,3\n4,"begun and')
    assert cells(sheet) == [("1", "2", "3"), ("4", "begun and", "")]
    assert problems[0] == (3, "A quote opened in this row is not closed before the end of the file: it seems cut off.")


def test_a_cut_character_is_told(tmp_path: Path):
    sheet, problems = told(tmp_path, "a,b\n1,2\n3,男".encode()[:-1])
    assert cells(sheet)[-1][0] == "3"
    assert problems == [(3, "The file ends in the middle of a character: it seems cut off.")]


def test_a_stray_quote_does_not_swallow_the_rows_after_it(tmp_path: Path):
    sheet, problems = told(tmp_path, 'a,b,c\n1,"stray,3\n4,5,6\n7,"8, eight",9\n')
    assert cells(sheet) == [("1", '"stray', "3"), ("4", "5", "6"), ("7", "8, eight", "9")]
    assert problems == [(2, "A quote opened in this row is never closed; it is read as an ordinary sign.")]


def test_a_cell_of_several_lines_may_have_text_after_its_quote(tmp_path: Path):
    sheet, problems = told(tmp_path, 'a,b\n1,"one\ntwo" three\n2,y\n')
    assert cells(sheet) == [("1", "one\ntwo three"), ("2", "y")]
    assert problems == [(2, "Text follows a closing quote; it is kept in the cell.")]


def test_damaged_utf8_is_read_as_utf8(tmp_path: Path):
    data = CHINESE.encode().replace("试验组".encode(), "试验组".encode()[:-1])
    sheet, problems = told(tmp_path, data)
    assert "受试者唯一编号" in sheet.columns
    assert [row for row, _words in problems] == [3]
    assert "\ufffd" in problems[0][1]


def test_a_line_naming_the_separator_is_obeyed(tmp_path: Path):
    sheet, problems = told(tmp_path, "sep=;\na;b\n1,5;2\n")
    assert (sheet.columns, cells(sheet), problems) == (("a", "b"), [("1,5", "2")], [])


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path: Path):
    sheet, _problems = told(tmp_path, "a;b\n1,5;2,5\n1,0;2,0\n")
    assert cells(sheet) == [("1,5", "2,5"), ("1,0", "2,0")]


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b",,\n,,\n", "The file holds no table."),
        (zipped("xl/workbook.xml"), "This is an Excel workbook, not a table in text form."),
        (zipped("dm.csv"), "This is a zip archive, not a table in text form."),
        (b"PK\x03\x04cut", "This is a zip archive, not a table in text form."),
        (b"%PDF-1.7", "This is a PDF document, not a table in text form."),
        (b"SQLite format 3\0rest", "This is an SQLite database, not a table in text form."),
        (b"<?xml version='1.0'?><ODM/>", "This is an XML file, not a table in text form."),
        (bytes(range(1, 32)) * 20, "This is not a text file."),
    ],
)
def test_what_is_no_table_is_told_by_name(data: bytes, words: str, tmp_path: Path):
    with pytest.raises(UserError) as error:
        told(tmp_path, data)
    assert (error.value.words, error.value.where) == (words, "table.csv")
    assert error.value.remedy


def test_what_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(UserError, match="no such file"):
        read(tmp_path / "none.csv", Findings())
    with pytest.raises(UserError, match="folder"):
        read(tmp_path, Findings())
    with pytest.raises(UserError, match="no encoding named"):
        told(tmp_path, "a,b\n1,2\n", encoding="utf-99")


def test_what_the_system_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = written(tmp_path, "a,b\n")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(Environment, match="Permission denied"):
        read(path, Findings())


def test_of_many_alike_problems_some_are_listed_and_the_rest_counted(tmp_path: Path):
    findings = Findings(listed=3)
    read(written(tmp_path, "a,b\n" + "1\n" * 10), findings)
    assert [problem.row for problem in findings.problems()] == [2, 3, 4, None]
    assert findings.problems()[-1].words.startswith("7 more rows have the same problem as row 2")


@needed("csv")
@pytest.mark.parametrize("path", sorted((DATA / "csv" / "csv-spectrum").glob("*.csv")), ids=lambda path: path.name)
def test_the_spectrum_of_csv(path: Path):
    sheet = read(path, Findings())
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    if path.stem == "location_coordinates":  # its number was replaced in one of the two
        assert [line.cells[1] for line in sheet.rows] == [expected["Location Coordinates"]]
        return
    plain = [{name: text.replace("\r\n", "\n") for name, text in row.items()} for row in expected]
    assert [dict(zip(sheet.columns, line.cells, strict=True)) for line in sheet.rows] == plain


@needed("csv")
@pytest.mark.parametrize(
    ("name", "delimiter", "columns", "rows"),
    [
        ("complex.csv", ",", 4, 3),
        ("simple.psv", "|", 6, 28),
        ("simple.ssv", ";", 3, 6),
        ("spanish_chars.csv", ",", 8, 115),
        ("excel_pasting.csv", ",", 9, 16),
        ("utf8bom.csv", ",", 2, 0),
    ],
)
def test_messy_tables(name: str, delimiter: str, columns: int, rows: int):
    sheet = read(DATA / "csv" / "messytables" / name, Findings())
    assert (sheet.delimiter, len(sheet.columns), len(sheet.rows)) == (delimiter, columns, rows)


@needed("csv")
@pytest.mark.parametrize("name", ["simple.xls", "simple.xlsx"])
def test_workbooks_are_named(name: str):
    with pytest.raises(UserError, match="Excel workbook"):
        read(DATA / "csv" / "messytables" / name, Findings())


HEAD = "site,term"
ROWS = ["01,Fièvre légère", "02,Übelkeit", "03,Dizziness", "04,Café"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("wrong", [0, 1, 3])
@pytest.mark.parametrize("encoding", ["cp1252", "gb18030"])
def test_a_row_of_another_encoding_is_named_and_spoils_no_other(tmp_path: Path, wrong: int, end: str, encoding: str):
    written = [row.encode(encoding if at == wrong else "utf-8") for at, row in enumerate(ROWS)]
    path = tmp_path / "ae.csv"
    path.write_bytes(end.encode().join([HEAD.encode(), *written, b""]))
    findings = Findings()
    sheet = read(path, findings)
    assert [row.cells[1] for at, row in enumerate(sheet.rows) if at != wrong] == [
        row[3:] for at, row in enumerate(ROWS) if at != wrong
    ]
    (problem,) = findings.problems()
    assert (problem.file, problem.row) == ("ae.csv", wrong + 2)
    assert problem.words.startswith("Damaged characters, shown as \ufffd: ")


def test_the_one_row_that_is_not_plain_is_named_where_the_encoding_was_guessed(tmp_path: Path):
    path = tmp_path / "ae.csv"
    path.write_bytes("site,term\r\n01,Fever\r\n02,Übelkeit\r\n03,Fever".encode("cp1252"))
    findings = Findings()
    assert [row.cells[1] for row in read(path, findings).rows] == ["Fever", "Übelkeit", "Fever"]
    (problem,) = findings.problems()
    assert (problem.file, problem.row) == ("ae.csv", 3)
    assert "read as Windows-1252" in problem.words

"""Text a spreadsheet would run leaves as text and comes back as it was."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.exchange.findings import Findings
from trialdesk.exchange.formulas import as_meant, harmless
from trialdesk.exchange.sheet_files import write_csv
from trialdesk.exchange.sheets import Sheet
from trialdesk.exchange.tabular import read

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_made_harmless(text: str):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'tis", "1-2", " =1", "≥ 3"])
def test_other_text_stays(text: str):
    assert harmless(text) == as_meant(text) == text


@given(st.text(alphabet="'=+-@\t\r a1"))
def test_what_was_made_harmless_comes_back(text: str):
    assert as_meant(harmless(text)) == text


def test_our_own_files_are_read_as_they_were_meant(tmp_path: Path):
    row = ("-", "+8 weeks", "'=x", Decimal("-1.5"), -3, "plain")
    (file,) = write_csv([Sheet("some.kind", tuple("abcdef"), (row,))], tmp_path / "out")
    assert file.read_text("utf-8").splitlines()[1] == "'-,'+8 weeks,''=x,-1.5,-3,plain"
    sheet = read(file, Findings())
    assert [line.cells for line in sheet.rows] == [("-", "+8 weeks", "'=x", "-1.5", "-3", "plain")]

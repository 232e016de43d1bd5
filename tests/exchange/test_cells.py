from __future__ import annotations

from decimal import Decimal

import pytest

from trialdesk.exchange.cells import CellType, decimal, flag, plain, reader
from trialdesk.exchange.findings import Findings


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("whole", "12", 12),
        ("whole", "12.0", 12),
        ("whole", "76,0", 76),
        ("whole", "-7", -7),
        ("decimal", "3.50", Decimal("3.50")),
        ("decimal", "3,5", Decimal("3.5")),
        ("flag", "Y", True),
        ("flag", "no", False),
        ("flag", "是", True),
        ("text", "NA", "NA"),
        ("partial", "2013-02", "2013-02"),
        ("whole", "NA", None),
        ("partial", ".", None),
    ],
)
def test_cells_become_values(kind: CellType, text: str, value: object):
    read = reader(kind, file="f", column="c", findings=Findings(), texts=[text])
    assert read(text, 2) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("whole", "1.5"),
        ("whole", "many"),
        ("whole", "9007199254740992"),
        ("decimal", "1,234"),
        ("decimal", "<5"),
        ("decimal", "NaN5"),
        ("flag", "perhaps"),
        ("partial", "soon"),
    ],
)
def test_what_does_not_fit_is_left_out_and_quoted(kind: CellType, text: str):
    findings = Findings()
    assert reader(kind, file="f", column="c", findings=findings, texts=[text])(text, 7) is None
    (problem,) = findings.problems()
    assert (problem.file, problem.row, problem.column) == ("f", 7, "c")
    assert text in problem.words


def test_numbers_have_one_form_in_keys():
    assert [plain(Decimal(text)) for text in ("3.50", "100", "1E2", "-0.0", "8.1")] == ["3.5", "100", "100", "0", "8.1"]
    assert decimal("1e9999") is None
    assert flag("") is None

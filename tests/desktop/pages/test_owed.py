"""What is owed, and why: the list, the chosen line's reasons, and the registers of money."""

from __future__ import annotations

import pytest

from tests.payments.playing import Trial, at, on
from tests.payments.test_money import TERMS
from trialdesk.desktop.pages.owed import OwedPage, WhyDetail


@pytest.fixture
def owing(ward):
    made = Trial(ward)
    at(ward, on("2026-03-10"))
    made.load(TERMS)
    for number in ("001", "002"):
        made.happened(number, "V2", "2026-02-20")
    made.certify()
    made.invoice()
    return made


def cells(table):
    return [[column.words(row) for column in table.model.columns] for row in table.rows()]


def words(widget):
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_every_line_stands_with_its_amounts(window, owing):
    page = window(owing.study, "owed").page
    assert isinstance(page, OwedPage)
    first, _second = cells(page.table)
    assert first[:3] == ["C-1", "V2", "001/V2"]
    assert first[4:] == ["Earned", "CN¥1,650.00", "CN¥165.00", "CN¥1,485.00"]
    assert page.sums.text() == "C-1: CN¥2,970.00 payable"


def test_beside_the_chosen_line_stands_why(window, owing, settle):
    page = window(owing.study, "owed").page
    page.focus_on("C-1 V2 002/V2")
    settle()
    detail = page.split.detail
    assert isinstance(detail, WhyDetail)
    said = words(detail)
    assert "complete 1 × window 1 × quality 1" in said
    assert 'fixed: "1500.00"' in said
    assert "visit_done V2 on 20 Feb 2026; recorded by Ada Lind" in said
    assert "INV-0001" in said


@pytest.mark.parametrize(
    ("section", "register", "shown"),
    [("contracts", "contracts-contract", "C-1"), ("payments", "payments-invoice", "INV-0001")],
)
def test_the_registers_of_money_show_what_there_is(window, owing, settle, section, register, shown):
    page = window(owing.study, section, register).page
    settle()
    assert shown in words(page) or any(shown in row for table in page.findChildren(type(page.table)) for row in cells(table))

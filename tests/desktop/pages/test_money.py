from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from tests.desktop.pages.conftest import said
from tests.overview.test_money import a_contract, an_invoice
from tests.support.acts import a_study
from trialdesk.desktop.pages.money import totals
from trialdesk.desktop.spot import Spot


@pytest.fixture
def study(ward):
    made = a_study(ward, "ATLAS")
    an_invoice(ward, made, a_contract(ward, made), "I-1", 10_000, due_on=date(2026, 2, 3))
    a_contract(ward, made, "C-2", "EUR")
    return made


@pytest.fixture
def page(shell, settle, study):
    shell.go(Spot("money"))
    settle()
    return shell.page


def test_every_contract_stands_with_its_amounts_and_what_is_late(page):
    rows = [[column.words(row) for column in page.table.model.columns][:7] for row in page.table.rows()]
    assert rows == [
        ["ATLAS", "C-1", "Overdue", "CN¥0.00", "CN¥110.00", "CN¥0.00", "CN¥110.00"],
        ["ATLAS", "C-2", "Nothing outstanding", "€0.00", "€0.00", "€0.00", "€0.00"],
    ]
    assert page.sums.text() == (
        "We are paid: Outstanding in all €0.00\nWe are paid: Overdue CN¥110.00 · Outstanding in all CN¥110.00"
    )


def test_nothing_is_added_up_across_currencies_or_directions(page):
    lines = totals(page.table.rows()).splitlines()
    assert len(lines) == 2


def test_from_a_contract_one_goes_to_its_payments_and_its_record(page, shell, settle, study, qtbot):
    row = page.table.rows()[0]
    page.table.select(row.id)
    settle()
    assert "Tide Pharma" in said(page.split)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    settle()
    assert shell.spot == Spot("studies", study, "payments")
    page._go(row, "contracts")
    settle()
    assert shell.spot == Spot("studies", study, "contracts", row.id)


def test_an_empty_page_says_what_belongs_there(shell, settle, ward):
    shell.go(Spot("money"))
    settle()
    assert "No contract yet" in said(shell.page)
    assert not shell.page.sums.isVisible()

"""The contracts as they are listed: one whose last day has passed says so, although nobody closed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QScrollArea, QWidget

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS
from trialdesk.base.i18n import set_language
from trialdesk.contracts.records import Contract
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.pages.contracts import REGISTERS
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.registers.reading import listed
from trialdesk.desktop.registers.sections import Sections
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.listing import Listing

WORDS = {"en": ["Active", "Expired"], "zh": ["履行中", "已到期"]}


@pytest.mark.parametrize("spoken", WORDS)
def test_a_contract_past_its_last_day_is_listed_as_expired(ward, spoken):
    trial = Trial(ward)
    at(ward, on("2026-03-10"))
    trial.load(TERMS)
    edit(ward, trial.study, Contract, trial.contract, state="active", ends_on=date(2026, 3, 31))
    register = next(each for each in REGISTERS if each.key in {"", "contracts-contract"})
    shown = next(each for each in register.columns if isinstance(each, Column) and each.key == "state")

    def said(day):
        (row,) = ward.read(listed, register=register, study=trial.study, on=day).rows
        return shown.words(row)

    set_language(spoken)
    assert [said(date(2026, 3, 31)), said(date(2026, 4, 1))] == WORDS[spoken]


def test_a_word_of_a_contract_leads_down_to_its_part_and_the_lists_there_tell_how_money_stands(ward, shell, settle):
    trial = Trial(ward)
    at(ward, on("2026-03-10"))
    trial.load(TERMS)
    trial.happened("001", "V2", "2026-02-20")
    trial.certify()
    trial.invoice()
    shell.go(Spot("studies", trial.study, "contracts", f"contracts-contract:{trial.contract}"))
    settle()
    settle()
    detail = shell.page.view.split.detail
    assert isinstance(detail, Detail)
    (sections,) = detail.findChildren(Sections)
    told = QTextDocumentFragment.fromHtml(sections.words.text()).toPlainText().replace("\N{NO-BREAK SPACE}", " ")
    assert "Certificates 1 · Invoices and credit notes 1 · Receipts ·" in told
    lists = {each.objectName(): each for each in detail.findChildren(Listing)}
    invoices = lists["contract-invoices"]
    model = invoices.rows_model
    (row,) = model.shown_rows()
    assert [column.words(row) for column in model.columns] == ["INV-0001", "Not due yet", "CN¥1,574.10", "CN¥1,574.10"]
    place = next(n for n, each in enumerate(told.split(" · ")) if each.startswith("Invoices"))
    bar = next(each for each in areas_above(detail)).verticalScrollBar()
    assert bar.value() == 0
    sections.words.linkActivated.emit(str(place))
    assert bar.value() > 0
    assert invoices.visibleRegion().boundingRect().height() > 0


def areas_above(widget: QWidget) -> Iterator[QScrollArea]:
    """Yield the areas a widget is scrolled in, the nearest first."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            yield above
        above = above.parentWidget()

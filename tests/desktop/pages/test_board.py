"""The board and the gates on the payments page: each row's figures, and beside it why and whom it counts."""

from __future__ import annotations

import pytest

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, on
from tests.payments.test_board import GATED
from trialdesk.desktop.board import BoardDetail, GateDetail
from trialdesk.desktop.spot import Spot


@pytest.fixture
def owing(ward):
    made = Trial(ward)
    made.play(GATED)
    at(ward, on("2026-03-20"))
    return made


@pytest.fixture
def opened(shell, owing, settle):
    def go(register, identity):
        shell.go(Spot("studies", owing.study, "payments", f"{register}:{identity}"))
        settle()
        settle()
        return shell.page.view

    return go


def test_a_deliverable_says_why_its_amount_is_what_it_is(opened):
    view = opened("payments-board", "C-1 V2")
    detail = view.split.detail
    assert isinstance(detail, BoardDetail)
    words = said(detail)
    assert "CN¥100.00" in words
    assert "held back by gate G1" in words
    assert "visit done V2 on 10 Feb 2026; recorded by Ada Lind" in words
    row = next(row for row in view.table.rows() if row.rule == "V2")
    assert {column.key: column.words(row) for column in view.table.model.columns}["gated"] == "100.00"


def test_what_has_not_happened_says_so(opened):
    assert "Nothing of it has happened yet." in said(opened("payments-board", "C-1 LATER").split.detail)


def test_a_gate_lists_month_ends_and_whom_it_counts(opened):
    view = opened("payments-gates", "C-1 G1")
    detail = view.split.detail
    assert isinstance(detail, GateDetail)
    words = said(detail)
    assert "Numerator: 1\n001" in words
    assert "Denominator: 2\n001, 002" in words
    assert "1/10 of a line after 2 month ends" in words
    row = view.table.rows()[0]
    assert {column.key: column.words(row) for column in view.table.model.columns}["share"] == "1 / 2 = 50.0 %"


def test_the_board_has_all_the_room_until_a_row_is_asked_for(shell, owing, settle):
    shell.go(Spot("studies", owing.study, "payments", "payments-board:"))
    settle()
    settle()
    view = shell.page.view
    assert not view.split.detail
    view.table.view.setCurrentIndex(view.table.view.model().index(1, 1))
    settle()
    assert not view.split.detail, "moving in the list asks for nothing"
    view.table.view.clicked.emit(view.table.view.currentIndex())
    settle()
    assert isinstance(view.split.detail, BoardDetail)

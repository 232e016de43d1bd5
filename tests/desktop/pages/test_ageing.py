"""The ageing on the payments page: a contract's figures, and beside it its invoices and what is open of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, on
from tests.payments.test_ageing import billed
from trialdesk.desktop.ageing import AgeingDetail
from trialdesk.desktop.spot import Spot


def test_a_contract_tells_how_old_what_is_open_is(ward, shell, settle):
    trial = Trial(ward)
    invoice = billed(trial)
    assert invoice.due_on is not None
    at(ward, on((invoice.due_on + timedelta(45)).isoformat()))
    shell.go(Spot("studies", trial.study, "payments", f"payments-ageing:{trial.contract}"))
    settle()
    settle()
    view = shell.page.view
    (row,) = view.table.rows()
    told = {column.key: column.words(row) for column in view.table.model.columns}
    assert [told[key] for key in ("currency", "to_60", "disputed", "unapplied")] == [
        "CNY",
        f"{(invoice.gross - 81_000) / 100:,.2f}",
        "10.00",
        "200.00",
    ]
    detail = view.split.detail
    assert isinstance(detail, AgeingDetail)
    words = said(detail)
    assert "45 days at most" in words
    assert "31 to 60 days\nCN¥2,338.20" in words
    invoices: list[Any] = detail.invoices.rows_model.shown_rows()
    pieces: list[Any] = detail.pieces.rows_model.shown_rows()
    assert [each.number for each in invoices] == [invoice.number]
    assert {each.age for each in pieces} == {"31-60", "disputed"}


def test_without_an_invoice_it_says_what_will_stand_there(ward, shell, settle):
    trial = Trial(ward)
    shell.go(Spot("studies", trial.study, "payments", "payments-ageing:"))
    settle()
    settle()
    assert "How old what is open is stands here" in said(shell.page)

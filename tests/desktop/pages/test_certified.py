"""The queue of certificates and the invoice before its number on the payments page, done by who may."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_asking import TERMS
from trialdesk.desktop.billing import NextInvoice
from trialdesk.desktop.board import BoardDetail
from trialdesk.desktop.certified import VouchedFor
from trialdesk.desktop.cockpit import MoneyStands
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.signing import SignDialog
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.certifying import certify_certificate, prepare_certificate
from trialdesk.payments.queries import invoices


@pytest.fixture
def trial(ward):
    made = Trial(ward)
    at(ward, on("2026-03-01"))
    made.load(TERMS)
    return made


@pytest.fixture
def opened(shell, trial, settle):
    def go(register, identity=""):
        shell.go(Spot("studies", trial.study, "payments", f"{register}:{identity}"))
        settle()
        settle()
        return shell.page.view

    return go


def test_a_certificate_shows_every_line_why_and_what_has_fallen(trial, opened, settle):
    visit = trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    given = {"contract": trial.contract, "as_of": trial.desk.today, "needs_verification": True}
    made = trial.desk.run(prepare_certificate, study=trial.study, **given).result
    view = opened("payments-certificate", made)
    (row,) = view.table.rows()
    told = {column.key: column.words(row) for column in view.table.model.columns}
    assert (told["state"], told["pay"], told["hold"]) == ("To be verified", "CN¥2,639.98", "CN¥293.34")
    (inside,) = view.split.detail.findChildren(VouchedFor)
    assert [line.unit for line in inside.lines.rows_model.shown_rows()] == ["001/V2", "002/V2"]
    assert "Achieved\nCN¥2,933.32" in said(inside)
    refused = {offer.words: offer.refused for offer in view.split.detail.acts.offers}
    assert refused["Verify"] == ""
    assert refused["Certify"] == "The facts are to be verified first."
    inside.lines.opened.emit(inside.lines.rows_model.shown_rows()[0])
    settle()
    assert "visit done V2 on 20 Feb 2026; recorded by Ada Lind" in said(inside)
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    view.refresh()
    settle()
    settle()
    view.show_record(made)
    settle()
    settle()
    inside = view.split.detail.findChildren(VouchedFor)[-1]
    assert "Less is due by now of 1 line" in said(inside)


def test_who_signs_sees_the_amounts_and_what_has_fallen(trial, opened, settle):
    visit = trial.happened("001", "V2", "2026-02-20")
    trial.happened("002", "V2", "2026-02-21")
    made = trial.desk.run(
        prepare_certificate, study=trial.study, contract=trial.contract, as_of=trial.desk.today
    ).result
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    view = opened("payments-certificate", made)
    view.split.detail.wanted.emit(certify_certificate)
    settle()
    settle()
    entry = view.split.detail
    assert isinstance(entry, Entry)
    for words in ("Payable\nCN¥2,639.98", "Less is due by now\nV2 · 001 · V2: CN¥0.00 instead of CN¥1,319.99"):
        assert words in said(entry), words
    entry.form.editor("fallen_known").set_value(True)
    entry.save()
    settle()
    (dialog,) = view.window().findChildren(SignDialog)
    assert "Payable\nCN¥2,639.98" in said(dialog)
    assert "CN¥0.00 instead of CN¥1,319.99" in said(dialog)
    dialog.reject()


def test_the_answer_below_a_long_list_comes_into_sight(trial, opened, settle):
    for number in range(1, 31):
        trial.happened(f"{number:03}", "V2", "2026-02-20")
    view = opened("payments-board")
    (row,) = (each for each in view.table.rows() if each.rule == "V2")
    view.table.view.setCurrentIndex(view.table.view.model().index(view.table.rows().index(row), 1))
    view.table.view.clicked.emit(view.table.view.currentIndex())
    settle()
    detail = view.split.detail
    assert isinstance(detail, BoardDetail)
    detail.lines.opened.emit(detail.lines.rows_model.shown_rows()[0])
    settle()
    settle()
    area = next(each for each in view.findChildren(QScrollArea) if each.isAncestorOf(detail))
    inside = area.widget()
    assert inside is not None
    top = detail.why.mapTo(area.viewport(), detail.why.rect().topLeft()).y()
    assert detail.why.mapTo(inside, detail.why.rect().topLeft()).y() > area.viewport().height()
    assert 0 <= top < area.viewport().height() // 2


def test_the_next_invoice_is_seen_before_it_has_a_number(trial, opened, settle):
    trial.happened("001", "V2", "2026-02-20")
    view = opened("payments-billing", trial.contract)
    (inside,) = view.split.detail.findChildren(NextInvoice)
    assert "What is earned is certified first" in said(inside)
    trial.certify()
    trial.say_who_asks()
    view = opened("payments-billing", trial.contract)
    view.show_record(trial.contract)
    settle()
    settle()
    inside = view.split.detail.findChildren(NextInvoice)[-1]
    words = said(inside)
    assert "Total\nCN¥1,399.19" in words
    assert [line.unit for line in inside.lines.rows_model.shown_rows()] == ["001/V2"]
    assert next(iter(view.split.detail.acts.offers)).words == "Invoice…"
    assert all(label.text() != "INV-0001" for label in inside.findChildren(QLabel))
    assert trial.desk.read(invoices, study=trial.study) == ()
    assert trial.invoice().gross == 139919


def test_a_contract_says_how_its_money_stands(trial, shell, settle):
    trial.happened("001", "V2", "2026-02-20")

    def inside():
        shell.go(Spot("studies", trial.study, "contracts", f"contracts-contract:{trial.contract}"))
        settle()
        settle()
        shell.page.view.show_record(trial.contract)
        settle()
        settle()
        return shell.page.view.split.detail.findChildren(MoneyStands)[-1]

    assert said(inside()) == ""
    trial.certify()
    trial.invoice()
    assert "Invoiced, with tax\nCN¥1,399.19" in said(inside())

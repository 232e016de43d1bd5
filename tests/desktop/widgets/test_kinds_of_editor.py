"""Editors for what a line of text is not enough for: money, files, passphrases, texts of several lines."""

from __future__ import annotations

import pytest

from trialdesk.base.fields import Field
from trialdesk.desktop.widgets.amounts import MoneyEditor
from trialdesk.desktop.widgets.chosen import FileEditor
from trialdesk.desktop.widgets.editors import ProseEditor
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.passphrase import PassphraseEditor

AMOUNT = Field("money", "Amount", "amount", group="price")
CURRENCY = Field("text", "Currency", "currency", group="price")


@pytest.fixture
def form(qtbot):
    made = Form((CURRENCY, AMOUNT))
    qtbot.addWidget(made)
    return made


def test_an_amount_is_read_in_the_currency_named_beside_it(form):
    form.editor("amount").set_typed("1,250.50")
    form.editor("currency").set_typed("USD")
    assert form.values()["amount"] == 125_050
    form.editor("currency").set_typed("JPY")
    assert form.values()["amount"] is None
    assert "whole amount" in form.problems()["amount"]
    form.editor("amount").set_typed("1250")
    assert form.values()["amount"] == 1250


def test_a_currency_half_typed_changes_nothing(form):
    form.editor("currency").set_typed("USD")
    form.editor("amount").set_typed("10.5")
    form.editor("currency").set_typed("US")
    assert form.values()["amount"] == 1050


def test_a_record_is_shown_in_its_own_currency(form):
    form.set_values({"amount": 500, "currency": "JPY"})
    assert form.editor("amount").typed() == "500"
    form.set_values({"amount": 500, "currency": "CNY"})
    assert form.editor("amount").typed() == "5.00"


def test_an_amount_asked_alone_takes_the_currency_of_the_record(qtbot):
    form = Form((AMOUNT,), {"amount": 500, "currency": "JPY"})
    qtbot.addWidget(form)
    editor = form.editor("amount")
    assert isinstance(editor, MoneyEditor)
    assert editor.typed() == "500"


def test_a_file_is_its_path_until_the_act_reads_it(qtbot, tmp_path):
    form = Form((Field("file", "File", "data", required=True),))
    qtbot.addWidget(form)
    editor = form.editor("data")
    assert isinstance(editor, FileEditor)
    editor.set_typed(str(tmp_path / "letter.pdf"))
    assert editor.value() is None
    assert form.problems()["data"] == "There is no such file."
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-")
    assert editor.value() == tmp_path / "letter.pdf"
    assert form.problems() == {}


@pytest.mark.parametrize("name", ["password", "passphrase"])
def test_a_passphrase_is_hidden_and_in_no_draft(qtbot, name):
    form = Form((Field("secret", "Passphrase", name),))
    qtbot.addWidget(form)
    editor = form.editor(name)
    assert isinstance(editor, PassphraseEditor)
    editor.line.setText("open sesame ")
    assert editor.line.echoMode() == editor.line.EchoMode.Password
    assert (editor.value(), editor.typed()) == ("open sesame ", "")


def test_a_field_of_several_lines_says_so_itself(qtbot):
    form = Form((Field("text", "Summary", "summary", prose=True),))
    qtbot.addWidget(form)
    assert isinstance(form.editor("summary"), ProseEditor)

"""What is owed, and why: the list, the chosen line's reasons, and the registers of money."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from tests.desktop.pages.conftest import said
from tests.payments.playing import Trial, at, on
from tests.payments.test_money import TERMS
from trialdesk.desktop import files
from trialdesk.desktop.pages.owed import OwedPage
from trialdesk.desktop.pages.payments import REGISTERS
from trialdesk.desktop.registers.showing import asked_fields
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.why import WhyDetail
from trialdesk.overview.access import access_log
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.pack.archive import read_pack
from trialdesk.payments.pack.recomputing import recompute
from trialdesk.payments.queries import invoices


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


@pytest.fixture
def opened(shell, owing, settle):
    def go(section, focus=""):
        shell.go(Spot("studies", owing.study, section, focus))
        settle()
        return shell.page

    return go


def cells(table):
    return [[column.words(row) for column in table.model.columns] for row in table.rows()]


def test_every_line_stands_with_its_amounts(opened):
    page = opened("owed")
    assert isinstance(page, OwedPage)
    first, _second = cells(page.table)
    assert first[:3] == ["C-1", "V2", "001 · V2"]
    assert first[3:5] == ["CN¥1,650.00", "Earned"]
    assert first[6:] == ["CN¥165.00", "CN¥1,485.00"]
    assert page.sums.text() == "C-1: CN¥2,970.00 due in all before tax, with what was invoiced and received already"


def test_beside_the_chosen_line_stands_why_with_what_it_leads_to(opened, owing, shell, settle):
    page = opened("owed")
    page.focus_on("C-1 V2 002/V2")
    settle()
    detail = page.split.detail
    assert isinstance(detail, WhyDetail)
    words = said(detail)
    assert "complete 1 × window 1 × quality 1" in words
    assert 'fixed: "1500.00"' in words
    assert "visit done: V2, once for each participant" in words
    assert "visit done V2 on 20 Feb 2026; recorded by Ada Lind" in words
    assert "Signed: I certify these amounts: " in words
    links = {each.text(): each for each in detail.findChildren(QPushButton)}
    assert {"Certificate C-1/1", "Invoice INV-0001", "Participant 002"} <= links.keys()
    (invoice,) = owing.desk.read(invoices, study=owing.study)
    links["Invoice INV-0001"].click()
    settle()
    settle()
    assert (shell.page.view.register.kind, shell.page.view.showing.outermost) == ("payments.invoice", invoice.id)


def test_an_entry_of_the_ledger_says_what_it_rests_on(owing, shell, settle):
    owing.desk.run(post_ledger, study=owing.study, contract=owing.contract)
    shell.go(Spot("studies", owing.study, "payments", "payments-entry:"))
    settle()
    view = shell.page.view
    rows = [row for row in view.table.rows() if row.value("unit") == "002/V2"]
    view.show_record(rows[0].id)
    settle()
    settle()
    words = said(view.split.detail)
    assert "visit done V2 on 20 Feb 2026; recorded by Ada Lind" in words
    assert "002 · V2" in words
    assert ".visit_done" not in words


def listed(page, name):
    listing = page.view.split.detail.findChild(Listing, name)
    model = listing.model()
    return [
        str(model.index(row, column).data()) for row in range(model.rowCount()) for column in range(model.columnCount())
    ]


def test_a_contract_shows_what_follows_from_it(opened, owing):
    page = opened("contracts", owing.contract)
    assert "Active" in said(page.view.split.detail)
    assert "1" in listed(page, "contracts-terms_version")
    assert "C-1/1" in listed(page, "contract-certificates")
    assert "INV-0001" in listed(page, "contract-invoices")


def test_an_invoice_shows_its_lines(opened, ward, owing):
    (invoice,) = ward.read(invoices, study=owing.study)
    page = opened("payments", invoice.id)
    assert "INV-0001" in said(page.view.split.detail)
    assert {"001 · V2", "002 · V2"} <= set(listed(page, "payments-invoice_line"))


def test_the_recompute_pack_is_written_where_a_person_says(opened, owing, settle, tmp_path, monkeypatch):
    page = opened("payments")
    where = tmp_path / "pack.zip"
    asked = []

    def choose(_over, title, _memory, then, *, name, kinds):
        asked.append((title, name, kinds))
        then(where)

    monkeypatch.setattr(files, "ask_where", choose)
    button = next(each for each in page.findChildren(QPushButton) if each.text().startswith("Recompute pack"))
    button.click()
    settle()
    assert asked == [("Save recompute pack", "C-1-2026-03-10-pack.zip", "Recompute pack (*.zip)")]
    assert recompute(read_pack(where.read_bytes())).lines == 2
    log = owing.desk.read(access_log, study=owing.study, on=owing.desk.today)
    assert any(row.about == "recompute pack" for row in log)


def test_a_receipt_is_begun_among_the_receipts_with_its_contract_asked_for():
    register = next(each for each in REGISTERS if each.kind == "payments.receipt")
    (begin,) = register.beginning()
    fields, known = asked_fields(register, begin, None)
    assert ([field.name for field in fields][:2], known) == (["contract", "reference"], {})

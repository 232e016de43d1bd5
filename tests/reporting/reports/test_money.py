"""Statements and invoices say the integers of the desk, and stay what they were."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.money import money_text
from trialdesk.enrollment import records as enrollment
from trialdesk.payments.actions.disputing import raise_dispute
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.queries import entries, receipts
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.proving import prove
from trialdesk.reporting.reports.amounts import in_words
from trialdesk.reporting.reports.invoice import REPORT
from trialdesk.reporting.reports.reconciliation import identities
from trialdesk.studies import records as studies


@pytest.fixture
def trial(sqlite_desk: Application) -> Trial:
    made = Trial(sqlite_desk)
    at(sqlite_desk, on("2026-03-10"))
    made.load(TERMS)
    for number in ("001", "002", "003"):
        made.happened(number, "V2", "2026-02-20")
    made.certify()
    return made


def printed(desk: Application, key: str, language: str, **more: Any) -> str:
    pages = page_texts(make(desk, key, study="HARBOUR", language=language, **more).pdf)
    return "".join(pages).replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_totals_of_an_invoice_are_the_ledgers_integers(trial: Trial, language: str):
    trial.desk.run(post_ledger, study=trial.study, contract=trial.contract)
    invoice = trial.invoice()
    told = facts(trial.desk, "invoice", study="HARBOUR", number=invoice.number)
    keys = {(line.rule, line.unit) for line in told.lines}
    ledger = sum(
        each.amount for each in trial.desk.read(entries, contract=trial.contract) if (each.rule, each.unit) in keys
    )
    assert told.net == sum(line.net for line in told.lines) == ledger == invoice.net
    assert told.gross == told.net + told.tax == invoice.gross
    text = printed(trial.desk, "invoice", language, number=invoice.number)
    with speaking(language):
        for amount in (told.net, told.tax, told.gross):
            assert money_text(amount, "CNY").replace(" ", "") in text
        assert in_words(told.gross, "CNY") in text


def test_a_statement_tells_the_assessment_and_is_proven_later(trial: Trial, tmp_path: Path):
    told = facts(trial.desk, "payment-statement", study="HARBOUR")
    assert told.totals == trial.owed().assessment.totals
    assert told.as_of == trial.desk.today
    file = tmp_path / "statement.pdf"
    file.write_bytes(make(trial.desk, "payment-statement", study="HARBOUR", language="en", contract="C-1").pdf)
    at(trial.desk, on("2027-03-01"))
    assert prove(trial.desk, file).unaltered is True
    edit(trial.desk, trial.study, enrollment.Participant, trial.subject("002"), voided=True)
    verdict = prove(trial.desk, file)
    assert (verdict.unaltered, verdict.same_now) == (True, False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_books_say_the_ledgers_integers_and_close_to_nothing(trial: Trial, language: str):
    run(trial, post_ledger, contract=trial.contract)
    invoice = trial.invoice()
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=trial.desk.today,
                  amount=200000, currency="CNY")  # fmt: skip
    run(trial, settle_invoice, receipt=receipt, invoice=invoice.id)
    run(trial, raise_dispute, invoice_line=invoice.lines[2].id, raised_on=trial.desk.today, grounds="price",
        amount=1000, currency="CNY", words="too much")  # fmt: skip
    told = facts(trial.desk, "reconciliation", study="HARBOUR")
    ledger = sum(each.amount for each in trial.desk.read(entries, contract=trial.contract))
    assert told.posted == told.totals.payable == ledger
    assert (told.net, told.gross, told.received) == (invoice.net, invoice.gross, 200000)
    assert (told.disputed, told.open) == (1000, invoice.gross - 201000)
    assert all(each.closes for each in identities(told))
    aged = facts(trial.desk, "ageing", study="HARBOUR")
    assert sum(aged.sums.values()) == told.open + told.disputed == sum(each.open for each in aged.invoices)
    text = printed(trial.desk, "reconciliation", language)
    with speaking(language):
        assert text.count(money_text(ledger, "CNY").replace(" ", "")) >= 3
        assert money_text(0, "CNY") in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_transparency_list_tells_what_was_received_in_its_year_and_no_other(trial: Trial, language: str):
    for reference, day, amount in (("B-1", date(2025, 12, 31), 1), ("B-2", date(2026, 1, 1), 157410)):
        run(trial, record_receipt, contract=trial.contract, reference=reference, value_on=day, amount=amount,
            currency="CNY", remarks="By letter of intent")  # fmt: skip
    told = facts(trial.desk, "transparency", study="HARBOUR")
    received = sum(each.amount for each in trial.desk.read(receipts, study=trial.study))
    earlier = facts(trial.desk, "transparency", study="HARBOUR", year="2025")
    assert (told.year, sum(each.cash for each in (*told.given, *earlier.given))) == (2026, received)
    assert [each.cash for each in told.given] == [157410]
    with speaking(language):
        assert money_text(157410, "CNY").replace(" ", "") in printed(trial.desk, "transparency", language)
    for year in ("26", "２０２６", "0000", "soon"):
        with pytest.raises(UserError, match="no year"):
            facts(trial.desk, "transparency", study="HARBOUR", year=year)


def test_an_ageing_of_an_earlier_day_does_not_see_what_came_later(trial: Trial):
    invoice = trial.invoice()
    at(trial.desk, on("2026-04-20"))
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B-1", value_on=date(2026, 4, 15),
                  amount=invoice.gross, currency="CNY")  # fmt: skip
    run(trial, settle_invoice, receipt=receipt, invoice=invoice.id)
    before = facts(trial.desk, "ageing", study="HARBOUR", as_of=date(2026, 4, 14))
    assert sum(before.sums.values()) == invoice.gross
    assert facts(trial.desk, "ageing", study="HARBOUR", as_of=date(2026, 3, 9)).invoices == ()
    after = facts(trial.desk, "ageing", study="HARBOUR")
    assert (sum(after.sums.values()), after.days_to_pay) == (0, 36)


def test_a_forecast_counts_what_is_planned_and_writes_nothing(trial: Trial):
    edit(trial.desk, trial.study, studies.PlannedVisit, trial.visit("V2"), planned_day=120)
    trial.subject("009")
    before = trial.desk.position(trial.study)
    told = facts(trial.desk, "forecast", study="HARBOUR")
    # Day 1 is 2026-02-01, so day 120 is 2026-05-31; the three others had their visit.
    assert (told.due, told.retention, told.delays) == (1, "1", ())
    months = {each.month: (each.low, each.base, each.high, each.hold, each.cash) for each in told.months}
    assert months[date(2026, 5, 1)] == (165000, 165000, 165000, 16500, 0)
    assert sum(each.base for each in told.months) == 165000
    assert (told.ceiling, told.released_by) == (None, ("HB",))
    assert trial.desk.position(trial.study) == before


def test_a_statement_as_of_an_earlier_day(trial: Trial):
    told = facts(trial.desk, "payment-statement", study="HARBOUR", as_of=date(2026, 2, 19))
    assert (told.totals.earned, told.lines, told.as_of) == (0, (), date(2026, 2, 19))


def test_the_last_invoice_is_printed_unless_another_is_named(trial: Trial):
    first = trial.invoice()
    trial.happened("004", "V2", "2026-02-21")
    trial.certify()
    second = trial.invoice()
    assert facts(trial.desk, "invoice", study="HARBOUR").number == second.number
    assert facts(trial.desk, "invoice", study="HARBOUR", number=first.number).gross == first.gross
    with pytest.raises(UserError, match="no invoice"):
        facts(trial.desk, "invoice", study="HARBOUR", number="INV-0009")
    with pytest.raises(UserError, match="does not ask for"):
        facts(trial.desk, "consort", study="HARBOUR", number="INV-0009")


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (0, "CNY", "人民币零元整"),
        (5, "CNY", "人民币伍分"),
        (10, "CNY", "人民币壹角整"),
        (100005, "CNY", "人民币壹仟元零伍分"),
        (157410, "CNY", "人民币壹仟伍佰柒拾肆元壹角整"),
        (1000000000, "CNY", "人民币壹仟万元整"),
        (1000500000, "CNY", "人民币壹仟万伍仟元整"),
        (10203040506, "CNY", "人民币壹亿零贰佰零叁万零肆佰零伍元零陆分"),
        (-12345, "CNY", "人民币负壹佰贰拾叁元肆角伍分"),
        (119839, "JPY", "JPY 壹拾壹万玖仟捌佰叁拾玖整"),
        (1205, "USD", "USD 壹拾贰点零伍"),
    ],
)
def test_amounts_in_chinese_words(amount: int, currency: str, words: str):
    with speaking("zh"):
        assert in_words(amount, currency) == words
    with speaking("en"):
        assert in_words(amount, currency) == ""


def test_a_credit_note_is_called_one_and_what_is_issued_is_final():
    assert REPORT.state == "final"
    assert [
        REPORT.title_of(each) for each in (None, *(SimpleNamespace(kind=kind) for kind in ("invoice", "credit_note")))
    ] == [
        "Invoice",
        "Invoice",
        "Credit note",
    ]
    with speaking("zh"):
        assert REPORT.title_of(SimpleNamespace(kind="credit_note")) == "贷项通知单"

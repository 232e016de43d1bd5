"""Every paper on money against the record: what each prints is the integers of the ledger, bills, bank and shares.

On the demonstration, whose contract has an amendment, a gate, a dispute, a credit note, holdback and distributions. The
integers are summed from the tables as they lie, past every query that the papers are gathered by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.demonstration import built_demonstration
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.commandline.demonstration import DESK, PASSWORD, USER
from trialdesk.commandline.demonstration.design import SHORT_NAME
from trialdesk.overview.money import money
from trialdesk.payments.ageing import ageing
from trialdesk.payments.billing import bill
from trialdesk.payments.owed import Statement, statement
from trialdesk.payments.records import Allocation, Certificate, Entry, Invoice, Receipt, WriteOff
from trialdesk.payments.sharing.records import Beneficiary, Distribution, Share
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.studies.records import Study
from trialdesk.trail.position import last_known

__all__ = ["built_demonstration"]

Amounts = list[tuple[dict[str, Any], list[int]]]
"""What a paper is made with, and what it must print then."""


@pytest.fixture(scope="module")
def desk(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    copy = Path(copytree(built_demonstration, tmp_path_factory.mktemp("ledger") / "demonstration"))
    application = Application(str(copy / DESK)).open()
    application.sign_in(USER, PASSWORD)
    yield application
    application.close()


def rows(desk: Application, record: type[Record]) -> list[Any]:
    """Return all of a table that is not voided, as it lies."""

    def all_of(read: Read) -> list[Any]:
        return read.rows(sa.select(record.TABLE).where(~record.TABLE.c.voided))

    found: list[Any] = desk.read(all_of)
    return found


def study_id(read: Read) -> Id:
    return str(read.value(sa.select(Study.TABLE.c.id)))


def today(desk: Application) -> date:
    """Return the day of the desk, which tells an invented trial: its clock goes on from its last act."""
    return desk.clock.now().date()


def held(desk: Application) -> tuple[int, int]:
    """Return what was held back, and what of it was released, as posted."""
    entries = rows(desk, Entry)
    return (
        -sum(each.amount for each in entries if each.component == "hold_out"),
        sum(each.amount for each in entries if each.component == "hold_in"),
    )


def applied(desk: Application) -> int:
    return sum(each.amount for each in rows(desk, Allocation))


def of_statement(desk: Application) -> Amounts:
    return [({}, [sum(each.amount for each in rows(desk, Entry))])]


def of_invoices(desk: Application) -> Amounts:
    return [({"number": each.number}, [each.net, each.tax, each.gross]) for each in rows(desk, Invoice)]


def of_certificates(desk: Application) -> Amounts:
    return [
        (
            {"number": each.number},
            [sum(line[name] for line in json.loads(each.lines)) for name in ("line", "hold", "pay")],
        )
        for each in rows(desk, Certificate)
    ]


def of_reconciliation(desk: Application) -> Amounts:
    bills, arrived = rows(desk, Invoice), sum(each.amount for each in rows(desk, Receipt))
    out, in_ = held(desk)
    return [
        (
            {},
            [
                sum(each.amount for each in rows(desk, Entry)),
                sum(each.net for each in bills),
                sum(each.tax for each in bills),
                sum(each.gross for each in bills),
                applied(desk),
                arrived - applied(desk),
                sum(each.fees or 0 for each in rows(desk, Receipt)),
                sum(each.amount for each in rows(desk, WriteOff)),
                out,
                out - in_,
            ],
        )
    ]


def of_ageing(desk: Application) -> Amounts:
    told = facts(desk, "ageing", study=SHORT_NAME)
    given_up = sum(each.amount for each in rows(desk, WriteOff))
    assert sum(told.sums.values()) == sum(each.gross for each in rows(desk, Invoice)) - applied(desk) - given_up
    return [({}, [*filter(None, told.sums.values())])]


def of_forecast(desk: Application) -> Amounts:
    """It tells what is held by now, posted or not; nothing that it foretells is in the ledger."""

    def owed(read: Read) -> Statement:
        known = last_known(read, read.value(sa.select(Study.TABLE.c.id)))
        assert known is not None
        return statement(read, study=study_id(read), as_of=known[1], known_at=known[0])

    held_now = desk.read(owed).assessment.totals.held
    told = facts(desk, "forecast", study=SHORT_NAME)
    assert told.held == held_now
    return [({}, [held_now])]


def of_distributions(desk: Application) -> Amounts:
    shares, posted = rows(desk, Share), {each.id for each in rows(desk, Distribution) if each.posted_on}
    found: Amounts = []
    for each in rows(desk, Beneficiary):
        amounts = [share.amount for share in shares if share.beneficiary == each.id and share.distribution in posted]
        found.append(({"beneficiary": each.code}, [sum(amounts)] if amounts else []))
    return found


def of_transparency(desk: Application) -> Amounts:
    received: dict[str, int] = {}
    for each in rows(desk, Receipt):
        year = str(each.value_on.year)
        received[year] = received.get(year, 0) + each.amount
    return [({"year": year}, [amount]) for year, amount in received.items()]


def of_close_out(desk: Application) -> Amounts:
    out, in_ = held(desk)
    return [({}, [sum(each.gross for each in rows(desk, Invoice)), applied(desk), out, out - in_])]


def of_profit_and_loss(desk: Application) -> Amounts:
    posted = [each for each in rows(desk, Distribution) if each.posted_on]
    return [
        (
            {},
            [
                sum(each.net for each in rows(desk, Invoice)),
                sum(each.amount for each in rows(desk, Receipt)),
                -sum(each.amount for each in posted),
            ],
        )
    ]


PAPERS: dict[str, Callable[[Application], Amounts]] = {
    "payment-statement": of_statement,
    "milestone-certificate": of_certificates,
    "invoice": of_invoices,
    "distribution-statement": of_distributions,
    "reconciliation": of_reconciliation,
    "ageing": of_ageing,
    "forecast": of_forecast,
    "transparency": of_transparency,
    "money-close-out": of_close_out,
    "profit-and-loss": of_profit_and_loss,
}


def test_no_paper_on_money_is_left_out():
    keys = [report.key for report in REPORTS]
    assert {*keys[keys.index("payment-statement") :]} == {*PAPERS}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", PAPERS)
def test_a_paper_on_money_prints_the_records_integers(desk: Application, key: str, language: str):
    wanted = PAPERS[key](desk)
    assert any(amounts for _given, amounts in wanted)
    for given, amounts in wanted:
        pages = page_texts(make(desk, key, study=SHORT_NAME, language=language, **given).pdf)
        text = "".join("".join(pages).split())
        with speaking(language):
            for amount, times in Counter(amounts).items():
                assert text.count("".join(money_text(amount, "CNY").split())) >= times, (given, amount)


def test_the_window_tells_of_all_studies_money_what_the_ageing_tells(desk: Application):
    study = desk.read(study_id)
    (shown,) = desk.read(money, on=today(desk))
    (aged,) = desk.read(ageing, study=study, on=today(desk))
    assert (shown.open, shown.overdue, shown.disputed, shown.overpaid) == (
        aged.open,
        aged.late,
        aged.disputed,
        aged.overpaid,
    )
    assert shown.overdue
    assert shown.disputed
    assert shown.overpaid


def test_an_invoice_tells_of_each_line_how_it_comes_to_its_amount(desk: Application):
    study = desk.read(study_id)
    prepared = sorted(rows(desk, Certificate), key=lambda row: row.prepared_on)
    reckoned = 0
    for each in rows(desk, Invoice):
        told = desk.read(bill, study=study, number=each.number)
        assert told is not None
        assert told.certificates
        certified = {
            (line["rule"], line["unit"]): line
            for paper in prepared
            if paper.certified_on and paper.certified_on <= each.issued_on
            for line in json.loads(paper.lines)
        }
        for line in told.lines:
            if line.corrects is not None:
                assert told.kind == "credit_note"
                assert 0 > line.net >= -line.corrects.net
            elif line.price is not None:
                reckoned += 1
                assert line.factor is not None
                assert line.line is not None
                assert abs(line.price * Fraction(line.factor) + line.overhead - line.line) < 1
                assert line.line - line.withheld - line.before == line.net
                if not line.before:
                    assert line.withheld in {0, certified[line.rule, line.unit]["hold"]}, (each.number, line)
    assert reckoned > 100


def test_a_statement_of_a_day_that_is_past_tells_that_day(desk: Application):
    before = facts(desk, "payment-statement", study=SHORT_NAME, as_of=date(2026, 6, 30))
    assert before.ledger == sum(each.amount for each in rows(desk, Entry) if each.as_of <= date(2026, 6, 30))
    assert (before.to_invoice, before.to_credit) == (None, None)
    assert 0 < before.ledger <= before.totals.earned
    now = facts(desk, "payment-statement", study=SHORT_NAME)
    assert now.ledger == sum(each.amount for each in rows(desk, Entry))
    books = facts(desk, "reconciliation", study=SHORT_NAME)
    assert now.to_invoice == sum(line.ready for line in books.lines)
    assert now.to_credit == sum(line.to_credit for line in books.lines)


@pytest.mark.parametrize("key", ["reconciliation", "forecast", "money-close-out"])
def test_a_paper_that_knows_only_today_refuses_another_day(desk: Application, key: str):
    with pytest.raises(UserError, match="does not ask for as_of"):
        facts(desk, key, study=SHORT_NAME, as_of=date(2026, 6, 30))


def test_what_is_held_back_is_one_figure_on_every_paper(desk: Application):
    told = [facts(desk, key, study=SHORT_NAME) for key in ("payment-statement", "reconciliation")]
    closing = facts(desk, "money-close-out", study=SHORT_NAME)
    held_back = {each.totals.held for each in (*told, closing.books)}
    assert len(held_back) == 1
    (amount,) = held_back
    for key in ("reconciliation", "money-close-out"):
        text = " ".join(" ".join(page_texts(make(desk, key, study=SHORT_NAME, language="en").pdf)).split())
        assert f"Held back and not released {money_text(amount, 'CNY')}" in text
        assert "Not released CN" not in text

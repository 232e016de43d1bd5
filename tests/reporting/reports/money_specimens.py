"""Facts of a payment statement and an invoice, with what is hard to print."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from trialdesk.payments.rules.assess import Totals
from trialdesk.payments.sharing.statements import BeneficiaryStatement, StatementPayout
from trialdesk.payments.sharing.statements import StatementLine as ShareLine
from trialdesk.reporting.reports.distribution_statement import Distributed
from trialdesk.reporting.reports.invoice import Bill, BilledLine
from trialdesk.reporting.reports.payment_statement import Owed, StatementLine, StudyAmount

OWED = Owed(
    contract="C-001",
    other_party="Hanfang 制药有限公司",
    direction="receivable",
    currency="CNY",
    as_of=date(2026, 6, 30),
    engine="1",
    versions=((1, date(2026, 1, 1)), (2, date(2026, 7, 1))),
    totals=Totals(
        accrued=507600,
        earned=270000,
        pending=237600,
        gated=0,
        deferred=88000,
        excess=0,
        capped=0,
        forfeited=0,
        held=26500,
        payable=243500,
    ),
    lines=(
        StatementLine("V2", "001/V2", date(2026, 3, 10), "EARNED", 1, 165000, 16500, 148500),
        StatementLine("V3", "002/WEEK 24 (访视 3)", date(2026, 5, 4), "EARNED", 1, 100000, 10000, 90000),
        StatementLine("V4", "005/V4", date(2026, 5, 4), "PENDING", 1, 237600, 0, 0),
        StatementLine("SF", "009", date(2026, 3, 31), "DEFERRED", 1, 88000, 0, 0),
        StatementLine("V4", "008/V4", date(2026, 6, 20), "FAILED", 1, 0, 0, 0),
    ),
    for_study=(StudyAmount("COMPLETE", "EARNED", 10000), StudyAmount("LATE", "EARNED", -5000)),
    to_invoice=243500,
    to_credit=-148500,
    ledger=270000,
    odd=(("visit_done 001/V2 2026-03-11", "same visit recorded twice"),),
    undated=(("visit_done 003/V2", "2026-03"),),
)
BILL = Bill(
    number="INV-0007",
    kind="invoice",
    corrects=None,
    grounds=None,
    contract="C-001",
    purchase_order="PO-4711",
    issued_on=date(2026, 7, 5),
    due_on=date(2026, 8, 19),
    seller={
        "name": "北京港口医院",
        "address": "北京市港口路 1 号",
        "tax_id": "91110000MA00000000",
        "bank": "工商银行 0200 0000",
    },
    buyer={"name": "Hanfang 制药有限公司", "country": "CHN"},
    currency="CNY",
    lines=(
        BilledLine(1, "V2", "001/V2", date(2026, 3, 10), 1, 148500),
        BilledLine(2, "ENR10", "study", None, 1, 2500000),
    ),
    net=2648500,
    tax_code="VAT6",
    tax_rate=Decimal("0.06"),
    tax=158910,
    gross=2807410,
)

SHARED = Distributed(
    as_of=date(2026, 10, 31),
    statements=(
        BeneficiaryStatement(
            code="p2",
            name="沈若川 (Dr Shen Ruochuan)",
            kind="person",
            bank=None,
            currency="CNY",
            lines=(
                ShareLine("C-001/D1", "share_out", date(2026, 3, 12), "HB-0310", date(2026, 3, 10), 5, "observation",
                              "team/p2", "26", "84", 6480000, 2005714, "paid", "coi_valid", None),
                ShareLine("C-001/D2", "share_out", date(2026, 4, 14), "HB-0412", date(2026, 4, 12), 5, "observation",
                              "team/p2", "26", "84", 100000, 30952, "suspended", "coi_valid", "training_valid"),
                ShareLine("C-001/D3", "credit", date(2026, 5, 2), "HB-0310", date(2026, 3, 10), 5, "observation",
                              "team/p2", "26", "84", -648000, -200571, "paid", None, None),
            ),
            payouts=(StatementPayout(date(2026, 4, 30), "NPUH-260430-p2", None, 2005714, (("HB-0310", 1805143),)),),
            payable=1805143,
            suspended=30952,
            paid=2005714,
        ),
        BeneficiaryStatement(
            code="fund",
            name="Fund for investigator-initiated research",
            kind="fund",
            bank="Harbour Bank, 6222 0000 0000 0017",
            currency="CNY",
            lines=(
                ShareLine("C-001/D1", "share_out", date(2026, 3, 12), "HB-0310", date(2026, 3, 10), 6, "remaining",
                              "fund", "1", "1", 500000, 500000, "payable", None, None),
                ShareLine("C-001/D4", "share_out", date(2026, 6, 2), "HB-0601", date(2026, 6, 1), 6, "remaining",
                              "fund", "1", "1", 70000, 70000, "taken_back", None, None),
                ShareLine("C-001/D5", "reversal", date(2026, 6, 9), "HB-0601", date(2026, 6, 1), 6, "remaining",
                              "fund", "1", "1", -70000, -70000, "taken_back", None, None),
            ),
            payouts=(
                StatementPayout(date(2026, 8, 20), "NPUH-260820", "肺功能登记研究 (spirometry registry)", 100000,
                                (("HB-0310", 100000),)),
            ),
            payable=500000,
            suspended=0,
            paid=100000,
        ),
        BeneficiaryStatement(
            code="tax_payable",
            name="Value added tax",
            kind="account",
            bank=None,
            currency="JPY",
            lines=(
                ShareLine("C-009/D1", "share_out", date(2026, 3, 12), "R-9", date(2026, 3, 10), 1, "tax",
                              "tax_payable", "1", "1", 10894, 10894, "payable", None, None),
            ),
            payouts=(),
            payable=10894,
            suspended=0,
            paid=0,
        ),
    ),
)  # fmt: skip

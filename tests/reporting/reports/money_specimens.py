"""Facts of a payment statement and an invoice, with what is hard to print."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from trialdesk.contracts.standing import Duty, Supply
from trialdesk.payments.achievement import Achieved, Achievement, Condition, Measure, Proof, Shown
from trialdesk.payments.billing import Bill, BilledLine, Deliverable
from trialdesk.payments.books import BookLine, Owing
from trialdesk.payments.dunning import ReminderRow
from trialdesk.payments.gates import GateRow, Verdict
from trialdesk.payments.rules.assess import Totals
from trialdesk.payments.rules.certifying import CertifiedLine
from trialdesk.payments.rules.forecast import Month
from trialdesk.payments.sharing.statements import BeneficiaryStatement, StatementPayout
from trialdesk.payments.sharing.statements import StatementLine as ShareLine
from trialdesk.payments.transparency import Transfer
from trialdesk.people.signing import SignatureRow
from trialdesk.reporting.reports.ageing import Aged, AgedPart
from trialdesk.reporting.reports.distribution_statement import Distributed
from trialdesk.reporting.reports.forecast import Foretold
from trialdesk.reporting.reports.money_close_out import Closing, Item
from trialdesk.reporting.reports.payment_statement import Owed, StatementLine, StudyAmount
from trialdesk.reporting.reports.profit_and_loss import Account, Gift, Result
from trialdesk.reporting.reports.reconciliation import Reconciled
from trialdesk.reporting.reports.statement_standing import Standing
from trialdesk.reporting.reports.transparency import Given, Transparency

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
        StatementLine("V2", "001/V2", date(2026, 3, 10), "EARNED", 1, 165000, 16500, 148500, subject="001"),
        StatementLine("V3", "002/WEEK 24 (访视 3)", date(2026, 5, 4), "EARNED", 1, 100000, 10000, 90000, subject="002"),
        StatementLine("V4", "005/V4", date(2026, 5, 4), "PENDING", 1, 237600, 0, 0, subject="005"),
        StatementLine("SF", "009", date(2026, 3, 31), "DEFERRED", 1, 88000, 0, 0),
        StatementLine("V4", "008/V4", date(2026, 6, 20), "FAILED", 1, 0, 0, 0, subject="008"),
    ),
    for_study=(StudyAmount("COMPLETE", "EARNED", 10000), StudyAmount("LATE", "EARNED", -5000)),
    to_invoice=243500,
    to_credit=-148500,
    ledger=270000,
    odd=(("visit_done 001/V2 2026-03-11", "same visit recorded twice"),),
    undated=(("visit_done 003/V2", "2026-03"),),
    closing=Standing(530000, 500000, 26500, 473500, 495000, 268500, 100000, 9000),
    since=date(2026, 6, 1),
    opening=Standing(330000, 310000, 14500, 295500, 297000, 170448, 0, 9000),
)
BILL = Bill(
    number="INV-0007",
    kind="invoice",
    corrects=None,
    corrects_of=None,
    grounds=None,
    contract="C-001",
    terms=(1,),
    purchase_order="PO-4711",
    certificates=("C-001/3", "C-001/4"),
    tax_invoices=("0110 24412000",),
    issued_on=date(2026, 7, 5),
    net_days=45,
    due_on=date(2026, 8, 19),
    late_interest="3/10000",
    seller={
        "name": "北京港口医院",
        "address": "北京市港口路 1 号",
        "tax_id": "91110000MA00000000",
        "bank": "工商银行 0200 0000",
    },
    buyer={"name": "Hanfang 制药有限公司", "country": "CHN"},
    currency="CNY",
    lines=(
        BilledLine(1, "V2", "001/V2", date(2026, 3, 10), 1, 148500, 150000, "1", 15000, 165000),
        BilledLine(2, "V3", "002/W24 (访视 3)", date(2026, 5, 4), 1, 37125, 150000, "1/2", 7500, 82500, before=37125),
        BilledLine(3, "START", "study#1", date(2026, 2, 1), 1, 500000, 500000, "1", 0, 500000, site="02 北区"),
        BilledLine(4, "ENR10", "study", None, 1, 2500000, line=2500000),
    ),
    deliverables=(
        Deliverable(
            "V2",
            1,
            {
                "en": (("Paid for", "visit done: V2 <b>"), ("Price", "CN¥1,500.00")),
                "zh": (("付款事项", "已完成访视：V2 <b>"), ("价格", "¥1,500.00")),
            },
        ),
    ),
    net=3185625,
    tax_code="VAT6",
    tax_rate=Decimal("0.06"),
    tax=191138,
    gross=3376763,
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


RECONCILED = Reconciled(
    contract="C-001",
    other_party="Hanfang 制药有限公司",
    currency="CNY",
    as_of=date(2026, 6, 30),
    engine="1",
    totals=OWED.totals,
    lines=(
        BookLine("V2", "001/V2", 148500, 148500, 148500, 0, 0, 0),
        BookLine("V3", "002/WEEK 24 (访视 3)", 95000, 0, 0, 50000, 45000, 0),
        BookLine("V4", "009/V4#f.00000012.visit_done", 0, 12300, 12300, 0, 0, -12300),
    ),
    held_out=26500,
    held_in=0,
    posted=160800,
    net=160800,
    tax=9648,
    gross=170448,
    received=100000,
    written_off=0,
    open=60448,
    disputed=9000,
    arrived=110000,
    fees=3500,
    unapplied=10000,
)
"""Its invoiced gross does not close: a reader must see that."""

AGED = Aged(
    contract="C-001",
    other_party="Hanfang 制药有限公司",
    currency="CNY",
    on=date(2026, 9, 30),
    sums={
        "not_due": 0,
        "1-30": 314820,
        "31-60": 3500,
        "61-90": 0,
        "over_90": 0,
        "disputed": 157410,
        "overpaid": -1000,
    },
    parts=(
        AgedPart("INV-0007", "1-30", date(2026, 9, 24), 6, 314820),
        AgedPart("INV-0007", "31-60", date(2026, 8, 19), 42, 3500),
        AgedPart("INV-0008", "disputed", date(2026, 9, 24), 0, 157410),
        AgedPart("INV-0006", "overpaid", None, 0, -1000),
    ),
    invoices=(
        Owing("INV-0006", date(2026, 6, 5), None, 100000, -1000, 100000, 0, -1000, 0),
        Owing("INV-0007", date(2026, 7, 5), date(2026, 8, 19), 5666760, -157410, 5190030, 1000, 318320, 34872),
        Owing("INV-0008", date(2026, 8, 10), date(2026, 9, 24), 157410, 0, 0, 0, 157410, 0),
    ),
    unapplied=250,
    days_to_pay=67,
    days_outstanding=41,
    reminded=(
        (
            "INV-0007",
            ReminderRow(
                id="r" * 32,
                invoice="i" * 32,
                reminded_on=date(2026, 9, 25),
                whom="应付账款 (accounts payable)",
                said="The fee of the bank is not theirs, they say; the rest is with their <treasury>.",
                next_action="Send the contract's clause on fees",
                next_on=date(2026, 10, 9),
                owner="沈若川 (Dr Shen Ruochuan)",
            ),
        ),
    ),
)

FORETOLD = Foretold(
    contract="C-001",
    other_party="Hanfang 制药有限公司",
    currency="CNY",
    as_of=date(2026, 6, 30),
    months=(
        Month(date(2026, 7, 1), 2271500, 2975500, 3679500, 297550, 2677950, 0),
        Month(date(2026, 8, 1), 0, 0, 0, 0, 0, 0),
        Month(date(2026, 9, 1), 704000, 1408000, 2112000, 140800, 1267200, 1606770),
        Month(date(2026, 10, 1), 704000, 704000, 704000, 70400, 633600, 1071180),
    ),
    due=10,
    places=15,
    retention="19/20",
    low="2",
    base="13/3",
    high="6",
    delays=((1, "3/5"), (2, "2/5")),
    open=318320,
    accrued=50000000,
    ceiling=52975500,
    ceiling_in=date(2026, 7, 1),
    held=297550,
    released_by=("LOCK",),
    unasked=12345678,
    left_out=("FAIL", "LOCK"),
)

_FROM: dict[str, Any] = {"supporter": "Hanfang 制药有限公司", "recipient": "Harbour Hospital 海港医院",
         "investigator": "林淑怡", "study": "MEMORY-2", "registry_number": "ChiCTR2500012345",
         "products": ("Tanshinone 丹参酮 20 mg",),
         "contract": "C-001", "currency": "CNY"}  # fmt: skip
TRANSPARENCY = Transparency(
    2026,
    (
        Transfer(id="1", form="in_kind", what="Spirometer 肺功能仪", on=date(2026, 2, 20), amount=60000, delayed=True,
                 until=date(2029, 1, 1), **_FROM),
        Transfer(id="2", form="in_kind", what="Training", on=date(2026, 2, 21), amount=None, delayed=False, until=None,
                 **_FROM),
        Transfer(id="3", form="cash", what="B-1", on=date(2026, 3, 27), amount=157410, delayed=False, until=None,
                 **_FROM),
        Transfer(id="4", form="cash", what="JP-7", on=date(2026, 4, 1), amount=119839, delayed=False, until=None,
                 **{**_FROM, "supporter": "", "investigator": "", "recipient": "", "currency": "JPY"}),
    ),
    (Given("", "JPY", 119839, 0, 0), Given("Hanfang 制药有限公司", "CNY", 157410, 60000, 1)),
)  # fmt: skip

_AT = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)
CERTIFIED = Achievement(
    number="C-001/2",
    state="certified",
    contract="C-001",
    title="Support of the trial 试验资助",
    other_party="Hanfang 制药有限公司",
    our_party="北京港口医院",
    currency="CNY",
    as_of=date(2026, 6, 30),
    known_at=_AT,
    engine="1",
    sha256="5f" * 32,
    prepared_by="Ines Calloway",
    prepared_on=date(2026, 7, 2),
    accepted_on=None,
    deemed_on=date(2026, 7, 30),
    achieved=(
        Achieved(
            rule="V2",
            kind="visit",
            terms=1,
            wording={
                "en": (("Paid for", "visit done: V2"), ("Price", "CN¥1,650.00"), ("Only if", "consent is valid")),
                "zh": (("付款事项", "访视完成：V2"), ("价格", "¥1,650.00"), ("条件", "知情同意有效")),
            },
            lines=(
                CertifiedLine("V2", "001/V2", "001", date(2026, 3, 10), 1, 165000, 16500, 148500, ("f1",)),
                CertifiedLine("V2", "002/V2", "002", date(2026, 3, 12), 1, 165000, 16500, 148500, ("f2",)),
            ),
            factors=("1", "3/4"),
            conditions=(
                Condition({"en": "consent is valid", "zh": "知情同意有效"}, 2, 2),
                Condition({"en": "CRF signed at most 5 days after", "zh": "CRF在5天内签署"}, 2, 2, "1", "4"),
            ),
            measures=(Measure({"en": "days from the target date", "zh": "距目标日期的天数"}, "-2", "9"),),
            facts=(),
            proofs=(Proof("Monitoring letter 监查函", "letter-7.pdf", "a1" * 32),),
        ),
        Achieved(
            rule="REPORT",
            kind="milestone",
            terms=2,
            wording={"en": (("Paid for", "report signed"),), "zh": (("付款事项", "报告签署"),)},
            lines=(CertifiedLine("REPORT", "study", None, date(2026, 6, 29), 2, 2500000, 0, 2500000, ("f9",)),),
            factors=("1",),
            conditions=(),
            measures=(),
            facts=(Shown("report_signed", None, None, date(2026, 6, 29), _AT, "林淑怡 (Lin Shuyi)"),),
            proofs=(),
        ),
    ),
    gates=(
        GateRow("C-001 G1", 0, "C-001", "G1", "PDR", "< 0.20", 5, 2, "0.10", "CNY", 0,
                (Verdict("2026-06-30", date(2026, 6, 30), 1, 9, True),), ("003",), ("001", "002", "003")),
    ),
    signatures=(
        SignatureRow("s1", "c1", 1, "Priya Raman", "I verified these facts against their sources", _AT, True),
        SignatureRow("s2", "c1", 2, "Edda Holm", "I certify these amounts", _AT, True),
    ),
)  # fmt: skip

CLOSED = Closing(
    books=RECONCILED,
    title="Support of the trial 试验资助",
    our_party="北京港口医院",
    standing="closing",
    executed_on=date(2025, 9, 22),
    ended_on=date(2027, 12, 31),
    ceiling=52975500,
    items=(
        Item("V2", 181500, 30, 165000, 16500, 148500, 157410, 100000),
        Item("REPORT", None, 1, 105000, 10000, 0, 13038, 0),
    ),
    participants=110,
    sites=2,
    unspent="What is left below 5 % stays with the hospital. 结余不足5%归医院所有。",
    supplies=(
        Supply("i1", "drug", "Lamps 治疗灯", 60, 20000, "CNY", date(2026, 2, 15), 50, 6),
        Supply("i2", "equipment", "Spirometer", 1, None, None, None, None, None),
    ),
    duties=(
        Duty("d1", "Yearly report to the supporter", date(2026, 6, 1), date(2026, 5, 28)),
        Duty("d2", "Return of the spirometer", date(2027, 1, 31), None),
    ),
)
"""Its earned total is not that of its deliverables: a reader must see that."""

RESULT = Result(
    as_of=date(2026, 6, 30),
    accounts=(
        Account("C-001", "Hanfang 制药有限公司", "receivable", "CNY", ((2025, 120000), (2026, 140000)), 10000, 270000,
                160800, 110000, 3500),
        Account("C-005", "Quay Clinic 码头诊所", "payable", "CNY", ((2026, 90000),), 0, 90000, 60000, 60000, 0),
        Account("C-009", "Tokyo Bay KK", "receivable", "JPY", ((2026, 119839),), 0, 119839, 0, 0, 0),
    ),
    shared=(("CNY", 100000),),
    gifts=(Gift("C-001", "CNY", 1200000, 1200000), Gift("C-009", "JPY", 500000, 0)),
)  # fmt: skip

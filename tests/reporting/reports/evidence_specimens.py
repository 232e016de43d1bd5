"""Facts for the papers that tell how a study was conducted and checked, and for empty ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.reporting.reports import papers_specimens
from tests.reporting.reports.papers_specimens import DEVIATION, EVENT, REGISTRATION
from trialdesk.enrollment.rules import Flow, Reasons
from trialdesk.overview.closure import Times
from trialdesk.reporting.reports.accountability_facts import Account, Batch, Dosed, Given, Kept, Movement, Stock
from trialdesk.reporting.reports.chictr import Contact, Sheet
from trialdesk.reporting.reports.destruction import Destroyed
from trialdesk.reporting.reports.e3_synopsis import Results
from trialdesk.reporting.reports.evidence import Amount, Evidence, User
from trialdesk.reporting.reports.monitoring_facts import Consented, Monitored, Point, Queried
from trialdesk.reporting.reports.note_to_file import NoteTold, Remarked
from trialdesk.reporting.reports.progress_counts import Count
from trialdesk.reporting.reports.reconsent import Cell, Matrix, Signer, Version
from trialdesk.reporting.reports.trail_values import Told, Value
from trialdesk.trail.chain import Followed

_AT = datetime(2026, 3, 4, 6, 5, 10, tzinfo=UTC)
_CHAIN = (
    Followed("0a" * 16, False, "open", 1, 14, "ab" * 32, None),
    Followed("1b" * 16, True, "open", 1, 1204, "cd" * 32, None),
    Followed("2c" * 16, True, "private", 1, 12, "ef" * 32, None),
    Followed("3d" * 16, True, "blinded", 2, 52, "01" * 32, 17),
)
EVIDENCE = Evidence(
    participant=None, version="1.0", revision="0004", schema=1, streams=_CHAIN,
    users=(
        User("amory", "Dr Rosalind Amory", True, True, (("pi", date(2025, 1, 1), None),)),
        User("lin", "林淑怡", False, True, (("coordinator", date(2025, 1, 1), date(2025, 6, 30)),
                                         ("pharmacist", date(2025, 7, 1), None))),
        User("old", "Bo Grant", False, False, ()),
    ),
    amounts=(Amount("Participant", 63, 12), Amount("Visit", 610, 3), Amount("Adverse event", 57, 0)),
    changes=(
        Told(_AT, "林淑怡", "Visit", "01-001 · Week 4", "Started on", Value("2025-02-17", "day"),
             Value("2025-02-18", "day"), "Copied wrongly from the source 抄写错误"),
        Told(_AT, "Dr Rosalind Amory", "Adverse event", "01-002 Headache", "Seriousness", Value("yes", "word"),
             Value("no", "word"), "Not admitted: the night was spent in the waiting room"),
        Told(_AT, "", "Allocation", "01-003", "Arm", Value("withheld: it tells an arm", "word"),
             Value("withheld: it tells an arm", "word"), ""),
        Told(_AT, "Ada Lind", "Receipt", "R-1", "Amount", None, Value("1250000", "minor"), "Signed late"),
        Told(_AT, "Ada Lind", "Adverse event", "01-002 Headache", "Site aware at", None,
             Value("2025-03-01 22:30:00", "instant"), "Was missing"),
    ),
    cut=True,
)  # fmt: skip

NOTE = NoteTold(replace(DEVIATION, site="3" * 32, found_on=date(2025, 3, 4)), ("01-DEV-001", "01-DEV-007"), None)
REMARK = NoteTold(
    None,
    (),
    Remarked(
        "Temperature log 温度记录", "product", 2, "log-2025.pdf", "ab" * 32, None,
        "The pages of 3 to 7 March 2025 were printed again: the ink had faded. 原件附后。",
    ),
)  # fmt: skip
CHICTR = Sheet(
    told=REGISTRATION,
    investigator=Contact("Dr Rosalind Amory", "Professor 主任医师", "Harbour Hospital", None),
    sites=(("01 Harbour Hospital", "NOR"), ("02 北京协和医院", "CHN")),
    files={"protocol": ("Protocol 1.0",), "consent": ("知情同意书 1.0",), "approval": ()},
)
MONITORED = Monitored(
    sites=("02 北京协和医院",), investigator="Dr Rosalind Amory", monitors=("Mona 莫",), start=date(2025, 2, 1),
    until=date(2025, 3, 20), screened=Count(63, 12), consented=Count(60, 11), entered=Count(52, 9),
    completed=Count(3, 3), discontinued=Count(2, 0),
    consents=(
        Consented("02-001", "1.0", "zh", date(2025, 2, 3), True, True),
        Consented("02-002", "1.0", "en", date(2025, 2, 9), None, False),
        Consented("02-001", "2.0", "zh", date(2025, 3, 9), False, None),
    ),
    without_consent=("02-009",),
    queries=(
        Queried("02-001", "Weight of week 4 is missing 体重缺失", date(2025, 2, 20), date(2025, 2, 22), None),
        Queried("02-004", "Two dates of birth", date(2025, 1, 20), None, None),
    ),
    deviations=(DEVIATION,), serious=(EVENT.row,),
    points=(
        Point("DATA-QUERY", "Two dates of birth", "02-004", date(2025, 2, 3), True),
        Point("DEV-ASSESS", "02-DEV-003", "02-001", date(2025, 3, 25), False),
        Point("SIGN-PROTOCOL", "2.0", "", date(2025, 3, 27), False),
    ),
)  # fmt: skip
ACCOUNT = Account(
    named=True, holders=30,
    batches=(
        Batch("01 Harbour Hospital", "Iron isomaltoside 100 mg/ml", "B-1", "vials", date(2025, 2, 1),
              {"received": 40, "given": 6, "returned": 1, "sent_back": 2, "destroyed": 1, "lost": 1}, 31),
        Batch("02 北京协和医院", "静脉铁剂", "批次-2", "vials", None,
              {"received": 20, "given": 0, "returned": 0, "sent_back": 0, "destroyed": 0, "lost": 0}, 20),
    ),
    movements=(
        Movement(date(2025, 1, 10), "received", "01", "Iron isomaltoside 100 mg/ml", "B-1", 40,
                 "vials", None, None, "good", "Delivery note 17", "林淑怡"),
        Movement(date(2025, 2, 3), "given", "01", "Iron isomaltoside 100 mg/ml", "B-1", 6,
                 "vials", "K-77, K-78", "01-001", None, None, "林淑怡"),
        Movement(date(2025, 2, 20), "lost", "01", "Iron isomaltoside 100 mg/ml", "B-1", 1,
                 "vials", None, None, "damaged", None, None),
    ),
    kept=(Kept("01-001", "Iron isomaltoside 100 mg/ml", "B-1", "vials", 5, 1),),
    stocks=(
        Stock("01 Harbour Hospital", 40, 40, 20, 20), Stock("02 北京协和医院", 20, 0, 9, 11), Stock(None, 4, 4, 0, 4)
    ),
    given=(
        Given("01-001", date(2025, 1, 20), "1001", "K-77"),
        Given("02-003", None, None, None),
        Given("02-004", date(2025, 2, 5), "2001", "K-77"),
    ),
    doses=(
        Dosed("01-001", "Iron isomaltoside 静脉铁剂", Decimal("1000.00"), "mg", "once", "2025-01-20", "2025-01-20"),
        Dosed("02-004", "Ferrous sulfate", Decimal(200), "mg", "BID", "2025-02-05", "2025-03-01"),
        Dosed("02-004", None, None, None, None, "2025-03", None),
    ),
    twice=("K-77",), undosed=("02-003",), late=("01-001 (B-1)",),
)  # fmt: skip

MATRIX = Matrix(
    date(2025, 9, 30),
    (
        Version("main", "1.0", ("en", "zh"), date(2025, 1, 2), None),
        Version("main", "2.0", ("en", "zh"), date(2025, 6, 1), date(2025, 8, 31)),
        Version("main", "3.0", ("zh",), None, None),
        Version("optional", "1.0", ("zh",), date(2025, 1, 2), None),
        *(Version("assent", f"1.{place}", ("zh",), date(2025, 1, 2), None) for place in range(4)),
    ),
    tuple(
        Signer(f"01-00{place}", "in study", (*cells, *[Cell("missing")] * 4))
        for place, cells in enumerate(
            (
                (Cell("signed", date(2025, 1, 4), "en"), Cell("signed", date(2025, 6, 2), "en"), Cell("unused"),
                 Cell("signed", date(2025, 1, 4), "zh")),
                (Cell("not_valid", date(2025, 1, 6), "zh"), Cell("overdue", date(2025, 8, 31), "zh"), Cell("unused"),
                 Cell("missing")),
                (Cell("signed", date(2025, 1, 7), "zh"), Cell("left"), Cell("unused"), Cell("missing")),
                (Cell("later"), Cell("signed", date(2025, 6, 3), "en"), Cell("unused"), Cell("missing")),
                (Cell("signed", date(2025, 1, 7), "zh"), Cell("due", date(2025, 10, 31), "zh"), Cell("unused"),
                 Cell("not_asked")),
            ),
            1,
        )
    ),
)  # fmt: skip

FACTS: dict[str, Any] = {
    "reconsent": MATRIX,
    "evidence": EVIDENCE,
    "note-to-file": NOTE,
    "chictr": CHICTR,
    "ctgov": CHICTR,
    "accountability": ACCOUNT,
    "destruction": Destroyed(
        (
            Movement(
                date(2025, 3, 9),
                "destroyed",
                "01",
                "Iron isomaltoside 100 mg/ml",
                "B-1",
                1,
                "vials",
                "K-77",
                None,
                "damaged",
                "Certificate 4 焚烧证明",
                "林淑怡",
            ),
            Movement(
                date(2025, 3, 10),
                "destroyed",
                "01",
                "Iron isomaltoside 100 mg/ml",
                "B-1",
                2,
                "vials",
                None,
                None,
                None,
                None,
                None,
            ),
        ),
        (
            Batch(
                "01 Harbour Hospital",
                "Iron isomaltoside 100 mg/ml",
                "B-1",
                "vials",
                None,
                {"received": 40, "given": 6, "returned": 1, "sent_back": 2, "destroyed": 3, "lost": 1},
                29,
            ),
        ),
    ),
    "monitoring-report": MONITORED,
    "monitoring-letter": MONITORED,
}
_NONE = Count(0, 0)
UNSEEN = Monitored((), None, (), None, date(2025, 3, 20), _NONE, _NONE, _NONE, _NONE, _NONE, (), (), (), (), (), ())
EMPTY: dict[str, Any] = {
    "destruction": Destroyed((), ()),
    "reconsent": Matrix(date(2025, 9, 30), (), ()),
    "evidence": Evidence("01-001", "1.0", "0004", 1, (), (), (), (), cut=False),
    "note-to-file": None,
    "monitoring-report": UNSEEN,
    "monitoring-letter": UNSEEN,
    "accountability": Account(
        named=True, holders=0, batches=(), movements=(), kept=(), stocks=(), given=(), doses=(), twice=(), undosed=()
    ),
    "e3-synopsis": Results(
        papers_specimens.EMPTY["synopsis"], None, (), Times(*[None] * 7), Flow(0, Reasons(0, {}), 0, ()), {}, (), None
    ),
    "chictr": Sheet(papers_specimens.EMPTY["registration"], None, (), {"protocol": (), "consent": (), "approval": ()}),
    "ctgov": Sheet(papers_specimens.EMPTY["registration"], None, (), {"protocol": (), "consent": (), "approval": ()}),
}
SAYS = {
    "destruction": ("Nothing was destroyed.", "没有销毁记录。"),
    "reconsent": ("There is no consent version.", "尚无知情同意书版本。"),
    "evidence": ("Nothing that had been recorded was changed.", "已记录的内容未作任何更改。"),
    "note-to-file": ("No deviation and no document with a remark is recorded.", "未记录方案偏离，也没有带备注的文件。"),
    "monitoring-report": ("No data query of the period, and none is open.", "本期无数据质疑"),
    "monitoring-letter": ("No point is open.", "没有待处理的问题"),
    "accountability": ("No list of kits is recorded.", "未记录药盒清单。"),
    "e3-synopsis": ("Nobody was allocated to an arm.", "尚无受试者分配至任何组别。"),
    "chictr": ("of 52 items are recorded.", "共52项"),
    "ctgov": ("of 50 items are recorded.", "共50项"),
}
"""What an empty document says, in English and in Chinese."""

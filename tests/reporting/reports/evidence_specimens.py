"""Facts for the papers that tell how a study was conducted and checked, and for empty ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from trialdesk.reporting.reports.evidence import Amount, Evidence, User
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

FACTS: dict[str, Any] = {"evidence": EVIDENCE}
EMPTY: dict[str, Any] = {"evidence": Evidence("01-001", "1.0", "0004", 1, (), (), (), (), cut=False)}
SAYS = {"evidence": ("Nothing that had been recorded was changed.", "已记录的内容未作任何更改。")}
"""What an empty document says, in English and in Chinese."""

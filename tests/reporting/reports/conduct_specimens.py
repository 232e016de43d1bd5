"""Facts for the date card and for the reports of a study's course, and for empty ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.reporting.reports import papers_specimens
from tests.reporting.reports.papers_specimens import EVENT, NO_STUDY, STUDY, SYNOPSIS
from trialdesk.overview.closure import Kept, SignedBy, Times
from trialdesk.reporting.reports.amendment import Amendment, Answer, File, Form, Version
from trialdesk.reporting.reports.date_card import Appointment, Card
from trialdesk.reporting.reports.ethics_facts import Standing
from trialdesk.reporting.reports.progress_changes import Amended, Changed, Moved
from trialdesk.reporting.reports.progress_counts import Count
from trialdesk.reporting.reports.progress_period import Period
from trialdesk.reporting.reports.progress_told import (
    Asked,
    Departed,
    Event,
    Open,
    People,
    Progress,
    Raced,
    Serious,
    Sex,
)
from trialdesk.reporting.reports.progress_year import (
    Aged,
    Death,
    Dosed,
    ExposedArm,
    Exposure,
    Late,
    Left,
    Tabulated,
    Year,
)
from trialdesk.reporting.reports.protocol_facts import Approved, Place, ProtocolTold
from trialdesk.reporting.reports.protocol_facts import Form as InUse
from trialdesk.reporting.reports.protocol_facts import Version as Issued
from trialdesk.reporting.reports.reportable_facts import Reportable, Submitted
from trialdesk.reporting.reports.synopsis import ActivityTold
from trialdesk.studies.queries import RegistrationRow, StudyRow

CARD = Card(
    study="HARBOUR", participant="01-001", site="01 Harbour Hospital", doctor="Dr Rosalind Amory",
    first_day="2025-01-20", ended_on=None,
    visits=(
        Appointment("Screening", None, None, None, "2025-01-06", missed=False),
        Appointment("Baseline", date(2025, 1, 20), None, None, "2025-01-20", missed=False),
        Appointment("Week 1", date(2025, 1, 27), date(2025, 1, 25), date(2025, 1, 29), None, missed=True),
        Appointment("Week 4 第四周", date(2025, 2, 17), date(2025, 2, 15), date(2025, 2, 19), None, missed=False),
        Appointment("End of study 随访", None, None, None, None, missed=False),
    ),
)  # fmt: skip
_KEPT = Kept(
    archive="Archive of Harbour Hospital, cellar 2", custodian="Dr Rosalind Amory", retained_until=date(2041, 1, 1),
    samples="Destroyed on site, certificate filed", publication=None,
    outcome="One infusion raised haemoglobin more than tablets 静脉补铁优于口服.", grounds=None, open_points=None,
    reopened_on=None,
    signatures=(SignedBy("Dr Rosalind Amory", "I close the study.", datetime(2026, 1, 9, 8, tzinfo=UTC), stands=True),),
)  # fmt: skip
PROGRESS = Progress(
    study=StudyRow(**STUDY),
    sites=("01 Harbour Hospital", "02 北京协和医院"),
    asked=(
        Asked("Harbour ethics committee", "initial", "Initial application", date(2025, 1, 10)),
        Asked("Harbour ethics committee", "renewal", "First renewal", date(2026, 1, 5)),
    ),
    standing=Standing("Harbour ethics committee", "EC-2025-017", date(2025, 2, 1), date(2026, 1, 31), date(2026, 1, 1)),
    lapsed=True, amended=(Amended("EC-2025-017-A1 修正案", date(2025, 6, 3)), Amended(None, date(2025, 9, 1))),
    first_approval=date(2025, 2, 1), since=date(2025, 2, 1),
    arms=("Placebo", "丹参酮 20 mg 每日一次"), inclusion=("I1: Adults aged 18 to 80", "I2: 血红蛋白低于 100 g/L"),
    exclusion=("E1: Pregnancy",),
    files={"protocol": ("Protocol 1.0",), "approval": ("Approval letter", "年度审查批件")},
    people=People(
        screened=Count(63, 40), screening=2, excluded=Count(9, 7), entered=Count(52, 33), in_study=20,
        completed=Count(26, 26), discontinued=Count(6, 5), without_consent=1,
    ),
    sexes=(Sex("F", 40, 35), Sex("M", 21, 16), Sex(None, 2, 1)),
    races=(Raced("ASIAN", 50, 42), Raced("WHITE / NOT HISPANIC OR LATINO", 12, 9), Raced("", 1, 1)), ages=(19, 78),
    endings={"ADVERSE EVENT": 3, "WITHDRAWAL BY SUBJECT": 2, "": 1},
    serious=Serious(
        Count(4, 3), Count(3, 2), fatal=Count(1, 1), related=Count(2, 1), unexpected=Count(1, 0), unreported=1, late=0,
    ),
    listing=(
        Event("01-AE-001", "01-001", "Pneumonia 肺炎", "2025-03-01", ("life_threatening", "hospitalised"),
              "RECOVERED/RESOLVED", "yes", expected=False, new=True),
        Event(None, "02-004", "Fall", "2025-01", (), None, None, expected=None, new=False),
    ),
    expedited={"CDE": Count(1, 1), "committee": Count(2, 0)},
    deviations=(
        Departed("visit_window", Count(7, 6), 0, 2),
        Departed("consent", Count(1, 1), 1, 0),
    ),
    changes=(
        Changed("", "", "2.0", date(2025, 5, 4), date(2025, 6, 3), date(2025, 7, 1), "Two more visits; 样本量不变"),
        Changed("main", "zh", "2.0", date(2025, 5, 6), None, None, None),
    ),
    moves=(
        Moved("林淑怡", "pharmacist", date(2025, 3, 1), None),
        Moved("Bo Ek", "coordinator", date(2024, 12, 1), date(2025, 4, 30)),
    ),
    open=(Open("Insurance certificate for 2026 to be sent", date(2026, 2, 1)), Open("Translate the diary", None)),
    registries=(
        RegistrationRow("b" * 32, 1, "ClinicalTrials.gov", "registration", date(2024, 12, 20), "NCT01234567"),
        RegistrationRow("c" * 32, 1, "医学研究登记备案信息系统", "registration", date(2025, 2, 3), "MR-11-25-000123"),
    ),
    times=Times("2025-01", "2025-02-04", "2025-02-10", "2025-12-01", "2025-12-01", None, None),
    kept=_KEPT,
)  # fmt: skip
YEAR = Year(
    period=Period(date(2025, 2, 1), "committee", 1, date(2025, 2, 1), date(2026, 1, 31), date(2025, 12, 31)),
    products=("Iron isomaltoside 异麦芽糖酐铁", "Placebo"),
    arms=True,
    exposure=Exposure(
        (
            ExposedArm("Placebo", 26, Count(25, 16), 2310, 1, 112, 1),
            ExposedArm("丹参酮 20 mg 每日一次", 26, Count(26, 17), 2455, 7, 115, 0),
        ),
        (Aged(1, "F", 30), Aged(1, "M", 14), Aged(3, "F", 4), Aged(3, None, 1), Aged(None, "M", 2)),
        {"": 1, "ASIAN": 41, "WHITE / NOT HISPANIC OR LATINO": 9},
        (Dosed("Iron isomaltoside", Decimal("1000.0"), "mg", "ONCE", 26), Dosed("", None, None, None, 25)),
    ),
    events=(
        Tabulated("Infections and infestations 感染", "Pneumonia", Count(3, 2), Count(2, 1), Count(2, 1),
                  {"Placebo": 1, "丹参酮 20 mg 每日一次": 1}),
        Tabulated(None, "Fall", Count(1, 0), Count(1, 0), Count(0, 0), {}),
    ),
    deaths=(
        Death("01-001", "Placebo", "2025-03-04", ("Pneumonia 肺炎", "Sepsis"), "no", new=True),
        Death("02-009", None, None, (), None, new=False),
    ),
    left=(
        Left("01-007", "丹参酮 20 mg 每日一次", True, "2025-05", ("Urticaria 荨麻疹",), new=True),
        Left("01-008", "Placebo", False, None, ("Nausea",), new=False),
        Left("02-011", "Placebo", True, "2025-01-30", (), new=False),
    ),
    late=(Late("02-012", "Anaphylaxis 过敏反应", "2026-01-04", fatal=False, related="yes"),),
)  # fmt: skip
NO_YEAR = Year(
    period=Period(None, "", None, None, None, date(2025, 12, 31)), products=(), arms=False,
    exposure=Exposure((ExposedArm("all", 0, Count(0, None), 0, None, None, 0),), (), {}, None),
    events=(), deaths=(), left=(), late=None,
)  # fmt: skip
_NONE = Count(0, None)
NO_PROGRESS = Progress(
    study=StudyRow(**NO_STUDY), sites=(), asked=(), standing=None, lapsed=False, amended=(), first_approval=None,
    since=None, arms=(), inclusion=(), exclusion=(), files={},
    people=People(_NONE, 0, _NONE, _NONE, 0, _NONE, _NONE, 0), sexes=(), races=(), ages=None, endings={},
    serious=Serious(_NONE, _NONE, _NONE, _NONE, _NONE, 0, 0), listing=(), expedited={}, deviations=(), changes=(),
    moves=(), open=(), registries=(),
    times=Times(*[None] * 7), kept=None,
)  # fmt: skip
AMENDED = Amendment(
    title="Intravenous against oral iron", protocol_number="HUH-2025-01",
    old=Version("1.0", date(2025, 1, 2), date(2025, 2, 1)), new=Version("2.0", date(2025, 5, 4), date(2025, 6, 1)),
    substantial=True, what="Two more visits; 样本量不变", committee="Harbour ethics committee",
    submitted_on=date(2025, 5, 10), answer=Answer("approved", date(2025, 6, 3), "EC-2025-017-A1"),
    forms=(
        Form("main", "zh", "2.0", date(2025, 5, 6), date(2025, 6, 3), date(2025, 7, 1)),
        Form("assent", "en", "2.0", date(2025, 5, 6), None, None),
    ),
    files=(File("protocol", "Protocol 2.0 修订版", "2", date(2025, 5, 4), "protocol-2.0.pdf"),), concerned=22,
    checks={
        "classed": True, "described": True, "signed": True, "submitted": True, "in_order": False,
        "forms_approved": False,
    },
)  # fmt: skip
REPORTED = Reportable(
    event=EVENT,
    deviation=None,
    now_in=20,
    candidates=(
        Submitted("Ethics Committee", "Serious event 严重不良事件", date(2025, 3, 20)),
        Submitted("Ethics Committee", "Follow-up", date(2025, 4, 2)),
    ),
)
DESIGN = replace(
    SYNOPSIS,
    activities=(
        *SYNOPSIS.activities,
        ActivityTold(
            "Study product 给药", "treatment", tuple("" if place in range(1, 10) else None for place in range(13))
        ),
        ActivityTold("Adverse events", "safety", tuple("" if place else None for place in range(13))),
    ),
)
PROTOCOL = ProtocolTold(
    DESIGN,
    (
        Issued("1.0", date(2025, 1, 2), date(2025, 2, 1), None, None),
        Issued("2.0", date(2025, 5, 4), None, substantial=True, what="Two more visits; 样本量不变"),
    ),
    PROGRESS.standing,
    (
        Approved("Ethics Committee 伦理委员会", "initial", date(2025, 2, 1), "EC-2025-017"),
        Approved("Ethics Committee 伦理委员会", "amendment", date(2025, 6, 3), None),
    ),
    (InUse("main", "zh", "1.0", date(2025, 2, 1)),),
    (Place("01 Harbour Hospital", "GBR"), Place("02 北京协和医院", None)),
    ("Larkmoor Therapeutics Ltd",),
)
NO_PROTOCOL = ProtocolTold(papers_specimens.EMPTY["synopsis"], (), None)
_COURSES = ("ethics-progress", "ethics-closure", "filing", "filing-annual", "filing-completion")
_YEARLY = ("dsur", "ind-annual")

FACTS: dict[str, Any] = {
    "date-card": CARD,
    "amendment": AMENDED,
    "reportable": REPORTED,
    "spirit": PROTOCOL,
    "m11": PROTOCOL,
    **dict.fromkeys(_COURSES, PROGRESS),
    **dict.fromkeys(_YEARLY, replace(PROGRESS, year=YEAR)),
}
EMPTY: dict[str, Any] = {
    "date-card": None,
    "amendment": None,
    "reportable": None,
    "spirit": NO_PROTOCOL,
    "m11": NO_PROTOCOL,
    **dict.fromkeys(_COURSES, NO_PROGRESS),
    **dict.fromkeys(_YEARLY, replace(NO_PROGRESS, year=NO_YEAR)),
}
SAYS: dict[str, tuple[str, str]] = {
    "date-card": ("Nobody has been screened.", "尚无受试者接受筛选。"),
    "amendment": ("No amendment of the protocol is recorded.", "未记录方案修正案。"),
    "reportable": (
        "No serious adverse event and no deviation is recorded.",
        "未记录严重不良事件，也未记录方案偏离。",
    ),
    "spirit": ("No visit is planned yet.", "尚未计划任何访视。"),
    "m11": ("HARBOUR, no version recorded.", "HARBOUR，未记录版本。"),
    **dict.fromkeys(
        (*_COURSES, *_YEARLY),
        ("0 participants were screened and 0 entered the study.", "共有0名受试者接受筛选，0名进入研究。"),
    ),
}

"""Facts for the papers of one event, of the application, of the design and of the site file, and for empty ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from trialdesk.enrollment.queries.particulars import Broken, Particulars
from trialdesk.overview.reaction import ReportingClock
from trialdesk.reporting.reports.code_list import Coded, CodeList
from trialdesk.reporting.reports.ethics_package import Package, Team
from trialdesk.reporting.reports.expedited_facts import Case, Lot, Office, Reporter, Turn
from trialdesk.reporting.reports.files_held import Filed, Held
from trialdesk.reporting.reports.registration import Entry, Ethics, Sheet
from trialdesk.reporting.reports.site_file import Index
from trialdesk.reporting.reports.synopsis import ActivityTold, ArmTold, Synopsis, VisitTold
from trialdesk.safety.logs import DeviationRow, SeriousRow
from trialdesk.safety.rules import sae_clock
from trialdesk.safety.similar import Earlier, Similar
from trialdesk.safety.told import EventTold, Sent
from trialdesk.studies.queries import ArmRow, CriterionRow, StudyRow

_AWARE, _REPORTED = datetime(2025, 3, 1, 22, 30, tzinfo=UTC), datetime(2025, 3, 2, 20, tzinfo=UTC)
NARRATIVE = (
    "On the third day after the infusion the woman, aged 61, was brought to the emergency room with fever "
    "and cough. 胸部影像显示右下肺炎。 Antibiotics were given for seven days; she recovered fully. "
)

CODES = CodeList(
    (
        Coded("01-001", "01", "2025-01-05", "completed", "王秀英", "+86 10 5555 0199", ""),
        Coded("01-002", "01", "2025-01", "discontinued", None, None, "erased"),
        Coded("02-003", "02", None, "screening", None, None, ""),
        Coded("02-004", "02", "2025-02-05", "in study", None, None, "not allowed"),
    )
)
_ROW: dict[str, Any] = {
    "id": "1" * 32, "version": 2, "number": "01-AE-001", "participant": "2" * 32, "identifier": "01-001",
    "site": "3" * 32, "term": "Pneumonia", "started_on": "2025-03-01", "ended_on": "2025-03-12",
    "criteria": ("life_threatening", "hospitalised"), "grade": 3, "related": "yes", "causality": None,
    "expected": False, "outcome": "Recovered", "aware_at": _AWARE, "aware_zone": "Asia/Shanghai",
    "reported_at": _REPORTED, "reported_to": "Hanfang 制药有限公司",
    "clock": sae_clock(_AWARE, _REPORTED, _AWARE), "signed_by": "Dr Rosalind Amory",
}  # fmt: skip
EVENT = EventTold(
    row=SeriousRow(**_ROW), site="01 Harbour Hospital", sex="F", age=61, age_unit="YEARS", country="CHN",
    consented_on="2025-01-04", first_exposure="2025-01-20", last_exposure="2025-02-26",
    preferred_term="Pneumonia bacterial", system_organ_class="Infections and infestations", severity="severe",
    action_taken="Treatment interrupted", recorded_on="2025-03-02", narrative=NARRATIVE * 14,
    arms=("Placebo", "丹参酮 20 mg 每日一次"),
    sent=(
        Sent("CDE", date(2025, 3, 7), "CDE-2025-118", follow_up=False),
        Sent("committee", date(2025, 3, 20), None, follow_up=True),
    ),
)  # fmt: skip
DEVIATION = DeviationRow(
    id="4" * 32, version=1, number="01-DEV-002", participant="2" * 32, identifier="01-001", site="3" * 32,
    site_number="01", visit="5" * 32, visit_name="Week 4", category="consent", occurred_on=date(2025, 3, 1),
    found_on=date(2025, 3, 4), description="使用了已被取代的版本: a superseded version was used", proposed=False,
    important=True, impact="Rights and trust", corrective_action="Consented again on the next day.",
    assessed_on=date(2025, 3, 5), reported_on=None, signed_by=None,
)  # fmt: skip
PACKAGE = Package(
    title="Intravenous against oral iron", protocol_number="HUH-2025-01", registry_number=None,
    sponsor="Harbour University", objective="To find whether one infusion is better than tablets.", planned=60,
    targets=58, sites=("01 Harbour Hospital", "02 北京协和医院"), committee="Harbour ethics committee",
    subject="Initial application", submitted_on=date(2025, 1, 10), design="Parallel groups",
    population="缺铁性贫血", supporters=("Larkmoor Therapeutics Ltd",),
    held=(
        Held("", "protocol", "1.0", date(2025, 1, 2), None, None),
        Held("", "consent", "1.0", date(2025, 1, 4), None, None, "main", "zh"),
        Held("", "consent", "1.0", date(2025, 1, 4), None, None, "assent", "en"),
        Held("Protocol 1.0", "protocol", "1", date(2025, 1, 2), "protocol-1.0.pdf", "ab" * 32),
        Held("Insurance certificate", "insurance", "2", None, "insurance.pdf", "cd" * 32),
    ),
    team=(Team("Ada Lind", "pi", date(2025, 1, 1)), Team("林淑怡", "pharmacist", None)),
    checks={
        "protocol_sent": True, "protocol_signed": True, "consent_there": True,
        "numbers_agree": False, "registered": False, "pi_named": True, "team_trained": False, "files_there": False,
    },
)  # fmt: skip
_VISITS = tuple(
    VisitTold(name, Decimal(place), anchor, day, before, after)
    for place, (name, anchor, day, before, after) in enumerate(
        [
            ("Screening", "day1", -14, 7, 0),
            ("Baseline", "day1", 1, None, None),
            ("Safety call", "allocation", 3, 1, 1),
            *((f"Week {week}", "day1", 7 * week + 1, 2, 2) for week in (1, 2, 4, 8, 12, 16, 20, 24)),
            ("End of study 随访", "previous", 28, None, 7),
            ("Early end", "day1", None, None, None),
        ],
        1,
    )
)


def _marks(*places: int, note: str = "") -> tuple[str | None, ...]:
    return tuple(note if place in places else None for place in range(len(_VISITS)))


SYNOPSIS = Synopsis(
    title="Intravenous against oral iron", short_name="HARBOUR", protocol_number="HUH-2025-01", registry_number=None,
    version="2.0", version_on=date(2025, 5, 4), phase="PHASE III TRIAL", indication="缺铁性贫血",
    sponsor="Harbour University", blinding="double",
    objective="To find whether one infusion is better than tablets.",
    design="Randomised, parallel groups, one to one.", planned=60, sites=2, recruits_from=date(2025, 1, 1),
    recruits_until=None,
    arms=(ArmTold("Placebo", 1, None), ArmTold("丹参酮 20 mg 每日一次", 2, "One tablet in the morning, 24 weeks.")),
    inclusion=("I1: Adults aged 18 to 80", "I2: 血红蛋白低于 100 g/L"), exclusion=("E1: Pregnancy",),
    visits=_VISITS,
    activities=(
        ActivityTold("Consent", "consent", _marks(0)),
        ActivityTold("Haemoglobin", "laboratory", _marks(0, 1, 5, 7, 10, 11)),
        ActivityTold("Pharmacokinetics", "laboratory", _marks(1, 4, note="before and 2 h after the dose")),
        ActivityTold("生活质量量表", "questionnaire", _marks(1, 7, 10)),
        ActivityTold("Phone call", None, _marks(2)),
    ),
)  # fmt: skip
STUDY: dict[str, Any] = {
    "id": "6" * 32, "version": 3, "short_name": "HARBOUR", "title": "Intravenous against oral iron",
    "protocol_number": "HUH-2025-01", "registry_number": None, "phase": "PHASE III TRIAL", "indication": "缺铁性贫血",
    "sponsor": "Harbour University", "blinding": "double", "unblinded": None,
    "objective": "To find whether one infusion is better than tablets.",
    "design": "Randomised, parallel groups", "planned_participants": 60, "recruitment_starts_on": date(2025, 1, 1),
    "recruitment_ends_on": None, "needs_contract": None, "needs_insurance": None, "started": "2025-01",
    "ended": "2025-12-01", "closed_on": None, "imported": None,
}  # fmt: skip
_FIRST = Sent("FDA", date(2025, 3, 10), None, follow_up=False)
CASE = Case(
    event=replace(EVENT, sent=(_FIRST, Sent("FDA", date(2025, 3, 20), "IND 123456 SN 0042", follow_up=True))),
    study=StudyRow(**STUDY), country="CHN",
    office=Office("Harbour University", "1 Quay Road\n北京市海淀区", "Dr Rosalind Amory", "+47 555 0100"),
    reporter=Reporter("Dr Rosalind Amory", "Consultant physician", None, "amory@harbour.example"),
    recipient="FDA", application="IND 123456",
    turn=Turn(1, Sent("FDA", date(2025, 3, 20), "SN 0042", follow_up=True), _FIRST),
    received=date(2025, 3, 3),
    clock=ReportingClock("US-IND-7", "2011-03-28", "21 CFR 312.32(c)(2)", 7, date(2025, 3, 3), date(2025, 3, 10)),
    person=Particulars("汉族", None, None, (Broken(datetime(2025, 3, 2, 6, tzinfo=UTC), emergency=True),)),
    lots=(Lot("Velmorin or placebo", "VX-01", date(2026, 4, 30)), Lot("Velmorin or placebo", "VX-02", None)),
    doses=(), hidden=False, brochure=("Investigator's brochure 研究者手册 3", date(2024, 11, 2)),
    similar=Similar(
        by_term=True, events=3, participants=2, serious=2, suspected=1, organ_class=4, entered=52,
        reports=(Earlier("02-AE-003", "02-004", "肺炎 Pneumonia", date(2025, 2, 20), "SN 0040", follow_up=False),),
    ),
)  # fmt: skip
SHEET = replace(
    CASE, turn=Turn(0, None, None), hidden=True, lots=(), reporter=None, similar=replace(CASE.similar, reports=()),
    event=replace(
        EVENT, row=replace(EVENT.row, criteria=("fatal", "hospitalised"), outcome="FATAL"), sent=()
    ),
    person=replace(CASE.person, died_on="2025-03"),
)  # fmt: skip
REGISTRATION = Sheet(
    study=StudyRow(**STUDY),
    entries=(
        Entry("ClinicalTrials.gov", "registration", date(2024, 12, 20), "NCT01234567"),
        Entry("ChiCTR", "results", date(2026, 3, 1), None),
    ),
    countries=("CHN", "NOR"),
    arms=(
        ArmRow("7" * 32, 1, "P", "Placebo", 1, 1, None),
        ArmRow("8" * 32, 1, "A", "丹参酮", 2, 2, "One tablet in the morning"),
    ),
    criteria=(
        CriterionRow("9" * 32, 1, "I1", "inclusion", "Adults aged 18 to 80"),
        CriterionRow("a" * 32, 1, "E1", "exclusion", "Pregnancy"),
    ),
    ethics=(Ethics("Harbour ethics committee", "approved", date(2025, 2, 1), "EC-2025-017"),),
    supporters=("Hanfang 制药有限公司",),
    entered=52,
    first_in="2025-01-20",
)
SITE_FILE = Index(
    filed=(
        Filed("a", "Protocol 1.0", "protocol", 1, date(2025, 1, 2), "protocol-1.0.pdf", "ab" * 32, None),
        Filed("b", "Approval letter", "approval", 2, None, "EC-2025-017 批件.pdf", "cd" * 32, None),
        Filed("c", "Floor plan", "other", 1, date(2025, 2, 2), "plan.png", "ef" * 32, None),
    ),
    kept={
        "protocol_versions": 2, "consent_versions": 4, "submissions": 3, "decisions": 3, "delegations": 5,
        "trainings": 3, "participants": 6, "consents": 4, "serious_events": 4, "deviations": 4,
    },
)  # fmt: skip

NO_STUDY: dict[str, Any] = {**dict.fromkeys(STUDY), "id": "6" * 32, "version": 1, "short_name": "HARBOUR"}

FACTS: dict[str, Any] = {
    "code-list": CODES,
    "sae-report": EVENT,
    "cioms": CASE,
    "form-3500a": SHEET,
    "safety-letter": CASE,
    "deviation-report": DEVIATION,
    "ethics-package": PACKAGE,
    "synopsis": SYNOPSIS,
    "registration": REGISTRATION,
    "site-file": SITE_FILE,
}
EMPTY: dict[str, Any] = {
    "code-list": CodeList(()),
    "sae-report": None,
    "cioms": None,
    "form-3500a": None,
    "safety-letter": None,
    "deviation-report": None,
    "ethics-package": Package(
        title=None, protocol_number=None, registry_number=None, sponsor=None, objective=None, planned=None, targets=0,
        sites=(), committee=None, subject=None, submitted_on=None, design=None, population=None, supporters=(),
        held=(), team=(),
        checks={"registered": False, "numbers_agree": None},
    ),
    "synopsis": Synopsis(
        title=None, short_name="HARBOUR", protocol_number=None, registry_number=None, version=None, version_on=None,
        phase=None, indication=None, sponsor=None, blinding=None, objective=None, design=None, planned=None, sites=0,
        recruits_from=None, recruits_until=None, arms=(), inclusion=(), exclusion=(), visits=(), activities=(),
    ),
    "registration": Sheet(
        StudyRow(**NO_STUDY),
        (), (), (), (), (), (), 0, None,
    ),
    "site-file": Index((), {"participants": 0}),
}  # fmt: skip
SAYS = {
    "code-list": ("Nobody has been screened.", "尚无受试者接受筛选。"),
    "sae-report": ("No serious adverse event is recorded.", "没有严重不良事件记录。"),
    "form-3500a": ("No serious adverse event is recorded.", "没有严重不良事件记录。"),
    "safety-letter": ("No serious adverse event is recorded.", "没有严重不良事件记录。"),
    "cioms": ("No serious adverse event is recorded.", "没有严重不良事件记录。"),
    "deviation-report": ("No deviation is recorded.", "未记录方案偏离。"),
    "ethics-package": ("No initial application is recorded yet", "尚无初始审查申请记录"),
    "synopsis": ("No visit is planned yet.", "尚未计划任何访视。"),
    "registration": ("of 24 items are recorded.", "共24项"),
    "site-file": ("0 of 38 sorts of essential record", "必备文件共38类"),
}
"""What an empty document says, in English and in Chinese."""

"""Facts for every report, with what is hard to print: missing values, unknown terms, long words, two scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.reporting.reports import conduct_specimens, evidence_specimens, papers_specimens
from tests.reporting.reports.money_specimens import (
    AGED,
    BILL,
    CERTIFIED,
    CLOSED,
    FORETOLD,
    OWED,
    RECONCILED,
    RESULT,
    SHARED,
    TRANSPARENCY,
)
from trialdesk.enrollment.progress import ConsentRow, Due, Progress
from trialdesk.enrollment.rules import ArmFlow, Flow, Reasons, SafetyCounts
from trialdesk.overview.closure import (
    About,
    Account,
    Closure,
    Departures,
    Kept,
    Ruled,
    Serious,
    SignedBy,
    Times,
    Told,
    Version,
)
from trialdesk.overview.rules.recruitment import Curve, Month
from trialdesk.reporting.reports import consent_log, deviation_log, enrolment_log, sae_log
from trialdesk.reporting.reports.consent_versions import VersionLog, VersionRow
from trialdesk.reporting.reports.delegation import Delegated, DelegationLog, Member, Trained
from trialdesk.reporting.reports.delegation import Signed as SignedFor
from trialdesk.reporting.reports.e3_synopsis import Results
from trialdesk.reporting.reports.ethics_facts import (
    Asked,
    Decided,
    EthicsLog,
    Required,
    Reviewed,
    Standing,
    Submitted,
)
from trialdesk.reporting.reports.files_held import Held
from trialdesk.reporting.reports.screening_log import Log, LogRow, Totals
from trialdesk.safety.logs import DeviationRow, SeriousRow
from trialdesk.safety.rules import sae_clock
from trialdesk.safety.told import Sent
from trialdesk.studies.closing import CLOSE

LONG = "Moved to a town from which the site cannot be reached by any public transport within the visit window " * 2

FLOW = Flow(
    screening=3,
    criteria={"E02": 2, "I03": 1},
    assessed=66,
    excluded=Reasons(11, {"SCREEN FAILURE": 7, "WITHDRAWAL BY SUBJECT": 2, "declined by the family doctor": 1}),
    randomised=52,
    arms=(
        ArmFlow(
            "Placebo",
            26,
            25,
            19,
            Reasons(6, {"LOST TO FOLLOW-UP": 3, "ADVERSE EVENT": 2, LONG.strip(): 1}),
            3,
            {"COMPLT24": 18, "COMPLT8": 21, "ITT": 26, "PPROT": 17, "SAFETY": 25},
        ),
        ArmFlow(
            "丹参酮 20 mg 每日一次",
            26,
            26,
            22,
            Reasons(3, {"DEATH": 1, "PROTOCOL DEVIATION": 1, "搬家": 1}),
            0,
            {"COMPLT24": 22, "COMPLT8": 24, "ITT": 26, "PPROT": 20, "SAFETY": 26},
        ),
    ),
)
DISPOSITION = {
    "Placebo": {"COMPLETED": 19, "LOST TO FOLLOW-UP": 3, "ADVERSE EVENT": 2},
    "丹参酮 20 mg 每日一次": {"COMPLETED": 22, "DEATH": 1, "搬家": 1},
    "Screen Failure": {"SCREEN FAILURE": 7},
    "Not Assigned": {"WITHDRAWAL BY SUBJECT": 2},
}
SAFETY = {
    "Placebo": SafetyCounts(31, 14, 0, 1, {"MILD": 27, "MODERATE": 2, "SEVERE": 1}),
    "丹参酮 20 mg 每日一次": SafetyCounts(4, 3, 1, 0, {"MILD": 4}),
    "Screen Failure": SafetyCounts(1, 1, 0, 0, {}),
}
_LOG_ROWS = (
    LogRow("01-001", "001", "01", "2025-01-05", "2025-01-04", "F", 61, "YEARS", "2025-01-20", "Placebo", "completed",
           "2025-06-01T10:00", None),
    LogRow("01-002", "002", "01", "2025-01", None, "M", 7, "MONTHS", "2025-02-01", "Placebo", "discontinued",
           "2025-03", "LOST TO FOLLOW-UP"),
    LogRow("02-003", "003", "02", "2025-02-05", "2025-02-05", None, None, None, None, None, "screen failure",
           "2025-02-09", None),
    LogRow("02-004", "004", "02", None, None, "U", 54, None, None, None, "screening", None, None),
    LogRow("02-005", "005", "02", "2025-02-06", "2025-02-06", "F", 80, "YEARS", None, "丹参酮 20 mg 每日一次",
           "in study", None, None),
    LogRow("02-006", "006", "02", "2025-02-07", "2025-02-07", "F", 81, "YEARS", "2025-03-01", "Placebo",
           "discontinued", "2025-04-01", LONG.strip()),
)  # fmt: skip
LOG = Log(arms_shown=True, rows=_LOG_ROWS, flow=Totals(6, 2, 4, 1, 2))

VERSIONS = VersionLog(
    (
        VersionRow("assent", "zh", "1.0", 1, date(2025, 1, 4), None, None, None, None, None, None, None, None),
        VersionRow(
            "main", "en", "1.0", 1, date(2025, 1, 4), "Harbour ethics committee", "EC-2025-017", date(2025, 2, 1),
            date(2025, 2, 1), date(2025, 6, 1), None, None, None,
        ),
        VersionRow(
            "main", "en", "2.0", 2, date(2025, 5, 4), "Harbour ethics committee", "EC-2025-041", date(2025, 5, 20),
            date(2025, 6, 1), None, None, date(2025, 8, 31), LONG.strip(),
        ),
        VersionRow(
            "main", "zh", "1.0", 1, date(2025, 1, 4), "北京协和医院伦理委员会", None, date(2025, 2, 1),
            date(2025, 2, 1), None, date(2025, 7, 1), None, "首版",
        ),
    )
)  # fmt: skip
ETHICS = EthicsLog(
    standing=Standing(
        "Harbour ethics committee", "EC-2025-041", date(2025, 5, 20), date(2026, 1, 31), date(2026, 1, 1)
    ),
    submissions=(
        Submitted(1, "Harbour ethics committee", "initial", "Initial application", date(2025, 1, 10), "1.0", None),
        Submitted(2, "北京协和医院伦理委员会", "initial", "丹参酮研究初始审查", date(2025, 1, 12), "1.0", "02"),
        Submitted(3, "Harbour ethics committee", "amendment", LONG.strip(), date(2025, 5, 6), "2.0", None),
    ),
    questions=(
        Asked(1, date(2025, 1, 20), "Who keeps the code?", date(2025, 1, 22), "The pharmacist, in a sealed envelope."),
        Asked(3, date(2025, 5, 12), "Why so long?", None, None),
    ),
    decisions=(
        Decided(1, date(2025, 1, 24), "deferred", None, None, None),
        Decided(1, date(2025, 2, 1), "approved_with_conditions", None, date(2026, 1, 31), "EC-2025-017"),
        Decided(3, date(2025, 5, 20), "approved", date(2025, 5, 20), None, "EC-2025-041"),
    ),
    conditions=(
        Required(1, "Send the insurance certificate.", date(2025, 3, 1), date(2025, 2, 20)),
        Required(1, "Report after the first ten visits.", None, None),
    ),
    reviews=(Reviewed("Scientific board", date(2024, 12, 1), date(2024, 12, 20), "favourable", None, None),),
    institutions=(Reviewed("北京协和医院", None, date(2025, 2, 10), "approved", date(2027, 2, 9), "2025-立-011"),),
    documents=(
        Held("", "protocol", "1.0", date(2025, 1, 2), None, None),
        Held("Approval letter", "approval", "1", None, "EC-2025-017 letter.pdf", "ab" * 32),
    ),
)
CLOSURE = Closure(
    about=About(
        "Intravenous against oral iron", "HUH-2025-01", "NCT01234567", "PHASE III TRIAL", "缺铁性贫血", None,
        LONG.strip(), None, 60,
    ),
    times=Times("2025-01", "2025-01-04", "2025-01-20", "2025-12-01T10:00", "2025-12-15", None, date(2026, 3, 4)),
    versions=(
        Version("1.0", date(2024, 12, 1), date(2025, 1, 1), None, None),
        Version("2.0", date(2025, 5, 4), None, True, LONG.strip()),
    ),
    flow=FLOW,
    curve=Curve(
        tuple(Month(date(2025, month, 1), month * 5, month * 4 + 4) for month in range(1, 13)), 60
    ),
    safety=SAFETY,
    serious=Serious(2, 1, {"CDE": 1, "FDA": 2}),
    deviations=(Departures("visit_window", 4, 0, 1), Departures("consent", 1, 1, 0)),
    decisions=(
        Ruled("Harbour ethics committee", "initial", "approved_with_conditions", date(2025, 1, 2), date(2026, 1, 1),
              "EC-2025-017"),
        Ruled("北京协和医院伦理委员会", "closure", "approved", date(2026, 2, 2), None, None),
    ),
    registries=(Told("ClinicalTrials.gov", "registration", date(2024, 12, 20), "NCT01234567"),),
    accounts=(
        Account("C-2025-7", "receivable", "CNY", 1_234_500, 1_308_570, 1_000_000, 308_570),
        Account("L-1", "payable", "EUR", 0, 0, 0, 0),
    ),
    kept=Kept(
        "Cellar 2, shelf 14", "Ada Lind", date(2041, 3, 4), "销毁", None, "No difference was found.",
        "The committee was dissolved.", "questions:2 conditions:1", None,
        (SignedBy("Ada Lind", CLOSE, datetime(2026, 3, 4, 8, tzinfo=UTC), stands=True),),
    ),
    open={},
)  # fmt: skip
_ADA = SignedFor("Ada Lind", datetime(2026, 3, 4, 8, 5, 10, tzinfo=UTC))
_LEFT = SignedFor("Ada Lind", datetime(2026, 9, 30, 15, 40, tzinfo=UTC))
_LAST = date(2026, 9, 30)
DELEGATION = DelegationLog(
    members=(
        Member("Ada Lind", "AL", "Consultant", "Harbour Hospital", "Medical Council 110-22-981", date(2027, 12, 31)),
        Member("Bo Ek", None, None, None, "RN 4471", None),
        Member("林淑怡", "LSY", "临床药师", "海港医院药学部", None, None),
    ),
    delegations=(
        Delegated("Ada Lind", "pi", None, date(2026, 3, 4), None, _ADA, None, False, False, False),
        Delegated(
            "Bo Ek", "coordinator", "1, 4, 7: " + LONG.strip(), date(2026, 3, 1), _LAST, _ADA, _LEFT, True, False, False
        ),
        Delegated("Bo Ek", "data_manager", "9", date(2026, 10, 1), None, None, None, False, True, False),
        Delegated("林淑怡", "pharmacist", "5, 6", date(2026, 3, 10), None, _ADA, None, False, False, True),
        Delegated("林淑怡", "quality", None, date(2025, 3, 10), None, None, None, False, False, False),
    ),
    trainings=(
        Trained("Ada Lind", "gcp", "ICH E6(R3)", None, "Course", None, date(2025, 1, 9), None, "Certificate 12", False),
        Trained("Bo Ek", "gcp", None, None, None, None, date(2023, 1, 9), date(2026, 1, 9), None, True),
        Trained(
            "Bo Ek", "protocol", "HARBOUR", "2.0", "Site initiation", "Ada Lind", date(2026, 2, 27), None, None, False
        ),
    ),
    untrained=("Bo Ek",),
)


def _varied(usual: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each row with its place: the usual values, but where it says otherwise."""
    return enumerate({**usual, **row} for row in rows)


_PROGRESS: dict[str, Any] = {
    "participant": "1" * 32, "site": "2" * 32, "site_number": "01", "since": None, "screened_on": "2025-01-05",
    "consented_on": "2025-01-04", "consent_label": "1.0", "consent_language": "en", "eligible": True,
    "eligible_on": date(2025, 1, 15), "eligibility_signed": True, "failed_criteria": None,
    "allocated_on": "2025-01-20", "slot": "S001", "stratum": "old", "code_broken": False, "ended_on": None,
    "reason": None,
}  # fmt: skip
ENROLMENT = enrolment_log.Log(
    tuple(
        Progress(**{**values, "identifier": f"01-00{place + 1}", "number": f"00{place + 1}"})
        for place, values in _varied(
            _PROGRESS,
            (
            {"state": "completed", "ended_on": "2025-06-01T10:00"},
            {"state": "in study", "code_broken": True, "stratum": "年轻", "consent_language": "zh"},
            {"state": "screen failure", "ended_on": "2025-01", "reason": "SCREEN FAILURE", "slot": None,
                     "eligible": False, "failed_criteria": "I1, E12", "allocated_on": None},
            {"state": "discontinued", "ended_on": "2025-04-01", "reason": LONG.strip(), "slot": None},
            {"state": "screening", "consented_on": None, "consent_label": None, "consent_language": None,
                     "eligible": None, "eligible_on": None, "eligibility_signed": False, "allocated_on": None,
                     "slot": None, "stratum": None, "screened_on": None},
            {"state": "screening", "eligibility_signed": False, "allocated_on": None, "slot": None},
            ),
        )
    )
)  # fmt: skip
_CONSENT: dict[str, Any] = {
    "version": 1, "site": "2" * 32, "language": "en", "form": "main", "consented_at": None,
    "obtained_by": "Dr Rosalind Amory", "representative": None, "copy_given": True, "again": False,
    "first_procedure": "2025-01-05T09:00", "before_procedures": True,
}  # fmt: skip
CONSENTS = consent_log.Log(
    consents=tuple(
        ConsentRow(**values, id=str(place) * 32, participant=str(place) * 32)
        for place, values in _varied(
            _CONSENT,
            (
                {"identifier": "01-001", "label": "1.0", "consented_on": date(2025, 1, 4), "consented_at": "09:30"},
                {"identifier": "01-001", "label": "2.0", "consented_on": date(2025, 6, 2), "again": True,
                 "before_procedures": None, "obtained_by": None, "copy_given": None},
                {"identifier": "01-002", "label": "1.0", "consented_on": date(2025, 1, 6), "before_procedures": False,
                 "representative": "法定代理人", "language": "zh", "copy_given": False,
                 "invalid_found_on": date(2025, 3, 20), "invalid_why": "由邻居代签 (signed by a <neighbour>)."},
                {"identifier": "01-003", "label": "1.0", "consented_on": date(2025, 1, 7), "first_procedure": None,
                 "before_procedures": None, "form": "optional"},
            )
        )
    ),
    due=(Due("3" * 32, "01-002", "2" * 32, "1.0", "2.0", "zh", date(2025, 8, 31), overdue=False),),
    without=("01-005", "01-006"),
)  # fmt: skip
_SERIOUS: dict[str, Any] = {
    "version": 1, "site": "2" * 32, "identifier": "01-001", "started_on": "2025-03-01", "ended_on": None,
    "criteria": ("hospitalised",), "grade": 3, "related": "yes", "causality": None, "expected": False,
    "outcome": "Recovered", "aware_at": datetime(2025, 3, 1, 22, 30, tzinfo=UTC), "aware_zone": "Asia/Shanghai",
    "reported_at": datetime(2025, 3, 2, 20, tzinfo=UTC), "reported_to": "Sponsor", "signed_by": "Dr Rosalind Amory",
}  # fmt: skip
SERIOUS = sae_log.Log(
    tuple(
        SeriousRow(
            id=str(place) * 32,
            participant="1" * 32,
            clock=sae_clock(values["aware_at"], values["reported_at"], values["aware_at"])
            if values["aware_at"]
            else None,
            **values,
        )
        for place, values in _varied(
            _SERIOUS,
            (
                {"number": "01-AE-001", "term": "Pneumonia", "preferred_term": "Pneumonia",
                 "system_organ_class": "Infections and infestations", "action_taken": "DRUG WITHDRAWN"},
                {"number": "01-AE-002", "term": "急性心肌梗死", "criteria": ("fatal", "life_threatening"), "grade": 5,
                 "reported_at": datetime(2025, 3, 3, 8, tzinfo=UTC), "related": "unknown"},
                {"number": "01-AE-003", "term": LONG.strip(), "reported_at": None, "signed_by": None,
                 "expected": None, "outcome": None, "aware_zone": "Europe/Oslo"},
                {"number": None, "term": "Fall", "criteria": (), "grade": None, "related": None, "aware_at": None,
                 "reported_at": None, "started_on": None, "causality": "POSSIBLE"},
            ),
        )
    ),
    sent=(
        (Sent("committee", date(2025, 3, 4), "EC-9", None), Sent("committee", date(2025, 3, 9), None, True)),
        (),
        (),
        (),
    ),
)  # fmt: skip
_DEVIATION: dict[str, Any] = {
    "version": 1, "participant": "1" * 32, "identifier": "01-001", "site": "2" * 32, "site_number": "01",
    "visit": None, "visit_name": None, "occurred_on": date(2025, 3, 1), "found_on": date(2025, 3, 4),
    "proposed": False, "important": None, "impact": None, "corrective_action": None, "assessed_on": None,
    "reported_on": None, "signed_by": None,
}  # fmt: skip
DEVIATIONS = deviation_log.Log(
    tuple(
        DeviationRow(**values, id=str(place) * 32)
        for place, values in _varied(
            _DEVIATION,
            (
                {"number": "01-DEV-001", "category": "visit_window", "description": "Visit six days late",
                 "proposed": True},
                {"number": "01-DEV-002", "category": "consent", "description": "使用了已被取代的版本",
                 "important": True, "impact": "Rights", "corrective_action": LONG.strip(),
                 "assessed_on": date(2025, 3, 5), "reported_on": date(2025, 3, 6), "signed_by": "Dr Rosalind Amory"},
                {"number": "01-DEV-003", "category": "other", "description": "Freezer door open", "important": False,
                 "assessed_on": date(2025, 3, 7), "participant": None, "identifier": None},
                {"number": "DEV-001", "category": "privacy", "description": "List sent unsealed", "participant": None,
                 "identifier": None, "site": None, "site_number": None},
            )
        )
    ),
    versions=("1.0", "2.0 修订", None, "2.0"),
)  # fmt: skip
FACTS = {
    "consort": FLOW,
    "disposition": DISPOSITION,
    "safety-summary": SAFETY,
    "screening-log": LOG,
    "enrolment-log": ENROLMENT,
    "consent-log": CONSENTS,
    "sae-log": SERIOUS,
    "deviation-log": DEVIATIONS,
    "consent-versions": VERSIONS,
    "ethics": ETHICS,
    "delegation": DELEGATION,
    "payment-statement": OWED,
    "invoice": BILL,
    "distribution-statement": SHARED,
    "reconciliation": RECONCILED,
    "ageing": AGED,
    "forecast": FORETOLD,
    "transparency": TRANSPARENCY,
    "milestone-certificate": CERTIFIED,
    "money-close-out": CLOSED,
    "profit-and-loss": RESULT,
    "study-report": CLOSURE,
    "e3-synopsis": Results(
        papers_specimens.SYNOPSIS,
        "Dr Rosalind Amory",
        ("01 Harbour Hospital", "02 北京协和医院"),
        CLOSURE.times,
        CLOSURE.flow,
        CLOSURE.safety,
        ("Velmorin 10 mg: A1, A2",),
        CLOSURE.kept,
    ),
    **papers_specimens.FACTS,
    **conduct_specimens.FACTS,
    **evidence_specimens.FACTS,
}

"""Facts for every report, with what is hard to print: missing values, unknown terms, long words, two scripts."""

from __future__ import annotations

from trialdesk.enrollment.rules import ArmFlow, Flow, Reasons, SafetyCounts
from trialdesk.reporting.reports.screening_log import Log, LogRow, Totals

LONG = "Moved to a town from which the site cannot be reached by any public transport within the visit window " * 2

FLOW = Flow(
    assessed=63,
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
FACTS = {"consort": FLOW, "disposition": DISPOSITION, "safety-summary": SAFETY, "screening-log": LOG}

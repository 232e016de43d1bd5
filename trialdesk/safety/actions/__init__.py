"""What is done about safety and data: one module a subject, all of it here under one name."""

from __future__ import annotations

from trialdesk.safety.actions.adverse_events import (
    correct_adverse_event,
    record_adverse_event,
    report_adverse_event,
    sign_adverse_event,
    void_adverse_event,
)
from trialdesk.safety.actions.data import (
    answer_query,
    close_query,
    correct_query,
    raise_query,
    reopen_query,
    sign_crf,
    void_query,
)
from trialdesk.safety.actions.deviations import (
    assess_deviation,
    correct_deviation,
    record_deviation,
    report_deviation,
    void_deviation,
)
from trialdesk.safety.actions.expediting import (
    add_expedited_report,
    correct_expedited_report,
    void_expedited_report,
)

ACTIONS = (
    record_adverse_event,
    correct_adverse_event,
    void_adverse_event,
    report_adverse_event,
    sign_adverse_event,
    add_expedited_report,
    correct_expedited_report,
    void_expedited_report,
    record_deviation,
    correct_deviation,
    void_deviation,
    assess_deviation,
    report_deviation,
    raise_query,
    answer_query,
    close_query,
    reopen_query,
    correct_query,
    void_query,
    sign_crf,
)
"""Everything a person can do here."""

__all__ = [
    "ACTIONS",
    "add_expedited_report",
    "answer_query",
    "assess_deviation",
    "close_query",
    "correct_adverse_event",
    "correct_deviation",
    "correct_expedited_report",
    "correct_query",
    "raise_query",
    "record_adverse_event",
    "record_deviation",
    "reopen_query",
    "report_adverse_event",
    "report_deviation",
    "sign_adverse_event",
    "sign_crf",
    "void_adverse_event",
    "void_deviation",
    "void_expedited_report",
    "void_query",
]

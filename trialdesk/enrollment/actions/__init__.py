"""What is done with participants: one module a subject, all of it here under one name."""

from __future__ import annotations

from trialdesk.enrollment.actions.allocating import (
    allocate_blinded,
    allocate_open,
    break_code,
    load_slots,
    record_allocation,
)
from trialdesk.enrollment.actions.assessing import (
    assess_eligibility,
    correct_eligibility,
    sign_eligibility,
    void_eligibility,
)
from trialdesk.enrollment.actions.consenting import (
    correct_consent,
    find_consent_invalid,
    find_consent_valid,
    record_consent,
    void_consent,
)
from trialdesk.enrollment.actions.ending import (
    complete,
    correct_disposition,
    fail_screening,
    record_death,
    void_disposition,
    withdraw,
)
from trialdesk.enrollment.actions.participants import (
    correct_participant,
    erase_identity,
    identify,
    screen,
    void_participant,
)
from trialdesk.enrollment.actions.product import correct_movement, record_movement, void_movement
from trialdesk.enrollment.actions.visits import (
    correct_exposure,
    correct_visit,
    record_exposure,
    record_visit,
    void_exposure,
    void_visit,
)

ACTIONS = (
    screen,
    correct_participant,
    void_participant,
    identify,
    erase_identity,
    record_consent,
    correct_consent,
    void_consent,
    find_consent_invalid,
    find_consent_valid,
    assess_eligibility,
    correct_eligibility,
    void_eligibility,
    sign_eligibility,
    load_slots,
    allocate_open,
    allocate_blinded,
    record_allocation,
    break_code,
    record_visit,
    correct_visit,
    void_visit,
    record_exposure,
    correct_exposure,
    void_exposure,
    record_movement,
    correct_movement,
    void_movement,
    complete,
    withdraw,
    fail_screening,
    record_death,
    correct_disposition,
    void_disposition,
)
"""Everything a person can do here."""

__all__ = [
    "ACTIONS",
    "allocate_blinded",
    "allocate_open",
    "assess_eligibility",
    "break_code",
    "complete",
    "correct_consent",
    "correct_disposition",
    "correct_eligibility",
    "correct_exposure",
    "correct_movement",
    "correct_participant",
    "correct_visit",
    "erase_identity",
    "fail_screening",
    "find_consent_invalid",
    "find_consent_valid",
    "identify",
    "load_slots",
    "record_allocation",
    "record_consent",
    "record_death",
    "record_exposure",
    "record_movement",
    "record_visit",
    "screen",
    "sign_eligibility",
    "void_consent",
    "void_disposition",
    "void_eligibility",
    "void_exposure",
    "void_movement",
    "void_participant",
    "void_visit",
    "withdraw",
]

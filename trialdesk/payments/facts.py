"""What counts as a fact for payments, as one table: which record tells it, under which condition, dated by what.

Facts are never entered: they are read out of the study's events (`payments.projection`). A record that is corrected
supersedes its fact; one that is voided, or of which the condition holds no more, voids it. So a late entry, a
correction, a voided participant and an undo change what is owed with no step of their own.

A field is named by its path from the record: `participant.identifier` is the identifier of the participant the record
links to, as it stood when the record, or the participant, was last changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from trialdesk.base.values import dataclass
from trialdesk.enrollment import records as enrollment
from trialdesk.enrollment.rules import COMPLETED, RANDOMISED, SCREEN_FAILURE
from trialdesk.ethics import records as ethics
from trialdesk.ethics.rules import MAIN
from trialdesk.payments import records as payments
from trialdesk.people import records as people
from trialdesk.persistence.declaration import Record
from trialdesk.safety import records as safety
from trialdesk.studies import records as studies

DEATH = "DEATH"
SELF, ACT_DAY, TARGET, HOURS, ID, TRUE = "@self", "@day", "@target", "@hours", "@id", "@true"
"""Instead of a path: the record itself; the local calendar day of the act that made the condition true; the day the
planned visit was due; the whole hours from the site's awareness to its report; the record's id; yes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One way in which a record tells a fact.

    `when` says which values its fields must have, `unless` which they must not have, `given` which must have one and
    `lacking` which none; all name fields by their paths. `on` is the field that dates it: without a date there is no
    fact, and with one that is not known to the day it is listed as an error. `subject` is the path to a participant,
    `visit` the path to a planned visit; `keys` the other keys of the fact. `once` says that one participant has
    the fact but once, however many records tell it: then the first source of this table, and of it the first record,
    tells it.
    """

    fact: str
    of: type[Record]
    on: str
    when: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    subject: str = "participant"
    visit: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    voided: bool = False
    """Tell it of voided records, and only of them."""
    zone: str = ""
    """Where `on` is an instant, the path to the zone whose calendar dates it; the desk's where that is empty."""


_EVENT = {"category": ("event",)}

SOURCES: tuple[Source, ...] = (
    # The study
    Source("ethics_submitted", ethics.Submission, "submitted_on", subject=""),
    Source(
        "ethics_approved",
        ethics.Decision,
        "decided_on",
        when={"outcome": ("approved", "approved_with_conditions")},
        subject="",
    ),
    Source(
        "icf_mandatory",
        ethics.ConsentVersion,
        "mandatory_on",
        when={"form": (MAIN,)},
        subject="",
        keys={"icf_version": "number"},
    ),
    Source("site_activated", studies.Site, "activated_on", subject=""),
    # Participants
    Source("screened", enrollment.Participant, "screened_on", subject=SELF, once=True),
    Source("subject_voided", enrollment.Participant, ACT_DAY, subject=SELF, once=True, voided=True),
    # Taken into the study without valid consent: what was done happened, and no terms pay for it.
    Source("subject_voided", enrollment.Consent, "invalid_found_on", when={"voids_participation": (True,)}, once=True),
    Source("died", enrollment.Participant, "died_on", when={"died": (True,)}, subject=SELF, once=True),
    Source(
        "consent_signed",
        enrollment.Consent,
        "consented_on",
        when={"consent_version.form": (MAIN,)},
        lacking=("invalid_found_on",),
        keys={"icf_version": "consent_version.number"},
    ),
    # Eligibility counts once an investigator has signed it.
    Source(
        "eligible",
        people.Signature,
        "of_record.assessed_on",
        when={"of_kind": ("enrollment.eligibility",), "of_record.eligible": (True,)},
        subject="of_record.participant",
        once=True,
    ),
    # Allocation here has its day. Elsewhere a milestone says it; where an import knows but the arm, day 1 is nearest.
    Source("randomised", enrollment.SlotUse, "allocated_on", once=True),
    Source("randomised", enrollment.Treatment, "allocated_on", once=True),
    Source(
        "randomised",
        enrollment.Disposition,
        "occurred_on",
        when={"category": ("milestone",), "reason": RANDOMISED},
        once=True,
    ),
    Source(
        "randomised",
        enrollment.Treatment,
        "participant.reference_start",
        when={"participant.imported": (True,)},
        given=("planned_arm",),
        once=True,
    ),
    # Visits
    Source(
        "visit_done",
        enrollment.Visit,
        "started_on",
        when={"happened": (True,)},
        visit="planned_visit",
        keys={"target_on": TARGET},
    ),
    Source("crf_signed", safety.CrfSignature, "signed_on", visit="visit.planned_visit"),
    Source(
        "query_raised", safety.Query, "raised_on", given=("visit",), visit="visit.planned_visit", keys={"query": ID}
    ),
    Source(
        "query_closed", safety.Query, "closed_on", given=("visit",), visit="visit.planned_visit", keys={"query": ID}
    ),
    # Deviations count once they are assessed; one of no participant concerns no line.
    Source(
        "deviation",
        safety.Deviation,
        "occurred_on",
        given=("participant", "assessed_on", "important"),
        keys={"major": "important", "confirmed": TRUE},
    ),
    Source(
        "sae_reported",
        safety.AdverseEvent,
        "reported_at",
        when={"serious": (True,)},
        keys={"hours": HOURS},
        zone="aware_zone",
    ),
    # How participation ended
    Source("completed", enrollment.Disposition, "occurred_on", when={**_EVENT, "reason": (COMPLETED,)}, once=True),
    Source(
        "screen_failed", enrollment.Disposition, "occurred_on", when={**_EVENT, "reason": (SCREEN_FAILURE,)}, once=True
    ),
    Source("died", enrollment.Disposition, "occurred_on", when={**_EVENT, "reason": (DEATH,)}, once=True),
    Source(
        "withdrawn",
        enrollment.Disposition,
        "occurred_on",
        when=_EVENT,
        unless={"reason": (COMPLETED, SCREEN_FAILURE, DEATH)},
        given=("reason",),
        keys={"reason": "reason"},
        once=True,
    ),
    # Deliverables that no other stage records
    *(
        Source(fact, payments.Deliverable, "occurred_on", when={"kind": (fact,)}, **where)
        for fact, where in payments.TOLD_BY_DELIVERABLE.items()
    ),
)
"""Every source of a fact. A new one adds its row."""

FOLLOWED: tuple[type[Record], ...] = tuple(
    dict.fromkeys((*(source.of for source in SOURCES), studies.PlannedVisit, enrollment.Eligibility))
)
"""The kinds whose events are read: those that tell facts, and those that facts are told about."""

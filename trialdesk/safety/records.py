"""Adverse events, protocol deviations, data queries and signatures under a visit's case report form."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record, choice, day, flag, instant, link, partial_date, text, whole
from trialdesk.safety.rules import CATEGORIES, RECIPIENTS, RELATED

SEVERITIES = (("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe")))


class AdverseEvent(Record, kind="safety.adverse_event", label=N_("Adverse event")):
    """Any untoward medical occurrence in a participant (ICH E2A II.A)."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    number: str | None = text(N_("Number"), claim=True)
    sequence: int | None = whole(N_("Sequence"))
    term: str = text(N_("Adverse event"), required=True)
    preferred_term: str | None = text(N_("Preferred term"))
    system_organ_class: str | None = text(N_("System organ class"))
    severity: str | None = choice(N_("Severity"), SEVERITIES)
    grade: int | None = whole(N_("Grade"), help=N_("CTCAE grade, 1 to 5."))
    serious: bool | None = flag(N_("Serious"), group="seriousness")
    fatal: bool | None = flag(N_("Fatal"), group="seriousness")
    life_threatening: bool | None = flag(N_("Life-threatening"), group="seriousness")
    hospitalised: bool | None = flag(N_("Hospitalisation"), group="seriousness")
    disabling: bool | None = flag(N_("Disability"), group="seriousness")
    congenital: bool | None = flag(N_("Congenital anomaly"), group="seriousness")
    other_important: bool | None = flag(N_("Otherwise medically important"), group="seriousness")
    causality: str | None = text(N_("Causality"))
    related: str | None = choice(N_("Related to the study product"), RELATED)
    expected: bool | None = flag(N_("Expected"), help=N_("By the reference safety information."))
    action_taken: str | None = text(N_("Action taken"))
    outcome: str | None = text(N_("Outcome"))
    started_on: PartialDate | None = partial_date(N_("Started on"))
    ended_on: PartialDate | None = partial_date(N_("Ended on"))
    recorded_on: PartialDate | None = partial_date(N_("Recorded on"))
    aware_at: datetime | None = instant(
        N_("Site aware at"), group="aware", help=N_("When somebody of the site first knew of it: the clock begins.")
    )
    aware_zone: str | None = text(N_("Time zone"), group="aware", help=N_("Of the site, such as Asia/Shanghai."))
    reported_at: datetime | None = instant(N_("Reported to the sponsor at"), group="reported")
    reported_to: str | None = text(N_("Reported to"), group="reported")
    narrative: str | None = text(N_("Narrative"), prose=True)
    epoch: str | None = text(N_("Epoch"))


class ExpeditedReport(Record, kind="safety.expedited_report", label=N_("Expedited report"), named=("recipient",)):
    """That a serious event was reported to an authority or a committee (ICH E2A III.B)."""

    adverse_event: Id = link(N_("Adverse event"), "safety.adverse_event", required=True)
    recipient: str = choice(N_("Recipient"), RECIPIENTS, required=True)
    submitted_on: date = day(N_("Submitted on"), required=True)
    reference: str | None = text(N_("Reference"), help=N_("The number the recipient gave."))
    follow_up: bool | None = flag(N_("Follow-up report"))


class Deviation(Record, kind="safety.deviation", label=N_("Deviation")):
    """A departure from the protocol, proposed by the program or recorded; an investigator's assessment confirms it."""

    AFTERWARDS: ClassVar[frozenset[str]] = frozenset({"reported_on"})

    number: str = text(N_("Number"), required=True, claim=True)
    participant: Id | None = link(N_("Participant"), "enrollment.participant")
    visit: Id | None = link(N_("Visit"), "enrollment.visit")
    site: Id | None = link(N_("Site"), "studies.site")
    category: str = choice(N_("Category"), CATEGORIES, required=True)
    occurred_on: date = day(N_("Occurred on"), required=True)
    found_on: date | None = day(N_("Found on"))
    description: str = text(N_("Description"), required=True, prose=True)
    proposed: bool = flag(N_("Proposed by the program"), required=True)
    important: bool | None = flag(
        N_("Important"),
        group="assessment",
        help=N_("It may touch the reliability of the data, or the rights, safety or well-being of participants."),
    )
    impact: str | None = text(N_("Impact"), group="assessment", prose=True)
    corrective_action: str | None = text(N_("Corrective action"), group="assessment", prose=True)
    assessed_on: date | None = day(N_("Assessed on"), group="assessment")
    reported_on: date | None = day(N_("Reported on"))


class Query(Record, kind="safety.query", label=N_("Data query")):
    """A question about what is recorded of a participant."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    visit: Id | None = link(N_("Visit"), "enrollment.visit")
    raised_on: date = day(N_("Raised on"), required=True)
    answered_on: date | None = day(N_("Answered on"), group="answer")
    answer: str | None = text(N_("Answer"), group="answer", prose=True)
    closed_on: date | None = day(N_("Closed on"))
    text: str = text(N_("Question"), required=True, prose=True)


class CrfSignature(Record, kind="safety.crf_signature", label=N_("Signature of the case report form")):
    """That an investigator signed what is recorded of a visit. The signature itself binds the visit's record."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    visit: Id = link(N_("Visit"), "enrollment.visit", required=True)
    signed_on: date = day(N_("Signed on"), required=True)

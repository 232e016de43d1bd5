"""Participants and what happened to them. Who was allocated to what, and who a participant is, are records apart."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.enrollment.stock import CONDITIONS, MOVEMENTS
from trialdesk.persistence.declaration import (
    Record,
    choice,
    day,
    decimal,
    flag,
    instant,
    link,
    partial_date,
    secret,
    text,
    whole,
)

DISPOSITION_CATEGORIES = (
    ("event", N_("Disposition event")),
    ("milestone", N_("Protocol milestone")),
    ("other", N_("Other event")),
)


class Participant(Record, kind="enrollment.participant", label=N_("Participant"), named=("identifier",)):
    """Somebody who was screened. Holds nothing that names the person."""

    number: str = text(N_("Participant number"), required=True)
    identifier: str = text(
        N_("Study-wide identifier"),
        required=True,
        claim=True,
        help=N_("Unique within the study, over all sites."),
    )
    site: Id = link(N_("Site"), "studies.site", required=True)
    screened_on: PartialDate | None = partial_date(N_("Screened on"))
    informed_consent_on: PartialDate | None = partial_date(N_("Informed consent on"))
    reference_start: PartialDate | None = partial_date(N_("Reference day 1"))
    reference_end: PartialDate | None = partial_date(N_("Reference end"))
    first_exposure: PartialDate | None = partial_date(N_("First exposure"))
    last_exposure: PartialDate | None = partial_date(N_("Last exposure"))
    participation_end: PartialDate | None = partial_date(N_("End of participation"))
    died: bool | None = flag(N_("Died"))
    died_on: PartialDate | None = partial_date(N_("Died on"))
    age: int | None = whole(N_("Age"), group="age")
    age_unit: str | None = text(N_("Unit of age"), group="age")
    sex: str | None = text(N_("Sex"))
    race: str | None = text(N_("Race"))
    ethnicity: str | None = text(N_("Ethnicity"))
    country: str | None = text(N_("Country"))
    imported: bool | None = flag(N_("Imported"))


class Identity(Record, kind="enrollment.identity", label=N_("Identity"), audience="private", subject="participant"):
    """Who a participant is. Sealed under the participant's own key; erasing the key erases it everywhere."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    name: str | None = secret(N_("Name"))
    contact: str | None = secret(N_("Contact"))


class Erasure(Record, kind="enrollment.erasure", label=N_("Erasure")):
    """The decision to erase who a participant was. The keys go; what happened in the study stays."""

    ERASES: ClassVar[str] = "participant"

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    decided_on: date = day(N_("Decided on"), required=True)


class Consent(Record, kind="enrollment.consent", label=N_("Consent"), named=("consented_on",)):
    """A participant's consent to one version of the form. Consenting again is another record (ICH E6(R3) 2.8).

    One that is found not valid stays in the record with what was done on its strength: nothing of that is unsaid, it
    is a deviation, and nothing new is done until consent is given again.
    """

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    consent_version: Id = link(N_("Consent version"), "ethics.consent_version", required=True)
    consented_on: date = day(N_("Consented on"), required=True, group="consented")
    consented_at: str | None = text(
        N_("Time of consent"), group="consented", help=N_("Hours and minutes by the clock of the site, such as 09:30.")
    )
    obtained_by: Id | None = link(N_("Obtained by"), "people.person")
    representative: str | None = text(
        N_("Signed also by"), help=N_("Whether a legal representative or a witness signed, without a name.")
    )
    copy_given: bool | None = flag(N_("Copy given"), help=N_("The participant received a copy of the signed form."))
    invalid_found_on: date | None = day(N_("Found not valid on"), group="validity")
    invalid_why: str | None = text(N_("Why not valid"), group="validity", prose=True)
    voids_participation: bool | None = flag(
        N_("Nothing done counts for payment"),
        group="validity",
        help=N_("Yes where no other valid consent covers what was done: then no supporter pays for this participant."),
    )


class Eligibility(Record, kind="enrollment.eligibility", label=N_("Eligibility")):
    """Whether a participant meets the study's criteria. Counts once an investigator has signed it."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    assessed_on: date = day(N_("Assessed on"), required=True)
    eligible: bool = flag(N_("Eligible"), required=True, group="assessment")
    failed_criteria: str | None = text(
        N_("Criteria not met"),
        group="assessment",
        help=N_("Codes of the inclusion criteria not met and the exclusion criteria met, separated by commas."),
    )
    remarks: str | None = text(N_("Remarks"), prose=True)


class Slot(Record, kind="enrollment.slot", label=N_("Slot of the list")):
    """One place of the allocation list. Its arm is sealed: in an open-label study until the slot is used.

    `arm` is filled only in lists loaded before open-label lists were sealed.
    """

    number: str = text(N_("Slot number"), required=True, claim=True)
    order: int = whole(N_("Order"), required=True, help=N_("Slots are used in this order."))
    site: Id | None = link(N_("Site"), "studies.site", help=N_("Leave empty where the list is for all sites."))
    stratum: str | None = text(N_("Stratum"))
    kit: str | None = text(N_("Kit"))
    arm: Id | None = link(N_("Arm"), "studies.arm")
    sealed: str | None = text(N_("Sealed arm"))
    envelope: str | None = text(N_("Code-break envelope"))


class Treatment(Record, kind="enrollment.treatment", label=N_("Treatment")):
    """Planned and actual arm of a participant where everybody may know them (open label, or imported with codes).

    Allocated here, it also says when and by which slot.
    """

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    planned_arm: Id | None = link(N_("Planned arm"), "studies.arm")
    actual_arm: Id | None = link(N_("Actual arm"), "studies.arm")
    slot: Id | None = link(N_("Slot of the list"), "enrollment.slot", claim=True)
    allocated_on: date | None = day(N_("Allocated on"))


class SlotUse(Record, kind="enrollment.slot_use", label=N_("Allocation to a slot")):
    """The allocation of a participant of a blinded study: the slot's number, and nothing of its arm."""

    slot: Id = link(N_("Slot of the list"), "enrollment.slot", required=True, claim=True)
    participant: Id = link(N_("Participant"), "enrollment.participant", required=True, claim=True)
    allocated_on: date = day(N_("Allocated on"), required=True)


class CodeBreak(Record, kind="enrollment.code_break", label=N_("Code break")):
    """The opening of one participant's sealed arm: by whom, when and why, and nothing of the arm."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    slot: Id = link(N_("Slot of the list"), "enrollment.slot", required=True)
    broken_at: datetime = instant(N_("Broken at"), required=True)
    emergency: bool = flag(N_("Emergency"), required=True, help=N_("The treatment of the participant depends on it."))
    grounds: str = text(N_("Grounds"), required=True, prose=True)


class Allocation(Record, kind="enrollment.allocation", label=N_("Allocation"), audience="blinded"):
    """The arm of a participant of a blinded study. Its events lie in the stream of the unblinded."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    arm: Id = link(N_("Arm"), "studies.arm", required=True)
    allocated_on: date | None = day(N_("Allocated on"))


class Disposition(Record, kind="enrollment.disposition", label=N_("Disposition")):
    """A milestone passed, or how and why participation or treatment ended."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    sequence: int | None = whole(N_("Sequence"))
    category: str | None = choice(N_("Category"), DISPOSITION_CATEGORIES)
    term: str | None = text(N_("As reported"))
    reason: str | None = text(N_("Reason"))
    failed_criteria: str | None = text(N_("Criteria not met"), help=N_("Codes, separated by commas."))
    occurred_on: PartialDate | None = partial_date(N_("Occurred on"))
    recorded_on: PartialDate | None = partial_date(N_("Recorded on"))
    epoch: str | None = text(N_("Epoch"))
    visit_number: Decimal | None = decimal(N_("Visit number"))


class Visit(Record, kind="enrollment.visit", label=N_("Visit")):
    """A visit that happened, or is known not to have happened."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    planned_visit: Id | None = link(N_("Planned visit"), "studies.planned_visit")
    number: Decimal | None = decimal(N_("Visit number"))
    name: str | None = text(N_("Visit"))
    planned: bool | None = flag(N_("Scheduled"))
    happened: bool = flag(N_("Happened"), required=True)
    started_on: PartialDate | None = partial_date(N_("Started on"), group="dates")
    ended_on: PartialDate | None = partial_date(N_("Ended on"), group="dates")
    study_day: int | None = whole(N_("Study day"))
    unscheduled_reason: str | None = text(N_("Why unscheduled"))
    epoch: str | None = text(N_("Epoch"))


class Exposure(Record, kind="enrollment.exposure", label=N_("Exposure"), named=()):
    """A constant dose over a period. Its name would tell the arm: it has none."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    sequence: int | None = whole(N_("Sequence"))
    treatment: str | None = text(N_("Treatment"))
    dose: Decimal | None = decimal(N_("Dose"), group="dose")
    dose_unit: str | None = text(N_("Unit of dose"), group="dose")
    form: str | None = text(N_("Dose form"))
    frequency: str | None = text(N_("Frequency"))
    route: str | None = text(N_("Route"))
    started_on: PartialDate | None = partial_date(N_("Started on"))
    ended_on: PartialDate | None = partial_date(N_("Ended on"))
    epoch: str | None = text(N_("Epoch"))
    visit_number: Decimal | None = decimal(N_("Visit number"))


class ProductMovement(
    Record, kind="enrollment.product_movement", label=N_("Movement of the product"), named=("product", "batch")
):
    """So many units of a batch that came to a site, left it, or changed hands there. Says nothing of an arm."""

    site: Id = link(N_("Site"), "studies.site", required=True)
    moved: str = choice(N_("What happened"), MOVEMENTS, required=True)
    moved_on: date = day(N_("Moved on"), required=True)
    product: str = text(
        N_("Product"),
        required=True,
        help=N_("Name and strength as the label says. A blinded product has one name for all arms."),
    )
    batch: str = text(N_("Batch"), required=True)
    expires_on: date | None = day(N_("Use by"))
    quantity: int = whole(N_("Quantity"), required=True, group="quantity")
    unit: str = text(N_("Counted in"), required=True, group="quantity", help=N_("Kits, bottles, tablets."))
    kits: str | None = text(N_("Kit numbers"))
    participant: Id | None = link(N_("Participant"), "enrollment.participant")
    condition: str | None = choice(N_("State it was in"), CONDITIONS)
    reference: str | None = text(N_("Paper"), help=N_("Delivery note, return form or certificate of destruction."))
    handled_by: Id | None = link(N_("Handled by"), "people.person")
    remarks: str | None = text(N_("Remarks"), prose=True)


class Population(Record, kind="enrollment.population", label=N_("Analysis population")):
    """Whether a participant belongs to an analysis population."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    code: str = text(N_("Population code"), required=True)
    label: str | None = text(N_("Population"))
    included: bool = flag(N_("Included"), required=True)

"""The study and its design."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import (
    Record,
    choice,
    day,
    decimal,
    flag,
    link,
    partial_date,
    text,
    whole,
)
from trialdesk.studies.rules import ACTIVITY_CATEGORIES, ANCHORS, BLINDING, PAPERS, REGISTRY_PURPOSES

CATEGORIES = (("inclusion", N_("Inclusion")), ("exclusion", N_("Exclusion")))


class Study(Record, kind="studies.study", label=N_("Study")):
    """A trial. Its own id is also its `study`."""

    short_name: str = text(N_("Short name"), required=True, help=N_("The acronym everybody uses."))
    title: str | None = text(N_("Title"))
    protocol_number: str | None = text(N_("Protocol number"))
    registry_number: str | None = text(N_("Registry number"), help=N_("Such as NCT00000000 or ChiCTR0000000000."))
    phase: str | None = text(N_("Phase"))
    indication: str | None = text(N_("Indication"))
    sponsor: str | None = text(N_("Sponsor"))
    blinding: str | None = choice(N_("Blinding"), BLINDING)
    unblinded: bool | None = flag(
        N_("Treatment is known here"), help=N_("The desk holds treatment codes that everybody may see.")
    )
    objective: str | None = text(N_("Objective"), prose=True)
    design: str | None = text(N_("Study design"), prose=True)
    planned_participants: int | None = whole(N_("Planned participants"))
    recruitment_starts_on: date | None = day(N_("Recruitment from"), group="recruitment")
    recruitment_ends_on: date | None = day(N_("Recruitment until"), group="recruitment")
    needs_contract: bool | None = flag(
        N_("Needs a contract"), help=N_("Nobody is allocated before a contract is fully executed.")
    )
    needs_insurance: bool | None = flag(
        N_("Needs insurance"), help=N_("Nobody is allocated before participants are insured.")
    )
    started: PartialDate | None = partial_date(N_("Started on"))
    ended: PartialDate | None = partial_date(N_("Ended on"))
    closed_on: date | None = day(N_("Closed on"))
    imported: bool | None = flag(N_("Imported"))
    papers: str | None = choice(
        N_("Papers are set for"),
        PAPERS,
        help=N_("Paper, margins and typefaces of its documents. A4, if left empty."),
    )


class ProtocolVersion(Record, kind="studies.protocol_version", label=N_("Protocol version")):
    """A version of the protocol. One that amends another says what changed; the PI's signature binds it."""

    label: str = text(N_("Version"), required=True)
    dated_on: date = day(N_("Dated"), required=True)
    effective_on: date | None = day(N_("In effect from"))
    amendment_of: Id | None = link(N_("Amends"), "studies.protocol_version")
    substantial: bool | None = flag(
        N_("Substantial amendment"), help=N_("It touches safety, rights or the reliability of the data.")
    )
    change_summary: str | None = text(N_("What changed"), prose=True)


class Site(Record, kind="studies.site", label=N_("Site"), named=("number", "name")):
    """A place where participants are seen."""

    number: str = text(N_("Site number"), required=True)
    name: str | None = text(N_("Site name"))
    country: str | None = text(N_("Country"))
    zone: str | None = text(
        N_("Time zone"), help=N_("Such as Asia/Shanghai; without it that of the country's capital counts.")
    )
    pi: Id | None = link(N_("Investigator in charge"), "people.person")
    activated_on: date | None = day(N_("Activated on"))
    target: int | None = whole(N_("Recruitment target"), unit=N_("participants"))


class RecruitmentTarget(Record, kind="studies.recruitment_target", label=N_("Recruitment target"), named=("month",)):
    """How many participants are planned to be enrolled in a month, at one site or over all."""

    site: Id | None = link(N_("Site"), "studies.site", help=N_("Leave empty for the whole study."))
    month: date = day(N_("Month"), required=True, help=N_("Any day of the month; its first day is kept."))
    planned: int = whole(N_("Planned enrolments"), unit=N_("participants"), required=True)


class Arm(Record, kind="studies.arm", label=N_("Arm"), named=("name",)):
    """A group to which participants are allocated."""

    code: str = text(N_("Arm code"), required=True)
    name: str = text(N_("Arm"), required=True)
    order: int | None = whole(N_("Order"))
    ratio: int | None = whole(N_("Ratio"), help=N_("Its share of the allocations: 2 and 1 for two to one."))
    description: str | None = text(N_("Description"), prose=True)


class PlannedVisit(Record, kind="studies.planned_visit", label=N_("Planned visit")):
    """A visit of the schedule.

    From the reference day, which is day 1, `planned_day` is the study day (there is no day 0); from another anchor it
    is the number of days after it.
    """

    number: Decimal = decimal(N_("Visit number"), required=True)
    name: str = text(N_("Visit"), required=True)
    anchor: str | None = choice(
        N_("Counted from"), ANCHORS, group="window", help=N_("The reference day, if left empty.")
    )
    planned_day: int | None = whole(
        N_("Planned day"),
        unit=N_("study day"),
        group="window",
        help=N_("Counted from the reference day: the study day. From anything else: days after it."),
    )
    window_before: int | None = whole(N_("Window before"), unit=N_("days"), group="window")
    window_after: int | None = whole(N_("Window after"), unit=N_("days"), group="window")
    arm: Id | None = link(N_("Arm"), "studies.arm")
    starts: str | None = text(N_("Starts when"))
    ends: str | None = text(N_("Ends when"))


class Activity(Record, kind="studies.activity", label=N_("Activity")):
    """Something that is done at visits."""

    name: str = text(N_("Activity"), required=True)
    category: str | None = choice(N_("Category"), ACTIVITY_CATEGORIES)
    order: int | None = whole(N_("Order"))


class ScheduledActivity(Record, kind="studies.scheduled_activity", label=N_("Scheduled activity"), named=()):
    """That an activity is due at a planned visit: one mark in the schedule's grid."""

    activity: Id = link(N_("Activity"), "studies.activity", required=True)
    planned_visit: Id = link(N_("Planned visit"), "studies.planned_visit", required=True)
    note: str | None = text(N_("Note"))


class Criterion(Record, kind="studies.criterion", label=N_("Criterion")):
    """An inclusion or exclusion criterion."""

    code: str = text(N_("Criterion code"), required=True)
    category: str = choice(N_("Category"), CATEGORIES, required=True)
    text: str = text(N_("Criterion"), required=True, prose=True)


class Registration(Record, kind="studies.registration", label=N_("Registry entry")):
    """What was told a public registry: the study itself, a change of it, its results."""

    registry: str = text(N_("Registry"), required=True, help=N_("Such as ClinicalTrials.gov, CTIS, ChiCTR."))
    purpose: str = choice(N_("What was told"), REGISTRY_PURPOSES, required=True)
    submitted_on: date = day(N_("Submitted on"), required=True)
    reference: str | None = text(N_("Reference"), help=N_("The number the registry gave."))


class CloseOut(Record, kind="studies.close_out", label=N_("Close-out"), named=()):
    """The closing of a study at this institution, signed by the PI (ICH E6(R3) 2.13, C.2.3).

    `open_points` is what was still open and let stand, `grounds` why. A study that was opened again says when.
    """

    closed_on: date = day(N_("Closed on"), required=True)
    data_locked_on: date | None = day(N_("Data locked on"))
    archive: str = text(N_("Archive"), required=True, help=N_("Where the records are kept."))
    custodian: str = text(N_("Custodian"), required=True, help=N_("Who answers for them."))
    retained_until: date = day(N_("Retained until"), required=True, help=N_("The first day they may be destroyed."))
    samples: str | None = text(
        N_("Samples and product"), help=N_("What became of samples and of unused product."), prose=True
    )
    publication: str | None = text(N_("Publication"), prose=True)
    outcome: str | None = text(
        N_("Outcome in short"), help=N_("What the study found, as the committee is told."), prose=True
    )
    grounds: str | None = text(
        N_("Why it is closed with open points"),
        help=N_("Only where something is still open and may stay so."),
        prose=True,
    )
    open_points: str | None = text(N_("Points left open"), prose=True)
    reopened_on: date | None = day(N_("Opened again on"))

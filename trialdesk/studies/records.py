"""The study and its design."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record, choice, decimal, flag, link, partial_date, text, whole

BLINDING = (("open", N_("Open label")), ("single", N_("Single blind")), ("double", N_("Double blind")))
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
    planned_participants: int | None = whole(N_("Planned participants"))
    started: PartialDate | None = partial_date(N_("Started on"))
    ended: PartialDate | None = partial_date(N_("Ended on"))
    imported: bool | None = flag(N_("Imported"))


class Site(Record, kind="studies.site", label=N_("Site"), named=("number", "name")):
    """A place where participants are seen."""

    number: str = text(N_("Site number"), required=True)
    name: str | None = text(N_("Site name"))
    country: str | None = text(N_("Country"))


class Arm(Record, kind="studies.arm", label=N_("Arm"), named=("name",)):
    """A group to which participants are allocated."""

    code: str = text(N_("Arm code"), required=True)
    name: str = text(N_("Arm"), required=True)
    order: int | None = whole(N_("Order"))


class PlannedVisit(Record, kind="studies.planned_visit", label=N_("Planned visit")):
    """A visit of the schedule. Days count from the reference day, which is day 1; there is no day 0."""

    number: Decimal = decimal(N_("Visit number"), required=True)
    name: str = text(N_("Visit"), required=True)
    planned_day: int | None = whole(N_("Planned day"), unit=N_("study day"), group="window")
    window_before: int | None = whole(N_("Window before"), unit=N_("days"), group="window")
    window_after: int | None = whole(N_("Window after"), unit=N_("days"), group="window")
    arm: Id | None = link(N_("Arm"), "studies.arm")
    starts: str | None = text(N_("Starts when"))
    ends: str | None = text(N_("Ends when"))


class Criterion(Record, kind="studies.criterion", label=N_("Criterion")):
    """An inclusion or exclusion criterion."""

    code: str = text(N_("Criterion code"), required=True)
    category: str = choice(N_("Category"), CATEGORIES, required=True)
    text: str = text(N_("Criterion"), required=True)

"""Protocol synopsis with the schedule of activities (SPIRIT 2025 items 9 to 20, ICH M11 1.1 and 1.3), as recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Paragraph, Table
from trialdesk.reporting.terms import choice_words, phase_words
from trialdesk.studies.queries import arms, criteria, protocol_versions, registrations, schedule, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.rules import ACTIVITY_CATEGORIES, ANCHORS, BLINDING, DAY1

_OTHER = "other"
_VISITS = 10
"""So many visits stand beside each other; more of them make another table."""


@dataclass(frozen=True, slots=True)
class ArmTold:
    """An arm of the design; `ratio` is its share of the allocations."""

    name: str
    ratio: int | None
    description: str | None


@dataclass(frozen=True, slots=True)
class VisitTold:
    """A visit of the schedule with its window in days; `day` counts from the anchor."""

    name: str
    number: Decimal
    anchor: str
    day: int | None
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ActivityTold:
    """An activity; `marks` has for each visit None, or the note of the mark (empty where there is none)."""

    name: str
    category: str | None
    marks: tuple[str | None, ...]


UNKEPT = (
    N_("Scope of the amendment"),
    N_("Names and codes of the product"),
    N_("Day on which the sponsor approved the protocol, and who signs for it"),
    N_("Medical expert of the sponsor"),
    N_("Estimands of each objective"),
    N_("Type and description of the control"),
    N_("Least and greatest age"),
    N_("Model of intervention and method of assignment"),
    N_("Stratified, adaptive, combined or under a master protocol"),
    N_("Roles that are blinded"),
    N_("Duration of treatment and of participation"),
    N_("Committees"),
)
"""What the title page and the synopsis of ICH M11 tell that no record has a place for."""


@dataclass(frozen=True, slots=True)
class Synopsis:
    """What the protocol says in short. `version` is the one dated last."""

    title: str | None
    short_name: str
    protocol_number: str | None
    registry_number: str | None
    version: str | None
    version_on: date | None
    phase: str | None
    indication: str | None
    sponsor: str | None
    blinding: str | None
    objective: str | None
    design: str | None
    planned: int | None
    sites: int
    recruits_from: date | None
    recruits_until: date | None
    arms: tuple[ArmTold, ...]
    inclusion: tuple[str, ...]
    exclusion: tuple[str, ...]
    visits: tuple[VisitTold, ...]
    activities: tuple[ActivityTold, ...]
    identifiers: tuple[str, ...] = ()


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - the design is the same on every day
    site: Id | None = None,  # noqa: ARG001 - and at every site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Synopsis:
    """Return the design. Eleven statements."""
    row = study_row(read, study=study)
    versions = protocol_versions(read, study=study)
    rules, plan = criteria(read, study=study), schedule(read, study=study)
    return Synopsis(
        title=row.title,
        short_name=row.short_name,
        protocol_number=row.protocol_number,
        registry_number=row.registry_number,
        version=versions[-1].label if versions else None,
        version_on=versions[-1].dated_on if versions else None,
        phase=row.phase,
        indication=row.indication,
        sponsor=row.sponsor,
        blinding=row.blinding,
        objective=row.objective,
        design=row.design,
        planned=row.planned_participants,
        sites=len(sites(read, study=study)),
        recruits_from=row.recruitment_starts_on,
        recruits_until=row.recruitment_ends_on,
        arms=tuple(ArmTold(each.name, each.ratio, each.description) for each in arms(read, study=study)),
        inclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "inclusion"),
        exclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "exclusion"),
        visits=tuple(
            VisitTold(
                each.name, each.number, each.anchor or DAY1, each.planned_day, each.window_before, each.window_after
            )
            for each in plan.visits
        ),
        activities=tuple(
            ActivityTold(each.name, each.category, tuple(None if mark is None else mark.note or "" for mark in marks))
            for each, marks in zip(plan.activities, plan.grid(), strict=True)
        ),
        identifiers=tuple(
            dict.fromkeys(
                f"{each.registry} {each.reference}" for each in registrations(read, study=study) if each.reference
            )
        ),
    )


def compose(told: Synopsis) -> list[Block]:
    """Return the study in short, arms, criteria, the schedule on pages that lie on their side, and what is missing."""
    about, asked = list(_about(told)), _asked(told)
    return [
        Paragraph(told.title or told.short_name, "lead"),
        listed(about),
        Heading(1, _("Arms")),
        Table(
            (Column(_("Arm"), 1.4, names_row=True), Column(_("Ratio"), 0.6, "right"), Column(_("Description"), 3)),
            [(each.name, str(each.ratio or 1), each.description or _("not recorded")) for each in told.arms],
            empty=_("No arm is recorded."),
        ),
        Heading(1, _("Eligibility criteria")),
        Heading(2, _("Inclusion")),
        Bullets(told.inclusion or [_("not recorded")]),
        Heading(2, _("Exclusion")),
        Bullets(told.exclusion or [_("not recorded")]),
        Heading(1, _("What else a synopsis tells")),
        listed(asked),
        *open_items(about, asked, more=_absent(told)),
        *([Landscape()] if told.visits else []),
        Heading(1, _("Schedule of activities")),
        *_schedule(told),
    ]


def open_points(told: Synopsis) -> tuple[str, ...]:
    """Return what must be recorded before the synopsis is final: all it asks for."""
    return (*lacking(_about(told)), *_absent(told))


def _absent(told: Synopsis) -> list[str]:
    return [
        words
        for words, there in (
            (_("Arms: none recorded"), told.arms),
            (_("Inclusion criteria: none recorded"), told.inclusion),
            (_("Exclusion criteria: none recorded"), told.exclusion),
            (_("Visits: none recorded"), told.visits),
            (_("Activities: none recorded"), told.activities),
        )
        if not there
    ]


def _about(told: Synopsis) -> Iterator[Item]:
    dated = _("{version}, dated {day}")
    yield Item(_("Title"), told.title)
    yield Item(_("Protocol number"), told.protocol_number)
    yield Item(
        _("Protocol version"),
        dated.format(version=told.version, day=written_day(told.version_on)) if told.version_on else None,
    )
    yield Item(_("Registry number"), told.registry_number)
    yield Item(_("Phase"), phase_words(told.phase))
    yield Item(_("Indication"), told.indication)
    yield Item(_("Sponsor"), told.sponsor)
    yield Item(_("Objective"), told.objective)
    yield Item(_("Study design"), told.design)
    yield Item(_("Blinding"), choice_words(BLINDING, told.blinding) if told.blinding else None)
    yield Item(_("Planned participants"), str(told.planned) if told.planned is not None else None)
    yield Item(_("Sites"), str(told.sites) if told.sites else None)
    yield Item(_("Recruitment from"), written_day(told.recruits_from) if told.recruits_from else None)
    yield Item(_("Recruitment until"), written_day(told.recruits_until) if told.recruits_until else None)


def _asked(told: Synopsis) -> list[Item]:
    """Return what ICH M11 asks for besides; what the record has no place for holds nothing back."""
    why, known = _("the study's record has no place for it"), "\n".join(told.identifiers)
    numbers = Item(
        _("Numbers in registries and with authorities"), known, why=_("no registry entry is recorded"), after=True
    )
    return [numbers, *(Item(_(label), None, why=why, after=True) for label in UNKEPT)]


def _schedule(told: Synopsis) -> Iterator[Block]:
    if not told.visits:
        yield Paragraph(_("No visit is planned yet."))
        return
    for first in range(0, len(told.visits), _VISITS):
        shown = slice(first, first + _VISITS)
        notes: list[str] = []
        rows = []
        for category, label in ACTIVITY_CATEGORIES:
            group = [each for each in told.activities if (each.category or _OTHER) == category]
            rows += [(_(label), *[""] * len(told.visits[shown]))] if group else []
            rows += [(f"– {each.name}", *(_mark(mark, notes) for mark in each.marks[shown])) for each in group]
        columns = (
            Column(_("Activity"), names_row=True),
            *(Column(f"{each.name}\n{when(each)}", align="centre") for each in told.visits[shown]),
        )
        last = min(first + _VISITS, len(told.visits))
        caption = _("Visits {first} to {last} of {all}").format(first=first + 1, last=last, all=len(told.visits))
        yield Table(columns, rows, caption, empty=_("No activity is planned yet."))
        for number, note in enumerate(notes, 1):
            yield Paragraph(_("{number}) {note}").format(number=number, note=note), "small")
    yield Paragraph(
        _("Days count from the reference day, which is day 1, or from the anchor named; windows are days."), "small"
    )


def _mark(mark: str | None, notes: list[str]) -> str:
    if not mark:
        return "" if mark is None else "×"
    if mark not in notes:
        notes.append(mark)
    return f"× {notes.index(mark) + 1})"


def when(visit: VisitTold) -> str:
    """Return the planned day of a visit with its window, in short."""
    if visit.day is None:
        return _("no day")
    window = f" −{visit.before or 0}/+{visit.after or 0}" if visit.before or visit.after else ""
    counted = (
        _("day {day}").format(day=visit.day)
        if visit.anchor == DAY1
        else _("{anchor} + {day}").format(anchor=choice_words(ANCHORS, visit.anchor), day=visit.day)
    )
    return f"{counted}{window}"


REPORT = Report(
    key="synopsis",
    title=N_("Protocol synopsis"),
    audience="sponsor",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("The design in short: arms, criteria and the schedule of activities."),
    tells_day=True,
)

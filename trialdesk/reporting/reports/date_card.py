"""A participant's date card: the visits to come with the days between which each may be kept, and those already kept.

It goes home with the participant: it has the participant's number and no name, and nothing of a treatment. Nothing on
it depends on the day on which it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.dates import PartialDate, day_of
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _, babel_locale
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import ParticipantRow, VisitRow, participants, visit_rows
from trialdesk.people.queries import delegations, persons
from trialdesk.people.rules import PI
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.items import Item, listed
from trialdesk.reporting.reports.parameters import PARTICIPANT
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Paragraph, Table
from trialdesk.studies.queries import SiteRow, sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit with the day it is planned for and the first and last day on which it may be kept."""

    name: str
    planned_on: date | None
    opens_on: date | None
    closes_on: date | None
    kept_on: PartialDate | None
    missed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card. With `ended_on` nothing more is planned."""

    study: str
    participant: str
    site: str
    doctor: str | None
    first_day: PartialDate | None
    ended_on: PartialDate | None
    visits: tuple[Appointment, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,  # noqa: ARG001 - a card tells what is planned, not what was
    participant: str | None = None,
) -> Card | None:
    """Return the card of the participant with that identifier, else of who was screened last; None if nobody was.

    Raises UserError for an identifier there is not. A bounded number of statements.
    """
    row = _chosen(participants(read, study=study, on=on, site=site), participant)
    if row is None:
        return None
    place = next(each for each in sites(read, study=study) if each.id == row.site)
    visits = visit_rows(
        read, study=study, participant=row.id, reference=row.reference_start, on=on, consented=row.consented_on
    )
    return Card(
        study=study_row(read, study=study).short_name,
        participant=row.identifier,
        site=place.label,
        doctor=_doctor(read, study, place),
        first_day=row.reference_start,
        ended_on=row.ended_on,
        visits=tuple(
            Appointment(
                each.name,
                each.planned_on,
                each.opens_on,
                each.closes_on,
                each.started_on,
                each.state == "missed",
            )
            for each in _dated(visits)
            if each.started_on or not row.ended_on
        ),
    )


def _chosen(rows: tuple[ParticipantRow, ...], identifier: str | None) -> ParticipantRow | None:
    if identifier is None:
        return max(rows, key=lambda row: (row.screened_on or "", row.identifier), default=None)
    for row in rows:
        if row.identifier == identifier:
            return row
    raise UserError(
        _("There is no participant “{identifier}” in this study.").format(identifier=identifier),
        remedy=_("Write the study-wide identifier as it stands in the list of participants."),
    )


def _doctor(read: Read, study: Id, place: SiteRow) -> str | None:
    """Return who is in charge at the site, else who was delegated last as the study's principal investigator."""
    if place.pi:
        return next((each.name for each in persons(read) if each.id == place.pi), None)
    return next((each.name for each in reversed(delegations(read, study=study)) if each.role == PI), None)


def _dated(visits: tuple[VisitRow, ...]) -> list[VisitRow]:
    """Return the visits by the day on which they were kept or are planned, those without a day last."""

    def when(row: VisitRow) -> date:
        return (day_of(row.started_on) if row.started_on else None) or row.planned_on or date.max

    return sorted(visits, key=when)


def compose(told: Card | None) -> list[Block]:
    """Return whose card it is, the visits, and what to do when a day does not suit."""
    if told is None:
        return [Paragraph(_("Nobody has been screened."), "lead")]
    ended = (
        _("Your part in the study {study} ended on {day}. No more visits are planned.")
        if told.ended_on
        else _("Your visits in the study {study}.")
    )
    return [
        Paragraph(ended.format(study=told.study, day=day(told.ended_on)), "lead"),
        listed(_about(told)),
        Heading(1, _("Visits")),
        Table(
            (
                Column(_("Visit"), 1.6, names_row=True),
                Column(_("Planned for"), 1.6),
                Column(_("Earliest day"), 1.2),
                Column(_("Latest day"), 1.2),
                Column(_("Kept"), 1.2),
            ),
            [
                (
                    each.name,
                    _planned(each),
                    day(each.opens_on) if each.opens_on else NOTHING,
                    day(each.closes_on) if each.closes_on else NOTHING,
                    _kept(each),
                )
                for each in told.visits
            ],
            empty=_("No visit is planned yet."),
        ),
        Heading(1, _("Please")),
        Bullets(
            [
                _("Bring this card to every visit."),
                _("If the planned day does not suit you, call the site: any day from earliest to latest is good."),
                _("Show this card to every doctor who treats you, and call the site if you feel unwell."),
                _("You may leave the study at any time and need not say why."),
            ]
        ),
    ]


def _about(told: Card) -> Iterator[Item]:
    yield Item(_("Participant"), told.participant)
    yield Item(_("Site"), told.site)
    yield Item(_("Study doctor"), told.doctor, why=_("nobody is named as in charge of the site"))
    yield Item(_("Telephone by day and by night"), _("to be written here by the site: ____________________"))
    yield Item(
        _("First day in the study"),
        day(told.first_day) if told.first_day else None,
        why=_("it has not begun"),
    )


def _planned(visit: Appointment) -> str:
    if visit.planned_on is None:
        return NOTHING if visit.kept_on else _("the site will tell you")
    return _("{weekday}, {day}").format(weekday=_weekday(visit.planned_on), day=day(visit.planned_on))


def _kept(visit: Appointment) -> str:
    return day(visit.kept_on) if visit.kept_on else _("missed") if visit.missed else NOTHING


def _weekday(on: date) -> str:
    from babel.dates import format_date

    return str(format_date(on, "EEEE", locale=babel_locale()))


REPORT = Report(
    key="date-card",
    title=N_("Date card"),
    audience="outside",
    section="participants",
    parameters=(PARTICIPANT,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("One participant's visits with the days between which each may be kept, to take home."),
    tells_day=True,
    occasional=True,
)

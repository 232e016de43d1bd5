"""What the papers of one suspected reaction tell: the event as the CIOMS form has it, and what is asked besides.

Made as for somebody blinded. In a blinded study no dose is told, and a product only where all participants were given
one and the same label: naming one of several would tell the arm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from trialdesk.base.dates import PartialDate, earliest, latest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, organisations
from trialdesk.contracts.rules import LEGAL_SPONSOR
from trialdesk.documents.queries import documents
from trialdesk.enrollment.queries.particulars import Particulars, particulars
from trialdesk.enrollment.queries.products import MovementRow, batches, doses, movements
from trialdesk.overview.reaction import ReportingClock, authority_of, reaction_clocks
from trialdesk.people.queries import PersonRow, delegations, persons
from trialdesk.people.rules import PI
from trialdesk.persistence.reading import Read
from trialdesk.safety.rules import AUTHORITIES, BEFORE_ALL
from trialdesk.safety.similar import Similar, similar_events
from trialdesk.safety.told import EventTold, Sent, event_told
from trialdesk.studies.queries import RegistrationRow, SiteRow, StudyRow, registrations, sites
from trialdesk.studies.queries import study as study_row

_NUMBERS = {
    "FDA": re.compile(r"\b(IND|FDA)\b"),
    "EudraVigilance": re.compile(r"\b(EudraCT|CTIS|EU[ -]?CT)\b", re.IGNORECASE),
    "CDE": re.compile(r"\b(CDE|NMPA)\b|药审|药监"),
}
"""By authority what the registry entry is called that holds the number under which it knows the study."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends: the legal sponsor, and the principal investigator as the person to ask."""

    name: str | None
    address: str | None
    person: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Reporter:
    """The investigator of the participant's site, as documents name them."""

    name: str
    position: str | None
    institution: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch the participant was given before the event began."""

    product: str
    batch: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Dose:
    """A constant dose the participant took before the event began; told only where arms are known to everybody."""

    treatment: str | None
    dose: Decimal | None
    unit: str | None
    frequency: str | None
    route: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Which report to one recipient it is: 0 the initial one, else the follow-up of that number; None of it was sent.

    `first` is the initial report, if one is recorded.
    """

    number: int
    sent: Sent | None
    first: Sent | None


@dataclass(frozen=True, slots=True)
class Case:
    """One reaction and its report to one recipient. `application` is the number the recipient knows the study by.

    `hidden` says that what the participant was given may not be named here. `brochure` is the investigator's brochure
    in force when the event was judged: its title, and its day where it has one.
    """

    event: EventTold
    study: StudyRow
    country: str | None
    office: Office
    reporter: Reporter | None
    recipient: str | None
    application: str | None
    turn: Turn
    received: date | None
    clock: ReportingClock | None
    person: Particulars
    lots: tuple[Lot, ...]
    doses: tuple[Dose, ...]
    hidden: bool
    brochure: tuple[str, date | None] | None
    similar: Similar


def event_facts(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the event is of its participant's site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    event: str | None = None,
) -> EventTold | None:
    """Return the event of that number, else the serious one that began last; None if there is none."""
    return event_told(read, study=study, on=on, before=BEFORE_ALL, number=event)


def case_facts(
    read: Read, *, study: Id, on: date, event: str | None, recipient: str | None, follow_up: str | None
) -> Case | None:
    """Return the case of that event, its report to a recipient, and which report that is; None if there is no event.

    Without a recipient the authority it was last reported to, else that of the site's country; without a number of the
    report the one recorded last. Raises UserError for what there is not. Bounded statements.
    """
    told = event_facts(read, study=study, on=on, event=event)
    if told is None:
        return None
    places = {row.id: row for row in sites(read, study=study)}
    place = places.get(told.row.site)
    to = _recipient(told, recipient) or authority_of(told.country or (place.country if place else None))
    turn = turn_of(told.sent, to, follow_up)
    clocks = reaction_clocks(read, study=study, on=on, event=told.row.id)
    row = study_row(read, study=study)
    known = {each.id: each for each in persons(read)}
    leads = [each for each in delegations(read, study=study) if each.role == PI]
    lead = known.get(max(leads, key=lambda each: (each.starts_on, each.id)).person) if leads else None
    given = _given(read, study, told, row)
    by = turn.sent.submitted_on if turn.sent else None
    return Case(
        event=told,
        study=row,
        country=place.country if place else None,
        office=_office(read, row, lead),
        reporter=_reporter(known, place, lead),
        recipient=to,
        application=number_at(to, registrations(read, study=study)),
        turn=turn,
        received=clocks.received,
        clock=clocks.clocks.get(to or ""),
        person=particulars(read, participant=told.row.participant),
        lots=given or (),
        doses=_doses(read, study, told) if row.arms_known else (),
        hidden=given is None,
        brochure=_brochure(read, study, by),
        similar=similar_events(read, study=study, event=told.row.id, recipient=to, by=by),
    )


def _recipient(told: EventTold, asked: str | None) -> str | None:
    if asked:
        known = {code.casefold(): code for code in AUTHORITIES}
        if asked.casefold() in known:
            return known[asked.casefold()]
        raise UserError(
            _("“{recipient}” is no authority a reaction is reported to.").format(recipient=asked[:80]),
            remedy=_("There are: {recipients}.").format(recipients=", ".join(AUTHORITIES)),
        )
    return next((each.recipient for each in reversed(told.sent) if each.recipient in AUTHORITIES), None)


def turn_of(sent: Iterable[Sent], recipient: str | None, asked: str | None) -> Turn:
    """Return which report to a recipient is asked for: a number, the one after the last, else the last recorded."""
    ours = [each for each in sent if each.recipient == recipient]
    firsts, follows = [each for each in ours if not each.follow_up], [each for each in ours if each.follow_up]
    first = firsts[0] if firsts else None
    if not asked:
        return Turn(len(follows), ours[-1], first) if ours and ours[-1].follow_up else Turn(0, first, first)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else -1
    if not 0 <= number <= len(follows) + 1:
        raise UserError(
            _("There is no report “{number}” of this event.").format(number=asked[:80]),
            remedy=_("0 is the initial report, {last} the next follow-up.").format(last=len(follows) + 1),
        )
    if number == 0:
        return Turn(0, first, first)
    return Turn(number, follows[number - 1] if number <= len(follows) else None, first)


def _office(read: Read, row: StudyRow, lead: PersonRow | None) -> Office:
    parties = {each.id: each for each in organisations(read)}
    name = (row.sponsor or "").strip()
    ours = next((each for each in parties.values() if name and each.name.casefold() == name.casefold()), None)
    if not name:
        roles = [
            party
            for each in contracts(read, study=row.id)
            for party, role in ((each.institution, each.our_role), (each.supporter, each.their_role))
            if role == LEGAL_SPONSOR and party
        ]
        ours = parties.get(roles[0]) if roles else None
    return Office(
        name or (ours.name if ours else None),
        ours.address if ours else None,
        lead.name if lead else None,
        lead.contact if lead else None,
    )


def _reporter(known: Mapping[Id, PersonRow], place: SiteRow | None, lead: PersonRow | None) -> Reporter | None:
    person = known.get(place.pi) if place and place.pi else lead
    return Reporter(person.name, person.position, person.institution, person.contact) if person else None


def number_at(recipient: str | None, entries: Sequence[RegistrationRow]) -> str | None:
    """Return the number under which an authority knows the study, by the last registry entry that names it."""
    pattern = _NUMBERS.get(recipient or "")
    known = [each for each in entries if each.reference]
    return next((each.reference for each in reversed(known) if pattern and pattern.search(each.registry)), None)


def _given(read: Read, study: Id, told: EventTold, row: StudyRow) -> tuple[Lot, ...] | None:
    """Return the batches given to the participant by the event's first day; None where naming them tells the arm."""
    moved = movements(read, study=study)
    handed = [each for each in moved if each.moved == "given"]
    if not row.arms_known:
        labels = {_label(each.product) for each in handed}
        if len(labels) > 1 or labels & {_label(arm) for arm in told.arms}:
            return None
    began = latest(told.row.started_on) if told.row.started_on else date.max
    ours = {each.id for each in handed if each.participant == told.row.participant and each.moved_on <= began}
    found = {_lot(rows) for rows in batches(moved).values() if any(each.id in ours for each in rows)}
    return tuple(sorted(found, key=lambda each: (each.product, each.batch)))


def _lot(rows: list[MovementRow]) -> Lot:
    expires = min((each.expires_on for each in rows if each.expires_on), default=None)
    return Lot(rows[0].product, rows[0].batch, expires)


def _label(words: str) -> str:
    return "".join(words.split()).casefold()


def _doses(read: Read, study: Id, told: EventTold) -> tuple[Dose, ...]:
    began = latest(told.row.started_on) if told.row.started_on else date.max
    return tuple(
        Dose(each.treatment, each.dose, each.dose_unit, each.frequency, each.route, each.started_on, each.ended_on)
        for each in doses(read, study=study)
        if each.participant == told.row.participant and (each.started_on is None or earliest(each.started_on) <= began)
    )


def _brochure(read: Read, study: Id, by: date | None) -> tuple[str, date | None] | None:
    found = [
        (row.title, version.dated_on)
        for row in documents(read, study=study)
        if row.category == "brochure"
        for version in row.versions
        if version.dated_on is None or by is None or version.dated_on <= by
    ]
    return max(found, key=lambda each: (each[1] or date.min, each[0]), default=None)

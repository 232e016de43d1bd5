"""All studies in short, and one of them on one page."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import ParticipantRow, consort, ground_of, participants
from trialdesk.enrollment.records import Allocation, Disposition, Participant, SlotUse, Treatment
from trialdesk.enrollment.rules import CONSENTED, Flow
from trialdesk.overview.rules.standing import Gap, Next, Stage, Tally, gaps, next_step, stage
from trialdesk.people.queries import accounts
from trialdesk.people.records import Delegation, Person
from trialdesk.people.rules import PI
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent
from trialdesk.studies.queries import SiteRow, StudyRow, sites, studies
from trialdesk.studies.records import Site, Study


@dataclass(frozen=True, slots=True)
class Standing:
    """How a study stands. `pi` is a printed name."""

    study: StudyRow
    pi: str | None
    tally: Tally
    stage: Stage
    next_step: Next

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing or contradicts itself."""
        return gaps(self.tally)


@dataclass(frozen=True, slots=True)
class SiteTally:
    """A site and how its participants stand."""

    site: SiteRow
    screened: int
    entered: int
    completed: int
    discontinued: int

    @property
    def id(self) -> Id:
        """The site's id."""
        return self.site.id


@dataclass(frozen=True, slots=True)
class Page:
    """One study on one page."""

    standing: Standing
    flow: Flow
    sites: tuple[SiteTally, ...]
    people: tuple[ParticipantRow, ...] = field(repr=False, compare=False)
    """The participants it tells of, for what is read besides."""


@dataclass(frozen=True, slots=True)
class FoundParticipant:
    """A participant found by number."""

    id: Id
    number: str
    identifier: str
    study: Id
    short_name: str


def portfolio(read: Read, *, on: date, study: Id | None = None) -> tuple[Standing, ...]:
    """Return how every study stands, or the one named, by short name. Seven statements, however many studies."""
    tallies = _tallies(read)
    leaders, owner = _leaders(read, on)
    found = []
    for row in studies(read):
        if study in (None, row.id):
            tally = tallies.get(row.id, Tally())
            found.append(
                Standing(
                    study=row,
                    pi=leaders.get(row.id, owner),
                    tally=tally,
                    stage=stage(tally, planned=row.planned_participants, ended_on=_ended_on(row), today=on),
                    next_step=next_step(tally),
                )
            )
    return tuple(found)


def overview(read: Read, *, study: Id, on: date) -> Page:
    """Return one study on one page. Raises UserError if it is not here. A bounded number of statements."""
    standing = next(iter(portfolio(read, on=on, study=study)), None)
    if standing is None:
        raise UserError(_("This study is not on this desk."))
    ground = ground_of(read, study=study, on=on)
    people = participants(read, study=study, on=on, ground=ground)
    states = Counter((row.site, row.state) for row in people)

    def count(site: Id, *wanted: str) -> int:
        return sum(n for (where, state), n in states.items() if where == site and (not wanted or state in wanted))

    return Page(
        standing=standing,
        flow=consort(read, study=study, on=on, ground=ground),
        people=people,
        sites=tuple(
            SiteTally(
                site=row,
                screened=count(row.id),
                entered=count(row.id, "in study", "completed", "discontinued"),
                completed=count(row.id, "completed"),
                discontinued=count(row.id, "discontinued"),
            )
            for row in sites(read, study=study)
        ),
    )


def find_participants(read: Read, *, words: str, limit: int = 8) -> tuple[FoundParticipant, ...]:
    """Return participants of any study whose number or identifier has these letters. One statement."""
    own, of = Participant.TABLE.c, Study.TABLE.c
    query = (
        sa.select(own.id, own.number, own.identifier, own.study, of.short_name)
        .join(Study.TABLE, of.id == own.study)
        .where(
            ~own.voided,
            ~of.voided,
            sa.or_(own.number.icontains(words, autoescape=True), own.identifier.icontains(words, autoescape=True)),
        )
        .order_by(own.identifier, own.id)
        .limit(limit)
    )
    return tuple(FoundParticipant(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - SQLAlchemy's documented name


def _tallies(read: Read) -> dict[Id, Tally]:
    site, event = Site.TABLE.c, AdverseEvent.TABLE.c
    count = sa.func.count
    of_sites = {
        row.study: row.n
        for row in read.rows(sa.select(site.study, count().label("n")).where(~site.voided).group_by(site.study))
    }
    events = {
        row.study: row
        for row in read.rows(
            sa.select(
                event.study,
                count().label("n"),
                count().filter(event.fatal, sa.func.coalesce(event.serious, sa.false()).is_(sa.false())).label("odd"),
            )
            .where(~event.voided)
            .group_by(event.study)
        )
    }
    other_arm = _other_arm(read)
    people = {row.study: row for row in read.rows(_people())}
    return {
        study: Tally(
            sites=of_sites.get(study, 0),
            screened=people[study].screened if study in people else 0,
            entered=people[study].entered if study in people else 0,
            ended=people[study].ended if study in people else 0,
            screening=people[study].screening if study in people else 0,
            imported=people[study].imported if study in people else 0,
            unconsented=people[study].unconsented if study in people else 0,
            adverse_events=events[study].n if study in events else 0,
            fatal_not_serious=events[study].odd if study in events else 0,
            other_arm=other_arm.get(study, 0),
        )
        for study in people.keys() | of_sites.keys() | events.keys()
    }


def _people() -> sa.Select[tuple[object, ...]]:
    own, treated, given, ending = Participant.TABLE.c, Treatment.TABLE.c, Allocation.TABLE.c, Disposition.TABLE.c
    used = SlotUse.TABLE.c
    entered = own.id.in_(
        sa.union(
            sa.select(treated.participant).where(~treated.voided, treated.planned_arm.is_not(None)),
            sa.select(given.participant).where(~given.voided),
            sa.select(used.participant).where(~used.voided),
        )
    )
    ended = own.id.in_(
        sa.select(ending.participant).where(ending.category == "event", ending.reason.is_not(None), ~ending.voided)
    )
    consented = sa.or_(
        own.informed_consent_on.is_not(None),
        own.id.in_(sa.select(ending.participant).where(ending.reason == CONSENTED, ~ending.voided)),
    )
    count = sa.func.count
    return (
        sa.select(
            own.study,
            count().label("screened"),
            count().filter(entered).label("entered"),
            count().filter(entered, ended).label("ended"),
            count().filter(~entered, ~ended).label("screening"),
            count().filter(own.imported).label("imported"),
            count().filter(own.imported, ~consented).label("unconsented"),
        )
        .where(~own.voided)
        .group_by(own.study)
    )


def _other_arm(read: Read) -> dict[Id, int]:
    """Count participants of another arm than planned, in studies whose arms everybody may know."""
    treated, of = Treatment.TABLE.c, Study.TABLE.c
    query = (
        sa.select(treated.study, sa.func.count().label("n"))
        .join(Study.TABLE, of.id == treated.study)
        .where(
            ~treated.voided, of.unblinded, treated.actual_arm.is_not(None), treated.planned_arm != treated.actual_arm
        )
        .group_by(treated.study)
    )
    return {row.study: row.n for row in read.rows(query)}


def _leaders(read: Read, on: date) -> tuple[dict[Id, str], str | None]:
    """Return the PIs by study, as their logs have them on a day, and who stands in where a log has none."""
    given, person = Delegation.TABLE.c, Person.TABLE.c
    query = (
        sa.select(given.study, person.name)
        .join(Person.TABLE, person.id == given.person)
        .where(
            given.role == PI,
            ~given.voided,
            given.starts_on <= on,
            sa.or_(given.ends_on.is_(None), given.ends_on >= on),
        )
        .order_by(given.starts_on.desc(), person.name.desc())
    )
    owner = next((row.name for row in accounts(read) if row.owner), None)
    return {row.study: row.name for row in read.rows(query)}, owner


def _ended_on(row: StudyRow) -> PartialDate | None:
    """Return since when a study is over: since it was closed here, else since it ended."""
    return row.closed_on.isoformat() if row.closed_on else row.ended

"""What a committee, an institution or a registry is told of a study's course: every report of progress is of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from trialdesk.base.dates import PartialDate, earliest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.documents.queries import DocumentRow, documents
from trialdesk.enrollment.queries import ParticipantRow, participants
from trialdesk.ethics.queries import conditions, consent_versions, rulings, submissions
from trialdesk.overview.closure import Kept, Times, kept, serious, times_of
from trialdesk.people.queries import delegations
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.ethics_facts import Standing, standing
from trialdesk.reporting.reports.parameters import day_of_text
from trialdesk.safety.logs import DeviationRow, SeriousRow, deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL
from trialdesk.studies.queries import (
    RegistrationRow,
    StudyRow,
    arms,
    criteria,
    protocol_versions,
    registrations,
    sites,
)
from trialdesk.studies.queries import study as study_row

ENTERED = ("in study", "completed", "discontinued")
_CONTINUES = ("initial", "renewal")


@dataclass(frozen=True, slots=True)
class Asked:
    """A submission made to a committee."""

    committee: str
    kind: str
    subject: str
    submitted_on: date


@dataclass(frozen=True, slots=True)
class Count:
    """How many in all and, of these, how many since the period began; None where no period has."""

    all: int
    since: int | None


@dataclass(frozen=True, slots=True)
class People:
    """Who is where. `without_consent` entered with no consent on record."""

    screened: Count
    screening: int
    excluded: Count
    entered: Count
    in_study: int
    completed: Count
    discontinued: Count
    without_consent: int


@dataclass(frozen=True, slots=True)
class Sex:
    """How many of one sex were screened and entered; None where it is not recorded."""

    sex: str | None
    screened: int
    entered: int


@dataclass(frozen=True, slots=True)
class Serious:
    """Serious events: in all, by what was judged of them, and how many the sponsor was told of, and when too late."""

    events: Count
    participants: int
    fatal: int
    related: int
    unexpected: int
    unreported: int
    late: int


@dataclass(frozen=True, slots=True)
class Event:
    """A serious event of the line listing; `criteria` are the codes of what makes it serious."""

    number: str | None
    participant: str
    term: str
    started_on: PartialDate | None
    criteria: tuple[str, ...]
    outcome: str | None
    related: str | None
    expected: bool | None
    new: bool


@dataclass(frozen=True, slots=True)
class Departed:
    """Deviations of one category."""

    category: str
    count: Count
    important: int
    unassessed: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A version of the protocol or of a form made since the period began; `form` is empty for the protocol."""

    form: str
    language: str
    label: str
    dated_on: date
    effective_on: date | None
    what: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody who came or went since the period began."""

    name: str
    role: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Open:
    """A condition of an approval that is not met."""

    condition: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The course of a study. `since` is where the period reported begins; None where it has no beginning.

    With `yearly` that day was asked for, or is an anniversary of the first approval; else it is the day of the last
    initial approval or renewal.

    `files` are the titles of attached documents by category.
    """

    study: StudyRow
    sites: tuple[str, ...]
    asked: tuple[Asked, ...]
    standing: Standing | None
    first_approval: date | None
    yearly: bool
    since: date | None
    arms: tuple[str, ...]
    inclusion: tuple[str, ...]
    exclusion: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]
    people: People
    sexes: tuple[Sex, ...]
    ages: tuple[int, int] | None
    endings: Mapping[str, int]
    serious: Serious
    listing: tuple[Event, ...]
    expedited: Mapping[str, int]
    deviations: tuple[Departed, ...]
    changes: tuple[Changed, ...]
    moves: tuple[Moved, ...]
    open: tuple[Open, ...]
    registries: tuple[RegistrationRow, ...]
    times: Times
    kept: Kept | None


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the committee is told of the whole study
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Progress:
    """Return the course of a study since its last approval; the same records tell the same on any day.

    A bounded number of statements.
    """
    return _course(read, study, on, _last_approval(read, study), yearly=False)


def gather_filing(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Progress:
    """Return what `gather` does, with the names of the design's arms: no other report of the course names one."""
    told = gather(read, study=study, on=on, site=site, as_of=as_of)
    return replace(told, arms=tuple(each.name for each in arms(read, study=study)))


def gather_yearly(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - as above
    as_of: date | None = None,  # noqa: ARG001 - as above
    start: str | None = None,
) -> Progress:
    """Return the course of a study in the period from the day `start` (ISO 8601).

    Without one, since the last anniversary of the first approval, from which years are counted (ICH E2F 2.2: the
    development international birth date, the first authorisation to conduct a trial; 21 CFR 312.33). Raises UserError
    for no such day and for one that is still to come.
    """
    if start:
        since = day_of_text(start)
        if since > on:
            raise UserError(
                _("The period begins on {day}, which is still to come.").format(day=written_day(since)),
                remedy=_("Choose a day on which something is recorded."),
            )
        return _course(read, study, on, since, yearly=True)
    return _course(read, study, on, anniversary(min(_approvals(read, study), default=None), on), yearly=True)


def anniversary(first: date | None, on: date) -> date | None:
    """Return the last anniversary of a day, or itself in the first year; of 29 February, 1 March in other years."""
    if first is None or first > on:
        return None
    for year in (on.year, on.year - 1):
        try:
            found = first.replace(year=year)
        except ValueError:
            found = date(year, 3, 1)
        if first <= found <= on:
            return found
    return first


def _approvals(read: Read, study: Id) -> list[date]:
    known = rulings(read, study=study)
    return sorted(each.decided_on for each in known if each.approves and each.kind in _CONTINUES)


def _last_approval(read: Read, study: Id) -> date | None:
    return max(_approvals(read, study), default=None)


def _course(read: Read, study: Id, on: date, since: date | None, *, yearly: bool) -> Progress:
    row = study_row(read, study=study)
    people, rules = participants(read, study=study, on=on), criteria(read, study=study)
    events = serious_events(read, study=study, on=on, now=BEFORE_ALL)
    ages = [each.age for each in people if each.age is not None and (each.age_unit or "YEARS").upper() == "YEARS"]
    return Progress(
        study=row,
        sites=tuple(each.label for each in sites(read, study=study)),
        asked=tuple(
            Asked(each.committee_name, each.kind, each.title, each.submitted_on)
            for each in submissions(read, study=study)
        ),
        standing=standing(read, study=study),
        first_approval=min(_approvals(read, study), default=None),
        yearly=yearly,
        since=since,
        arms=(),
        inclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "inclusion"),
        exclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "exclusion"),
        files=_files(documents(read, study=study)),
        people=_people(people, since),
        sexes=_sexes(people),
        ages=(min(ages), max(ages)) if ages else None,
        endings=dict(Counter(each.ending or "" for each in people if each.state == "discontinued").most_common()),
        serious=_serious(events, since),
        listing=tuple(_event(each, since) for each in events),
        expedited=dict(serious(read, study=study).expedited),
        deviations=_deviations(deviations(read, study=study, on=on), since),
        changes=_changes(read, study, since),
        moves=tuple(
            Moved(each.name, each.role, each.starts_on, each.ends_on)
            for each in delegations(read, study=study)
            if each.starts_on <= on
            and (since is None or each.starts_on >= since or (each.ends_on is not None and since <= each.ends_on <= on))
        ),
        open=tuple(Open(each.text, each.due_on) for each in conditions(read, study=study) if each.met_on is None),
        registries=registrations(read, study=study),
        times=times_of(read, row, people),
        kept=kept(read, study=study),
    )


def _count(days: Iterable[PartialDate | None], since: date | None) -> Count:
    """Return how many there are, and how many of them on the day of the approval or later; the undated do not count."""
    days = list(days)
    if since is None:
        return Count(len(days), None)
    return Count(len(days), sum(bool(each) and earliest(each) >= since for each in days))


def _people(rows: Iterable[ParticipantRow], since: date | None) -> People:
    rows = list(rows)
    entered = [each for each in rows if each.state in ENTERED]

    def ended(state: str) -> Count:
        return _count((each.ended_on for each in rows if each.state == state), since)

    return People(
        screened=_count((each.screened_on for each in rows), since),
        screening=sum(each.state == "screening" for each in rows),
        excluded=ended("screen failure"),
        entered=_count((each.reference_start for each in entered), since),
        in_study=sum(each.state == "in study" for each in rows),
        completed=ended("completed"),
        discontinued=ended("discontinued"),
        without_consent=sum(not each.consented_on for each in entered),
    )


def _sexes(rows: Iterable[ParticipantRow]) -> tuple[Sex, ...]:
    screened: Counter[str | None] = Counter()
    entered: Counter[str | None] = Counter()
    for each in rows:
        screened[each.sex] += 1
        entered[each.sex] += each.state in ENTERED
    return tuple(Sex(sex, screened[sex], entered[sex]) for sex in sorted(screened, key=lambda sex: sex or "~"))


def _serious(rows: Iterable[SeriousRow], since: date | None) -> Serious:
    rows = list(rows)
    related = [each for each in rows if each.related == "yes"]
    return Serious(
        events=_count((each.started_on for each in rows), since),
        participants=len({each.participant for each in rows}),
        fatal=sum("fatal" in each.criteria for each in rows),
        related=len(related),
        unexpected=sum(each.expected is False for each in related),
        unreported=sum(each.reported_at is None for each in rows),
        late=sum(each.clock is not None and each.clock.state == "done late" for each in rows),
    )


def _event(row: SeriousRow, since: date | None) -> Event:
    return Event(
        row.number,
        row.identifier,
        row.term,
        row.started_on,
        row.criteria,
        row.outcome,
        row.related,
        row.expected,
        new=bool(_count([row.started_on], since).since),
    )


def _deviations(rows: Iterable[DeviationRow], since: date | None) -> tuple[Departed, ...]:
    found: dict[str, list[DeviationRow]] = {}
    for row in rows:
        found.setdefault(row.category, []).append(row)
    return tuple(
        Departed(
            category,
            _count((each.occurred_on.isoformat() for each in own), since),
            sum(bool(each.important) for each in own),
            sum(each.assessed_on is None for each in own),
        )
        for category, own in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    )


def _changes(read: Read, study: Id, since: date | None) -> tuple[Changed, ...]:
    protocol = [
        Changed("", "", each.label, each.dated_on, each.effective_on, each.change_summary)
        for each in protocol_versions(read, study=study)
    ]
    forms = [
        Changed(each.form, each.language, each.label, each.dated_on, each.effective_on, each.change_summary)
        for each in consent_versions(read, study=study)
    ]
    # A version is a change on the day it came into use: it is dated, and sent to the committee, long before.
    return tuple(each for each in (*protocol, *forms) if since is None or (each.effective_on or each.dated_on) > since)


def _files(rows: Iterable[DocumentRow]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.versions:
            found.setdefault(row.category, []).append(row.title)
    return {category: tuple(titles) for category, titles in sorted(found.items())}

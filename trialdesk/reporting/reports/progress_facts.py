"""The course of a study, gathered from every stage: since its last approval, or in a year of its development."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.documents.queries import DocumentRow, documents
from trialdesk.enrollment.queries import ParticipantRow, ground_of, participants
from trialdesk.enrollment.queries.exposure import TreatedRow, last_visit, treated
from trialdesk.enrollment.rules import happened_by
from trialdesk.ethics.queries import conditions, rulings, submissions
from trialdesk.ethics.rules import Ruling
from trialdesk.overview.closure import Times, kept, times_of
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.progress_changes import (
    Span,
    approval_held,
    moved,
    versions_changed,
)
from trialdesk.reporting.reports.progress_counts import ENTERED, Count, counted, within
from trialdesk.reporting.reports.progress_period import Period, birth, the_period
from trialdesk.reporting.reports.progress_told import (
    Asked,
    Departed,
    Event,
    Open,
    People,
    Progress,
    Raced,
    Serious,
    Sex,
)
from trialdesk.reporting.reports.progress_year import race_of, year_of
from trialdesk.safety.logs import DeviationRow, SeriousRow, deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL
from trialdesk.safety.tabulating import expedited, tabulated
from trialdesk.studies.queries import RegistrationRow, StudyRow, arms, criteria, registrations, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.position import last_known

_CONTINUES = ("initial", "renewal")
ATTACHED = ("protocol", "consent", "approval", "contract")
"""What a filing sheet is sent with, as categories of documents."""


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
    known = rulings(read, study=study)
    last = max(_approvals(known), default=None)
    return _course(
        read,
        study,
        on,
        known,
        registrations(read, study=study),
        span=Span(last, _last_day(read, study, on), after=True),
    )


def gather_filing(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Progress:
    """Return what `gather` does, with arms, criteria and files: no other report of the course tells one."""
    told, rules = gather(read, study=study, on=on, site=site, as_of=as_of), criteria(read, study=study)
    return replace(
        told,
        arms=tuple(each.name for each in arms(read, study=study)),
        inclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "inclusion"),
        exclusion=tuple(f"{each.code}: {each.text}" for each in rules if each.category == "exclusion"),
        files=_files(documents(read, study=study)),
    )


def gather_yearly(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - as above
    as_of: date | None = None,
    start: str | None = None,
) -> Progress:
    """Return the course of a study in a year of its development, with what yearly reports tell besides.

    `start` (ISO 8601) is another first day of the period and `as_of` another data-lock point. Raises UserError for days
    that make no period.
    """
    known, told = rulings(read, study=study), registrations(read, study=study)
    until = _last_day(read, study, on)
    begun = birth(read, study=study, approvals=_approvals(known), registered=told)
    period = the_period(begun, until=until, today=on, start=start, as_of=as_of)
    limit = period.lock if as_of or period.lock < until else None
    return _course(read, study, on, known, told, span=Span(period.begins, period.lock), limit=limit, period=period)


def _approvals(known: Iterable[Ruling]) -> list[date]:
    return sorted(each.decided_on for each in known if each.approves and each.kind in _CONTINUES)


def _last_day(read: Read, study: Id, on: date) -> date:
    return (last_known(read, study) or (None, on))[1]


def _course(
    read: Read,
    study: Id,
    on: date,
    known: Sequence[Ruling],
    registered: Iterable[RegistrationRow],
    *,
    span: Span,
    limit: date | None = None,
    period: Period | None = None,
) -> Progress:
    """Return the course; with a `limit` only what had happened by that day, with a `period` the year besides."""
    row, since = study_row(read, study=study), span.begins
    ground = ground_of(read, study=study, on=on)
    people = participants(read, study=study, on=on, as_of=limit, ground=ground)
    own = treated(read, study=study)
    events = serious_events(read, study=study, on=on, now=BEFORE_ALL, as_of=limit)
    recorded = tabulated(read, study=study)
    days = {each.id: each.told_on for each in recorded}
    ages = [each.age for each in people if each.age is not None and (each.age_unit or "YEARS").upper() == "YEARS"]
    submitted = [each for each in submissions(read, study=study) if limit is None or each.submitted_on <= limit]
    known = [each for each in known if limit is None or each.decided_on <= limit]
    held, amended = approval_held(read, study=study, rulings=known, as_of=limit)
    decided = {each.decision for each in known}
    return Progress(
        study=row if limit is None else _study_by(row, limit),
        sites=tuple(each.label for each in sites(read, study=study)),
        asked=tuple(Asked(each.committee_name, each.kind, each.title, each.submitted_on) for each in submitted),
        standing=held,
        lapsed=bool(held and held.expires_on and held.expires_on < span.until),
        amended=amended,
        first_approval=min(_approvals(known), default=None),
        since=since,
        arms=(),
        inclusion=(),
        exclusion=(),
        files={},
        people=_people(people, since),
        sexes=_sexes(people),
        races=_races(people, own),
        ages=(min(ages), max(ages)) if ages else None,
        endings=dict(Counter(each.ending or "" for each in people if each.state == "discontinued").most_common()),
        serious=_serious(events, days, since),
        listing=tuple(_event(each, days[each.id], since) for each in events),
        expedited=_expedited(expedited(read, study=study), since, limit),
        deviations=_deviations(deviations(read, study=study, on=on, as_of=limit), since),
        changes=versions_changed(read, study=study, span=span, rulings=known, submitted=submitted),
        moves=moved(read, study=study, span=Span(since, span.until)),
        open=tuple(
            Open(each.text, each.due_on)
            for each in conditions(read, study=study)
            if each.decision in decided and (each.met_on is None or (limit is not None and each.met_on > limit))
        ),
        registries=tuple(each for each in registered if limit is None or each.submitted_on <= limit),
        times=_times(read, row, people, limit),
        kept=kept(read, study=study),
        year=None
        if period is None
        else year_of(
            read,
            study=study,
            period=period,
            limit=limit,
            people=people,
            recorded=recorded,
            known=own,
            ground=ground,
            named=row.arms_known,
            everybody={who: each.identifier for who, each in own.items()},
        ),
    )


def _study_by(row: StudyRow, limit: date) -> StudyRow:
    return replace(row, closed_on=row.closed_on if row.closed_on and row.closed_on <= limit else None)


def _times(read: Read, row: StudyRow, people: Iterable[ParticipantRow], limit: date | None) -> Times:
    told = times_of(read, row, people)
    if limit is None:
        return told
    return replace(
        told,
        started=told.started if happened_by(told.started, limit) else None,
        first_consent=told.first_consent if happened_by(told.first_consent, limit) else None,
        last_visit=last_visit(read, study=row.id, by=limit),
        ended=told.ended if happened_by(told.ended, limit) else None,
    )


def _expedited(sent: Iterable[tuple[str, date]], since: date | None, limit: date | None) -> dict[str, Count]:
    days: dict[str, list[str]] = {}
    for recipient, on in sent:
        if limit is None or on <= limit:
            days.setdefault(recipient, []).append(on.isoformat())
    return {recipient: counted(own, since) for recipient, own in sorted(days.items())}


def _people(rows: Iterable[ParticipantRow], since: date | None) -> People:
    rows = list(rows)
    entered = [each for each in rows if each.state in ENTERED]

    def ended(state: str) -> Count:
        return counted((each.ended_on for each in rows if each.state == state), since)

    return People(
        screened=counted((each.screened_on for each in rows), since),
        screening=sum(each.state == "screening" for each in rows),
        excluded=ended("screen failure"),
        entered=counted((each.reference_start for each in entered), since),
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


def _races(rows: Iterable[ParticipantRow], known: Mapping[Id, TreatedRow]) -> tuple[Raced, ...]:
    screened: Counter[str] = Counter()
    entered: Counter[str] = Counter()
    for each in rows:
        race = race_of(known.get(each.id))
        screened[race] += 1
        entered[race] += each.state in ENTERED
    return tuple(Raced(race, screened[race], entered[race]) for race in sorted(screened, key=lambda race: race or "~"))


def _serious(rows: Iterable[SeriousRow], days: Mapping[Id, PartialDate | None], since: date | None) -> Serious:
    def when(some: Iterable[SeriousRow]) -> Count:
        return counted((days[each.id] for each in some), since)

    rows = list(rows)
    related = [each for each in rows if each.related == "yes"]
    who = {each.participant for each in rows}
    new = {each.participant for each in rows if within(days[each.id], since)}
    return Serious(
        events=when(rows),
        participants=Count(len(who), None if since is None else len(new)),
        fatal=when(each for each in rows if "fatal" in each.criteria),
        related=when(related),
        unexpected=when(each for each in related if each.expected is False),
        unreported=sum(each.reported_at is None for each in rows),
        late=sum(each.clock is not None and each.clock.state == "done late" for each in rows),
    )


def _event(row: SeriousRow, on: PartialDate | None, since: date | None) -> Event:
    return Event(
        row.number,
        row.identifier,
        row.term,
        row.started_on,
        row.criteria,
        row.outcome,
        row.related,
        row.expected,
        new=None if since is None or on is None else within(on, since),
    )


def _deviations(rows: Iterable[DeviationRow], since: date | None) -> tuple[Departed, ...]:
    found: dict[str, list[DeviationRow]] = {}
    for row in rows:
        found.setdefault(row.category, []).append(row)
    return tuple(
        Departed(
            category,
            counted((each.occurred_on.isoformat() for each in own), since),
            sum(bool(each.important) for each in own),
            sum(each.assessed_on is None for each in own),
        )
        for category, own in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    )


def _files(rows: Iterable[DocumentRow]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.versions and row.category in ATTACHED:
            found.setdefault(row.category, []).append(row.title)
    return {category: tuple(titles) for category, titles in sorted(found.items())}

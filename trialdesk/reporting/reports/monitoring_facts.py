"""What the record holds of a site and a period for who monitors it: shared by the visit's report and its letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.progress import ConsentRow, consent_rows
from trialdesk.enrollment.queries import participants
from trialdesk.overview.clocks import clocks
from trialdesk.overview.rules.deadlines import Deadline
from trialdesk.overview.triggers.catalog import BY_NAME
from trialdesk.people.queries import DelegationRow, delegations, principal_investigator
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.parameters import day_of_text
from trialdesk.reporting.reports.progress_counts import ENTERED, Count
from trialdesk.safety.logs import DeviationRow, SeriousRow, data_queries, deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL
from trialdesk.studies.queries import sites
from trialdesk.trail.position import last_known

MONEY = frozenset({"contracts", "money"})
"""What waits of these is no business of a monitor."""


@dataclass(frozen=True, slots=True)
class Consented:
    """A consent of the period; `first` says whether it came before all that was done, None of a later one."""

    identifier: str
    label: str
    language: str
    consented_on: date
    copy_given: bool | None
    first: bool | None


@dataclass(frozen=True, slots=True)
class Queried:
    """A data query raised in the period, or still open."""

    identifier: str
    text: str
    raised_on: date
    answered_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """Something open by a rule of the deadlines about `subject`; `whose` is empty for the study."""

    rule: str
    subject: str
    whose: str
    due: date
    late: bool


@dataclass(frozen=True, slots=True)
class Monitored:
    """All of it. `start` is None from the beginning; the period ends on the last day on which anything was recorded.

    Deviations and serious events are those of the period; counts have all and, apart, those of the period.
    """

    sites: tuple[str, ...]
    investigator: str | None
    monitors: tuple[str, ...]
    start: date | None
    until: date
    screened: Count
    consented: Count
    entered: Count
    completed: Count
    discontinued: Count
    consents: tuple[Consented, ...]
    without_consent: tuple[str, ...]
    queries: tuple[Queried, ...]
    deviations: tuple[DeviationRow, ...]
    serious: tuple[SeriousRow, ...]
    points: tuple[Point, ...]
    invalid_consents: tuple[ConsentRow, ...] = ()


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,  # noqa: ARG001 - the period ends with what is recorded
    start: str | None = None,
) -> Monitored:
    """Return what is recorded of a site, or all, in the period from the day `start` (ISO 8601).

    Raises UserError for no such day. A bounded number of statements.
    """
    since = day_of_text(start) if start else None
    until = (last_known(read, study) or (None, on))[1]
    everybody = participants(read, study=study, on=on)
    people = [row for row in everybody if site in (None, row.site)]
    given = consent_rows(read, study=study, on=on, site=site)
    named = {row.participant for row in given} | {row.id for row in people if row.consented_on}
    entered = [row for row in people if row.state in ENTERED]
    return Monitored(
        sites=tuple(row.label for row in sites(read, study=study) if site in (None, row.id)),
        investigator=principal_investigator(read, study=study, on=until),
        monitors=_monitors(delegations(read, study=study), until),
        start=since,
        until=until,
        screened=_count((row.screened_on for row in people), since),
        consented=_count((row.consented_on for row in people if row.id in named), since),
        entered=_count((row.reference_start for row in entered), since),
        completed=_count((row.ended_on for row in people if row.state == "completed"), since),
        discontinued=_count((row.ended_on for row in people if row.state == "discontinued"), since),
        consents=tuple(
            Consented(row.identifier, row.label, row.language, row.consented_on, row.copy_given, row.before_procedures)
            for row in given
            if _within(row.consented_on, since)
        ),
        without_consent=tuple(row.identifier for row in entered if row.id not in named),
        invalid_consents=tuple(
            row for row in given if row.invalid_found_on is not None and _within(row.invalid_found_on, since)
        ),
        queries=tuple(
            Queried(row.identifier, row.text, row.raised_on, row.answered_on, row.closed_on)
            for row in data_queries(read, study=study, on=on, site=site)
            if _within(row.raised_on, since) or row.closed_on is None
        ),
        deviations=tuple(
            row for row in deviations(read, study=study, on=on, site=site) if _within(row.occurred_on, since)
        ),
        serious=tuple(
            row
            for row in serious_events(read, study=study, on=on, now=BEFORE_ALL, site=site)
            if _within(row.started_on, since)
        ),
        points=_points(read, study, until, {row.identifier for row in everybody} - {row.identifier for row in people}),
    )


def _monitors(held: Iterable[DelegationRow], on: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.name for row in held if row.role == "monitor" and row.counts_on(on)))


def _within(happened: PartialDate | date | None, since: date | None) -> bool:
    """Say whether it happened in the period; a day of which only month or year is known, if it may have."""
    if since is None:
        return True
    said = happened.isoformat() if isinstance(happened, date) else (happened or "")[:10]
    return bool(said) and said >= since.isoformat()[: len(said)]


def _count(days: Iterable[PartialDate | None], since: date | None) -> Count:
    all_ = list(days)
    return Count(len(all_), sum(_within(each, since) for each in all_))


def _points(read: Read, study: Id, until: date, elsewhere: set[str]) -> tuple[Point, ...]:
    return tuple(
        _point(each)
        for each in clocks(read, on=until, study=study)
        if each.waits(until)
        and BY_NAME[each.started.trigger].group not in MONEY
        and each.started.whose not in elsewhere
    )


def _point(found: Deadline) -> Point:
    return Point(found.rule.id, found.started.name, found.started.whose, found.due, found.state == "late")

"""What is reported to a committee, and which submission to it is that report.

No record says which event a submission is about. It is told by what is recorded: its kind, its site and its day. Where
something else may be meant, it is named and not claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialdesk.base.dates import earliest
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import participants
from trialdesk.ethics.queries import SubmissionRow, submissions
from trialdesk.persistence.reading import Read
from trialdesk.safety.logs import DeviationRow, SeriousRow, deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL, at_site
from trialdesk.safety.told import EventTold, deviation_told, event_told

REPORTABLE = "reportable"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission of a reportable event."""

    committee: str
    title: str
    submitted_on: date


@dataclass(frozen=True, slots=True)
class Reportable:
    """What is reported: a serious event or else a deviation. `now_in` participants are in the study.

    `submitted` are the submissions that can be about nothing else, `candidates` those that may be about it.
    """

    event: EventTold | None
    deviation: DeviationRow | None
    now_in: int
    submitted: tuple[Submitted, ...] = ()
    candidates: tuple[Submitted, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Something a committee may be told of: where it happened and from when it was known; None where nobody says.

    `by_rule` is whether a committee is to be told of it: a suspected unexpected reaction, an important deviation.
    `reported_on` is when a deviation was reported, as it is recorded.
    """

    id: Id
    site: Id | None
    since: date | None
    by_rule: bool
    reported_on: date | None = None


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - what is reported has its site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    event: str | None = None,
    deviation: str | None = None,
) -> Reportable | None:
    """Return what the numbers name; without one the serious event that began last, else the last deviation.

    None if there is neither. Raises UserError for a number there is not. A bounded number of statements.
    """
    found = None if deviation and not event else event_told(read, study=study, on=on, before=BEFORE_ALL, number=event)
    departed = None if found else deviation_told(read, study=study, on=on, number=deviation)
    if found is None and departed is None:
        return None
    known = [
        *map(_event, serious_events(read, study=study, on=on, now=BEFORE_ALL)),
        *map(_deviation, deviations(read, study=study, on=on)),
    ]
    told = found.row.id if found else departed.id if departed else ""
    sent = [each for each in submissions(read, study=study) if each.kind == REPORTABLE]
    ours, maybe = tied(next(each for each in known if each.id == told), known, sent)
    return Reportable(
        event=found,
        deviation=departed,
        now_in=sum(each.state == "in study" for each in participants(read, study=study, on=on)),
        submitted=tuple(map(_submitted, ours)),
        candidates=tuple(map(_submitted, maybe)),
    )


def tied(
    told: Known, known: Iterable[Known], sent: Iterable[SubmissionRow]
) -> tuple[list[SubmissionRow], list[SubmissionRow]]:
    """Return the submission that can be about nothing else, and those that may be about what is told.

    A submission may be about what was known at its site by its day and was not reported on another. It is about the
    one thing of these of which a committee is to be told, else about the only one there is. Of several none is claimed.
    """
    maybe = [each for each in sent if _may_be(told, each)]
    if len(maybe) != 1:
        return [], maybe
    others = [
        each
        for each in known
        if each.id != told.id and _may_be(each, maybe[0]) and each.reported_on in (None, maybe[0].submitted_on)
    ]
    alone = not any(each.by_rule for each in others) if told.by_rule else not others
    return (maybe, []) if alone else ([], maybe)


def _may_be(told: Known, sent: SubmissionRow) -> bool:
    placed = sent.site is None or told.site is None or sent.site == told.site
    return placed and (told.since is None or told.since <= sent.submitted_on)


def _event(row: SeriousRow) -> Known:
    since = at_site(row.aware_at, row.aware_zone).date() if row.aware_at else None
    if since is None and row.started_on:
        since = earliest(row.started_on)
    return Known(row.id, row.site, since, row.related == "yes" and row.expected is False)


def _deviation(row: DeviationRow) -> Known:
    return Known(row.id, row.site, row.found_on or row.occurred_on, bool(row.important), row.reported_on)


def _submitted(row: SubmissionRow) -> Submitted:
    return Submitted(row.committee_name, row.title, row.submitted_on)

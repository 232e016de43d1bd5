"""What a committee, an institution or a registry is told of a study's course: every report of progress is of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.values import dataclass
from trialdesk.overview.closure import Kept, Times
from trialdesk.reporting.reports.ethics_facts import Standing
from trialdesk.reporting.reports.progress_changes import Amended, Changed, Moved
from trialdesk.reporting.reports.progress_counts import Count
from trialdesk.reporting.reports.progress_year import Year
from trialdesk.studies.queries import RegistrationRow, StudyRow


@dataclass(frozen=True, slots=True)
class Asked:
    """A submission made to a committee."""

    committee: str
    kind: str
    subject: str
    submitted_on: date


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
class Raced:
    """How many of one race and ethnic group were screened and entered; empty where neither is recorded."""

    race: str
    screened: int
    entered: int


@dataclass(frozen=True, slots=True)
class Serious:
    """Serious events: in all, by what was judged of them, and how many the sponsor was told of, and when too late."""

    events: Count
    participants: Count
    fatal: Count
    related: Count
    unexpected: Count
    unreported: int
    late: int


@dataclass(frozen=True, slots=True)
class Event:
    """A serious event of the line listing.

    `criteria` are the codes of what makes it serious. `new` is whether it began in the period, or was first known in it
    where no first day is recorded; None: there is no period, or no day at all.
    """

    number: str | None
    participant: str
    term: str
    started_on: PartialDate | None
    criteria: tuple[str, ...]
    outcome: str | None
    related: str | None
    expected: bool | None
    new: bool | None


@dataclass(frozen=True, slots=True)
class Departed:
    """Deviations of one category."""

    category: str
    count: Count
    important: int
    unassessed: int


@dataclass(frozen=True, slots=True)
class Open:
    """A condition of an approval that is not met."""

    condition: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The course of a study. `since` is where the period reported begins; None where nothing tells it.

    Of a yearly report it is the first day of its `year`, else the day of the last initial approval or renewal.

    `standing` is the approval the study stands on with its own reference and expiry, `lapsed` whether that ran out, and
    `amended` what was approved under it. Arms, criteria and `files`, the titles of attached documents by category, are
    of the filing alone.
    """

    study: StudyRow
    sites: tuple[str, ...]
    asked: tuple[Asked, ...]
    standing: Standing | None
    lapsed: bool
    amended: tuple[Amended, ...]
    first_approval: date | None
    since: date | None
    arms: tuple[str, ...]
    inclusion: tuple[str, ...]
    exclusion: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]
    people: People
    sexes: tuple[Sex, ...]
    races: tuple[Raced, ...]
    ages: tuple[int, int] | None
    endings: Mapping[str, int]
    serious: Serious
    listing: tuple[Event, ...]
    expedited: Mapping[str, Count]
    deviations: tuple[Departed, ...]
    changes: tuple[Changed, ...]
    moves: tuple[Moved, ...]
    open: tuple[Open, ...]
    registries: tuple[RegistrationRow, ...]
    times: Times
    kept: Kept | None
    year: Year | None = None

"""What the page asks for, each answered from one snapshot of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.application import CATALOGUE
from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import NotAllowed
from trialdesk.base.ids import Id
from trialdesk.enrollment.queries import ParticipantDetail, ParticipantRow, consents, participant, participants
from trialdesk.overview.changes import Change, record_changes
from trialdesk.overview.recorded import Recorded, recorded
from trialdesk.people.acting import Action
from trialdesk.people.rights import may_see_arms, refuse_unless, roles
from trialdesk.persistence.reading import Read
from trialdesk.safety.queries import AdverseEventRow, adverse_events
from trialdesk.studies.queries import PlannedVisitRow, SiteRow, planned_visits, sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Line:
    """A participant in the list. `consented_on` is known from the record, or from a milestone of the study."""

    row: ParticipantRow
    consented_on: PartialDate | None
    arms_seen: bool

    @property
    def id(self) -> Id:
        """The participant's id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Listed:
    """The list, and what one may do with it. `held` are the account's roles in the study."""

    lines: tuple[Line, ...]
    sites: tuple[SiteRow, ...]
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """One participant with all that is shown beside the list."""

    detail: ParticipantDetail
    consented_on: PartialDate | None
    events: tuple[AdverseEventRow, ...]
    plans: tuple[PlannedVisitRow, ...]
    sites: tuple[SiteRow, ...]
    held: frozenset[str]

    @property
    def id(self) -> Id:
        """The participant's id."""
        return self.detail.row.id


@dataclass(frozen=True, slots=True)
class Stand:
    """A record as it is now, and the change that made it so."""

    now: Recorded
    last: Change | None


def listed(read: Read, *, study: Id, on: date) -> Listed:
    """Return the study's participants and sites. A fixed number of statements."""
    consented = consents(read, study=study)
    seen = may_see_arms(read, study=study, unblinded=study_row(read, study=study).arms_known, on=on)
    return Listed(
        lines=tuple(
            Line(row, row.consented_on or consented.get(row.id), seen) for row in participants(read, study=study, on=on)
        ),
        sites=sites(read, study=study),
        held=roles(read, study=study, on=on),
    )


def whole(read: Read, *, study: Id, participant_id: Id, on: date) -> Whole:
    """Return one participant. Raises UserError if not in the study. A fixed number of statements."""
    detail = participant(read, study=study, participant=participant_id, on=on)
    return Whole(
        detail=detail,
        consented_on=detail.row.consented_on or consents(read, study=study).get(participant_id),
        events=adverse_events(read, study=study, participant=participant_id),
        plans=planned_visits(read, study=study),
        sites=sites(read, study=study),
        held=roles(read, study=study, on=on),
    )


def record(read: Read, *, kind: str, record_id: Id) -> Recorded:
    """Return a record as a form shows it."""
    return recorded(read, kind=kind, record=record_id, catalogue=CATALOGUE)


def stand(read: Read, *, kind: str, record_id: Id, study: Id, on: date) -> Stand:
    """Return a record as it is now and who changed it last."""
    told = history(read, record_id=record_id, study=study, on=on)
    return Stand(record(read, kind=kind, record_id=record_id), told[0] if told else None)


def history(read: Read, *, record_id: Id, study: Id, on: date) -> tuple[Change, ...]:
    """Return every change of a record, newest first."""
    return record_changes(read, record=record_id, study=study, on=on, catalogue=CATALOGUE)


def barred(held: frozenset[str], action: Action) -> str:
    """Return in words why these roles may not do it, nothing where they may."""
    try:
        refuse_unless(held, action.by)
    except NotAllowed as told:
        return str(told)
    return ""

"""What the page asks for, each answered from one snapshot of the desk."""

from __future__ import annotations

from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.desktop.pages.participants.inside import PARTICIPANT
from trialdesk.desktop.pages.participants.rows import Line
from trialdesk.desktop.registers.reading import Whole as Inside
from trialdesk.desktop.registers.reading import whole as one
from trialdesk.enrollment.queries import ParticipantDetail, consents, participant, participants
from trialdesk.people.rights import may_see_arms, roles
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import PlannedVisitRow, SiteRow, planned_visits, sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Listed:
    """The list, and what one may do with it. `held` are the account's roles in the study."""

    lines: tuple[Line, ...]
    sites: tuple[SiteRow, ...]
    held: frozenset[str]
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """One participant with all that is shown beside the list; `inside` is what belongs to it as registers."""

    detail: ParticipantDetail
    consented_on: PartialDate | None
    inside: Inside
    blinded: bool
    plans: tuple[PlannedVisitRow, ...]
    sites: tuple[SiteRow, ...]
    held: frozenset[str]
    closed_on: date | None

    @property
    def id(self) -> Id:
        """The participant's id."""
        return self.detail.row.id


def listed(read: Read, *, study: Id, on: date) -> Listed:
    """Return the study's participants and sites. A fixed number of statements."""
    consented = consents(read, study=study)
    of_study = study_row(read, study=study)
    seen = may_see_arms(read, study=study, unblinded=of_study.arms_known, on=on)
    return Listed(
        lines=tuple(
            Line(row, row.consented_on or consented.get(row.id), seen) for row in participants(read, study=study, on=on)
        ),
        sites=sites(read, study=study),
        held=roles(read, study=study, on=on),
        closed_on=of_study.closed_on,
    )


def whole(read: Read, *, study: Id, participant_id: Id, on: date) -> Whole:
    """Return one participant. Raises UserError if not in the study. A fixed number of statements."""
    detail = participant(read, study=study, participant=participant_id, on=on)
    inside = one(read, register=PARTICIPANT, record_id=participant_id, study=study, on=on)
    assert inside is not None, "it was read just now"
    return Whole(
        detail=detail,
        consented_on=detail.row.consented_on or consents(read, study=study).get(participant_id),
        inside=inside,
        blinded=not study_row(read, study=study).arms_known,
        plans=planned_visits(read, study=study),
        sites=sites(read, study=study),
        held=roles(read, study=study, on=on),
        closed_on=inside.closed_on,
    )

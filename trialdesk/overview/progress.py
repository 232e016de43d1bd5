"""How far a study has come: its three rails, and its recruitment against the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.dates import day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, insurances
from trialdesk.contracts.rules import SETTLING
from trialdesk.enrollment.queries import ParticipantRow, participants
from trialdesk.enrollment.rules import happened_by
from trialdesk.ethics.queries import approval_of, committees, institutional_approvals, reviews, rulings, submissions
from trialdesk.overview.clocks import today
from trialdesk.overview.rules.rails import Milestones, Rail, rails
from trialdesk.overview.rules.recruitment import Curve, Target, curve
from trialdesk.overview.rules.waiting import Waiting
from trialdesk.overview.triggers.scope import scope
from trialdesk.overview.triggers.visits import allocation_days
from trialdesk.people.queries import delegations
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import (
    StudyRow,
    arms,
    criteria,
    planned_visits,
    protocol_versions,
    recruitment_plan,
    sites,
)
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import Registration

IN = frozenset({"in study", "completed", "discontinued"})
"""How those stand who were allocated."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A study's rails, who holds which role in it, and its recruitment."""

    rails: tuple[Rail, ...]
    holders: Mapping[str, str]
    curve: Curve


def progress(
    read: Read,
    *,
    study: Id,
    on: date,
    at: datetime | None = None,
    known: Collection[ParticipantRow] | None = None,
) -> Progress:
    """Return how far a study has come by a day. A bounded number of statements.

    Who has read the participants already gives them as `known`.
    """
    row = study_row(read, study=study)
    people = participants(read, study=study, on=on) if known is None else known
    waiting = today(read, on=on, study=study, at=at)
    return Progress(
        rails=rails(_milestones(read, row, people, on, waiting)),
        holders=holders(read, study=study, on=on),
        curve=recruited(read, row, people, on),
    )


def stages(read: Read, *, study: Id, on: date, waiting: Iterable[Waiting]) -> tuple[Rail, ...]:
    """Return a study's three rails alone; `waiting` is what waits in it. A bounded number of statements."""
    row = study_row(read, study=study)
    return rails(_milestones(read, row, participants(read, study=study, on=on), on, waiting))


def recruitment(read: Read, *, study: Id, on: date) -> Curve:
    """Return planned and actual allocations month by month. A bounded number of statements.

    Where nobody recorded the day of allocation, as in an import, the reference day stands for it.
    """
    return recruited(read, study_row(read, study=study), participants(read, study=study, on=on), on)


def holders(read: Read, *, study: Id, on: date) -> dict[str, str]:
    """Return by role the name of who holds it on a day, the longest first. One statement."""
    found: dict[str, str] = {}
    for row in delegations(read, study=study):
        if row.starts_on <= on and (row.ends_on is None or on <= row.ends_on):
            found.setdefault(row.role, row.name)
    return found


def recruited(read: Read, row: StudyRow, people: Iterable[ParticipantRow], on: date) -> Curve:
    """Return what `recruitment` does, of participants already read. Six statements."""
    dated = allocation_days(read, scope(read, on=on, study=row.id))
    days = []
    for person in people:
        known = dated.get(person.id) or (day_of(person.reference_start) if person.reference_start else None)
        if person.state in IN and known is not None:
            days.append(known)
    return curve(
        (Target(each.site, each.month, each.planned) for each in recruitment_plan(read, study=row.id)),
        days,
        on=on,
        target=row.planned_participants,
        starts_on=row.recruitment_starts_on,
        ends_on=row.recruitment_ends_on,
    )


def _milestones(
    read: Read, row: StudyRow, known: Collection[ParticipantRow], on: date, waiting: Iterable[Waiting]
) -> Milestones:
    study = row.id
    protocols = protocol_versions(read, study=study)
    asked = reviews(read, study=study)
    ruled = rulings(read, study=study)
    approval = approval_of(ruled, committees(read, study=study), on)
    ever = any(each.approves and each.begins <= on for each in ruled)
    told = _told(read, study)
    here = contracts(read, study=study)
    cover = insurances(read, study=study)
    late = [each for each in waiting if each.state == "late"]
    return Milestones(
        protocols=len(protocols),
        protocol_signed=any(each.signed for each in protocols),
        arms=len(arms(read, study=study)),
        planned_visits=len(planned_visits(read, study=study)),
        criteria=len(criteria(read, study=study)),
        planned=row.planned_participants,
        reviewed=any(each.outcome == "favourable" for each in asked),
        review_asked=bool(asked),
        submitted=bool(submissions(read, study=study)),
        approved=approval is not None or (ever and row.closed_on is not None),
        lapsed=approval is None and ever and row.closed_on is None,
        institution=bool(institutional_approvals(read, study=study)),
        registered=bool(row.registry_number) or "registration" in told,
        contracted=any(each.state in SETTLING for each in here) if row.needs_contract or here else None,
        insured=any(each.valid_from <= on <= each.valid_to for each in cover) if row.needs_insurance or cover else None,
        results="results" in told,
        sites=len(sites(read, study=study)),
        screened=len(known),
        entered=sum(each.state in IN for each in known),
        ended=sum(each.state in ("completed", "discontinued") for each in known),
        recruitment_over=(row.recruitment_ends_on or date.max) < on or _over(row, on),
        study_ended=_over(row, on),
        closed=row.closed_on is not None,
        late=frozenset(each.group for each in late),
    )


def _over(row: StudyRow, on: date) -> bool:
    return row.closed_on is not None or (row.ended is not None and happened_by(row.ended, on))


def _told(read: Read, study: Id) -> set[str]:
    own = Registration.TABLE.c
    return {each.purpose for each in read.rows(sa.select(own.purpose).where(own.study == study, ~own.voided))}

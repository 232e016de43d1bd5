"""What is done with participants."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import (
    Allocation,
    Erasure,
    Identity,
    Participant,
    Visit,
)
from trialdesk.people.acting import action
from trialdesk.people.rules import IDENTIFYING, PI, STAFF, UNBLINDED
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.records import Arm, Site


@action("enrollment:participant:screen", N_("Participant screened"), by=STAFF)
def screen(work: Work, *, study: Id, site: Id, number: str, screened_on: PartialDate | None, **fields: Any) -> Id:
    """Enter somebody into the screening log; returns the participant's id.

    Raises UserError for a number the site already used.
    """
    place = found_in(work, Site, site, study)
    kept = number.strip()
    fields.setdefault("identifier", f"{place.number}-{kept}")
    return work.add(Participant(study=study, site=site, number=kept, screened_on=screened_on, **fields)).id


@action("enrollment:participant:correct", N_("Participant corrected"), by=STAFF)
def correct_participant(work: Work, *, study: Id, participant: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a participant. Raises Conflict if it moved on since `version`."""
    return correct(found_in(work, Participant, participant, study, version), fields)


@action("enrollment:participant:void", N_("Participant voided"), by=STAFF)
def void_participant(work: Work, *, study: Id, participant: Id, version: int) -> Id:
    """Void a participant entered in error. The record stays, with the reason."""
    if not work.act.reason.strip():
        raise UserError(_("Voiding needs a reason."), where=_("Participant"))
    record = found_in(work, Participant, participant, study, version)
    work.void(record)
    return record.id


@action("enrollment:identity:record", N_("Identity recorded"), by=IDENTIFYING)
def identify(work: Work, *, study: Id, participant: Id, name: str | None, contact: str | None = None) -> Id:
    """Keep who a participant is, sealed under the participant's key. Raises UserError once they were erased."""
    found_in(work, Participant, participant, study)
    erasure = Erasure.TABLE.c
    if work.read.first(sa.select(erasure.id).where(erasure.participant == participant, ~erasure.voided)):
        raise UserError(_("Who this participant was has been erased and is not recorded again."))
    own = Identity.TABLE.c
    existing = work.read.value(sa.select(own.id).where(own.participant == participant, ~own.voided))
    if existing is None:
        return work.add(Identity(study=study, participant=participant, name=name, contact=contact)).id
    return correct(work.get(Identity, existing), {"name": name, "contact": contact})


@action("enrollment:identity:erase", N_("Identity erased"), by=frozenset({PI}), final=True)
def erase_identity(work: Work, *, study: Id, participant: Id, decided_on: date) -> Id:
    """Erase who a participant was, for good: the key goes. What happened in the study stays. Needs a reason."""
    if not work.act.reason.strip():
        raise UserError(_("Erasing needs a reason."), where=_("Participant"))
    found_in(work, Participant, participant, study)
    return work.add(Erasure(study=study, participant=participant, decided_on=decided_on)).id


@action("enrollment:allocation:record", N_("Allocation recorded"), by=UNBLINDED, final=True)
def record_allocation(work: Work, *, study: Id, participant: Id, arm: Id) -> Id:
    """Keep a participant's arm where only the unblinded see it. Raises UserError if there is one already."""
    found_in(work, Participant, participant, study)
    found_in(work, Arm, arm, study)
    own = Allocation.TABLE.c
    if work.read.first(sa.select(own.id).where(own.participant == participant, ~own.voided)):
        raise UserError(_("This participant is already allocated."), where=_("Participant"))
    return work.add(Allocation(study=study, participant=participant, arm=arm)).id


@action("enrollment:visit:record", N_("Visit recorded"), by=STAFF)
def record_visit(work: Work, *, study: Id, participant: Id, happened: bool = True, **fields: Any) -> Id:
    """Record that a visit happened, or that it did not; returns its id."""
    found_in(work, Participant, participant, study)
    _check_days(fields)
    return work.add(Visit(study=study, participant=participant, happened=happened, **fields)).id


@action("enrollment:visit:correct", N_("Visit corrected"), by=STAFF)
def correct_visit(work: Work, *, study: Id, visit: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a visit. Raises Conflict if it moved on since `version`."""
    record = found_in(work, Visit, visit, study, version)
    _check_days({"started_on": record.started_on, "ended_on": record.ended_on, **fields})
    return correct(record, fields)


@action("enrollment:visit:void", N_("Visit voided"), by=STAFF)
def void_visit(work: Work, *, study: Id, visit: Id, version: int) -> Id:
    """Void a visit entered in error. The record stays, with the reason. Raises Conflict if it moved on."""
    if not work.act.reason.strip():
        raise UserError(_("Voiding needs a reason."), where=_("Visit"))
    record = found_in(work, Visit, visit, study, version)
    work.void(record)
    return record.id


def _check_days(fields: dict[str, Any]) -> None:
    started, ended = fields.get("started_on"), fields.get("ended_on")
    if started and ended and ended[: len(started)] < started[: len(ended)]:
        raise UserError(
            _("The visit would end before it begins."), where=_("Ended on"), remedy=_("Correct one of the two dates.")
        )

"""What is done with visits and doses: recorded as they were, corrected with a reason, held against their window."""

from __future__ import annotations

from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.cases import endings_of_one
from trialdesk.enrollment.gates import AFTER_DEATH, AFTER_THE_END, DOSED_AFTER_THE_END, died_before, over_by, refuse
from trialdesk.enrollment.records import Exposure, Participant, Visit
from trialdesk.enrollment.windows import tell_of_window
from trialdesk.people.acting import action, adding, correcting, fields_of, needs_reason, voiding
from trialdesk.people.rules import STAFF
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.records import PlannedVisit

_SAID = (
    "planned_visit",
    "number",
    "name",
    "planned",
    "happened",
    "started_on",
    "ended_on",
    "study_day",
    "unscheduled_reason",
    "epoch",
)
_DOSED = ("treatment", "dose", "dose_unit", "form", "frequency", "route", "started_on", "ended_on")


@action(
    "enrollment:visit:record",
    N_("Visit recorded"),
    words=N_("Record a visit"),
    by=STAFF,
    asks=fields_of(Visit, *_SAID),
    about=Participant.KIND,
)
def record_visit(work: Work, *, study: Id, participant: Id, happened: bool = True, **fields: Any) -> Id:
    """Record that a visit happened, or that it did not; returns its id.

    One out of its window is told to whoever answers `windows.OUT_OF_WINDOW`. No visit is kept before consent
    (`gates`).
    """
    found_in(work, Participant, participant, study)
    if fields.get("planned_visit"):
        found_in(work, PlannedVisit, fields["planned_visit"], study)
    visit = work.add(Visit(study=study, participant=participant, happened=happened, **fields))
    _check_days(visit)
    _check_not_over(work, visit)
    tell_of_window(work, visit)
    return visit.id


@action(
    "enrollment:visit:correct",
    N_("Visit corrected"),
    by=STAFF,
    asks=fields_of(Visit, *_SAID),
    about=Visit.KIND,
    edit="correct",
)
def correct_visit(work: Work, *, study: Id, visit: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a visit. Raises Conflict if it moved on since `version`."""
    needs_reason(work, Visit)
    record = found_in(work, Visit, visit, study, version)
    if fields.get("planned_visit"):
        found_in(work, PlannedVisit, fields["planned_visit"], study)
    started = record.started_on
    correct(record, fields)
    _check_days(record)
    if record.started_on != started:
        _check_not_over(work, record)
    tell_of_window(work, record)
    return record.id


@action("enrollment:visit:void", N_("Visit voided"), by=STAFF, about=Visit.KIND, edit="void")
def void_visit(work: Work, *, study: Id, visit: Id, version: int) -> Id:
    """Void a visit entered in error. The record stays, with the reason."""
    needs_reason(work, Visit)
    record = found_in(work, Visit, visit, study, version)
    work.void(record)
    tell_of_window(work, record)
    return record.id


def _check_days(record: Visit | Exposure) -> None:
    started, ended = record.started_on, record.ended_on
    if started and ended and ended[: len(started)] < started[: len(ended)]:
        raise UserError(
            _("The visit would end before it begins.")
            if isinstance(record, Visit)
            else _("It would end before it begins."),
            where=_("Ended on"),
            remedy=_("Correct one of the two dates."),
        )


def _check_not_over(work: Work, record: Visit | Exposure) -> None:
    """Refuse what is dated after participation had ended; a visit that says why it was unscheduled is a follow-up."""
    on = record.started_on
    if on is None or (isinstance(record, Visit) and not record.happened):
        return
    ended, refusal = endings_of_one(work.read, record.participant), None
    if died_before(ended, [on]):
        refusal = AFTER_DEATH
    elif not over_by(ended, on):
        return
    elif isinstance(record, Exposure):
        refusal = DOSED_AFTER_THE_END
    elif not record.unscheduled_reason:
        refusal = AFTER_THE_END
    if refusal is not None:
        refuse(refusal, work.get(Participant, record.participant).identifier)


def _check_exposure(work: Work, exposure: Exposure) -> None:
    _check_days(exposure)
    _check_not_over(work, exposure)


def _check_corrected_exposure(work: Work, exposure: Exposure) -> None:  # noqa: ARG001 - as every check of a record
    _check_days(exposure)


record_exposure = adding(
    Exposure,
    "enrollment:exposure:record",
    N_("Exposure recorded"),
    words=N_("Record a dose"),
    by=STAFF,
    asks=_DOSED,
    about="participant",
    check=_check_exposure,
)
correct_exposure = correcting(
    Exposure,
    "enrollment:exposure:correct",
    N_("Exposure corrected"),
    by=STAFF,
    asks=_DOSED,
    check=_check_corrected_exposure,
)
void_exposure = voiding(Exposure, "enrollment:exposure:void", N_("Exposure voided"), by=STAFF)

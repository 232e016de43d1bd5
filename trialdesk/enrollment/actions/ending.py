"""What is done when participation ends: completed, withdrawn, failed at screening, died."""

from __future__ import annotations

from typing import Any

from trialdesk.base.dates import PartialDate, earliest, latest
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions.criteria import known_codes
from trialdesk.enrollment.cases import case
from trialdesk.enrollment.elsewhere import gone_on
from trialdesk.enrollment.gates import AFTER_COMPLETION, ALLOCATED_STAYS, refuse
from trialdesk.enrollment.records import Disposition, Participant
from trialdesk.enrollment.rules import COMPLETED, DEATH, SCREEN_FAILURE
from trialdesk.people.acting import action, correcting, fields_of, voiding
from trialdesk.people.checks import check_happened
from trialdesk.people.rules import STAFF
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

WITHDRAWALS = (
    ("WITHDRAWAL BY SUBJECT", N_("The participant withdrew")),
    ("ADVERSE EVENT", N_("Adverse event")),
    ("LACK OF EFFICACY", N_("Lack of efficacy")),
    ("LOST TO FOLLOW-UP", N_("Lost to follow-up")),
    ("PHYSICIAN DECISION", N_("Decision of the investigator")),
    ("PREGNANCY", N_("Pregnancy")),
    ("PROTOCOL DEVIATION", N_("Protocol deviation")),
    ("STUDY TERMINATED BY SPONSOR", N_("Study terminated")),
    ("OTHER", N_("Other")),
)
"""Why participation ended early (CDISC codelist NCOMPLT)."""

_ON = Field("partial", N_("Occurred on"), name="occurred_on", required=True)
_TERM = Field("text", N_("In your words"), name="term")
_WHY = Field("choice", N_("Why"), name="why", choices=WITHDRAWALS, required=True)


@action(
    "enrollment:participant:complete",
    N_("Participation completed"),
    words=N_("Record completion"),
    by=STAFF,
    asks=(_ON, _TERM),
    about=Participant.KIND,
)
def complete(work: Work, *, study: Id, participant: Id, occurred_on: PartialDate, term: str | None = None) -> Id:
    """Record that a participant completed the study; returns the disposition's id. Only the allocated do.

    Of who was brought in by an import a consent must be known, if it was not before the import.
    """
    person = found_in(work, Participant, participant, study)
    check_happened(work, Disposition.FIELDS["occurred_on"].label, occurred_on)
    stands = case(work.read, study=study, participant=participant)
    if occurred_on and any(each is not None and earliest(each) > latest(occurred_on) for each in stands.procedures):
        refuse(AFTER_COMPLETION, person.identifier)
    if person.imported:
        refuse(gone_on(work.read, person, [occurred_on]), person.identifier)
    elif not stands.allocations:
        raise UserError(
            _("Who was never allocated does not complete the study."),
            where=person.identifier,
            remedy=_("Record a screening failure or a withdrawal instead."),
        )
    return _end(work, person, COMPLETED, occurred_on, term)


@action(
    "enrollment:participant:withdraw",
    N_("Participant withdrawn"),
    words=N_("Withdraw"),
    by=STAFF,
    asks=(_ON, _WHY, _TERM),
    about=Participant.KIND,
)
def withdraw(
    work: Work, *, study: Id, participant: Id, occurred_on: PartialDate, why: str, term: str | None = None
) -> Id:
    """Record that participation ended early, and why; returns the disposition's id."""
    if why not in dict(WITHDRAWALS):
        raise UserError(_("This is none of the reasons to choose from."), where=_(_WHY.label))
    return _end(work, found_in(work, Participant, participant, study), why, occurred_on, term)


@action(
    "enrollment:participant:fail_screening",
    N_("Screening failure recorded"),
    words=N_("Record screening failure"),
    by=STAFF,
    asks=(_ON, *fields_of(Disposition, "failed_criteria"), _TERM),
    about=Participant.KIND,
)
def fail_screening(
    work: Work,
    *,
    study: Id,
    participant: Id,
    occurred_on: PartialDate,
    failed_criteria: str | None = None,
    term: str | None = None,
) -> Id:
    """Record that screening failed, by the codes of the criteria or in words; returns the disposition's id.

    Raises UserError once the participant is allocated, for a code the study does not have, and for no reason at all.
    """
    person = found_in(work, Participant, participant, study)
    if case(work.read, study=study, participant=participant).allocations:
        refuse(ALLOCATED_STAYS, person.identifier)
    label = Disposition.FIELDS["failed_criteria"].label
    codes = known_codes(work, study, failed_criteria, label)
    if codes is None and not (term or "").strip():
        raise UserError(
            _("Why did screening fail?"), where=_(label), remedy=_("Give the criteria's codes, or say it in words.")
        )
    return _end(work, person, SCREEN_FAILURE, occurred_on, term, failed_criteria=codes)


@action(
    "enrollment:participant:died",
    N_("Death recorded"),
    words=N_("Record death"),
    by=STAFF,
    asks=(_ON, _TERM),
    about=Participant.KIND,
)
def record_death(work: Work, *, study: Id, participant: Id, occurred_on: PartialDate, term: str | None = None) -> Id:
    """Record that a participant died; returns the disposition's id. Also after participation had ended otherwise.

    That the participant died is kept with the participant too: however participation ended, it stays known.
    """
    person = found_in(work, Participant, participant, study)
    made = _end(work, person, DEATH, occurred_on, term)
    person.died, person.died_on = True, occurred_on
    return made


def _end(work: Work, person: Participant, reason: str, on: PartialDate, term: str | None, **fields: Any) -> Id:
    made = Disposition(
        study=person.study,
        participant=person.id,
        category="event",
        reason=reason,
        occurred_on=on,
        term=(term or "").strip() or None,
        **fields,
    )
    _check(work, made)
    ended = [before for before, _on in case(work.read, study=made.study or "", participant=person.id).endings]
    if ended and not person.imported and (reason != DEATH or DEATH in ended):
        raise UserError(
            _("How participation ended is recorded already."),
            where=person.identifier,
            remedy=_("Correct or void what is recorded."),
        )
    return work.add(made).id


def _check(work: Work, ending: Any) -> None:
    label = Disposition.FIELDS["occurred_on"].label
    if not ending.occurred_on:
        raise UserError(_("The day is needed, as precisely as it is known."), where=_(label))
    check_happened(work, label, ending.occurred_on)
    ending.failed_criteria = known_codes(
        work, ending.study, ending.failed_criteria, Disposition.FIELDS["failed_criteria"].label
    )


def _check_corrected(work: Work, ending: Any) -> None:
    _check(work, ending)
    if ending.reason == DEATH:
        work.get(Participant, ending.participant).died_on = ending.occurred_on


def _not_dead(work: Work, ending: Any) -> None:
    """Take back with the record of a death that the participant died."""
    if ending.reason == DEATH:
        person = work.get(Participant, ending.participant)
        person.died = person.died_on = None


correct_disposition = correcting(
    Disposition,
    "enrollment:disposition:correct",
    N_("End of participation corrected"),
    by=STAFF,
    asks=("occurred_on", "term", "failed_criteria"),
    check=_check_corrected,
)
void_disposition = voiding(
    Disposition, "enrollment:disposition:void", N_("End of participation voided"), by=STAFF, check=_not_dead
)

"""What is done about eligibility: assessed against the study's criteria, signed by an investigator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions.criteria import known_codes
from trialdesk.enrollment.cases import confirmed, consents_of
from trialdesk.enrollment.gates import ELIGIBILITY_CONFIRMED, NO_CONSENT, Given, refuse
from trialdesk.enrollment.records import Eligibility, Participant
from trialdesk.people.acting import action, adding, correcting, voiding
from trialdesk.people.checks import check_not_future
from trialdesk.people.rules import INVESTIGATORS, STAFF
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

_SAID = ("assessed_on", "eligible", "failed_criteria", "remarks")


def _check(work: Work, assessment: Any) -> None:
    """Refuse an assessment that contradicts itself, lies ahead or came before consent."""
    label = Eligibility.FIELDS["failed_criteria"].label
    check_not_future(work, Eligibility.FIELDS["assessed_on"].label, assessment.assessed_on)
    assessment.failed_criteria = known_codes(work, assessment.study, assessment.failed_criteria, label)
    if assessment.eligible and assessment.failed_criteria:
        raise UserError(
            _("Who fails a criterion is not eligible."), where=_(label), remedy=_("Correct one of the two.")
        )
    if assessment.eligible is False and not assessment.failed_criteria:
        raise UserError(
            _("Which criterion is not met?"), where=_(label), remedy=_("Give its code, as the protocol numbers it.")
        )
    given = consents_of(work.read, participants=[assessment.participant])
    if not _consented_by(given.get(assessment.participant, ()), assessment):
        refuse(NO_CONSENT, work.get(Participant, assessment.participant).identifier)


def _consented_by(consents: Iterable[Given], assessment: Any) -> bool:
    return assessment.assessed_on is not None and any(each.on <= assessment.assessed_on for each in consents)


assess_eligibility = adding(
    Eligibility,
    "enrollment:eligibility:assess",
    N_("Eligibility assessed"),
    words=N_("Assess eligibility"),
    by=STAFF,
    asks=_SAID,
    about="participant",
    check=_check,
)
"""Record who meets the criteria and who does not; it counts once an investigator has signed it."""

correct_eligibility = correcting(
    Eligibility, "enrollment:eligibility:correct", N_("Eligibility corrected"), by=STAFF, asks=_SAID, check=_check
)
"""Change an assessment. A signature under it no longer stands; once a participant is allocated it stays as signed."""

void_eligibility = voiding(Eligibility, "enrollment:eligibility:void", N_("Assessment voided"), by=STAFF)


@action(
    "enrollment:eligibility:sign",
    N_("Eligibility signed"),
    words=N_("Sign eligibility"),
    by=INVESTIGATORS,
    final=True,
    about=Eligibility.KIND,
    signs=ELIGIBILITY_CONFIRMED,
)
def sign_eligibility(work: Work, *, study: Id, eligibility: Id) -> Id:
    """Sign an assessment as it is recorded now; returns the signature's id. Raises UserError if that is done."""
    record = found_in(work, Eligibility, eligibility, study)
    if record.id in confirmed(work.read, study=study, assessments=[record.id]):
        raise UserError(_("This assessment is signed already."), where=_(Eligibility.LABEL))
    _check(work, record)
    return sign(work, record, ELIGIBILITY_CONFIRMED)

"""What may not be recorded of reviews, decisions and consent versions.

Each looks at a record as it is about to be saved and raises UserError in words.
"""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.ethics.records import (
    Committee,
    Condition,
    ConsentVersion,
    Decision,
    InstitutionalApproval,
    Question,
    Review,
    Submission,
)
from trialdesk.ethics.rules import APPROVED
from trialdesk.people.checks import check_alone, check_not_future, check_order, label_of
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work


def check_review(work: Work, record: Review) -> None:
    """What was decided has its day and its outcome, and was asked for before."""
    _check_both(record, "decided_on", "outcome")
    for name in ("requested_on", "decided_on"):
        check_not_future(work, Review.FIELDS[name].label, getattr(record, name))
    words = _("It would be decided before it was requested.")
    check_order(Review.FIELDS["decided_on"].label, record.requested_on, record.decided_on, words)


def check_committee(work: Work, record: Committee) -> None:
    """A committee's name is its own; its notice is not negative."""
    check_alone(work, record, "name", words=_("There is already an ethics committee of this name."))
    if record.renewal_days is not None and record.renewal_days < 0:
        raise UserError(
            _("This cannot be less than {least}.").format(least=0), where=label_of(Committee, "renewal_days")
        )


def check_submission(work: Work, record: Submission) -> None:
    """It was submitted already."""
    check_not_future(work, Submission.FIELDS["submitted_on"].label, record.submitted_on)


def check_question(work: Work, record: Question) -> None:
    """It was asked after the submission, and answered, if so, with words and after it was asked."""
    _check_both(record, "answered_on", "answer")
    for name in ("asked_on", "answered_on"):
        check_not_future(work, Question.FIELDS[name].label, getattr(record, name))
    submission = work.get(Submission, record.submission)
    words = _("The question would have been asked before the submission.")
    check_order(Question.FIELDS["asked_on"].label, submission.submitted_on, record.asked_on, words)
    words = _("The question would be answered before it was asked.")
    check_order(Question.FIELDS["answered_on"].label, record.asked_on, record.answered_on, words)


def check_decision(work: Work, record: Decision) -> None:
    """It was decided after the submission; an approval does not reach back and does not end before it begins."""
    check_not_future(work, Decision.FIELDS["decided_on"].label, record.decided_on)
    submission = work.get(Submission, record.submission)
    words = _("It would be decided before it was submitted.")
    check_order(Decision.FIELDS["decided_on"].label, submission.submitted_on, record.decided_on, words)
    words = _("An approval has no effect before it is decided.")
    check_order(Decision.FIELDS["effective_on"].label, record.decided_on, record.effective_on, words)
    begins = record.effective_on or record.decided_on
    words = _("The approval would expire before it takes effect.")
    check_order(Decision.FIELDS["expires_on"].label, begins, record.expires_on, words)
    if record.outcome not in APPROVED and record.expires_on is not None:
        raise UserError(
            _("Only an approval expires."),
            where=label_of(Decision, "expires_on"),
            remedy=_("Leave the day empty, or choose another outcome."),
        )


def check_condition(work: Work, record: Condition) -> None:
    """It was set with an approval, and met, if so, after that."""
    decision = work.get(Decision, record.decision)
    if decision.outcome not in APPROVED:
        raise UserError(
            _("Only an approval has conditions."),
            where=_("Condition"),
            remedy=_("Correct the outcome of the decision first."),
        )
    check_not_future(work, Condition.FIELDS["met_on"].label, record.met_on)
    words = _("This lies before the decision that made the condition.")
    for name in ("due_on", "met_on"):
        check_order(Condition.FIELDS[name].label, decision.decided_on, getattr(record, name), words)


def check_language(record: ConsentVersion) -> None:
    """Write a language as its tag is written: `EN` and `en` are one language (RFC 5646 2.1.1)."""
    if record.language:
        head, dash, rest = record.language.partition("-")
        record.language = head.lower() + dash + rest


def check_consent_version(work: Work, record: ConsentVersion) -> None:
    """Its name is its own; it was written before it was approved and approved before it is used."""
    check_language(record)
    words = _("There is already a version of this name in this language.")
    check_alone(work, record, "label", "form", "language", words=words)
    words = _("There is already a version of this number in this language.")
    check_alone(work, record, "number", "form", "language", words=words)
    check_not_future(work, ConsentVersion.FIELDS["dated_on"].label, record.dated_on)
    words = _("The version would be used before it is dated.")
    check_order(ConsentVersion.FIELDS["effective_on"].label, record.dated_on, record.effective_on, words)
    begins = record.effective_on or record.dated_on
    words = _("The version would be withdrawn before it is used.")
    check_order(ConsentVersion.FIELDS["withdrawn_on"].label, begins, record.withdrawn_on, words)
    words = _("Nobody can consent again before the version is used.")
    check_order(ConsentVersion.FIELDS["mandatory_on"].label, begins, record.mandatory_on, words)
    if record.decision is None:
        return
    decision, where = work.get(Decision, record.decision), label_of(ConsentVersion, "decision")
    if decision.outcome not in APPROVED:
        raise UserError(
            _("This decision did not approve anything."),
            where=where,
            remedy=_("Choose the decision that approved the version."),
        )
    words = _("The version is dated after the decision that approves it.")
    check_order(ConsentVersion.FIELDS["decision"].label, record.dated_on, decision.decided_on, words)


def check_institutional_approval(work: Work, record: InstitutionalApproval) -> None:
    """It was given, and does not end before it begins."""
    check_not_future(work, InstitutionalApproval.FIELDS["approved_on"].label, record.approved_on)
    words = _("The approval would expire before it takes effect.")
    check_order(InstitutionalApproval.FIELDS["expires_on"].label, record.approved_on, record.expires_on, words)


def _check_both(record: Record, first: str, second: str) -> None:
    for name, other in ((first, second), (second, first)):
        if getattr(record, name) is None and getattr(record, other) is not None:
            raise UserError(
                _("“{other}” says nothing without this.").format(other=label_of(record, other)),
                where=label_of(record, name),
                remedy=_("Fill in both, or neither."),
            )

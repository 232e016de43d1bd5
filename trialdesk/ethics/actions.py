"""What is done with ethics committees and institutions, and with consent versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.ethics import checks
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
from trialdesk.ethics.rules import ETHICS, MAIN
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, tidied, voiding
from trialdesk.people.checks import check_unused
from trialdesk.people.rules import INVESTIGATORS
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

_REVIEW = ("body", "requested_on", "decided_on", "outcome", "remarks")
add_review = adding(
    Review, "ethics:review:add", N_("Scientific review added"), by=ETHICS, asks=_REVIEW, check=checks.check_review
)
correct_review = correcting(
    Review,
    "ethics:review:correct",
    N_("Scientific review corrected"),
    by=ETHICS,
    asks=_REVIEW,
    check=checks.check_review,
)
void_review = voiding(Review, "ethics:review:void", N_("Scientific review voided"), by=ETHICS, check=check_unused)

_COMMITTEE = ("name", "country", "contact", "renewal_days")
add_committee = adding(
    Committee,
    "ethics:committee:add",
    N_("Ethics committee added"),
    by=ETHICS,
    asks=_COMMITTEE,
    check=checks.check_committee,
)
correct_committee = correcting(
    Committee,
    "ethics:committee:correct",
    N_("Ethics committee corrected"),
    by=ETHICS,
    asks=_COMMITTEE,
    check=checks.check_committee,
)
void_committee = voiding(
    Committee, "ethics:committee:void", N_("Ethics committee voided"), by=ETHICS, check=check_unused
)

_SUBMISSION = ("kind", "title", "submitted_on", "protocol_version", "site")
submit = adding(
    Submission,
    "ethics:submission:record",
    N_("Submission recorded"),
    by=ETHICS,
    asks=_SUBMISSION,
    about="committee",
    check=checks.check_submission,
)
correct_submission = correcting(
    Submission,
    "ethics:submission:correct",
    N_("Submission corrected"),
    by=ETHICS,
    asks=("committee", *_SUBMISSION),
    check=checks.check_submission,
)
void_submission = voiding(Submission, "ethics:submission:void", N_("Submission voided"), by=ETHICS, check=check_unused)

ask = adding(
    Question,
    "ethics:question:record",
    N_("Committee's question recorded"),
    by=ETHICS,
    asks=("asked_on", "text"),
    about="submission",
    check=checks.check_question,
)


@action(
    "ethics:question:answer",
    N_("Committee's question answered"),
    words=N_("Answer"),
    by=ETHICS,
    asks=fields_of(Question, "answered_on", "answer"),
    about=Question.KIND,
)
def answer(work: Work, *, study: Id, question: Id, answered_on: date, answer: str) -> Id:
    """Record the answer to a committee's question. Raises UserError if it was answered already."""
    record = found_in(work, Question, question, study)
    if record.answered_on is not None:
        raise UserError(
            _("This question was answered on {day}.").format(day=record.answered_on),
            where=_("Question"),
            remedy=_("Correct the question to change its answer."),
        )
    correct(record, tidied(Question, {"answered_on": answered_on, "answer": answer}))
    checks.check_question(work, record)
    return record.id


correct_question = correcting(
    Question,
    "ethics:question:correct",
    N_("Committee's question corrected"),
    by=ETHICS,
    asks=("asked_on", "text", "answered_on", "answer"),
    check=checks.check_question,
)
void_question = voiding(
    Question, "ethics:question:void", N_("Committee's question voided"), by=ETHICS, check=check_unused
)

_DECISION = ("decided_on", "outcome", "effective_on", "expires_on", "reference")
decide = adding(
    Decision,
    "ethics:decision:record",
    N_("Ethics decision recorded"),
    by=ETHICS,
    asks=_DECISION,
    about="submission",
    check=checks.check_decision,
)
# What a committee ruled lets a study begin, go on or end. Whoever is about ethics records it; to change it afterwards,
# an expiry above all, is for who answers for the approval, so that no one else's slip or wish prolongs one.
_RULING = INVESTIGATORS | {"ethics_liaison"}
correct_decision = correcting(
    Decision,
    "ethics:decision:correct",
    N_("Ethics decision corrected"),
    by=_RULING,
    asks=_DECISION,
    check=checks.check_decision,
)
void_decision = voiding(Decision, "ethics:decision:void", N_("Ethics decision voided"), by=_RULING, check=check_unused)

add_condition = adding(
    Condition,
    "ethics:condition:add",
    N_("Condition added"),
    by=ETHICS,
    asks=("text", "due_on"),
    about="decision",
    check=checks.check_condition,
)


@action(
    "ethics:condition:meet",
    N_("Condition met"),
    words=N_("Record that it was met"),
    by=ETHICS,
    asks=fields_of(Condition, "met_on"),
    about=Condition.KIND,
)
def meet(work: Work, *, study: Id, condition: Id, met_on: date) -> Id:
    """Record that a condition was met. Raises UserError if it was met already."""
    record = found_in(work, Condition, condition, study)
    if record.met_on is not None:
        raise UserError(
            _("This condition was met on {day}.").format(day=record.met_on),
            where=_("Condition"),
            remedy=_("Correct the condition to change the day."),
        )
    correct(record, {"met_on": met_on})
    checks.check_condition(work, record)
    return record.id


correct_condition = correcting(
    Condition,
    "ethics:condition:correct",
    N_("Condition corrected"),
    by=ETHICS,
    asks=("text", "due_on", "met_on"),
    check=checks.check_condition,
)
void_condition = voiding(Condition, "ethics:condition:void", N_("Condition voided"), by=ETHICS, check=check_unused)

_VERSION = (
    "form",
    "language",
    "label",
    "dated_on",
    "change_summary",
    "decision",
    "effective_on",
    "mandatory_on",
)


@action(
    "ethics:consent_version:add",
    N_("Consent version added"),
    by=ETHICS,
    # Without a number the version is the next of its form and language.
    asks=(
        *fields_of(ConsentVersion, *_VERSION),
        *(replace(each, required=False) for each in fields_of(ConsentVersion, "number")),
    ),
)
def add_consent_version(work: Work, *, study: Id, form: str = MAIN, language: str, **fields: Any) -> Id:
    """Add the next version of a consent form in a language; returns its id.

    It is numbered after those there are, unless its number is given.
    """
    # Asked of a new version alone: a desk opens sooner without.
    from trialdesk.ethics.queries import consent_versions

    record = ConsentVersion(study=study, **tidied(ConsentVersion, {"form": form, "language": language, **fields}))
    checks.check_language(record)
    known = [each.number for each in consent_versions(work.read, study=study) if _same_form(each, record)]
    record.number = record.number or max(known, default=0) + 1
    work.add(record)
    checks.check_consent_version(work, record)
    return record.id


@action(
    "ethics:consent_version:approve",
    N_("Consent version approved"),
    words=N_("Tie to its approval"),
    by=ETHICS,
    asks=fields_of(ConsentVersion, "decision", "effective_on", "mandatory_on"),
    about=ConsentVersion.KIND,
)
def approve_consent_version(
    work: Work,
    *,
    study: Id,
    consent_version: Id,
    decision: Id,
    effective_on: date | None = None,
    mandatory_on: date | None = None,
) -> Id:
    """Tie a consent version to the decision that approved it. Raises UserError if it is tied to one already."""
    record = found_in(work, ConsentVersion, consent_version, study)
    if record.decision is not None:
        raise UserError(
            _("This consent version is approved already."),
            where=_("Consent version"),
            remedy=_("Correct the consent version to name another decision."),
        )
    found_in(work, Decision, decision, study)
    correct(record, {"decision": decision, "effective_on": effective_on, "mandatory_on": mandatory_on})
    checks.check_consent_version(work, record)
    return record.id


@action(
    "ethics:consent_version:withdraw",
    N_("Consent version withdrawn"),
    words=N_("Take out of use"),
    by=ETHICS,
    asks=fields_of(ConsentVersion, "withdrawn_on"),
    about=ConsentVersion.KIND,
)
def withdraw_consent_version(work: Work, *, study: Id, consent_version: Id, withdrawn_on: date) -> Id:
    """Say from which day a consent version may not be used, whether or not another takes its place."""
    record = found_in(work, ConsentVersion, consent_version, study)
    correct(record, {"withdrawn_on": withdrawn_on})
    checks.check_consent_version(work, record)
    return record.id


correct_consent_version = correcting(
    ConsentVersion,
    "ethics:consent_version:correct",
    N_("Consent version corrected"),
    by=ETHICS,
    asks=(*_VERSION, "number", "withdrawn_on"),
    check=checks.check_consent_version,
)
void_consent_version = voiding(
    ConsentVersion, "ethics:consent_version:void", N_("Consent version voided"), by=ETHICS, check=check_unused
)

_INSTITUTIONAL = ("institution", "approved_on", "expires_on", "reference")
add_institutional_approval = adding(
    InstitutionalApproval,
    "ethics:institutional_approval:record",
    N_("Institutional approval recorded"),
    by=ETHICS,
    asks=_INSTITUTIONAL,
    check=checks.check_institutional_approval,
)
correct_institutional_approval = correcting(
    InstitutionalApproval,
    "ethics:institutional_approval:correct",
    N_("Institutional approval corrected"),
    by=ETHICS,
    asks=_INSTITUTIONAL,
    check=checks.check_institutional_approval,
)
void_institutional_approval = voiding(
    InstitutionalApproval,
    "ethics:institutional_approval:void",
    N_("Institutional approval voided"),
    by=ETHICS,
    check=check_unused,
)


def _same_form(one: Any, other: ConsentVersion) -> bool:
    return bool((one.form, one.language) == (other.form, other.language))


ACTIONS: tuple[Action, ...] = (
    add_review,
    correct_review,
    void_review,
    add_committee,
    correct_committee,
    void_committee,
    submit,
    correct_submission,
    void_submission,
    ask,
    answer,
    correct_question,
    void_question,
    decide,
    correct_decision,
    void_decision,
    add_condition,
    meet,
    correct_condition,
    void_condition,
    add_consent_version,
    approve_consent_version,
    withdraw_consent_version,
    correct_consent_version,
    void_consent_version,
    add_institutional_approval,
    correct_institutional_approval,
    void_institutional_approval,
)
"""Everything a person can do here, in the order in which it is offered."""

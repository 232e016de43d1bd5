"""What is asked of ethics committees and institutions, what they decided, and the consent versions they approved."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.ethics.rules import FORMS, KINDS, OUTCOMES, REVIEW_OUTCOMES
from trialdesk.persistence.declaration import Record, choice, day, link, text, whole


class Review(Record, kind="ethics.review", label=N_("Scientific review")):
    """What a scientific body said of the protocol before it went to the ethics committee."""

    body: str = text(N_("Reviewing body"), required=True)
    requested_on: date | None = day(N_("Requested on"))
    decided_on: date | None = day(N_("Decided on"), group="decision")
    outcome: str | None = choice(N_("Conclusion"), REVIEW_OUTCOMES, group="decision")
    remarks: str | None = text(N_("Remarks"), prose=True)


class Committee(Record, kind="ethics.committee", label=N_("Ethics committee")):
    """A committee to which the study is submitted."""

    name: str = text(N_("Ethics committee"), required=True)
    country: str | None = text(N_("Country"))
    contact: str | None = text(N_("Contact"))
    renewal_days: int | None = whole(
        N_("Renewal is due before expiry"),
        unit=N_("days"),
        help=N_("How many days before an approval expires the committee wants the application for its renewal."),
    )


class Submission(Record, kind="ethics.submission", label=N_("Submission")):
    """What was put before a committee, for the whole study or for one site."""

    committee: Id = link(N_("Ethics committee"), "ethics.committee", required=True)
    kind: str = choice(N_("Kind of submission"), KINDS, required=True)
    title: str = text(N_("Subject"), required=True)
    submitted_on: date = day(N_("Submitted on"), required=True)
    protocol_version: Id | None = link(N_("Protocol version"), "studies.protocol_version")
    site: Id | None = link(N_("Site"), "studies.site", help=N_("Leave empty for the whole study."))


class Question(Record, kind="ethics.question", label=N_("Question")):
    """What a committee asked about a submission, and the answer given."""

    submission: Id = link(N_("Submission"), "ethics.submission", required=True)
    asked_on: date = day(N_("Asked on"), required=True)
    answered_on: date | None = day(N_("Answered on"), group="answer")
    answer: str | None = text(N_("Answer"), group="answer", prose=True)
    text: str = text(N_("Question"), required=True, prose=True)


class Decision(Record, kind="ethics.decision", label=N_("Decision"), named=("decided_on", "outcome")):
    """What a committee decided on a submission. An approval is in force from one day on, to another if it expires."""

    submission: Id = link(N_("Submission"), "ethics.submission", required=True)
    decided_on: date = day(N_("Decided on"), required=True)
    outcome: str = choice(N_("Conclusion"), OUTCOMES, required=True)
    effective_on: date | None = day(
        N_("In effect from"), help=N_("The day of the decision, if left empty."), group="period"
    )
    expires_on: date | None = day(
        N_("Expires on"),
        help=N_("The last day on which the approval holds. An amendment's approval without it keeps the one running."),
        group="period",
    )
    reference: str | None = text(N_("Reference"), help=N_("Number or date of the committee's letter."))


class Condition(Record, kind="ethics.condition", label=N_("Condition")):
    """What an approval was made conditional on."""

    decision: Id = link(N_("Decision"), "ethics.decision", required=True)
    due_on: date | None = day(N_("Due on"))
    met_on: date | None = day(N_("Met on"))
    text: str = text(N_("Condition"), required=True, prose=True)


class ConsentVersion(Record, kind="ethics.consent_version", label=N_("Consent version"), named=("language", "label")):
    """One version of a consent form in one language. It may be used once a committee approved it."""

    form: str = choice(N_("Form"), FORMS, required=True)
    language: str = text(N_("Language"), required=True, help=N_("Such as en, zh."))
    label: str = text(N_("Version"), required=True)
    number: int = whole(
        N_("Order of version"), required=True, help=N_("Versions of one form in one language are counted 1, 2, 3.")
    )
    dated_on: date = day(N_("Dated"), required=True)
    decision: Id | None = link(N_("Approved by"), "ethics.decision")
    effective_on: date | None = day(N_("To be used from"))
    withdrawn_on: date | None = day(N_("Not to be used from"))
    mandatory_on: date | None = day(
        N_("Consent again by"),
        help=N_("Everybody who signed an earlier version signs this one by that day. Empty: nobody has to."),
    )
    change_summary: str | None = text(N_("What changed"), prose=True)


class InstitutionalApproval(Record, kind="ethics.institutional_approval", label=N_("Institutional approval")):
    """The leave of an institution to run the study in its house."""

    institution: str = text(N_("Institution"), required=True)
    approved_on: date = day(N_("Approved on"), required=True)
    expires_on: date | None = day(N_("Expires on"), help=N_("The last day on which it holds."))
    reference: str | None = text(N_("Reference"))

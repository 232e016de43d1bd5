"""Submissions, decisions, approvals and consent versions to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.ethics import rules
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
from trialdesk.ethics.rules import APPROVED, MAIN, Again, Ruling, Signed
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import ProtocolVersion, Site


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A scientific review."""

    id: Id
    version: int
    body: str
    requested_on: date | None
    decided_on: date | None
    outcome: str | None
    remarks: str | None


@dataclass(frozen=True, slots=True)
class CommitteeRow:
    """An ethics committee; `renewal_days` as recorded, None where the committee named none."""

    id: Id
    version: int
    name: str
    country: str | None
    contact: str | None
    renewal_days: int | None


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """What was submitted to whom; `site_number` is None for the whole study."""

    id: Id
    version: int
    committee: Id
    committee_name: str
    kind: str
    title: str
    submitted_on: date
    protocol_version: Id | None
    protocol: str | None
    site: Id | None
    site_number: str | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A committee's question with its answer, if it was given."""

    id: Id
    version: int
    submission: Id
    asked_on: date
    text: str
    answered_on: date | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as recorded."""

    id: Id
    version: int
    submission: Id
    decided_on: date
    outcome: str
    effective_on: date | None
    expires_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition of an approval."""

    id: Id
    version: int
    decision: Id
    text: str
    due_on: date | None
    met_on: date | None


@dataclass(frozen=True, slots=True)
class InstitutionalApprovalRow:
    """An institution's leave to run the study."""

    id: Id
    version: int
    institution: str
    approved_on: date
    expires_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval in force: the decision that gives it and the last day it holds (None: it does not expire).

    `renewal_due` is the last day to ask for renewal by the committee's notice.
    """

    decision: Id
    submission: Id
    committee: Id
    committee_name: str
    kind: str
    decided_on: date
    effective_on: date
    expires_on: date | None
    renewal_due: date | None
    site: Id | None
    reference: str | None
    expires_by: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentVersionRow:
    """A consent version. `approved_on` is the day from which an approval of it holds, None without one.

    `used_from` and `superseded_on` follow from the approvals and the later versions; see `ethics.rules`.
    """

    id: Id
    version: int
    form: str
    language: str
    label: str
    number: int
    dated_on: date
    decision: Id | None
    approved_on: date | None
    effective_on: date | None
    withdrawn_on: date | None
    mandatory_on: date | None
    change_summary: str | None
    used_from: date | None = None
    superseded_on: date | None = None


def reviews(read: Read, *, study: Id) -> tuple[ReviewRow, ...]:
    """Return a study's scientific reviews by request. One statement."""
    own = Review.TABLE.c
    return read.shaped(ReviewRow, Review, own.study == study, ~own.voided, order=(own.requested_on, own.id))


def committees(read: Read, *, study: Id) -> tuple[CommitteeRow, ...]:
    """Return a study's ethics committees by name. One statement."""
    return tuple(CommitteeRow(**row._mapping) for row in read.rows(_committees(), study=study))  # noqa: SLF001 - SQLAlchemy's documented name


@cache
def _committees() -> sa.Select[Any]:
    own = Committee.TABLE.c
    return (
        sa.select(*(own[each.name] for each in fields(CommitteeRow)))
        .where(own.study == sa.bindparam("study"), ~own.voided)
        .order_by(own.name, own.id)
    )


def submissions(read: Read, *, study: Id) -> tuple[SubmissionRow, ...]:
    """Return a study's submissions by day. One statement."""
    own, body = Submission.TABLE.c, Committee.TABLE.c
    protocol, site = ProtocolVersion.TABLE.c, Site.TABLE.c
    columns = [
        own.id,
        own.version,
        own.committee,
        body.name.label("committee_name"),
        own.kind,
        own.title,
        own.submitted_on,
        own.protocol_version,
        protocol.label.label("protocol"),
        own.site,
        site.number.label("site_number"),
    ]
    query = (
        sa.select(*columns)
        .outerjoin(Committee.TABLE, body.id == own.committee)
        .outerjoin(ProtocolVersion.TABLE, protocol.id == own.protocol_version)
        .outerjoin(Site.TABLE, site.id == own.site)
        .where(own.study == study, ~own.voided)
        .order_by(own.submitted_on, own.id)
    )
    return tuple(SubmissionRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - SQLAlchemy's documented name


def questions(read: Read, *, study: Id) -> tuple[QuestionRow, ...]:
    """Return the committees' questions by day. One statement."""
    own = Question.TABLE.c
    return read.shaped(QuestionRow, Question, own.study == study, ~own.voided, order=(own.asked_on, own.id))


def decisions(read: Read, *, study: Id) -> tuple[DecisionRow, ...]:
    """Return the committees' decisions by day. One statement."""
    own = Decision.TABLE.c
    return read.shaped(DecisionRow, Decision, own.study == study, ~own.voided, order=(own.decided_on, own.id))


def conditions(read: Read, *, study: Id) -> tuple[ConditionRow, ...]:
    """Return the conditions of a study's approvals by the day they are due. One statement."""
    own = Condition.TABLE.c
    order = (own.due_on.is_(None), own.due_on, own.id)
    return read.shaped(ConditionRow, Condition, own.study == study, ~own.voided, order=order)


def institutional_approvals(read: Read, *, study: Id) -> tuple[InstitutionalApprovalRow, ...]:
    """Return the institutions' approvals by day. One statement."""
    own = InstitutionalApproval.TABLE.c
    where = (own.study == study, ~own.voided)
    return read.shaped(InstitutionalApprovalRow, InstitutionalApproval, *where, order=(own.approved_on, own.id))


def rulings(read: Read, *, study: Id) -> tuple[Ruling, ...]:
    """Return the decisions with what they were about, as the rules take them. One statement."""
    return tuple(Ruling(**row._mapping) for row in read.rows(_rulings(), study=study))  # noqa: SLF001 - SQLAlchemy's documented name


@cache
def _rulings() -> sa.Select[Any]:
    own, about = Decision.TABLE.c, Submission.TABLE.c
    columns = [
        own.id.label("decision"),
        own.submission,
        about.committee,
        about.kind,
        own.outcome,
        own.decided_on,
        own.effective_on,
        own.expires_on,
        about.site,
        own.reference,
    ]
    return (
        sa.select(*columns)
        .join(Submission.TABLE, sa.and_(about.id == own.submission, ~about.voided))
        .where(own.study == sa.bindparam("study"), ~own.voided)
    )


def approval_in_force(read: Read, *, study: Id, on: date, site: Id | None = None) -> Approval | None:
    """Return the ethics approval in force on a day, or None: never given, lapsed, suspended or closed.

    With `site`, approvals for the whole study and for that site count; without, those for any site do. Two statements.
    """
    return approval_of(rulings(read, study=study), committees(read, study=study), on, site=site)


def approval_of(
    known: Iterable[Ruling], bodies: Iterable[CommitteeRow], on: date, *, site: Id | None = None
) -> Approval | None:
    """Return the approval in force on a day among rulings already read; see `approval_in_force`."""
    found = rules.in_force(known, on, site=site)
    if found is None:
        return None
    body = next((each for each in bodies if each.id == found.committee), None)
    return Approval(
        decision=found.decision,
        submission=found.submission,
        committee=found.committee,
        committee_name=body.name if body else "",
        kind=found.kind,
        decided_on=found.decided_on,
        effective_on=found.begins,
        expires_on=found.expires_on,
        renewal_due=rules.renewal_due(found.expires_on, body.renewal_days if body else None),
        site=found.site,
        reference=found.reference,
        expires_by=found.expires_by,
    )


def consent_versions(read: Read, *, study: Id) -> tuple[ConsentVersionRow, ...]:
    """Return a study's consent versions by form, language and number. One statement."""
    return with_use(ConsentVersionRow(**row._mapping) for row in read.rows(_consent_versions(), study=study))  # noqa: SLF001 - SQLAlchemy's documented name


@cache
def _consent_versions() -> sa.Select[Any]:
    own, given = ConsentVersion.TABLE.c, Decision.TABLE.c
    approved = sa.case((given.outcome.in_(APPROVED), sa.func.coalesce(given.effective_on, given.decided_on)))
    columns = [
        own.id,
        own.version,
        own.form,
        own.language,
        own.label,
        own.number,
        own.dated_on,
        own.decision,
        sa.type_coerce(approved, given.decided_on.type).label("approved_on"),
        own.effective_on,
        own.withdrawn_on,
        own.mandatory_on,
        own.change_summary,
    ]
    return (
        sa.select(*columns)
        .outerjoin(Decision.TABLE, sa.and_(given.id == own.decision, ~given.voided))
        .where(own.study == sa.bindparam("study"), ~own.voided)
        .order_by(own.form, own.language, own.number, own.id)
    )


def consent_version_in_force(
    read: Read, *, study: Id, on: date, language: str | None = None, form: str = MAIN
) -> ConsentVersionRow | None:
    """Return the consent version that may be used on a day, or None. One statement.

    Without a language, the one that took effect last in any.
    """
    return rules.usable(consent_versions(read, study=study), on, language=language, form=form)


def consent_again(read: Read, *, study: Id, on: date, signed: Iterable[Signed]) -> tuple[Again, ...]:
    """Return which of those who signed must consent again, to what and by when. One statement.

    Whoever knows the consents gives them: they are recorded in a later stage.
    """
    return rules.consent_again(signed, consent_versions(read, study=study), on)


def with_use(versions: Iterable[ConsentVersionRow]) -> tuple[ConsentVersionRow, ...]:
    """Return the versions with the days from and until which each is used."""
    known = tuple(versions)
    return tuple(
        replace(each, used_from=rules.used_from(each), superseded_on=rules.superseded_on(each, known)) for each in known
    )

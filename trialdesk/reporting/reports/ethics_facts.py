"""What the ethics log tells: gathered from submissions, decisions and documents, as of a day if one is asked for."""

from __future__ import annotations

from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.ethics.queries import (
    approval_of,
    committees,
    conditions,
    decisions,
    institutional_approvals,
    questions,
    reviews,
    rulings,
    submissions,
)
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.files_held import Held, files, held, versions_held
from trialdesk.studies.queries import protocol_versions

_ETHICAL = frozenset({"protocol", "brochure", "consent", "recruitment", "approval", "correspondence", "insurance"})
"""Categories of documents that go before a committee or come from it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The approval that took effect last."""

    committee: str
    reference: str | None
    from_: date
    expires_on: date | None
    renewal_due: date | None
    expires_by: str | None = None
    """The reference of the earlier decision that set the expiry, where it is another."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission; `number` counts them by day, `site` is None for the whole study."""

    number: int
    committee: str
    kind: str
    title: str
    submitted_on: date
    protocol: str | None
    site: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the submission of that number."""

    submission: int
    asked_on: date
    question: str
    answered_on: date | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on the submission of that number."""

    submission: int
    decided_on: date
    outcome: str
    effective_on: date | None
    expires_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Required:
    """A condition of an approval of the submission of that number."""

    submission: int
    condition: str
    due_on: date | None
    met_on: date | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A scientific review or an institution's approval: by whom, asked when, decided when and how."""

    body: str
    requested_on: date | None
    decided_on: date | None
    outcome: str | None
    expires_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class EthicsLog:
    """The whole log; `standing` None: no approval is in force."""

    standing: Standing | None
    submissions: tuple[Submitted, ...]
    questions: tuple[Asked, ...]
    decisions: tuple[Decided, ...]
    conditions: tuple[Required, ...]
    reviews: tuple[Reviewed, ...]
    institutions: tuple[Reviewed, ...]
    documents: tuple[Held, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - the log is the same on every day
    site: Id | None = None,  # noqa: ARG001 - it is the study's
    as_of: date | None = None,
) -> EthicsLog:
    """Return the log; as of a day, what had happened by then. Fourteen statements.

    Without a day the standing approval is the one in force on the last day on which a decision took effect.
    """
    until = as_of or date.max
    submitted = [row for row in submissions(read, study=study) if row.submitted_on <= until]
    number = {row.id: count for count, row in enumerate(submitted, 1)}
    decided = [row for row in decisions(read, study=study) if row.decided_on <= until and row.submission in number]
    about = {row.id: number[row.submission] for row in decided}
    return EthicsLog(
        standing=standing(read, study=study, as_of=as_of),
        submissions=tuple(
            Submitted(
                number[row.id],
                row.committee_name,
                row.kind,
                row.title,
                row.submitted_on,
                row.protocol,
                row.site_number,
            )
            for row in submitted
        ),
        questions=tuple(
            Asked(
                number[row.submission],
                row.asked_on,
                row.text,
                _by(row.answered_on, until),
                row.answer if _by(row.answered_on, until) else None,
            )
            for row in questions(read, study=study)
            if row.asked_on <= until and row.submission in number
        ),
        decisions=tuple(
            Decided(about[row.id], row.decided_on, row.outcome, row.effective_on, row.expires_on, row.reference)
            for row in decided
        ),
        conditions=tuple(
            Required(about[row.decision], row.text, row.due_on, _by(row.met_on, until))
            for row in conditions(read, study=study)
            if row.decision in about
        ),
        reviews=tuple(
            Reviewed(
                row.body,
                row.requested_on,
                _by(row.decided_on, until),
                row.outcome if _by(row.decided_on, until) else None,
                None,
                row.remarks if _by(row.decided_on, until) else None,
            )
            for row in reviews(read, study=study)
            if (row.requested_on or row.decided_on or date.min) <= until
        ),
        institutions=tuple(
            Reviewed(row.institution, None, row.approved_on, "approved", row.expires_on, row.reference)
            for row in institutional_approvals(read, study=study)
            if row.approved_on <= until
        ),
        documents=_documents(read, study, until),
    )


def _documents(read: Read, study: Id, until: date) -> tuple[Held, ...]:
    """Return the versions of the protocol, with their files where there are, and the other files."""
    filed = files(read, study=study, until=until)
    protocol = [row for row in protocol_versions(read, study=study) if row.dated_on <= until]
    versions, taken = versions_held(filed, protocol=protocol)
    rest = [each for each in filed if each.category in _ETHICAL and each.sha256 not in taken]
    return (*versions, *map(held, rest))


def standing(read: Read, *, study: Id, as_of: date | None = None) -> Standing | None:
    """Return the approval in force as of a day, else on the last day on which a decision took effect."""
    known = [each for each in rulings(read, study=study) if as_of is None or each.decided_on <= as_of]
    day = as_of or max((each.begins for each in known), default=None)
    found = approval_of(known, committees(read, study=study), day) if day else None
    if found is None:
        return None
    return Standing(
        found.committee_name, found.reference, found.effective_on, found.expires_on, found.renewal_due, found.expires_by
    )


def _by(day: date | None, until: date) -> date | None:
    return day if day is not None and day <= until else None

"""What changed in a study within a period: approvals, versions of protocol and forms, and who came or went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.ethics.queries import SubmissionRow, approval_of, committees, consent_versions
from trialdesk.ethics.rules import Ruling
from trialdesk.people.queries import delegations
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.ethics_facts import Standing
from trialdesk.studies.queries import protocol_versions


@dataclass(frozen=True, slots=True)
class Changed:
    """A version of the protocol or of a form new in the period; `form` is empty for the protocol.

    `approved_on` is from when a committee's approval of it holds.
    """

    form: str
    language: str
    label: str
    dated_on: date
    approved_on: date | None
    effective_on: date | None
    what: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody who came or went in the period. `ends_on` is None for who had not gone by its end."""

    name: str
    role: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment approved under the approval in force, which keeps its own reference and expiry."""

    reference: str | None
    from_: date


@dataclass(frozen=True, slots=True)
class Span:
    """From which day to which is told. `begins` None: all up to then. With `after`, that day itself is before it."""

    begins: date | None
    until: date
    after: bool = False

    def has(self, on: date | None) -> bool:
        """Say whether a day lies in it."""
        if on is None or on > self.until:
            return False
        if self.begins is None:
            return True
        return on > self.begins if self.after else on >= self.begins

    def opened(self, on: date | None) -> bool:
        """Say whether it was opened by what was approved on a day, which is no change within it."""
        return self.after and on is not None and on == self.begins


def approval_held(
    read: Read, *, study: Id, rulings: Sequence[Ruling], as_of: date | None
) -> tuple[Standing | None, tuple[Amended, ...]]:
    """Return the approval the study stands on, with its own reference and expiry, and what was amended under it.

    As of a day, else of the last day on which a decision took effect. One statement.
    """
    known = [each for each in rulings if as_of is None or each.decided_on <= as_of]
    day = as_of or max((each.begins for each in known), default=None)
    found = approval_of(known, committees(read, study=study), day) if day else None
    if found is None or day is None:
        return None, ()
    under = sorted(
        (each for each in known if each.approves and each.site == found.site and each.begins <= found.effective_on),
        key=lambda each: (each.begins, each.decided_on, each.decision),
    )
    # An amendment that names no expiry keeps the approval running before it: that one has the reference and the expiry.
    own = next(each for each in reversed(under) if each.kind != "amendment" or each.expires_on is not None)
    amended = under[under.index(own) + 1 :]
    return (
        Standing(
            found.committee_name,
            own.reference,
            own.begins,
            found.expires_on,
            found.renewal_due,
            found.expires_by if found.expires_by != own.reference else None,
        ),
        tuple(Amended(each.reference, each.begins) for each in amended),
    )


def versions_changed(
    read: Read, *, study: Id, span: Span, rulings: Iterable[Ruling], submitted: Iterable[SubmissionRow]
) -> tuple[Changed, ...]:
    """Return the versions approved or put into use in the period, or made in it while neither is recorded. Bounded.

    What is put into use under the approval that opened the period is no change since.
    """
    about = {each.id: each.protocol_version for each in submitted if each.protocol_version}
    approved: dict[Id, date] = {}
    for each in sorted(rulings, key=lambda each: each.begins, reverse=True):
        if each.approves and each.submission in about:
            approved[about[each.submission] or ""] = each.begins
    protocol = [
        Changed("", "", each.label, each.dated_on, approved.get(each.id), each.effective_on, each.change_summary)
        for each in protocol_versions(read, study=study)
    ]
    forms = [
        Changed(
            each.form,
            each.language,
            each.label,
            each.dated_on,
            each.approved_on,
            each.effective_on,
            each.change_summary,
        )
        for each in consent_versions(read, study=study)
    ]
    return tuple(told for each in (*protocol, *forms) if (told := _changed(each, span)))


def moved(read: Read, *, study: Id, span: Span) -> tuple[Moved, ...]:
    """Return who joined or left the team in the period. Bounded statements."""
    return tuple(
        Moved(
            each.name,
            each.role,
            each.starts_on,
            each.ends_on if each.ends_on and each.ends_on <= span.until else None,
        )
        for each in delegations(read, study=study)
        if span.has(each.starts_on) or span.has(each.ends_on)
    )


def _changed(version: Changed, span: Span) -> Changed | None:
    """Return a version as it stood at the end of the period, None where it was not new in it."""
    approved, used = (day if day and day <= span.until else None for day in (version.approved_on, version.effective_on))
    if approved is None and used is None:
        new = span.has(version.dated_on)
    else:
        new = not span.opened(approved) and (span.has(approved) or span.has(used))
    if not new:
        return None
    return Changed(
        version.form, version.language, version.label, version.dated_on, approved, version.effective_on, version.what
    )

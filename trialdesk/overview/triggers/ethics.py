"""What ethics committees and institutions set off: approvals that end, questions, conditions, consents to renew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Consent, Disposition, Participant
from trialdesk.ethics.records import (
    Committee,
    Condition,
    ConsentVersion,
    Decision,
    InstitutionalApproval,
    Question,
    Submission,
)
from trialdesk.ethics.rules import APPROVED, Ruling, Signed, consent_again, in_force, renewal_due
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.reading import Read


def approvals(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the approvals in force or lapsed: their end, the day to ask for renewal, and their first day. 3 statements.

    Each site with an approval of its own is told apart from the study as a whole.
    """
    body, asked = Committee.TABLE.c, Submission.TABLE.c
    notice = {
        row.id: row for row in read.rows(sa.select(body.id, body.name, body.renewal_days).where(scope.of(body.study)))
    }
    renewals: dict[tuple[Id, Id | None], list[date]] = {}
    query = sa.select(asked.study, asked.site, asked.submitted_on).where(
        scope.of(asked.study), asked.kind == "renewal", ~asked.voided
    )
    for row in read.rows(query):
        renewals.setdefault((row.study, row.site), []).append(row.submitted_on)
    for (study, site), known in rulings_by_place(read, scope).items():
        asked_on = renewals.get((study, site), [])
        first = min((each for each in known if each.approves), key=lambda each: each.begins, default=None)
        if first is not None and first.begins <= scope.on and not _closed(known, scope.on):
            committee = notice.get(first.committee)
            yield scope.started(
                "approval_given",
                study,
                first.decision,
                name=first.reference or (committee.name if committee else ""),
                day=first.begins,
                site=site,
                done=tuple(asked_on),
                focus=first.decision,
            )
        last = _last(known, scope.on)
        if last is None or last.expires_on is None:
            continue
        committee = notice.get(last.committee)
        due = renewal_due(last.expires_on, committee.renewal_days if committee else None)
        for trigger, day, done in (
            ("renewal_due", due, [each for each in asked_on if each > last.begins]),
            ("approval_ends", last.expires_on, [each.decided_on for each in known if _follows(each, last)]),
        ):
            yield scope.started(
                trigger,
                study,
                last.decision,
                name=last.reference or (committee.name if committee else ""),
                day=day or last.expires_on,
                site=site,
                done=tuple(done),
                focus=last.decision,
            )


def institutions(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield each institution's last approval, where it expires. One statement."""
    own = InstitutionalApproval.TABLE.c
    query = (
        sa.select(own.id, own.study, own.institution, own.expires_on)
        .where(scope.of(own.study), ~own.voided)
        .order_by(own.approved_on, own.id)
    )
    last = {(row.study, row.institution): row for row in read.rows(query)}
    for row in last.values():
        if row.expires_on is not None:
            yield scope.started(
                "institution_ends", row.study, row.id, name=row.institution, day=row.expires_on, focus=row.id
            )


def conditions(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the conditions of approvals that name a day. One statement."""
    own = Condition.TABLE.c
    query = sa.select(own.id, own.study, own.text, own.due_on, own.met_on).where(
        scope.of(own.study), ~own.voided, own.due_on.is_not(None)
    )
    for row in read.rows(query):
        yield scope.started(
            "condition_due", row.study, row.id, name=row.text, day=row.due_on, done=_days(row.met_on), focus=row.id
        )


def questions(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the committees' questions. One statement."""
    own = Question.TABLE.c
    query = sa.select(own.id, own.study, own.text, own.asked_on, own.answered_on).where(
        scope.of(own.study), ~own.voided
    )
    for row in read.rows(query):
        yield scope.started(
            "question_asked",
            row.study,
            row.id,
            name=row.text,
            day=row.asked_on,
            done=_days(row.answered_on),
            focus=row.id,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A consent version as the rules of consent take it."""

    id: Id
    study: Id
    form: str
    language: str
    label: str
    number: int
    approved_on: date | None
    effective_on: date | None
    withdrawn_on: date | None
    mandatory_on: date | None


def versions_by_id(read: Read, scope: Scope) -> dict[Id, Version]:
    """Return the consent versions, as the rules of consent take them. One statement."""
    own, given = ConsentVersion.TABLE.c, Decision.TABLE.c
    approved = sa.case((given.outcome.in_(APPROVED), sa.func.coalesce(given.effective_on, given.decided_on)))
    columns: list[Any] = [own[name] for name in ("id", "study", "form", "language", "label", "number")]
    columns += [sa.type_coerce(approved, given.decided_on.type).label("approved_on")]
    columns += [own.effective_on, own.withdrawn_on, own.mandatory_on]
    query = (
        sa.select(*columns)
        .outerjoin(Decision.TABLE, sa.and_(given.id == own.decision, ~given.voided))
        .where(scope.of(own.study), ~own.voided)
    )
    return {row.id: Version(**row._mapping) for row in read.rows(query)}  # noqa: SLF001 - SQLAlchemy's documented name


def consents_to_renew(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield who is in the study and has still to sign a later consent version. Three statements at most."""
    versions = versions_by_id(read, scope)
    if not any(each.mandatory_on for each in versions.values()):
        return
    consent, person, ending = Consent.TABLE.c, Participant.TABLE.c, Disposition.TABLE.c
    left = sa.select(ending.participant).where(ending.category == "event", ending.reason.is_not(None), ~ending.voided)
    rows = read.rows(
        sa.select(consent.participant, consent.consent_version, consent.consented_on).where(
            scope.of(consent.study), ~consent.voided, consent.participant.not_in(left)
        )
    )
    signed = [Signed(row.participant, row.consent_version, row.consented_on) for row in rows]
    due = consent_again(signed, versions.values(), scope.on)
    if not due:
        return
    people = {
        row.id: row
        for row in read.rows(
            sa.select(person.id, person.study, person.site, person.identifier).where(
                scope.of(person.study), ~person.voided
            )
        )
    }
    for each in due:
        who = people.get(each.participant)
        if who is not None:
            yield scope.started(
                "reconsent_due",
                who.study,
                f"{who.id}{each.version}",
                name=versions[each.version].label,
                day=each.by,
                site=who.site,
                whose=who.identifier,
                focus=who.id,
            )


def rulings_by_place(read: Read, scope: Scope) -> dict[tuple[Id, Id | None], list[Ruling]]:
    """Return the committees' decisions by study and the site they are for. One statement."""
    own, about = Decision.TABLE.c, Submission.TABLE.c
    query = (
        sa.select(
            own.study,
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
        )
        .join(Submission.TABLE, sa.and_(about.id == own.submission, ~about.voided))
        .where(scope.of(own.study), ~own.voided)
    )
    found: dict[tuple[Id, Id | None], list[Ruling]] = {}
    for row in read.rows(query):
        values = dict(row._mapping)  # noqa: SLF001 - as above
        found.setdefault((values.pop("study"), row.site), []).append(Ruling(**values))
    return found


def _last(known: list[Ruling], on: date) -> Ruling | None:
    """Return the approval in force, or the one that lapsed last; None where approval was ended or never given."""
    if _closed(known, on):
        return None
    ends = sorted({each.expires_on for each in known if each.expires_on and each.expires_on < on}, reverse=True)
    return next((found for day in (on, *ends) if (found := in_force(known, day)) is not None), None)


def _closed(known: Iterable[Ruling], on: date) -> bool:
    """Say whether the last decision that had effect ended the approval."""
    effective = [each for each in known if each.begins <= on and (each.ends or each.approves)]
    last = max(effective, key=lambda each: (each.begins, each.decided_on, each.ends), default=None)
    return last is not None and last.ends


def _follows(each: Ruling, last: Ruling) -> bool:
    """Say whether an approval that has still to take effect follows one without a gap."""
    return (
        each.approves
        and last.expires_on is not None
        and last.begins < each.begins
        and (each.begins - last.expires_on).days <= 1
        and (each.expires_on is None or each.expires_on > last.expires_on)
        and each.kind != "amendment"
    )


def _days(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)

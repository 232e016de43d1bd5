"""What a study's closure report tells, gathered from every stage (ICH E6(R3) 2.13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts
from trialdesk.enrollment.queries import ParticipantRow, consort, ground_of, participants
from trialdesk.enrollment.records import Visit
from trialdesk.enrollment.rules import Flow, SafetyCounts
from trialdesk.ethics.queries import committees, decisions, submissions
from trialdesk.overview.closing import still_open
from trialdesk.overview.progress import IN, recruited
from trialdesk.overview.rules.recruitment import Curve
from trialdesk.payments.queries import InvoiceRow, invoices
from trialdesk.payments.records import Entry, Receipt
from trialdesk.people.signing import signatures
from trialdesk.persistence.reading import Read
from trialdesk.safety.queries import safety_summary
from trialdesk.safety.records import AdverseEvent, Deviation, ExpeditedReport
from trialdesk.studies.queries import StudyRow, protocol_versions
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import CloseOut, Registration
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class About:
    """What the study set out to do."""

    title: str | None
    protocol_number: str | None
    registry_number: str | None
    phase: str | None
    indication: str | None
    sponsor: str | None
    objective: str | None
    design: str | None
    planned: int | None


@dataclass(frozen=True, slots=True)
class Times:
    """When what happened, as precisely as it was recorded."""

    started: PartialDate | None
    first_consent: PartialDate | None
    first_in: PartialDate | None
    last_visit: PartialDate | None
    ended: PartialDate | None
    data_locked: date | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the protocol."""

    label: str
    dated_on: date
    effective_on: date | None
    substantial: bool | None
    changed: str | None


@dataclass(frozen=True, slots=True)
class Serious:
    """How many serious events there were, how many went to the sponsor, and by recipient how many expedited reports."""

    events: int
    reported: int
    expedited: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Departures:
    """Deviations of one category: how many, how many of them important, how many not assessed."""

    category: str
    count: int
    important: int
    unassessed: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """A committee's decision."""

    committee: str
    kind: str
    outcome: str
    decided_on: date
    expires_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a registry was told."""

    registry: str
    purpose: str
    submitted_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """The money of a contract, in minor units: posted as earned, invoiced, received, and still owed."""

    number: str
    direction: str
    currency: str
    earned: int
    invoiced: int
    received: int
    owed: int


@dataclass(frozen=True, slots=True)
class SignedBy:
    """A signature under the close-out; `stands` is False once the close-out was changed since."""

    name: str
    meaning: str
    signed_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The close-out: where the records are, who answers for them, until when; and what became of the rest."""

    archive: str
    custodian: str
    retained_until: date
    samples: str | None
    publication: str | None
    outcome: str | None
    grounds: str | None
    open_points: str | None
    reopened_on: date | None
    signatures: tuple[SignedBy, ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """The whole report. `kept` is None while the study is not closed; `open` then says what is in the way."""

    about: About
    times: Times
    versions: tuple[Version, ...]
    flow: Flow
    curve: Curve
    safety: Mapping[str, SafetyCounts]
    serious: Serious
    deviations: tuple[Departures, ...]
    decisions: tuple[Ruled, ...]
    registries: tuple[Told, ...]
    accounts: tuple[Account, ...]
    kept: Kept | None
    open: Mapping[str, int]


def closure(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Closure:
    """Return what the closure report tells. A bounded number of statements.

    It is of the whole study and of all time: `site` and `as_of` restrict nothing. The same records tell the same on
    any day; `on` decides alone what the reader may see.
    """
    del site, as_of
    row = study_row(read, study=study)
    ground = ground_of(read, study=study, on=on)
    people = participants(read, study=study, on=on, ground=ground)
    billed = invoices(read, study=study)
    out = _close_out(read, study)
    # Nobody knows who will be allocated after what is recorded: the curve ends there, and so does what was planned.
    until = (last_known(read, study) or (None, on))[1]
    return Closure(
        about=About(
            row.title,
            row.protocol_number,
            row.registry_number,
            row.phase,
            row.indication,
            row.sponsor,
            row.objective,
            row.design,
            row.planned_participants,
        ),
        times=times_of(read, row, people, out),
        versions=tuple(
            Version(each.label, each.dated_on, each.effective_on, each.substantial, each.change_summary)
            for each in protocol_versions(read, study=study)
        ),
        flow=consort(read, study=study, on=on, ground=ground),
        curve=recruited(read, row, people, until),
        safety=safety_summary(read, study=study, on=on, ground=ground, known=people),
        serious=serious(read, study=study),
        deviations=_deviations(read, study),
        decisions=_decisions(read, study),
        registries=tuple(
            Told(each.registry, each.purpose, each.submitted_on, each.reference)
            for each in read.rows(
                _of(Registration, study).order_by(Registration.TABLE.c.submitted_on, Registration.TABLE.c.id)
            )
        ),
        accounts=_accounts(read, study, billed),
        kept=_kept(read, study, out) if out is not None else None,
        open={point.code: point.count for point in still_open(read, study=study, on=on, known=people, billed=billed)},
    )


def times_of(read: Read, row: StudyRow, people: Iterable[ParticipantRow], out: Any = None) -> Times:
    """Return when what of a study happened; of its end what the close-out `out` says. One statement."""
    own, study = Visit.TABLE.c, row.id
    people = tuple(people)
    return Times(
        started=row.started,
        first_consent=min((each.consented_on for each in people if each.consented_on), default=None),
        first_in=min((e.reference_start for e in people if e.state in IN and e.reference_start), default=None),
        last_visit=read.value(
            sa.select(sa.func.max(own.started_on)).where(own.study == study, own.happened, ~own.voided)
        ),
        ended=row.ended,
        data_locked=out.data_locked_on if out is not None else None,
        closed=out.closed_on if out is not None and out.reopened_on is None else None,
    )


def serious(read: Read, *, study: Id) -> Serious:
    """Return how many serious events and expedited reports there are. Two statements."""
    own, told = AdverseEvent.TABLE.c, ExpeditedReport.TABLE.c
    rows = read.rows(sa.select(own.reported_at).where(own.study == study, ~own.voided, own.serious))
    sent = Counter(
        row.recipient for row in read.rows(sa.select(told.recipient).where(told.study == study, ~told.voided))
    )
    return Serious(len(rows), sum(row.reported_at is not None for row in rows), dict(sorted(sent.items())))


def _deviations(read: Read, study: Id) -> tuple[Departures, ...]:
    own = Deviation.TABLE.c
    rows = read.rows(sa.select(own.category, own.important, own.assessed_on).where(own.study == study, ~own.voided))
    found = Counter(row.category for row in rows)
    return tuple(
        Departures(
            category,
            count,
            sum(bool(row.important) for row in rows if row.category == category),
            sum(row.assessed_on is None for row in rows if row.category == category),
        )
        for category, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    )


def _decisions(read: Read, study: Id) -> tuple[Ruled, ...]:
    names = {row.id: row.name for row in committees(read, study=study)}
    asked = {row.id: row for row in submissions(read, study=study)}
    return tuple(
        Ruled(
            names.get(asked[each.submission].committee, ""),
            asked[each.submission].kind,
            each.outcome,
            each.decided_on,
            each.expires_on,
            each.reference,
        )
        for each in decisions(read, study=study)
        if each.submission in asked
    )


def _accounts(read: Read, study: Id, billed: Iterable[InvoiceRow]) -> tuple[Account, ...]:
    earned = _sums(read, Entry, study)
    received = _sums(read, Receipt, study)
    asked: Counter[Id] = Counter()
    owed: Counter[Id] = Counter()
    for each in billed:
        asked[each.contract] += each.gross
        owed[each.contract] += each.open
    return tuple(
        Account(
            row.number,
            row.direction,
            row.currency,
            earned.get(row.id, 0),
            asked[row.id],
            received.get(row.id, 0),
            owed[row.id],
        )
        for row in contracts(read, study=study)
    )


def _sums(read: Read, record: type[Any], study: Id) -> dict[Id, int]:
    own = record.TABLE.c
    query = (
        sa.select(own.contract, sa.func.sum(own.amount).label("sum_"))
        .where(own.study == study, ~own.voided)
        .group_by(own.contract)
    )
    return {row.contract: int(row.sum_) for row in read.rows(query)}


def kept(read: Read, *, study: Id) -> Kept | None:
    """Return the close-out made last, None while the study was never closed. Three statements at most."""
    out = _close_out(read, study)
    return _kept(read, study, out) if out is not None else None


def _close_out(read: Read, study: Id) -> Any:
    own = CloseOut.TABLE.c
    return read.first(_of(CloseOut, study).order_by(own.closed_on.desc(), own.id.desc()))


def _kept(read: Read, study: Id, out: Any) -> Kept:
    given = signatures(read, record=CloseOut, study=study, of=[out.id]).get(out.id, ())
    return Kept(
        out.archive,
        out.custodian,
        out.retained_until,
        out.samples,
        out.publication,
        out.outcome,
        out.grounds,
        out.open_points,
        out.reopened_on,
        tuple(SignedBy(each.name, each.meaning, each.signed_at, each.stands) for each in given),
    )


def _of(record: type[Any], study: Id) -> sa.Select[Any]:
    own = record.TABLE.c
    return sa.select(record.TABLE).where(own.study == study, ~own.voided)

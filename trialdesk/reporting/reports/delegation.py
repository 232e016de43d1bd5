"""Delegation of authority, signature and training log (ICH E6(R3) 2.3 and Appendix C): an inspection begins with it.

Whose training holds is judged on the day asked about; without one the log says what was recorded and judges no day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.people.actions.delegations import AUTHORISED, CORRECTED, ENDED
from trialdesk.people.log import signed_delegations
from trialdesk.people.queries import DelegationRow, TrainingRow, delegations, persons, trainings, untrained
from trialdesk.people.rules import GCP, ROLES, TOPICS
from trialdesk.people.signing import SignatureRow
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import moment
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.structure import (
    Block,
    Bullets,
    Column,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed and when, in UTC."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the log, as documents name them."""

    name: str
    initials: str | None
    position: str | None
    institution: str | None
    licence: str | None
    licence_expires_on: date | None


@dataclass(frozen=True, slots=True)
class Delegated:
    """One line of the log. `altered` says that what is shown is no longer what was signed."""

    name: str
    role: str
    tasks: str | None
    starts_on: date
    ends_on: date | None
    authorised: Signed | None
    ended: Signed | None
    late: bool
    awaits_signature: bool
    altered: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """One training record; `expired` is None where no day was asked about."""

    name: str
    topic: str
    title: str | None
    version: str | None
    method: str | None
    trainer: str | None
    completed_on: date
    expires_on: date | None
    evidence: str | None
    expired: bool | None


@dataclass(frozen=True, slots=True)
class DelegationLog:
    """The whole log. `untrained` are those acting on the day asked about without valid training in GCP.

    `unready` are those who were not trained in GCP or in the protocol by the day their first delegation began: who, in
    what, and since when they act.
    """

    members: tuple[Member, ...]
    delegations: tuple[Delegated, ...]
    trainings: tuple[Trained, ...]
    untrained: tuple[str, ...]
    unready: tuple[tuple[str, str, date], ...] = ()


BEFOREHAND = (GCP, "protocol")
"""What whoever acts is trained in before they begin (ICH E6(R3) 2.3.2)."""


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - the document must be the same whenever it is made
    site: Id | None = None,  # noqa: ARG001 - a delegation is of the study
    as_of: date | None = None,
) -> DelegationLog:
    """Return the log; as of a day, what had begun or been completed by then. Six statements."""
    given = [row for row in delegations(read, study=study) if as_of is None or row.starts_on <= as_of]
    done = [row for row in trainings(read, study=study) if as_of is None or row.completed_on <= as_of]
    signed = signed_delegations(read, study=study)
    named = {row.person for row in given} | {row.person for row in done}
    return DelegationLog(
        members=tuple(
            Member(row.name, row.initials, row.position, row.institution, row.licence, row.licence_expires_on)
            for row in persons(read)
            if row.id in named
        ),
        delegations=tuple(_delegated(row, signed.get(row.id, ())) for row in given),
        trainings=tuple(_trained(row, as_of) for row in done),
        untrained=tuple(row.name for row in untrained(read, study=study, on=as_of)) if as_of else (),
        unready=tuple(_unready(given, done)),
    )


def _unready(given: Sequence[DelegationRow], done: Sequence[TrainingRow]) -> Iterator[tuple[str, str, date]]:
    first: dict[Id, DelegationRow] = {}
    for row in sorted(given, key=lambda row: (row.starts_on, row.id)):
        first.setdefault(row.person, row)
    for person, row in sorted(first.items(), key=lambda each: (each[1].name, each[0])):
        for topic in BEFOREHAND:
            if not any(each.person == person and each.topic == topic and each.completed_on <= row.starts_on
                       for each in done):  # fmt: skip
                yield row.name, topic, row.starts_on


def _delegated(row: DelegationRow, signed: tuple[SignatureRow, ...]) -> Delegated:
    def last(*meanings: str) -> Signed | None:
        found = [each for each in signed if each.meaning in meanings]
        return Signed(found[-1].name, found[-1].signed_at) if found else None

    return Delegated(
        row.name,
        row.role,
        row.tasks,
        row.starts_on,
        row.ends_on,
        authorised=last(AUTHORISED, CORRECTED),
        ended=last(ENDED),
        late=row.late,
        awaits_signature=bool(row.awaits_signature),
        altered=bool(signed) and not any(each.stands for each in signed),
    )


def _trained(row: TrainingRow, as_of: date | None) -> Trained:
    return Trained(
        row.name,
        row.topic,
        row.title,
        row.version_trained,
        row.method,
        row.trainer,
        row.completed_on,
        row.expires_on,
        row.evidence,
        expired=None if as_of is None else row.expires_on is not None and row.expires_on < as_of,
    )


def compose(log: DelegationLog) -> list[Block]:
    """Return how much is open, then who there is, what is delegated and what was trained, last what is open."""
    open_points = _open_points(log)
    return [
        Landscape(),
        Paragraph(
            _("{people} persons, {delegations} delegations, {trainings} training records.").format(
                people=len(log.members), delegations=len(log.delegations), trainings=len(log.trainings)
            ),
            "lead",
        ),
        *_in_short(log, open_points),
        Heading(1, _("Persons and specimen signatures")),
        _members(log),
        Heading(1, _("Delegation of authority")),
        Paragraph(
            _("A delegation counts from the principal investigator's signature. Signatures are electronic, times UTC."),
            "small",
        ),
        _delegations(log),
        Heading(1, _("Training")),
        _trainings(log),
        *_in_full(open_points),
        Signatures([Signature(_("I delegated these tasks and oversee them"), _("Principal investigator"))]),
    ]


def _in_full(open_points: list[str]) -> list[Block]:
    return [Heading(1, _("Open points")), Bullets(open_points)] if open_points else []


def _in_short(log: DelegationLog, open_points: list[str]) -> list[Block]:
    if open_points:
        count = len(open_points)
        return [Note(n_("{count} point is open.", "{count} points are open.", count).format(count=count))]
    return [Paragraph(_("Every delegation shown was signed for before it began."))] if log.delegations else []


def _open_points(log: DelegationLog) -> list[str]:
    lines = [
        _("{name}, {role}: not signed for, does not count.").format(name=each.name, role=_role(each.role))
        for each in log.delegations
        if each.awaits_signature
    ]
    lines += [
        _("{name}, {role}: signed for after it had begun.").format(name=each.name, role=_role(each.role))
        for each in log.delegations
        if each.late
    ]
    lines += [
        _("{name}, {role}: given before delegations were signed for in this program; there is no signature.").format(
            name=each.name, role=_role(each.role)
        )
        for each in log.delegations
        if not each.awaits_signature and each.authorised is None
    ]
    lines += [
        _("{name}, {role}: changed after it was signed.").format(name=each.name, role=_role(each.role))
        for each in log.delegations
        if each.altered
    ]
    lines += [
        _("{name}: no training in “{topic}” by {day}, when the delegation began.").format(
            name=name, topic=_(dict(TOPICS)[topic]), day=written_day(on)
        )
        for name, topic, on in log.unready
    ]
    lines += [_("{name}: no valid training in good clinical practice.").format(name=name) for name in log.untrained]
    return lines


def _members(log: DelegationLog) -> Table:
    columns = (
        Column(_("Name"), 3, names_row=True),
        Column(_("Initials"), 1),
        Column(_("Position"), 2),
        Column(_("Institution"), 3),
        Column(_("Professional licence"), 3),
        Column(_("Specimen signature"), 3),
    )
    rows = [
        (
            each.name,
            each.initials or _("not recorded"),
            each.position or _("not recorded"),
            each.institution or _("not recorded"),
            _licence(each),
            "",
        )
        for each in log.members
    ]
    return Table(columns, rows, empty=_("Nobody has been delegated or trained."))


def _delegations(log: DelegationLog) -> Table:
    columns = (
        Column(_("Person"), 3, names_row=True),
        Column(_("Role"), 3),
        Column(_("Tasks"), 4),
        Column(_("From"), 2),
        Column(_("Until"), 2),
        Column(_("Authorised"), 4),
        Column(_("End signed"), 4),
    )
    rows = [
        (
            each.name,
            _role(each.role),
            each.tasks or _NOTHING,
            written_day(each.starts_on),
            written_day(each.ends_on) if each.ends_on else _NOTHING,
            _authorised(each),
            _signed(each.ended),
        )
        for each in log.delegations
    ]
    return Table(columns, rows, empty=_("Nothing has been delegated."))


def _trainings(log: DelegationLog) -> Table:
    columns = (
        Column(_("Person"), 3, names_row=True),
        Column(_("Topic"), 3),
        Column(_("Title and version"), 4),
        Column(_("Method and trainer"), 3),
        Column(_("Completed on"), 2),
        Column(_("Holds until"), 2),
        Column(_("Evidence"), 3),
    )
    topics = dict(TOPICS)
    rows = [
        (
            each.name,
            _(topics.get(each.topic, each.topic)),
            _joined(each.title, each.version),
            _joined(each.method, each.trainer),
            written_day(each.completed_on),
            _held(each),
            each.evidence or _NOTHING,
        )
        for each in log.trainings
    ]
    return Table(columns, rows, empty=_("No training has been recorded."))


_NOTHING = "–"


def _role(code: str) -> str:
    return _(dict(ROLES).get(code, code))


def _authorised(each: Delegated) -> str:
    """Say who signed for a line; what was signed and is no longer shown has nobody's signature."""
    if each.altered:
        return _("superseded: awaits a new signature")
    return _("not yet signed") if each.awaits_signature else _signed(each.authorised)


def _signed(signed: Signed | None) -> str:
    return f"{signed.name}\n{moment(signed.at, 'UTC', seconds=False)}" if signed else _NOTHING


def _licence(member: Member) -> str:
    if member.licence is None:
        return _("not recorded")
    if member.licence_expires_on is None:
        return member.licence
    return _("{licence}, until {day}").format(licence=member.licence, day=written_day(member.licence_expires_on))


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part) or _NOTHING


def _held(training: Trained) -> str:
    if training.expires_on is None:
        return _NOTHING
    day = written_day(training.expires_on)
    return _("{day}, expired").format(day=day) if training.expired else day


REPORT = Report(
    key="delegation",
    title=N_("Delegation, signature and training log"),
    audience="site",
    section="team",
    parameters=(AS_OF,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Who may do what in the study, signed for by the principal investigator, and how each was trained."),
)

"""Evidence of trail and system: who changed what, when and why, old and new; and what keeps it so.

ICH E6(R3) 4.2.2 and 4.3, 21 CFR 11.10(e). Of a study: every change of what had been recorded. Of a participant: every
value, as it was first recorded too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk import __version__
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _, speaking
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import participants
from trialdesk.overview.changes import corrected, participant_changes
from trialdesk.people.queries import accounts, delegations
from trialdesk.people.rules import ROLES
from trialdesk.persistence.catalogue import SCHEMA, Catalogue
from trialdesk.persistence.reading import Read
from trialdesk.persistence.upgrade import head
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.items import Item, listed
from trialdesk.reporting.reports.trail_values import Told, said, told
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Note, Paragraph, Table
from trialdesk.reporting.terms import choice_words
from trialdesk.trail.chain import Followed, followed, kept

MOST = 500
"""So many events are told one by one; a longer trail is taken out with the study's export."""

_AUDIENCES = {"open": N_("all of the study"), "private": N_("who may know names"), "blinded": N_("the unblinded")}


@dataclass(frozen=True, slots=True)
class User:
    """An account that may act in the study, or did. `roles` are codes with the days from and to which they hold."""

    username: str
    name: str
    owner: bool
    active: bool
    roles: tuple[tuple[str, date | None, date | None], ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much the trail knows of a kind of record; `label` is English, marked."""

    label: str
    records: int
    changes: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pack. `participant` is None for the whole study, whose first values are then left out."""

    participant: str | None
    version: str
    revision: str
    schema: int
    streams: tuple[Followed, ...]
    users: tuple[User, ...]
    amounts: tuple[Amount, ...]
    changes: tuple[Told, ...]
    cut: bool


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    catalogue: Catalogue,
    site: Id | None = None,  # noqa: ARG001 - the trail is the study's
    as_of: date | None = None,  # noqa: ARG001 - the position in the trail says what is told
    participant: str | None = None,
) -> Evidence:
    """Return the evidence of a study, or of the participant of that identifier.

    Raises UserError for an identifier there is not. Statements grow with the trail's length alone.
    """
    who = None
    if participant:
        who = next((row.id for row in participants(read, study=study, on=on) if row.identifier == participant), None)
        if who is None:
            raise UserError(
                _("There is no participant “{identifier}” in this study.").format(identifier=participant[:80]),
                remedy=_("Write the study-wide identifier as it stands in the list of participants."),
            )
    # Records are named by their days and codes: the facts are the same whatever language is spoken.
    with speaking("en"):
        changes = (
            participant_changes(read, participant=who, study=study, on=on, catalogue=catalogue, limit=MOST + 1)
            if who
            else corrected(read, study=study, on=on, catalogue=catalogue, limit=MOST + 1)
        )
    events = list(dict.fromkeys(each.id[:32] for each in changes))
    first = set(events[-MOST:])
    return Evidence(
        participant=participant or None,
        version=__version__,
        revision=head(),
        schema=SCHEMA,
        streams=followed(read, study=study),
        users=_users(read, study),
        amounts=tuple(
            Amount(catalogue[each.kind].record.LABEL, each.records, each.changes)
            for each in kept(read, study=study)
            if each.kind in catalogue
        ),
        changes=tuple(told(each) for each in changes if each.id[:32] in first),
        cut=len(events) > MOST,
    )


def _users(read: Read, study: Id) -> tuple[User, ...]:
    held = delegations(read, study=study)
    return tuple(
        User(
            row.username,
            row.name,
            row.owner,
            row.active,
            tuple((each.role, each.starts_on, each.ends_on) for each in held if each.person == row.person),
        )
        for row in accounts(read)
        if row.owner or any(each.person == row.person for each in held)
    )


def compose(pack: Evidence) -> list[Block]:
    """Return whether the chain holds, the system, who may act, how much there is, and the changes one by one."""
    broken = [each for each in pack.streams if each.broken_at is not None]
    events = sum(each.events for each in pack.streams)
    return [
        Paragraph(
            _("{events} events in {streams} streams were followed from the first; streams broken: {broken}.").format(
                events=events, streams=len(pack.streams), broken=len(broken)
            ),
            "lead",
        ),
        *([Note(_broken(broken), _("The trail was altered"))] if broken else []),
        Heading(1, _("System")),
        listed(_system(pack)),
        Heading(2, _("How the trail is kept")),
        Bullets(
            [
                _("Every act writes who, when, what and why in the transaction that changes the record."),
                _("Each event carries the hash (SHA-256) of the one before it; the database refuses to change or "
                  "delete events."),
                _("A correction keeps the value before it; nothing is deleted, a record is marked as void."),
                _("Names of participants and arms are sealed; the trail shows that they changed, not what they are."),
            ]
        ),
        Heading(1, _("Integrity")),
        _integrity(pack),
        Heading(1, _("Accounts and roles")),
        _accounts(pack),
        Heading(1, _("Records of the study")),
        Table(
            (
                Column(_("Kind of record"), 3, names_row=True),
                Column(_("Records"), 1, "right"),
                Column(_("Changes afterwards"), 1, "right"),
            ),
            [(_(each.label), str(each.records), str(each.changes)) for each in pack.amounts],
        ),
        Landscape(),
        *_trail(pack),
    ]  # fmt: skip


def _broken(streams: list[Followed]) -> str:
    return "\n".join(
        _("{stream}: event {number} does not follow the one before it.").format(
            stream=each.stream[:8], number=each.broken_at
        )
        for each in streams
    )


def _system(pack: Evidence) -> Iterator[Item]:
    yield Item(_("Program"), _("TrialDesk {version}").format(version=pack.version))
    yield Item(_("Revision of the database"), pack.revision)
    yield Item(_("Schema of the records"), str(pack.schema))
    yield Item(_("Time"), _("Coordinated universal time (UTC), to the second"))
    yield Item(
        _("Last verification"), None, why=_("the chain was followed anew for this document, with the result above")
    )
    yield Item(
        _("Copies and their restoring"), None, why=_("a copy is proven when it is made; the desk keeps no log of it")
    )
    yield Item(_("Validation in use"), None, why=_("the site's own validation is kept in its file"))


def _integrity(pack: Evidence) -> Table:
    return Table(
        (
            Column(_("Stream"), names_row=True),
            Column(_("Of")),
            Column(_("Seen by")),
            Column(_("Epoch of the desk"), 0, "right"),
            Column(_("Events"), 0, "right"),
            Column(_("Hash of the last event")),
            Column(_("Whole")),
        ),
        [
            (
                each.stream[:8],
                _("the study") if each.of_study else _("the directory"),
                _(_AUDIENCES.get(each.audience, each.audience)),
                str(each.epoch),
                str(each.events),
                f"{each.last_hash[:16]}…",
                yes_no(each.broken_at is None),
            )
            for each in pack.streams
        ],
    )


def _accounts(pack: Evidence) -> Table:
    rows = []
    for each in pack.users:
        held = [_role(*role) for role in each.roles]
        if each.owner:
            held.insert(0, _("Owner of the desk"))
        rows.append((each.username, each.name, yes_no(each.active), "\n".join(held) or NOTHING))
    return Table(
        (
            Column(_("Account"), names_row=True),
            Column(_("Name"), 1),
            Column(_("Account in use")),
            Column(_("Roles"), 3),
        ),
        rows,
    )


def _role(code: str, starts: date | None, ends: date | None) -> str:
    said_ = choice_words(ROLES, code)
    if ends:
        return _("{role}, {first} to {last}").format(role=said_, first=day(starts), last=day(ends))
    return _("{role}, since {first}").format(role=said_, first=day(starts))


def _trail(pack: Evidence) -> Iterator[Block]:
    if pack.participant:
        yield Heading(1, _("Trail of participant {identifier}").format(identifier=pack.participant))
    else:
        yield Heading(1, _("Changes of what had been recorded"))
    if pack.cut:
        yield Note(_("The trail is longer: these are its newest {count} events.").format(count=MOST))
    yield Table(
        (
            Column(_("When (UTC)")),
            Column(_("Who"), 1),
            Column(_("Record"), 1.6, names_row=True),
            Column(_("Field"), 1.2),
            Column(_("Before"), 1.6),
            Column(_("After"), 1.6),
            Column(_("Why"), 1.6),
        ),
        [
            (
                f"{day(each.at.date())} {each.at:%H:%M:%S}",
                each.who or NOTHING,
                f"{_(each.label)} {each.name}".rstrip(),
                _(each.field),
                said(each.old),
                said(each.new),
                each.reason or NOTHING,
            )
            for each in pack.changes
        ],
        empty=_("Nothing that had been recorded was changed."),
    )


PERSON = Field(
    "text", N_("Participant"), name="participant", help=N_("Every value of one participant; empty for the whole study.")
)

REPORT = Report(
    key="evidence",
    title=N_("Evidence of trail and system"),
    audience="regulator",
    section="file",
    parameters=(PERSON,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Who changed what, when and why, old and new; and the system that keeps it: chain, accounts, roles."),
    tells_day=True,
    of_trail=True,
)

"""What a register asks for, each answered from one snapshot of the desk: list, detail, form, history, who signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from trialdesk.application import CATALOGUE, LABELS, Application
from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.editors import Options
from trialdesk.documents.queries import DocumentRow, documents
from trialdesk.overview.changes import Change, hidden_kinds, record_changes
from trialdesk.overview.recorded import Recorded, recorded
from trialdesk.overview.register import Line, choices, lines
from trialdesk.people.acting import Action
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.signing import SignatureRow, signatures
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import study as study_row

LONGEST = 90
"""Characters of a choice: who needs more looks at the record."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A register's rows, the roles the account holds, and since when the study is closed."""

    rows: tuple[Any, ...]
    held: frozenset[str]
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """One record with what its detail shows: `row` as the list has it, and the rows of each register that follows.

    `attached` are the documents that evidence it, where it is `evidenced` by documents at all.
    """

    register: Register
    line: Line
    row: Any
    follows: tuple[tuple[Register, tuple[Any, ...]], ...]
    signed: tuple[SignatureRow, ...]
    held: frozenset[str]
    closed_on: date | None = None
    attached: tuple[DocumentRow, ...] = ()
    evidenced: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """A record as it is now, and the change that made it so."""

    now: Recorded
    last: Change | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form needs: what its fields may be, the record as it stands where there is one, what would be signed.

    `known` is what of a new record is known already, by field.
    """

    options: Mapping[str, Options]
    now: Recorded | None
    signed: tuple[tuple[str, str], ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is about to sign, and whether the desk was locked since they last did: then the session begins `anew`."""

    name: str
    username: str
    anew: bool


def listed(read: Read, *, register: Register, study: Id | None, on: date) -> Listed:
    """Return a register's rows and what the account may do. A bounded number of statements."""
    _bring_acts()
    return Listed(_rows(read, register, study, on), roles(read, study=study, on=on), _closed_on(read, study))


def whole(read: Read, *, register: Register, record_id: Id, study: Id | None, on: date) -> Whole | None:
    """Return one record with what follows it, None where it is not here. A bounded number of statements."""
    _bring_acts()
    hidden = hidden_kinds(read, study, on, CATALOGUE)
    found = lines(read, kind=register.kind, study=study, on=on, catalogue=CATALOGUE, only=record_id, hidden=hidden)
    if not found or found[0].voided:
        return None
    # A query of the stage answers all rows or none; the record alone is enough where there is no such query.
    known = _rows(read, register, study, on) if register.rows else found
    row = next((each for each in known if each.id == record_id), found[0])
    signed = signatures(read, record=CATALOGUE[register.kind].record, study=study, of=[record_id]) if study else {}
    return Whole(
        register=register,
        line=found[0],
        row=row,
        follows=tuple(
            (each, _following(read, each, found[0], study=study, on=on, hidden=hidden)) for each in register.follows
        ),
        signed=signed.get(record_id, ()),
        held=roles(read, study=study, on=on),
        closed_on=_closed_on(read, study),
        attached=documents(read, study=study, about=record_id) if study and _evidenced(register.kind) else (),
        evidenced=study is not None and _evidenced(register.kind),
    )


def asked(read: Read, *, register: Register, action: Action, subject: Line | None, study: Id | None, on: date) -> Asked:
    """Return what the form of an act needs. A bounded number of statements for each field that links."""
    asks = {field.name for field in action.asks} | ({action.subject} if action.about and subject is None else set())
    own = {
        name: choose(read, study=study, on=on, subject=subject)
        for name, choose in register.options.items()
        if name in asks
    }
    links = {field.name: field.link for field in action.asks if field.link and field.name not in own}
    if action.about and subject is None and action.subject not in own:
        links[action.subject] = action.about
    found = choices(read, kinds=links.values(), study=study, on=on, catalogue=CATALOGUE)
    options = {name: _options(found.get(kind, ()), subject) for name, kind in links.items()}
    within = subject is not None and subject.kind == action.about
    now = recorded(read, kind=subject.kind, record=subject.id, catalogue=CATALOGUE) if subject and within else None
    signed = vouched(read, register=register, action=action, subject=subject, study=study) if subject else ()
    known = register.knows(read, study=study, subject=subject) if register.knows and not action.edit else {}
    return Asked({**options, **own}, now, signed, known)


def vouched(
    read: Read, *, register: Register, action: Action, subject: Line, study: Id | None
) -> tuple[tuple[str, str], ...]:
    """Return what a signature on an act stands for; nothing of an act without one, or where the register says none."""
    if not action.signs or register.signing is None:
        return ()
    return tuple(register.signing(read, study=study, record=subject.id))


def record(read: Read, *, kind: str, record_id: Id) -> Recorded:
    """Return a record as a form shows it."""
    return recorded(read, kind=kind, record=record_id, catalogue=CATALOGUE)


def stand(read: Read, *, kind: str, record_id: Id, study: Id | None, on: date) -> Stand:
    """Return a record as it is now and who changed it last."""
    told = history(read, record_id=record_id, study=study, on=on)
    return Stand(record(read, kind=kind, record_id=record_id), told[0] if told else None)


def history(read: Read, *, record_id: Id, study: Id | None, on: date) -> tuple[Change, ...]:
    """Return every change of a record, newest first."""
    return record_changes(read, record=record_id, study=study, on=on, catalogue=CATALOGUE)


def signer(application: Application) -> Signer:
    """Return who is signed in, as it is printed. Raises UserError if nobody is."""
    session = application.signed_in()
    return Signer(session.account.name, session.account.username, not session.unbroken)


def _bring_acts() -> None:
    """Import what can be done, beside the window: it asks for that as soon as this is answered."""
    import trialdesk.application.acts  # noqa: F401 - for later


def barred(held: frozenset[str], action: Action) -> str:
    """Return in words why these roles may not do it, nothing where they may."""
    try:
        refuse_unless(held, action.by)
    except NotAllowed as told:
        return str(told)
    return ""


def _evidenced(kind: str) -> bool:
    """Say whether documents may evidence records of a kind: all but documents themselves."""
    return not kind.startswith("documents.")


def _closed_on(read: Read, study: Id | None) -> date | None:
    return study_row(read, study=study).closed_on if study else None


def _rows(read: Read, register: Register, study: Id | None, on: date) -> tuple[Any, ...]:
    if register.rows is not None:
        return register.rows(read, study=study, on=on)
    return lines(read, kind=register.kind, study=study, on=on, catalogue=CATALOGUE)


def _following(
    read: Read, register: Register, of: Line, *, study: Id | None, on: date, hidden: frozenset[str]
) -> tuple[Any, ...]:
    where = {register.link_to(of.kind): of.id}
    mine = lines(read, kind=register.kind, study=study, on=on, catalogue=CATALOGUE, where=where, hidden=hidden)
    if register.rows is None:
        return mine
    ids = {line.id for line in mine}
    return tuple(row for row in _rows(read, register, study, on) if row.id in ids)


def _options(found: tuple[Line, ...], subject: Line | None) -> Options:
    """Return records as choices; where the act is done to a record, those that belong to another one are left out."""
    if subject is not None:
        of = subject.kind.rpartition(".")[2]
        found = tuple(line for line in found if line.values.get(of, subject.id) == subject.id)
    return tuple((line.id, short(line.name or _(LABELS[line.kind]))) for line in found)


def short(words: str) -> str:
    """Return words cut to what a choice or a heading can show."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"

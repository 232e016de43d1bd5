"""Signing in: the password tried, failures counted, a locked account made to wait, all of it in the access log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.errors import Environment, NotAllowed, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people import credentials, lockout
from trialdesk.people.keys import due, settle
from trialdesk.people.queries import AccountRow, account_named
from trialdesk.people.rules import password_weakness
from trialdesk.persistence.database import Database
from trialdesk.persistence.reading import Seen
from trialdesk.persistence.vault import Vault
from trialdesk.trail.access import FAILED, LOCKED, PASSWORD, SIGNED_IN, Note, note


@dataclass(frozen=True, slots=True)
class Proof:
    """What is given to sign with: the password, and the user name too once the session was interrupted."""

    password: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in."""

    account: AccountRow
    keys: credentials.Keys
    vault: Vault
    unbroken: bool = True
    """Whether user name and password were both given since the session began or was interrupted (21 CFR 11.200)."""
    shown: set[Seen] = field(default_factory=set)
    """Whose private values this session has seen: noted once, not with every look."""


def enter(database: Database, username: str, password: str, now: datetime) -> tuple[AccountRow, credentials.Keys]:
    """Return the account and its keys. Raises NotAllowed for a wrong name or password, and while it is locked."""
    with database.read(account=None, vault=Vault()) as read:
        row = account_named(read, username=username.strip())
    if row is None or not row.active:
        tell(database, now, Note(FAILED, row.id if row else None))
        raise credentials.refused()
    keys = prove(database, row.id, password, now)
    tell(database, now, Note(SIGNED_IN, row.id))
    return row, keys


def prove(database: Database, account: Id, password: str, now: datetime) -> credentials.Keys:
    """Return an account's keys for its password. A wrong one is counted; after five the account waits."""
    try:
        with database.reading() as connection:
            failed_before = lockout.has_failures(connection, account)
            lockout.refuse_if_locked(connection, account, now)
            keys = credentials.unlock(connection, account, password)
    except lockout.Locked:
        tell(database, now, Note(LOCKED, account))
        raise
    except NotAllowed:
        _count(database, account, now)
        raise
    if failed_before:
        _write(database, lambda connection: lockout.clear(connection, account))
    return keys


def proven(database: Database, session: Session, given: Proof | str, now: datetime) -> Session:
    """Return the session once the person has proven again who they are, to sign. Raises NotAllowed."""
    proof = Proof(given) if isinstance(given, str) else given
    if not session.unbroken and not proof.username:
        raise NotAllowed(
            _("The desk was locked since you last signed: give your user name and your password."),
            remedy=_("Nothing was recorded yet."),
        )
    if proof.username and proof.username.strip() != session.account.username:
        raise credentials.refused()
    prove(database, session.account.id, proof.password, now)
    return replace(session, unbroken=True)


def change_password(database: Database, session: Session, current: str, new: str, now: datetime) -> None:
    """Seal an account's keys under another password. Raises NotAllowed, UserError for one that is weak or the same."""
    account = session.account.id
    keys = prove(database, account, current, now)
    weak = password_weakness(new, username=session.account.username)
    if weak is not None:
        raise UserError(_(weak), where=_("Password"))
    if new == current:
        raise UserError(_("This is the password you have."), where=_("Password"), remedy=_("Choose another."))
    with database.writing() as connection:
        credentials.keep(connection, account, new, keys, credentials.cost_of(connection, account))
        note(connection, now, Note(PASSWORD, account, None, account))


def hand_on_keys(database: Database, account: Id, vault: Vault, on: date, now: datetime) -> None:
    """Hand on, and take away, what became due since somebody who holds the keys was last here."""
    with database.read(account=account, vault=vault) as read:
        waiting = due(read, on=on)
    if waiting:
        _write(database, lambda connection: settle(connection, waiting, account, now))


def tell(database: Database, now: datetime, *notes: Note) -> bool:
    """Write to the access log in a transaction of its own; False where the desk cannot be written.

    A desk on a disk that is full or read-only can still be looked at: nothing can be recorded there, this no more than
    anything else.
    """
    return _write(database, lambda connection: note(connection, now, *notes))


def _count(database: Database, account: Id, now: datetime) -> None:
    """Count a wrong password. Raises Locked once the account must wait."""

    def fail(connection: sa.Connection) -> None:
        lockout.count_failure(connection, account, now)
        note(connection, now, Note(FAILED, account))

    _write(database, fail)
    with database.reading() as connection:
        lockout.refuse_if_locked(connection, account, now)


def _write(database: Database, write: Callable[[sa.Connection], object]) -> bool:
    try:
        with database.writing() as connection:
            write(connection)
    except Environment:
        return False
    return True

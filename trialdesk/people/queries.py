"""Persons, accounts and delegations to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.people.records import Account, Delegation, Person
from trialdesk.people.rules import PI
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with its person."""

    id: Id
    person: Id
    name: str
    username: str
    owner: bool
    active: bool


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Who may act as what, from when to when (None: without end)."""

    id: Id
    person: Id
    name: str
    role: str
    starts_on: date
    ends_on: date | None


def accounts(read: Read) -> tuple[AccountRow, ...]:
    """Return all accounts by user name. One statement."""
    account, person = Account.TABLE.c, Person.TABLE.c
    query = (
        sa.select(account.id, account.person, person.name, account.username, account.owner, account.active)
        .join(Person.TABLE, person.id == account.person)
        .where(~account.voided)
        .order_by(account.username)
    )
    return tuple(AccountRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - SQLAlchemy's documented name


def account_named(read: Read, *, username: str) -> AccountRow | None:
    """Return the account with a user name, exactly as written, or None. One statement."""
    return next((row for row in accounts(read) if row.username == username), None)


def names_of_accounts(read: Read) -> dict[Id, str]:
    """Return the printed name of every account's person, by account. One statement."""
    account, person = Account.TABLE.c, Person.TABLE.c
    query = sa.select(account.id, person.name).join(Person.TABLE, person.id == account.person)
    return {row.id: row.name for row in read.rows(query)}


def person_of(read: Read, *, account: Id | None) -> Id | None:
    """Return whose account it is, None for one that is not here. One statement."""
    found: Id | None = read.value(sa.select(Account.TABLE.c.person).where(Account.TABLE.c.id == account))
    return found


def delegations(read: Read, *, study: Id) -> tuple[DelegationRow, ...]:
    """Return a study's delegations by beginning. One statement."""
    given, person = Delegation.TABLE.c, Person.TABLE.c
    query = (
        sa.select(given.id, given.person, person.name, given.role, given.starts_on, given.ends_on)
        .join(Person.TABLE, person.id == given.person)
        .where(given.study == study, ~given.voided)
        .order_by(given.starts_on, person.name)
    )
    return tuple(DelegationRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - as above


def principal_investigator(read: Read, *, study: Id, on: date) -> str | None:
    """Return the PI's printed name on a day: from the study's log, else the owner of the desk. Two statements."""
    for row in delegations(read, study=study):
        if row.role == PI and row.starts_on <= on and (row.ends_on is None or on <= row.ends_on):
            return row.name
    return next((row.name for row in accounts(read) if row.owner), None)
